"""The common kinds of demands, resources and policies, and of talent."""

from django.db import migrations

# (code, name, code of the category of the ledger)
KINDS = [
    ("capital", "资金", "finance"),
    ("labour", "用工", "labour"),
    ("technology", "技术", "technology"),
    ("market", "市场", "market"),
    ("land", "用地", "land"),
    ("talent", "人才", "talent"),
    ("logistics", "物流", "logistics"),
    ("policy", "政策", "policy"),
    ("other", "其他", "other"),
]
# (code, name, counts as)
TALENT = [
    ("doctor", "博士及以上", "doctor"),
    ("master", "硕士", "master"),
    ("graduate", "本科和大专", "graduate"),
    ("engineer", "专业技术人员", "technician"),
    ("technician", "技能人才", "technician"),
    ("other", "其他人才", "other"),
]


def add_rows(apps, schema_editor):
    kind, talent = apps.get_model("services", "ServiceKind"), apps.get_model("services", "TalentKind")
    categories = dict(apps.get_model("problems", "Category").objects.filter(region=None).values_list("code", "pk"))
    for place, (code, name, category) in enumerate(KINDS, start=1):
        defaults = {"name": name, "order": place * 10, "category_id": categories.get(category)}
        kind.objects.get_or_create(code=code, defaults=defaults)
    for place, (code, name, counts_as) in enumerate(TALENT, start=1):
        defaults = {"name": name, "order": place * 10, "counts_as": counts_as}
        talent.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0001_demands_offers_products_talent"),
        ("problems", "0003_categories_and_common_rules"),
    ]
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
