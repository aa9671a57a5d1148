from django.db import migrations, models

import indicators.models

CELL = [
    ("region_id", models.BigIntegerField()),
    ("chain_id", models.BigIntegerField()),
    ("committee_id", models.BigIntegerField()),
    ("month", models.DateField()),
]


class Migration(migrations.Migration):
    """Facts and presences get their cell as the only key. They are derived, so they are made anew: the next
    count after `migrate` fills them."""

    dependencies = [("indicators", "0001_figures")]

    operations = [
        migrations.DeleteModel("Fact"),
        migrations.DeleteModel("Presence"),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "region_id",
                        "chain_id",
                        "committee_id",
                        "indicator",
                        "month",
                        "bucket",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                *CELL,
                ("bucket", models.IntegerField()),
                ("own", indicators.models.Number(decimal_places=20, max_digits=60)),
                ("total", indicators.models.Number(decimal_places=20, max_digits=60)),
            ],
            options={
                "verbose_name": "指标数据",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="fact_month_first_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "indicator",
                        "entity_id",
                        "region_id",
                        "chain_id",
                        "committee_id",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                ("entity_id", models.BigIntegerField()),
                *CELL,
            ],
            options={
                "verbose_name": "到场记录",
                "indexes": [models.Index(fields=["indicator", "region_id", "month"], name="presence_cell")],
            },
        ),
        migrations.RunSQL("DELETE FROM indicators_progress", migrations.RunSQL.noop),
    ]
