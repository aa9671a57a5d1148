"""What a person owes by decisions of meetings in a post, for a hand-over (交接)."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import holdings
from accounts.holdings import Holding, Source
from accounts.models import Post
from core.actor import Actor, Role
from meetings.enums import DecisionState
from meetings.models import Decision

MOST = 200


def register() -> None:
    """Tell the accounts app; called once when this app is ready."""
    holdings.register(Source("decision", _decisions))


def _decisions(post: Post, actor: Actor, today: dt.date) -> list[Holding]:
    """Open decisions that the department owes, or that a secretary's committee follows up. They name a unit and
    stay with it; a person named in words is changed on the decision's own page."""
    owed = {
        Role.DEPARTMENT_OFFICER: Q(owner_department_id=post.department_id),
        Role.CHAIN_SECRETARY: Q(committee_id=post.committee_id),
    }.get(post.role)
    if owed is None:
        return []
    rows = Decision.objects.visible_to(actor).filter(owed, state=DecisionState.OPEN)
    return [
        Holding(f"decision:{row.pk}", _("未落实的议定事项"), "", row.text[:120], row.due_on, row.owner_name,
                url=reverse("meetings:decision_detail", args=[row.pk]))
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip
