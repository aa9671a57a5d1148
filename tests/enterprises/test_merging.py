"""What hangs on a duplicate enterprise when it is merged: every relation of the database is told of here."""

import datetime as dt

import pghistory.models
import pytest

from accounts.models import Post
from audit.models import Event
from core.actor import SYSTEM
from core.clock import at_local
from core.periods import Period
from enterprises import lifecycle
from enterprises.models import CoverageSpell, EmployeeCount, Enterprise, HonourKind, PairedSpell
from indicators import figures, scopes
from indicators.drain import drain
from mechanisms.models import Obligation, Vacancy
from meetings import lifecycle as meetings
from meetings.models import Activity, ActivityKind, ActivityPeople, ActivityReach, DutyTerm
from problems.models import Instruction, Slip, StateSpan, StepLimit
from services.lifecycle.lists import confirm
from tests import factories as make
from tests.ledgers import makers as ledgers
from tests.lists import makers as lists
from tests.lists import project_makers as projects
from tests.mechanisms.rules import made

pytestmark = pytest.mark.django_db
DAY, ON = dt.date(2025, 3, 3), dt.date(2025, 9, 1)
NOON = at_local(DAY)
# What was true of the duplicate itself until it ended stays with it; what is worked out from other rows is left to
# its engine.
STAYS = {"enterprises.ChainMembership.enterprise", "enterprises.EmployeeCount.enterprise"}
WORKED_OUT = {
    "enterprises.CoverageSpell.enterprise",
    "enterprises.PairedSpell.enterprise",
    "mechanisms.Obligation.enterprise",
    "mechanisms.Vacancy.enterprise",
}


def relations() -> set[str]:
    """app.Model.field of every foreign key to an enterprise; copies of the history are not among them."""
    found = set()
    for one in Enterprise._meta.get_fields(include_hidden=True):
        refers = one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
        if refers and not issubclass(one.related_model, pghistory.models.Event):
            found.add(f"{one.related_model._meta.label}.{one.field.name}")
    return found


def rows_of(world, firm) -> dict:
    """A row of every kind that refers to the enterprise."""
    own, place = world.own, {"region": firm.region}
    committee, branch = own.committees[0], make.PartyOrganisationFactory(region=firm.region, enterprise=firm)
    joint = make.PartyOrganisationFactory(region=firm.region, kind="joint_branch")
    joint.joint_enterprises.add(firm)
    problem = make.ProblemFactory(enterprise=firm)
    step = {"problem": problem, "enterprise": firm, **place}
    activity = Activity.objects.create(
        kind=ActivityKind.objects.filter(counts_as="visit").first(), counts_as="visit", title="走访", starts_at=NOON,
        held_on=DAY, state="done", **place,
    )  # fmt: skip
    done = {"activity": activity, "held_on": DAY, "counts_as": "visit", "state": "done", "enterprise": firm, **place}
    rule = made(own.region)
    version = rule.versions.get()
    demand, offer = lists.demand(firm), lists.resource(own.region)
    entry = ledgers.entry(ledgers.ledger(own.region), enterprise=firm, 事项="停电", 类别="用电")
    actor = {"version": version, "actor_kind": "enterprise", "actor_id": firm.pk, "enterprise": firm, **place}
    return {
        "enterprises.Enterprise.merged_into": make.EnterpriseFactory(region=firm.region, left_on=ON, merged_into=firm),
        "enterprises.ChainMembership.enterprise": firm.memberships.first(),
        "enterprises.EmployeeCount.enterprise": EmployeeCount.objects.create(
            enterprise=firm, employees=9, from_on=DAY, **place
        ),
        "enterprises.CoverageSpell.enterprise": CoverageSpell.objects.create(enterprise=firm, from_on=DAY, **place),
        "enterprises.PairedSpell.enterprise": PairedSpell.objects.create(
            enterprise=firm, side="helped", counts_as="finance", from_on=DAY, **place
        ),
        "enterprises.MassOrganisation.enterprise": make.MassOrganisationFactory(enterprise=firm),
        "enterprises.PartyOrganisation_joint_enterprises.enterprise": joint.joint_enterprises.through.objects.get(
            enterprise=firm
        ),
        "enterprises.PartyOrganisation.enterprise": branch,
        "enterprises.Posting.enterprise": make.PostingFactory(enterprise=firm),
        "enterprises.Facility.enterprise": make.FacilityFactory(enterprise=firm, region=firm.region),
        "enterprises.Honour.enterprise": make.HonourFactory(
            kind=HonourKind.objects.get(code="lighthouse"), organisation=None, enterprise=firm, region=firm.region
        ),
        "enterprises.Pairing.helper_enterprise": make.PairingFactory(
            helper_organisation=None, helper_enterprise=firm, region=firm.region
        ),
        "enterprises.Pairing.helped_enterprise": make.PairingFactory(
            helped_organisation=None, helped_enterprise=firm, region=firm.region
        ),
        "accounts.Post.enterprise": Post.objects.create(
            user=make.UserFactory(), role="branch_secretary", enterprise=firm, started_on=DAY
        ),
        "mechanisms.Obligation.enterprise": Obligation.objects.create(
            mechanism=rule, first_on=DAY, last_on=ON, **actor
        ),
        "mechanisms.Vacancy.enterprise": Vacancy.objects.create(from_on=DAY, **actor),
        "services.Project.enterprise": projects.project(firm),
        "services.CreditRating.enterprise": projects.rating(firm),
        "services.Loan.enterprise": projects.loan(firm),
        "services.SocialCapital.enterprise": projects.capital(firm),
        "services.Demand.enterprise": demand,
        "services.Match.enterprise": confirm(demand, offer, by=SYSTEM),
        "services.Product.enterprise": lists.product(firm),
        "services.TalentNeed.enterprise": lists.need(firm),
        "services.TalentHire.enterprise": lists.hire(firm),
        "problems.Problem.enterprise": problem,
        "problems.StateSpan.enterprise": StateSpan.objects.create(
            state="submitted", started_at=NOON, started_on=DAY, **step
        ),
        "problems.StepLimit.enterprise": StepLimit.objects.create(
            step="accept", started_on=DAY, days=3, due_on=ON, near_on=DAY, **step
        ),
        "problems.Slip.enterprise": Slip.objects.create(
            kind="reminder", number="1", issued_at=NOON, issued_on=DAY, text="请抓紧办理。", answer_due_on=ON, **step
        ),
        "problems.Instruction.enterprise": Instruction.objects.create(
            given_at=NOON, given_on=DAY, text="请专题研究。", **step
        ),
        "meetings.ActivityReach.enterprise": ActivityReach.objects.create(mode="on_site", **done),
        "meetings.ActivityPeople.enterprise": ActivityPeople.objects.create(category="staff", number=3, **done),
        "ledgers.LedgerEntry.enterprise": entry,
        "ledgers.LedgerLimit.enterprise": entry.limits.get(),
        "meetings.DutyTerm.enterprise": DutyTerm.objects.create(
            committee=committee, enterprise=firm, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 3, 31), **place
        ),
    }


