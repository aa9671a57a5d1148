"""An enterprise with a Party organisation has Party work: the second coverage begins with the first one's spells."""

from django.db import migrations


def copy_spells(apps, schema_editor):
    schema_editor.execute(
        """
        INSERT INTO enterprises_coveragespell
            (coverage, enterprise_id, membership_id, region_id, chain_id, committee_id, from_on, until_on)
        SELECT 'work', enterprise_id, membership_id, region_id, chain_id, committee_id, from_on, until_on
        FROM enterprises_coveragespell WHERE coverage = 'organisation'
        """
    )


def remove_spells(apps, schema_editor):
    apps.get_model("enterprises", "CoverageSpell").objects.filter(coverage="work").delete()


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0004_common_kinds")]
    operations = [migrations.RunPython(copy_spells, remove_spells)]
