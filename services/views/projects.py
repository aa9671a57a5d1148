"""Pages of projects and finance."""

from django.db.models import Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.records import version
from core import units
from core.clock import today
from enterprises.lifecycle import in_use
from enterprises.views.deeds import typed
from enterprises.views.records import link
from services.forms import projects as forms
from services.lifecycle import projects
from services.project_enums import DATES, ProjectState
from services.registers.projects import CAPITAL, ENTRY_KINDS, FINANCE_PRODUCTS, LOANS, PROJECTS, RATINGS
from services.views import pages

GET_OR_POST = ("GET", "HEAD", "POST")


def money(value) -> str:
    """An amount in 万元 as read; every decimal that it has."""
    if value is None:
        return ""
    places = max(2, -value.normalize().as_tuple().exponent)
    return units.text(value, units.WAN_YUAN, places)


def _way(row) -> list[dict]:
    """The states in order, each with the day it was reached."""
    return [
        {"label": ProjectState(state).label, "on": getattr(row, name), "here": state == row.state}
        for state, name in DATES.items()
    ]


def _acts(row) -> list[dict]:
    found, name = [], projects.next_step(row)
    if name:
        url = reverse("services:project_step", args=[row.pk, name])
        found.append({"url": url, "label": projects.STEPS[name].label, "icon": "arrow-right"})
    found += [
        pages.act("project_arrival", row, _("登记到位资金"), "plus"),
        pages.act("project_note", row, _("登记调度"), "message"),
        pages.act("project_service", row, _("指定服务党组织"), "users"),
    ]
    if row.committee_id:
        found.append(pages.act("project_convene", row, _("提请一事一商"), "messages"))
    if projects.may_step_back(row):
        found.append(pages.act("project_back", row, _("退回上一步"), "arrow-back-up"))
    if row.state != ProjectState.STOPPED:
        found.append(pages.act("project_stop", row, _("终止"), "circle-x"))
    return found


def _stopped(row) -> list[dict]:
    if row.stopped_on is None:
        return []
    return [pages.fact(_("终止日期"), row.stopped_on), pages.fact(_("终止原因"), row.stop_reason)]


@require_safe
def project_detail(request, pk):
    row, actor = pages.row_of(request, PROJECTS, pk), request.actor
    facts = [
        pages.fact(_("项目类别"), row.kind.spoken),
        pages.fact(_("项目来源"), row.source and row.source.spoken),
        pages.linked(_("企业"), row.enterprise, actor),
        pages.fact(_("投资方"), row.investor),
        pages.fact(_("责任单位"), row.owner and row.owner.name),
        pages.fact(_("计划总投资"), money(row.planned_investment)),
        pages.fact(_("协议金额"), money(row.agreement_amount)),
        pages.fact(_("到位资金"), money(row.arrivals.aggregate(whole=Sum("amount"))["whole"])),
        pages.fact(_("列入项目清单日期"), row.listed_on),
        pages.fact(_("对产业链的作用"), row.get_work_display()),
        pages.fact(_("环节"), row.link and row.link.name),
        pages.fact(_("主题"), row.themes),
        *_stopped(row),
        *pages.place(row, actor),
        pages.fact(_("建设内容"), row.note),
    ]  # fmt: skip
    services = [
        {"row": one, "url": link(one.organisation, actor)} for one in row.services.select_related("organisation")
    ]
    arrivals = [{"row": one, "amount": money(one.amount)} for one in row.arrivals.all()]
    return pages.detail(
        request, PROJECTS, row, facts, "services/project_detail.html", acts=_acts(row), way=_way(row),
        arrivals=arrivals, services=services, notes=row.notes.all(), state_label=row.get_state_display(),
    )  # fmt: skip


def _deed(request, pk, form, do, title, done, **more):
    row = pages.kept(request, PROJECTS, pk)
    filled = form(typed(request), initial={"version": version(row)}, **(more["given"](row) if more else {}))
    return pages.ending(
        request, PROJECTS, row, form=filled, do=lambda **values: do(row, **values), title=title, done=done
    )


