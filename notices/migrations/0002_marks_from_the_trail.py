"""Marks of what people may have to be told, made by the database itself in the transaction of the change."""

from django.db import migrations

_MARK = """
CREATE FUNCTION notices_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Bulk data for measuring is nobody's news.
    IF current_setting('app.bulk', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO notices_pending (source, source_id, made_at) VALUES (TG_ARGV[0], NEW.id, now());
    RETURN NULL;
END
$$;
CREATE TRIGGER notices_mark_event AFTER INSERT ON audit_event FOR EACH ROW
    WHEN (NEW.object_type = 'problems.problem') EXECUTE FUNCTION notices_mark('event');
CREATE TRIGGER notices_mark_reminder AFTER INSERT ON problems_reminder FOR EACH ROW
    EXECUTE FUNCTION notices_mark('reminder');
"""
_UNMARK = """
DROP TRIGGER notices_mark_reminder ON problems_reminder;
DROP TRIGGER notices_mark_event ON audit_event;
DROP FUNCTION notices_mark();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_notices_channels_digests"),
        ("audit", "0001_initial"),
        ("problems", "0010_calls_counted_by_region"),
    ]

    operations = [migrations.RunSQL(_MARK, _UNMARK)]
