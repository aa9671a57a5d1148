"""Pages of the month close: units by month, one unit's month, its steps."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.sentences import timeline
from closing import corrections, entered, forms, frozen, lifecycle, perms, places
from closing.enums import TONES, ClosingState
from closing.models import Closing
from core import clock
from core.actor import Role
from core.answers import answer_status, attempt, demand
from core.held import held_data
from core.periods import Month
from core.transitions import Refusal
from indicators import figures

# Months side by side on the list.
MONTHS = 6
READERS = (Role.COUNTY_OFFICER, Role.LEADER, Role.CHAIN_SECRETARY)


def reads(actor) -> Refusal | None:
    """Months and targets are for those who read the figures of a place."""
    if actor.has(*READERS):
        return None
    return Refusal("role", _("您的岗位不查阅封账和目标。"), who_can=_("组织部工作人员、分管领导、产业链党委书记"))


@dataclass
class Cell:
    """One unit's month on the list."""

    month: Month
    url: str
    label: str
    tone: str
    note: str = ""


def month_url(place, month):
    return reverse("closing:detail", args=[place.kind, place.pk, str(month)])


@require_safe
def month_list(request):
    """Units by month with their states; `month` is the last one shown."""
    demand(reads(request.actor))
    latest = Month.of(clock.today()) - 1
    last = min(forms.month_of(request.GET.get("month", ""), latest), latest)
    months = [last - back for back in range(MONTHS)]
    units = places.visible_to(request.actor, last)
    rows = _rows_of(request.actor, months)
    lines = [
        {"place": one, "cells": [_cell(one, month, rows.get((one.key, month))) for month in months]} for one in units
    ]
    address = reverse("closing:list")
    context = {
        "months": months,
        "lines": lines,
        "page": {
            "rows": lines,
            "previous_url": f"{address}?month={min(last + MONTHS, latest)}" if last < latest else "",
            "next_url": f"{address}?month={last - MONTHS}" if _older(units, months[-1]) else "",
        },
    }
    return render(request, "closing/list.html", context)


def _older(units, month) -> bool:
    """Whether any committee shown stood before this month."""
    return any(one.committee and one.committee.founded_on < month.first_day for one in units)


def _rows_of(actor, months):
    """{(unit, month): its row} of all months shown."""
    found = Closing.objects.visible_to(actor).filter(month__range=(months[-1].first_day, months[0].first_day))
    return {(places.key_of(row), row.month_of): row for row in found.prefetch_related("exemptions")}


def _cell(place, month, row):
    label, tone, note = state_of(row)
    if place.committee and place.committee.founded_on > month.last_day:
        return Cell(month, "", "", "grey")
    return Cell(month, month_url(place, month), label, tone, note)


def state_of(row):
    """(label, tone, what else is to be said) of a month's row, or of none."""
    state = ClosingState(row.state) if row else ClosingState.OPEN
    given = lifecycle.in_force(row)
    if given:
        return state.label, TONES[state], _("可办理至%(day)s") % {"day": given.until.isoformat()}
    if row and state != ClosingState.LOCKED and row.exemptions.all():
        return state.label, "red", _("期限已过")
    return state.label, TONES[state], ""


@require_safe
def month_detail(request, kind, pk, month):
    """One unit's month: state and steps, corrections, stocks from opening to closing, frozen and live figures."""
    place, month = _found(request, kind, pk, month)
    closing = frozen.closing_of(place, month)
    label, tone, note = state_of(closing)
    context = {
        "place": place,
        "month": month,
        "closing": closing,
        "label": label,
        "tone": tone,
        "note": note,
        "who_opens": perms.who_opens(place),
        "given": lifecycle.in_force(closing),
        "steps": _steps(place, month, closing, request.actor),
        "waiting": [(one, month_url(one, month)) for one in lifecycle.waiting_for(place, month)],
        "stocks": corrections.stocks(place, month),
        "scope_tabs": _tabs(request, place, month, closing),
        "events": timeline(closing) if closing else [],
        **_figures(request, place, closing),
    }
    return render(request, "closing/detail.html", context)


def _found(request, kind, pk, text):
    """The unit and month of an address, or 404 out of sight."""
    month = forms.month_of(text)
    place = places.find(request.actor, kind, pk, month) if month and month <= Month.of(clock.today()) else None
    if place is None:
        raise Http404
    return place, month


def _steps(place, month, closing, actor):
    """The steps that the state allows, each with its address or why it is refused; none for those who only read."""
    state = closing.state if closing else ClosingState.OPEN
    if perms.submit(place, actor) and perms.keep(place, actor):
        return []
    shown = []
    for name, step in lifecycle.STEPS.items():
        if state in step.sources:
            refusal = lifecycle.check(name, place, month, closing, actor)
            url = reverse("closing:act", args=[place.kind, place.pk, str(month), name])
            shown.append({"name": name, "label": step.label, "url": url, "refusal": refusal})
    return shown


