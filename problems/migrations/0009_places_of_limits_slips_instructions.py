"""Limits, slips and instructions carry the place of their entry, as spans do, so that figures can count them.

Nothing has written these three tables before this migration: `region` needs no first value.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0004_member_region_required"),
        ("chains", "0004_committee_level_known"),
        ("enterprises", "0002_figure_indexes"),
        ("problems", "0008_rulebook_reach_and_deep_categories"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="instruction",
            name="chain",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.chain"
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="committee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.committee"
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="enterprise",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="region",
            field=models.ForeignKey(
                default=0, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alliances.region"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="slip",
            name="chain",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.chain"
            ),
        ),
        migrations.AddField(
            model_name="slip",
            name="committee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.committee"
            ),
        ),
        migrations.AddField(
            model_name="slip",
            name="enterprise",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
            ),
        ),
        migrations.AddField(
            model_name="steplimit",
            name="chain",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.chain"
            ),
        ),
        migrations.AddField(
            model_name="steplimit",
            name="committee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chains.committee"
            ),
        ),
        migrations.AddField(
            model_name="steplimit",
            name="enterprise",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
            ),
        ),
        migrations.AddField(
            model_name="steplimit",
            name="region",
            field=models.ForeignKey(
                default=0, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alliances.region"
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(fields=["region", "given_on"], name="instruction_region_given"),
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(fields=["committee", "given_on"], name="instruction_committee_given"),
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(
                condition=models.Q(("reported_on", None)), fields=["report_by_on"], name="instruction_open"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(
                    models.Q(("bounces__gt", 0), ("reopened_times__gt", 0), _connector="OR"), ("ended_on", None)
                ),
                fields=["id"],
                name="problem_troubled",
            ),
        ),
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(fields=["committee", "issued_on"], name="slip_committee_issued"),
        ),
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(condition=models.Q(("answered_on", None)), fields=["answer_due_on"], name="slip_open"),
        ),
        migrations.AddIndex(
            model_name="steplimit",
            index=models.Index(
                condition=models.Q(("dropped_on", None), ("met_on", None), ("step", "wait")),
                fields=["started_on"],
                name="steplimit_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="steplimit",
            index=models.Index(
                condition=models.Q(("met_on__isnull", False)), fields=["region", "met_on"], name="steplimit_region_met"
            ),
        ),
        migrations.AddIndex(
            model_name="steplimit",
            index=models.Index(
                condition=models.Q(("met_on__isnull", False)),
                fields=["committee", "met_on"],
                name="steplimit_committee_met",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="problem",
            trigger=pgtrigger.compiler.Trigger(
                name="places_follow",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."chain_id" IS DISTINCT FROM (NEW."chain_id") OR OLD."committee_id" IS DISTINCT FROM (NEW."committee_id") OR OLD."enterprise_id" IS DISTINCT FROM (NEW."enterprise_id") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id"))',
                    func="\n                    UPDATE problems_steplimit SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,\n                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;\n                    UPDATE problems_slip SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,\n                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;\n                    UPDATE problems_instruction SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,\n                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;\n                    RETURN NULL;\n                ",
                    hash="d5d4502aa17d2d7d44fdf2bd68ae26bb6176153c",
                    operation='UPDATE OF "enterprise_id", "region_id", "chain_id", "committee_id"',
                    pgid="pgtrigger_places_follow_286b6",
                    table="problems_problem",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="steplimit",
            name="in_time",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(met_on=None, then=models.Value(None)),
                    default=models.ExpressionWrapper(
                        models.Q(("met_on__lte", models.F("due_on"))), output_field=models.BooleanField()
                    ),
                ),
                output_field=models.BooleanField(null=True),
            ),
        ),
    ]
