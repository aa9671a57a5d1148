"""Meetings mark, too: whom its notice is for is told that one is called, moved or called off."""

from django.db import migrations

_MARK = """
CREATE TRIGGER notices_mark_meeting AFTER INSERT ON audit_event FOR EACH ROW
    WHEN (NEW.object_type = 'meetings.meeting' AND NEW.verb IN (
        'meeting.notified', 'meeting.notified_late', 'meeting.edited', 'meeting.cancelled', 'meeting.taken_back'
    )) EXECUTE FUNCTION notices_mark('event');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0010_notices_lead_to_meetings"),
        ("audit", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_MARK, "DROP TRIGGER notices_mark_meeting ON audit_event;")]