def _scope(request, place):
    """The scope looked at: the unit's own, or one of its region's chains by `chain`."""
    wanted = request.GET.get("chain", "")
    return next((one for one in place.scopes()[1:] if one.ident == wanted), place.scope)


def _tabs(request, place, month, closing):
    """The unit's scopes as links, where there are several and something is frozen."""
    found = place.scopes()
    if len(found) < 2 or closing is None or not closing.round:
        return []
    url, here = month_url(place, month), _scope(request, place)
    return [
        {"label": str(one), "url": url if one == found[0] else f"{url}?chain={one.ident}", "active": one == here}
        for one in found
    ]


def _figures(request, place, closing):
    """Frozen figures with the live ones of the scope looked at, and what differs."""
    scope = _scope(request, place)
    kept = frozen.standing(closing, scope)
    codes = [code for code in frozen.codes_for(scope) if code in kept]
    live = figures.read(codes, scope, closing.period) if codes else {}
    lines = [
        {
            "name": live[code].name,
            "frozen": corrections.written(kept[code].value, live[code]),
            "live": live[code],
            "differs": corrections.differs(kept[code], live[code]),
            "empty": not kept[code].value and not live[code].value,
        }
        for code in codes
    ]
    return {
        "scope": scope,
        "figure_lines": lines,
        # Most figures of a small unit say nothing: they are folded away, so that the others can be found.
        "filled_lines": [one for one in lines if not one["empty"]],
        "empty_lines": [one for one in lines if one["empty"]],
        "gone": [one for code, one in kept.items() if code not in live],
        "as_of": next((one.as_of for one in kept.values()), None),
        "corrections": corrections.corrections_of(closing, scope, request.actor),
        "entered_corrections": entered.corrections(place, closing.month_of) if closing and closing.round else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def month_act(request, kind, pk, month, step):
    """One step on a month: a page that says what it does, with the reason where it needs one."""
    place, month = _found(request, kind, pk, month)
    if step not in lifecycle.STEPS:
        raise Http404
    demand(lifecycle.STEPS[step].allowed(place, request.actor))
    closing = frozen.closing_of(place, month)
    version = closing.version if closing else 0
    data = request.POST if request.method == "POST" else held_data(request)
    form = forms.StepForm(data, step=step, initial={"version": version})
    refusal = lifecycle.check(step, place, month, closing, request.actor)
    if request.method == "POST" and form.is_valid():
        act = getattr(lifecycle, step)
        if attempt(form, lambda: act(place, month, by=request.actor, **form.cleaned_data)):
            messages.success(request, _("%(unit)s%(month)s：%(state)s。") % _said(place, month, step))
            return redirect(month_url(place, month))
    context = {
        "form": form,
        "place": place,
        "month": month,
        "title": lifecycle.STEPS[step].label,
        "sentence": refusal.sentence if refusal and request.method != "POST" else _sentence(step, place, month),
        "effects": _effects(step, place),
        "danger": step in ("lock", "reopen"),
        "cancel_url": month_url(place, month),
    }
    return render(request, "closing/act.html", context, status=answer_status(request, form))


def _said(place, month, step):
    return {"unit": place, "month": month.name, "state": lifecycle.STEPS[step].label}


def _sentence(step, place, month):
    sentence = {
        "submit": _("提交%(unit)s%(month)s的数据？"),
        "approve": _("%(unit)s%(month)s的数据审核通过？"),
        "lock": _("对%(unit)s%(month)s封账？"),
        "send_back": _("把%(month)s的数据退回%(unit)s？"),
        "exempt": _("给%(unit)s%(month)s的数据宽限？"),
        "reopen": _("对%(unit)s%(month)s开封？"),
    }[step]
    return sentence % {"unit": place, "month": month.name}


def _effects(step, place):
    """What the step does, as the page lists it."""
    return {
        "submit": [_("提交表示本月的事项均已登记；审核前还可以退回。")],
        "approve": [_("审核通过后即可封账。")],
        "lock": [
            _("各项指标按此刻的数据固定下来，以后不再改变。"),
            _("此后补登、改动属于本月的事项不受限制，差异列入更正清单，由下期月报刊载。"),
            _("需要重新办理时，由%(who)s开封。") % {"who": perms.who_opens(place)},
        ],
        "send_back": [_("退回后由该单位核对，重新提交。")],
        "exempt": [_("截止日期之前，上级单位封账不再等待该单位。")],
        "reopen": [
            _("开封期间，原封账数继续有效；再次封账时按当时的数据重新固定。"),
            _("已发出的月报不变。"),
        ],
    }[step]
