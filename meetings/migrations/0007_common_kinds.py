"""The common kinds of meetings and activities; every meeting gets the kind whose class it had."""

from django.db import migrations

# code, name, counts as, quorum, working days of notice
MEETINGS = [
    ("committee", "党委会", "committee", "half", 2),
    ("joint", "联席会", "joint", "none", 3),
    ("progress", "推进会", "progress", "none", 2),
    ("special", "专题会", "special", "none", 1),
    ("consultation", "要事商议会", "special", "none", 0),
    ("dispatch", "工作调度会", "other", "none", 1),
]
# code, name, counts as, disturbs the enterprises it reaches
ACTIVITIES = [
    ("visit", "走访企业", "visit", True),
    ("inspection", "实地督查调研", "inspection", True),
    ("theory_study", "理论学习", "theory_study", False),
    ("policy_lecture", "政策法规专题辅导", "policy_lecture", False),
    ("theme_party_day", "主题党日", "theme_party_day", False),
    ("party_lesson", "书记讲党课", "party_lesson", False),
    ("training", "党建工作培训", "training", False),
    ("observation", "观摩交流", "observation", False),
    ("fair", "招聘会", "fair", False),
    ("contest", "技能比武", "contest", False),
    ("promotion", "推介对接会", "promotion", False),
    ("attraction_trip", "外出招商", "attraction_trip", False),
    ("agency", "红色代办", "service", False),
    ("dispatch", "工作调度", "dispatch", False),
    ("analysis", "运行分析", "analysis", False),
    ("other", "其他活动", "other", False),
]


def ship(apps, schema_editor):
    meeting_kind, activity_kind = apps.get_model("meetings", "MeetingKind"), apps.get_model("meetings", "ActivityKind")
    for order, (code, name, counts_as, quorum, days) in enumerate(MEETINGS, start=1):
        meeting_kind.objects.create(
            code=code, name=name, counts_as=counts_as, quorum=quorum, notice_days=days, order=order * 10
        )
    for order, (code, name, counts_as, disturbs) in enumerate(ACTIVITIES, start=1):
        activity_kind.objects.create(code=code, name=name, counts_as=counts_as, disturbs=disturbs, order=order * 10)
    # The triggers of the figures still know the column by its old name; what they would mark has not changed.
    schema_editor.execute("SET LOCAL app.bulk = 'on'")
    for name in ("Meeting", "MeetingEvent"):
        rows = apps.get_model("meetings", name).objects.filter(kind=None)
        for kind in meeting_kind.objects.all():
            rows.filter(counts_as=kind.code).update(kind_id=kind.pk)
    schema_editor.execute("SET LOCAL app.bulk = 'off'")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_kinds_acts_matters_series_activities")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
