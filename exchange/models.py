"""Imports of registers: the file, how far it is, and what became of each of its rows. Exports of lists."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.enums import AT_WORK, ExportFormat, ExportState, ImportState, Outcome
from exchange.querysets import ExportQuerySet, ImportQuerySet, ImportRowQuerySet


class Import(models.Model):
    """One file taken into one register (批量导入).

    `register` is the code of an `ImportOf`; `region_path` the region whose officer made it, for scoping and for
    remembering `mapping` ({place of a column: field}) by `labels`, the headings of the file. `done` counts the rows
    that the present work is through with, `written` those that were created or changed. `lease` and `lease_until`
    belong to the worker that is on it: one whose lease ran out may no longer write.
    """

    register = models.CharField(_("登记簿"), max_length=40)
    region_path = models.CharField(max_length=120)
    file_name = models.CharField(_("文件名"), max_length=200)
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    labels = models.JSONField(_("表头"), default=list)
    mapping = models.JSONField(_("列对应"), default=dict)
    language = models.CharField(max_length=10, blank=True, help_text=_("错误说明用这种语言写。"))
    good_only = models.BooleanField(_("只导入无错误的行"), default=False)

    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    error = models.CharField(_("未能完成的原因"), max_length=300, blank=True)
    total = models.PositiveIntegerField(_("数据行数"), default=0)
    passed_over = models.PositiveIntegerField(_("跳过的行数"), default=0)
    done = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(_("写入行数"), default=0)
    feedback_name = models.CharField(max_length=120, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导入人"), on_delete=models.PROTECT, related_name="imports"
    )
    created_at = models.DateTimeField(_("上传时间"))
    queued_at = models.DateTimeField(_("排队时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量导入")
        verbose_name_plural = _("批量导入")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["region_path", "register", "-id"], name="import_region"),
            models.Index(
                fields=["queued_at"], name="import_waiting", condition=Q(state__in=sorted(str(s) for s in AT_WORK))
            ),
        ]
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(name="import_has_region", condition=~Q(region_path="")),
            models.CheckConstraint(name="import_counts_ordered", condition=Q(written__lte=F("total"))),
            models.CheckConstraint(
                name="import_finished_says_when",
                condition=~Q(state__in=[ImportState.DONE, ImportState.UNDONE]) | Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_failed_says_why", condition=~Q(state=ImportState.FAILED) | ~Q(error="")
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("exchange:detail", args=[self.pk])

    @property
    def is_at_work(self):
        return self.state in AT_WORK


class ImportRow(models.Model):
    """One row of data of the file, with its verdict and what was written.

    `cells` are text, dates as ISO text, or null. `errors` are sentences by place of the column, `""` for the row as a
    whole. `object_id`, `before` (what changed fields held) and `seen` (the version that the import left) are what
    undoing needs.
    """

    of = models.ForeignKey(Import, verbose_name=_("批量导入"), on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行号"))
    cells = models.JSONField()
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    errors = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    is_written = models.BooleanField(default=False)
    is_created = models.BooleanField(default=False)
    object_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    seen = models.CharField(max_length=80, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入行")
        verbose_name_plural = _("导入行")
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(name="importrow_once_per_number", fields=["of", "number"]),
            models.CheckConstraint(name="importrow_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="importrow_wrong_says_why", condition=~Q(outcome=Outcome.WRONG) | ~Q(errors={})
            ),
            models.CheckConstraint(
                name="importrow_written_has_object", condition=Q(is_written=False) | Q(object_id__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.of} {self.number}"


class Export(models.Model):
    """One long list that a worker writes to a file for one person (后台导出).

    `path` and `query` are the address that the list has on the screen's export button: the worker builds it from there
    with the rights of its owner at that time. `columns` are the keys of columns that the person saw, where they can be
    chosen. `storage_name` is where the present attempt writes; the file is nobody's before the state is done. `posts`
    are the posts that the owner held then: without them the file is not handed out any more. `total` and `rows` count
    the list and what is written of it; lease as with imports.
    """

    title = models.CharField(_("列表"), max_length=200)
    path = models.CharField(max_length=300)
    query = models.TextField(blank=True)
    conditions = models.TextField(_("筛选条件"), blank=True)
    columns = models.JSONField(default=list)
    reason = models.CharField(_("导出理由"), max_length=300, blank=True)
    format = models.CharField(_("格式"), max_length=4, choices=ExportFormat, default=ExportFormat.XLSX)
    language = models.CharField(max_length=10, blank=True)

    state = models.CharField(_("状态"), max_length=10, choices=ExportState, default=ExportState.WAITING)
    error = models.CharField(_("未能完成的原因"), max_length=300, blank=True)
    total = models.PositiveIntegerField(_("行数"), default=0)
    rows = models.PositiveIntegerField(_("已写行数"), default=0)
    storage_name = models.CharField(max_length=120, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    posts = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导出人"), on_delete=models.PROTECT, related_name="exports"
    )
    created_at = models.DateTimeField(_("申请时间"))
    queued_at = models.DateTimeField(_("排队时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("保留至"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出文件")
        verbose_name_plural = _("导出文件")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["created_by", "-id"], name="export_owner"),
            models.Index(fields=["queued_at"], name="export_waiting", condition=Q(state=ExportState.WAITING)),
            models.Index(fields=["expires_at"], name="export_expiring", condition=Q(state=ExportState.DONE)),
        ]
        constraints = [
            models.CheckConstraint(name="export_state_known", condition=Q(state__in=ExportState.values)),
            models.CheckConstraint(name="export_format_known", condition=Q(format__in=ExportFormat.values)),
            models.CheckConstraint(
                name="export_done_has_file",
                condition=~Q(state=ExportState.DONE)
                | (~Q(storage_name="") & ~Q(sha256="") & Q(finished_at__isnull=False, expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="export_failed_says_why", condition=~Q(state=ExportState.FAILED) | ~Q(error="")
            ),
            models.CheckConstraint(
                name="export_gone_has_no_file",
                condition=~Q(state__in=[ExportState.FAILED, ExportState.EXPIRED]) | Q(storage_name=""),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_at_work(self):
        return self.state == ExportState.WAITING

    @property
    def address(self):
        """Where the list can be asked for again."""
        return f"{self.path}?{self.query}" if self.query else self.path
