"""Which kinds of help team fit the common categories, until now written in the code of the suggestions."""

from django.db import migrations

KINDS = {
    "policy": ["business"],
    "labour": ["talent"],
    "land": ["planning"],
    "finance": ["finance"],
    "market": ["attraction", "business"],
    "park": ["planning", "business"],
    "talent": ["talent"],
    "construction": ["planning"],
    "technology": ["technology"],
    "logistics": ["business"],
    "environment": ["safety"],
    "other": ["other", "business"],
}


def fill(apps, schema_editor):
    categories = apps.get_model("problems", "Category").objects.filter(region=None, kinds=[])
    for code, kinds in KINDS.items():
        categories.filter(code=code).update(kinds=kinds)


class Migration(migrations.Migration):
    dependencies = [("problems", "0016_rule_revisions_answer_days_team_kinds")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
