"""Activities mark, too: an enterprise is told that one is planned, who arranged it that another unit joins."""

from django.db import migrations

_MARK = """
CREATE TRIGGER notices_mark_activity AFTER INSERT ON audit_event FOR EACH ROW
    WHEN (NEW.object_type = 'meetings.activity') EXECUTE FUNCTION notices_mark('event');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0008_notices_lead_to_activities"),
        ("audit", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_MARK, "DROP TRIGGER notices_mark_activity ON audit_event;")]
