"""Files of an entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import KeptFile
from problems.models.problem import Problem
from problems.querysets import AttachmentQuerySet


class Attachment(KeptFile):
    """A file of an entry (附件), stored under a random name and served as a download only.

    One whose upload was undone is out of view (`withdrawn_at`); row and file are kept.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="attachments")
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
