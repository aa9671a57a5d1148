"""Taking over a scheme into a region: kinds, categories and mechanisms become the region's own rows.

What is there already stays as it is, so that taking a scheme over twice changes nothing and a county's own changes are
never undone. Everything is written by the guarded functions of its own app.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Alliance
from alliances.perms import covers
from audit.trail import record
from core import clock
from core.actor import Actor, Role
from core.transitions import Refusal, Refused
from mechanisms import lifecycle as mechanisms
from mechanisms.enums import WARN_DAYS
from mechanisms.models import Mechanism, MechanismVersion
from mechanisms.words import sentence
from meetings.models import ActivityKind, MeetingKind
from meetings.schemes.catalogue import Scheme
from problems.lifecycle import categories
from problems.models import Category

STANDING_WARNING = 0


class _Ledgers:
    """Definitions of ledgers that come with a scheme: kept by an app below this one, which connects itself."""

    def connect(self, *, missing: Callable, take: Callable) -> None:
        """`missing(scheme code, region)` answers (names that the region lacks, how many it has); `take(scheme code,
        region, by=)` adds them."""
        self.missing, self.take = missing, take


ledgers = _Ledgers()


@dataclass
class Taken:
    """What taking over adds (or would add), by name; `there` counts what stood there already."""

    meeting_kinds: list[str] = field(default_factory=list)
    activity_kinds: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)
    ledgers: list[str] = field(default_factory=list)
    there: int = 0

    @property
    def total(self) -> int:
        added = (self.meeting_kinds, self.activity_kinds, self.categories, self.rules, self.ledgers)
        return sum(map(len, added))


def may_take(region, actor: Actor) -> Refusal | None:
    """Officers of the region and above."""
    if covers(actor, region.path, Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("运行模式由本地区组织部工作人员选用。"), who_can=_("本地区及上级区域的组织部工作人员"))


def preview(scheme: Scheme, region) -> Taken:
    """What taking the scheme over would add to the region, writing nothing."""
    taken = Taken()
    _kinds(MeetingKind, scheme.meeting_kinds, region, taken, taken.meeting_kinds)
    _kinds(ActivityKind, scheme.activity_kinds, region, taken, taken.activity_kinds)
    for row in scheme.categories:
        if _category(row, region) is None:
            taken.categories.append(row["name"])
        else:
            taken.there += 1
    standing = set(Mechanism.objects.filter(region=region).values_list("code", flat=True))
    for code, rule in scheme.rules:
        if code in standing:
            taken.there += 1
        else:
            taken.rules.append((code, rule["name"]))
    taken.ledgers, standing_ledgers = ledgers.missing(scheme.code, region)
    taken.there += standing_ledgers
    return taken


def _kinds(model, rows, region, taken: Taken, names: list) -> list[dict]:
    """The rows that the region does not have yet."""
    there = set(model.objects.filter(region=region).values_list("code", flat=True))
    missing = [row for row in rows if row["code"] not in there]
    names.extend(row["name"] for row in missing)
    taken.there += len(rows) - len(missing)
    return missing


def _category(row: dict, region) -> Category | None:
    return Category.objects.filter(region=region, name=row["name"], parent__code=row["parent"]).first()


@transaction.atomic
def take(scheme: Scheme, region, *, by: Actor, starts_on: dt.date | None = None) -> Taken:
    """Add what the region does not have yet. Rules hold from the period that runs, or from the one of `starts_on`
    (demonstrations only). Raises Refused."""
    refusal = may_take(region, by)
    if refusal:
        raise Refused(refusal)
    taken = preview(scheme, region)
    for model, rows in ((MeetingKind, scheme.meeting_kinds), (ActivityKind, scheme.activity_kinds)):
        for place, row in enumerate(_kinds(model, rows, region, Taken(), []), start=1):
            kind = model(region=region, order=200 + place, **row)
            kind.full_clean(exclude=["region"])
            kind.save()
            record(by, f"{model._meta.model_name}.created", kind, region=region, scheme=scheme.code)
    for row in scheme.categories:
        if _category(row, region) is None:
            parent = Category.objects.get(region=None, code=row["parent"])
            categories.add(by=by, region=region, parent=parent, name=row["name"])
    there = set(Mechanism.objects.filter(region=region).values_list("code", flat=True))
    for place, (code, rule) in enumerate(scheme.rules, start=1):
        if code not in there:
            mechanisms.add(region, code, values_of(code, rule, scheme, starts_on), by=by, order=place)
    ledgers.take(scheme.code, region, by=by)
    _shape(scheme, region, by)
    record(by, "scheme.taken", region, scheme=scheme.code, added=taken.total)
    return taken


def values_of(code: str, rule: dict, scheme: Scheme, starts_on: dt.date | None = None) -> dict:
    """The values of a mechanism's first version, as its own form would give them."""
    cadence = rule["cadence"]
    title = next(entry.title for entry in scheme.entries if code.startswith(entry.code))
    return {
        "name": rule["name"],
        "text": title,
        "basis": scheme.name,
        "actor": rule["actor"],
        "actor_filters": rule.get("actor_filters", {}),
        "act": rule["act"],
        "act_filters": rule.get("act_filters", {}),
        "cadence": cadence,
        "minimum": rule.get("minimum", 1),
        "maximum": rule.get("maximum"),
        "target": rule.get("target"),
        "reaches": rule.get("reaches", ""),
        "reaches_filters": rule.get("reaches_filters", {}),
        "percent": rule.get("percent"),
        "starts_on": mechanisms.running_since(cadence, starts_on or clock.today()),
        "warn_days": WARN_DAYS.get(cadence, STANDING_WARNING),
        "reminds": rule.get("reminds", "secretary"),
        "note": "",
    }


def _shape(scheme: Scheme, region, by: Actor) -> None:
    """Alliances of the region with no member yet keep their own shape; new ones are offered the scheme's."""
    standing = Alliance.objects.filter(region=region, dissolved_on=None).exclude(scheme=scheme.alliance)
    for alliance in standing.select_for_update(of=("self",), no_key=True).order_by("pk"):
        old, alliance.scheme = alliance.scheme, scheme.alliance
        alliance.save(update_fields=["scheme"])
        record(by, "alliance.changed", alliance, changes={"scheme": [old, scheme.alliance]})


def in_words(code: str, rule: dict, scheme: Scheme) -> str:
    """The rule as the radar says it, kinds that the region would get from the scheme by their names."""
    values = values_of(code, rule, scheme, dt.date(2024, 1, 1))
    named = {row["code"]: row["name"] for row in (*scheme.meeting_kinds, *scheme.activity_kinds)}
    for filters in ("actor_filters", "act_filters"):
        values[filters] = {
            name: [named.get(one, one) for one in value] if isinstance(value, list) else value
            for name, value in values[filters].items()
        }
    return sentence(MechanismVersion(**values))
