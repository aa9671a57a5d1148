"""云岭县: a fictional county with its last 24 months up to today, for trying things."""

import datetime as dt
import random
from itertools import cycle

from core import clock, workdays
from core.actor import Role
from demo import own_ledgers
from demo.cast import Cast
from demo.coverage import cover
from demo.gatherings import Gatherings
from demo.histories import Scene, add_to, number_all
from demo.histories.limits import supervise
from demo.ledger import Ledger
from demo.lit import shine
from demo.offers import Offers
from demo.outings import Outings, freeze_figures
from demo.place import Place
from demo.rows import Rows
from demo.staffing import Staffing
from demo.stories import Roles
from demo.undertakings import Undertakings
from demo.wording import texts
from enterprises.enums import Formation, OrganisationKind
from meetings.enums import MeetingClass, MeetingState
from problems.rules import rulebook_for

CODE, CITY = "990100", "990000"
TOWNSHIPS = ["云阳镇", "青河镇", "白石镇", "柳湾镇", "石桥镇", "松峰乡", "红坪乡",
             "南庄乡", "北原乡", "沙溪乡", "高塬乡", "龙潭街道"]  # fmt: skip
# Chain, enterprises on it, share of the ledger.
LINES = [("cattle", 26, 20), ("apple", 23, 17), ("potato", 19, 12), ("herbs", 18, 11), ("materials", 17, 11),
         ("equipment", 16, 11), ("tourism", 16, 9), ("cold", 15, 9)]  # fmt: skip
MONTHS, PROBLEMS = 24, 700
# More is raised before the busy season of farms and at the turn of the year.
SEASON = {1: 0.8, 2: 0.6, 3: 1.1, 4: 1.1, 5: 1.0, 6: 0.9, 7: 0.9, 8: 1.2, 9: 1.4, 10: 1.2, 11: 1.1, 12: 0.9}


