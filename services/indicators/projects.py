"""What projects and finance count. Amounts are summed in 万元, exactly."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import units
from indicators.declarations import GOOD, NEUTRAL, Column, Flow, Ratio, Source, Stock, register
from services.models import CreditRating, FinanceProduct, FundArrival, Loan, Project, SocialCapital
from services.project_enums import EntryClass


def _source(code, model, label, columns, related=(), url=None, entity=None, **more):
    return Source(
        code, model, label, entity=entity, visible=lambda actor: model.objects.visible_to(actor),
        url=url or (lambda row: row.get_absolute_url()), related=(*related, "region"),
        columns=[*columns, Column(_("所在区域"), "region__name")], **more,
    )  # fmt: skip


PROJECTS = _source(
    "projects", Project, _("项目"),
    [
        Column(_("项目名称"), "name"), Column(_("项目类别"), "kind__spoken"), Column(_("进展"), "state"),
        Column(_("签约日期"), "signed_on"), Column(_("协议金额（万元）"), "agreement_amount"),
    ],
    ("kind",), entity="enterprise_id",
)  # fmt: skip
ARRIVALS = _source(
    "fund_arrivals", FundArrival, _("到位资金"),
    [
        Column(_("项目"), "project__name"), Column(_("到位日期"), "arrived_on"), Column(_("金额（万元）"), "amount"),
        Column(_("资金来源"), "origin"),
    ],
    ("project",), url=lambda row: row.project.get_absolute_url(),
)  # fmt: skip
PRODUCTS = _source(
    "finance_products",
    FinanceProduct,
    _("金融产品"),
    [Column(_("产品名称"), "name"), Column(_("金融机构"), "institution"), Column(_("推出日期"), "offered_on")],
)
RATINGS = _source(
    "credit_ratings", CreditRating, _("评级授信"),
    [
        Column(_("企业"), "enterprise__name"), Column(_("金融机构"), "institution"),
        Column(_("授信额度（万元）"), "credit_line"), Column(_("评级日期"), "rated_on"),
    ],
    ("enterprise",), chain=None, committee=None,
)  # fmt: skip
LOANS = _source(
    "loans", Loan, _("发放贷款"),
    [
        Column(_("借款方"), lambda row: str(row.enterprise or row.borrower)), Column(_("贷款类别"), "kind__spoken"),
        Column(_("金融机构"), "institution"), Column(_("金额（万元）"), "amount"), Column(_("发放日期"), "issued_on"),
    ],
    ("enterprise", "kind"), entity="enterprise_id",
)  # fmt: skip
CAPITAL = _source(
    "social_capital", SocialCapital, _("社会资本"),
    [
        Column(_("投资方"), "investor"), Column(_("金额（万元）"), "amount"), Column(_("投入日期"), "attracted_on"),
    ],
    entity="enterprise_id",
)  # fmt: skip
_ATTRACTED, _MAJOR = Q(counts_as=EntryClass.ATTRACTION), Q(counts_as=EntryClass.MAJOR)


def _stock(code, name, definition, enters, leaves, where=None, source=PROJECTS, unit=units.GE, more=GOOD):
    return Stock(
        code, name, unit, definition, more=more, source=source, where=where or Q(), enters=enters, leaves=leaves
    )


def _sum(code, name, definition, source, on, weight="amount", where=None):
    return Flow(
        code, name, units.WAN_YUAN, definition, more=GOOD, source=source, on=on, weight=weight, where=where or Q()
    )


register(
    Flow(
        "agreements", _("签约项目"), units.GE, _("期内签约的项目，按签约日期计。"), more=GOOD, source=PROJECTS,
        on="signed_on",
    ),
    _sum(
        "agreements_amount", _("签约金额"), _("期内签约的项目的协议金额之和，按签约日期计。"), PROJECTS, "signed_on",
        "agreement_amount",
    ),
    _stock(
        "attraction_projects", _("招商引资项目"), _("期末已落地、未终止的招商引资项目。"), "landed_on", "stopped_on",
        _ATTRACTED, unit=units.XIANG,
    ),
    _stock(
        "attraction_followed", _("跟进招商项目"), _("期末未终止的招商引资项目，从获得线索起计。"), "lead_on",
        "stopped_on", _ATTRACTED,
    ),
    _sum("funds_in_place", _("到位资金"), _("期内各项目到位的资金之和，冲减的扣除。"), ARRIVALS, "arrived_on"),
    _stock(
        "projects_listed", _("清单项目"), _("期末在项目清单上、未终止的项目。"), "listed_on", "stopped_on",
        unit=units.XIANG, more=NEUTRAL,
    ),
    _stock(
        "projects_started", _("清单项目开工"), _("期末在项目清单上、已开工、未终止的项目。"), "list_started_on",
        "stopped_on", unit=units.XIANG,
    ),
    Ratio(
        "project_start_rate", _("开复工率"), units.PERCENT, _("期末项目清单上已开工的项目占清单项目的比例。"),
        more=GOOD, numerator="projects_started", denominator="projects_listed",
    ),
    _stock(
        "major_listed", _("重大项目"), _("期末在项目清单上、未终止的重大项目。"), "listed_on", "stopped_on", _MAJOR,
        unit=units.XIANG, more=NEUTRAL,
    ),
    _stock(
        "major_started", _("重大项目开工"), _("期末在项目清单上、已开工、未终止的重大项目。"), "list_started_on",
        "stopped_on", _MAJOR, unit=units.XIANG,
    ),
    Ratio(
        "major_start_rate", _("重大项目开工率"), units.PERCENT, _("期末已开工的重大项目占清单上重大项目的比例。"),
        more=GOOD, numerator="major_started", denominator="major_listed",
    ),
    _stock(
        "reserve_projects", _("储备项目"), _("期末未开工、未终止的储备项目，各级合计。"), "lead_on",
        "out_of_reserve_on", Q(counts_as=EntryClass.RESERVE),
    ),
    _sum("credit_issued", _("发放信贷资金"), _("期内发放的贷款金额之和，各类合计。"), LOANS, "issued_on"),
    _sum(
        "guaranteed_loans", _("担保贷款"), _("期内发放的担保贷款金额之和。"), LOANS, "issued_on",
        where=Q(counts_as=EntryClass.GUARANTEED),
    ),
    _sum(
        "gov_bank_loans", _("政银担贷款"), _("期内发放的政银担贷款金额之和。"), LOANS, "issued_on",
        where=Q(counts_as=EntryClass.GOV_BANK),
    ),
    _sum("social_capital", _("吸引社会资本"), _("期内投入的社会资本之和。"), CAPITAL, "attracted_on"),
    _stock(
        "finance_products", _("专属信贷产品"), _("期末在办的专属信贷产品。"), "offered_on", "closed_on",
        source=PRODUCTS,
    ),
    _stock(
        "rated_enterprises", _("评级授信企业"), _("期末有有效评级授信的企业。"), "rated_on", "until_on", source=RATINGS,
        unit=units.JIA,
    ),
    Ratio(
        "rating_coverage", _("评级授信面"), units.PERCENT, _("期末有有效评级授信的企业占在册企业的比例。"), more=GOOD,
        numerator="rated_enterprises", denominator="member_enterprises",
    ),
)  # fmt: skip
