"""People at work in the fictional county: entries raised and moved on, in this process, through the lifecycle."""

import random
import time
from collections import Counter

from bench.work import MARK

# The enterprise of this person is left to the one who measures.
SPARED = "branch_secretary.yunling"


def work(number: int, seconds: float, pause: float) -> None:
    """Raise entries and move them on for so long, `pause` seconds apart; prints how often what was done."""
    import json

    until, done, people = time.monotonic() + seconds, Counter(), _People(number)
    while time.monotonic() < until:
        done[people.act()] += 1
        time.sleep(pause * people.random.random() * 2)
    print(MARK + json.dumps(done), flush=True)


class _People:
    """The county's people, and what they can do next."""

    def __init__(self, number: int):
        from accounts.actors import build_actor
        from accounts.models import User
        from core import clock
        from core.actor import Role
        from enterprises.models import Enterprise
        from problems.models import Category

        self.random = random.Random(number)
        users = User.objects.filter(username__endswith=".yunling", is_active=True)
        actors = [build_actor(user, clock.today()) for user in users]
        self.officer = next(actor for actor in actors if actor.has(Role.COUNTY_OFFICER))
        self.members = {pk: a for a in actors for pk in a.ids("team_id", Role.TEAM_MEMBER)}
        spared = build_actor(User.objects.get(username=SPARED), clock.today()).ids("enterprise_id", "branch_secretary")
        chains = set(Enterprise.objects.filter(pk__in=spared).values_list("memberships__chain", flat=True))
        self.firms = {
            pk: a for a in actors for pk in a.ids("enterprise_id", Role.BRANCH_SECRETARY)
            if not Enterprise.objects.filter(pk=pk, memberships__chain__in=chains).exists()
        }  # fmt: skip
        self.categories = list(Category.objects.filter(region=None).exclude(parent=None)[:10])

    def act(self) -> str:
        """One step; answers what it was. What another writer did first is refused, as it should be."""
        from django.db import OperationalError

        from core.transitions import Refused

        steps = (self._raise, self._accept, self._assign, self._sign, self._resolve, self._rate, self._close)
        step = self.random.choices(steps, weights=(3, 3, 3, 3, 2, 2, 2))[0]
        try:
            return step.__name__.strip("_") if step() else "nothing to do"
        except Refused:
            return "refused"
        except OperationalError as error:
            return f"database: {error.__class__.__name__}"

    def _one(self, **conditions):
        from problems.models import Problem

        found = Problem.objects.filter(enterprise__in=self.firms, title__startswith="忙碌", **conditions)
        return self.random.choice(list(found.order_by("-pk")[:20]) or [None])

    def _raise(self):
        from enterprises.models import Enterprise
        from problems import lifecycle

        pk = self.random.choice(list(self.firms))
        return lifecycle.raise_problem(
            by=self.firms[pk], enterprise=Enterprise.objects.get(pk=pk), category=self.random.choice(self.categories),
            title=f"忙碌事项{self.random.randint(1, 10**9)}", text="测量时登记的事项。",
        )  # fmt: skip

    def _accept(self):
        from problems import lifecycle

        entry = self._one(state="submitted")
        return entry and lifecycle.accept(entry, by=self.officer)

    def _assign(self):
        from alliances.models import HelpTeam
        from problems import lifecycle

        entry = self._one(state="accepted")
        team = HelpTeam.objects.get(pk=self.random.choice(list(self.members)))
        return entry and lifecycle.assign(entry, by=self.officer, team=team)

    def _sign(self):
        from problems import lifecycle

        entry = self._one(state="assigned")
        return entry and lifecycle.sign(entry, by=self.members[entry.lead_team_id])

    def _resolve(self):
        from problems import lifecycle

        entry = self._one(state="in_progress")
        return entry and lifecycle.resolve(
            entry, by=self.members[entry.lead_team_id], outcome="solved", text="已经协调解决。"
        )

    def _rate(self):
        from problems import lifecycle

        entry = self._one(state="resolved", rating="")
        rating = self.random.choice(("satisfied", "basically", "not_satisfied"))
        return entry and lifecycle.rate(entry, by=self.firms[entry.enterprise_id], rating=rating, text="测量")

    def _close(self):
        from problems import lifecycle

        entry = self._one(state="resolved", rating__in=("satisfied", "basically"))
        return entry and lifecycle.close(entry, by=self.officer)
