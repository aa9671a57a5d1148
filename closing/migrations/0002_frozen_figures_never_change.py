"""A frozen figure is what was said when the month was locked: the database refuses to change or remove one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION closing_frozen_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen figure is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER closing_frozen_stands BEFORE UPDATE OR DELETE ON closing_frozen
    FOR EACH ROW EXECUTE FUNCTION closing_frozen_stands();
"""
BACKWARD = """
DROP TRIGGER closing_frozen_stands ON closing_frozen;
DROP FUNCTION closing_frozen_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_months_frozen_figures_targets")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
