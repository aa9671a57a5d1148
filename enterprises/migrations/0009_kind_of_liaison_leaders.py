"""The common kind of the county leaders who each liaise with enterprises (县级领导对接企业)."""

from django.db import migrations

CODE = "leader-liaison"


def add_kind(apps, schema_editor):
    values = {"name": "县级领导对接企业", "order": 130, "counts_as": "liaison_leader", "posted_to": "enterprise"}
    apps.get_model("enterprises", "PostingKind").objects.get_or_create(code=CODE, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0008_liaison_leaders")]
    operations = [migrations.RunPython(add_kind, migrations.RunPython.noop)]
