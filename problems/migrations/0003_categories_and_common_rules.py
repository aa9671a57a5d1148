"""The common categories of difficulties and the rules of handling that hold where a region has none of its own."""

import datetime as dt

from django.db import migrations

# (code, name, [(code, name), ...])
CATEGORIES = [
    ("policy", "政策", [("policy-advice", "政策咨询"), ("policy-benefit", "政策兑现"), ("policy-access", "市场准入")]),
    ("labour", "用工", [("labour-shortage", "招工难"), ("labour-training", "技能培训"), ("labour-dispute", "劳动纠纷")]),
    ("land", "用地", [("land-quota", "用地指标"), ("land-approval", "用地审批"), ("land-plant", "厂房租赁")]),
    ("finance", "融资", [("finance-loan", "贷款"), ("finance-guarantee", "担保增信"), ("finance-arrears", "账款拖欠")]),
    ("market", "市场拓展", [("market-sales", "产品销售"), ("market-matching", "产销对接"), ("market-export", "外贸出口")]),
    (
        "park",
        "园区配套",
        [("park-utilities", "水电气供应"), ("park-roads", "道路排水"), ("park-living", "生活配套")],
    ),
    ("talent", "人才", [("talent-hiring", "人才引进"), ("talent-housing", "人才住房"), ("talent-title", "职称评定")]),
    ("construction", "规划建设", [("construction-plan", "规划许可"), ("construction-permit", "施工许可"), ("construction-acceptance", "竣工验收")]),
    ("technology", "技术", [("technology-upgrade", "技术改造"), ("technology-research", "产学研合作"), ("technology-patent", "知识产权")]),
    ("logistics", "物流", [("logistics-freight", "货运"), ("logistics-storage", "仓储冷链"), ("logistics-customs", "通关")]),
    ("environment", "环保", [("environment-assessment", "环评手续"), ("environment-emission", "排放治理")]),
    ("other", "其他", []),
]  # fmt: skip


def add_rows(apps, schema_editor):
    category = apps.get_model("problems", "Category")
    for place, (code, name, kinds) in enumerate(CATEGORIES, start=1):
        top, _ = category.objects.get_or_create(code=code, defaults={"name": name, "order": place * 100})
        for number, (kind_code, kind_name) in enumerate(kinds, start=1):
            category.objects.get_or_create(
                code=kind_code, defaults={"name": kind_name, "parent": top, "order": place * 100 + number}
            )
    # The numbers are the model's defaults; the day lies before the first record that any county will bring.
    apps.get_model("problems", "Rulebook").objects.get_or_create(region=None, valid_from=dt.date(2000, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("problems", "0002_light_columns_and_figure_indexes")]
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
