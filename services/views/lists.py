"""Demands: their page with what might meet them, and what a person says of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.records import version
from core.answers import demand as must
from core.answers import get_or_404
from core.transitions import Refused
from enterprises.views.deeds import typed
from problems.models import Problem
from services import matching
from services.forms import lists as forms
from services.lifecycle import lists
from services.list_enums import MatchState
from services.models import Policy, Resource
from services.registers.lists import DEMANDS
from services.views import pages

SHOWN = 6
MODELS = {"resource": Resource, "policy": Policy, "solved": Problem}
GET_OR_POST = ("GET", "HEAD", "POST")


def _acts(row, actor):
    if not lists.may_act(row, actor):
        yield pages.act("demand_meet", row, _("登记已满足"), "circle-check")
        yield pages.act("demand_withdraw", row, _("撤回需求"), "circle-x")
    if not lists.may_hand_over(row, actor):
        yield pages.act("demand_hand_over", row, _("转为问题"), "send")
    if not lists.may_reopen(row, actor):
        yield pages.act("demand_reopen", row, _("重新打开"), "arrow-back-up")


def _facts(row, actor):
    facts = [
        pages.linked(_("企业"), row.enterprise, actor),
        pages.fact(_("要素类别"), row.kind.spoken),
        pages.fact(_("具体情况"), row.text),
        pages.fact(_("提出日期"), row.raised_on),
        pages.fact(_("需要在何时之前"), row.needed_by),
        pages.fact(_("有效期至"), row.valid_until),
        pages.fact(_("满足日期"), row.met_on),
        pages.fact(_("撤回日期"), row.withdrawn_on),
        pages.fact(_("结果说明"), row.outcome),
    ]
    if row.problem_id:
        seen = Problem.objects.visible_to(actor).filter(pk=row.problem_id).exists()
        said = f"{row.problem.number} {row.problem.get_state_display()}"
        facts.append(pages.fact(_("转办问题"), said, row.problem.get_absolute_url() if seen else None))
    return [one for one in facts if one["value"]] + pages.place(row, actor)


def _matches(row, actor) -> list[dict]:
    """What was decided, in words; a solved problem of another enterprise is told of without its content."""
    seen = set(
        Problem.objects.visible_to(actor).filter(pk__in=row.matches.values("solved")).values_list("pk", flat=True)
    )
    offered = {
        name: set(model.objects.visible_to(actor).filter(pk__in=row.matches.values(name)).values_list("pk", flat=True))
        for name, model in (("resource", Resource), ("policy", Policy))
    }
    found = []
    for match in row.matches.select_related("resource", "policy", "solved"):
        field = match.target_field
        may = match.target.pk in (seen if field == "solved" else offered[field])
        hidden = field == "solved" and not may
        found.append(
            {
                "match": match,
                "field": field,
                "name": _("已解决的同类问题") if hidden else getattr(match.target, "title", match.target),
                "url": match.target.get_absolute_url() if may else None,
                "grounds": [{"sentence": matching.said(code, about), "points": n} for code, n, about in match.grounds],
                "is_confirmed": match.state == MatchState.CONFIRMED,
            }
        )
    return found


@require_safe
def demand_detail(request, pk):
    row = pages.row_of(request, DEMANDS, pk)
    actor = request.actor
    refusal = lists.may_act(row, actor)
    found = [] if refusal else matching.suggest(row, actor)
    every = bool(request.GET.get("all"))
    return pages.detail(
        request, DEMANDS, row, _facts(row, actor), "services/demand_detail.html",
        acts=list(_acts(row, actor)),
        may_act=not refusal,
        suggestions=found if every else found[:SHOWN],
        more=0 if every else max(0, len(found) - SHOWN),
        matches=_matches(row, actor),
        version=version(row),
    )  # fmt: skip


def _target(request, row, field, target):
    """The suggestion that the address names: in sight, and suggested or decided on already; 404 else."""
    if field not in MODELS:
        raise Http404
    thing = get_or_404(MODELS[field].objects.visible_to(request.actor), target)
    found = matching.find(row, field, thing.pk, request.actor)
    known = row.matches.filter(**{field: thing}).first()
    if found is None and known is None:
        raise Http404
    return thing, found.kept if found else known.grounds


@require_POST
def demand_confirm(request, pk, field, target):
    """Confirm that something meets the demand."""
    row = pages.kept(request, DEMANDS, pk)
    thing, grounds = _target(request, row, field, target)
    try:
        lists.confirm(row, thing, by=request.actor, grounds=grounds, seen=request.POST.get("version") or None)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    else:
        messages.success(request, _("已确认对接：%(name)s。") % {"name": thing})
    return redirect(row)


@require_http_methods(GET_OR_POST)
def demand_set_aside(request, pk, field, target):
    """Say that something does not meet the demand, and why."""
    row = pages.kept(request, DEMANDS, pk)
    thing, grounds = _target(request, row, field, target)

    def do(reason, **options):
        return lists.set_aside(row, thing, reason=reason, grounds=grounds, **options)

    return pages.ending(
        request, DEMANDS, row, form=forms.ReasonForm, do=do,
        title=_("不合适：%(name)s") % {"name": thing}, done=_("已记下不合适的理由。"),
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def demand_choose(request, pk):
    """Match a resource or policy that was not suggested."""
    row = pages.kept(request, DEMANDS, pk)
    must(lists.may_act(row, request.actor))
    form = forms.ChooseForm(typed(request), actor=request.actor, region=row.region, initial={"version": version(row)})

    def do(by, seen, **_values):
        return lists.confirm(row, form.target, by=by, seen=seen, grounds=[["by_hand", 0, ""]])

    return pages.ending(request, DEMANDS, row, form=form, do=do, title=_("手动选择对接"), done=_("已确认对接。"))


def _end(request, pk, step, title, done, form=forms.EndForm):
    row = pages.kept(request, DEMANDS, pk)
    must((lists.may_reopen if step is lists.reopen else lists.may_act)(row, request.actor))
    return pages.ending(
        request, DEMANDS, row, form=form, do=lambda **values: step(row, **values), title=title, done=done
    )


@require_http_methods(GET_OR_POST)
def demand_meet(request, pk):
    return _end(request, pk, lists.meet, _("登记已满足"), _("需求已满足。"))


@require_http_methods(GET_OR_POST)
def demand_withdraw(request, pk):
    return _end(request, pk, lists.withdraw, _("撤回需求"), _("需求已撤回。"))


@require_http_methods(GET_OR_POST)
def demand_reopen(request, pk):
    return _end(request, pk, lists.reopen, _("重新打开"), _("需求已重新打开。"), forms.ReasonForm)


@require_http_methods(GET_OR_POST)
def demand_hand_over(request, pk):
    """The demand becomes an entry of the ledger: the form is filled in from it."""
    row = pages.kept(request, DEMANDS, pk)
    must(lists.may_hand_over(row, request.actor))
    form = forms.HandOverForm(typed(request), demand=row, initial={"version": version(row)})
    return pages.ending(
        request, DEMANDS, row, form=form, do=lambda **values: lists.hand_over(row, **values), title=_("转为问题"),
        done=_("已转为问题，进入问题台账办理。"),
    )  # fmt: skip
