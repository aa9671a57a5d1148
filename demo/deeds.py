"""Activities and visits (活动、走访) of a place: whom they reached, who took part, by number and never by name."""

import datetime as dt
import random

from audit import trail
from audit.models import Event
from core import clock
from core.actor import Actor
from demo.place import Firm, Line, Place
from meetings.enums import ActivityClass, ActivityMode, ActivityState
from meetings.models import (
    Activity,
    ActivityKind,
    ActivityPeople,
    ActivityProblem,
    ActivityReach,
    ActivityUnit,
    AnnualReport,
    DutyTerm,
)

TITLES = {
    "visit": ["走访{firm}", "到{firm}送政策、问需求"],
    "inspection": ["{short}产业链项目现场督查", "{short}产业链重点工作调研"],
    "theory_study": ["{short}产业链党委理论学习", "链上党组织联学"],
    "policy_lecture": ["惠企政策专题辅导", "安全生产法规辅导", "税费优惠政策辅导"],
    "theme_party_day": ["“红色领航”主题党日", "“我为企业解难题”主题党日"],
    "party_lesson": ["书记到链上企业讲党课"],
    "training": ["企业党组织书记培训", "链上企业职工技能培训"],
    "attraction_trip": ["{short}产业链外出招商"],
}
PLACES = ["产业园区党群服务中心", "链主企业会议室", "党员活动室", "项目现场"]


class Deeds:
    """Tells the activities of a place. A kind that the place has of its own is made at its first mention."""

    def __init__(self, place: Place, rng: random.Random):
        self.place, self.random = place, rng
        self._kinds = {one.code: one for one in ActivityKind.objects.filter(region=None)}

    def own_kind(self, region, code: str, name: str, counts_as: str, disturbs: bool = False, order: int = 200) -> None:
        """A kind of the region's own beside the common ones."""
        row = ActivityKind(region=region, code=code, name=name, counts_as=counts_as, disturbs=disturbs, order=order)
        self._kinds[code] = self.place.rows.add(row)

    def tell(
        self, code: str, day: dt.date, region, by: Actor, *, line: Line | None = None, committee=None, firms=(),
        people: dict[str, int] | None = None, mode: str = ActivityMode.ON_SITE, leader: str = "",
        leader_title: str = "", title: str = "", organisation=None, state: str = ActivityState.DONE, text: str = "",
        units=(), problems=(), made_on: dt.date | None = None, near_reason: str = "",
    ) -> Activity:  # fmt: skip
        """One activity; `people` says how many of each category, `units` rows {department | team | committee, purpose},
        `problems` entries collected there, `made_on` the day it was written down where that is not the day itself."""
        kind, rows = self._kinds[code], self.place.rows
        words = {
            "firm": firms[0].enterprise.short_name if firms else "链上企业",
            "short": line.short if line else region.name,
        }
        starts = clock.at_local(day, self.random.choice([9, 10, 14, 15]), self.random.choice([0, 30]))
        made_at = clock.at_local(made_on, 16) if made_on else starts
        shared = {"held_on": day, "counts_as": kind.counts_as, "state": state}
        chain = line.chain if line else None
        activity = rows.add(
            Activity(
                kind=kind, disturbs=kind.disturbs, title=title or self._title(code, words), region=region, chain=chain,
                committee=committee, organisation=organisation, starts_at=starts, mode=mode,
                place=self._where(firms, mode), leader=leader, leader_title=leader_title, text=text,
                created_by_id=by.user_id, created_at=made_at, **shared,
            )
        )  # fmt: skip
        for firm in firms:
            self._reach(activity, firm, shared)
        for category, number in (people or {}).items():
            rows.add(
                ActivityPeople(
                    activity=activity, category=category, number=number, region=region, chain=chain,
                    committee=committee, **shared,
                )
            )  # fmt: skip
        for unit in units:
            rows.add(ActivityUnit(activity=activity, joined_by_id=by.user_id, joined_at=made_at, **unit))
        for problem in problems:
            rows.add(ActivityProblem(activity=activity, problem=problem))
        at = made_at if made_on else starts + dt.timedelta(hours=2)
        self.event(activity, by, at, "activity.created", changes={}, near_reason=near_reason)
        return activity

    def event(self, subject, by: Actor, at: dt.datetime, verb: str, *, version: int = 1, **data) -> None:
        """What the trail says of it."""
        self.place.rows.add(Event(at=at, **trail.fields(by, verb, subject, version=version, **data)))

    def _title(self, code: str, words: dict) -> str:
        choices = TITLES.get(code) or [self._kinds[code].name]
        return self.random.choice(choices).format_map(words)[:120]

    def _where(self, firms, mode: str) -> str:
        if mode != ActivityMode.ON_SITE:
            return ""
        return firms[0].enterprise.short_name if firms else self.random.choice(PLACES)

    def _reach(self, activity: Activity, firm: Firm, shared: dict) -> None:
        self.place.rows.add(
            ActivityReach(
                activity=activity, enterprise=firm.enterprise, region=firm.enterprise.region, chain=firm.line.chain,
                committee=firm.committee, disturbs=activity.disturbs, mode=activity.mode, **shared,
            )
        )  # fmt: skip
        known = firm.enterprise.first_visited_on
        if activity.counts_as == ActivityClass.VISIT and shared["state"] == ActivityState.DONE:
            first = min(known or shared["held_on"], shared["held_on"])
            firm.enterprise.first_visited_on = max(first, firm.enterprise.joined_on)


ORDER = [ActivityKind, Activity, ActivityReach, ActivityPeople, ActivityUnit, ActivityProblem, DutyTerm, AnnualReport]
