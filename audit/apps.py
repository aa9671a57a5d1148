from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self):
        """`core` cannot write the trail: what it changes is recorded here."""
        from audit import sentences, trail
        from core import editions

        def calendar_changed(sender, edition, days, by, reason, **kwargs):
            trail.record(
                by, "calendar.changed", days=[day.isoformat() for day in days], reason=reason, edition=edition.number,
                place=edition.place, source=edition.source,
            )  # fmt: skip

        sentences.add({"calendar.changed": _("调整工作日历：{days}，依据：{reason}")})
        editions.changed.connect(calendar_changed, weak=False, dispatch_uid="audit.calendar")
