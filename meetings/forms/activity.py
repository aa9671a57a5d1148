"""Logging an activity or a visit on one page: what, when, where, whom it reached, what was collected on the spot."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from core.actor import Role, under
from core.clock import now
from core.registers import SaneDates
from core.shipped import spoken
from core.widgets import DateTimeInput, SearchSelect, SearchSelectMultiple
from enterprises.models import Enterprise, PartyOrganisation
from meetings import lifecycle
from meetings.enums import PersonCategory
from meetings.forms.base import committees_of
from meetings.models import Activity, ActivityKind
from problems.forms.fields import CategoryField, TextField
from problems.models import Category

MOST_FIRMS, MOST_COLLECTED = 60, 30
FOLDED = ("title", "committee", "organisation", "place", "leader", "leader_title")


class ActivityForm(SaneDates, forms.ModelForm):
    """Head of the page. Four fields suffice: kind, time, enterprises, what happened; the title writes itself."""

    class Meta:
        model = Activity
        fields = ["kind", "starts_at", "mode", "text", "title", "committee", "organisation", "place", "leader",
                  "leader_title"]  # fmt: skip
        widgets = {
            "kind": forms.Select,
            "starts_at": DateTimeInput,
            "text": forms.Textarea(attrs={"rows": 3}),
            "committee": SearchSelect,
            "organisation": SearchSelect,
        }

    field_order = ["kind", "starts_at", "enterprises", "mode", "text"]
    enterprises = forms.ModelMultipleChoiceField(
        Enterprise.objects.none(), label=_("涉及企业"), required=False, widget=SearchSelectMultiple
    )
    near_reason = TextField(label=_("另行安排的理由"), max_length=200, rows=2, required=False)
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.near = actor, []
        fresh = self.instance.pk is None
        self.fields["title"].required = False
        self.fields["title"].help_text = _("可不填，按类别和企业自动命名。")
        self._limit(actor)
        if fresh:
            self._suggest(
                starts_at=now().replace(second=0, microsecond=0),
                once_key=uuid.uuid4(),
                kind=self.fields["kind"].queryset.first(),
            )
        else:
            self.initial["enterprises"] = list(self.instance.reached.values_list("enterprise_id", flat=True))
        self.initial["version"] = self.instance.version if not fresh else 0

    def _limit(self, actor):
        kinds = ActivityKind.objects.visible_to(actor).filter(Q(is_active=True) | Q(pk=self.instance.kind_id))
        self.fields["kind"].queryset = kinds.order_by("order", "pk")
        self.fields["kind"].empty_label = None
        self.fields["kind"].label_from_instance = spoken
        self.fields["enterprises"].queryset = reachable(actor)
        committees = self.fields["committee"]
        committees.queryset = committees_of(actor)
        committees.empty_label = _("（不属于某个党委）")
        only = list(committees.queryset[:2])
        if self.instance.pk is None and len(only) == 1:
            self._suggest(committee=only[0].pk)
        organisations = PartyOrganisation.objects.visible_to(actor).filter(dissolved_on=None)
        self.fields["organisation"].queryset = organisations.order_by("name")
        own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
        if self.instance.pk is None and own and not committees.queryset.exists():
            self._suggest(organisation=organisations.filter(enterprise_id__in=own).first())

    def _suggest(self, **values):
        """What a fresh form starts with where the address does not say otherwise; an empty instance says nothing."""
        for name, value in values.items():
            if not self.initial.get(name):
                self.initial[name] = value

    @property
    def folded(self):
        return [self[name] for name in FOLDED]

    @property
    def unfolds(self) -> bool:
        return any(self.errors.get(name) for name in FOLDED)

    def clean_enterprises(self):
        firms = list(self.cleaned_data["enterprises"])
        if len(firms) > MOST_FIRMS:
            raise ValidationError(_("一次活动最多登记 %(n)d 家企业。"), params={"n": MOST_FIRMS}, code="many")
        return firms

    def clean(self):
        data = super().clean()
        kind, firms = data.get("kind"), data.get("enterprises")
        if kind and kind.disturbs and not firms and "enterprises" not in self.errors:
            self.add_error("enterprises", _("请选择到访的企业。"))
        if kind and not data.get("title") and "title" not in self.errors:
            data["title"] = default_title(kind, firms or [])
        return data

    def region(self) -> Region | None:
        """Where it belongs: the committee's region, else that of the first enterprise or organisation, else home."""
        data = self.cleaned_data
        if data.get("committee"):
            return data["committee"].region
        if self.instance.pk:
            return self.instance.region
        return home_of(self.actor, data.get("enterprises") or [], data.get("organisation"))


