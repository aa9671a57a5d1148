"""The ledger of a place: which enterprise raises what, when, and how it goes on; told as histories."""

import datetime as dt
import random

from core import clock
from core.actor import Actor
from core.workdays import WorkCalendar
from demo.histories import History, NotYet, Scene
from demo.place import Firm, Place
from demo.stories import PLOTS, Story, urgency
from demo.wording import fill, texts
from problems.enums import Source
from problems.models import Category, Problem

# A key of the texts, then (sign in the title, code of the category): the first that fits.
CODES = {
    "labour": [("技能", "labour-training"), ("", "labour-shortage")],
    "land": [("产权", "land-approval"), ("备案", "land-approval"), ("", "land-quota")],
    "finance": [("担保", "finance-guarantee"), ("应收", "finance-arrears"), ("奖补", "policy-benefit"),
                ("", "finance-loan")],
    "power": [("", "park-utilities")],
    "water": [("排洪", "park-roads"), ("雨污", "park-roads"), ("", "park-utilities")],
    "road": [("公交", "park-living"), ("", "park-roads")],
    "logistics": [("冷", "logistics-storage"), ("", "logistics-freight")],
    "material": [("", "market-matching")],
    "talent": [("住房", "talent-housing"), ("子女", "park-living"), ("", "talent-hiring")],
    "environment": [("环评", "environment-assessment"), ("排污", "environment-assessment"),
                    ("", "environment-emission")],
    "permit": [("消防", "construction-acceptance"), ("", "policy-access")],
    "premises": [("宿舍", "park-living"), ("", "land-plant")],
    "market": [("供需", "market-matching"), ("", "market-sales")],
    "policy": [("专项债", "policy-benefit"), ("", "policy-advice")],
    "technology": [("攻关", "technology-research"), ("贮藏", "technology-research"), ("", "technology-upgrade")],
    "dispute": [("商标", "technology-patent"), ("", "other")],
    "safety": [("", "other")],
}  # fmt: skip
SEASONS = {1: "年前", 2: "节后", 3: "开春", 4: "春季", 5: "初夏", 6: "夏季", 7: "夏季", 8: "夏末", 9: "秋季",
           10: "秋季", 11: "初冬", 12: "冬季"}  # fmt: skip


class Ledger:
    """Tells the problems of a place. `roles_of(firm, template, rng)` names who acts; see the demonstrations."""

    def __init__(self, place: Place, scene: Scene, rng: random.Random, roles_of):
        self.place, self.scene, self.random, self.roles_of = place, scene, rng, roles_of
        self.calendar: WorkCalendar = scene.calendar
        self.categories = {row.code: row for row in Category.objects.all()}
        self.histories: list[History] = []
        self._recent: dict[int, History] = {}
        self._used: set[tuple[int, str]] = set()

    # --- one problem ---

    def tell(
        self, firm: Firm, start: dt.datetime, plot: str = "", stop_after: str = "", *, unit: str = "",
        about: frozenset[str] = frozenset(),
    ) -> History:  # fmt: skip
        """One problem of the enterprise, raised at `start`, by a plot (left out: by chance).

        `unit` limits it to matters that this department answers for, `about` to these top categories.
        """
        plot = plot or self.random.choices(list(PLOTS), list(PLOTS.values()))[0]
        template = self._template(firm, start.month, unit, about)
        words = self._words(firm, template, start)
        problem = self._problem(firm, template, words)
        history = History(problem, self.scene, stop_after)
        roles = self.roles_of(firm, template, self.random)
        story = Story(history, roles, self.random, words, template["category"])
        if plot == "merged":
            story.merge_target = self._merge_target(firm, start)
        story.tell(plot, start)
        self._recent[firm.enterprise.pk] = history
        self.histories.append(history)
        return history

    def draft(self, firm: Firm, start: dt.datetime, by: Actor) -> History:
        """A draft that its author has not sent yet."""
        template = self._template(firm, start.month)
        problem = self._problem(firm, template, self._words(firm, template, start))
        history = History(problem, self.scene)
        try:
            history.drafted(start, by)
        except NotYet:
            problem.created_at, problem.created_by_id = self.scene.now, by.user_id
        self.histories.append(history)
        return history

    def _merge_target(self, firm: Firm, start: dt.datetime) -> History | None:
        found = self._recent.get(firm.enterprise.pk)
        if found is None or found.problem.submitted_at is None or found.problem.submitted_at >= start:
            return None
        return found if found.state_at(start) in ("accepted", "assigned", "in_progress", "suspended") else None

    def _problem(self, firm: Firm, template: dict, words: dict) -> Problem:
        title = fill(template["title"], words)
        code = _code(template["category"], title)
        enterprise = firm.enterprise
        # Written with `add`, so that it has its key before anything refers to it.
        return self.place.rows.add(
            Problem(
                enterprise=enterprise,
                region=enterprise.region,
                chain=firm.line.chain,
                committee=firm.committee,
                category=self.categories[code],
                urgency=urgency(self.random, template["category"]),
                source=self.random.choices(list(Source), [38, 16, 12, 12, 22])[0],
                title=title,
                text=fill(template["text"], words),
                contact_name=enterprise.contact_name,
                contact_phone=enterprise.contact_phone,
                created_at=self.scene.now,
            )
        )

    def _template(
        self, firm: Firm, month: int, unit: str = "", about: frozenset[str] = frozenset()
    ) -> dict:  # fmt: skip
        """One that fits the chain and the month, preferably not used by this enterprise yet."""
        fitting = [
            one
            for one in texts("problems")
            if firm.line.key in one.get("chains", [firm.line.key])
            and month in one.get("months", [month])
            and unit in ("", one["unit"])
            and (not about or _code(one["category"], one["title"]).split("-")[0] in about)
        ]
        weights = [4 if "months" in one else 3 if "chains" in one else 1 for one in fitting]
        for _try in range(8):
            found = self.random.choices(fitting, weights)[0]
            if (firm.enterprise.pk, found["title"]) not in self._used:
                break
        self._used.add((firm.enterprise.pk, found["title"]))
        return found

    def _words(self, firm: Firm, template: dict, start: dt.datetime) -> dict:
        rng = self.random
        n = rng.choice([20, 30, 40, 60, 80, 120, 150, 200, 300])
        words = {
            "place": firm.enterprise.region.name,
            "product": rng.choice(firm.line.spec["products"]),
            "season": SEASONS[start.month],
            "n": n,
            "m": rng.randrange(2, 7),
            "area": rng.choice([12, 20, 35, 60, 80, 150, 300, 600, 1200]),
            "amount": rng.choice([50, 80, 120, 200, 300, 500, 800, 1000, 1500]),
            "kva": rng.choice([200, 315, 400, 630, 800, 1000]),
            "days": rng.choice([7, 10, 15, 20, 30, 45, 60]),
        }
        # Land is counted in 亩, a hall in 平方米.
        return {**words, "floor": words["area"] * 20}

    # --- moments ---

    def moment(self, day: dt.date) -> dt.datetime:
        """Some minute of office hours on the day, or on the first working day after it."""
        if not self.calendar.is_workday(day):
            day = self.calendar.add(day, 1)
        return clock.at_local(day, self.random.randrange(8, 17), self.random.randrange(30, 60))

    def workdays_ago(self, days: int) -> dt.datetime:
        """A morning that many working days before today."""
        day = self.calendar.add(clock.local_date(self.scene.now), -days)
        return clock.at_local(day, 8, self.random.randrange(5, 55))


def _code(category: str, title: str) -> str:
    """Code of the ledger's category; it begins with that of its top category."""
    return next(code for sign, code in CODES[category] if sign in title)
