"""Writing an import: at once what would be written one by one, all of it or nothing, whenever the worker dies."""

import datetime as dt
import random

import pytest
from django.db import connection, transaction

from alliances import lifecycle as alliances
from alliances.models import Department, HelpTeam
from audit.models import Event
from audit.records import version, versions
from core import clock
from core.transitions import Refused
from enterprises.lifecycle import save_enterprise, save_enterprises
from enterprises.models import ChainMembership, Enterprise
from exchange import lifecycle
from exchange.enums import ImportState, Outcome
from exchange.imports import declarations, working
from exchange.models import Import
from indicators.drain import drain
from indicators.models import Fact, Presence
from tests.exchange.test_imports import checked, code, firm, outcomes, ran, table, uploaded, worked

pytestmark = pytest.mark.django_db


def picture(*, figures=False):
    """What stands in the registers, in the trail and in the figures, without numbers of rows and moments."""
    while figures and drain():
        pass
    tables = {}
    for model, passed in (
        (Enterprise, {"id"}),
        (ChainMembership, {"id", "enterprise_id"}),
        (Department, {"id"}),
        (HelpTeam, {"id"}),
        (Fact, {"id"}),
        (Presence, {"id", "entity", "entity_id"}),
        (Enterprise.pgh_event_model, {"pgh_id", "pgh_created_at", "pgh_obj_id", "id"}),
        (ChainMembership.pgh_event_model, {"pgh_id", "pgh_created_at", "pgh_obj_id", "id", "enterprise_id"}),
        (Event, {"id", "at", "object_id"}),
    ):
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in passed]
        tables[model.__name__] = sorted(map(repr, model._base_manager.values_list(*names)))
    return tables


def within(act):
    """What `act` answers; nothing of it stays."""
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    return result


def firms(world):
    towns, chain, link = world.own.towns, world.own.chains[0], world.own.link
    for number in range(6):
        values = {
            "name": f"新{number}公司", "short_name": "", "credit_code": code(number), "region": towns[number % 2],
            "scale": "medium", "is_above_scale": number == 1, "joined_on": dt.date(2026, 3, 5), "business": "肉牛",
        }  # fmt: skip
        yield values, {"chain": chain if number % 3 else None, "link": link if number % 3 == 1 else None}


def test_many_at_once_leave_what_one_by_one_leaves(world):
    officer, county = world.actor("county_officer"), world.own.region
    units = [({"name": f"新{n}局", "region": county, "is_active": True}, {}) for n in range(3)]
    teams = [({"name": f"新{n}团", "region": county, "founded_on": dt.date(2026, 3, 5)}, {}) for n in range(3)]

    def singly():
        for values, options in firms(world):
            save_enterprise(Enterprise(), values, by=officer, **options)
        for values, _options in units:
            alliances.save_department(Department(), values, by=officer)
        for values, _options in teams:
            alliances.save_team(HelpTeam(), values, by=officer)
        return picture(figures=True)

    def at_once():
        made = save_enterprises(firms(world), by=officer)
        assert versions(made) == {row.pk: version(Enterprise.objects.get(pk=row.pk)) for row in made}
        alliances.save_departments(units, by=officer)
        alliances.save_teams(teams, by=officer)
        return picture(figures=True)

    before, one_by_one, many = picture(figures=True), within(singly), within(at_once)
    for name, rows in one_by_one.items():
        assert many[name] == rows, name
        assert name in ("Presence",) or rows != before[name], name


def test_many_at_once_are_refused_as_one_is(world):
    officer, stranger = world.actor("county_officer"), world.actor("stranger_officer")
    with pytest.raises(Refused):
        save_enterprises(firms(world), by=stranger)
    foreign = [(values, {**options, "chain": world.other.chains[0], "link": world.own.link}) for values, options in
               firms(world)]  # fmt: skip
    with pytest.raises(Refused):
        save_enterprises(foreign, by=officer)
    with pytest.raises(Refused):
        alliances.save_departments([({"name": "新局", "region": world.own.region}, {})], by=stranger)
    assert not Enterprise.objects.filter(name__startswith="新").exists()


