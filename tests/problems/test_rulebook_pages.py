"""The pages of the rules and of the categories: what they show, what they keep, what they refuse."""

import datetime as dt
import random
import string

import pytest
from django.urls import reverse

from core import clock
from problems import rules
from problems.forms.rulebook import RulebookForms
from problems.models import Category, Problem, Rulebook
from problems.rulebook import presets
from problems.rulebook.fields import NAMES
from tests import factories as make
from tests.problems.rulebooks import made, past_book
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db


def fields(region, valid_from=None, **changes) -> dict:
    """What the browser sends for the form as it is first shown."""
    parts = RulebookForms(region, book=rules.rulebook_for(region, clock.today()))
    data = {"valid_from": (valid_from or clock.today()).isoformat(), "note": "试验修订", "newest": "-1"}
    data |= {name: str(parts.form.initial[name]) for name in NAMES}
    for rows in (parts.limits, parts.ladder):
        data |= {f"{rows.prefix}-TOTAL_FORMS": str(rows.total_form_count()), f"{rows.prefix}-INITIAL_FORMS": "0"}
        for row in rows:
            data |= {row.add_prefix(name): str(row.initial.get(name) or "") for name in row.fields}
            data.pop(row.add_prefix("DELETE"), None)
    return data | {name: str(value) for name, value in changes.items()}


def edit_url(region) -> str:
    return reverse("problems:rulebook_edit", args=[region.pk])


# --- reading ------------------------------------------------------------------------------------------------------
def test_the_list_says_which_rules_hold_where(world, client_of):
    past_book(world.city, dt.date(2026, 1, 1), ordinary_days=10)
    html = client_of("county_officer").get(reverse("problems:rulebook_list")).content.decode()
    assert "沿用试验市" in html and edit_url(world.own.towns[0]) in html
    past_book(world.own.region, dt.date(2026, 1, 2))
    page = client_of("branch_secretary").get(reverse("problems:rulebook_list"))
    assert page.status_code == 200 and edit_url(world.own.region) not in page.content.decode()


def test_every_rule_stands_in_words_beside_the_one_before(world, client_of):
    past_book(world.own.region, dt.date(2026, 1, 2))
    book = made(world, ordinary_days=9, limits=[("sign", world.category.pk, "urgent", 2)])
    html = client_of("leader").get(reverse("problems:rulebook_detail", args=[book.pk])).content.decode()
    assert "9 个工作日" in html and "7 个工作日" in html and "2 处不同" in html
    assert "融资，紧急" in html and "超期达到 5 个工作日：提级" in html
    above = client_of("leader").get(reverse("problems:rulebook_detail", args=[book.pk]), {"against": "above"})
    assert "与通用规则" in above.content.decode()


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_costs_the_same_for_many_versions(world, client_of, django_assert_max_num_queries, size):
    for number in range(size):
        past_book(world.own.region, dt.date(2026, 1, 1) + dt.timedelta(days=number))
    client = client_of("county_officer")
    with django_assert_max_num_queries(20):
        client.get(reverse("problems:rulebook_list"))


# --- writing ------------------------------------------------------------------------------------------------------
def test_from_the_form_over_the_preview_to_the_new_version(world, client_of):
    problem = in_state(world, "accepted")
    client, region = client_of("county_officer"), world.own.region
    from problems import lifecycle

    problem = lifecycle.assign(problem, by=world.actor("county_officer"), team=world.own.team)
    sent = fields(region, ordinary_days=12, **{"limits-0-step": "sign", "limits-0-days": "2"})
    preview = client.post(edit_url(region), sent)
    html = preview.content.decode()
    assert preview.status_code == 200 and problem.number in html and "12 个工作日" in html
    assert not Rulebook.objects.filter(region=region).exists(), "a preview writes nothing"
    back = client.post(edit_url(region), {**sent, "back": "1"}).content.decode()
    assert 'value="12"' in back and "试验修订" in back
    done = client.post(edit_url(region), {**sent, "confirmed": "1", "reach": "open"})
    book = Rulebook.objects.get(region=region)
    assert done.status_code == 302 and done.url == reverse("problems:rulebook_detail", args=[book.pk])
    assert (book.ordinary_days, book.reach, book.preset) == (12, "open", "")
    assert rules.limit_days(book, "sign") == 2 and len(rules.ladder_of(book)) == len(presets.LADDER)
    page = client.get(done.url).content.decode()
    assert reverse("problems:rulebook_progress", args=[book.pk]) in page
    assert client.get(reverse("problems:rulebook_progress", args=[book.pk])).status_code == 200


