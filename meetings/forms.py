"""The one page on which a meeting is logged (attendance, agenda, decisions), and the small forms about decisions."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Department
from chains.models import Committee
from core import workdays
from core.actor import SYSTEM, Role, under
from core.clock import now, today
from core.registers import FilterForm
from core.widgets import DateInput, DateTimeInput, SearchSelect
from meetings import lifecycle
from meetings.enums import DecisionState, ItemEnd, MeetingKind, MeetingState, Presence
from meetings.models import Meeting
from problems.enums import OPEN_STATES
from problems.models import Problem

DEFAULT_DAYS = 10  # working days until the deadline of a decision, unless told otherwise
MOST_ROWS = 200
MORE = ("seats", "guests", "agenda", "decisions")


class ProblemNumberField(forms.CharField):
    """A problem of the ledger by its number, as typed or picked from the list of suggestions.

    Set `problems` to the queryset that may be linked. What is out of scope does not exist.
    """

    problems = None

    def __init__(self, **kwargs):
        attrs = {"list": "open-problems", "autocomplete": "off"}
        super().__init__(required=False, max_length=60, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value):
        return value.number if isinstance(value, Problem) else value

    def clean(self, value):
        number = super().clean(value).split(" ")[0]
        if not number:
            return None
        found = self.problems.filter(number=number).first() if self.problems is not None else None
        if found is None:
            raise ValidationError(_("没有这个编号的在办问题，请从提示中选择。"))
        return found


def linkable(actor, committee):
    """Open problems that a meeting of this committee may decide on."""
    problems = Problem.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    if committee is None:
        return problems.none()
    return problems.filter(committee=committee) if committee.chain_id else problems.filter(region=committee.region_id)


def owners(committee):
    """Departments that may owe something to this committee: of its region, of those above it and below it.

    Their names are no secret inside the county, so every secretary may choose among them.
    """
    departments = Department.objects.visible_to(SYSTEM).filter(is_active=True)
    if committee is None:
        return departments.none()
    region = committee.region
    return departments.filter(under([region.path], "region__path") | Q(region__path__in=region.ancestor_paths))


def committees_of(actor):
    """Standing committees whose meetings the actor keeps."""
    own = Q(pk__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
    mine = own | under(actor.region_paths(Role.COUNTY_OFFICER), "region__path")
    return Committee.objects.visible_to(actor).filter(mine, dissolved_on=None).select_related("region")


class MeetingForm(forms.ModelForm):
    """Head of the page. A secretary of one committee does not choose it."""

    class Meta:
        model = Meeting
        fields = ["committee", "kind", "title", "starts_at", "place", "chair", "minutes"]
        widgets = {
            "committee": SearchSelect,
            "starts_at": DateTimeInput,
            "minutes": forms.Textarea(attrs={"rows": 6}),
        }

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        committees = committees_of(actor)
        field = self.fields["committee"]
        field.queryset = committees
        field.error_messages["invalid_choice"] = _("请选择您负责的产业链党委。")
        only = list(committees[:2])
        if self.instance.pk is None and len(only) == 1:
            self.initial["committee"] = only[0].pk
            field.widget = forms.HiddenInput()
        if self.instance.state == MeetingState.HELD:
            field.disabled = True
        if self.instance.pk is None:
            self.initial["starts_at"] = now().replace(minute=0)
        self.initial["version"] = self.instance.version if self.instance.pk else 0

    def clean_starts_at(self):
        starts_at = self.cleaned_data["starts_at"]
        wrong = lifecycle.wrong_time(self.instance, starts_at)
        if wrong:
            raise ValidationError(wrong)
        return starts_at


class SeatRow(forms.Form):
    """One seat of the committee on the roll. The name is the seat's, whatever is posted."""

    seat = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    presence = forms.ChoiceField(
        label=_("情况"),
        choices=[(p.value, p.label) for p in (Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED)],
        initial=Presence.PRESENT,
        widget=forms.RadioSelect,
    )


class GuestRow(forms.Form):
    """Somebody who holds no seat."""

    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    unit = forms.CharField(label=_("单位"), max_length=80, required=False)

    def clean(self):
        data = super().clean()
        if data.get("unit") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("请填写姓名。"))
        return data


class AgendaRow(forms.Form):
    title = forms.CharField(label=_("议题"), max_length=200, required=False)
    problem = ProblemNumberField(label=_("关联问题编号"))
    end = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("（未定）")), *ItemEnd.choices], widget=forms.RadioSelect
    )

    def clean(self):
        data = super().clean()
        if data.get("problem") and not data.get("title") and "title" not in self.errors:
            data["title"] = data["problem"].title
        return data


class DecisionRow(forms.Form):
    """One decision of a draft, or (alone on its page) of a held meeting. An empty row is no row."""

    text = forms.CharField(
        label=_("议定内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner_department = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Department.objects.none(), required=False, empty_label=_("（不选单位）")
    )
    owner_name = forms.CharField(label=_("责任人"), max_length=40, required=False)
    due_on = forms.DateField(label=_("完成期限"), required=False, widget=DateInput)
    problem = ProblemNumberField(label=_("关联问题编号"))
    item_no = forms.IntegerField(label=_("对应议题序号"), required=False, min_value=1, max_value=MOST_ROWS)

    def clean(self):
        data = super().clean()
        if not data.get("text") and "text" not in self.errors:
            if data.get("owner_department") or data.get("owner_name") or data.get("problem") or self.errors:
                self.add_error("text", _("请填写议定内容。"))
            return data
        if not data.get("owner_department") and not data.get("owner_name") and "owner_name" not in self.errors:
            self.add_error("owner_name", _("请填写责任单位或责任人。"))
        if not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请填写完成期限。"))
        return data


class DecisionForm(DecisionRow):
    """As the row, and not empty."""

    field_order = ["text", "owner_department", "owner_name", "due_on"]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, meeting, with_item=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.fields["owner_department"].queryset = owners(meeting.committee)
        self.fields["due_on"].initial = default_due(meeting.committee.region.path)
        self.fields["problem"].problems = linkable(actor, meeting.committee)
        if not with_item:
            del self.fields["item_no"], self.fields["problem"]


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("落实日期"), widget=DateInput, initial=today)
    done_text = forms.CharField(label=_("落实情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class MeetingFilter(FilterForm):
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *MeetingKind.choices])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *MeetingState.choices])
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    start = forms.DateField(label=_("自"), required=False, widget=DateInput)
    end = forms.DateField(label=_("至"), required=False, widget=DateInput)
    lookups = {
        "kind": "kind",
        "state": "state",
        "committee": "committee",
        "start": "held_on__gte",
        "end": "held_on__lte",
    }

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)


LIGHTS = [("", _("全部灯号")), ("green", _("期限内")), ("yellow", _("临期")), ("red", _("超期")), ("none", _("已了结"))]


class DecisionFilter(FilterForm):
    light = forms.ChoiceField(label=_("灯号"), required=False, choices=LIGHTS)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *(choice for choice in DecisionState.choices if choice[0] != "draft")],
    )
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        required=False,
        queryset=Committee.objects.none(),
        empty_label=_("全部党委"),
        widget=SearchSelect,
    )
    lookups = {"state": "state", "committee": "committee"}

    def limit(self, actor):
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)

    def narrow(self, queryset):
        light = self.values.get("light")
        queryset = super().narrow(queryset)
        return queryset.with_light(light, today()) if light else queryset


def default_due(region_path: str = ""):
    return workdays.current(region_path).add(today(), DEFAULT_DAYS)