def test_of_all_rows_none_is_written_where_one_is_refused(world, monkeypatch):
    monkeypatch.setattr(working, "WRITTEN_AT_ONCE", 2)
    one = checked(world, table(*[firm(number) for number in range(1, 6)]))
    other = firm(3, 企业名称="抢先公司")
    ran(world, checked(world, table(other)))
    Enterprise.objects.filter(credit_code=code(3)).update(region=world.other.towns[0])  # out of the officer's sight
    one = ran(world, one)
    assert (one.state, one.written, one.done) == (ImportState.FAILED, 0, 0)
    assert "第 5 行" in one.error and not Enterprise.objects.filter(name__startswith="新").exists()
    assert outcomes(one) == [Outcome.NEW, Outcome.NEW, Outcome.WRONG, Outcome.NEW, Outcome.NEW]
    # The good ones alone go past it.
    one = ran(world, checked(world, table(*[firm(number) for number in range(1, 6)])), good_only=True)
    assert (one.state, one.written) == (ImportState.DONE, 4), one.error


class Killed(BaseException):
    pass


class Killer:
    """Counts the statements of a block; at the `at`th the process dies."""

    def __init__(self, at=None):
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.count += 1
            if self.count == self.at:
                raise Killed
        return execute(sql, params, many, context)


def test_a_worker_killed_anywhere_leaves_nothing_half_written(world, monkeypatch):
    """Ten points of two imports, of all rows and of the good ones: what is seen is whole, and the next worker ends at
    what an undisturbed one does."""
    monkeypatch.setattr(working, "WRITTEN_AT_ONCE", 4)
    old = world.own.enterprises[0]
    rows = [firm(number, 产业链=world.own.chains[0].name if number % 2 else None) for number in range(1, 10)]
    changed = firm(10, 信用代码=old.credit_code, 企业名称=old.name, 所属乡镇=None, 入链时间=None)
    content = table(*rows[:5], changed, *rows[5:])
    chance = random.Random(20261128)
    for good_only in (False, True):
        one = checked(world, content)
        lifecycle.run(one, good_only=good_only, by=world.actor("county_officer"))

        def undisturbed(one=one):
            with connection.execute_wrapper(killer := Killer()):
                assert worked(one).state == ImportState.DONE
            return killer.count, one.written, picture()

        total, written, wanted = within(undisturbed)
        assert written == 10
        for at in chance.sample(range(1, total + 1), 5):

            def killed(one=one, at=at, good_only=good_only):
                with pytest.raises(Killed), connection.execute_wrapper(Killer(at)):
                    working.work(one.pk)
                one.refresh_from_db()
                new = Enterprise.objects.filter(name__startswith="新").count()
                told = one.rows.filter(is_written=True).count()
                assert one.written == told, at
                assert told in ({0, 4, 8, 10} if good_only else {0}) and new in (told, told - 1), at
                Import.objects.filter(pk=one.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
                assert worked(one).state == ImportState.DONE, (at, one.error)
                return one.written, picture()

            print("killed at statement", at, "of", total)
            assert within(killed) == (written, wanted), at
        Import.objects.filter(pk=one.pk).delete()


def test_progress_of_all_rows_is_told_while_nothing_is_seen(world, monkeypatch):
    monkeypatch.setattr(working, "WRITTEN_AT_ONCE", 2)
    told = []
    monkeypatch.setattr(working.progress, "tell", lambda number, done: told.append(done))
    ran(world, checked(world, table(*[firm(number) for number in range(1, 6)])))
    assert told == [2, 4, 5]


def test_the_cost_of_writing_does_not_grow_by_the_row(world):
    from django.test.utils import CaptureQueriesContext

    def queries(first, rows):
        chain = world.own.chains[0].name
        one = uploaded(world, table(*[firm(first + number, 产业链=chain) for number in range(rows)]))
        officer, spec = world.actor("county_officer"), declarations.find("enterprises")
        with CaptureQueriesContext(connection) as judged:
            lifecycle.check(one, one.mapping, by=officer)
            worked(one)
        lifecycle.run(one, good_only=False, by=officer)
        with CaptureQueriesContext(connection) as spent:
            assert worked(one).written == rows, spec
        return len(judged), len(spent)

    few, many = queries(100, 3), queries(200, 23)
    assert many[0] - few[0] <= 3 and many[1] - few[1] <= 3