def test_today_s_version_is_corrected_by_the_pages(world, client_of):
    wrong = made(world, ordinary_days=2, reach="open")
    client, region = client_of("county_officer"), world.own.region
    detail = reverse("problems:rulebook_detail", args=[wrong.pk])
    link = f"{edit_url(region)}?day={clock.today().isoformat()}"
    assert link in client.get(detail).content.decode()
    form = client.get(link).context["parts"].form
    assert (form.initial["valid_from"], form.initial["ordinary_days"]) == (clock.today(), 2)
    sent = fields(region, ordinary_days=12, newest=wrong.pk)
    page = client.post(edit_url(region), sent)
    assert "确认后由这一版替代" in page.content.decode()
    assert [value for value, _label in page.context["reach_form"].fields["reach"].choices] == ["open"]
    half = client.post(edit_url(region), {**sent, "confirmed": "1", "reach": "new"})
    assert half.context["reach_form"].errors and Rulebook.objects.filter(region=region).count() == 1
    done = client.post(edit_url(region), {**sent, "confirmed": "1", "reach": "open"})
    assert done.status_code == 302 and "当日第 2 版" in client.get(done.url).content.decode()
    replaced = client.get(detail).content.decode()
    assert "已由同一天的第 2 版替代" in replaced and done.url in replaced
    assert client.get(reverse("problems:rulebook_list")).content.decode().count("生效中") == 2  # its own, the common


@pytest.mark.parametrize("preset", ["shipped", "seven", "fifteen"])
def test_a_county_switches_by_choosing_a_preset(world, client_of, preset):
    client, region = client_of("county_officer"), world.own.region
    page = client.get(edit_url(region), {"preset": preset})
    parts = page.context["parts"]
    assert {name: parts.form.initial[name] for name in NAMES} == presets.values_of(preset)
    sent = fields(region, **presets.values_of(preset))
    client.post(edit_url(region), {**sent, "confirmed": "1", "reach": "new"})
    assert Rulebook.objects.get(region=region).preset == preset


def test_errors_stand_beside_their_fields_and_nothing_is_lost(world, client_of):
    client, region = client_of("county_officer"), world.own.region
    sent = fields(
        region, valid_from=dt.date(2020, 1, 1), ordinary_days=31, opens_at="18:00", call_back_share=101, note="",
        **{"limits-0-step": "sign", "ladder-0-threshold": "x", "limits-1-days": "3", "undo_minutes": "99999999999999"},
    )  # fmt: skip
    page = client.post(edit_url(region), sent)
    html = page.content.decode()
    form = page.context["parts"].form
    assert set(form.errors) == {"ordinary_days", "closes_at", "call_back_share", "note", "undo_minutes"}
    assert set(page.context["parts"].limits[0].errors) == {"days"}
    assert set(page.context["parts"].limits[1].errors) == {"step"}
    assert 'value="31"' in html and 'value="2020-01-01"' in html and 'value="x"' in html
    page = client.post(edit_url(region), fields(region, valid_from=dt.date(2020, 1, 1)))
    assert set(page.context["parts"].form.errors) == {"valid_from"}
    assert not Rulebook.objects.filter(region=region).exists()


def test_the_same_limit_twice_is_told_beside_the_second(world, client_of):
    sent = fields(world.own.region)
    sent |= {"limits-0-step": "sign", "limits-0-days": "2", "limits-1-step": "sign", "limits-1-days": "3"}
    page = client_of("county_officer").post(edit_url(world.own.region), sent)
    assert set(page.context["parts"].limits[1].errors) == {"step"}


def test_another_county_s_category_cannot_be_named(world, client_of):
    foreign = make.CategoryFactory(region=world.other.region, parent=world.category, name="外县类别")
    page = client_of("county_officer").get(edit_url(world.own.region))
    assert "外县类别" not in page.content.decode()
    sent = fields(world.own.region)
    sent |= {"limits-0-step": "sign", "limits-0-days": "2", "limits-0-category": str(foreign.pk)}
    page = client_of("county_officer").post(edit_url(world.own.region), {**sent, "confirmed": "1", "reach": "new"})
    assert set(page.context["parts"].limits[0].errors) == {"category"}
    assert not Rulebook.objects.filter(region=world.own.region).exists()


def test_a_version_made_in_between_is_told(world, client_of):
    made(world, valid_from=clock.today() + dt.timedelta(days=9))
    sent = fields(world.own.region, valid_from=clock.today() + dt.timedelta(days=5))
    page = client_of("county_officer").post(edit_url(world.own.region), {**sent, "confirmed": "1", "reach": "new"})
    assert "本地区的规则已有新的版本" in page.content.decode() and 'value="试验修订"' in page.content.decode()
    assert Rulebook.objects.filter(region=world.own.region).count() == 1


