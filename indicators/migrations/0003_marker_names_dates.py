import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A marker says by which dates its rows fall into the month, so that only their figures are counted again."""

    dependencies = [("indicators", "0002_facts_keyed_by_cell")]

    operations = [
        migrations.AddField(
            model_name="marker",
            name="dates",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
        ),
    ]
