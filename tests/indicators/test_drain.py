"""The roll-up over real triggers: every kind of figure, every way of changing rows."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from core.periods import Period
from indicators import figures, recount, scopes
from indicators.drain import drain
from indicators.models import Fact, Marker, Presence
from problems.models import Problem
from tests.indicators import world as make
from tests.indicators.toys import CODES


def value(code, scope, period):
    return figures.read([code], scope, Period.parse(period))[code].value


def stored():
    """All numbers of the facts but zeros, which the roll-up may keep."""
    columns = ("indicator", "region_id", "chain_id", "committee_id", "month", "bucket", "own", "total")
    return sorted(Fact.objects.exclude(total=0).values_list(*columns))


def of(region):
    return scopes.region_scope(region.pk, region.code or "", region.name)


def test_flow_is_told_at_every_level(toy, settle):
    make.problem(toy, toy.firms[0], "2022-01-31")
    make.problem(toy, toy.firms[0], "2022-02-01")
    make.problem(toy, toy.firms[2], "2022-02-28")
    make.problem(toy, toy.firms[5], "2022-02-28")
    settle()
    assert value("toy_raised", of(toy.city), "2022-02") == 3
    assert value("toy_raised", of(toy.city), "2022") == 4
    assert value("toy_raised", of(toy.east), "2022-02") == 2
    assert value("toy_raised", of(toy.mill), "2022-02") == 1
    assert value("toy_raised", of(toy.west), "2022-02") == 1
    beef_in_east = scopes.cross(of(toy.east), toy.beef.pk)
    assert value("toy_raised", beef_in_east, "2022-01..2022-02") == 3
    committee = toy.committees[toy.corn.pk, toy.west.pk]
    assert value("toy_raised", scopes.committee_scope(committee.pk), "2022-02") == 1
    firm = scopes.enterprise_scope(toy.firms[0].pk)
    assert value("toy_raised", firm, "2022-Q1") == 2


def test_base_condition_and_weight(toy, settle):
    make.problem(toy, toy.firms[0], "2022-03-05", bounces=3)
    make.problem(toy, toy.firms[0], "2022-03-06", bounces=2)
    make.problem(toy, toy.firms[0], "2022-03-07", bounces=5, urgency="complex")
    settle()
    assert value("toy_raised", of(toy.city), "2022-03") == 2
    assert value("toy_bounces", of(toy.city), "2022-03") == 5


def test_stock_follows_entries_and_exits(toy, settle):
    first = make.problem(toy, toy.firms[0], "2022-01-10")
    make.problem(toy, toy.firms[1], "2022-03-10")
    settle()
    assert [value("toy_open", of(toy.east), f"2022-{m:02d}") for m in (1, 2, 3)] == [1, 1, 2]
    Problem.objects.filter(pk=first.pk).update(state="withdrawn", outcome="withdrawn", ended_on="2022-02-20")
    settle()
    assert [value("toy_open", of(toy.east), f"2022-{m:02d}") for m in (1, 2, 3)] == [1, 0, 1]
    assert figures.series(["toy_open"], of(toy.east), Period.parse("2022-01..2022-04").months()) == {
        "toy_open": [1, 0, 1, 1]
    }


def test_daily_stock_knows_today(toy, settle):
    make.problem(toy, toy.firms[0], "2022-01-10", due_on=dt.date(2022, 6, 15))
    make.problem(toy, toy.firms[0], "2022-01-10", due_on=dt.date(2022, 6, 25))
    settle()
    june = Period.parse("2022-06")
    for today, expected in ((14, 0), (15, 1), (24, 1), (25, 2)):
        day = dt.date(2022, 6, today)
        assert figures.read(["toy_overdue"], of(toy.city), june, today=day)["toy_overdue"].value == expected
        assert figures.series(["toy_overdue"], of(toy.city), june.months(), today=day)["toy_overdue"] == [expected]
    year = Period.parse("2022").months()
    day = dt.date(2022, 6, 20)
    assert figures.series(["toy_overdue"], of(toy.city), year, today=day)["toy_overdue"] == [0] * 5 + [1] + [None] * 6


def test_row_that_leaves_before_it_enters_never_counts(toy, settle):
    make.problem(toy, toy.firms[0], "2022-05-10", ended_on=dt.date(2022, 4, 1))
    make.problem(toy, toy.firms[0], "2022-05-10", ended_on=dt.date(2022, 5, 10))
    settle()
    for month in ("2022-03", "2022-04", "2022-05", "2022-06"):
        assert value("toy_open", of(toy.city), month) == 0


def test_distinct_counts_each_firm_once_in_any_range(toy, settle):
    first, second = toy.firms[0], toy.firms[1]
    for on in ("2022-01-05", "2022-01-20", "2022-03-01", "2022-06-30"):
        make.problem(toy, first, on)
    make.problem(toy, second, "2022-03-02")
    settle()
    told = {
        p: value("toy_firms", of(toy.east), p) for p in ("2022-01", "2022-02", "2022-Q1", "2022-03..2022-06", "2022")
    }
    assert told == {"2022-01": 1, "2022-02": 0, "2022-Q1": 2, "2022-03..2022-06": 2, "2022": 2}
    Problem.objects.filter(enterprise=first, submitted_on="2022-03-01").update(submitted_on="2022-05-01")
    settle()
    assert value("toy_firms", of(toy.east), "2022-03") == 1
    assert value("toy_firms", of(toy.east), "2022-Q2") == 1


def test_distinct_firm_in_two_townships_is_one_for_the_county(toy, settle):
    firm = toy.firms[0]
    make.problem(toy, firm, "2022-01-05")
    make.problem(toy, firm, "2022-01-06", region=toy.ford)
    settle()
    assert value("toy_firms", of(toy.mill), "2022-01") == 1
    assert value("toy_firms", of(toy.ford), "2022-01") == 1
    assert value("toy_firms", of(toy.east), "2022-01") == 1


def test_duration_is_exact(toy, settle):
    for days in (1, 2, 2, 9):
        make.problem(toy, toy.firms[0], "2022-01-05", resolved_on=dt.date(2022, 2, 1), handling_days=days)
    settle()
    told = figures.read(["toy_days"], of(toy.city), Period.parse("2022-Q1"))["toy_days"]
    assert (told.mean, told.median, told.p90, told.cases) == (Decimal("3.5"), Decimal(2), 9, 4)
    nothing = figures.read(["toy_days"], of(toy.city), Period.parse("2021"))["toy_days"]
    assert (nothing.value, nothing.median, nothing.cases) == (None, None, 0)


def test_ratio_keeps_both_parts(toy, settle):
    for _ in range(3):
        make.problem(toy, toy.firms[0], "2022-01-05")
    make.problem(toy, toy.firms[0], "2022-01-05", resolved_on=dt.date(2022, 1, 9), outcome="solved", handling_days=3)
    settle()
    told = figures.read(["toy_rate", "toy_per_hundred"], of(toy.east), Period.parse("2022-01"))
    assert (told["toy_rate"].value, told["toy_rate"].numerator, told["toy_rate"].denominator) == (25, 1, 4)
    assert told["toy_rate"].text == "25.0%"
    assert told["toy_per_hundred"].value == 100
    assert value("toy_rate", of(toy.east), "2021-01") is None


def test_chain_figures_come_from_memberships(toy, settle):
    settle()
    assert value("toy_member_firms", of(toy.city), "2022") == 6
    assert value("toy_member_firms", of(toy.east), "2022") == 4
    beef = scopes.parse(f"chain:{toy.beef.pk}")
    assert value("toy_member_firms", beef, "2022") == 3
    bars = figures.by_chain(["toy_member_firms"], of(toy.east), Period.parse("2022"))["toy_member_firms"]
    assert {chain: bar.value for chain, bar in bars.items()} == {toy.beef.pk: 2, toy.corn.pk: 2}
    counties = figures.by_region(["toy_member_firms"], of(toy.city), Period.parse("2022"), [toy.east.pk, toy.west.pk])
    assert [bar.value for bar in counties["toy_member_firms"].values()] == [4, 2]


def test_figure_without_meaning_for_the_scope_is_a_dash(toy, settle):
    settle()
    firm = scopes.enterprise_scope(toy.firms[0].pk)
    told = figures.read(["toy_members", "toy_member_firms"], firm, Period.parse("2022"))
    assert told["toy_members"].value is None and told["toy_members"].text == "—"
    assert told["toy_member_firms"].value == 1


CHANGES = {
    "moved to another region": "UPDATE problems_problem SET region_id = {west}",
    "another chain": "UPDATE problems_problem SET chain_id = {corn}",
    "no chain": "UPDATE problems_problem SET chain_id = NULL, committee_id = NULL",
    "dated back": "UPDATE problems_problem SET submitted_on = submitted_on - 400",
    "condition changed": "UPDATE problems_problem SET urgency = 'complex'",
    "solved": "UPDATE problems_problem SET resolved_on = '2022-04-01', outcome = 'solved', handling_days = 5",
    "other firm": "UPDATE problems_problem SET enterprise_id = {other}",
    "weight": "UPDATE problems_problem SET bounces = bounces + 7",
    "deleted": "DELETE FROM problems_problem",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_raw_sql_is_followed(toy, settle, statement):
    for number in range(6):
        make.problem(toy, toy.firms[number % 3], f"2022-{number % 3 + 1:02d}-15", bounces=number)
    settle()
    ids = {"west": toy.west.pk, "corn": toy.corn.pk, "other": toy.firms[4].pk}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**ids))
    assert Marker.objects.exists()
    settle()


def test_change_of_nothing_counted_marks_nothing(toy, settle):
    made = make.problem(toy, toy.firms[0], "2022-01-05")
    settle()
    Problem.objects.filter(pk=made.pk).update(text="另一种说法", version=2)
    assert not Marker.objects.filter(source="toy_problems").exists()


def test_bulk_update_marks_each_cell_once(toy, settle):
    for _ in range(20):
        make.problem(toy, toy.firms[0], "2022-01-05")
    settle()
    Problem.objects.update(bounces=1)
    assert Marker.objects.filter(source="toy_problems").count() == 1


def test_draining_twice_changes_nothing(toy):
    make.problem(toy, toy.firms[0], "2022-01-05")
    assert drain() > 0
    before = sorted(Fact.objects.values_list("indicator", "region_id", "chain_id", "committee_id", "own", "total"))
    assert drain() == 0
    Marker.objects.create(source="toy_problems", region_id=toy.mill.pk, committee_id=0, month="2022-01-01")
    assert drain() == 1
    after = sorted(Fact.objects.values_list("indicator", "region_id", "chain_id", "committee_id", "own", "total"))
    assert before == after


def test_region_that_moves_takes_its_figures_along(toy, settle):
    make.problem(toy, toy.firms[0], "2022-01-05")
    settle()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alliances_region SET path = %s || right(path, 4), parent_id = %s WHERE id = %s",
            [toy.west.path, toy.west.pk, toy.mill.pk],
        )
    settle()
    assert value("toy_raised", of(toy.east), "2022-01") == 0
    assert value("toy_raised", of(toy.west), "2022-01") == 1
    assert value("toy_raised", of(toy.city), "2022-01") == 1


def test_bulk_load_is_silent_until_recounted(toy, settle):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.bulk = 'on'")
        make.problem(toy, toy.firms[0], "2022-01-05")
        cursor.execute("SET LOCAL app.bulk = 'off'")
    assert not Marker.objects.exists()
    assert value("toy_raised", of(toy.city), "2022-01") == 0
    recount.rebuild()
    settle()
    assert value("toy_raised", of(toy.city), "2022-01") == 1


def test_wrong_fact_is_found_by_the_check_and_mended_by_a_recount(toy, settle):
    from indicators import check

    make.problem(toy, toy.firms[0], "2022-01-05")
    settle()
    Fact.objects.filter(indicator="toy_raised", region_id=toy.city.pk, chain_id=0).update(total=7)
    found = check.compare().differences
    assert [one.indicator for one in found] == ["toy_raised"] and found[0].stored == 7
    assert recount.rebuild() == 1
    settle()


def test_a_recount_writes_what_differs_and_nothing_else(toy, settle):
    """A number that is wrong, one that is gone and one too many are put right; a presence that is gone comes back; of
    right figures no row is written again."""
    make.problem(toy, toy.firms[0], "2022-01-05")
    make.problem(toy, toy.firms[1], "2022-02-05")
    settle()
    before = stored()
    Fact.objects.filter(indicator="toy_raised", region_id=toy.city.pk, chain_id=0).update(total=7)
    Fact.objects.filter(indicator="toy_raised", region_id=toy.firms[0].region_id).delete()
    Fact.objects.create(
        indicator="toy_raised", region_id=toy.city.pk, chain_id=0, committee_id=0, month="1999-01-01", bucket=0,
        own=1, total=1,
    )  # fmt: skip
    gone, _by_model = Presence.objects.filter(entity_id=toy.firms[0].pk).delete()
    assert gone
    assert recount.rebuild() > 2
    settle()
    assert stored() == before and Presence.objects.filter(entity_id=toy.firms[0].pk).count() == gone
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM indicators_fact ORDER BY 1")
        places = cursor.fetchall()
        assert recount.rebuild() == 0
        cursor.execute("SELECT ctid::text FROM indicators_fact ORDER BY 1")
        assert cursor.fetchall() == places


def test_reading_is_one_query(toy, settle, django_assert_num_queries):
    settle()
    scope = of(toy.city)
    with django_assert_num_queries(1):
        told = figures.read_many(CODES, scope, [Period.parse("2022"), Period.parse("2021")])
    assert [len(one) for one in told] == [len(CODES)] * 2
    for read in (figures.by_chain, figures.read):
        with django_assert_num_queries(1):
            read(CODES, scope, Period.parse("2022"))
    with django_assert_num_queries(1):
        figures.series(CODES, scope, Period.parse("2022").months())


def test_stale_figures_say_so(toy, settle):
    settle()
    fresh = figures.read(["toy_raised"], of(toy.city), Period.parse("2022"))["toy_raised"]
    assert not fresh.stale
    make.problem(toy, toy.firms[0], "2022-01-05")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_marker SET at = now() - interval '20 seconds'")
    told = figures.read(["toy_raised"], of(toy.city), Period.parse("2022"))["toy_raised"]
    assert told.stale and (fresh.as_of - told.as_of).total_seconds() > 10


def test_a_marker_names_the_dates_whose_figures_move(toy, settle):
    """What counts by another date is not counted again: its wrong fact stays as it is until the check finds it."""
    made = make.problem(toy, toy.firms[0], "2022-01-05", resolved_on="2022-01-20", handling_days=3)
    settle()
    Fact.objects.filter(indicator="toy_raised").update(own=7)
    Problem.objects.filter(pk=made.pk).update(handling_days=4)
    assert {tuple(one.dates) for one in Marker.objects.filter(source="toy_problems")} == {("resolved_on",)}
    drain()
    assert value("toy_days", of(toy.city), "2022-01") == 4
    assert set(Fact.objects.filter(indicator="toy_raised").values_list("own", flat=True)) == {7}
    Problem.objects.filter(pk=made.pk).update(region=toy.firms[4].region)
    named = [set(one.dates) for one in Marker.objects.filter(source="toy_problems")]
    assert named and all({"submitted_on", "resolved_on"} <= dates for dates in named)
    drain()
    assert value("toy_raised", of(toy.firms[4].region), "2022-01") == 1
