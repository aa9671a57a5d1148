"""Decisions of meetings mark, too: the unit that owes one is told, and those who can do what the ledger refused."""

from django.db import migrations

_MARK = """
CREATE TRIGGER notices_mark_decision AFTER INSERT ON audit_event FOR EACH ROW
    WHEN (NEW.object_type = 'meetings.decision' AND NEW.verb IN ('decision.made', 'decision.act_refused'))
    EXECUTE FUNCTION notices_mark('event');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_seal_channel_secrets"),
        ("audit", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_MARK, "DROP TRIGGER notices_mark_decision ON audit_event;")]
