"""The registers of projects, of finance, and of their kinds."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from core.registers import Column
from services import project_perms as perms
from services.forms import projects as forms
from services.lifecycle import finance, projects
from services.models import CreditRating, EntryKind, FinanceProduct, Loan, Project, SocialCapital
from services.registers.lists import kind_register

_PLACE = (Column(_("所在区域"), "region__name", "region__path", css="md"),
          Column(_("产业链"), "chain__name", css="lg"))  # fmt: skip


def _register(model, title, noun, columns, form, filters, save, search, related, order, icon, hint):
    return make_register(
        model=model, urls=f"services:{model._meta.model_name}", title=title, noun=noun, columns=[*columns, *_PLACE],
        filters=filters, form=form, save=save, can_create=perms.create, can_edit=perms.keep, search=search,
        related=(*related, "region", "chain", "committee"), order=order, icon=icon, hint=hint,
    )  # fmt: skip


PROJECTS = _register(
    Project, pgettext_lazy("list", "项目"), pgettext_lazy("noun", "项目"),
    [
        Column(_("项目名称"), "name", "name"),
        Column(_("进展"), "state"),
        Column(_("项目类别"), "kind__spoken", "kind__order"),
        Column(_("项目来源"), "source__spoken", css="lg"),
        Column(_("企业"), "enterprise__name", css="md"),
        Column(_("作用"), "work", css="lg"),
        Column(_("责任单位"), "owner__name", css="lg"),
        Column(_("协议金额（万元）"), "agreement_amount", "agreement_amount", "integer"),
        Column(_("计划总投资（万元）"), "planned_investment", "planned_investment", "integer", css="lg"),
        Column(_("获得线索日期"), "lead_on", "lead_on", "date", css="md"),
        Column(_("签约日期"), "signed_on", "signed_on", "date", css="md"),
        Column(_("开工日期"), "started_on", "started_on", "date", css="lg"),
        Column(_("终止日期"), "stopped_on", kind="date", on_page=False),
        Column(_("终止原因"), "stop_reason", on_page=False),
    ],
    forms.ProjectForm, forms.ProjectFilter, projects.save_project, ("name", "investor", "enterprise__name", "themes"),
    ("kind", "source", "owner", "enterprise", "link__segment"), ("-lead_on",), "briefcase",
    _("从线索、洽谈、签约到落地、开工、投产、达产，一个项目一条。"),
)  # fmt: skip
FINANCE_PRODUCTS = _register(
    FinanceProduct, _("金融产品"), pgettext_lazy("noun", "金融产品"),
    [
        Column(_("产品名称"), "name", "name"),
        Column(_("金融机构"), "institution", "institution"),
        Column(_("面向对象"), "audience", css="md"),
        Column(_("单户最高额度（万元）"), "cap", "cap", "integer"),
        Column(_("最低年利率（%）"), "rate", "rate", "integer"),
        Column(_("最长期限（月）"), "months", "months", "integer", css="md"),
        Column(_("推出日期"), "offered_on", "offered_on", "date", css="md"),
        Column(_("停办日期"), "closed_on", "closed_on", "date", css="lg"),
    ],
    forms.FinanceProductForm, forms.FinanceProductFilter, finance.save_product, ("name", "institution", "audience"),
    (), ("institution", "name"), "building-bank", _("银行为本地推出的专属信贷产品：额度、利率、期限和面向谁。"),
)  # fmt: skip
RATINGS = _register(
    CreditRating, _("评级授信"), pgettext_lazy("noun", "评级授信"),
    [
        Column(_("企业"), "enterprise__name", "enterprise__name"),
        Column(_("金融机构"), "institution", "institution"),
        Column(_("信用等级"), "grade", css="md"),
        Column(_("授信额度（万元）"), "credit_line", "credit_line", "integer"),
        Column(_("评级日期"), "rated_on", "rated_on", "date"),
        Column(_("失效日期"), "until_on", "until_on", "date", css="md"),
    ],
    forms.CreditRatingForm, forms.RatingFilter, finance.save_rating, ("enterprise__name", "institution"),
    ("enterprise",), ("-rated_on",), "award", _("企业的信用评级和授信额度；新的一次登记后，前一次同日失效。"),
)  # fmt: skip
LOANS = _register(
    Loan, _("发放贷款"), pgettext_lazy("noun", "贷款"),
    [
        Column(_("借款方"), lambda row: row.enterprise.name if row.enterprise else row.borrower),
        Column(_("贷款类别"), "kind__spoken", "kind__order"),
        Column(_("金融机构"), "institution", "institution"),
        Column(_("金融产品"), "product__name", css="lg"),
        Column(_("金额（万元）"), "amount", "amount", "integer"),
        Column(_("发放日期"), "issued_on", "issued_on", "date"),
    ],
    forms.LoanForm, forms.LoanFilter, finance.save_loan, ("enterprise__name", "borrower", "institution"),
    ("enterprise", "kind", "borrower_kind", "product"), ("-issued_on",), "file-text",
    _("向企业和其他主体发放的贷款，一笔一条；金额以万元计。"),
)  # fmt: skip
CAPITAL = _register(
    SocialCapital, _("社会资本"), pgettext_lazy("noun", "社会资本"),
    [
        Column(_("投资方"), "investor", "investor"),
        Column(_("企业"), "enterprise__name", css="md"),
        Column(_("项目"), "project__name", css="md"),
        Column(_("金额（万元）"), "amount", "amount", "integer"),
        Column(_("投入日期"), "attracted_on", "attracted_on", "date"),
    ],
    forms.SocialCapitalForm, forms.FinanceFilter, finance.save_capital,
    ("investor", "enterprise__name", "project__name"),
    ("enterprise", "project"), ("-attracted_on",), "chart-line", _("吸引到企业和项目的社会资本。"),
)  # fmt: skip
ENTRY_KINDS = kind_register(
    EntryKind, "services:entrykind", _("项目与金融类别"), pgettext_lazy("noun", "项目与金融类别"),
    forms.EntryKindForm, Column(_("用于"), "of", "of"),
)  # fmt: skip
ALL = (PROJECTS, FINANCE_PRODUCTS, RATINGS, LOANS, CAPITAL, ENTRY_KINDS)