def test_a_merger_forgets_no_relation(world):
    duplicate, target = world.own.enterprises[1], world.own.enterprises[2]
    rows = rows_of(world, duplicate)
    assert set(rows) == relations(), "a new relation to an enterprise: say here what a merger does with it"
    lifecycle.merge(duplicate, target, by=SYSTEM, on=ON)
    for name, row in rows.items():
        column = f"{name.rpartition('.')[2]}_id"
        now = type(row)._base_manager.filter(pk=row.pk).values_list(column, flat=True).first()
        if name in WORKED_OUT:
            assert now in (duplicate.pk, None), name
        else:
            assert now == (duplicate if name in STAYS else target).pk, name
    assert not duplicate.memberships.filter(left_on=None).exists()


def test_a_visit_that_lists_both_names_reached_one_enterprise(world):
    """The rows of both become one, people add up, what was collected and said is kept, and the trail has what went."""
    duplicate, target = world.own.enterprises[:2]
    officer = world.actor("county_officer")
    asked = {"enterprise": duplicate, "category": world.category, "title": "饲草短缺", "text": "冬季不够"}
    people = [(duplicate, "staff", 3), (target, "staff", 4), (duplicate, "manager", 2)]
    visit = meetings.save_activity(
        None, by=officer, region=world.own.region, committee=world.own.committees[0],
        kind=ActivityKind.objects.get(region=None, code="visit"), title="走访", starts_at=NOON, text="两个名称是同一家",
        enterprises=[duplicate, target], problems=[asked],
        people=[{"enterprise": firm, "category": what, "number": n} for firm, what, n in people],
    )  # fmt: skip
    gone = visit.reached.get(enterprise=duplicate)
    drain()
    scope, year = scopes.parse(f"region:{world.own.region.code}"), Period.year(DAY.year)
    codes = ["visits", "enterprises_visited", "times_disturbed", "problems_collected_on_visits"]

    def told():
        return [figures.read(codes, scope, year)[code].value for code in codes]

    assert told() == [2, 2, 2, 1]
    lifecycle.merge(duplicate, target, by=officer, on=ON)
    drain()
    assert told() == [1, 1, 1, 1]
    assert [row.enterprise for row in visit.reached.all()] == [target]
    kept = visit.people.order_by("category").values_list("enterprise", "category", "number")
    assert list(kept) == [(target.pk, "manager", 2), (target.pk, "staff", 7)]
    assert (visit.collected.get().problem.enterprise, visit.text) == (target, "两个名称是同一家")
    data = Event.objects.get(verb="enterprise.merged").data
    (went,) = data["joined"]["meetings.activityreach.enterprise"]
    assert (went["id"], went["activity_id"], went["enterprise_id"]) == (gone.pk, visit.pk, duplicate.pk)
    assert [row["number"] for row in data["joined"]["meetings.activitypeople.enterprise"]] == [3]
    assert "meetings.activityreach.enterprise" not in data["moved"] | data["kept"]


@pytest.mark.parametrize(
    ("own", "other", "kept"), [(9, 4, 4), (4, 9, 4), (9, None, 9), (None, 9, 9), (None, None, None)]
)
def test_the_earlier_first_visit_is_carried(world, own, other, kept):
    target, duplicate = world.own.enterprises[1], world.own.enterprises[2]
    for firm, month in ((target, own), (duplicate, other)):
        firm.first_visited_on = dt.date(2024, month, 1) if month else None
        firm.save()
    lifecycle.merge(duplicate, target, by=SYSTEM, on=ON)
    target.refresh_from_db()
    assert target.first_visited_on == (dt.date(2024, kept, 1) if kept else None)
