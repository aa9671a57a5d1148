"""The calendar on a page: a year by months, for the installation or one region, as it is or as it stood; a day changed
with a reason after a look at what it moves; the editions that led here."""

import calendar as months_of
import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, editions, workdays
from core.actor import Actor, Role
from core.held import held_data
from core.models import CalendarDay, CalendarEdition, DayKind
from core.widgets import DateInput, SearchSelect

FIRST_YEAR, LAST_YEAR = 2015, 2100
PLAIN = ""
LISTED = 50  # affected deadlines on a page of the preview
EDITIONS = 30
LOCAL_KINDS = (DayKind.LOCAL_OFF, DayKind.LOCAL_MAKEUP)
# Set by the app that knows regions, below this one: function(actor) -> [(path, name)] of the places somebody sees.
_regions = None


def register_regions(function) -> None:
    global _regions
    _regions = function


def places(actor: Actor) -> list[tuple[str, str]]:
    """(path, name) of the places whose calendar this person may look at; the whole installation first."""
    own = _regions(actor) if _regions is not None else []
    return [("", _("全域（法定节假日）")), *own]


def may_edit(actor: Actor, region_path: str) -> bool:
    """The statutory days are the system administrator's; a region's own days those of an officer of that region or of
    one above it. Nobody else's."""
    if not region_path:
        return actor.has(Role.SYSTEM_ADMIN)
    return any(region_path.startswith(path) for path in actor.region_paths(Role.COUNTY_OFFICER))


def editable(actor: Actor) -> list[tuple[str, str]]:
    return [(path, name) for path, name in places(actor) if may_edit(actor, path)]


def place_of(request: HttpRequest) -> tuple[str, str]:
    """The place asked for, else the one the person is at home in. 404 for one that the person does not see."""
    known = dict(places(request.actor))
    home = next((duty.region_path for duty in request.actor.duties if duty.region_path in known), "")
    path = request.GET.get("place", home)
    if path not in known:
        raise Http404
    return path, known[path]


