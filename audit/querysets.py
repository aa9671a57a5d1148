from django.db import models

from core.actor import Actor, Role


class EventQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """The whole trail for auditors, nothing for anybody else. A record's own timeline is read with `of()`,
        after the record itself was found visible."""
        return self.all() if actor.has(Role.AUDITOR) else self.none()

    def of(self, record):
        """The timeline of one record, oldest first."""
        return self.filter(object_type=record._meta.label_lower, object_id=record.pk).order_by("id")
