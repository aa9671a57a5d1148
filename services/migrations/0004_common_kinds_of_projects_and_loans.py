"""The common kinds of projects, of where they come from, of loans and of borrowers."""

from django.db import migrations

# (of, code, name, counts as, level)
KINDS = [
    ("project", "project-attraction", "招商引资项目", "attraction", ""),
    ("project", "project-major", "重大项目", "major", ""),
    ("project", "project-reserve-province", "省级储备项目", "reserve", "province"),
    ("project", "project-reserve-city", "市级储备项目", "reserve", "city"),
    ("project", "project-reserve-county", "县级储备项目", "reserve", "county"),
    ("project", "project-returned", "返乡创业项目", "other", ""),
    ("project", "project-other", "其他项目", "other", ""),
    ("source", "source-fair", "推介会", "other", ""),
    ("source", "source-cloud", "云招商", "other", ""),
    ("source", "source-trip", "外出招商", "other", ""),
    ("source", "source-local", "本地企业", "other", ""),
    ("loan", "loan-ordinary", "一般贷款", "other", ""),
    ("loan", "loan-guaranteed", "担保贷款", "guaranteed", ""),
    ("loan", "loan-gov-bank", "政银担贷款", "gov_bank", ""),
    ("loan", "loan-discounted", "贴息贷款", "discounted", ""),
    ("borrower", "borrower-collective", "村集体经济组织", "collective", ""),
    ("borrower", "borrower-operator", "新型农业经营主体", "operator", ""),
    ("borrower", "borrower-household", "农户和个人", "other", ""),
]


def add_rows(apps, schema_editor):
    kind = apps.get_model("services", "EntryKind")
    for place, (of, code, name, counts_as, level) in enumerate(KINDS, start=1):
        defaults = {"of": of, "name": name, "order": place * 10, "counts_as": counts_as, "level": level}
        kind.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [("services", "0003_projects_and_finance")]
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
