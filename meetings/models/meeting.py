"""Meetings of committees with their roll, agenda and files."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from chains.models import Chain, Committee, Seat
from core.models import KeptFile
from meetings.enums import ItemEnd, ItemSource, MeetingClass, MeetingState, Presence
from meetings.models.kinds import MeetingKind
from meetings.models.matter import Matter
from meetings.models.recurring import MeetingSeries
from meetings.querysets import MeetingQuerySet, OfMeetingQuerySet
from problems.models import Problem


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a committee (会议). Region and chain are copies of the committee's, for figures without a join;
    `counts_as` is a copy of the kind's.

    `seats_due` and `seats_present` are the seats that were to be there and were, as judged when it was held.
    `left_out` names matters that somebody took off the agenda that writes itself, so that they are not put there again.
    `once_key` comes with a form: sent twice over a bad line, it makes one meeting.
    """

    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(MeetingKind, verbose_name=_("会议类别"), on_delete=models.PROTECT, related_name="meetings")
    counts_as = models.CharField(
        _("归口"), max_length=10, choices=MeetingClass, default=MeetingClass.COMMITTEE, editable=False
    )
    state = models.CharField(_("状态"), max_length=10, choices=MeetingState, default=MeetingState.DRAFT)
    title = models.CharField(_("会议名称"), max_length=120)
    starts_at = models.DateTimeField(_("会议时间"))
    held_on = models.DateField(_("召开日期"), editable=False)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    minutes = models.TextField(_("会议纪要"), blank=True, max_length=20000)
    series = models.ForeignKey(
        MeetingSeries,
        verbose_name=_("例会"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    series_period = models.CharField(max_length=12, blank=True, editable=False)
    notified_on = models.DateField(_("通知日期"), null=True, blank=True, editable=False)
    minuted_on = models.DateField(_("纪要日期"), null=True, blank=True, editable=False)
    filed_on = models.DateField(_("归档日期"), null=True, blank=True, editable=False)
    seats_due = models.PositiveSmallIntegerField(_("应到席位"), null=True, blank=True, editable=False)
    seats_present = models.PositiveSmallIntegerField(_("实到席位"), null=True, blank=True, editable=False)
    left_out = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    once_key = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        triggers = [
            # Agenda items carry place and day of their meeting for the figures; no writer can forget them.
            pgtrigger.Trigger(
                name="items_follow",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("region_id", "chain_id", "committee_id", "held_on", "state"),
                condition=pgtrigger.AnyChange("region", "chain", "committee", "held_on", "state"),
                func="""
                    UPDATE meetings_agendaitem SET region_id = NEW.region_id, chain_id = NEW.chain_id,
                        committee_id = NEW.committee_id,
                        ended_on = CASE WHEN NEW.state IN ('held', 'minuted', 'filed') THEN NEW.held_on END
                        WHERE meeting_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["committee", "-held_on"], name="meeting_committee"),
            models.Index(fields=["region", "held_on"], name="meeting_region"),
            models.Index(fields=["-held_on", "-id"], name="meeting_newest"),
            models.Index(fields=["state", "-held_on", "-id"], name="meeting_state_newest"),
            models.Index(fields=["kind", "-held_on", "-id"], name="meeting_kind_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="meeting_class_known", condition=Q(counts_as__in=MeetingClass.values)),
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(
                name="meeting_notified_has_date",
                condition=~Q(state=MeetingState.NOTIFIED) | Q(notified_on__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_minuted_has_date_and_text",
                condition=~Q(state__in=[MeetingState.MINUTED, MeetingState.FILED])
                | (Q(minuted_on__isnull=False) & ~Q(minutes="")),
                violation_error_message=_("请填写会议纪要。"),
            ),
            models.CheckConstraint(
                name="meeting_filed_has_date", condition=~Q(state=MeetingState.FILED) | Q(filed_on__isnull=False)
            ),
            models.CheckConstraint(
                name="meeting_seats_add_up",
                condition=Q(seats_due=None, seats_present=None) | Q(seats_present__lte=F("seats_due")),
            ),
            models.UniqueConstraint(
                name="meeting_once_per_series_period",
                fields=["series", "series_period"],
                condition=Q(series__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.pk])


class Attendance(models.Model):
    """One line on the roll of a meeting (签到名单以席位和单位为准，不计个人考勤): a seat, or an invited unit or person.

    An invited unit may stand there without anybody's name.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(
        Seat,
        verbose_name=_("席位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    unit = models.CharField(_("单位"), max_length=80, blank=True)
    presence = models.CharField(_("情况"), max_length=10, choices=Presence, default=Presence.PRESENT)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("参会人员")
        verbose_name_plural = _("参会人员")
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(
                name="attendance_once",
                fields=["meeting", "name", "unit"],
                violation_error_message=_("此人已在参会名单中。"),
            ),
            models.CheckConstraint(
                name="attendance_says_who",
                condition=~Q(name="") | ~Q(unit=""),
                violation_error_message=_("请填写单位或姓名。"),
            ),
        ]

    def __str__(self):
        return self.name or self.unit


class AgendaItem(models.Model):
    """A matter on a meeting's agenda (议题), perhaps a problem of the ledger.

    `key` names what it came from where the agenda wrote itself (`problem:7`, `decision:12`, `item:31`, `matter:4`).

    `end` may stay empty while the meeting is a draft; `lifecycle.hold` takes no meeting with an item that has none.
    Region, chain and committee are copies of the meeting's and `ended_on` is its day once it has taken place: the
    database keeps them.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("序号"), default=1)
    title = models.CharField(_("议题"), max_length=200)
    problem = models.ForeignKey(
        Problem,
        verbose_name=_("关联问题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    source = models.CharField(_("来源"), max_length=10, choices=ItemSource, default=ItemSource.HAND)
    key = models.CharField(max_length=40, blank=True, editable=False)
    matter = models.ForeignKey(
        Matter, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="items"
    )
    end = models.CharField(_("结果"), max_length=10, choices=ItemEnd, blank=True)
    note = models.CharField(_("讨论情况"), max_length=500, blank=True)
    region = models.ForeignKey(
        Region, null=True, editable=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    chain = models.ForeignKey(Chain, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(
        Committee, null=True, editable=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(_("会议日期"), null=True, editable=False)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("议题")
        verbose_name_plural = _("议题")
        ordering = ["meeting", "order", "id"]
        triggers = [
            pgtrigger.Trigger(
                name="copy_meeting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("meeting_id"),
                func="""
                    SELECT region_id, chain_id, committee_id,
                        CASE WHEN state IN ('held', 'minuted', 'filed') THEN held_on END
                        INTO NEW.region_id, NEW.chain_id, NEW.committee_id, NEW.ended_on
                        FROM meetings_meeting WHERE id = NEW.meeting_id;
                    RETURN NEW;
                """,
            ),
        ]
        indexes = [
            models.Index(fields=["region", "ended_on"], name="agendaitem_region"),
            models.Index(fields=["committee", "ended_on"], name="agendaitem_committee"),
        ]
        constraints = [
            models.CheckConstraint(
                name="agenda_item_end_known",
                condition=Q(end="") | Q(end__in=ItemEnd.values),
                violation_error_message=_("议题的结果是议定、知悉或暂缓之一。"),
            ),
            models.CheckConstraint(name="agenda_item_source_known", condition=Q(source__in=ItemSource.values)),
            models.UniqueConstraint(name="agenda_item_key_once", fields=["meeting", "key"], condition=~Q(key="")),
        ]

    def __str__(self):
        return self.title

    @property
    def thread(self) -> str:
        """What ties the item to those of other meetings that it came from or came back as."""
        return self.key or f"item:{self.pk}"

    @property
    def decision_id(self) -> int | None:
        """The unfinished decision that the item is about."""
        kind, _colon, pk = self.key.partition(":")
        return int(pk) if kind == "decision" and pk.isdigit() else None


class MeetingFile(KeptFile):
    """A file of a meeting (附件), stored under a random name and served as a download only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="files")

    objects = OfMeetingQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
