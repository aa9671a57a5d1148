"""The one filter of the ledger: what the list shows, the tabs count, the export writes and the API answers."""

import datetime as dt
from functools import cached_property

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, DateField, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from core import clock, keyset
from core.actor import Actor, Role
from core.widgets import SearchSelect
from problems import inbox, searching
from problems.enums import (
    BEFORE_ALL,
    ENDED_STATES,
    NEVER,
    OPEN_STATES,
    Light,
    LimitStep,
    Outcome,
    Source,
    State,
    Urgency,
)
from problems.forms import DayField, TextField, category_choices
from problems.models import Category, Problem, StepLimit
from problems.rulebook import tree

# Name in the address: columns for keyset paging, never NULL, the last one unique.
SORTS = {
    "-number": ["-id"],
    "number": ["id"],
    "due_on": ["due_key", "-id"],
    "-due_on": ["-due_back", "id"],
    "light": ["light_key", "due_key", "-id"],
    "-light": ["-light_key", "due_key", "-id"],
}
DEFAULT_SORT = "-number"
# What comes behind all lights.
NO_LIGHT = 4
GROUPS = {"open": OPEN_STATES, "ended": ENDED_STATES}
# Days by which entries are looked at again, beside the limits of the steps.
LOOK = "look"
LIMIT_STEPS = [*((str(one), one.label) for one in LimitStep if one != LimitStep.WAIT), (LOOK, _("挂起、挂账查看"))]
# States in which an entry has a day to be looked at again.
LOOKED_AGAIN = [str(State.SUSPENDED), str(State.RESOLVED)]
LIGHTS = [Light.RED, Light.YELLOW, Light.GREEN, Light.GREY]


class FilterForm(forms.Form):
    """All fields are optional; choices are what the actor sees."""

    # Shown behind "更多条件": the list begins high on a small screen.
    more_fields = (
        "region", "source", "urgency", "outcome", "since", "until", "mine", "escalated", "todo", "due", "step",
        "step_since", "step_until",
    )  # fmt: skip

    q = TextField(label=_("搜索"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    light = forms.ChoiceField(
        label=_("灯号"), required=False, choices=[("", _("全部")), *[(str(x), x.label) for x in LIGHTS]]
    )
    category = forms.ModelChoiceField(Category.objects.none(), label=_("类别"), required=False, widget=SearchSelect)
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), required=False, empty_label=_("全部"))
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("产业链党委"), required=False, empty_label=_("全部")
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=_("区域"), required=False, empty_label=_("全部"))
    unit = forms.ChoiceField(label=_("牵头单位"), required=False, widget=SearchSelect)
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[("", _("全部")), *Source.choices])
    urgency = forms.ChoiceField(label=_("缓急"), required=False, choices=[("", _("全部")), *Urgency.choices])
    outcome = forms.ChoiceField(label=_("结果"), required=False, choices=[("", _("全部")), *Outcome.choices])
    since = DayField(label=_("提交自"), required=False)
    until = DayField(label=_("提交至"), required=False)
    mine = forms.ChoiceField(
        label=_("与我有关"),
        required=False,
        choices=[("", _("全部")), ("1", _("我登记的")), ("unit", _("本单位办理的"))],
    )
    escalated = forms.ChoiceField(label=_("提级"), required=False, choices=[("", _("全部")), ("1", _("已提级"))])
    todo = forms.ChoiceField(label=_("等我办理"), required=False)
    due = forms.ChoiceField(
        label=_("到期"),
        required=False,
        choices=[("", _("全部")), ("today", _("今日到期")), ("week", _("本周到期")), ("fortnight", _("两周内到期"))],
    )
    step = forms.ChoiceField(label=_("环节时限"), required=False, choices=[("", _("全部")), *LIMIT_STEPS])
    step_since = DayField(label=_("环节到期自"), required=False)
    step_until = DayField(label=_("环节到期至"), required=False)
    enterprise = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    # Which saved view the list came from; it narrows nothing.
    view = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def __init__(self, data, *, actor: Actor):
        super().__init__(data, auto_id="f_%s")
        states = [("open", _("在办")), ("ended", _("已终结")), *State.choices]
        self.fields["state"].choices = [("", _("全部")), *states]
        self.fields["todo"].choices = [("", _("全部")), *inbox.choices(actor)]
        categories = Category.objects.visible_to(actor)
        self.fields["category"].queryset = categories
        self.fields["category"].widget.choices = [("", _("全部")), *category_choices(categories)[1:]]
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)
        self.fields["region"].queryset = Region.objects.visible_to(actor)
        teams, departments = HelpTeam.objects.visible_to(actor), Department.objects.visible_to(actor)
        self.fields["unit"].choices = [
            ("", _("全部")),
            (_("帮办团"), [(f"team:{pk}", name) for pk, name in teams.values_list("pk", "name")]),
            (_("责任单位"), [(f"department:{pk}", name) for pk, name in departments.values_list("pk", "name")]),
        ]

    @property
    def more_chosen(self) -> bool:
        """Whether one of the further conditions is in force: then they are shown."""
        return any(self.data.get(name) for name in self.more_fields)


