"""Quarterly duty and annual reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chains.models import Committee, Seat
from core.clock import today
from core.periods import Month, Period
from core.registers import FilterForm, SaneDates
from core.widgets import DateInput, SearchSelect
from enterprises.models import Enterprise
from meetings.enums import TOOK_PLACE, ReportState
from meetings.forms.base import committees_of, owners
from meetings.models import DutyTerm, Meeting
from problems.forms.fields import TextField

QUARTERS_BACK, QUARTERS_AHEAD = 8, 5


class VersionedForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


def quarters() -> list[tuple[str, str]]:
    """Quarters that a term may be set for, the coming ones first: (first day, name)."""
    now = Period.quarter(today().year, (today().month + 2) // 3)
    found = []
    for number in range(QUARTERS_AHEAD, -QUARTERS_BACK - 1, -1):
        first = now.first + 3 * number
        quarter = Period.quarter(first.year, (first.number + 2) // 3)
        found.append((quarter.start.isoformat(), quarter.name))
    return found


class DutyForm(forms.ModelForm):
    """Which unit is on duty in which quarter."""

    class Meta:
        model = DutyTerm
        fields = ["committee", "starts_on", "department", "enterprise", "contact"]
        widgets = {"committee": SearchSelect, "department": SearchSelect, "enterprise": SearchSelect}

    starts_on = forms.TypedChoiceField(label=_("季度"), coerce=lambda text: Month.parse(text[:7]).first_day)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        committees = committees_of(actor)
        self.fields["committee"].queryset = committees
        self.fields["starts_on"].choices = quarters()
        if self.instance.pk:
            self.fields["committee"].disabled = True
            self.initial |= {"version": self.instance.version, "starts_on": self.instance.starts_on.isoformat()}
            own = (self.instance.starts_on.isoformat(), self.instance.quarter.name)
            if own not in self.fields["starts_on"].choices:
                self.fields["starts_on"].choices = [own, *self.fields["starts_on"].choices]
        only = list(committees[:2])
        if not self.instance.pk and len(only) == 1:
            self.initial["committee"] = self.initial.get("committee") or only[0].pk
        departments = owners(only[0]) if len(only) == 1 else None
        if departments is None:
            departments = owners(self.instance.committee) if self.instance.pk else _of_all(committees)
        self.fields["department"].queryset = departments
        joined = {"memberships__committee__in": committees.values("pk"), "memberships__left_on": None}
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(actor).filter(**joined).distinct()

    def clean(self):
        data = super().clean()
        if bool(data.get("department")) == bool(data.get("enterprise")) and not self.errors:
            self.add_error("department", _("请选择一个轮值单位：责任单位或者企业。"))
        return data


def _of_all(committees):
    found = owners(None)
    for committee in committees.select_related("region")[:60]:
        found = found | owners(committee)
    return found.distinct()


class FindingsForm(VersionedForm):
    findings = TextField(label=_("调研发现"), max_length=4000, rows=8)


class HandOverForm(SaneDates, VersionedForm):
    on = forms.DateField(label=_("交接日期"), widget=DateInput, initial=today)
    left_over = TextField(label=_("移交事项"), max_length=4000, rows=6, help_text=_("没有就写“无”。"))


class ReportOpenForm(forms.Form):
    """Whose report, of which year."""

    seat = forms.ModelChoiceField(Seat.objects.none(), label=_("席位"), widget=SearchSelect)
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        seats = Seat.objects.filter(committee__in=committees_of(actor).values("pk"))
        seats = seats | Seat.objects.filter(user_id=actor.user_id or 0)
        self.fields["seat"].queryset = seats.select_related("committee__region").order_by("committee_id", "pk")
        self.fields["seat"].label_from_instance = lambda seat: f"{seat} · {seat.committee}"
        year = today().year
        self.fields["year"].choices = [(str(one), str(one)) for one in range(year, year - 6, -1)]


class ReportForm(VersionedForm):
    duties = TextField(label=_("履职情况"), max_length=6000, rows=8, required=False)
    shortfalls = TextField(label=_("存在不足"), max_length=3000, rows=5, required=False)
    plans = TextField(label=_("下步打算"), max_length=3000, rows=5, required=False)


class ReceiveForm(VersionedForm):
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("述职会议"), required=False, empty_label=_("（未在会议上述职）"),
        widget=SearchSelect,
    )  # fmt: skip

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        held = Meeting.objects.filter(committee_id=report.committee_id, state__in=TOOK_PLACE)
        self.fields["meeting"].queryset = held.order_by("-held_on", "-pk")
        self.fields["meeting"].label_from_instance = lambda one: f"{one.held_on.isoformat()} {one}"


class _OfCommittee(FilterForm):
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    lookups = {"committee": "committee"}

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)


class DutyFilter(_OfCommittee):
    when = forms.ChoiceField(
        label=_("时间"), required=False,
        choices=[("", _("全部")), ("now", _("正在轮值")), ("coming", _("已排定")), ("past", _("已结束"))],
    )  # fmt: skip

    def narrow(self, queryset):
        queryset, day = super().narrow(queryset), today()
        found = {
            "now": {"starts_on__lte": day, "ends_on__gte": day}, "coming": {"starts_on__gt": day},
            "past": {"ends_on__lt": day},
        }  # fmt: skip
        return queryset.filter(**found.get(self.values.get("when"), {}))


class ReportFilter(_OfCommittee):
    year = forms.IntegerField(label=_("年度"), required=False, min_value=2000, max_value=2100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *ReportState.choices])
    lookups = {"committee": "committee", "year": "year", "state": "state"}