class Yunling:
    """Builds the county in memory; `build()` answers the rows and the demonstration accounts."""

    def __init__(self, password: str):
        now = clock.now()
        self.today = clock.today()
        self.start = self._months_ago(MONTHS)
        self.rows = Rows(now)
        seed = f"yunling {self.today}"
        self.random = random.Random(seed)
        self.place = Place(seed, self.rows, self.today, "云岭")
        self.cast = Cast(self.place, "yunling", "云岭县", password, self.start)
        self.calendar = workdays.current()
        self.now = now
        self.unit_actors: dict = {}

    def _months_ago(self, months: int) -> dt.date:
        number = self.today.year * 12 + self.today.month - 1 - months
        return dt.date(number // 12, number % 12 + 1, 1)

    def build(self) -> Rows:
        self._frame()
        self._people()
        self._enterprises()
        self._organisations()
        self._ledger()
        self._meetings()
        self.gatherings.finish()
        Outings(self).tell()
        self.last_numbers = number_all(self.ledger.histories, CODE)
        add_to(self.rows, self.ledger.histories)
        self.last_numbers |= supervise(self.rows, self.ledger.histories, self.scene, self.county)
        return self.rows

    def afterwards(self) -> None:
        """What is worked out from the rows once they are there."""
        freeze_figures(self.county)
        own_ledgers.tell(self.county)

    # --- organisation ---

    def _frame(self) -> None:
        place, founded = self.place, self._months_ago(30)
        self.city = place.root("云州市", "city", CITY)
        self.county = place.region(self.city, "云岭县", "county", CODE)
        self.towns = [
            place.region(self.county, name, "township", f"{CODE}{number:03d}")
            for number, name in enumerate(TOWNSHIPS, start=1)
        ]
        for town in self.towns[:3]:
            for name in ("东村", "西村"):
                place.region(town, town.name[:2] + name, "village")
        for key in texts("units")["departments"]:
            place.department(self.county, key)
        units = texts("units")
        self.teams = {
            spec["name"]: place.team(self.county, f"云岭县{spec['name']}", spec, founded, 5 + number % 3)
            for number, spec in enumerate(units["teams"])
        }
        self.industry = place.committee(None, self.county, founded)
        for number, (key, _firms, _share) in enumerate(LINES):
            line = place.line(key, self.county, founded, "1+X+N")
            day = founded + dt.timedelta(days=40 * number)
            place.committee(line, self.county, day, self.industry)
            for spec in self._teams_of(key):
                self.rows.link(type(line.chain).help_teams, line.chain, self.teams[spec])

    def _teams_of(self, key: str) -> list[str]:
        farm = key in ("cattle", "apple", "potato", "herbs", "vegetable")
        return ["农业产业帮办团" if farm else "工业运行帮办团", "金融服务帮办团", "人才用工帮办团"]

    def _people(self) -> None:
        cast, people, county = self.cast, self.place.people, self.county
        self.officer = cast.officer(county)
        self.leader = cast.person(Role.LEADER, people.name(), "县委常委、总链长", region=county, phone=people.phone())
        self.secretaries = {}
        for line in self.place.lines:
            committee = line.committees[county.pk]
            seat = next(seat for seat in line.seats[committee.pk] if seat.kind == "secretary")
            actor = cast.person(
                Role.CHAIN_SECRETARY, seat.person, f"{line.short}产业链党委书记", home=county, phone=seat.phone,
                committee=committee,
            )  # fmt: skip
            seat.user_id = actor.user_id
            self.secretaries[committee.pk] = actor
        members = [row for row in self.rows.of("alliances.TeamMember") if row.is_lead]
        first = self.teams["农业产业帮办团"]
        for member in sorted(members, key=lambda row: row.team_id != first.pk):
            actor = cast.person(
                Role.TEAM_MEMBER, member.name, "帮办团团长", home=county, phone=member.phone, team=member.team
            )
            member.user_id = actor.user_id
            self.unit_actors["helpteam", member.team_id] = actor
        first = self.place.department(county, "agriculture")
        departments = [d for d in self.place.departments.values() if d.region_id == county.pk]
        for department in sorted(departments, key=lambda row: row.pk != first.pk):
            actor = cast.person(
                Role.DEPARTMENT_OFFICER, department.contact_name, "承办人", home=county,
                phone=department.contact_phone, department=department,
            )  # fmt: skip
            self.unit_actors["department", department.pk] = actor
        cast.person(Role.AUDITOR, people.name(), "审计员", phone=people.phone())

    def _enterprises(self) -> None:
        place, rng = self.place, self.random
        for line, (_key, count, _share) in zip(place.lines, LINES, strict=True):
            committee = line.committees[self.county.pk]
            for number in range(count):
                joined = committee.founded_on + dt.timedelta(days=rng.randrange(0, 700) if number > 8 else number * 9)
                joined = min(joined, self.today - dt.timedelta(days=20))
                about = {"is_master": number == 0, "scale": "large" if number == 0 else None}
                if number == count - 1:
                    about["left_on"] = max(joined + dt.timedelta(days=30), self._months_ago(2))
                firm = place.firm(line, committee, rng.choice(self.towns), joined, **about)
                base = {"large": 420, "medium": 150, "small": 45, "micro": 12}[firm.enterprise.scale]
                people = rng.randrange(base // 2, base * 2)
                place.employees(firm, self._counts(joined, firm.enterprise.left_on, people, 4))
        for number, firm in enumerate(place.firms[::17]):
            other = place.lines[-1] if firm.line is not place.lines[-1] else place.lines[0]
            if firm.enterprise.left_on is None:
                day = min(firm.enterprise.joined_on + dt.timedelta(days=90 + number), self.today)
                place.also_on(firm, other, other.committees[self.county.pk], day)
        self.raisers = {}
        for firm in place.firms:
            self.raisers[firm.enterprise.pk] = self.cast.person(
                Role.BRANCH_SECRETARY, firm.secretary, "企业党组织书记", home=firm.enterprise.region,
                phone=firm.enterprise.contact_phone, enterprise=firm.enterprise,
            )  # fmt: skip

    def _counts(self, first: dt.date, left: dt.date | None, value: int, every: int) -> list[tuple[dt.date, int]]:
        """A number that moves a little every few months."""
        end = left or self.today
        counts, day = [], first
        while day < end or not counts:
            counts.append((day, max(1, value)))
            value = round(value * self.random.uniform(0.95, 1.09)) + self.random.choice([0, 0, 1])
            day += dt.timedelta(days=30 * every + self.random.randrange(-10, 25))
        return counts

    def _organisations(self) -> None:
        place, rng, county = self.place, self.random, self.county
        standing = [firm for firm in place.firms if firm.enterprise.left_on is None]
        own = [firm for firm in standing if firm.enterprise.scale in ("large", "medium")]
        own += [firm for firm in standing if firm not in own][: 62 - len(own)]
        roots = {
            line.key: place.organisation(
                f"云岭县{line.short}产业链综合党总支", county, line.committees[county.pk].founded_on,
                kind=OrganisationKind.GENERAL_BRANCH, formation=Formation.ATTACHED, line=line,
                committee=line.committees[county.pk],
            )
            for line in place.lines
        }  # fmt: skip
        for firm in own:
            founded = firm.enterprise.joined_on + dt.timedelta(days=rng.randrange(0, 240))
            founded = min(founded, self.today - dt.timedelta(days=10))
            large = firm.enterprise.scale == "large"
            kind = OrganisationKind.COMMITTEE if large and firm.memberships[0].is_master else OrganisationKind.BRANCH
            name = f"{firm.enterprise.name}{'委员会' if kind == 'committee' else '支部'}".replace("公司", "公司党", 1)
            parent = None if kind == OrganisationKind.COMMITTEE else roots[firm.line.key]
            formation = Formation.CITY_ENTERPRISE if rng.random() < 0.06 else Formation.ALONE
            place.organisation(
                name, firm.enterprise.region, founded, kind=kind, formation=formation, parent=parent, firms=[firm]
            )
        rest = [firm for firm in standing if firm not in own]
        for line in place.lines:
            small = [firm for firm in rest if firm.line is line]
            for number in range(min(2, len(small) // 2)):
                firms = small[number * 2 : number * 2 + 2 + (number == 0 and len(small) > 4)]
                founded = max(firm.enterprise.joined_on for firm in firms) + dt.timedelta(days=30)
                place.organisation(
                    f"{line.short}产业链第{'一二三'[number]}联合党支部", county, min(founded, self.today),
                    parent=roots[line.key], firms=firms,
                )  # fmt: skip
        lines = {line.key: line for line in place.lines}
        for name, key, kind in [
            ("云岭县冷链物流园项目工地临时党支部", "cold", OrganisationKind.BRANCH),
            ("云岭县在外务工人员流动党支部", None, OrganisationKind.BRANCH),
            ("云岭县产业园区党群服务中心党支部", "equipment", OrganisationKind.BRANCH),
            ("云岭县苹果产业技术服务党小组", "apple", OrganisationKind.GROUP),
        ]:
            line = lines.get(key)
            place.organisation(
                name, county, self._months_ago(14), kind=kind, formation=Formation.ATTACHED, line=line,
                committee=line.committees[county.pk] if line else None,
            )  # fmt: skip
        gone = place.organisation(
            "云岭县产业大道建设项目临时党支部", county, self._months_ago(22), formation=Formation.ATTACHED
        )
        gone.dissolved_on = self._months_ago(3)
        for organisation in place.organisations:
            size = {"committee": 46, "general_branch": 6, "group": 4}.get(organisation.kind, 11)
            value = rng.randrange(max(3, size // 2), size * 2)
            place.members(organisation, self._counts(organisation.founded_on, organisation.dissolved_on, value, 3))
        Staffing(place, county, self.towns, self._months_ago(20)).tell()
        Offers(place, county, self._months_ago(18)).tell()
        Undertakings(place, county).tell()
        cover(place)

    # --- the ledger ---

    def roles_of(self, firm, template: dict, rng: random.Random) -> Roles:
        """Mostly the help team of the category leads, sometimes the department that answers for it."""
        county, units = self.county, texts("units")
        team = self.teams[units["team_of_category"][template["category"]]]
        department = self.place.department(county, template["unit"])
        unit = team if rng.random() < 0.6 else department
        other = self.place.department(county, "reform")
        helper = department if unit is team else self.place.department(county, "approval")
        firm_actor = self.raisers[firm.enterprise.pk]
        keeper = self.secretaries[firm.committee.pk]
        raiser = firm_actor if rng.random() < 0.6 else keeper
        return Roles(raiser, firm_actor, keeper, self.officer, self.leader, unit, other, helper, self.unit_actors)

    def _ledger(self) -> None:
        rules = rulebook_for(_Anywhere(self.county), self.today)
        self.scene = Scene(self.calendar, rules, self.now)
        self.ledger = Ledger(self.place, self.scene, self.random, self.roles_of)
        for number, (day, firm) in enumerate(self._raisings()):
            history = self.ledger.tell(firm, self.ledger.moment(day))
            later = self.ledger.moment(self.calendar.add(day, 3))
            if number % 40 == 7 and history.state_at(later) in ("accepted", "assigned", "in_progress"):
                self.ledger.tell(firm, later, "merged")  # raised a second time by somebody else
        self._today()

    def _raisings(self) -> list:
        """(day, enterprise) of the ledger's past, in the order of time."""
        rng, found = self.random, []
        end = self.calendar.add(self.today, -1)
        days = (end - self.start).days
        lately = self.calendar.add(self.today, -25)
        weights = [share for _key, _count, share in LINES]
        while len(found) < PROBLEMS - 60:
            day = self.start + dt.timedelta(days=rng.randrange(days + 1))
            growth = 0.7 + 0.6 * (day - self.start).days / days
            if day >= lately and rng.random() < 0.7:
                continue  # these weeks are told in `_today`
            if rng.random() > SEASON[day.month] * growth / 1.9 or not self.calendar.is_workday(day):
                continue
            line = rng.choices(self.place.lines, weights)[0]
            firms = [firm for firm in line.firms if _member_on(firm.enterprise, day)]
            if firms:
                # Larger and older members raise more.
                found.append((day, firms[min(rng.randrange(len(firms)), rng.randrange(len(firms)))]))
        return sorted(found, key=lambda one: (one[0], one[1].enterprise.pk))

    def _today(self) -> None:
        """What must be there today whatever chance has done: each state and light, for each of the demo accounts."""
        ledger, tell = self.ledger, self.ledger.tell
        first = self.place.lines[0]
        mine, others = first.firms[0], [f for f in self.place.firms if f.enterprise.left_on is None]
        choose = cycle(others[3::7])
        # (working days ago, plot, stop after)
        scenes = [
            (1, "plain", "raise_problem"), (2, "plain", "accept"), (3, "plain", "assign"), (3, "plain", "sign"),
            (7, "plain", "sign"), (18, "overdue", "sign"), (6, "returned", "return_for_completion"),
            (12, "suspended", "suspend"), (9, "plain", "resolve"), (22, "waiting", "resolve"), (14, "plain", "rate"),
            (5, "objection_refused", "object_to"), (7, "extended", "ask_extension"), (20, "late", "close"),
            (16, "declined", "decline"), (15, "withdrawn", "withdraw"), (24, "reopened", "reopen"),
        ]  # fmt: skip
        for firm in (mine, None):
            for ago, plot, stop in scenes:
                tell(firm or next(choose), ledger.workdays_ago(ago), plot, stop)
        self._for_team(first)
        shine(ledger, choose, self.today)
        target = tell(mine, ledger.workdays_ago(11), "plain", "sign")
        assert target.state_at(self.now) in ("in_progress", "assigned", "accepted")
        tell(mine, ledger.workdays_ago(2), "merged")
        tell(first.firms[1], ledger.workdays_ago(2), "plain", "raise_problem")
        ledger.draft(mine, ledger.workdays_ago(1), self.raisers[mine.enterprise.pk])
        ledger.draft(first.firms[1], ledger.workdays_ago(1), self.secretaries[first.committees[self.county.pk].pk])

    def _for_team(self, line) -> None:
        """The demo account's help team and department have entries to sign, to work on and overdue."""
        team = self.teams["农业产业帮办团"]
        department = self.place.department(self.county, "agriculture")
        farms = [firm for other in self.place.lines[1:4] for firm in other.firms[:6]]
        ordinary = self.roles_of
        for unit in (team, department):

            def roles_of(firm, template, rng, unit=unit):
                roles = ordinary(firm, template, rng)
                roles.unit, roles.helper = unit, self.place.department(self.county, "approval")
                return roles

            self.ledger.roles_of = roles_of
            for ago, plot, stop in [(2, "plain", "assign"), (3, "plain", "assign"), (4, "plain", "sign"),
                                    (8, "plain", "sign"), (19, "overdue", "sign"),
                                    (10, "plain", "resolve")]:  # fmt: skip
                # What chance keeps from being assigned yet is told once more, begun a working day earlier.
                for earlier in range(4):
                    firm = self.random.choice(line.firms[:8] + farms)
                    start = self.ledger.workdays_ago(ago + earlier)
                    history = self.ledger.tell(firm, start, plot, stop, unit="agriculture")
                    if stop != "assign" or history.state_at(self.now) == "assigned":
                        break
        self.ledger.roles_of = ordinary

    # --- meetings ---

    def _meetings(self) -> None:
        self.gatherings = Gatherings(self.place, self.ledger, self.random)
        quarters = self._quarters()
        for number, line in enumerate(self.place.lines):
            committee = line.committees[self.county.pk]
            seats, by = line.seats[committee.pk], self.secretaries[committee.pk]
            hold = self.gatherings.hold
            for back, (first, last) in enumerate(reversed(quarters)):
                missed = (back, number) in ((0, 6), (1, 5))
                for offset, kind, chance in [(12 + number, MeetingClass.COMMITTEE, 1), (38, MeetingClass.PROGRESS, 0.8),
                                             (60, MeetingClass.JOINT, 0.5)]:  # fmt: skip
                    day = self._workday(first + dt.timedelta(days=offset + self.random.randrange(0, 9)))
                    if kind == MeetingClass.COMMITTEE and missed:
                        continue
                    if committee.founded_on <= day < min(last, self.today) and self.random.random() < chance:
                        hold(committee, line, seats, by, day, kind)
            self._special(line, committee, seats, by)
            if number == 0:
                later = self._workday(self.today + dt.timedelta(days=5))
                hold(committee, line, seats, by, later, MeetingClass.PROGRESS, state=MeetingState.DRAFT)
            if number == 1:
                later = self._workday(self.today + dt.timedelta(days=2))
                hold(committee, line, seats, by, later, MeetingClass.JOINT, state=MeetingState.NOTIFIED)
                hold(committee, line, seats, by, self.calendar.add(self.today, -1), MeetingClass.OTHER)
            if number == 2:
                hold(committee, line, seats, by, self._workday(self.today - dt.timedelta(days=40)), MeetingClass.JOINT,
                     state=MeetingState.CANCELLED)  # fmt: skip
        self._recurring()
        for first, last in quarters:
            day = self._workday(first + dt.timedelta(days=20))
            if self.start <= day < min(last, self.today):
                self.gatherings.hold(
                    self.industry, None, self.place.industry_seats, self.officer, day, MeetingClass.COMMITTEE
                )

    def _recurring(self) -> None:
        """Two meetings that recur, one of them of a kind of the county's own."""
        own = self.gatherings.own_kind(self.county, "链办工作例会", MeetingClass.OTHER)
        for line, kind, title, rule in (
            (self.place.lines[0], None, "党委会议", {"period": "quarter", "workday": 12, "days_ahead": 14}),
            (self.place.lines[1], own, "链办工作例会", {"period": "month", "workday": -3, "days_ahead": 7}),
        ):
            committee = line.committees[self.county.pk]
            chair = next(seat.person for seat in line.seats[committee.pk] if seat.kind == "secretary")
            kind = kind or self.gatherings.kind_of(MeetingClass.COMMITTEE)
            self.gatherings.recur(committee, kind, title, chair, starts_time=dt.time(9, 30), **rule)

    def _special(self, line, committee, seats, by) -> None:
        """要事一事一商: a few meetings on one matter each."""
        found = [h for h in self.ledger.histories if h.problem.committee_id == committee.pk and h.problem.assigned_on]
        for history in self.random.sample(found, min(3, len(found))):
            day = self.calendar.add(history.problem.assigned_on, 1)
            noon = clock.at_local(day, 12)
            if day < self.today and history.state_at(noon) in ("assigned", "in_progress"):
                self.gatherings.hold(committee, line, seats, by, day, MeetingClass.SPECIAL, matter=history, decisions=1)

    def _workday(self, day: dt.date) -> dt.date:
        return day if self.calendar.is_workday(day) else self.calendar.add(day, 1)

    def _quarters(self) -> list[tuple[dt.date, dt.date]]:
        """First day and first day after, from the start to the present quarter."""
        found, day = [], dt.date(self.start.year, (self.start.month - 1) // 3 * 3 + 1, 1)
        while day <= self.today:
            after = (day.replace(day=1) + dt.timedelta(days=95)).replace(day=1)
            found.append((day, after))
            day = after
        return found


def _member_on(enterprise, day: dt.date) -> bool:
    return enterprise.joined_on <= day and (enterprise.left_on is None or enterprise.left_on > day)


class _Anywhere:
    """A region that is not written yet: the rules in force are those of the regions above it."""

    def __init__(self, region):
        self.ancestor_paths = region.ancestor_paths