class ProblemFilter:
    """A filter read from an address. What is not valid is told beside its field and left out."""

    def __init__(self, data, actor: Actor, today: dt.date | None = None, form: type[FilterForm] = FilterForm):
        self.actor, self.today = actor, today or clock.today()
        self.form = form(data, actor=actor)
        self.form.is_valid()
        self.values = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        self._looked_up: dict[frozenset, list[int] | None] = {}
        sort = data.get("sort", "")
        self.sort = sort if sort in SORTS else DEFAULT_SORT

    @property
    def order(self) -> list[str]:
        return SORTS[self.sort]

    def queryset(self):
        """The entries, with what a row needs, in no order yet (`order` names the columns)."""
        return self.shown(self._narrowed(self.values))

    def page(self, request, size: int, joined=lambda rows: rows, total: int | None = None) -> keyset.Page:
        """One page of the list. Its rows are chosen before they are joined (with `joined`, too): however many match,
        only these are read whole."""
        rows, others = self._narrowed(self.values), []
        if "light_key" in "".join(self.order):
            # Only open entries have a light, and they are few; the others need no rank to be ordered by.
            dark = {"light_key": Value(NO_LIGHT, output_field=IntegerField())}
            others = [(self._ordered(rows.exclude(state__in=OPEN_STATES), **dark), {"light_key": NO_LIGHT})]
            rows = rows.filter(state__in=OPEN_STATES)
        shown = joined(self.shown(Problem.objects.all()))
        return keyset.page(
            self._ordered(rows), request, self.order, size=size, total=total, shown=shown, others=others
        )  # fmt: skip

    def shown(self, rows):
        """Entries with what a row needs."""
        return self._ordered(rows).select_related(
            "enterprise", "category", "category__parent", "chain", "region", "lead_team", "lead_department"
        ).defer("tokens", "text", "resolution")  # fmt: skip

    def _ordered(self, rows, **known):
        """With the columns that `order` names; `known` are values of theirs that are known to be the same for all."""
        if "due_key" in "".join(self.order):
            rows = rows.annotate(due_key=Coalesce("due_on", Value(NEVER), output_field=DateField()))
        if "-due_back" in self.order:
            rows = rows.annotate(due_back=Coalesce("due_on", Value(BEFORE_ALL), output_field=DateField()))
        if "light_key" in "".join(self.order):
            rows = rows.annotate(**{"light_key": _light_rank(self.today)} | known)
        return rows

    def counts(self, most: int | None = None) -> dict[str, int] | None:
        """How many entries each tab holds, by the other filters, in one query: states, lights, `open`, `all`.

        With `most`, None where there are more than that: a page does not wait for a large count.
        """
        values = {name: value for name, value in self.values.items() if name not in TABS}
        rows = self._narrowed(values).order_by().values_list("state", _light_name(self.today))
        found = dict.fromkeys([*State.values, "all", "open", "ended", *(str(x) for x in LIGHTS)], 0)
        for state, light, number in _grouped(rows if most is None else rows[: most + 1]):
            for name in (state, light, "all"):
                found[name] = found.get(name, 0) + number
        found["open"] = sum(found[str(state)] for state in OPEN_STATES)
        found["ended"] = sum(found[str(state)] for state in ENDED_STATES)
        return None if most is not None and found["all"] > most else found

    @cached_property
    def is_wide(self) -> bool:
        """Whether the person sees the entries of units, more than `FEW`, and this filter does not narrow them to few:
        then even to count up to a bound takes longer than the page."""
        if NARROWING & set(self.values) or not self._has_many:
            return False
        if "q" not in self.values or TABS & set(self.values):
            return True
        return self._found(self.values) is None

    @cached_property
    def _has_many(self) -> bool:
        """Whether the person sees more than `FEW` entries of units."""
        return searching.few(searching.units(self.actor).values_list("problem_id", flat=True)) is None

    def total(self, counts: dict[str, int] | None) -> int | None:
        """The size of the list as filtered, from the tabs' counts where they tell it."""
        state, light = self.values.get("state"), self.values.get("light")
        if counts is None or (light and state):
            return None
        return counts[light or state or "all"]

    def words(self) -> str:
        """The filter in words, for the head of an export."""
        shown = []
        for name, value in self.values.items():
            field = self.form.fields[name]
            labels = dict(_flat(getattr(field, "choices", None) or []))
            if name in ("enterprise", "view"):
                continue
            word = str(value) if hasattr(value, "pk") or not labels else labels.get(str(value), value)
            shown.append(__("%(field)s：%(value)s") % {"field": field.label, "value": word})
        return __("；").join(shown)

    def _narrowed(self, values: dict):
        rows = Problem.objects.visible_to(self.actor)
        state = values.get("state")
        if state:
            rows = rows.filter(state__in=GROUPS.get(state, [state]))
        elif values.get("todo") != "drafts":
            rows = rows.exclude(state=State.DRAFT)
        if "light" in values:
            rows = rows.with_light(values["light"], self.today)
        for name in ("chain", "committee", "source", "urgency", "outcome", "enterprise"):
            if name in values:
                rows = rows.filter(**{name: values[name]})
        if "category" in values:
            rows = rows.filter(category__in=tree.subtree(values["category"]))
        if "region" in values:
            rows = rows.filter(region__path__startswith=values["region"].path)
        if "since" in values:
            rows = rows.filter(submitted_on__gte=values["since"])
        if "until" in values:
            rows = rows.filter(submitted_on__lte=values["until"])
        if "escalated" in values:
            rows = rows.filter(is_escalated=True)
        rows = due_within(rows, values.get("due", ""), self.today)
        if {"step", "step_since", "step_until"} & set(values):
            rows = rows.filter(self._at_step)
        if "todo" in values:
            rows = inbox.waiting(self.actor, values["todo"], rows, self.today)
        return self._searched(self._of_unit(self._mine(rows, values), values), values)

    @cached_property
    def _at_step(self) -> Q:
        """Looked up once for the tabs and the list."""
        return of_step(*(self.values.get(name) for name in ("step", "step_since", "step_until")))

    def _found(self, values: dict) -> list[int] | None:
        """The entries in which the words are found, None where they are many; looked up once. Of whatever state and
        light, so that the tabs count among the same; but where the list does not wait for its tabs, only its own."""
        own = frozenset(TABS & set(values)) if self._has_many else frozenset()
        if own not in self._looked_up:
            kept = {name: value for name, value in values.items() if name != "q" and (name in own or name not in TABS)}
            rows = searching.matching(searching.near(self._narrowed(kept), self.actor), values["q"])
            self._looked_up[own] = searching.few(rows.values_list("pk", flat=True))
        return self._looked_up[own]

    def _mine(self, rows, values):
        if values.get("mine") == "1":
            return rows.filter(created_by_id=self.actor.user_id)
        if values.get("mine") == "unit":
            return rows.filter(
                Q(lead_team__in=self.actor.ids("team_id", Role.TEAM_MEMBER))
                | Q(lead_department__in=self.actor.ids("department_id", Role.DEPARTMENT_OFFICER))
            )
        return rows

    def _of_unit(self, rows, values):
        if "unit" not in values:
            return rows
        kind, _colon, pk = values["unit"].partition(":")
        return rows.filter(**{f"lead_{kind}_id": pk})

    def _searched(self, rows, values):
        """By number, words of the text, the enterprise's names, or the pinyin initials of the enterprise."""
        if "q" not in values:
            return rows
        found = self._found(values)
        if found is not None:
            return rows.filter(pk__in=found)
        return searching.matching(rows, values["q"], many=True)


