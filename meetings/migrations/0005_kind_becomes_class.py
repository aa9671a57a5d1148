"""What a meeting counts as keeps its values under the name that says so; two more states, one more class."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0004_member_region_required"),
        ("chains", "0004_committee_level_known"),
        ("meetings", "0004_agenda_items_say_how_they_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="meeting",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="meeting",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="meeting",
            name="meeting_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="meeting",
            name="meeting_state_known",
        ),
        migrations.RenameField(model_name="meeting", old_name="kind", new_name="counts_as"),
        migrations.RenameField(model_name="meetingevent", old_name="kind", new_name="counts_as"),
        migrations.AlterField(
            model_name="meeting",
            name="counts_as",
            field=models.CharField(
                choices=[
                    ("committee", "党委会"),
                    ("joint", "联席会"),
                    ("progress", "推进会"),
                    ("special", "专题会"),
                    ("other", "其他会议"),
                ],
                default="committee",
                max_length=10,
                verbose_name="会议类别",
            ),
        ),
        migrations.AlterField(
            model_name="meetingevent",
            name="counts_as",
            field=models.CharField(
                choices=[
                    ("committee", "党委会"),
                    ("joint", "联席会"),
                    ("progress", "推进会"),
                    ("special", "专题会"),
                    ("other", "其他会议"),
                ],
                default="committee",
                max_length=10,
                verbose_name="会议类别",
            ),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("notified", "已通知"),
                    ("held", "已召开"),
                    ("minuted", "已出纪要"),
                    ("filed", "已归档"),
                    ("cancelled", "已取消"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="meetingevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("notified", "已通知"),
                    ("held", "已召开"),
                    ("minuted", "已出纪要"),
                    ("filed", "已归档"),
                    ("cancelled", "已取消"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "meetings_meetingevent" ("chain_id", "chair", "committee_id", "counts_as", "created_at", "created_by_id", "held_on", "id", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "region_id", "starts_at", "state", "title", "version") VALUES (NEW."chain_id", NEW."chair", NEW."committee_id", NEW."counts_as", NEW."created_at", NEW."created_by_id", NEW."held_on", NEW."id", NEW."minutes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."region_id", NEW."starts_at", NEW."state", NEW."title", NEW."version"); RETURN NULL;',
                    hash="e7f892e04e1531b46989cadc4611f7491b15796c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_61d9e",
                    table="meetings_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "meetings_meetingevent" ("chain_id", "chair", "committee_id", "counts_as", "created_at", "created_by_id", "held_on", "id", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "region_id", "starts_at", "state", "title", "version") VALUES (NEW."chain_id", NEW."chair", NEW."committee_id", NEW."counts_as", NEW."created_at", NEW."created_by_id", NEW."held_on", NEW."id", NEW."minutes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."region_id", NEW."starts_at", NEW."state", NEW."title", NEW."version"); RETURN NULL;',
                    hash="57d490d3d5d58c9f93b51f3c00d9ea6a88053318",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_495b8",
                    table="meetings_meeting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("counts_as__in", ["committee", "joint", "progress", "special", "other"])),
                name="meeting_class_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "notified", "held", "minuted", "filed", "cancelled"])),
                name="meeting_state_known",
            ),
        ),
    ]
