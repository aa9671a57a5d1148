from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    committee = apps.get_model("chains", "Committee")
    region = apps.get_model("alliances", "Region")
    levels = region.objects.filter(pk=OuterRef("region_id")).values("level")
    committee.objects.filter(level="").update(level=Subquery(levels[:1]))


class Migration(migrations.Migration):
    dependencies = [("chains", "0002_figure_indexes_and_committee_level")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