# What the tabs above the list choose.
TABS = frozenset({"state", "light"})
# Conditions that leave few entries, found by an index of their own.
NARROWING = frozenset({"enterprise", "todo", "due", "step", "step_since", "step_until", "escalated", "mine"})


def due_within(rows, name: str, today: dt.date):
    """Entries with a running clock whose deadline falls on a day of this stretch from today on."""
    until = {"today": today, "week": inbox.week_end(today), "fortnight": today + dt.timedelta(days=13)}.get(name)
    return rows if until is None else rows.filter(state__in=inbox.RUNNING, due_on__gte=today, due_on__lte=until)


def of_step(step: str | None, since: dt.date | None, until: dt.date | None) -> Q:
    """Entries on which the limit of this step (of any, where it is empty) runs and ends in this range; `look` are the
    days on which a paused or waiting entry is to be looked at again."""
    between = {key: day for key, day in (("gte", since), ("lte", until)) if day is not None}
    running = StepLimit.objects.filter(
        met_on=None, dropped_on=None, paused_on=None, **{f"due_on__{key}": day for key, day in between.items()}
    ).exclude(step=LimitStep.WAIT)
    looks = Q(state__in=LOOKED_AGAIN, next_on__isnull=False, **{f"next_on__{key}": d for key, d in between.items()})
    if step == LOOK:
        return looks
    running = running.filter(step=step) if step else running
    # Where they are few they are named: the planner would look for them along the whole ledger.
    named = searching.few(running.values_list("problem_id", flat=True))
    within = Q(pk__in=running.values("problem_id") if named is None else named)
    return within if step else looks | within


