"""What activities and visits count: how often, which enterprises, how many people; never who came."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import units
from enterprises.indicators import ENTERPRISES
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Distinct, Flow, Source, Stock, register
from meetings.enums import ActivityClass, ActivityMode, ActivityState, PersonCategory
from meetings.models import Activity, ActivityPeople, ActivityReach
from problems.enums import Source as Origin
from problems.indicators import PROBLEMS

DONE = Q(state=ActivityState.DONE)
ACTIVITIES = Source(
    "activities",
    Activity,
    _("活动记录"),
    base=DONE,
    visible=lambda actor: Activity.objects.visible_to(actor),
    url=lambda row: row.get_absolute_url(),
    related=("committee", "kind", "region"),
    columns=[
        Column(_("活动名称"), "title"),
        Column(_("活动类别"), "kind__spoken"),
        Column(_("产业链党委"), "committee__name"),
        Column(_("所在区域"), "region__name"),
        Column(_("日期"), "held_on"),
    ],
)
REACHED = Source(
    "activity_reach",
    ActivityReach,
    _("涉及企业记录"),
    entity="enterprise_id",
    base=DONE,
    visible=lambda actor: ActivityReach.objects.visible_to(actor),
    url=lambda row: reverse("meetings:activity_detail", args=[row.activity_id]),
    related=("activity", "enterprise"),
    columns=[
        Column(_("企业"), "enterprise__name"),
        Column(_("活动名称"), "activity__title"),
        Column(_("方式"), "mode"),
        Column(_("日期"), "held_on"),
    ],
)
PEOPLE = Source(
    "activity_people",
    ActivityPeople,
    _("参加人数记录"),
    base=DONE,
    visible=lambda actor: ActivityPeople.objects.visible_to(actor),
    url=lambda row: reverse("meetings:activity_detail", args=[row.activity_id]),
    related=("activity", "enterprise"),
    columns=[
        Column(_("活动名称"), "activity__title"),
        Column(_("人员类别"), "category"),
        Column(_("人数"), "number"),
        Column(_("日期"), "held_on"),
    ],
)


def _times(code, name, unit, which, definition):
    return Flow(code, name, unit, definition, more=NEUTRAL, source=ACTIVITIES, where=Q(counts_as=which), on="held_on")


register(
    Flow(
        "activities",
        _("开展活动"),
        units.CI,
        _("期内已开展的各类活动，按日期计；已安排和取消的不计。"),
        more=NEUTRAL,
        source=ACTIVITIES,
        on="held_on",
    ),
    _times("inspections", _("实地督查调研"), units.CI, ActivityClass.INSPECTION, _("期内已开展的实地督查调研。")),
    _times("theory_study", _("理论学习"), units.CI, ActivityClass.THEORY_STUDY, _("期内已开展的党的政策理论学习。")),
    _times(
        "lectures", _("政策法规专题辅导"), units.CHANG_CI, ActivityClass.POLICY_LECTURE, _("期内已开展的专题辅导。")
    ),
    _times("theme_party_days", _("主题党日"), units.CI, ActivityClass.THEME_PARTY_DAY, _("期内已开展的主题党日活动。")),
    _times(
        "party_lessons",
        _("书记讲党课"),
        units.CHANG_CI,
        ActivityClass.PARTY_LESSON,
        _("期内产业链党委书记到企业讲党课的场次。"),
    ),
    _times("trainings", _("教育培训"), units.CHANG_CI, ActivityClass.TRAINING, _("期内已开展的培训。")),
    _times("observations", _("观摩交流"), units.CI, ActivityClass.OBSERVATION, _("期内已开展的观摩交流。")),
    _times("job_fairs", _("招聘会"), units.CHANG_CI, ActivityClass.FAIR, _("期内已举办的招聘会。")),
    _times("contests", _("技能比武"), units.CHANG_CI, ActivityClass.CONTEST, _("期内已举办的技能比武。")),
    _times("promotions", _("推介对接"), units.CHANG_CI, ActivityClass.PROMOTION, _("期内已举办的推介对接会。")),
    _times("attraction_trips", _("外出招商"), units.CI, ActivityClass.ATTRACTION_TRIP, _("期内外出招商的次数。")),
    _times("agency_services", _("服务代办"), units.CI, ActivityClass.SERVICE, _("期内帮办代办的次数。")),
    _times("dispatches", _("工作调度"), units.CI, ActivityClass.DISPATCH, _("期内已开展的工作调度。")),
    _times("analyses", _("运行分析"), units.CI, ActivityClass.ANALYSIS, _("期内已开展的运行分析。")),
    _times("other_activities", _("其他活动"), units.CI, ActivityClass.OTHER, _("期内已开展的其他活动。")),
    Flow(
        "visits",
        _("走访企业次数"),
        units.HU_CI,
        _("期内走访企业的次数：一次走访涉及几家企业，计几户次。"),
        more=NEUTRAL,
        source=REACHED,
        where=Q(counts_as=ActivityClass.VISIT),
        on="held_on",
    ),
    Distinct(
        "enterprises_visited",
        _("走访企业"),
        units.HU,
        _("期内走访过的企业，每户只计一次。"),
        more=GOOD,
        source=REACHED,
        where=Q(counts_as=ActivityClass.VISIT),
        on="held_on",
        entities=ENTERPRISES,
    ),
    Distinct(
        "enterprises_assisted",
        _("服务代办企业"),
        units.HU,
        _("期内服务代办涉及的企业，每户只计一次。"),
        more=GOOD,
        source=REACHED,
        where=Q(counts_as=ActivityClass.SERVICE),
        on="held_on",
        entities=ENTERPRISES,
    ),
    Flow(
        "times_disturbed",
        _("打扰企业次数"),
        units.HU_CI,
        _("期内到企业现场的走访、督查等活动次数；电话、线上联系和合并参加的不另计。"),
        more=BAD,
        source=REACHED,
        where=Q(disturbs=True, mode=ActivityMode.ON_SITE),
        on="held_on",
    ),
    Flow(
        "trainings_people",
        _("培训人数"),
        units.REN_CI,
        _("期内培训的参加人数，按每次活动各类人员填报的人数相加。"),
        more=GOOD,
        source=PEOPLE,
        where=Q(counts_as=ActivityClass.TRAINING),
        on="held_on",
        weight="number",
    ),
    Flow(
        "activity_people",
        _("活动参加人次"),
        units.REN_CI,
        _("期内各类活动的参加人次，按每次活动各类人员填报的人数相加。"),
        more=NEUTRAL,
        source=PEOPLE,
        on="held_on",
        weight="number",
    ),
    Stock(
        "enterprises_never_visited",
        _("从未走访的企业"),
        units.HU,
        _("期末仍未走访过的在链企业：已开展的走访一次也没有，现场、电话、线上都算走访。已退出的企业不计。"),
        more=BAD,
        source=ENTERPRISES,
        enters="joined_on",
        leaves="unvisited_until",
    ),
    Flow(
        "problems_collected_on_visits",
        _("走访收集问题"),
        units.GE,
        _("期内走访和活动现场收集、记入台账的问题，按提交日期计。"),
        more=NEUTRAL,
        source=PROBLEMS,
        where=Q(source=Origin.VISIT),
        on="submitted_on",
    ),
)

_PEOPLE = {
    PersonCategory.SECRETARY: _("党组织书记参加人次"),
    PersonCategory.INVESTOR: _("企业出资人参加人次"),
    PersonCategory.BACKBONE: _("党务骨干参加人次"),
    PersonCategory.MEMBER: _("党员参加人次"),
    PersonCategory.MANAGER: _("企业管理人员参加人次"),
    PersonCategory.STAFF: _("职工参加人次"),
    PersonCategory.CADRE: _("机关干部参加人次"),
    PersonCategory.WORKER: _("务工人员参加人次"),
    PersonCategory.OTHER: _("其他人员参加人次"),
}
register(
    *(
        Flow(
            f"people_{category.value}",
            name,
            units.REN_CI,
            _("期内各类活动中这一类人员的参加人次，按填报的人数相加；只记人数，不记姓名。"),
            more=NEUTRAL,
            source=PEOPLE,
            where=Q(category=category),
            on="held_on",
            weight="number",
        )
        for category, name in _PEOPLE.items()
    )
)
