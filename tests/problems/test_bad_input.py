"""No form and no call of the API answers 500, whatever is sent; what is not taken is told beside its field."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from problems.actions import ACTIONS
from problems.filters import FilterForm
from problems.forms import ProblemForm
from problems.models import Attachment
from tests.problems.steps import in_state, raised

pytestmark = pytest.mark.django_db
BAD = [
    "\x00",
    "\ud800",
    "一" * 1_000_000,
    "9" * 400,
    "-1",
    "2026-02-30",
    "99999-01-01",
    "None",
    "team:0",
    "team:" + "9" * 40,
    "<b>&\"'",
]
STATE_FOR = {
    "submit": "draft", "assign": "accepted", "sign": "assigned", "resubmit": "returned", "rate": "resolved",
    "close": "resolved", "resume": "suspended", "reopen": "closed", "restore": "declined", "accept": "submitted",
    "decline": "submitted", "merge_into": "submitted", "return_for_completion": "submitted",
}  # fmt: skip
ACTOR_FOR = {
    "submit": "branch_secretary", "sign": "team_member", "object_to": "team_member", "resolve": "team_member",
    "ask_extension": "team_member", "ask_suspension": "team_member", "report_as_cohandler": "department_officer",
    "rate": "branch_secretary", "resubmit": "branch_secretary", "instruct": "leader",
}  # fmt: skip


def typed(value):
    """What a browser can send: half pairs do not survive UTF-8."""
    return value.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_no_step_breaks(world, client_of, name):
    problem = in_state(world, STATE_FOR.get(name, "in_progress"))
    client = client_of(ACTOR_FOR.get(name, "county_officer"))
    names = list(ACTIONS[name].form(problem=problem, actor=world.actor("county_officer")).fields)
    page, call = reverse("problems:act", args=[problem.pk, name]), reverse("api-problem-step", args=[problem.pk, name])
    for bad in [text[:20_000] for text in BAD]:
        with transaction.atomic():
            fields = dict.fromkeys(names, typed(bad)) | {"version": str(problem.version)}
            assert client.post(page, fields).status_code < 500
            transaction.set_rollback(True)
        for body in (dict.fromkeys(names, bad) | {"version": problem.version}, dict.fromkeys([*names, "version"], bad)):
            with transaction.atomic():
                answer = client.post(call, json.dumps(body), content_type="application/json")
                assert answer.status_code < 500
                transaction.set_rollback(True)


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_raising_does_not_break(world, client_of, bad):
    names = ["enterprise", *ProblemForm.base_fields]
    for person in ("county_officer", "branch_secretary"):
        for extra in ({}, {"draft": "1"}):
            fields = dict.fromkeys(names, typed(bad)) | extra
            answer = client_of(person).post(reverse("problems:create"), fields)
            # A body beyond the server's limit is refused whole; anything else is told beside its field.
            assert answer.status_code == 400 or (answer.status_code == 200 and answer.context["form"].errors)
        body = json.dumps(dict.fromkeys(names, bad))
        assert client_of(person).post(reverse("api-problems"), body, content_type="application/json").status_code == 400
    good = {"title": bad, "text": bad, "category": world.category.pk, "source": "call", "urgency": "ordinary"}
    answer = client_of("branch_secretary").post(
        reverse("api-problems"), json.dumps(good), content_type="application/json"
    )
    assert answer.status_code in (201, 400)


@pytest.mark.parametrize("body", ["[]", "null", "7", '"x"', "{", "", '{"title": {"a": 1}, "category": [[]]}'])
def test_a_body_of_another_shape_is_refused(world, client_of, body):
    problem = raised(world)
    for url in (reverse("api-problems"), reverse("api-problem-step", args=[problem.pk, "decline"])):
        assert client_of("county_officer").post(url, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("bad", BAD[1:], ids=range(len(BAD) - 1))
def test_filters_do_not_break(world, client_of, bad):
    raised(world)
    client = client_of("county_officer")
    bad = typed(bad)[:2000]
    fields = dict.fromkeys([*FilterForm.base_fields, "sort", "after", "title"], bad)
    for url in ("problems:list", "problems:export", "problems:similar", "problems:mine"):
        answer = client.get(reverse(url), fields)
        assert answer.status_code == 200
        assert b"".join(answer)  # read to the end, so that a streamed file is closed
    assert client.get(reverse("problems:list"), {"before": bad}).status_code == 200
    assert client.get(reverse("api-problems"), dict.fromkeys(FilterForm.base_fields, bad)).status_code in (200, 400)


@pytest.mark.parametrize("pk", [0, 10**6, 10**18, 10**30])
def test_numbers_of_nothing_are_not_found(world, client_of, pk):
    client = client_of("county_officer")
    for url in (
        reverse("problems:detail", args=[pk]),
        reverse("problems:act", args=[pk, "accept"]),
        reverse("problems:attach", args=[pk]),
        reverse("problems:file", args=[pk, pk]),
        reverse("api-problem", args=[pk]),
    ):
        assert client.get(url).status_code == 404


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("现场.png", PNG, True),
        ("说明.txt", "情况属实".encode("gb18030"), True),
        ("x.png", b"<script>alert(1)</script>", False),
        ("x.html", b"<b>", False),
        ("x.docx", b"PK\x03\x04not a package", False),
        ("x.txt", b"", False),
        ("x.txt", b"\x00\x01", False),
        ("noending", b"x", False),
        ("../../etc/passwd.txt", b"x", True),
    ],
)
def test_files_are_judged_by_their_content(world, client_of, name, content, kept, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    problem = raised(world)
    client = client_of("branch_secretary")
    answer = client.post(reverse("problems:attach", args=[problem.pk]), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == (302 if kept else 200)
    assert Attachment.objects.count() == kept and len([p for p in tmp_path.rglob("*") if p.is_file()]) == kept
    if kept:
        row = Attachment.objects.get()
        assert "/" not in row.name and name.rpartition(".")[0] not in row.storage_name
        fetched = client.get(reverse("problems:file", args=[problem.pk, row.pk]))
        assert b"".join(fetched.streaming_content) == content
        assert (
            fetched["Content-Disposition"].startswith("attachment") and fetched["X-Content-Type-Options"] == "nosniff"
        )
        assert client_of("stranger_officer").get(reverse("problems:file", args=[problem.pk, row.pk])).status_code == 404