def _grouped(rows) -> list[tuple[str, str, int]]:
    """(state, light, number) of rows of (state, light), counted by the database also where they are cut."""
    try:
        inner, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        # The inner statement is the ORM's own, with its values as parameters.
        cursor.execute(f"SELECT state, light, count(*) FROM ({inner}) rows (state, light) GROUP BY 1, 2", params)  # noqa: S608
        return cursor.fetchall()


def _by_light(today: dt.date, values: dict[str, Value], default: Value, output_field) -> Case:
    """A value for each light: the rule of `problems.lights.light_of` for the database."""
    running = Q(state__in=[State.ASSIGNED, State.IN_PROGRESS])
    return Case(
        When(running & Q(due_on__lt=today), then=values["red"]),
        When(running & Q(yellow_on__lte=today), then=values["yellow"]),
        When(running, then=values["green"]),
        When(Q(state__in=["returned", "suspended"]) | Q(state="resolved", outcome="waiting"), then=values["grey"]),
        default=default,
        output_field=output_field,
    )


def _light_rank(today: dt.date) -> Case:
    ranks = {light: Value(rank) for rank, light in enumerate(["red", "yellow", "green", "grey"])}
    return _by_light(today, ranks, Value(NO_LIGHT), IntegerField())


def _light_name(today: dt.date) -> Case:
    return _by_light(today, {str(light): Value(str(light)) for light in LIGHTS}, Value("none"), CharField())


def _flat(choices):
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(k), v) for k, v in label)
        else:
            yield str(getattr(key, "value", key)), label
