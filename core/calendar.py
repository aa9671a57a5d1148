"""The statutory calendar on a page: a year by months; a day changed with a reason after a look at what it moves."""

import calendar as months_of
import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, editions, workdays
from core.actor import Actor, Role
from core.held import held_data
from core.models import CalendarDay, DayKind
from core.widgets import DateInput

FIRST_YEAR, LAST_YEAR = 2015, 2100
PLAIN = ""


def may_edit(actor: Actor) -> bool:
    """The calendar is one for the whole installation: the system administrator keeps it."""
    return actor.has(Role.SYSTEM_ADMIN)


class DayForm(forms.Form):
    """One day's kind, with the reason that goes into the trail and onto every moved deadline."""

    day = forms.DateField(label=gettext_lazy("日期"), widget=DateInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        choices=[(PLAIN, gettext_lazy("按星期（周一至周五上班）")), *DayKind.choices],
        required=False,
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
    reason = forms.CharField(
        label=gettext_lazy("依据或理由"), max_length=120, help_text=gettext_lazy("例如通知的文号；会写入审计记录。")
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("年份应在 %(first)s 到 %(last)s 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One year by months, each day with its kind in words as well as in colour."""
    today = clock.today()
    text = request.GET.get("year", str(today.year))
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise Http404
    year, in_force = int(text), workdays.current()
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    context = {
        "year": year,
        "years": list(range(today.year - 5, today.year + 3)),
        "months": [_month(year, number, rows, in_force, today) for number in range(1, 13)],
        "listed": list(rows.values()),
        "workdays": in_force.between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)),
        "is_published": in_force.is_published(year),
        "missing": [n for n in (today.year, today.year + 1) if not in_force.is_published(n)],
        "may_edit": may_edit(request.actor),
    }
    return render(request, "core/calendar.html", context)


def _month(year, number, rows, in_force, today) -> dict:
    weeks = months_of.Calendar(firstweekday=0).monthdatescalendar(year, number)
    return {
        "first": dt.date(year, number, 1),
        "weeks": [
            [
                {
                    "day": day,
                    "inside": day.month == number,
                    "row": rows.get(day),
                    "works": in_force.is_workday(day),
                    "is_today": day == today,
                }
                for day in week
            ]
            for week in weeks
        ],
    }


@require_http_methods(["GET", "POST"])
def calendar_day(request: HttpRequest) -> HttpResponse:
    """Change one day. The first post shows how many open deadlines would move, the second (confirmed) does it."""
    if not may_edit(request.actor):
        raise PermissionDenied
    if request.method == "GET":
        held = held_data(request)
        form = DayForm(held) if held else DayForm(initial=_initial(request.GET.get("day", "")))
        return render(request, "core/calendar_day.html", {"form": form, "back": reverse("core:calendar")})
    form = DayForm(request.POST)
    if not form.is_valid():
        status = 422 if request.htmx else 200
        return render(
            request, "core/calendar_day.html", {"form": form, "back": reverse("core:calendar")}, status=status
        )
    day, kind = form.cleaned_data["day"], form.cleaned_data["kind"] or None
    back = f"{reverse('core:calendar')}?year={day.year}"
    if "confirmed" not in request.POST:
        moved = len({line.url for line in editions.preview({day: kind})})
        return render(request, "core/calendar_confirm.html", {"form": form, "moved": moved, "back": back, "day": day})
    editions.set_day(day, kind, by=request.actor, name=form.cleaned_data["name"], reason=form.cleaned_data["reason"])
    messages.success(request, _("%(day)s 已更新，未到期的期限已重新计算。") % {"day": day.isoformat()})
    return redirect(back)


def _initial(text: str) -> dict:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return {}
    row = CalendarDay.objects.filter(day=day).first()
    return {"day": day, "kind": row.kind, "name": row.name} if row else {"day": day}
