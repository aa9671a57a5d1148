"""The pages of closed months and targets, walked through as people do."""

import pytest
from django.urls import reverse

from closing.models import Closing, Target
from indicators.drain import drain
from tests import factories as make
from tests.problems.steps import day, in_state, raised


@pytest.fixture
def busy(world):
    in_state(world, "in_progress")
    while drain():
        pass
    return world


def act(place_url, step):
    return f"{place_url}{step}/"


def test_a_secretary_submits_and_the_officer_locks_on_the_pages(busy, client_of):
    committee = busy.own.committees[0]
    url = reverse("closing:detail", args=["committee", committee.pk, "2026-03"])
    secretary, officer, leader = (client_of(one) for one in ("chain_secretary", "county_officer", "leader"))
    assert url in secretary.get(reverse("closing:list") + "?month=2026-05").content.decode()
    assert act(url, "submit") not in leader.get(url).content.decode()
    page = secretary.get(act(url, "submit")).content.decode()
    assert "审核前还可以退回" in page
    assert secretary.post(act(url, "submit"), {"version": 0}).status_code == 302
    shown = secretary.get(url).content.decode()
    assert "待审核" in shown and "由组织部工作人员办理" in shown
    assert secretary.get(act(url, "approve")).status_code == 403

    assert officer.post(act(url, "approve"), {"version": 0}).status_code == 200, "somebody acted since"
    officer.post(act(url, "approve"), {"version": 1})
    answer = officer.post(act(url, "lock"), {"version": 2, "reason": ""}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422 and not Closing.objects.filter(state="locked").exists()
    officer.post(act(url, "lock"), {"version": 2, "reason": "数据已核对"})
    shown = leader.get(url).content.decode()
    assert "已封账" in shown and "数据已核对" in shown and "云岭县及上级组织部工作人员" in shown
    assert "封账之后没有变动" in shown

    raised(busy, at=day(12), title="补登的事项")
    while drain():
        pass
    shown = officer.get(url).content.decode()
    assert "补登的事项" in shown and "+1个" in shown
    april = url.replace("2026-03", "2026-04")
    assert "期初（上月封账数）" in officer.get(april).content.decode()
    for wrong in ("2026-13", "2199-01", "x"):
        assert officer.get(url.replace("2026-03", wrong)).status_code == 404
    assert officer.get(act(url, "vanish")).status_code == 404
    assert officer.get(reverse("closing:list") + "?month=x").status_code == 200

    until = {"version": 3, "reason": "补报", "until": "2020-01-01"}
    assert "截止日期不能早于今天" in officer.post(act(url, "reopen"), until).content.decode()
    officer.post(act(url, "reopen"), until | {"until": "2099-12-31"})
    assert "可办理至2099-12-31" in officer.get(url).content.decode()


def test_a_target_is_set_revised_and_withdrawn_on_the_pages(busy, client_of):
    officer, secretary = client_of("county_officer"), client_of("chain_secretary")
    committee = busy.own.committees[0]
    scope = f"committee:{committee.pk}"
    listed, create = reverse("closing:target_list"), reverse("closing:target_create")
    assert "还没有目标" in officer.get(f"{listed}?scope={scope}").content.decode()
    given = {
        "scope": scope, "indicator": "problems_raised", "value": "40", "unit": "家次", "first_year": "2026",
        "years": "1", "source": "年度计划",
    }  # fmt: skip
    page = officer.post(create, given).content.decode()
    assert "不能用“家次”" in page and 'value="40"' in page
    assert officer.post(create, given | {"scope": "committee:99999999"}).status_code == 200
    assert officer.post(create, given | {"unit": "个"}).status_code == 302
    target = Target.objects.get()
    shown = secretary.get(f"{listed}?scope={scope}&year=2026").content.decode()
    assert "收集困难问题" in shown and "40个" in shown and "2.5%" in shown
    edit = reverse("closing:target_edit", args=[target.pk])
    assert edit not in shown and secretary.get(edit).status_code == 403
    officer.post(edit, {"value": "50", "unit": "个", "source": "调整通知", "version": 0})
    assert "50个" in officer.get(f"{listed}?scope={scope}&year=2026").content.decode()
    officer.post(reverse("closing:target_withdraw", args=[target.pk]), {"reason": "计划取消", "version": 1})
    assert not Target.objects.standing().exists()
    assert officer.get(edit).status_code == 404


def test_the_list_costs_the_same_for_few_units_and_many(busy, client_of, django_assert_max_num_queries):
    officer = client_of("county_officer")
    address = reverse("closing:list")
    officer.get(address)
    with django_assert_max_num_queries(40) as few:
        officer.get(address)
    for _number in range(5):
        make.CommitteeFactory(chain=make.ChainFactory(region=busy.own.region))
    with django_assert_max_num_queries(len(few)):
        officer.get(address)