def default_title(kind, firms) -> str:
    """`走访企业：金牛牧业等3家`: the kind and whom it reached."""
    if not firms:
        return kind.name
    more = _("等%(n)d家") % {"n": len(firms)} if len(firms) > 1 else ""
    return _("%(kind)s：%(firm)s%(more)s") % {"kind": kind, "firm": firms[0], "more": more}


def reachable(actor):
    """Enterprises an actor's activity may reach. Units see none in the register, yet go to those of their county."""
    firms = Enterprise.objects.current()
    condition = Q(pk__in=Enterprise.objects.visible_to(actor).values("pk"))
    condition |= under(actor.region_paths(*Role.HANDLERS), "region__path")
    return firms.filter(condition).select_related("region").order_by("name")


def home_of(actor, firms, organisation=None) -> Region | None:
    """The county that the activity of a unit, an officer or a branch belongs to."""
    for duty in actor.duties:
        if duty.region_path and duty.role in {Role.COUNTY_OFFICER, *Role.HANDLERS}:
            return Region.objects.filter(path=duty.region_path).first()
    if organisation is not None:
        return organisation.region
    return firms[0].region if firms else None


def own_units(actor) -> list[dict]:
    """The units for which an actor takes part, as rows of `ActivityUnit`."""
    teams = HelpTeam.objects.filter(pk__in=actor.ids("team_id", Role.TEAM_MEMBER))
    departments = Department.objects.filter(pk__in=actor.ids("department_id", Role.DEPARTMENT_OFFICER))
    committees = committees_of(actor).filter(pk__in=actor.ids("committee_id", Role.CHAIN_SECRETARY))
    return [
        *({"team": one} for one in teams),
        *({"department": one} for one in departments),
        *({"committee": one} for one in committees),
    ]


class PeopleForm(forms.Form):
    """How many people of each category came. Numbers only, and only where somebody wants to tell them."""

    def __init__(self, *args, activity=None, **kwargs):
        super().__init__(*args, **kwargs)
        told = {}
        if activity is not None and activity.pk:
            told = dict(activity.people.filter(enterprise=None).values_list("category", "number"))
        for category in PersonCategory:
            self.fields[category.value] = forms.IntegerField(
                label=category.label, required=False, min_value=1, max_value=100_000, initial=told.get(category.value)
            )

    @property
    def rows(self) -> list[dict]:
        return [{"category": name, "number": number} for name, number in self.cleaned_data.items() if number]


