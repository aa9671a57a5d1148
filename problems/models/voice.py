"""The enterprise's own voice without an account: signed links, and calls back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from problems.enums import CallBackKind, CallBackState, Rating
from problems.models.problem import Problem
from problems.querysets import OfProblemQuerySet


class VoiceLink(models.Model):
    """A signed link (企业直达链接) to one entry, also as a QR code and a short code; its rating can be given once.

    Only a digest of the secret is kept. It ends by its date, by being revoked, or, for rating, by being used.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="voice_links")
    digest = models.CharField(max_length=64, unique=True)
    round = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("生成时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    rated_at = models.DateTimeField(_("使用时间"), null=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业直达链接")
        verbose_name_plural = _("企业直达链接")
        ordering = ["-id"]
        indexes = [models.Index(fields=["problem", "id"], name="voicelink_problem")]
        constraints = [
            models.CheckConstraint(name="voicelink_expires_later", condition=Q(expires_at__gt=models.F("made_at"))),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.made_at:%Y-%m-%d}"


class CallBack(models.Model):
    """A call to the enterprise (回访): sampled after a result, by somebody who did not handle it, or asked for."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="call_backs")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=10, choices=CallBackKind)
    state = models.CharField(_("状态"), max_length=12, choices=CallBackState, default=CallBackState.OPEN)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("期限"))
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    wish = models.CharField(_("企业要求"), max_length=500, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(_("回访日期"), null=True)
    is_solved = models.BooleanField(_("企业认为已解决"), null=True)
    rating = models.CharField(_("企业态度"), max_length=14, choices=Rating, blank=True)
    text = models.CharField(_("回访记录"), max_length=1000, blank=True)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = _("回访")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["problem", "id"], name="callback_problem"),
            models.Index(fields=["region", "due_on"], name="callback_open", condition=Q(state="open")),
            models.Index(fields=["region", "asked_on"], name="callback_region_asked"),
        ]
        constraints = [
            models.CheckConstraint(
                name="callback_known", condition=Q(kind__in=CallBackKind.values, state__in=CallBackState.values)
            ),
            models.CheckConstraint(name="callback_done_has_date", condition=Q(state="open") | Q(done_on__isnull=False)),
            models.UniqueConstraint(name="callback_one_open", fields=["problem", "kind"], condition=Q(state="open")),
        ]

    def __str__(self):
        return f"{self.problem_id} {self.kind}"
