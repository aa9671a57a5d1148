"""Files of an entry."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from problems.models.problem import Problem
from problems.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """A file of an entry (附件), stored under a random name and served as a download only.

    One whose upload was undone is out of view (`withdrawn_at`); row and file are kept.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="attachments")
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["id"]

    def __str__(self):
        return self.name
