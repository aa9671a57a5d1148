"""Days off and make-up days from an Excel file: the yearly notice by the system administrator, a region's local days
by its officer. Read, shown with what it would move, and taken over after a second look.

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
from core.actor import Actor
from core.models import CalendarDay, DayKind
from core.widgets import SearchSelect

_SALT = "core.notice_import"
_SECONDS = 60 * 60
STATUTORY = (DayKind.HOLIDAY, DayKind.MAKEUP)
# What a day of the file is where the file is a region's.
LOCAL = {DayKind.HOLIDAY: DayKind.LOCAL_OFF, DayKind.MAKEUP: DayKind.LOCAL_MAKEUP}
WORDS = {
    DayKind.HOLIDAY: "放假", DayKind.MAKEUP: "上班", DayKind.LOCAL_OFF: "放假", DayKind.LOCAL_MAKEUP: "上班",
}  # fmt: skip
# Set by the app of workbooks, below this one: `reader(upload)` answers [(row, cells)] or raises ValueError with a
# sentence; `writer(title, labels, rows, notes=)` answers a download.
_tools: dict = {}


def register(*, reader, writer) -> None:
    _tools.update(reader=reader, writer=writer)


class NoticeForm(forms.Form):
    """Where the days hold, the file and the number of the notice."""

    place = forms.ChoiceField(label=gettext_lazy("适用范围"), required=False, widget=SearchSelect)
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("一行写一个日期或一段日期，例如“10月1日至7日”，并写明放假或上班；也可以下载模板填写。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    source = forms.CharField(label=gettext_lazy("文号或来源"), max_length=120)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        choices = calendar.editable(actor)
        self.fields["place"].choices = choices
        self.fields["place"].initial = choices[0][0]

    def clean_place(self):
        place = self.cleaned_data["place"]
        if place not in dict(self.fields["place"].choices):
            raise forms.ValidationError(_("请选择适用范围。"))
        return place


@require_safe
def calendar_template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, with the days of the last year that the place has days of as examples."""
    path = _place(request)
    rows = CalendarDay.objects.in_force().filter(region_path=path, kind__in=LOCAL.values() if path else STATUTORY)
    last = rows.order_by("-day").first()
    year = last.day.year if last else clock.today().year
    examples = [(row.name, row.day.isoformat(), WORDS[row.kind]) for row in rows.filter(day__year=year).order_by("day")]
    title = _("%(year)d 年放假安排") % {"year": year}
    notes = [_("日期可写成 2027-10-01、2027年10月1日、10月1日至7日；类型写放假、休息、调休、上班或补班。")]
    return _tools["writer"](title, ["名称", "日期", "类型"], examples, notes=notes)


@require_http_methods(["GET", "POST"])
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Read the file and show what it would change; a second, confirmed post makes it an edition."""
    path = _place(request)
    if request.method == "GET":
        return _page(request, NoticeForm(actor=request.actor, initial={"place": path}))
    if "days" in request.POST:
        return _second_look(request)
    form = NoticeForm(request.POST, request.FILES, actor=request.actor)
    if form.is_valid():
        try:
            rows = _tools["reader"](form.cleaned_data["file"])
        except ValueError as refused:
            form.add_error("file", str(refused))
        else:
            return _first_look(request, form, rows)
    return _page(request, form, status=422 if request.htmx else 200)


def _place(request) -> str:
    """The place of the address among those whose days the person keeps, else the first of them. Raises
    PermissionDenied for who keeps none."""
    choices = [path for path, _name in calendar.editable(request.actor)]
    if not choices:
        raise PermissionDenied
    asked = request.GET.get("place", choices[0])
    return asked if asked in choices else choices[0]


def _page(request, form, status=200, **more) -> HttpResponse:
    context = {"form": form, "back": reverse("core:calendar"), "path": _place(request), **more}
    return render(request, "core/calendar_import.html", context, status=status)


def _first_look(request, form, rows) -> HttpResponse:
    notice = notices.read(rows)
    if not notice.kinds:
        for number, sentence in notice.errors[:20]:
            line = _("第 %(row)d 行：%(sentence)s") % {"row": number, "sentence": sentence}
            form.add_error("file", line)
        return _page(request, form, status=422 if request.htmx else 200)
    path = form.cleaned_data["place"]
    kinds = {day: LOCAL[kind] if path else kind for day, kind in notice.kinds.items()}
    days = [[day.isoformat(), str(kind), notice.names.get(day, "")] for day, kind in sorted(kinds.items())]
    # A region's file only adds: no file is ever the whole of a region's days.
    days += [[day.isoformat(), None, ""] for day in _left_out(notice) if not path]
    kept = {"days": days, "source": form.cleaned_data["source"], "errors": notice.errors[:100]}
    return _shown(request, {**kept, "path": path, "user": request.actor.user_id})


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
        request, changes, names, kept["path"], hidden=hidden, back=calendar.address(year, kept["path"]),
        errors=kept["errors"],
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
        return _page(request, NoticeForm(actor=request.actor), stale=True)
    # A post may have ended between the two looks.
    if not calendar.may_edit(request.actor, kept["path"]):
        raise PermissionDenied
    if "confirmed" not in request.POST:
        return _shown(request, kept)
    changes, names, year = _unpacked(kept)
    return calendar.carry_out(
        request, changes, names, kept["path"], source=kept["source"], back=calendar.address(year, kept["path"]),
        reason=_("导入本地放假安排") if kept["path"] else _("导入放假通知"), done=_("放假通知已导入。"),
    )  # fmt: skip
