"""The yearly notice from an Excel file: read, shown with what it would move, and taken over after a second look.

Between the two looks nothing is kept on the server: the days that were read travel as one signed value, so that what is
confirmed is what was shown.
"""

import datetime as dt

from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import calendar, clock, notices
from core.models import CalendarDay, DayKind

_SALT = "core.notice_import"
_SECONDS = 60 * 60
STATUTORY = (DayKind.HOLIDAY, DayKind.MAKEUP)
# Set by the app of workbooks, below this one: `reader(upload)` answers [(row, cells)] or raises ValueError with a
# sentence; `writer(title, labels, rows, notes=)` answers a download.
_tools: dict = {}


def register(*, reader, writer) -> None:
    _tools.update(reader=reader, writer=writer)


class NoticeForm(forms.Form):
    """The file and the number of the notice."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("一行写一个日期或一段日期，例如“10月1日至7日”，并写明放假或上班；也可以下载模板填写。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    source = forms.CharField(label=gettext_lazy("文号或来源"), max_length=120)


@require_safe
def calendar_template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, with the days of the last published year as examples."""
    if not calendar.may_edit(request.actor, ""):
        raise PermissionDenied
    rows = CalendarDay.objects.in_force().filter(region_path="", kind__in=STATUTORY)
    last = rows.filter(kind=DayKind.HOLIDAY).order_by("-day").first()
    year = last.day.year if last else clock.today().year
    words = {DayKind.HOLIDAY: "放假", DayKind.MAKEUP: "上班"}
    examples = [(row.name, row.day.isoformat(), words[row.kind]) for row in rows.filter(day__year=year).order_by("day")]
    title = _("%(year)d 年放假安排") % {"year": year}
    notes = [_("日期可写成 2027-10-01、2027年10月1日、10月1日至7日；类型写放假、休息、调休、上班或补班。")]
    return _tools["writer"](title, ["名称", "日期", "类型"], examples, notes=notes)


@require_http_methods(["GET", "POST"])
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Read the file and show what it would change; a second, confirmed post makes it an edition."""
    if not calendar.may_edit(request.actor, ""):
        raise PermissionDenied
    if request.method == "GET":
        return _page(request, NoticeForm())
    if "days" in request.POST:
        return _second_look(request)
    form = NoticeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            rows = _tools["reader"](form.cleaned_data["file"])
        except ValueError as refused:
            form.add_error("file", str(refused))
        else:
            return _first_look(request, form, rows)
    return _page(request, form, status=422 if request.htmx else 200)


def _page(request, form, status=200) -> HttpResponse:
    return render(request, "core/calendar_import.html", {"form": form, "back": reverse("core:calendar")}, status=status)


def _first_look(request, form, rows) -> HttpResponse:
    notice = notices.read(rows)
    if not notice.kinds:
        for number, sentence in notice.errors[:20]:
            line = _("第 %(row)d 行：%(sentence)s") % {"row": number, "sentence": sentence}
            form.add_error("file", line)
        return _page(request, form, status=422 if request.htmx else 200)
    days = [[day.isoformat(), kind, notice.names.get(day, "")] for day, kind in sorted(notice.kinds.items())]
    days += [[day.isoformat(), None, ""] for day in _left_out(notice)]
    kept = {"days": days, "source": form.cleaned_data["source"], "errors": notice.errors[:100]}
    kept["user"] = request.actor.user_id
    return _shown(request, kept)


def _left_out(notice) -> list[dt.date]:
    """Statutory days of the years the notice covers whole that it does not name: an earlier notice was corrected."""
    held = CalendarDay.objects.in_force().filter(
        region_path="", kind__in=STATUTORY, day__year__in=notice.whole_years or [0]
    )
    return sorted(set(held.values_list("day", flat=True)) - set(notice.kinds))


def _shown(request, kept) -> HttpResponse:
    changes, names, year = _unpacked(kept)
    hidden = [("days", signing.dumps(kept, salt=_SALT, compress=True))]
    return calendar.confirmation(
        request, changes, names, "", hidden=hidden, back=calendar.address(year, ""), errors=kept["errors"],
        action=reverse("core:calendar_import"),
    )  # fmt: skip


def _unpacked(kept):
    changes = {dt.date.fromisoformat(day): kind for day, kind, _name in kept["days"]}
    names = {dt.date.fromisoformat(day): name for day, _kind, name in kept["days"]}
    return changes, names, max(changes).year


def _second_look(request) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["days"], salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        kept = None
    if kept is None or kept["user"] != request.actor.user_id:
        form = NoticeForm()
        return render(
            request,
            "core/calendar_import.html",
            {"form": form, "back": reverse("core:calendar"), "stale": True},
        )
    if "confirmed" not in request.POST:
        return _shown(request, kept)
    changes, names, year = _unpacked(kept)
    return calendar.carry_out(
        request, changes, names, "", reason=_("导入放假通知"), source=kept["source"],
        back=calendar.address(year, ""), done=_("放假通知已导入。"),
    )  # fmt: skip
