"""The sections of a report as data, and those that come with the product (通用模板).

A section's `text` has one paragraph a line, in the language of `reports.language`. Reports are Chinese documents: the
text is not translated. `tables` are codes of `TABLES`; those of one section stand under it or become an attachment.
"""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext_lazy as _

from reports.enums import ScopeKind

REGION = ScopeKind.REGION.value
# Free sections of a county are called free-1, free-2, ...
FREE = "free-"
MOST_SECTIONS = 30
MOST_TEXT = 6000


@dataclass(frozen=True)
class Section:
    """One section: `heading` over the paragraphs of `text` and the tables. Switched off it is kept but not printed."""

    code: str
    heading: str
    text: str = ""
    tables: tuple = ()
    on: bool = True

    @property
    def paragraphs(self):
        """[(number of the line from one, text)] of the lines that say anything."""
        return [(number, line) for number, line in enumerate(self.text.splitlines(), start=1) if line.strip()]

    @property
    def is_free(self):
        return self.code.startswith(FREE)

    def kept(self):
        return {**asdict(self), "tables": list(self.tables)}

    @classmethod
    def of(cls, kept):
        return cls(**{**kept, "tables": tuple(kept["tables"])})


@dataclass(frozen=True)
class Offer:
    """What the house knows of a section of its own: which tables it can have, for which scopes it is, whether a
    county may leave it out. Free sections have none."""

    tables: tuple = ()
    scopes: tuple = field(default=tuple(ScopeKind.values))
    required: bool = False


TABLES = {
    "figures": _("附件：主要指标情况表"),
    "trend": _("附件：近十二个月问题办理情况"),
    "chains": _("各产业链主要指标"),
    "regions": _("各县（市、区）主要指标"),
    "meetings": _("附件：会议情况"),
    "decisions": _("附件：议定事项"),
    "teams": _("各帮办团牵头办理情况"),
    "overdue": _("附件：超期未办结问题清单"),
    "corrections": _("以前月份数据更正表"),
}
OFFERS = {
    "general": Offer(("figures",)),
    "ledger": Offer(("trend",)),
    "chains": Offer(("chains",), (REGION,)),
    "regions": Offer(("regions",), (REGION,)),
    "meetings": Offer(("meetings", "decisions")),
    "activities": Offer(),
    "teams": Offer(("teams",), (REGION,)),
    "lists": Offer(),
    "platforms": Offer(),
    "mechanisms": Offer(),
    "overdue": Offer(("overdue",)),
    # What was corrected is told once, in the next report: a county may put it elsewhere, not leave it out.
    "corrections": Offer(("corrections",), required=True),
    "next": Offer(),
}


def _row(*clauses):
    """Clauses of one sentence as a row: (label, placeholder, in brackets behind it)."""
    told = []
    for number, (label, asked, *aside) in enumerate(clauses):
        behind = f"[（{aside[0]}）]" if aside else ""
        told.append(f"[{'，' if number else ''}{label}{{{asked}}}{behind}]")
    return "".join(told)


def _moved(label, code, way):
    return label, code, f"{{{code}|{way}}}"


def _share(label, code):
    return label, code, f"[{{{code}|比}}][，{{{code}|对比}}]"


