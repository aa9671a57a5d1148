"""The common kinds of figures that are entered."""

from django.db import migrations

STATISTICS = "统计部门公布的数，按可比价计算的同比增速。"
NOMINAL = "统计部门公布的数，按现价计算。"
INCOME = "统计部门公布的住户调查数，同比增速。"
# (code, name, unit, places, definition)
KINDS = [
    ("gdp", "地区生产总值", "亿元", 2, NOMINAL),
    ("gdp_growth", "地区生产总值增速", "%", 1, STATISTICS),
    ("industry_value_added", "规上工业增加值", "亿元", 2, NOMINAL),
    ("industry_growth", "规上工业增加值增速", "%", 1, STATISTICS),
    ("investment_growth", "固定资产投资增速", "%", 1, "统计部门公布的数，不含农户投资，同比增速。"),
    ("revenue_growth", "一般公共预算收入增速", "%", 1, "财政部门公布的数，同比增速。"),
    ("urban_income_growth", "城镇居民人均可支配收入增速", "%", 1, INCOME),
    ("rural_income_growth", "农村居民人均可支配收入增速", "%", 1, INCOME),
    ("output_value", "产值", "亿元", 2, "本单位范围内企业的工业总产值或农业总产值，来源中写明口径。"),
    ("output_growth", "产值增速", "%", 1, "产值比上年同期增长的百分比。"),
    ("gdp_plan", "地区生产总值年度计划", "亿元", 2, "年度计划确定的预期数，不是完成数。"),
    ("industry_value_added_plan", "规上工业增加值年度计划", "亿元", 2, "年度计划确定的预期数，不是完成数。"),
]


def add_rows(apps, schema_editor):
    kind = apps.get_model("closing", "EnteredKind")
    for place, (code, name, unit, places, definition) in enumerate(KINDS, start=1):
        defaults = {"name": name, "unit": unit, "places": places, "definition": definition, "order": place * 10}
        kind.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [("closing", "0004_entered_figures_never_change")]
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
