"""The memory of solutions: what is like, what may be the same, what is of one kind, and what may be read of it."""

import datetime as dt
import statistics

import pytest
from django.db import connection
from django.urls import reverse

from core import search
from problems import candidates, lifecycle, memory
from problems.models import Problem
from tests import factories as make
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def power(world):
    """Power supply: three closed cases of two enterprises, and one open of each of the three."""
    first, second, third = world.own.enterprises
    closed = [in_state(world, "closed", title="厂区用电增容审批缓慢") for _number in range(3)]
    Problem.objects.filter(pk__in=[row.pk for row in closed[1:]]).update(enterprise=second)
    opened = [
        raised(world, title=title, enterprise=firm, by="county_officer")
        for title, firm in (("车间用电增容", first), ("冷库用电增容", second), ("烘干线用电增容", third))
    ]
    return closed, opened


def test_what_was_solved_before_is_shown_with_outcome_days_and_median(world, power):
    closed, opened = power
    found = memory.of_entry(opened[0], world.actor("county_officer"))
    assert {row.pk for row in closed} <= {match.problem.pk for match in found.matches}
    assert found.solved == 3
    assert found.median == statistics.median(row.handling_days for row in Problem.objects.filter(state="closed"))
    assert found.units == [str(world.own.team)]
    assert all(match.same_category for match in found.matches)


def test_a_sum_over_some_of_the_like_says_so(world, power, monkeypatch, client_of):
    address = reverse("problems:memory", args=[power[1][0].pk])
    assert "只比对了" not in client_of("county_officer").get(address).content.decode()
    monkeypatch.setattr(candidates, "MOST", 0)
    monkeypatch.setattr(candidates, "NEWEST", 2)
    page = client_of("county_officer").get(address).content.decode()
    assert "解决过 2 件类似问题" in page and "只比对了用词最相近和最近的 2 件" in page


def test_entries_of_three_enterprises_suggest_one_root(world, power):
    _closed, opened = power
    found = memory.of_entry(opened[2], world.actor("county_officer"))
    assert found.root == opened[0]
    assert {row.pk for row in found.kind} == {opened[0].pk, opened[1].pk}
    lifecycle.join_root(opened[2], by=world.actor("county_officer"), root=found.root)
    again = memory.of_entry(Problem.objects.get(pk=opened[1].pk), world.actor("county_officer"))
    assert again.root == opened[0]


def test_two_enterprises_are_no_kind_yet(world):
    first, second, _third = world.own.enterprises
    rows = [raised(world, title="冷库用电增容", enterprise=firm, by="county_officer") for firm in (first, second)]
    assert memory.of_entry(rows[0], world.actor("county_officer")).root is None


def test_the_same_trouble_of_one_enterprise_may_be_a_duplicate(world, client_of):
    first = raised(world, title="冷链运输车辆不足")
    second = raised(world, title="冷链运输车辆严重不足")
    other = raised(world, title="冷链运输车辆不足", enterprise=world.own.enterprises[1], by="county_officer")
    found = memory.of_entry(second, world.actor("chain_secretary"))
    assert found.duplicates == [first]
    assert other.pk not in {row.pk for row in found.duplicates}
    page = client_of("chain_secretary").get(reverse("problems:memory", args=[second.pk])).content.decode()
    assert f"{reverse('problems:act', args=[second.pk, 'merge_into'])}?target={first.number}" in page
    form = client_of("chain_secretary").get(
        reverse("problems:act", args=[second.pk, "merge_into"]), {"target": first.number}
    )
    assert f'value="{first.number}"' in form.content.decode()


def test_a_firm_that_types_the_same_again_is_told_at_once(world, client_of):
    first = raised(world, title="冷链运输车辆不足")
    page = client_of("branch_secretary").get(reverse("problems:similar"), {"title": "冷链运输车辆不足"})
    assert "几乎相同的问题" in page.content.decode() and page.context["memory"].duplicates == [first]


def test_an_old_case_is_no_duplicate(world):
    old = in_state(world, "closed", title="冷链运输车辆不足")
    Problem.objects.filter(pk=old.pk).update(
        submitted_on=dt.date(2025, 1, 6), closed_on=dt.date(2025, 2, 3), last_closed_on=dt.date(2025, 2, 3),
        ended_on=dt.date(2025, 2, 3),
    )  # fmt: skip
    new = raised(world, title="冷链运输车辆不足")
    found = memory.of_entry(new, world.actor("chain_secretary"))
    assert found.duplicates == [] and [match.problem for match in found.matches] == [old]


