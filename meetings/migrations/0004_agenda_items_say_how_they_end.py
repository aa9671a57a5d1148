from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_decision_drafts_and_day_columns"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agendaitem",
            name="end",
            field=models.CharField(
                blank=True,
                choices=[("decision", "议定"), ("noted", "知悉"), ("postponed", "暂缓")],
                max_length=10,
                verbose_name="结果",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("end", ""), ("end__in", ["decision", "noted", "postponed"]), _connector="OR"),
                name="agenda_item_end_known",
                violation_error_message="议题的结果是议定、知悉或暂缓之一。",
            ),
        ),
    ]
