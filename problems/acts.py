"""Problems raised and resolved as acts of the rule radar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mechanisms import acts
from mechanisms.acts import Act
from problems.models import Problem


def register() -> None:
    common = {
        "model": Problem,
        "actors": {"committee": "committee_id", "region": "region_id", "enterprise": "enterprise_id"},
        "unit": _("件"),
        "reaches": {"enterprise": "enterprise_id"},
        "visible": lambda actor: Problem.objects.visible_to(actor),
        "url": lambda row: row.get_absolute_url(),
    }
    acts.register(
        Act(
            "problems.raised",
            _("收集困难问题"),
            on="submitted_on",
            do_url=lambda duty: reverse("problems:create"),
            do_label=_("提问题"),
            **common,
        ),
        Act(
            "problems.resolved",
            _("解决困难问题"),
            on="resolved_on",
            do_url=lambda duty: f"{reverse('problems:list')}?state=open",
            do_label=_("查看在办问题"),
            **common,
        ),
    )
