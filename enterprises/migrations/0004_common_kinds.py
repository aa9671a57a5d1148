"""The common kinds of postings, pairings, facilities and honours, and what pairings cover."""

from django.db import migrations

# (code, name, counts as, posted to, level, is Party work, one person in a place)
POSTINGS = [
    ("instructor", "党建指导员", "instructor", "enterprise", "", True, False),
    ("branch-instructor", "党组织指导员", "instructor", "organisation", "", True, False),
    ("union-instructor", "工会指导员", "union_instructor", "enterprise", "", True, False),
    ("area-head", "片区行长", "area_head", "region", "area", False, True),
    ("town-manager", "乡镇金融经理", "town_manager", "region", "township", False, True),
    ("village-officer", "金融村官", "village_officer", "region", "village", False, False),
    ("client-manager", "企业客户经理", "client_manager", "enterprise", "", False, False),
    ("village-client-manager", "村集体客户经理", "client_manager", "region", "village", False, False),
    ("specialist", "服务专员", "specialist", "region", "", False, False),
    ("firm-specialist", "企业服务专员", "specialist", "enterprise", "", False, False),
    ("adviser", "科技指导员", "adviser", "enterprise", "", False, False),
    ("deputy-technical-manager", "科技副总", "adviser", "enterprise", "", False, False),
]
# (code, name, counts as, how many one helper helps: at least, about, at most)
PAIRINGS = [
    ("strong-weak", "强弱帮带", "strong_weak", (4, 5, 6)),
    ("finance", "金融结对", "finance", None),
    ("enterprises", "企业互助", "enterprises", None),
    ("branches", "支部共建", "branches", None),
    ("households", "党员联户", "households", None),
]
ASPECTS = [
    ("branch-building", "支部建设"), ("product-development", "产品研发"), ("orders", "订单配套"),
    ("theory-study", "理论联学"), ("shared-places", "阵地联享"), ("joint-activities", "活动联办"),
    ("joint-brand", "品牌联创"), ("talent", "人才培养"), ("finance", "金融服务"),
]  # fmt: skip
FACILITIES = [
    ("service-centre", "党群服务中心", "service_centre"),
    ("activity-room", "党员活动室", "activity_room"),
    ("incubation-centre", "党建孵化中心", "incubation_centre"),
    ("model-workshop", "党员示范车间", "model_workshop"),
    ("pioneer-team", "先锋班组", "model_workshop"),
    ("pioneer-post", "党员先锋岗", "pioneer_post"),
    ("expert-workstation", "专家工作站", "expert_workstation"),
    ("station", "驻外工作站", "station"),
    ("service-point", "农民工服务站点", "service_point"),
    ("talent-station", "引才工作站", "talent_station"),
]
HONOURS = [
    ("strong-province", "双强六好党组织", "strong_organisation", "province", "organisation"),
    ("strong-city", "双强六好党组织", "strong_organisation", "city", "organisation"),
    ("strong-county", "双强六好党组织", "strong_organisation", "county", "organisation"),
    ("post-model", "岗位标兵", "commendation", "city", "person"),
    ("innovator", "创新能手", "commendation", "city", "person"),
    ("skill-pioneer", "技能先锋", "commendation", "city", "person"),
    ("smart-factory-national", "智能工厂", "smart_factory", "national", "enterprise"),
    ("smart-factory-province", "智能工厂", "smart_factory", "province", "enterprise"),
    ("digital-workshop", "数字化车间", "digital_workshop", "province", "enterprise"),
    ("lighthouse", "灯塔工厂", "lighthouse", "national", "enterprise"),
]


def add_rows(apps, schema_editor):
    def add(name, rows, *columns):
        model = apps.get_model("enterprises", name)
        for place, (code, label, *values) in enumerate(rows, start=1):
            defaults = {"name": label, "order": place * 10, **dict(zip(columns, values, strict=True))}
            model.objects.get_or_create(code=code, defaults=defaults)

    add("PostingKind", POSTINGS, "counts_as", "posted_to", "level", "is_party_work", "is_single")
    bands = [(code, name, counts, *(band or (None, None, None))) for code, name, counts, band in PAIRINGS]
    add("PairingKind", bands, "counts_as", "helped_low", "helped_target", "helped_high")
    add("PairingAspect", ASPECTS)
    add("FacilityKind", FACILITIES, "counts_as")
    add("HonourKind", HONOURS, "counts_as", "level", "awarded_to")


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0003_postings_pairings_facilities_honours")]
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
