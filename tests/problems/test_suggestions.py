"""Which units an assignment suggests: by kind, experience and load, with the reason in words."""

import pytest
from django.urls import reverse

from audit.models import Event
from core.clock import today
from core.transitions import Refused
from problems import lifecycle
from problems.lifecycle import categories
from problems.models import Category
from problems.suggestions import Candidate, ranked, suggest
from tests.factories import HelpTeamFactory
from tests.problems.steps import in_state, raised


def keys(*candidates):
    return [one.key for one in ranked(candidates, "融资")]


def test_experience_with_the_like_comes_before_kind_and_kind_before_nothing():
    alike = Candidate("team:1", "甲", solved=(5, 9), alike=(5,))
    fits = Candidate("team:2", "乙", fits=True, kind="金融服务")
    stranger = Candidate("team:3", "丙")
    assert keys(stranger, fits, alike) == ["team:1", "team:2"]


def test_the_lighter_load_decides_between_equals_and_the_order_is_always_the_same():
    busy = Candidate("team:1", "甲", fits=True, kind="金融服务", members=2, running=8)
    idle = Candidate("team:2", "乙", fits=True, kind="金融服务", members=2, running=1)
    twin = Candidate("team:3", "乙", fits=True, kind="金融服务", members=2, running=1)
    assert keys(busy, twin, idle) == keys(idle, busy, twin) == ["team:2", "team:3", "team:1"]


def test_a_heavy_load_outweighs_a_fitting_kind():
    buried = Candidate("team:1", "甲", fits=True, kind="金融服务", members=1, running=12)
    helper = Candidate("department:1", "乙", solved=(6,), members=1, running=0)
    assert keys(buried, helper) == ["department:1", "team:1"]


def test_at_most_five_and_reasons_in_words():
    many = [Candidate(f"team:{n}", f"帮办团{n}", fits=True, kind="金融服务", members=1, running=n) for n in range(8)]
    found = ranked(many, "融资")
    assert len(found) == 5
    assert found[0].reasons == ("类别对口：金融服务", "目前手上没有在办问题")
    one = ranked([Candidate("team:9", "甲", solved=(4, 6, 9), alike=(4, 6), members=3, running=2)], "融资")[0]
    assert one.reasons == ("办结过 2 件相似问题，用时中位数 5 个工作日", "负担最轻：在办 2 件")
    other = ranked([Candidate("team:9", "甲", solved=(4, 6, 9))], "融资")[0]
    assert other.reasons[0] == "办结过 3 件“融资”类问题，用时中位数 6 个工作日"


@pytest.mark.django_db
def test_from_the_ledger(world, client_of):
    finance = Category.objects.get(code="finance-loan")
    bank = HelpTeamFactory(region=world.own.region, name="金融帮办团", kind="finance")
    in_state(world, "closed", category=finance, title="流动资金贷款续贷困难")
    entry = raised(world, category=finance, title="流动资金贷款到期续贷")
    entry = lifecycle.accept(entry, by=world.actor("chain_secretary"))
    officer = world.actor("county_officer")
    found = suggest(entry, officer, today())
    assert [one.key for one in found] == [f"team:{world.own.team.pk}", f"team:{bank.pk}"]
    assert found[0].reasons[0].startswith("办结过 1 件相似问题")
    assert "类别对口：金融服务" in found[1].reasons
    page = client_of("county_officer").get(reverse("problems:act", args=[entry.pk, "assign"]) + f"?lead=team:{bank.pk}")
    html = page.content.decode()
    assert "建议单位" in html
    assert f'<option value="team:{bank.pk}" selected>' in html
    assert "aria-current" in html


@pytest.mark.django_db
def test_a_county_s_own_category_names_the_teams_that_fit(world):
    """Its own kinds; without any those of the nearest category above, up to the shipped ones."""
    officer, region = world.actor("county_officer"), world.own.region
    safety = HelpTeamFactory(region=region, name="安全帮办团", kind="safety")
    bank = HelpTeamFactory(region=region, name="金融帮办团", kind="finance")
    loan = Category.objects.get(code="finance-loan")
    own = categories.add(by=officer, region=region, parent=loan, name="冷链贷款")
    entry = raised(world, category=own)
    assert [one.key for one in suggest(entry, officer, today())] == [f"team:{bank.pk}"]
    categories.change(own, by=officer, name=own.name, is_active=True, kinds=["safety"])
    entry.category.refresh_from_db()
    assert [one.key for one in suggest(entry, officer, today())] == [f"team:{safety.pk}"]


@pytest.mark.django_db
def test_a_county_chooses_the_teams_that_fit_a_common_category(world, client_of):
    """Beside the common ones: for the category and those below it, in the county alone, until it chooses none."""
    officer, region = world.actor("county_officer"), world.own.region
    safety = HelpTeamFactory(region=region, name="安全帮办团", kind="safety")
    bank = HelpTeamFactory(region=region, name="金融帮办团", kind="finance")
    finance, loan = Category.objects.get(code="finance"), Category.objects.get(code="finance-loan")
    entry = raised(world, category=loan)
    page = reverse("problems:category_kinds", args=[finance.pk, region.pk])
    client = client_of("county_officer")
    assert page in client.get(reverse("problems:category_list")).content.decode()
    assert client.post(page, {"kinds": ["x"]}).context["form"].errors["kinds"]
    assert client.post(page, {"kinds": ["safety"]}).status_code == 302
    assert [one.key for one in suggest(entry, officer, today())] == [f"team:{safety.pk}"]
    finance.refresh_from_db()
    assert finance.kinds == ["finance"] and loan.fitting_kinds(world.other.region) == ["finance"]
    shown = client.get(reverse("problems:category_list")).content.decode()
    assert "安全护航（本地区设定）" in shown
    assert "本地区设定" not in client_of("stranger_officer").get(reverse("problems:category_list")).content.decode()
    with pytest.raises(Refused):
        categories.choose_kinds(finance, by=world.actor("stranger_officer"), region=region, kinds=["talent"])
    assert client.post(page).status_code == 302
    assert [one.key for one in suggest(entry, officer, today())] == [f"team:{bank.pk}"]
    told = Event.objects.filter(verb="category.kinds_chosen").order_by("pk")
    assert [event.data["changes"]["kinds"] for event in told] == [[[], ["safety"]], [["safety"], []]]


@pytest.mark.django_db
def test_a_transfer_does_not_suggest_the_present_lead(world):
    finance = Category.objects.get(code="finance-loan")
    in_state(world, "closed", category=finance, title="流动资金贷款续贷困难")
    entry = in_state(world, "in_progress", category=finance, title="流动资金贷款到期续贷")
    assert suggest(entry, world.actor("county_officer"), today()) == []