_FRAME = ("key_chains", "chain_committees", "member_enterprises", "party_orgs", "party_members")
_FUNNEL = (
    "problems_raised,problems_accepted,problems_assigned,problems_decided,problems_resolved,problems_solved,"
    "problems_confirmed,problems_closed"
)
_COVERAGE = _row(_share("党的组织覆盖率", "organisation_coverage"), _share("党的工作覆盖率", "work_coverage")) + "。"
_GENERAL = (
    "截至{截至}，{范围}共有"
    + _row(
        _moved("重点产业链", "key_chains", "环比变动"),
        _moved("产业链党委", "chain_committees", "环比变动"),
        _moved("链上企业", "member_enterprises", "环比变动"),
        _moved("党组织", "party_orgs", "环比变动"),
        _moved("党员", "party_members", "环比变动"),
    )
    + f"[，{{{','.join(_FRAME)}|均持平}}]。"
    + _COVERAGE
    + " || 截至{截至}，{范围}尚未登记产业链、党组织和企业。"
)
_EMPLOYEES = "链上企业共有员工{employees|非零}。"
_ECONOMY = "主要经济指标：{填报数}。"
_FLOW = (
    f"{{{_FUNNEL}|皆零时}}{{月份}}没有新收集、受理、交办或办结的企业困难问题。"
    f"{{{_FUNNEL}|有数时}}{{月份}}[，收集企业困难问题{{problems_raised}}[（{{problems_raised|对比}}）]]"
    "[，受理{problems_accepted}][，交办{problems_assigned}][，会议议定{problems_decided}]"
    "[，办结{problems_resolved}[（{problems_resolved|环比}）]][，其中全部解决{problems_solved}]"
    "[，企业确认{problems_confirmed}][，销号{problems_closed}[（{problems_closed|环比}）]]。"
    "年初以来累计[收集问题{problems_raised|累计}][，办结{problems_resolved|累计}][，销号{problems_closed|累计}]。"
    " || {月份}问题台账没有可统计的数据。"
)
_LEFT = (
    _row(
        _moved("期末在办问题", "problems_open", "环比"),
        _moved("其中超期", "problems_overdue", "环比"),
        ("临期", "problems_near_limit"),
        ("挂起", "problems_suspended"),
    )
    + "。"
)
_QUALITY = (
    f"{_row(_share('按期办结率', 'on_time_rate'))}。"
    "办理用时平均{handling_days}[（{handling_days|环比}）][，中位数{handling_days|中位数}]。"
    f"{_row(_share('企业评价率', 'rating_rate'), _share('已评价事项满意率', 'satisfaction_rate'))}。"
    " || {月份}没有办结或评价的事项，按期办结率、办理用时和满意率无从计算。"
)
_CHAINS = (
    "{月份}收集问题较多的产业链依次为：{problems_raised|按产业链}。各产业链情况详见下表。"
    " || {各链收集较少时}{月份}各产业链收集问题均不足5个，数量过少，不作比较。详见下表。"
    " || 尚未登记产业链，没有分链数据。"
)
_MEETINGS = (
    "{meetings|有数时}{月份}召开会议{meetings}[（{meetings|对比}）][，议定事项{matters_decided}[（{matters_decided|对比}）]]。"
    "{meetings|皆零时}{月份}没有召开会议的记录。"
    "{decisions_done,decisions_open|有数时}[本月落实议定事项{decisions_done}][，期末尚未落实{decisions_open}]"
    "[，其中超期{decisions_overdue}]。"
    "按产业链党委每季度至少召开一次会议的规定，{季度}尚有{未召开党委数}产业链党委未召开：{未召开党委}。"
    "按产业链党委每季度至少召开一次会议的规定，{季度}{各党委均已召开}。"
    " || {月份}没有会议数据。"
)
_MEETINGS_SO_FAR = (
    "年初以来累计[召开会议{meetings|累计非零}][，议定事项{matters_decided|累计非零}]"
    "[，落实议定事项{decisions_done|累计非零}]。"
)
_TEAMS = (
    "{help_teams|有数时}现有帮办团{help_teams}[（{help_teams|环比变动}）]。"
    "{help_teams|有数时}{帮办团有办件时}各帮办团办理情况详见下表。"
    "{help_teams|有数时}{帮办团无办件时}{月份}没有由帮办团牵头办理的问题。"
    " || 尚未组建帮办团。"
)
_OVERDUE = (
    "截至{截至}，超期未办结的问题共{problems_overdue}，分布在：{超期责任单位}。清单见附件。"
    " || 截至{截至}，没有超期未办结的问题。"
)
_ACTS = (
    ("实地督查调研", "inspections"), ("理论学习", "theory_study"), ("政策法规专题辅导", "lectures"),
    ("主题党日", "theme_party_days"), ("书记讲党课", "party_lessons"), ("教育培训", "trainings"),
    ("观摩交流", "observations"), ("招聘会", "job_fairs"), ("技能比武", "contests"), ("推介对接", "promotions"),
    ("外出招商", "attraction_trips"),
)  # fmt: skip
_ACTIVITIES = (
    "{activities,enterprises_visited|有数时}{月份}[开展活动{activities}[（{activities|对比}）]]"
    "[，走访企业{enterprises_visited|非零}[（{enterprises_visited|对比}）]]"
    "[，走访中收集问题{problems_collected_on_visits|非零}]。"
    " || {月份}没有走访和活动的记录。"
)
_ACTIVITIES_SO_FAR = (
    "年初以来累计[走访企业{enterprises_visited|累计非零}]"
    + "".join(f"[，{label}{{{code}|累计非零}}]" for label, code in _ACTS)
    + "[，服务代办{agency_services|累计非零}[（{代办种类}）]][，服务代办企业{enterprises_assisted|累计非零}]"
    + "[，评选表彰{commendations|累计非零}]。其他活动包括：{其他活动种类}。"
)
_PLATFORMS = (
    "现有[党群服务中心{service_centres|非零}][，党员活动室{activity_rooms|非零}][，党建孵化中心{incubation_centres|非零}]"
    "[，示范车间和先锋岗{pioneer_units|非零}][，专家工作站{expert_workstations|非零}][，驻外工作站{stations|非零}]"
    "[，结对共建{pairings|非零}][，金融结对单位{finance_pairs|非零}]。"
)
_LISTS = (
    "{demands_raised,demands_open,resources_in_force,policies_in_force,policy_measures|有数时}[{月份}提出需求{demands_raised|非零}]"
    "[，满足需求{demands_met|非零}][，确认对接{matches_confirmed|非零}][，期末在办需求{demands_open|非零}]"
    "[，可用资源{resources_in_force|非零}][，有效政策{policies_in_force|非零}][，政策措施{policy_measures|非零}]。"
)
_PROJECTS = (
    "项目清单共有项目{projects_listed|非零}[，已开工{projects_started}][，开复工率{project_start_rate}]"
    "[，其中重大项目{major_listed|非零}][，已开工{major_started|非零}][，开工率{major_start_rate}]。"
    "招商引资项目{attraction_projects|非零}[，年初以来到位资金{funds_in_place|累计非零}]。"
    "年初以来签约项目{agreements|累计非零}[，签约金额{agreements_amount|累计非零}][；其中{签约来源}]。"
)
_MONEY = (
    "年初以来[发放信贷资金{credit_issued|累计非零}][，吸引社会资本{social_capital|累计非零}]"
    "[，担保贷款{guaranteed_loans|累计非零}][，招引人才{talent_recruited|累计非零}]。"
)
_MECHANISMS = (
    "{mechanisms_due|有数时}{月份}到期的应尽事项{mechanisms_due}，按期落实{mechanisms_complied}"
    "[，未落实{mechanisms_missed|非零}][，机制落实率{mechanisms_complied_rate}[（{mechanisms_complied_rate|对比}）]]。"
    "期末空缺的常态要求{mechanisms_vacant|非零}。 || {月份}没有到期的应尽事项。"
)
_NEXT = (
    "督促落实下月底前到期的议定事项，{到期议定事项}。",
    "提醒办理下月底前到期而尚未落实的机制事项，{到期机制事项}。",
    "（由经办人根据本月情况填写。）",
)

