"""The inbox, the bell, the preferences: what a person sees and does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from notices.models import Notice, Preference
from notices.querysets import RECORDS
from problems import lifecycle
from tests import factories as make
from tests.problems.steps import day, raised

pytestmark = pytest.mark.django_db


def assigned(world, title="冷链运输车辆不足"):
    """An entry that the help team got just now; answers it."""
    problem = lifecycle.raise_problem(
        by=world.actor("branch_secretary"), enterprise=world.own.enterprises[0], category=world.category, title=title,
        text="旺季冷藏车紧缺。",
    )  # fmt: skip
    problem = lifecycle.accept(problem, by=world.actor("chain_secretary"))
    return lifecycle.assign(problem, by=world.actor("county_officer"), team=world.own.team)


def test_unread_first_with_reason_and_it_opens_the_record(world, at, told, client_of):
    at(day(0))
    problem = assigned(world)
    told()
    client = client_of("team_member")
    page = client.get("/inbox/").content.decode()
    assert "交办给云岭县营商帮办团" in page and "因为您是云岭县营商帮办团成员" in page and "未读" in page
    notice = Notice.objects.get(user=world.people["team_member"])
    answer = client.post(f"/inbox/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, f"/problems/{problem.pk}/")
    notice.refresh_from_db()
    assert notice.is_read and notice.read_at == day(0)
    assert "全部标为已读" not in client.get("/inbox/").content.decode()


def test_what_came_since_the_page_was_shown_stays_unread(world, at, told, client_of):
    at(day(0))
    assigned(world)
    told()
    client = client_of("team_member")
    newest = client.get("/inbox/").context["newest"]
    assigned(world, "用电增容")
    told()
    client.post("/inbox/read/", {"newest": newest, "kind": ""})
    unread = Notice.objects.get(user=world.people["team_member"], is_read=False)
    assert unread.data["record_title"] == "用电增容"


def test_filter_and_keyset_pages_hold_every_notice_once(world, at, told, client_of):
    at(day(0))
    problem = assigned(world)
    user = world.people["team_member"]
    Notice.objects.bulk_create(
        Notice(
            user=user, kind="urged" if n % 2 else "answer", code="urge", reason="team", unit="团", problem=problem,
            key=f"n{n}", created_at=clock.now(), is_read=n % 3 == 0, read_at=clock.now() if n % 3 == 0 else None,
        )
        for n in range(95)
    )  # fmt: skip
    client, seen, url = client_of("team_member"), [], "/inbox/"
    while url:
        page = client.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url = f"/inbox/{page.next_url}" if page.next_url else ""
    wanted = list(Notice.objects.filter(user=user).order_by("is_read", "-pk").values_list("pk", flat=True))
    assert seen == wanted
    rows = client.get("/inbox/?kind=urged").context["page"].rows
    assert rows and {row.kind for row in rows} == {"urged"}
    assert client.get("/inbox/?kind=nonsense").status_code == 200


def test_nobody_sees_or_marks_the_notices_of_others(world, at, told, client_of):
    at(day(0))
    assigned(world)
    told()
    notice = Notice.objects.get(user=world.people["team_member"])
    for person in ("county_officer", "stranger_officer"):
        assert client_of(person).post(f"/inbox/{notice.pk}/read/").status_code == 404
    notice.refresh_from_db()
    assert not notice.is_read


def test_a_record_out_of_sight_takes_its_notices_along(world, at, told, client_of):
    at(day(0))
    assigned(world)
    told()
    client = client_of("team_member")
    assert client.get("/inbox/bell/").context["bell"]["count"] == 1
    world.people["team_member"].posts.update(team=world.other.team)
    assert "冷链运输车辆不足" not in client.get("/inbox/").content.decode()
    assert client.get("/inbox/bell/").context["bell"]["count"] == 0


def test_the_bell_counts_to_99_and_more_in_two_bounded_statements(world, at, client_of):
    at(day(0))
    problem = assigned(world)
    user = world.people["team_member"]
    client = client_of("team_member")
    client.get("/inbox/bell/")
    with CaptureQueriesContext(connection) as few:
        client.get("/problems/mine/")
    Notice.objects.bulk_create(
        Notice(
            user=user, kind="urged", code="urge", reason="team", problem=problem, key=f"n{n}", created_at=clock.now()
        )
        for n in range(400)
    )
    with CaptureQueriesContext(connection) as many:
        page = client.get("/problems/mine/").content.decode()
    assert len(many) == len(few) + 1, "what kind of record waits, and which of them are in sight"
    told = [one["sql"] for one in many if "notices_notice" in one["sql"]]
    assert "LIMIT 100" in told[-1] and told[-2].count("LIMIT 1)") == len(RECORDS)
    assert "99+" in page


def test_what_is_out_of_sight_does_not_hide_what_waits(world, at, client_of):
    """A hundred notices of entries that went with a post, and one of a decision that is the person's own."""
    at(day(0))
    user = world.people["department_officer"]
    foreign = raised(world, by="stranger_secretary", enterprise=world.other.enterprises[0])
    told = {"user": user, "code": "urge", "reason": "team", "created_at": clock.now()}
    Notice.objects.bulk_create(Notice(**told, kind="urged", problem=foreign, key=f"n{number}") for number in range(120))
    client = client_of("department_officer")
    assert client.get("/inbox/bell/").context["bell"]["count"] == 0
    decision = make.DecisionFactory(
        meeting=make.MeetingFactory(committee=world.own.committees[0]), owner_department=world.own.departments[0]
    )
    Notice.objects.create(**told, kind="decision", decision=decision, key="d")
    assert client.get("/inbox/bell/").context["bell"]["count"] == 1


