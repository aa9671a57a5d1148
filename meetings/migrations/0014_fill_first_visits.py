"""The day of the first visit of every enterprise, from the visits there are."""

from django.db import migrations

_FILL = """
UPDATE enterprises_enterprise firm SET first_visited_on = GREATEST(found.first, firm.joined_on)
FROM (
    SELECT enterprise_id, min(held_on) AS first FROM meetings_activityreach
    WHERE state = 'done' AND counts_as = 'visit' GROUP BY enterprise_id
) found
WHERE found.enterprise_id = firm.id AND firm.first_visited_on IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0013_fill_agenda_places"),
        ("enterprises", "0006_first_visit_of_enterprises"),
    ]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