def test_hostile_input_is_never_a_server_error(world, client_of):
    client, region = client_of("county_officer"), world.own.region
    rng = random.Random(7)
    bad = ["", "\x00", "-1", "9" * 40, "\ud800", "<script>", "١٢", "2026-02-30", "99:99", "1e9", "null", "²"]
    names = list(fields(region))
    for _round in range(20):
        sent = fields(region)
        for name in rng.sample(names, rng.randint(1, 6)):
            sent[name] = rng.choice([*bad, "".join(rng.choices(string.printable, k=12))])
        sent |= rng.choice(
            [{}, {"confirmed": "1"}, {"back": "1"}, {"page": rng.choice(bad)}, {"reach": rng.choice(bad)}]
        )
        sent = {name: value.encode("utf-8", "replace").decode() for name, value in sent.items()}
        answer = client.post(edit_url(region), sent)
        assert answer.status_code in (200, 302), (sent, answer.content[:300])
    for query in ("?preset=x", "?preset=above", f"?preset={'9' * 300}"):
        assert client.get(edit_url(region) + query).status_code == 200
    assert client.post(edit_url(region), {"confirmed": "1"}).status_code == 200
    for address in ("/problems/rulebooks/99999999999999999999/", "/problems/categories/99999999999999999999/edit/"):
        assert client.get(address).status_code == 404


# --- categories ---------------------------------------------------------------------------------------------------
def test_a_county_adds_renames_orders_and_disables_its_own(world, client_of):
    client, region = client_of("county_officer"), world.own.region
    create = reverse("problems:category_create", args=[region.pk])
    for name in ("冷链贷款", "活牛抵押"):
        assert client.post(create, {"parent": world.category.pk, "name": name}).status_code == 302
    first, second = Category.objects.filter(region=region).order_by("order")
    assert (first.name, first.parent) == ("冷链贷款", world.category)
    assert client.post(create, {"parent": first.pk, "name": "冷链贷款贴息"}).status_code == 302, "any depth"
    again = client.post(create, {"parent": world.category.pk, "name": "冷链贷款"})
    assert again.status_code == 200 and "已有同名类别" in again.content.decode()
    page = client.get(reverse("problems:category_list")).content.decode()
    assert "金融服务" in page and "按上级类别" in page, "the shipped kinds, and those that follow them"
    client.post(reverse("problems:category_move", args=[second.pk]), {"to": "up"})
    assert list(Category.objects.filter(region=region, parent=world.category).order_by("order", "pk")) == [
        second,
        first,
    ]
    edit = reverse("problems:category_edit", args=[first.pk])
    wrong = client.post(edit, {"name": "冷链融资", "kinds": ["safety", "x"]})
    assert wrong.status_code == 200 and set(wrong.context["form"].errors) == {"kinds"}
    assert client.post(edit, {"name": "冷链融资", "kinds": ["safety", "finance"]}).status_code == 302
    first.refresh_from_db()
    assert (first.name, first.is_active, first.kinds) == ("冷链融资", False, ["safety", "finance"])
    shown = client.get(reverse("problems:create")).content.decode()
    assert "活牛抵押" in shown and "· 冷链融资" not in shown and "冷链贷款贴息" not in shown


def test_common_categories_are_nobody_s_to_change(world, client_of):
    edit = reverse("problems:category_edit", args=[world.category.pk])
    assert client_of("county_officer").get(edit).status_code == 403
    assert client_of("county_officer").post(edit, {"name": "改名"}).status_code == 403
    foreign = make.CategoryFactory(region=world.other.region, parent=world.category)
    assert client_of("county_officer").get(reverse("problems:category_edit", args=[foreign.pk])).status_code == 404


def test_forms_offer_the_tree_of_the_entry_s_region_only(world, client_of):
    own = make.CategoryFactory(name="本县类别", region=world.own.region, parent=world.category)
    foreign = make.CategoryFactory(name="外县类别", region=world.other.region, parent=world.category)
    page = client_of("branch_secretary").get(reverse("problems:create")).content.decode()
    assert "本县类别" in page and "外县类别" not in page
    sent = {"title": "试", "text": "试", "source": "visit", "urgency": "ordinary", "category": foreign.pk}
    page = client_of("branch_secretary").post(reverse("problems:create"), sent)
    assert "category" in page.context["form"].errors and not Problem.objects.exists()
    problem = raised(world, category=own)
    from django.core.exceptions import ValidationError

    from problems import lifecycle

    with pytest.raises(ValidationError):
        lifecycle.edit(problem, by=world.actor("county_officer"), category=foreign)


def test_the_filter_takes_everything_below(world, client_of):
    middle = make.CategoryFactory(name="中层", parent=world.category, region=world.own.region)
    deep = make.CategoryFactory(name="底层", parent=middle, region=world.own.region)
    problem = raised(world, category=deep)
    other = raised(world, category=make.CategoryFactory(name="别的"), title="另一件完全不同的事")
    page = client_of("county_officer").get(reverse("problems:list"), {"category": world.category.pk}).content.decode()
    assert problem.number in page and other.number not in page
