"""Meetings of committees with their agenda, attendance and decisions."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, Region
from chains.models import Chain, Committee, Seat
from meetings.enums import DecisionState, ItemEnd, MeetingKind, MeetingState, Presence
from meetings.querysets import NEAR, DecisionQuerySet, MeetingQuerySet, OfMeetingQuerySet
from problems.models import Problem


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a committee (会议). Region and chain are copies of the committee's, for figures without a join."""

    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("会议类别"), max_length=10, choices=MeetingKind, default=MeetingKind.COMMITTEE)
    state = models.CharField(_("状态"), max_length=10, choices=MeetingState, default=MeetingState.DRAFT)
    title = models.CharField(_("会议名称"), max_length=120)
    starts_at = models.DateTimeField(_("会议时间"))
    held_on = models.DateField(_("召开日期"), editable=False)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    minutes = models.TextField(_("会议纪要"), blank=True, max_length=20000)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["committee", "-held_on"], name="meeting_committee"),
            models.Index(fields=["region", "held_on"], name="meeting_region"),
        ]
        constraints = [
            models.CheckConstraint(name="meeting_kind_known", condition=Q(kind__in=MeetingKind.values)),
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.pk])


class Attendance(models.Model):
    """One person's line on the roll of a meeting (签到名单以席位和单位为准，不计个人考勤)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(
        Seat,
        verbose_name=_("席位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("姓名"), max_length=40)
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
            )
        ]

    def __str__(self):
        return self.name


class AgendaItem(models.Model):
    """A matter on a meeting's agenda (议题), perhaps a problem of the ledger.

    `end` may stay empty while the meeting is a draft; `lifecycle.hold` takes no meeting with an item that has none.
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
    end = models.CharField(_("结果"), max_length=10, choices=ItemEnd, blank=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("议题")
        verbose_name_plural = _("议题")
        ordering = ["meeting", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="agenda_item_end_known",
                condition=Q(end="") | Q(end__in=ItemEnd.values),
                violation_error_message=_("议题的结果是议定、知悉或暂缓之一。"),
            )
        ]

    def __str__(self):
        return self.title


@pghistory.track()
class Decision(models.Model):
    """A matter decided (议定事项): who does what until when.

    `overdue_from` is the day after the deadline and `ended_on` the day it was done or cancelled, so that what was open
    or overdue on any past day is read from columns.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
    )
    problem = models.ForeignKey(
        Problem,
        verbose_name=_("关联问题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="decisions")
    text = models.CharField(_("议定内容"), max_length=500)
    owner_department = models.ForeignKey(
        Department,
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    owner_name = models.CharField(_("责任人"), max_length=40, blank=True)
    decided_on = models.DateField(_("议定日期"))
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=10, choices=DecisionState, default=DecisionState.OPEN)
    done_on = models.DateField(_("落实日期"), null=True, blank=True)
    done_text = models.CharField(_("落实情况"), max_length=1000, blank=True)
    overdue_from = models.DateField(editable=False)
    ended_on = models.DateField(_("了结日期"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("议定事项")
        verbose_name_plural = _("议定事项")
        ordering = ["-decided_on", "id"]
        indexes = [
            models.Index(fields=["committee", "state", "due_on"], name="decision_committee"),
            models.Index(fields=["region", "decided_on"], name="decision_region"),
            models.Index(fields=["region", "ended_on"], name="decision_region_ended"),
            models.Index(fields=["region", "overdue_from"], name="decision_region_overdue"),
            models.Index(fields=["committee", "decided_on"], name="decision_committee_decided"),
            models.Index(fields=["committee", "ended_on"], name="decision_committee_ended"),
            models.Index(fields=["committee", "overdue_from"], name="decision_committee_overdue"),
        ]
        constraints = [
            models.CheckConstraint(name="decision_state_known", condition=Q(state__in=DecisionState.values)),
            models.CheckConstraint(
                name="decision_has_owner",
                condition=Q(owner_department__isnull=False) | ~Q(owner_name=""),
                violation_error_message=_("请填写责任单位或责任人。"),
            ),
            models.CheckConstraint(
                name="decision_due_after_decided",
                condition=Q(due_on__gte=F("decided_on")),
                violation_error_message=_("完成期限不能早于议定日期。"),
            ),
            models.CheckConstraint(
                name="decision_done_has_date",
                condition=~Q(state=DecisionState.DONE) | Q(done_on__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_ended_has_date",
                condition=Q(state__in=["draft", "open"], ended_on=None)
                | Q(state__in=["done", "cancelled"], ended_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.overdue_from = self.due_on + dt.timedelta(days=1)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("meetings:decision_detail", args=[self.pk])

    def light(self, today: dt.date) -> str:
        """The light of the decision on that day, empty once it has ended; the rule of `with_light`."""
        if self.state != DecisionState.OPEN:
            return ""
        if self.due_on < today:
            return "red"
        return "yellow" if self.due_on <= today + dt.timedelta(days=NEAR) else "green"


class MeetingFile(models.Model):
    """A file of a meeting (附件), stored under a random name and served as a download only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="files")
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["id"]

    def __str__(self):
        return self.name
