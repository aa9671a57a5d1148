"""Addresses and signing secrets that stand in the table as they were typed become encrypted."""

from django.db import migrations

from core.sealed import seal, unseal

COLUMNS = ("url", "secret")


def _rewrite(schema_editor, change) -> None:
    """By the columns themselves: the model would read an unencrypted text as one that no key opens."""
    with schema_editor.connection.cursor() as cursor:
        for column in COLUMNS:
            cursor.execute(f"SELECT id, {column} FROM notices_channel WHERE {column} <> ''")  # noqa: S608
            for pk, text in cursor.fetchall():
                cursor.execute(f"UPDATE notices_channel SET {column} = %s WHERE id = %s", [change(text), pk])  # noqa: S608


def seal_all(apps, schema_editor):
    _rewrite(schema_editor, lambda text: text if unseal(text) else seal(text))


def unseal_all(apps, schema_editor):
    _rewrite(schema_editor, lambda text: str(unseal(text)) or text)


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_channel_secrets_sealed")]

    operations = [migrations.RunPython(seal_all, unseal_all)]
