from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self):
        """`core` cannot write the trail: what it changes is recorded here."""
        from audit import sentences, trail
        from core import workdays

        def calendar_changed(sender, before, after, by, reason, **kwargs):
            days = sorted(day.isoformat() for day in (before.off ^ after.off) | (before.makeup ^ after.makeup))
            trail.record(by, "calendar.changed", days=days, reason=reason)

        sentences.add({"calendar.changed": _("调整工作日历：{days}，依据：{reason}")})
        workdays.changed.connect(calendar_changed, weak=False, dispatch_uid="audit.calendar")
