"""Notices of the inbox, what people chose, daily digests, channels to chat robots and what was sent through them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.sealed import SealedField, Unreadable
from mechanisms import evidence
from mechanisms.models import Obligation
from meetings.models import Activity, Decision, Meeting
from notices.enums import UNFINISHED, Kind, Reason, Robot, Sending
from notices.querysets import ChannelQuerySet, NoticeQuerySet, OfChannelQuerySet, OwnQuerySet, PendingQuerySet
from problems.models import Problem

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]


class Pending(models.Model):
    """Something that people may have to be told and that the worker has not looked at yet.

    Triggers of the trail and of the reminders insert it in the transaction of the change itself, so that nothing is
    lost when a message or a worker is; the worker deletes it in the transaction that writes the notices. After three
    failures it is left alone and `doctor` names it.
    """

    EVENT, REMINDER = "event", "reminder"

    source = models.CharField(max_length=10, choices=[(EVENT, "event"), (REMINDER, "reminder")])
    source_id = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = PendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("待处理的变化")
        verbose_name_plural = _("待处理的变化")

    def __str__(self):
        return f"{self.source} {self.source_id}"


class Digest(models.Model):
    """One person's mail of one day (每日邮件摘要): at most one, whatever happens."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField(_("日期"))
    address = models.EmailField(_("收件地址"))
    count = models.PositiveIntegerField(_("条数"))
    state = models.CharField(_("发送状态"), max_length=8, choices=Sending, default=Sending.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    error = models.CharField(_("服务器的答复"), max_length=300, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("邮件摘要")
        verbose_name_plural = _("邮件摘要")
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_at"], name="digest_waiting", condition=Q(state__in=UNFINISHED))]
        constraints = [
            models.UniqueConstraint(name="digest_once_a_day", fields=["user", "day"]),
            models.CheckConstraint(name="digest_never_empty", condition=Q(count__gt=0)),
            models.CheckConstraint(name="digest_state_known", condition=Q(state__in=Sending.values)),
            models.CheckConstraint(name="digest_sent_has_time", condition=~Q(state=Sending.SENT) | ~Q(sent_at=None)),
        ]

    def __str__(self):
        return f"{self.user_id} {self.day}"


class Notice(models.Model):
    """One thing that one person was told (站内消息), and why. The sentence is made when it is read.

    `code` names the sentence, `data` fills it; `key` names what happened, so that a task run twice writes once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    code = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    reason = models.CharField(max_length=12, choices=Reason)
    unit = models.CharField(max_length=120, blank=True)
    problem = models.ForeignKey(Problem, null=True, on_delete=models.CASCADE, related_name="notices")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="notices")
    duty = models.ForeignKey(Obligation, null=True, on_delete=models.CASCADE, related_name="notices")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.CASCADE, related_name="notices")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=80)
    created_at = models.DateTimeField(_("时间"))
    is_read = models.BooleanField(default=False)
    read_at = models.DateTimeField(_("已读时间"), null=True)
    digest = models.ForeignKey(Digest, null=True, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("站内消息")
        verbose_name_plural = _("站内消息")
        ordering = ["is_read", "-id"]
        indexes = [
            models.Index(fields=["user", "is_read", "-id"], name="notice_inbox"),
            models.Index(fields=["user", "id"], name="notice_unread", condition=Q(is_read=False)),
            models.Index(fields=["id"], name="notice_unmailed", condition=Q(is_read=False, digest=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["user", "key"]),
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="notice_reason_known", condition=Q(reason__in=Reason.values)),
            models.CheckConstraint(
                name="notice_read_has_time",
                condition=Q(is_read=False, read_at=None) | Q(is_read=True, read_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_leads_to_one_record",
                condition=Q(problem__isnull=False, decision=None, duty=None, activity=None, meeting=None)
                | Q(problem=None, decision__isnull=False, duty=None, activity=None, meeting=None)
                | Q(problem=None, decision=None, duty__isnull=False, activity=None, meeting=None)
                | Q(problem=None, decision=None, duty=None, activity__isnull=False, meeting=None)
                | Q(problem=None, decision=None, duty=None, activity=None, meeting__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.code}"

    @property
    def record(self):
        return self.problem or self.decision or self.duty or self.activity or self.meeting

    @property
    def page(self):
        """The record's page that its reader may open: of a meeting what the notice says, for who is invited need not
        see the meeting itself."""
        return reverse("meetings:notice", args=[self.meeting_id]) if self.meeting_id else self.record.get_absolute_url()

    @property
    def address(self):
        """Where it leads: the form that does a duty still to be done, else the record's page."""
        deed = evidence.deed(self.duty) if self.duty and self.duty.complied_on is None else None
        return deed[0] if deed else self.page


class Preference(models.Model):
    """What somebody wants to be told (消息偏好). No row: everything, and the digest where an address is known."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_preference")
    not_in_inbox = ArrayField(models.CharField(max_length=12, choices=Kind), default=list, blank=True)
    not_by_mail = ArrayField(models.CharField(max_length=12, choices=Kind), default=list, blank=True)
    digest = models.BooleanField(_("每日邮件摘要"), default=True)
    language = models.CharField(_("邮件语言"), max_length=10, choices=LANGUAGES, default="zh-hans")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息偏好")
        verbose_name_plural = _("消息偏好")

    def __str__(self):
        return str(self.user_id)


class Channel(models.Model):
    """A chat robot that hears what happens in a region (消息通道).

    The address of a robot contains its key: address and secret are kept encrypted, never shown again, nor written to a
    log or the trail.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="notice_channels"
    )
    name = models.CharField(_("名称"), max_length=60)
    robot = models.CharField(_("种类"), max_length=10, choices=Robot)
    url = SealedField(_("地址"))
    secret = SealedField(_("加签密钥"), blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=Kind), verbose_name=_("推送哪些消息"), default=list)
    is_active = models.BooleanField(_("启用"), default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息通道")
        verbose_name_plural = _("消息通道")
        ordering = ["region__path", "id"]
        constraints = [
            models.UniqueConstraint(
                name="channel_name_once", fields=["region", "name"],
                violation_error_message=_("本区域已有同名的消息通道。"),
            ),
            models.CheckConstraint(name="channel_robot_known", condition=Q(robot__in=Robot.values)),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def is_unreadable(self) -> bool:
        """Whether address or secret were encrypted under a key that this installation no longer has."""
        return isinstance(self.url, Unreadable) or isinstance(self.secret, Unreadable)


class Delivery(models.Model):
    """One message to one channel, with how it went (推送记录). `key` names what happened: each message once."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind, blank=True)
    code = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    problem = models.ForeignKey(Problem, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    is_test = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("时间"))
    state = models.CharField(_("发送状态"), max_length=8, choices=Sending, default=Sending.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"))
    tried_at = models.DateTimeField(_("最近发送"), null=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    answer = models.CharField(_("对方答复"), max_length=300, blank=True)

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_waiting", condition=Q(state__in=UNFINISHED)),
            models.Index(fields=["channel", "-id"], name="delivery_log"),
        ]
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["channel", "key"]),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=Sending.values)),
            models.CheckConstraint(name="delivery_sent_has_time", condition=~Q(state=Sending.SENT) | ~Q(sent_at=None)),
        ]

    def __str__(self):
        return f"{self.channel_id} {self.code}"
