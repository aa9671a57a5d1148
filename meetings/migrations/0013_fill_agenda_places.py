"""Place and day of agenda items, the key of those about an entry, and the day on which open decisions turn yellow: until
now that was three calendar days before the deadline."""

from django.db import migrations

_FILL = """
UPDATE meetings_agendaitem item SET region_id = m.region_id, chain_id = m.chain_id, committee_id = m.committee_id,
    ended_on = CASE WHEN m.state IN ('held', 'minuted', 'filed') THEN m.held_on END
    FROM meetings_meeting m WHERE m.id = item.meeting_id;
UPDATE meetings_agendaitem item SET key = 'problem:' || item.problem_id
    WHERE item.key = '' AND item.problem_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM meetings_agendaitem other WHERE other.meeting_id = item.meeting_id AND other.id <> item.id
            AND (other.key = 'problem:' || item.problem_id OR (other.problem_id = item.problem_id AND other.id < item.id)));
UPDATE meetings_decision SET yellow_on = GREATEST(decided_on, due_on - 3) WHERE state IN ('draft', 'open');
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_agenda_places_and_acts_dated")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