class CollectedRow(forms.Form):
    """A difficulty told on the spot. An empty row is no row."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("企业"), required=False, empty_label=_("（到访企业）"), widget=SearchSelect
    )
    title = TextField(label=_("事项"), max_length=120, required=False)
    category = CategoryField(required=False)
    text = TextField(label=_("具体情况"), max_length=4000, rows=2, required=False)

    def __init__(self, *args, actor, firms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = firms
        self.fields["category"].fill(Category.objects.visible_to(actor))

    def clean(self):
        data = super().clean()
        if data.get("title") and not data.get("category") and "category" not in self.errors:
            self.add_error("category", _("请选择类别。"))
        if not data.get("title") and (data.get("text") or data.get("category")) and "title" not in self.errors:
            self.add_error("title", _("请填写事项。"))
        return data


COLLECTED = formset_factory(
    CollectedRow, extra=0, absolute_max=MOST_COLLECTED, max_num=MOST_COLLECTED, validate_max=True
)


class JoinForm(forms.Form):
    """Taking part in a planned visit instead of coming again."""

    unit = forms.ChoiceField(label=_("参加单位"))
    purpose = TextField(label=_("一并了解的事项"), max_length=200, rows=2, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = own_units(actor)
        choices = [(str(number), str(next(iter(unit.values())))) for number, unit in enumerate(self.units)]
        self.fields["unit"].choices = choices
        if len(choices) == 1:
            self.fields["unit"].initial = choices[0][0]

    @property
    def chosen(self) -> dict:
        return self.units[int(self.cleaned_data["unit"])]


class ActivityPage:
    """Binds the page's forms. `data` is what was posted (or held); `more` adds an empty row of collected problems."""

    def __init__(self, *, actor, activity, data=None, initial=None, more=False):
        self.actor, self.activity = actor, activity
        self.head = ActivityForm(data, actor=actor, instance=activity, initial=initial)
        self.people = PeopleForm(data, prefix="people", activity=activity)
        firms = self.head.fields["enterprises"].queryset
        if data is not None and more:
            data = data.copy()
            total = data.get("collected-TOTAL_FORMS", "0")
            total = int(total) if total.isascii() and total.isdigit() and len(total) < 3 else 0
            data["collected-TOTAL_FORMS"] = str(min(total + 1, MOST_COLLECTED))
        self.collected = COLLECTED(
            data, prefix="collected", initial=[{}], form_kwargs={"actor": actor, "firms": firms}
        )  # fmt: skip

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), self.people.is_valid(), self.collected.is_valid()]) and self._placed()

    def _placed(self) -> bool:
        """Each collected problem is of an enterprise: the one chosen, or the only one visited."""
        firms, fine = self.head.cleaned_data["enterprises"], True
        for row in self.collected:
            data = row.cleaned_data
            if data.get("title") and not data.get("enterprise"):
                if len(firms) == 1:
                    data["enterprise"] = firms[0]
                else:
                    row.add_error("enterprise", _("请选择是哪家企业的问题。"))
                    fine = False
        region, kind = self.head.region(), self.head.cleaned_data["kind"]
        if region is None:
            self.head.add_error("committee", _("请选择产业链党委。"))
            fine = False
        elif kind.region_id and kind.region.path not in region.ancestor_paths:
            self.head.add_error("kind", _("这个类别不属于活动所在区域，请另选。"))
            fine = False
        return fine

    def save(self, *, done: bool) -> Activity:
        """What `lifecycle.save_activity` makes of the page. Raises as it does."""
        data = self.head.cleaned_data
        names = ("kind", "title", "starts_at", "place", "mode", "leader", "leader_title", "text", "organisation")
        fresh = self.activity.pk is None
        problems = [
            {name: row[name] for name in ("enterprise", "category", "title", "text")}
            for row in self.collected.cleaned_data
            if row.get("title")
        ]
        units = own_units(self.actor)[:1] if fresh else _units_of(self.activity)
        return lifecycle.save_activity(
            None if fresh else Activity.objects.get(pk=self.activity.pk), by=self.actor, region=self.head.region(),
            committee=data.get("committee"), done=done, enterprises=data["enterprises"], people=self.people.rows,
            units=units, problems=problems, near_reason=data.get("near_reason") or "", once_key=data.get("once_key"),
            version=None if fresh else data.get("version"), **{name: data[name] for name in names},
        )  # fmt: skip


def _units_of(activity) -> list[dict]:
    return [
        {"department": one.department, "team": one.team, "committee": one.committee, "name": one.name,
         "purpose": one.purpose}
        for one in activity.units.select_related("department", "team", "committee")
    ]  # fmt: skip
