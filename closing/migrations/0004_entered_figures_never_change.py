"""What was entered stands beside its corrections: the database refuses to change or remove a version."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION closing_entered_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entered figure is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER closing_entered_stands BEFORE UPDATE OR DELETE ON closing_enteredfigure
    FOR EACH ROW EXECUTE FUNCTION closing_entered_stands();
"""
BACKWARD = """
DROP TRIGGER closing_entered_stands ON closing_enteredfigure;
DROP FUNCTION closing_entered_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("closing", "0003_entered_figures")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
