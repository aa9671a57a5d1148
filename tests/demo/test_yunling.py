"""The fictional county has everything that people want to try, and nothing that could be real."""

import datetime as dt
import gzip
import itertools
import os
import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from stdnum.cn import uscc

from accounts.models import Post, User
from alliances.models import Region
from chains.models import Chain, Committee, Link
from closing import corrections, places, targets
from closing.models import Closing
from core import clock, workdays
from core.actor import SYSTEM, Role
from core.periods import Month, Period
from enterprises import gaps
from enterprises.enums import FacilityClass, Formation, OrganisationKind, PairingClass, PostingClass, Scale
from enterprises.lifecycle.coverage import refresh_coverage
from enterprises.models import CoverageSpell, Enterprise, Facility, Pairing, PartyOrganisation, Posting, StaffingRule
from indicators import check
from ledgers.models import Ledger, LedgerEntry
from mechanisms import check as radar
from mechanisms.models import Obligation
from meetings.enums import (
    TOOK_PLACE,
    ActivityClass,
    ActivityMode,
    ActivityState,
    DecisionState,
    ItemEnd,
    MeetingClass,
    MeetingState,
    PersonCategory,
    Presence,
    ReportState,
)
from meetings.models import (
    Activity,
    ActivityPeople,
    ActivityUnit,
    AgendaItem,
    AnnualReport,
    Attendance,
    Decision,
    DutyTerm,
    Meeting,
)
from problems.enums import Light, Outcome, Rating, RequestState, Source, State, Urgency
from problems.models import Assignment, Category, Extension, Objection, Problem, StateSpan
from tests.dashboards import walk as dashboards
from tests.dashboards import weight

pytestmark = pytest.mark.usefixtures("yunling")
# What the wire may carry for the page that most people begin with, as gzip: the first time, and every next time.
FIRST_VISIT, NEXT_VISIT = 750_000, 60_000


def values(model, column) -> set:
    return set(model.objects.values_list(column, flat=True))


def test_the_radar_says_what_a_count_by_hand_says(yunling):
    looked_at, differences = radar.compare()
    assert looked_at > 300 and differences == []


def test_months_are_closed_on_the_way_and_excused_and_targets_stand(yunling):
    """Every page of months and targets is full on first sight: each state, one exception, one correction."""
    last = Month.of(clock.today()) - 1
    county = Region.objects.get(code="990100")
    rows = Closing.objects.filter(region__path__startswith=county.path)
    assert set(rows.filter(month=(last - 1).first_day).values_list("state", flat=True)) == {"locked"}
    assert rows.filter(month=(last - 1).first_day, committee=None).count() == 1
    half_way = set(rows.filter(month=last.first_day).values_list("state", flat=True))
    assert half_way == {"approved", "submitted", "open"}
    assert rows.filter(exemptions__isnull=False).count() == 1
    place = places.Place(county)
    corrected = corrections.corrections(place.scope, last - 1, SYSTEM)
    assert "补登：安全生产专题辅导" in {row.name for one in corrected for row in one.rows}
    standing = targets.of(place.scope, Period.year(clock.today().year))
    assert {one.target.last_year - one.target.first_year for one in standing} == {0, 2} and len(standing) == 5
    for committee in Committee.objects.filter(region=county):
        assert len(targets.of(places.Place(county, committee).scope, Period.year(clock.today().year))) == 3


def test_size():
    assert Chain.objects.count() == 8
    assert Region.objects.filter(level="township").count() == 12
    assert Enterprise.objects.count() == 150
    assert 85 <= PartyOrganisation.objects.count() <= 95
    assert 650 <= Problem.objects.count() <= 760
    assert Committee.objects.filter(kind="industry").count() == 1


@pytest.mark.parametrize(
    ("model", "column", "choices"),
    [
        (Problem, "state", State),
        (Problem, "source", Source),
        (Problem, "urgency", Urgency),
        (Problem, "outcome", Outcome),
        (Objection, "state", RequestState),
        (Extension, "state", RequestState),
        (Meeting, "counts_as", MeetingClass),
        (Meeting, "state", MeetingState),
        (Attendance, "presence", Presence),
        (AgendaItem, "end", ItemEnd),
        (Activity, "counts_as", ActivityClass),
        (Activity, "mode", ActivityMode),
        (Activity, "state", ActivityState),
        (ActivityPeople, "category", PersonCategory),
        (AnnualReport, "state", ReportState),
        (Enterprise, "scale", Scale),
        (PartyOrganisation, "kind", OrganisationKind),
        (PartyOrganisation, "formation", Formation),
        (Post, "role", Role.BUSINESS),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)[:12]),
)
def test_every_kind_is_there(model, column, choices):
    wanted = set(getattr(choices, "values", choices))
    assert wanted <= values(model, column)


