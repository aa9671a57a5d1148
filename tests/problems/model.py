"""A plain model of the ledger: entries as bare values, the rules of product and shipped rulebook told once more.

Nothing of the product is used here but the days off of the calendar, which are data. A step answers whether it may be
done and, where it may, changes the model; days are local dates.
"""

import copy
import datetime as dt

from tests.problems.model_entry import Asked, Days, Entry, Leg

DAYS = {"ordinary": 7, "urgent": 3, "complex": 15}
HELPER, LONGEST, OBJECTION, NOTICE, EXTENSIONS, BOUNCES, RATING, WAITING = 3, 30, 1, 1, 1, 2, 7, 30
OPEN = {"submitted", "returned", "accepted", "assigned", "in_progress", "suspended", "resolved"}
RUNNING, HELD = {"assigned", "in_progress"}, {"assigned", "in_progress", "suspended"}
ANSWERED, CONTENT = {"solved", "partly", "explained"}, {"satisfied", "basically"}
UNHANDLED_ENDS = {"declined", "withdrawn"}
BY_ROOT = OPEN - {"resolved"}
NOT_UNDONE = {"note_decided"}


class Model:
    """Some entries of one county, and the day."""

    def __init__(self, days: Days, day: dt.date):
        self.days, self.day, self.moment = days, day, 0
        self.entries: list[Entry] = []
        self.last: dict[int, tuple] = {}
        self.urged: dict[int, dt.date | None] = {}
        self.urged_last: dict[int, dt.date | None] = {}

    def raise_entry(self):
        entry = Entry(submitted_on=self.day, since_on=self.day)
        entry.spans.append(["submitted", self.day, None, self.moment])
        self.entries.append(entry)

    def may(self, number: int, name: str, arguments: dict) -> bool:
        kept = copy.deepcopy((self.entries, self.urged, self.urged_last)), dict(self.last), self.moment
        answer = self.take(number, name, arguments)
        (self.entries, self.urged, self.urged_last), self.last, self.moment = kept
        return answer

    def take(self, number: int, name: str, arguments: dict) -> bool:
        """Whether the step may be done; if so the model has done it."""
        self.moment += 1
        if name == "undo":
            return self.undo(number)
        before, entry = copy.deepcopy(self.entries[number]), self.entries[number]
        self.urged_before = self.urged.get(number)
        self.spread = False
        if not getattr(self, name)(number, entry, **arguments):
            self.entries[number] = before
            return False
        entry.version += 1
        self.last[number] = (name, before, entry.version, self.spread)
        if name == "urge":
            self.urged_last[number] = self.urged_before
        return True

    # --- what steps do alike ---
    def to(self, e, state):
        if state != e.state:
            e.since_on = self.day
            if state not in RUNNING:
                e.pause_asked_on = None
        self.span(e, state)
        e.state = state
        return True

    def span(self, e, state):
        """A new span; a change of deadline or holder also begins one, which days do not notice."""
        if state != e.state:
            e.spans[-1][2] = self.day
            e.spans.append([state, self.day, None, self.moment])

    def first(self, e, *names):
        for name in names:
            if getattr(e, name) is None:
                setattr(e, name, self.day)

    def end_legs(self, e, kind, lead_only=False):
        for leg in e.open_legs():
            if leg.lead or not lead_only:
                leg.end = kind

    def drop(self, e, objection=False):
        for asked in [e.extensions] + ([e.objections] if objection else []):
            one = e.pending(asked)
            if one:
                one.state = "refused"

    def hand_over(self, e, unit, signed=False):
        e.lead, e.due_on = unit, self.days.add(self.day, DAYS[e.urgency])
        e.legs.append(Leg(unit, True, self.day, e.due_on, signed, begun=self.moment))

    def begin_again(self, e):
        self.hand_over(e, e.lead, signed=True)
        e.outcome = ""
        return self.to(e, "in_progress")

    def bounce(self, e):
        e.bounces += 1
        if e.bounces >= BOUNCES and not e.escalated_to:
            e.escalated_to, e.escalated_on = "county", self.day

    def shift(self, e):
        pause = self.days.between(e.spans[-1][1], self.day)
        for leg in e.open_legs():
            leg.due = self.days.add(leg.due, pause)
        e.due_on = self.days.add(e.due_on, pause)

    def days_held(self, e):
        return sum(self.days.between(s[1], s[2] or self.day) for s in e.spans if s[0] in RUNNING)

    def next_fits(self, next_on):
        return next_on is not None and self.day < next_on <= self.days.add(self.day, WAITING)

    def parts(self, number):
        return [e for e in self.entries if e.root == number]

    # --- intake ---
    def accept(self, n, e):
        if e.state != "submitted":
            return False
        self.first(e, "accepted_on")
        return self.to(e, "accepted")

    def return_for_completion(self, n, e, reason):
        return e.state in {"submitted", "accepted", *RUNNING} and self.to(e, "returned")

    def resubmit(self, n, e):
        if e.state != "returned":
            return False
        back = e.spans[-2][0]
        if back in RUNNING:
            self.shift(e)
        return self.to(e, back)

    def decline(self, n, e, reason):
        if e.state not in {"submitted", "accepted"}:
            return False
        e.outcome, e.ended_on = "declined", self.day
        return self.to(e, "declined")

    def other(self, n, target):
        return None if target == n or self.entries[target].merged_into == n else self.entries[target]

    def merge_into(self, n, e, target):
        other = self.other(n, target)
        if e.state not in {"submitted", "returned", "accepted"} or other is None or self.parts(n):
            return False
        if other.state in UNHANDLED_ENDS:
            return False
        self.drop(e)
        self.end_legs(e, "merged")
        e.merged_into, e.outcome, e.ended_on = target, "merged", self.day
        return self.to(e, "declined")

    def join_root(self, n, e, root):
        if e.state not in OPEN:
            return False
        if root is not None:
            other = self.other(n, root)
            if other is None or other.root is not None or self.parts(n) or other.state in UNHANDLED_ENDS:
                return False
        e.root = root
        return True

    def asking(self, n, e):
        if e.root is None or e.state not in BY_ROOT:
            return None
        root = self.entries[e.root]
        if root.state not in {"resolved", "closed"} or root.outcome not in ANSWERED:
            return None
        return None if (e.root, root.reopened_times) in e.said_no else root

    def settle_by_root(self, n, e):
        root = self.asking(n, e)
        if root is None:
            return False
        due = e.due_on
        if due and e.state in {"returned", "suspended"}:
            due = self.days.add(due, self.days.between(e.spans[-1][1], self.day))
        e.outcome, e.next_on, e.rating, e.lead = root.outcome, None, "", e.lead or root.lead
        self.first(e, "accepted_on", "assigned_on", "first_reply_on", "resolved_on")
        e.on_time = e.on_time is not False and (due is None or self.day <= due)
        self.drop(e)
        self.end_legs(e, "resolved")
        e.handling_days = self.days_held(e)
        return self.to(e, "resolved")

    def not_by_root(self, n, e, reason):
        root = self.asking(n, e)
        if root is None:
            return False
        e.said_no.add((e.root, root.reopened_times))
        return True

    def withdraw(self, n, e, reason):
        if e.state not in OPEN - {"resolved"}:
            return False
        self.drop(e)
        self.end_legs(e, "withdrawn")
        e.outcome, e.ended_on = "withdrawn", self.day
        return self.to(e, "withdrawn")

    def restore(self, n, e, reason):
        if e.state not in UNHANDLED_ENDS:
            return False
        e.outcome, e.ended_on, e.merged_into, e.lead, e.due_on = "", None, None, "", None
        e.reopened_times += 1
        return self.to(e, "submitted")

    def note_decided(self, n, e):
        if e.state not in OPEN:
            return False
        self.first(e, "decided_on")
        return True

    # --- in hand ---
    def assign(self, n, e, unit, helpers, urgency):
        if e.state != "accepted":
            return False
        e.urgency = urgency
        self.hand_over(e, unit)
        self.help(e, [one for one in helpers if one != unit])
        self.first(e, "assigned_on")
        return self.to(e, "assigned")

    def help(self, e, units):
        for unit in dict.fromkeys(units):
            due = max(self.day, min(self.days.add(self.day, HELPER), e.due_on))
            e.legs.append(Leg(unit, False, self.day, due, begun=self.moment))

    def add_helpers(self, n, e, helpers):
        free = [one for one in helpers if one not in [leg.unit for leg in e.open_legs()]]
        if e.state not in RUNNING or not free:
            return False
        self.help(e, free)
        return True

    def sign(self, n, e):
        if e.state != "assigned":
            return False
        e.lead_leg().signed = True
        return self.to(e, "in_progress")

    def object_to(self, n, e, ground):
        leg = e.lead_leg()
        if e.state not in RUNNING or any(e.legs[one.leg] is leg for one in e.objections):
            return False
        if self.days.between(leg.start, self.day) > OBJECTION:
            return False
        e.objections.append(Asked(e.legs.index(leg)))
        return True

    def rule_on_objection(self, n, e, granted):
        one = e.pending(e.objections) if e.state in HELD else None
        if one is None:
            return False
        one.state = "granted" if granted else "refused"
        if not granted:
            return True
        self.drop(e)
        self.end_legs(e, "objected", lead_only=True)
        self.end_legs(e, "cancelled")
        e.pause_asked_on, e.lead, e.due_on = None, "", None
        self.bounce(e)
        return self.to(e, "accepted")

    def transfer(self, n, e, unit):
        if e.state not in RUNNING or unit == e.lead:
            return False
        self.drop(e, objection=True)
        e.pause_asked_on = None
        self.end_legs(e, "transferred", lead_only=True)
        self.hand_over(e, unit)
        self.bounce(e)
        return self.to(e, "assigned")

    def add_note(self, n, e, text):
        if e.state not in OPEN:
            return False
        if e.state in HELD | {"resolved"}:
            self.first(e, "first_reply_on")
        return True

    def report_as_cohandler(self, n, e, text):
        helpers = [leg for leg in e.open_legs() if not leg.lead]
        if e.state not in HELD or not helpers:
            return False
        for leg in helpers:
            leg.end = "resolved"
        return True

    def ask_suspension(self, n, e, reason):
        if e.state not in RUNNING or e.pause_asked_on:
            return False
        e.pause_asked_on = self.day
        return True

    def suspend(self, n, e, next_on):
        if e.state not in RUNNING or not self.next_fits(next_on):
            return False
        e.next_on = next_on
        return self.to(e, "suspended")

    def resume(self, n, e):
        if e.waits():
            e.next_on = None
            return self.begin_again(e)
        if e.state != "suspended":
            return False
        e.next_on = None
        self.shift(e)
        return self.to(e, "in_progress" if e.lead_leg().signed else "assigned")

    def ask_extension(self, n, e, new_due_on):
        leg = e.lead_leg()
        if e.state not in RUNNING or e.pending(e.extensions):
            return False
        used = [one for one in e.extensions if e.legs[one.leg] is leg and one.state == "granted"]
        if len(used) >= EXTENSIONS or self.days.between(self.day, e.due_on) < NOTICE:
            return False
        farthest = self.days.add(leg.start, LONGEST)
        for state, start, end, begun in e.spans:
            if state in {"suspended", "returned"} and end and begun >= leg.begun:
                farthest = self.days.add(farthest, self.days.between(start, end))
        if not e.due_on < new_due_on <= farthest or not self.days.works(new_due_on):
            return False
        e.extensions.append(Asked(e.legs.index(leg), new_due=new_due_on))
        return True

    def decide_extension(self, n, e, granted):
        one = e.pending(e.extensions) if e.state in HELD else None
        if one is None:
            return False
        one.state = "granted" if granted else "refused"
        if granted:
            e.due_on = e.lead_leg().due = max(one.new_due, e.due_on)
        return True

    def escalate(self, n, e, level):
        if e.state not in OPEN - {"resolved"} or e.escalated_to == "city":
            return False
        target = level or ("city" if e.escalated_to else "county")
        if e.escalated_to and target != "city":
            return False
        e.escalated_to, e.escalated_on = target, self.day
        return True

    def urge(self, n, e):
        if e.state not in OPEN or (self.urged.get(n) and self.days.between(self.urged[n], self.day) < 1):
            return False
        self.urged[n] = self.day
        return True

    # --- towards the end ---
    def resolve(self, n, e, outcome, next_on):
        if e.state != "in_progress" or (outcome == "waiting" and not self.next_fits(next_on)):
            return False
        e.outcome, e.next_on = outcome, next_on if outcome == "waiting" else None
        if e.rating != "not_satisfied":
            e.rating = ""
        self.first(e, "first_reply_on", "resolved_on")
        e.handling_days = self.days_held(e)
        e.on_time = e.on_time is not False and self.day <= e.due_on
        self.drop(e)
        self.end_legs(e, "resolved")
        return self.to(e, "resolved")

    def set_waiting_date(self, n, e, next_on):
        if not e.waits() or not self.next_fits(next_on):
            return False
        e.next_on = next_on
        return True

    def rate(self, n, e, rating):
        if e.state != "resolved" or e.waits() or e.rating in CONTENT:
            return False
        e.rating = rating
        self.first(e, "rated_on")
        if rating == "not_satisfied":
            e.reopened_times += 1
            return self.begin_again(e)
        self.first(e, "confirmed_on")
        return True

    def close(self, n, e):
        if e.state != "resolved" or e.waits():
            return False
        if e.rating not in CONTENT and self.days.between(e.since_on, self.day) <= RATING:
            return False
        self.first(e, "closed_on")
        e.last_closed_on = e.ended_on = self.day
        for number, part in enumerate(self.entries):
            if part.root == n and part.state == "resolved" and part.rating in CONTENT and not part.waits():
                kept = copy.deepcopy(part)
                self.close(number, part)
                part.version += 1
                self.last[number] = ("close", kept, part.version, False)
                self.spread = True
        return self.to(e, "closed")

    def reopen(self, n, e, reason):
        if e.state != "closed":
            return False
        e.reopened_times += 1
        e.ended_on, e.rating = None, ""
        return self.begin_again(e)

    # --- back ---
    def undo(self, number):
        e = self.entries[number]
        name, before, version, spread = self.last.get(number, ("", None, 0, False))
        if version != e.version or name in NOT_UNDONE or spread:
            return False
        if before.root is not None and before.root != e.root:
            root = self.entries[before.root]
            if self.parts(number) or root.root is not None or root.state in UNHANDLED_ENDS:
                return False
        came_back = before.merged_into if before.merged_into != e.merged_into else None
        if came_back is not None and self.entries[came_back].state in UNHANDLED_ENDS:
            return False
        if name == "urge":
            self.urged[number] = self.urged_last[number]
        before.version = e.version + 1
        self.entries[number] = before
        del self.last[number]
        return True
