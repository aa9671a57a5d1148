"""What the forms of meetings and decisions share: which problems, units and committees may be chosen."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam
from chains.models import Committee
from core import workdays
from core.actor import SYSTEM, Role, under
from core.clock import today
from mechanisms.models import Mechanism, MechanismVersion
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

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

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


def linkable_at(actor, meeting):
    """Those, and what stands on the meeting's agenda by its number: entries that rose to the committee from below."""
    on_agenda = Problem.objects.visible_to(SYSTEM).filter(state__in=OPEN_STATES, agenda_items__meeting=meeting)
    either = Q(pk__in=linkable(actor, meeting.committee).values("pk")) | Q(pk__in=on_agenda.values("pk"))
    return Problem.objects.visible_to(SYSTEM).filter(either)


def act_units(committee):
    """Help teams and departments that an entry may be assigned to, as choices `team:ID` and `department:ID`."""
    if committee is None:
        return [("", _("（不选）"))]
    line = under([committee.region.path], "region__path") | Q(region__path__in=committee.region.ancestor_paths)
    teams = HelpTeam.objects.on(today()).filter(line).order_by("name")
    return [
        ("", _("（不选）")),
        (_("帮办团"), [(f"team:{pk}", name) for pk, name in teams.values_list("pk", "name")]),
        (_("责任单位"), [(f"department:{row.pk}", row.name) for row in owners(committee).order_by("name")]),
    ]


def mechanisms_of(committee):
    """The mechanisms that hold in the committee's region, as choices by their number."""
    none = [("", _("（不关联）"))]
    if committee is None:
        return none
    rows = MechanismVersion.objects.on(today()).filter(mechanism__in=Mechanism.objects.for_region(committee.region))
    found = rows.order_by("mechanism__order", "mechanism__code").values_list("mechanism__code", "name")
    return none + [(code, f"{code} {name}") for code, name in dict(found).items()]


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


def committees_for_matters(actor):
    """Standing committees to which the actor may put something forward: those of `committees_of`, and a leader's."""
    own = Q(pk__in=committees_of(actor).values("pk"))
    for duty in actor.duties_as(Role.LEADER):
        inside = under([duty.region_path], "region__path")
        own |= inside & Q(chain_id=duty.chain_id) if duty.chain_id else inside
    return Committee.objects.visible_to(actor).filter(own, dissolved_on=None).select_related("region")


def default_due(region_path: str = ""):
    return workdays.current(region_path).add(today(), DEFAULT_DAYS)
