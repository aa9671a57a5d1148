"""States of a report and kinds of its files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("生成中")
    DONE = "done", _("已生成")
    FAILED = "failed", _("未能生成")


UNFINISHED = frozenset({ReportState.QUEUED, ReportState.RUNNING})


class ScopeKind(models.TextChoices):
    """What a report is about; the codes are those of the figures engine's scopes."""

    REGION = "region", _("行政区域")
    CHAIN = "chain", _("产业链")
    COMMITTEE = "committee", _("产业链党委")


class FileKind(models.TextChoices):
    WORD = "word", _("Word 文档")
    EXCEL = "excel", _("Excel 工作簿")


ENDINGS = {FileKind.WORD: "docx", FileKind.EXCEL: "xlsx"}