def test_visits_are_planned_near_each_other_and_joined_and_duty_has_a_gap():
    planned = Activity.objects.filter(state="planned")
    assert planned.filter(held_on__gte=clock.today()).count() == planned.count() >= 4
    assert ActivityUnit.objects.filter(activity__in=planned, department__isnull=False).exists()
    firms = list(planned.values_list("reached__enterprise", flat=True))
    assert len(set(firms)) == len(firms) - 1, "two go to the same enterprise"
    assert Activity.objects.filter(collected__isnull=False).count() >= 5
    assert Enterprise.objects.filter(first_visited_on=None, left_on=None).exists()
    running = DutyTerm.objects.filter(starts_on__lte=clock.today(), ends_on__gte=clock.today())
    assert running.count() == 7 and not running.exclude(handed_over_on=None).exists()
    assert all(report.figures for report in AnnualReport.objects.exclude(state="draft"))


def test_every_decision_state_but_drafts_of_meetings():
    assert values(Decision, "state") >= set(DecisionState.values) - {"draft"}
    assert Decision.objects.filter(state="open", due_on__lt=clock.today()).exists()


def test_open_decisions_of_each_light_and_a_meeting_soon():
    day = clock.today()
    for light in ("green", "yellow", "red"):
        assert Decision.objects.with_light(light, day).exists(), light
    soon = max(day + dt.timedelta(days=7), workdays.current().next_workday(day + dt.timedelta(days=1)))
    assert Meeting.objects.filter(state="notified", held_on__gt=day, held_on__lte=soon).exists()


def test_every_light_today():
    for light in Light.values:
        assert Problem.objects.with_light(light, clock.today()).count() >= 3, light


def test_ratings_and_unrated_closings():
    assert values(Problem, "rating") >= {Rating.SATISFIED, Rating.BASICALLY}
    assert Problem.objects.filter(reopened_times__gt=0, state="closed").exists()
    assert Problem.objects.filter(state="closed", rating="").exists()
    assert Problem.objects.filter(is_escalated=True).exists()
    assert Assignment.objects.filter(is_lead=False).exists()
    assert Problem.objects.filter(outcome="waiting", next_on__isnull=False).exists()


def test_twenty_four_months_and_many_different_matters():
    months = {day.replace(day=1) for day in values(Problem, "submitted_on") if day}
    assert len(months) in (24, 25)
    assert max(months) == clock.today().replace(day=1) or clock.today().day < 10
    assert len(values(Problem, "title")) >= 100
    assert len(values(Problem, "category")) >= Category.objects.exclude(parent=None).count() // 2


def test_gaps_and_organisations_without_enterprise():
    assert Link.objects.filter(memberships=None).exists()
    assert PartyOrganisation.objects.filter(enterprise=None, name__contains="项目").exists()
    assert PartyOrganisation.objects.filter(kind="joint_branch").exists()


def test_registers_have_vacancies_that_the_radar_tells_of():
    """Managers of towns, leaders who liaise, about five helped: some there, some missing, as page and radar say."""
    county, day = Region.objects.get(code="990100"), clock.today()
    for number, rows in (
        ("YL-M11", gaps.every_town_has_a_manager(county, day)),
        ("YL-M12", gaps.staffing(StaffingRule.objects.get(scope="above_scale"), county, day)),
        ("YL-M13", gaps.helpers(county, day)),
    ):
        wanted = {row.actor.pk: not row.missing and not row.over for row in rows}
        assert set(wanted.values()) == {True, False}, number
        duties = Obligation.objects.filter(mechanism__code=number)
        assert {duty.actor_id: duty.complied_on is not None for duty in duties} == wanted, number
    assert values(Posting, "counts_as") >= set(PostingClass) - {"area_head", "village_officer", "other"}
    assert values(Pairing, "counts_as") == set(PairingClass) - {"other"}
    assert values(Facility, "counts_as") == set(FacilityClass) - {"other"}


def test_a_committee_misses_the_quarterly_rule_now_and_another_did_last_quarter():
    today = clock.today()
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    committees = Committee.objects.filter(kind="chain")
    held = Meeting.objects.filter(state__in=TOOK_PLACE, counts_as="committee")
    assert committees.exclude(pk__in=held.filter(held_on__gte=first).values("committee")).exists()
    before = held.filter(held_on__lt=first, held_on__gte=first.replace(year=first.year - 1))
    last = max(day for day in before.values_list("held_on", flat=True))
    quarter = last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1)
    assert committees.exclude(pk__in=before.filter(held_on__gte=quarter).values("committee")).count() == 1


