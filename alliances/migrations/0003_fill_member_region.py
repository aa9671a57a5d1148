from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    member = apps.get_model("alliances", "TeamMember")
    team = apps.get_model("alliances", "HelpTeam")
    regions = team.objects.filter(pk=OuterRef("team_id")).values("region_id")
    member.objects.filter(region=None).update(region_id=Subquery(regions[:1]))


class Migration(migrations.Migration):
    dependencies = [("alliances", "0002_figure_indexes_and_member_region")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
