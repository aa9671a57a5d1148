"""What was issued stands: the database refuses to change text, figures, number or files of an issued report."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_issued_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.snapshot, NEW.fingerprint, NEW.number, NEW.issued_at, NEW.issued_by_id, NEW.scope_key, NEW.month, NEW.edition)
        IS DISTINCT FROM
       (OLD.snapshot, OLD.fingerprint, OLD.number, OLD.issued_at, OLD.issued_by_id, OLD.scope_key, OLD.month, OLD.edition)
    THEN
        RAISE EXCEPTION 'an issued report is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_issued_stands BEFORE UPDATE ON reports_report
    FOR EACH ROW WHEN (OLD.fingerprint <> '') EXECUTE FUNCTION reports_issued_stands();

CREATE FUNCTION reports_issued_files_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_report WHERE id = OLD.report_id AND fingerprint <> '') THEN
        RAISE EXCEPTION 'a file of an issued report is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_issued_files_stand BEFORE UPDATE OR DELETE ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_issued_files_stand();
"""
BACKWARD = """
DROP TRIGGER reports_issued_files_stand ON reports_reportfile;
DROP FUNCTION reports_issued_files_stand();
DROP TRIGGER reports_issued_stands ON reports_report;
DROP FUNCTION reports_issued_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_drafts_edited_and_issued")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
