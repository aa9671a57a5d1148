"""The monthly report as an act of the rule radar."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mechanisms import acts
from mechanisms.acts import Act, Filter
from reports.enums import STANDING, ScopeKind
from reports.models import Report


def register() -> None:
    acts.register(
        Act(
            "reports.report",
            _("生成月度报告"),
            Report,
            on="finished_at",
            base=Q(state__in=sorted(str(s) for s in STANDING)),
            actors={"committee": "committee_id", "region": "region_id"},
            unit=_("份"),
            filters={
                "scope": Filter(
                    _("报告范围"),
                    lambda value, day: Q(scope_kind__in=value),
                    lambda: ScopeKind.choices,
                    columns=("scope_kind",),
                )
            },
            visible=lambda actor: Report.objects.visible_to(actor),
            url=lambda row: row.get_absolute_url(),
            do_url=lambda duty: reverse("reports:list"),
            do_label=_("生成报告"),
        )
    )