SHIPPED = (
    Section(
        "general",
        "总体情况",
        "\n".join([_GENERAL, _EMPLOYEES, _ECONOMY]),
        ("figures",),
    ),
    Section("ledger", "企业困难问题办理情况", "\n".join([_FLOW, _LEFT, _QUALITY]), ("trend",)),
    Section("chains", "各产业链情况", _CHAINS, ("chains",)),
    Section("regions", "各县（市、区）情况", "", ("regions",)),
    Section("meetings", "会议和议定事项", f"{_MEETINGS}\n{_MEETINGS_SO_FAR}", ("meetings", "decisions")),
    Section("activities", "走访和活动情况", "\n".join([_ACTIVITIES, _ACTIVITIES_SO_FAR])),
    Section("teams", "帮办团工作情况", _TEAMS, ("teams",)),
    Section("lists", "四张清单和项目情况", "\n".join([_LISTS, _PROJECTS, _MONEY])),
    Section("platforms", "阵地和共建情况", _PLATFORMS),
    Section("mechanisms", "机制落实情况", _MECHANISMS),
    Section(
        "overdue", "超期未办结问题", "\n".join([_OVERDUE, "其中超期最久的是：{problems_overdue|最久}。"]), ("overdue",)
    ),
    Section(
        "corrections",
        "以前月份数据更正",
        "封账后登记、改动的事项不改变已发出的月报，以前月份数据更正如下：{更正月份}。",
        ("corrections",),
    ),
    Section("next", "下一步工作", "\n".join(_NEXT)),
)
