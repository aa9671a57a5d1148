"""Bulk data for measuring: right rows, right figures, tables as they were, never beside real records."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliances.models import Region
from demo import heavy
from demo.invented import credit_code
from enterprises.models import Enterprise
from indicators import check
from problems.models import Assignment, Problem, StateSpan

# The command works as the tables' owner on a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def synthesise(*arguments: str) -> str:
    out = io.StringIO()
    call_command("synthesise", *arguments, stdout=out)
    return out.getvalue()


def shape() -> set[tuple]:
    """Indexes, constraints and triggers of the tables that are filled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(pg_get_indexdef(indexrelid), ' WHERE ', 1), indisvalid::text FROM pg_index"
            " WHERE indrelid::regclass::text LIKE 'problems_%'"
            " UNION ALL SELECT conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'problems_%'"
            " UNION ALL SELECT tgname, tgenabled::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'problems_%'"
        )
        return set(cursor.fetchall())


@pytest.mark.parametrize("few", [True, False], ids=["keeping indexes", "rebuilding indexes"])
def test_rows_and_figures(monkeypatch, few):
    if not few:
        monkeypatch.setattr(heavy, "WORTH_REBUILDING", 100)
    before = shape()
    told = synthesise("--problems", "400", "--counties", "2", "--seed", "7")
    assert "problems_problem: 400 rows" in told
    assert shape() == before
    assert Problem.objects.count() == 400
    assert Region.objects.filter(level="county", code__startswith="98").count() == 2
    assert StateSpan.objects.filter(ended_at=None).count() == 400
    assert Assignment.objects.exists()
    months = {day.replace(day=1) for day in Problem.objects.values_list("submitted_on", flat=True)}
    assert len(months) >= 36
    for problem in Problem.objects.select_related("enterprise", "lead_team", "lead_department")[:60]:
        assert problem.region_id == problem.enterprise.region_id
        if problem.lead:
            assert problem.enterprise.region.path.startswith(problem.lead.region.path)
    assert not check.compare().differences
    synthesise("--problems", "50", "--counties", "1", "--seed", "8")
    assert Problem.objects.count() == 450
    assert not check.compare().differences


def test_refused_beside_records_of_a_real_place():
    region = Region.objects.create(name="某县", code="131100", level="county", path="000z")
    Enterprise.objects.create(name="某公司", credit_code=credit_code(5), region=region, joined_on="2024-01-01")
    with pytest.raises(CommandError, match="force"):
        synthesise("--problems", "10", "--counties", "1")
    assert not Problem.objects.exists()
    synthesise("--problems", "10", "--counties", "1", "--force")
    assert Problem.objects.count() == 10


def test_refused_where_demonstrations_are_off(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        synthesise("--problems", "10", "--counties", "1")


def test_bad_numbers():
    with pytest.raises(CommandError, match="At least one"):
        synthesise("--problems", "0")