class DayForm(forms.Form):
    """One day's kind at one place, with the reason that goes into the trail and onto every moved deadline."""

    place = forms.ChoiceField(label=gettext_lazy("适用范围"), required=False, widget=SearchSelect)
    day = forms.DateField(label=gettext_lazy("日期"), widget=DateInput(counted=False))
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        choices=[(PLAIN, gettext_lazy("不单独设置（按星期和上级规定）")), *DayKind.choices],
        required=False,
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
    source = forms.CharField(label=gettext_lazy("文号或来源"), max_length=120, required=False)
    reason = forms.CharField(
        label=gettext_lazy("依据或理由"),
        max_length=120,
        help_text=gettext_lazy("会写入审计记录和每个受影响事项的时间线。"),
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = editable(actor)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("年份应在 %(first)s 到 %(last)s 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day

    def clean(self):
        cleaned = super().clean()
        place = cleaned.get("place")
        if place is not None and place not in dict(self.fields["place"].choices):
            self.add_error("place", _("请选择适用范围。"))
        if place and cleaned.get("kind") and cleaned["kind"] not in LOCAL_KINDS:
            self.add_error("kind", _("法定节假日和调休由系统管理员按国家通知设置；本地只能设置本地放假或本地补班。"))
        return cleaned


# --- reading ------------------------------------------------------------------------------------------------------
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One year by months, each day with its kind in words as well as in colour."""
    today = clock.today()
    year = _number(request.GET.get("year", str(today.year)), FIRST_YEAR, LAST_YEAR)
    path, place = place_of(request)
    number, as_of = _asked_edition(request)
    rows = CalendarDay.objects.in_force() if number is None else CalendarDay.objects.as_of(number)
    calendars = workdays.everywhere() if number is None else workdays.as_of(number)
    here = calendars.at(path)
    line = [path[:end] for end in range(len(path) + 1)]
    listed = {row.day: row for row in rows.filter(day__year=year, region_path__in=line).order_by("region_path")}
    statutory = workdays.current()
    context = {
        "year": year,
        "years": list(range(today.year - 5, today.year + 3)),
        "months": [_month(year, month, listed, here, today) for month in range(1, 13)],
        "workdays": here.between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)),
        "is_published": here.is_published(year),
        "missing": [n for n in (today.year, today.year + 1) if not statutory.is_published(n)],
        "places": places(request.actor),
        "path": path,
        "place": place,
        "number": number,
        "as_of": as_of,
        "editions": _editions(line),
        "running": editions.unfinished(),
        "may_edit": number is None and may_edit(request.actor, path),
        "may_change": bool(editable(request.actor)),
    }
    return render(request, "core/calendar.html", context)


def _number(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8 and low <= int(text) <= high):
        raise Http404
    return int(text)


def _asked_edition(request) -> tuple[int | None, dt.date | None]:
    """(edition, day) of the calendar to show; (None, None) is the one in force."""
    if text := request.GET.get("edition"):
        return _number(text, 0, 9_999_999), None
    if text := request.GET.get("as_of"):
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise Http404 from None
        return workdays.edition_on(day), day
    return None, None


def _editions(line: list[str]) -> list[CalendarEdition]:
    """The latest editions that this place's calendar has come from, each with its days (`days`)."""
    found = list(CalendarEdition.objects.filter(region_path__in=line).order_by("-number")[:EDITIONS])
    changes = {edition.pk: {} for edition in found}
    for row in CalendarDay.objects.filter(until__in=found):
        changes[row.until_id][row.day] = (row, None)
    for row in CalendarDay.objects.filter(since__in=found):
        before = changes[row.since_id].get(row.day, (None, None))[0]
        changes[row.since_id][row.day] = (before, row)
    for edition in found:
        edition.days = [(day, before, after) for day, (before, after) in sorted(changes[edition.pk].items())]
    return found


def _month(year, number, rows, here, today) -> dict:
    weeks = months_of.Calendar(firstweekday=0).monthdatescalendar(year, number)
    return {
        "first": dt.date(year, number, 1),
        "weeks": [
            [
                {
                    "day": day,
                    "inside": day.month == number,
                    "row": rows.get(day),
                    "works": here.is_workday(day),
                    "is_today": day == today,
                }
                for day in week
            ]
            for week in weeks
        ],
    }


# --- changing -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def calendar_day(request: HttpRequest) -> HttpResponse:
    """Change one day. The first post shows which open deadlines would move, the second (confirmed) does it."""
    if not editable(request.actor):
        raise PermissionDenied
    if request.method == "GET":
        held = held_data(request)
        form = DayForm(held or None, initial=_initial(request), actor=request.actor)
        return render(request, "core/calendar_day.html", {"form": form, "back": reverse("core:calendar")})
    form = DayForm(request.POST, actor=request.actor)
    if not form.is_valid():
        status = 422 if request.htmx else 200
        return render(
            request, "core/calendar_day.html", {"form": form, "back": reverse("core:calendar")}, status=status
        )
    given = form.cleaned_data
    day, path = given["day"], given["place"]
    changes, names = {day: given["kind"] or None}, {day: given["name"]}
    back = address(day.year, path)
    if "confirmed" not in request.POST:
        hidden = [(field.html_name, field.value() or "") for field in form]
        return confirmation(request, changes, names, path, hidden=hidden, back=back)
    return carry_out(
        request, changes, names, path, reason=given["reason"], source=given["source"], back=back,
        done=_("%(day)s 已更新。") % {"day": day.isoformat()},
    )  # fmt: skip


def address(year: int, path: str) -> str:
    return f"{reverse('core:calendar')}?{urlencode({'year': year, 'place': path})}"


def confirmation(request, changes, names, path, *, hidden, back, **more) -> HttpResponse:
    """The page that shows what a change would do, a page of deadlines at a time, and asks."""
    wanted = editions.differences(changes, names, path)
    lines = editions.preview(changes, path)
    text = request.POST.get("page", "1")
    last = max(1, -(-len(lines) // LISTED))
    page = min(int(text), last) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1
    page = max(1, page)
    labels = dict(DayKind.choices)
    context = {
        "days": [
            {"day": day, "before": labels.get(was), "after": labels.get(new), "name": names.get(day, "")}
            for day, (was, new) in wanted.items()
        ],
        "lines": lines[(page - 1) * LISTED : page * LISTED],
        "total": len(lines),
        "moved": len({line.url for line in lines if line.old != line.new}),
        "stay": len({line.url for line in lines if line.old == line.new}),
        "pages": last,
        "page": page,
        "may_open": request.actor.has(*Role.BUSINESS),
        "place": dict(places(request.actor)).get(path, ""),
        "hidden": hidden,
        "back": back,
        **more,
    }
    return render(request, "core/calendar_confirm.html", context)


def carry_out(request, changes, names, path, *, reason, source, back, done) -> HttpResponse:
    """Make the edition and lead back to the calendar with a word on how far the deadlines are."""
    place = dict(places(request.actor)).get(path, "") if path else ""
    edition = editions.change(
        changes, by=request.actor, names=names, reason=reason, source=source, region_path=path, place=place[:60]
    )
    if edition is None:
        messages.info(request, _("日历已经是这样，没有变化。"))
        return redirect(back)
    edition.refresh_from_db()
    if edition.finished_at is None:
        more = _("涉及 %(count)d 个在办事项，期限正在后台重新计算，进度见日历页。") % {"count": edition.to_check}
    else:
        more = _("重新计算了 %(count)d 个在办事项的期限。") % {"count": edition.moved}
    messages.success(request, f"{done}{more}")
    return redirect(back)


def _initial(request) -> dict:
    """What the form opens with: the day and place that were clicked, and what is set there now."""
    choices = dict(editable(request.actor))
    path = request.GET.get("place", "")
    first = {"place": path if path in choices else next(iter(choices))}
    try:
        first["day"] = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return first
    row = CalendarDay.objects.in_force().filter(day=first["day"], region_path=first["place"]).first()
    return {**first, "kind": row.kind, "name": row.name} if row else first