def test_the_bell_never_leads_a_signed_out_person_away(stranger):
    answer = stranger.get("/inbox/bell/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"") and "HX-Redirect" not in answer.headers


def test_an_empty_inbox_says_what_comes_here(client_of):
    assert "收件箱是空的" in client_of("leader").get("/inbox/").content.decode()


def test_english_readers_read_english(world, at, told, client_of):
    at(day(0))
    assigned(world)
    told()
    client = client_of("team_member")
    client.cookies["django_language"] = "en"
    page = client.get("/inbox/").content.decode()
    assert "Inbox" in page and "because you are" in page.lower()


# --- preferences --------------------------------------------------------------------------------------------------
def choose(client, **values):
    data = {"inbox": [], "mail": [], "language": "zh-hans", "email": "", **values}
    return client.post("/inbox/preferences/", data)


def test_what_is_switched_off_is_not_written_but_papers_always_come(world, at, told, client_of):
    at(day(0))
    assert choose(client_of("team_member"), inbox=["urged"]).status_code == 302
    assert set(Preference.objects.get().not_in_inbox) >= {"assigned", "reminder"}
    assert "slip" not in Preference.objects.get().not_in_inbox
    problem = assigned(world)
    assert "team_member" not in told()
    lifecycle.instruct(problem, by=world.actor("leader"), text="请抓紧。", report_by_on=day(5).date())
    lifecycle.urge(problem, by=world.actor("branch_secretary"))
    assert told()["team_member"] == ["instruct", "urge"]


def test_the_own_address_is_kept_and_the_trail_knows_without_it(world, client_of, settings):
    from audit.models import Event

    settings.EMAIL_DOMAINS = ["county.example"]
    client = client_of("team_member")
    assert "只能使用这些邮箱" in choose(client, email="me@elsewhere.example").content.decode()
    assert choose(client, email="me@county.example", digest="on").status_code == 302
    world.people["team_member"].refresh_from_db()
    assert world.people["team_member"].email == "me@county.example"
    event = Event.objects.get(verb="user.email_set")
    assert "county.example" not in str(event.data)


@pytest.mark.parametrize("data", [{"language": "xx"}, {"language": "en", "inbox": ["nonsense"]}, {"email": "\x00"}])
def test_bad_input_is_said_beside_the_field(client_of, data):
    answer = client_of("leader").post("/inbox/preferences/", data)
    assert answer.status_code in (200, 400)
    assert not Preference.objects.exists()
