"""States of a report and kinds of its files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("生成中")
    DONE = "done", _("草稿")
    ISSUED = "issued", _("已印发")
    SUPERSEDED = "superseded", _("已被更正版替代")
    WITHDRAWN = "withdrawn", _("已撤回")
    FAILED = "failed", _("未能生成")


UNFINISHED = frozenset({ReportState.QUEUED, ReportState.RUNNING})
# Issued once: text, figures and files stand as they were.
FROZEN = frozenset({ReportState.ISSUED, ReportState.SUPERSEDED, ReportState.WITHDRAWN})
# There is something to read.
MADE = FROZEN | {ReportState.DONE}
# What still holds, as a draft or as an issued paper.
STANDING = MADE - {ReportState.WITHDRAWN}


class ScopeKind(models.TextChoices):
    """What a report is about; the codes are those of the figures engine's scopes."""

    REGION = "region", _("行政区域")
    CHAIN = "chain", _("产业链")
    COMMITTEE = "committee", _("产业链党委")


class BatchKind(models.TextChoices):
    """Whose reports a batch makes, seen from its region."""

    OWN = "own", _("本级")
    CHAINS = "chains", _("各产业链")
    COMMITTEES = "committees", _("各产业链党委")
    COUNTIES = "counties", _("各县（市、区）")


class FileKind(models.TextChoices):
    WORD = "word", _("Word 文档")
    EXCEL = "excel", _("Excel 工作簿")


ENDINGS = {FileKind.WORD: "docx", FileKind.EXCEL: "xlsx"}
