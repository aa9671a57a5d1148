"""States of an import and what becomes of its rows; states of an export."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("待对应列")
    CHECKING = "checking", _("核对中")
    CHECKED = "checked", _("待导入")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("未能完成")


# In these a worker has something to do.
AT_WORK = frozenset({ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING})


class Outcome(models.TextChoices):
    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    SAME = "same", _("无变化")
    WRONG = "wrong", _("有错误")


TO_WRITE = frozenset({Outcome.NEW, Outcome.CHANGED})


class ExportState(models.TextChoices):
    WAITING = "waiting", _("生成中")
    DONE = "done", _("可下载")
    FAILED = "failed", _("未能完成")
    EXPIRED = "expired", _("已清除")


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel 工作簿（.xlsx）")
    CSV = "csv", _("逗号分隔文本（.csv）")
