"""Loading: once, never twice, only where demonstrations are on."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from demo import accounts, loading
from demo.published import SYSTEMS

pytestmark = pytest.mark.django_db


def picture() -> dict[str, tuple]:
    """Rows of every table and a digest of what they say."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), sum(hashtext(t::text)::bigint) FROM "{table}" t')
            found[table] = cursor.fetchone()
    return found


def demo(*arguments: str) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_both_load_and_a_second_load_changes_nothing(capsys, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "for a test only")
    told = demo("yunling", "longjiang")
    with capsys.disabled():
        sys.stdout.write("\n" + told)
    assert "yunling: 150 enterprises" in told
    assert "longjiang: 68 enterprises, 57 Party organisations, 46 problems" in told
    before = picture()
    again = demo("yunling", "longjiang")
    assert again.count("there already, nothing changed") == 2
    assert picture() == before


def test_accounts_are_listed_and_have_the_password(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "for a test only")
    demo("yunling")
    names = [name for name, _role, _place in accounts.list_accounts()]
    assert names == [
        "county_officer.yunling", "leader.yunling", "chain_secretary.yunling", "team_member.yunling",
        "department_officer.yunling", "branch_secretary.yunling", "auditor.yunling", "system_admin",
    ]  # fmt: skip
    for user in User.objects.filter(username__in=names):
        assert user.is_demo
        assert user.check_password("for a test only")
        assert user.posts.count() == 1
    assert not User.objects.filter(is_demo=False).exists()
    monkeypatch.setenv("DEMO_PASSWORD", "another one")
    assert "new password" in demo("yunling")
    assert User.objects.get(username="leader.yunling").check_password("another one")


def test_listing():
    told = demo("--list")
    for name in ("yunling", *SYSTEMS):
        assert name in told
    assert "hefei: not loaded." in demo("--compare", "hefei")


def test_unknown_name():
    with pytest.raises(CommandError, match="nowhere"):
        demo("nowhere")


def test_refused_where_demonstrations_are_off(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        demo("yunling")
    assert not User.objects.exists()


def test_a_failure_leaves_nothing(monkeypatch):
    before = picture()
    monkeypatch.setattr(loading.recount, "rebuild", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo("yunling")
    after = picture()
    assert after == before
