"""What pages of meetings cost at 1,000 and at 200,000 meetings, all else being equal.

Two databases with the same small ledger; one has 200 times the meetings, each with roll, agenda and decisions, spread
over the same committees and twenty years. Pages are asked for as a county officer, through the product's own views.
BENCH_MEETINGS names the sizes.
"""

import contextlib
import importlib
import os
import sys

from bench.ledgers import Ledger, compared_on
from bench.pages import page, people
from bench.work import Work

TITLE = "pages of meetings"
SIZES = [int(size) for size in os.environ.get("BENCH_MEETINGS", "1000,200000").split(",")]
PROBLEMS = int(os.environ.get("BENCH_MEETING_PROBLEMS", "2000"))
FILLED = "meetings"
BATCH = 1000

FILL = """
INSERT INTO meetings_meeting (committee_id, region_id, chain_id, kind_id, counts_as, state, title, starts_at, held_on,
    place, chair, minutes, series_period, minuted_on, filed_on, seats_due, seats_present, left_out, version, created_at)
SELECT c.id, c.region_id, c.chain_id, k.id, k.counts_as, s.state, '第' || n || '次会议', d.day + time '01:30', d.day,
    '二楼会议室', '主持人', CASE WHEN s.state IN ('minuted', 'filed') THEN '会议听取了汇报。' ELSE '' END, '',
    CASE WHEN s.state IN ('minuted', 'filed') THEN d.day END, CASE WHEN s.state = 'filed' THEN d.day END,
    CASE WHEN s.state IN ('held', 'minuted', 'filed') THEN 5 END,
    CASE WHEN s.state IN ('held', 'minuted', 'filed') THEN 4 END, '{{}}', 1, now()
FROM generate_series({first}, {last}) n
JOIN LATERAL (
    SELECT (array['draft', 'held', 'minuted', 'filed', 'filed', 'filed', 'filed', 'cancelled'])[1 + n % 8] AS state
) s ON true
JOIN LATERAL (SELECT (current_date - (n::bigint * 7300 / {size})::int) AS day) d ON true
JOIN (SELECT id, region_id, chain_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total
      FROM chains_committee) c ON c.place = n % c.total
JOIN (SELECT id, counts_as, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total
      FROM meetings_meetingkind WHERE region_id IS NULL) k ON k.place = (n / 7) % k.total;
INSERT INTO meetings_attendance (meeting_id, name, unit, presence)
SELECT m.id, '委员' || p, '单位' || p, CASE p WHEN 5 THEN 'absent' ELSE 'present' END
FROM meetings_meeting m, generate_series(3, 5) p WHERE m.id > {newest};
INSERT INTO meetings_agendaitem (meeting_id, "order", title, source, key, "end", note)
SELECT m.id, p, '议题' || p, 'hand', '', CASE WHEN m.state IN ('held', 'minuted', 'filed') THEN 'noted' ELSE '' END, ''
FROM meetings_meeting m, generate_series(1, 2) p WHERE m.id > {newest};
INSERT INTO meetings_decision (meeting_id, region_id, chain_id, committee_id, text, owner_name, decided_on, due_on,
    state, act, act_state, act_sentence, mechanism_code, done_on, done_text, overdue_from, ended_on, version)
SELECT m.id, m.region_id, m.chain_id, m.committee_id, '议定事项' || p, '责任人', m.held_on, m.held_on + 14,
    CASE WHEN o.open THEN 'open' ELSE 'done' END, '', '', '', '', CASE WHEN o.open THEN NULL ELSE m.held_on + 9 END, '',
    m.held_on + 15, CASE WHEN o.open THEN NULL ELSE m.held_on + 9 END, 1
FROM meetings_meeting m, generate_series(1, 1) p, LATERAL (SELECT m.held_on > current_date - 20 AS open) o
WHERE m.id > {newest} AND m.state IN ('held', 'minuted', 'filed');
"""


def fill(size: int) -> None:
    """Add so many meetings. Figures are counted anew afterwards.

    A few at a time: the trail's trigger looks for its context in a block of its own for each row, and at the end of
    such a block the database walks over all events that wait in the transaction.
    """
    from django.core.management import call_command
    from django.db import connection, transaction

    for first in range(1, size + 1, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL app.bulk = 'on'")
            cursor.execute("SELECT coalesce(max(id), 0) FROM meetings_meeting")
            newest, last = cursor.fetchone()[0], min(size, first + BATCH - 1)
            cursor.execute(FILL.format(size=size, first=first, last=last, newest=newest))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    call_command("recount", verbosity=0)


def works() -> list[Work]:
    """A work for each page of meetings, as an officer of the county."""
    from alliances.models import Region
    from chains.models import Committee
    from enterprises.models import Enterprise
    from meetings.models import Decision, Meeting, MeetingKind

    county = Region.objects.filter(level="county", code__startswith="98").order_by("pk").first()
    client = next(client for name, client, _actor in people() if name == "county")
    committee = Committee.objects.filter(region=county).order_by("pk").first()
    meeting = Meeting.objects.filter(region=county, state="filed").first()
    draft = Meeting.objects.filter(region=county, state="draft").first()
    decision = Decision.objects.filter(region=county).first()
    firm = Enterprise.objects.filter(region__path__startswith=county.path).order_by("pk").first()
    kind = MeetingKind.objects.filter(region=None).order_by("pk").first()
    addresses = {
        "list": "/meetings/",
        "list, drafts": "/meetings/?state=draft",
        "list, one kind": f"/meetings/?kind={kind.pk}",
        "list, one committee": f"/meetings/?committee={committee.pk}",
        "decisions": "/meetings/decisions/",
        "decisions, open": "/meetings/decisions/?state=open",
        "activities": "/meetings/activities/",
        "one meeting": f"/meetings/{meeting.pk}/",
        "one draft with its agenda": f"/meetings/{draft.pk}/edit/",
        "one decision": f"/meetings/decisions/{decision.pk}/",
        "committee with its panel": f"/committees/{committee.pk}/",
        "visit calendar of a firm": f"/meetings/firms/{firm.pk}/",
    }
    return [page(name, client, address) for name, address in addresses.items()]


class MeetingLedger(Ledger):
    """A small ledger with so many meetings."""

    def __init__(self, meetings: int, stack: contextlib.ExitStack):
        self.meetings = meetings
        super().__init__(PROBLEMS, stack)
        self.told = meetings
        mark = self.folder / FILLED
        if not mark.exists():
            print(f"adding {meetings:,} meetings ...", flush=True)
            self.run("shell", "--no-imports", "-c", f"from bench.meetings import fill; fill({meetings})")
            mark.touch()

    def _folder(self, size, stack):
        self.folder = super()._folder(f"meetings-{self.meetings}", stack)
        return self.folder


def compare() -> bool:
    """Measure both in turn and print each page's growth. Answers whether every target was kept."""
    with contextlib.ExitStack() as stack:
        made = [MeetingLedger(size, stack) for size in SIZES]
        return compared_on(made, importlib.import_module("bench.meetings"))


if __name__ == "__main__":
    sys.exit(not compare())
