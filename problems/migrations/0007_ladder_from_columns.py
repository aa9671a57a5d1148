"""The rules of escalation become rungs of the ladder; every rulebook that has none gets the shipped ladder, with the
two numbers of its own columns for rising by itself."""

from django.db import migrations


def add_rungs(apps, schema_editor):
    rulebook, rung = apps.get_model("problems", "Rulebook"), apps.get_model("problems", "LadderRung")
    for book in rulebook.objects.filter(ladder=None):
        rungs = [
            ("near", book.yellow_days, "remind"),
            ("overdue", 1, "reminder_slip"),
            ("overdue", 3, "supervision_slip"),
            ("overdue", book.overdue_to_escalate_days, "escalate"),
            ("bounced", book.bounces_to_escalate, "escalate"),
        ]
        rung.objects.bulk_create(
            rung(rulebook=book, trigger=trigger, threshold=threshold, act=act) for trigger, threshold, act in rungs
        )
    rulebook.objects.filter(region=None, preset="").update(preset="shipped")


class Migration(migrations.Migration):
    dependencies = [("problems", "0006_limits_supervision_voice_views")]
    operations = [migrations.RunPython(add_rungs, migrations.RunPython.noop)]