@require_http_methods(GET_OR_POST)
def project_step(request, pk, step):
    if step not in projects.STEPS:
        raise Http404
    form = forms.SignForm if step == "sign" else forms.StepForm
    label = projects.STEPS[step].label
    return _deed(
        request, pk, form, lambda row, **values: projects.step(row, step, **values), label,
        _("已登记：%(step)s。") % {"step": label},
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def project_stop(request, pk):
    return _deed(request, pk, forms.StopForm, projects.stop, _("终止项目"), _("项目已终止。"))


@require_http_methods(GET_OR_POST)
def project_back(request, pk):
    return _deed(request, pk, forms.BackForm, projects.step_back, _("退回上一步"), _("已退回上一步。"))


@require_http_methods(GET_OR_POST)
def project_note(request, pk):
    return _deed(request, pk, forms.NoteForm, projects.add_note, _("登记调度"), _("调度已登记。"))


@require_http_methods(GET_OR_POST)
def project_convene(request, pk):
    return _deed(request, pk, forms.ConveneForm, projects.convene, _("提请一事一商"), _("已列入党委的待议事项。"))


@require_http_methods(GET_OR_POST)
def project_arrival(request, pk):
    def do(row, by, seen, **data):
        return projects.add_arrival(row, data, by=by, seen=seen)

    return _deed(request, pk, forms.ArrivalForm, do, _("登记到位资金"), _("到位资金已登记。"))


@require_http_methods(GET_OR_POST)
def project_service(request, pk):
    def do(row, by, seen, **data):
        return projects.attach(row, data, by=by, seen=seen)

    return _deed(
        request, pk, forms.ServiceForm, do, _("指定服务党组织"), _("服务党组织已登记。"),
        given=lambda row: {"actor": request.actor, "project": row},
    )  # fmt: skip


_MONEY = {"cap", "credit_line", "amount"}


def _plain(register, names, ends=""):
    """The page of a row that only shows what it holds."""

    @require_safe
    def view(request, pk):
        row, facts = pages.row_of(request, register, pk), []
        for name in names:
            field = row._meta.get_field(name)
            value = getattr(row, name)
            if name in ("enterprise", "product", "project"):
                known = value is not None and type(value).objects.visible_to(request.actor).filter(pk=value.pk).exists()
                url = None
                if known:
                    url = link(value, request.actor) if name == "enterprise" else value.get_absolute_url()
                facts.append(pages.fact(field.verbose_name, value and value.name, url))
            elif name in ("kind", "borrower_kind"):
                facts.append(pages.fact(field.verbose_name, value and value.spoken))
            elif name in _MONEY:
                facts.append(pages.fact(str(field.verbose_name).replace("（万元）", ""), money(value)))
            else:
                facts.append(pages.fact(field.verbose_name, value))
        over = ends and getattr(row, ends) and getattr(row, ends) <= today()
        more = {"standing": "over" if over else "in_force"} if ends else {}
        return pages.detail(request, register, row, [*facts, *pages.place(row, request.actor)], **more)

    return view


financeproduct_detail = _plain(
    FINANCE_PRODUCTS,
    ("institution", "name", "audience", "cap", "rate", "months", "support", "offered_on", "closed_on"),
    "closed_on",
)
creditrating_detail = _plain(
    RATINGS, ("enterprise", "institution", "grade", "credit_line", "rated_on", "until_on"), "until_on"
)
loan_detail = _plain(
    LOANS, ("enterprise", "borrower_kind", "borrower", "kind", "institution", "product", "amount", "issued_on")
)
socialcapital_detail = _plain(CAPITAL, ("investor", "amount", "enterprise", "project", "attracted_on"))


@require_safe
def entrykind_detail(request, pk):
    row = pages.row_of(request, ENTRY_KINDS, pk)
    facts = [
        pages.fact(_("用于"), row.get_of_display()),
        pages.fact(_("统计口径"), row.get_counts_as_display()),
        pages.fact(_("级别"), row.get_level_display()),
        pages.fact(_("适用区域"), row.region.name if row.region else _("通用")),
        pages.fact(_("启用"), _("是") if row.is_active else _("否")),
        pages.fact(_("是否已有登记"), _("是") if in_use(row) else _("否")),
    ]
    return pages.detail(request, ENTRY_KINDS, row, facts)
