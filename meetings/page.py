"""The one page on which a meeting is logged: a head and four tables of rows, read from and written to one request."""

import datetime as dt

from django.forms import formset_factory
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from chains.models import Seat
from core.actor import SYSTEM
from core.clock import local_date, today
from meetings.enums import COMING, TOOK_PLACE, DecisionState, ItemEnd, ItemSource, Presence
from meetings.forms import (
    MOST_ROWS,
    AgendaRow,
    DecisionRow,
    GuestRow,
    MeetingForm,
    SeatRow,
    act_units,
    committees_of,
    default_due,
    linkable,
    mechanisms_of,
    owners,
)
from meetings.guests import known_names
from meetings.lifecycle.quorum import in_office

SUGGESTED = 200


def _rows(form, **options):
    return formset_factory(form, extra=0, absolute_max=MOST_ROWS, max_num=MOST_ROWS, validate_max=True, **options)


SEATS, GUESTS, AGENDA, DECISIONS = _rows(SeatRow), _rows(GuestRow), _rows(AgendaRow), _rows(DecisionRow)


class MeetingPage:
    """Binds the page's forms. `data` is what was posted (or held), None for a fresh page.

    `more` names the table that gets one more empty row: the answer to its button, which saves nothing.
    """

    def __init__(self, *, actor, meeting, data=None, initial=None, more=""):
        self.actor, self.meeting = actor, meeting
        self.fresh = meeting.pk is None
        self.head = MeetingForm(data, actor=actor, instance=meeting, initial=initial)
        self.with_decisions = self.fresh or meeting.state in COMING
        self.committee = self._chosen(data)
        # Of a meeting that took place every item has ended.
        self.took_place = meeting.state in TOOK_PLACE or (data or {}).get("then") == "hold"
        data = self._with_new_items(self._grown(data, more))
        self.seats = self._seat_rows(data)
        self.guests = GUESTS(data, prefix="guests", initial=self._guests())
        self.agenda = AGENDA(data, prefix="agenda", initial=self._agenda())
        self.decisions = DECISIONS(data, prefix="decisions", initial=self._drafts()) if self.with_decisions else None
        self._limit()
        if more:
            self._forgive()

    def _forgive(self):
        """A page that was only given one more row does not complain yet about what is still missing."""
        for form in [self.head, *self.seats, *(row for table in self.tables for row in table)]:
            form._errors = ErrorDict()

    def _chosen(self, data):
        """The committee whose seats and departments the page shows."""
        if not self.fresh and self.head.fields["committee"].disabled:
            return self.meeting.committee
        wanted = self.head["committee"].value() if data is None else data.get("committee")
        text = str(getattr(wanted, "pk", wanted) or "")
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            return None
        return committees_of(self.actor).filter(pk=text).first()

    def _grown(self, data, more):
        if data is None or not more:
            return data
        data = data.copy()
        name = f"{more}-TOTAL_FORMS"
        total = data.get(name, "0")
        total = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        data[name] = str(min(total + 1, MOST_ROWS))
        if more == "decisions":
            data.setdefault(f"decisions-{total}-due_on", default_due().isoformat())
        return data

    def _current_seats(self, data):
        if self.committee is None:
            return []
        day = _day(data) or self.meeting.held_on or today()
        told = set() if self.fresh else {row.seat_id for row in self.meeting.attendances.all() if row.seat_id}
        on_roll = list(in_office(self.committee, day))
        left = told - {seat.pk for seat in on_roll}
        return on_roll + list(Seat.objects.visible_to(SYSTEM).filter(committee=self.committee, pk__in=left))

    def _seat_rows(self, data):
        """One row per seat of the committee; what was posted for a seat that is not on the roll is dropped."""
        seats = self._current_seats(data)
        told = {} if self.fresh else {row.seat_id: row.presence for row in self.meeting.attendances.all()}
        rows = []
        posted = self._posted_presence(data)
        for number, seat in enumerate(seats):
            presence = posted.get(str(seat.pk)) or told.get(seat.pk) or Presence.PRESENT
            prefix = f"seats-{number}"
            bound = {f"{prefix}-seat": str(seat.pk), f"{prefix}-presence": presence} if data is not None else None
            row = SeatRow(bound, prefix=prefix, initial={"seat": seat.pk, "presence": presence})
            row.of = seat
            rows.append(row)
        return rows

    def _posted_presence(self, data) -> dict[str, str]:
        if data is None:
            return {}
        total = data.get("seats-TOTAL_FORMS", "0")
        total = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        numbers = range(total)
        return {data.get(f"seats-{n}-seat", ""): data.get(f"seats-{n}-presence", "") for n in numbers}

    def _guests(self):
        rows = [] if self.fresh else self.meeting.attendances.filter(seat=None)
        return [{"name": row.name, "unit": row.unit, "presence": row.presence} for row in rows] + [{}]

    def _agenda(self):
        rows = [] if self.fresh else self.meeting.agenda.select_related("problem")
        told = [{"item": row.pk, "title": row.title, "problem": row.problem, "end": row.end} for row in rows]
        return [*told, {}]

    def _with_new_items(self, data):
        """What was posted, with the items that the agenda has written itself since the page was opened."""
        total = (data or {}).get("agenda-TOTAL_FORMS", "")
        if self.fresh or not total.isascii() or not total.isdigit() or int(total[:4]) >= MOST_ROWS:
            return data
        total = int(total)
        posted = {data.get(f"agenda-{number}-item", "") for number in range(total)}
        rows = self.meeting.agenda.select_related("problem").exclude(source=ItemSource.HAND)
        new = [row for row in rows if str(row.pk) not in posted]
        if not new:
            return data
        data = data.copy()
        for number, row in enumerate(new[: MOST_ROWS - total], start=total):
            data[f"agenda-{number}-item"], data[f"agenda-{number}-title"] = str(row.pk), row.title
            data[f"agenda-{number}-problem"] = row.problem.number if row.problem else ""
        data["agenda-TOTAL_FORMS"] = str(min(total + len(new), MOST_ROWS))
        return data

    def _drafts(self):
        rows = [] if self.fresh else self.meeting.decisions.select_related("problem", "item").order_by("id")
        told = [
            {
                "text": row.text,
                "owner_department": row.owner_department_id,
                "owner_name": row.owner_name,
                "due_on": row.due_on,
                "problem": row.problem,
                "item_no": row.item.order if row.item else None,
                "act": row.act,
                "act_unit": _unit(row),
                "act_on": row.act_on,
                "mechanism_code": row.mechanism_code,
            }
            for row in rows
        ]
        return [*told, {"due_on": default_due()}]

    def _limit(self):
        problems = linkable(self.actor, self.committee)
        self.suggested = list(problems.order_by("-id")[:SUGGESTED])
        for row in self.agenda:
            row.fields["problem"].problems = self._with_linked(problems)
        departments = list(owners(self.committee))
        self.units = [department.name for department in departments]
        if self.committee is not None:
            self.units += known_names(self.committee)
        choices = [
            ("", DecisionRow.base_fields["owner_department"].empty_label),
            *((d.pk, d.name) for d in departments),
        ]
        shared = {
            "problems": self._with_linked(problems), "departments": (owners(self.committee), choices),
            "units": act_units(self.committee), "mechanisms": mechanisms_of(self.committee),
        }  # fmt: skip
        for row in self.decisions or ():
            row.limit(**shared)

    def _with_linked(self, problems):
        """Problems that are linked already stay valid after they have ended."""
        if self.fresh:
            return problems
        model = problems.model
        # What rose to this committee is on its agenda by number and title, whoever sees the entry itself.
        linked = model.objects.visible_to(SYSTEM).filter(agenda_items__meeting=self.meeting)
        return model.objects.filter(pk__in=problems.values("pk")) | model.objects.filter(pk__in=linked.values("pk"))

    @property
    def tables(self):
        return [table for table in (self.guests, self.agenda, self.decisions) if table is not None]

    def is_valid(self) -> bool:
        head = self.head.is_valid()
        rows = [row.is_valid() for row in self.seats] + [table.is_valid() for table in self.tables]
        return head and all(rows) and self._guests_once() and self._due_after_meeting() and self._items_ended()

    def _items_ended(self) -> bool:
        """Each item of a meeting that took place says how it ended; one with decisions was decided."""
        if not self.took_place:
            return True
        decided, fine = self._decided_items(), True
        listed = [row for row in self.agenda if row.cleaned_data.get("title")]
        for number, row in enumerate(listed, start=1):
            end = row.cleaned_data.get("end")
            if not end and number not in decided:
                row.add_error("end", _("请选择这个议题的结果：议定、知悉或暂缓。"))
                fine = False
            elif number in decided and end not in ("", ItemEnd.DECISION):
                row.add_error("end", _("这个议题有议定事项，结果只能是“议定”。"))
                fine = False
        return fine

    def _decided_items(self) -> set[int]:
        """Numbers of the items that have decisions: as typed here, or in force already."""
        if self.decisions is not None:
            return {row.get("item_no") for row in self._decision_rows()} - {None}
        standing = self.meeting.decisions.exclude(state=DecisionState.CANCELLED).exclude(item=None)
        return set(standing.values_list("item__order", flat=True))

    def _decision_rows(self) -> list[dict]:
        """The decisions typed. Where the agenda has one item, that is the one that they are about."""
        rows = [dict(row) for row in self.decisions.cleaned_data if row.get("text")]
        if sum(1 for row in self.agenda.cleaned_data if row.get("title")) == 1:
            for row in rows:
                row["item_no"] = row.get("item_no") or 1
        return rows

    def _due_after_meeting(self) -> bool:
        day, fine = local_date(self.head.cleaned_data["starts_at"]), True
        for row in self.decisions or ():
            due_on = row.cleaned_data.get("due_on")
            if row.cleaned_data.get("text") and due_on and due_on < day:
                row.add_error("due_on", _("完成期限不能早于会议日期。"))
                fine = False
        return fine

    def _guests_once(self) -> bool:
        """The same guest twice is a slip, and so is a guest who holds a seat of the same unit."""
        seen, fine = {(row.of.person, row.of.employer) for row in self.seats}, True
        for row in self.guests:
            key = (row.cleaned_data.get("name", ""), row.cleaned_data.get("unit", ""))
            if any(key) and key in seen:
                row.add_error("name" if key[0] else "unit", _("此人或单位已在参会名单中。"))
                fine = False
            seen.add(key)
        return fine

    def values(self) -> dict:
        """What `lifecycle.save_meeting` takes."""
        data = self.head.cleaned_data
        names = ("committee", "kind", "title", "starts_at", "place", "chair", "minutes")
        attendance = [
            {
                "seat": row.of,
                "name": row.of.person,
                "unit": row.of.employer,
                "presence": row.cleaned_data["presence"],
            }
            for row in self.seats
        ]
        attendance += [
            {"seat": None, "name": row["name"], "unit": row["unit"], "presence": row["presence"]}
            for row in self.guests.cleaned_data
            if row.get("name") or row.get("unit")
        ]
        values = {name: data[name] for name in names} | {"attendance": _once(attendance)}
        values["agenda"] = [
            {"item": None} | row for row in self.agenda.cleaned_data if row.get("title") or row.get("item")
        ]
        if self.decisions is not None:
            values["decisions"] = self._decision_rows()
        if self.fresh:
            values["once_key"] = data.get("once_key")
        return values


def _unit(decision) -> str:
    """Whom the entry is to be assigned to, as the form chooses it."""
    if decision.act_team_id:
        return f"team:{decision.act_team_id}"
    return f"department:{decision.act_department_id}" if decision.act_department_id else ""


def _day(data) -> dt.date | None:
    """The day of the meeting as typed, None where it cannot be read yet."""
    try:
        return dt.date.fromisoformat((data or {}).get("starts_at", "")[:10])
    except ValueError:
        return None


def _once(attendance: list[dict]) -> list[dict]:
    """One person with two seats is one line on the roll."""
    lines = {}
    for line in attendance:
        lines.setdefault((line["name"], line["unit"]), line)
    return list(lines.values())