def test_a_firm_learns_that_it_was_solved_but_not_whose_it_was(world, client_of, power):
    """The branch secretary of the first enterprise sees the own case; the others only as a number."""
    page = client_of("branch_secretary").get(reverse("problems:similar"), {"title": "用电增容审批"}).content.decode()
    assert "本县解决过 3 件类似问题" in page
    assert str(world.own.enterprises[0]) in page
    assert str(world.own.enterprises[1]) not in page
    strange = client_of("stranger_secretary").get(reverse("problems:similar"), {"title": "用电增容审批"})
    assert "没有找到类似的问题" in strange.content.decode()


def test_an_earlier_text_begins_the_next_result(world, client_of, power):
    closed, _opened = power
    held = in_state(world, "in_progress", title="仓储用电增容")
    Problem.objects.filter(pk=closed[0].pk).update(resolution="电力公司现场勘察，两周内完成增容。")
    client, address = client_of("team_member"), reverse("problems:act", args=[held.pk, "resolve"])
    panel = client.get(reverse("problems:memory", args=[held.pk])).content.decode()
    assert f"{address}?reuse={closed[0].pk}" in panel
    assert "电力公司现场勘察" in client.get(address, {"reuse": closed[0].pk}).content.decode()


@pytest.mark.parametrize("reuse", ["0", "x", "9" * 30, "-1", "１"])
def test_no_text_from_where_one_may_not_read(world, client_of, reuse):
    held = in_state(world, "in_progress")
    address = reverse("problems:act", args=[held.pk, "resolve"])
    assert client_of("team_member").get(address, {"reuse": reuse}).status_code in (200, 404)
    make.EnterpriseFactory(region=world.other.region)
    hidden = raised(world, title="望川的问题", enterprise=world.other.enterprises[0], by="stranger_secretary")
    assert client_of("team_member").get(address, {"reuse": hidden.pk}).status_code == 404


def test_words_that_every_entry_has_make_nothing_alike(world):
    raised(world, title="企业困难问题需要协调解决", by="county_officer", enterprise=world.own.enterprises[1])
    new = raised(world, title="企业困难问题希望有关部门协调解决")
    assert memory.of_entry(new, world.actor("county_officer")).matches == []


def test_the_cost_does_not_grow_with_what_is_alike(world, django_assert_max_num_queries):
    for firm in world.own.enterprises * 4:
        raised(world, title="冷库用电增容", enterprise=firm, by="county_officer")
    problem = raised(world, title="冷库用电增容")
    with django_assert_max_num_queries(10):
        memory.of_entry(problem, world.actor("county_officer"))


def test_an_old_and_very_alike_entry_is_found_among_a_thousand_newer_ones(world, client_of):
    """One case of long ago in nearly the same words; after it 1,000 that share a pair or two of them each."""
    old = in_state(world, "closed", title="冷库制冷机组老化漏氨急需改造")
    pattern, told = in_state(world, "submitted", title="冷库用电增容"), ["冷库用电增容", "机组采购缓慢", "设备老化停产"]
    own = {"id", "number", "title", "tokens"}
    columns = [one.column for one in Problem._meta.concrete_fields if one.name not in own]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.bulk = 'on'")
        cursor.execute(
            f"INSERT INTO problems_problem (number, title, tokens, {', '.join(columns)})"
            f" SELECT 'N-' || t.title || n, t.title, t.tokens, {', '.join(f'p.{one}' for one in columns)}"
            " FROM problems_problem p, generate_series(1, 334) n,"
            " (VALUES (%s, %s::varchar[]), (%s, %s::varchar[]), (%s, %s::varchar[])) t (title, tokens) WHERE p.id = %s",
            [value for title in told for value in (title, search.tokens(title))] + [pattern.pk],
        )
    page = client_of("county_officer").get(reverse("problems:similar"), {"title": "冷库制冷机组老化改造"})
    found = page.context["memory"].matches
    assert found[0].problem == old and found[0].words > 0.8
    assert all(match.words < found[0].words / 2 for match in found[1:])


def test_where_every_pair_is_common_what_has_most_of_them_is_found(world, monkeypatch):
    """No pair is rare enough to lead anywhere: whoever has all pairs, or lacks one, is found all the same."""
    old = in_state(world, "closed", title="冷链车辆运费上涨")
    near = in_state(world, "closed", title="冷链车辆运费上升")
    for title in ("冷链仓储", "车辆年检", "运费补贴", "电费上涨") * 2:
        raised(world, title=title, by="county_officer")
    monkeypatch.setattr(candidates, "MOST", 1)
    monkeypatch.setattr(candidates, "NEWEST", 4)
    found = memory.like_text(world.actor("county_officer"), "冷链车辆运费上涨")
    assert [match.problem for match in found.matches][:2] == [old, near]
