"""The append-only trail: every change is a verb with data; the sentence is made when it is read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.querysets import EventQuerySet


class Event(models.Model):
    """One thing that happened (留痕): who, when, what, to which record, with which data.

    The web role may add rows and read them, never change or remove them; the database enforces it.
    `object_type` is the model's label (`problems.problem`); timelines read by (object_type, object_id).
    """

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=80, blank=True)
    actor_title = models.CharField(_("操作人岗位"), max_length=120, blank=True)
    verb = models.CharField(_("动作"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60, blank=True)
    object_id = models.BigIntegerField(_("对象编号"), null=True)
    object_name = models.CharField(_("对象名称"), max_length=300, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    ip = models.GenericIPAddressField(_("网络地址"), null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
            models.Index(fields=["verb", "id"], name="audit_event_verb"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.object_name}"
