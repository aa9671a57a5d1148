"""Writing some columns of many rows in one statement."""

from collections.abc import Sequence

from django.db import connection, models


def update(rows: Sequence[models.Model], names: Sequence[str]) -> int:
    """Write these fields of saved rows of one model; answers how many rows were written.

    As `bulk_update`, whose CASE for each value costs more to build than the statement to run: some ten times as fast
    for a hundred rows. Triggers of the table fire as for any update.
    """
    if not rows:
        return 0
    meta = type(rows[0])._meta
    fields = [meta.pk, *(meta.get_field(name) for name in names)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    columns = [field.column for field in fields]
    lists = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
    table, key = meta.db_table, meta.pk.column
    written = ", ".join(f"{column} = v.{column}" for column in columns[1:])
    source = f"unnest({lists}) AS v({', '.join(columns)})"
    statement = f"UPDATE {table} t SET {written} FROM {source} WHERE t.{key} = v.{key}"  # noqa: S608 - names of fields
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
