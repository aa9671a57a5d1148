"""The database that `migrate` makes has every index and constraint that the models declare."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from core.migrating import drawn_once

pytestmark = pytest.mark.django_db


def test_every_declared_index_and_constraint_is_in_the_database():
    wanted = {
        (model._meta.db_table, each.name)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        for each in (*model._meta.indexes, *model._meta.constraints)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'")
        found = set(cursor.fetchall())
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE conrelid <> 0")
        found |= set(cursor.fetchall())
    assert len(wanted) > 100 and wanted <= found


def test_django_is_as_before_after_it():
    before = ProjectState._append_option
    with pytest.raises(RuntimeError), drawn_once():
        assert ProjectState._append_option is not before
        raise RuntimeError
    assert ProjectState._append_option is before