def test_accounts_find_work():
    def post(username):
        return User.objects.get(username=username).posts.get()

    committee = post("chain_secretary.yunling").committee
    assert Problem.objects.filter(committee=committee, state="submitted").count() >= 2
    for handler, column in (("team_member", "team"), ("department_officer", "department")):
        unit = getattr(post(f"{handler}.yunling"), column)
        mine = Problem.objects.filter(**{f"lead_{column}": unit})
        assert mine.filter(state="assigned").count() >= 2
        assert mine.filter(state="in_progress").count() >= 2
        assert mine.filter(state="in_progress", due_on__lt=clock.today()).exists()
    enterprise = post("branch_secretary.yunling").enterprise
    states = set(Problem.objects.filter(enterprise=enterprise).values_list("state", flat=True))
    assert set(State.values) <= states


def test_the_county_has_a_ledger_of_its_own_with_entries_in_every_status():
    ledger = Ledger.objects.get(region__code="990100")
    standing = LedgerEntry.objects.filter(ledger=ledger).values_list("status__name", flat=True)
    assert set(standing) == {one.name for one in ledger.living_statuses}
    late = LedgerEntry.objects.filter(ledger=ledger, due_on__lt=clock.today())
    assert 0 < late.count() < LedgerEntry.objects.count() and not late.filter(closed_on__isnull=False).exists()


def test_credit_codes_are_valid_and_name_no_real_place():
    for code in values(Enterprise, "credit_code"):
        assert uscc.is_valid(code)
        assert code[2:8] == "990100"


def test_no_telephone_number_could_be_dialled():
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if "phone" in field.name and isinstance(field, models.CharField):
                for number in values(model, field.name):
                    assert not number or re.fullmatch(r"000-\d{7}", number), (model, number)


def test_people_have_invented_names():
    for model, column in ((User, "name"), (Enterprise, "contact_name"), (Attendance, "name")):
        for name in values(model, column):
            assert name in ("系统管理员",) or name[1] in "云岭禾", name


def test_spans_have_no_gaps():
    for problem in Problem.objects.exclude(state="draft").prefetch_related("spans"):
        spans = sorted(problem.spans.all(), key=lambda span: span.started_at)
        assert spans[0].started_at == problem.submitted_at
        for one, following in itertools.pairwise(spans):
            assert one.ended_at == following.started_at
        assert spans[-1].ended_at is None
        assert spans[-1].state == problem.state


def test_nothing_happened_in_the_future():
    now = clock.now()
    assert not StateSpan.objects.filter(started_at__gt=now).exists()
    assert not Problem.objects.filter(created_at__gt=now).exists()
    assert not Meeting.objects.filter(state__in=TOOK_PLACE, starts_at__gt=now).exists()


def test_coverage_is_what_the_lifecycle_derives():
    def rows():
        return sorted(map(repr, CoverageSpell.objects.values_list("enterprise", "membership", "from_on", "until_on")))

    before = rows()
    for enterprise in Enterprise.objects.all():
        refresh_coverage(enterprise)
    assert rows() == before


def test_models_find_nothing_wrong():
    """Field validators and constraints of what people can edit."""
    for model in (Region, Enterprise, PartyOrganisation, Committee, Meeting, Decision):
        for row in model.objects.all()[:300]:
            row.full_clean()


def test_figures_are_those_of_a_straight_count():
    assert not check.compare().differences


def test_every_number_on_every_dashboard_is_what_is_counted_and_what_its_link_opens(capsys):
    """With WALK=all every scope in every period; it takes most of an hour."""
    county = Region.objects.get(code="990100")
    walk, places = dashboards.walked(county, whole=os.environ.get("WALK") == "all")
    wrong = walk.wrong()
    with capsys.disabled():
        print(f"\n{len(places)} scopes, {walk.pages} pages, {len(walk.met)} numbers that open their rows")
    assert len(walk.met) > 5_000
    assert not wrong, f"{len(wrong)} numbers are wrong:\n" + "\n".join(wrong[:40])


def test_the_cockpit_is_light_on_a_slow_line(client):
    """Everything but the page itself has a name that changes with its content and is kept by the browser for good."""
    client.force_login(User.objects.get(username="county_officer.yunling"))
    answer = client.get(reverse("dashboards:cockpit"), headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    page, loaded = len(answer.content), weight.assets(gzip.decompress(answer.content).decode())
    sizes = {address: weight.packed(content) for address, content in loaded.items()}
    assert any("plotly" in address for address in sizes) and any(".woff2" in address for address in sizes)
    assert page <= NEXT_VISIT, page
    assert page + sum(sizes.values()) <= FIRST_VISIT, (page, sizes)
