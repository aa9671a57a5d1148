"""Figures declared for the engine's own tests: one of each kind, over the real tables."""

from django.db.models import Q

from core import units
from enterprises.models import ChainMembership, Enterprise, MemberCount, PartyOrganisation
from indicators import declarations, remember
from indicators.declarations import ByChain, Column, Distinct, Duration, Flow, Ratio, Source, Stock
from problems.models import Problem


def everybody(model):
    return lambda actor: model.objects.visible_to(actor)


PROBLEMS = Source(
    "toy_problems", Problem, "problems", [Column("title", "title"), Column("enterprise", "enterprise__name")],
    everybody(Problem), entity="enterprise_id", base=~Q(urgency="complex"), url=lambda row: f"/problems/{row.pk}/",
    related=("enterprise",),
)  # fmt: skip
ENTERPRISES = Source(
    "toy_enterprises", Enterprise, "enterprises", [Column("name", "name")], everybody(Enterprise),
    chain=None, committee=None, entity="id",
)  # fmt: skip
MEMBERSHIPS = Source(
    "toy_memberships", ChainMembership, "memberships", [Column("name", "enterprise__name")],
    everybody(ChainMembership), entity="enterprise_id",
)  # fmt: skip
COUNTS = Source("toy_counts", MemberCount, "counts", [Column("members", "members")], everybody(MemberCount))
ORGANISATIONS = Source(
    "toy_organisations", PartyOrganisation, "organisations", [Column("name", "name")], everybody(PartyOrganisation),
    entity="enterprise_id",
)  # fmt: skip

TOYS = [
    Flow("toy_raised", "raised", units.GE, source=PROBLEMS, on="submitted_on"),
    Flow("toy_solved", "solved", units.GE, source=PROBLEMS, on="resolved_on", where=Q(outcome="solved")),
    Flow("toy_bounces", "bounces", units.CI, source=PROBLEMS, on="submitted_on", weight="bounces"),
    Stock("toy_open", "open", units.GE, source=PROBLEMS, enters="submitted_on", leaves="ended_on", daily=False),
    Stock("toy_overdue", "overdue", units.GE, source=PROBLEMS, enters="due_on", leaves="ended_on"),
    Distinct("toy_firms", "firms", units.HU, source=PROBLEMS, on="submitted_on", entities=ENTERPRISES),
    Duration("toy_days", "days", units.WORKDAYS, source=PROBLEMS, on="resolved_on", days="handling_days"),
    Ratio("toy_rate", "rate", units.PERCENT, numerator="toy_solved", denominator="toy_raised"),
    Ratio("toy_per_hundred", "per 100", units.NONE, numerator="toy_raised", denominator="toy_member_firms", per=100),
    Stock("toy_members", "members", units.MING, source=COUNTS, enters="from_on", leaves="until_on", weight="members"),
    Stock(
        "toy_member_firms", "member firms", units.JIA, source=ENTERPRISES, enters="joined_on", leaves="left_on",
        by_chain=ByChain(MEMBERSHIPS),
    ),
    Stock("toy_branches", "branches", units.GE, source=ORGANISATIONS, enters="founded_on", leaves="dissolved_on"),
    Flow("toy_never", "never", units.GE, source=PROBLEMS, on="submitted_on", where=Q(pk__in=[])),
]  # fmt: skip
CODES = [one.code for one in TOYS]


def declare():
    """Register them once per process."""
    if TOYS[0].code not in [one.code for one in declarations.indicators()]:
        declarations.register(*TOYS)


def forget():
    for one in TOYS:
        declarations._indicators.pop(one.code, None)
    for source in (PROBLEMS, ENTERPRISES, MEMBERSHIPS, COUNTS, ORGANISATIONS):
        declarations._sources.pop(source.code, None)
    remember.forget()
