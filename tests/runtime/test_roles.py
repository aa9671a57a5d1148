"""The tests, like the product, work as a role that is neither superuser nor owner of anything."""

import pytest
from django.db import ProgrammingError, connection, transaction

from core.owner import append_only_tables

pytestmark = pytest.mark.django_db


def one(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def test_connection_is_the_web_role():
    rights = "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
    assert one(f"{rights} WHERE rolname = current_user") == ("chain_web", False, False, False, False)


def test_web_role_owns_nothing_and_belongs_to_nobody():
    assert one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)
    assert one("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole") == (0,)


def test_web_role_cannot_create_a_table():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        one("CREATE TABLE mine (id int)")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"],
)
def test_trail_cannot_be_changed(statement):
    assert "audit_event" in append_only_tables()
    for table in append_only_tables():
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            one(statement.format(table))


def test_every_append_only_table_can_be_read_and_added_to():
    for table in append_only_tables():
        assert one("SELECT has_table_privilege(%s, 'SELECT') AND has_table_privilege(%s, 'INSERT')", table, table) == (
            True,
        )
