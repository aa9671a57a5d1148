from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from core.actor import Actor, Role, under

# The column of a notice that names its record, and the record's model; exactly one is set.
RECORDS = {
    "problem_id": ("problems", "Problem"),
    "decision_id": ("meetings", "Decision"),
    "duty_id": ("mechanisms", "Obligation"),
    "activity_id": ("meetings", "Activity"),
    "meeting_id": ("meetings", "Meeting"),
}


def _in_sight(column: str, actor: Actor):
    """The records of this column that the actor may be told of: of a meeting hears whom its notice is for."""
    records = apps.get_model(*RECORDS[column]).objects
    return records.told_to(actor) if column == "meeting_id" else records.visible_to(actor)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """The own ones, as long as the record they lead to is in sight: who loses a post loses its notices too."""
        return self.leading_to_seen(actor, RECORDS)

    def leading_to_seen(self, actor: Actor, columns):
        """The own ones whose record stands in one of these columns of RECORDS and is in sight."""
        if actor.user_id is None:
            return self.none()
        seen = Q()
        for column in RECORDS:
            if column in columns:
                # Record by record: the set of all records in sight may be the whole ledger, the notices are few.
                seen |= Q(Exists(_in_sight(column, actor).filter(pk=OuterRef(column)).order_by()))
        return self.filter(seen, user_id=actor.user_id)

    def columns_in_use(self) -> set[str]:
        """Which columns of RECORDS these notices lead by: one statement, which looks for one notice of each."""
        found = [self.filter(**{f"{column}__isnull": False}).order_by() for column in RECORDS]
        first, *others = [rows.values_list(Value(column))[:1] for rows, column in zip(found, RECORDS, strict=True)]
        return {column for (column,) in first.union(*others)}

    def with_records(self):
        return self.select_related("problem", "decision", "duty__version", "activity", "meeting")

    def unread(self):
        return self.filter(is_read=False)


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one person: seen by that person alone."""

    def visible_to(self, actor: Actor):
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class ChannelQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Channels are kept by the officers of the region and of those above it."""
        if actor.is_system:
            return self.all()
        return self.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "region__path"))


class OfChannelQuerySet(models.QuerySet):
    """Messages of a channel: seen with it."""

    def visible_to(self, actor: Actor):
        channel = apps.get_model("notices", "Channel")
        return self.filter(channel__in=channel.objects.visible_to(actor).values("pk"))


class PendingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor):
        """Marks are the worker's alone."""
        return self.all() if actor.is_system else self.none()
