"""The rules that entries are handled by: categories and the rulebook."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from problems.querysets import RulebookQuerySet


class Category(models.Model):
    """Kind of difficulty (问题类别), a tree of two or more levels; shared by all regions."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(_("名称"), max_length=40)
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("问题类别")
        verbose_name_plural = _("问题类别")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name


class Rulebook(models.Model):
    """Rules of handling (办理规则) of a region from a date on, inherited by every region below that has none.

    All `*_days` are working days. Defaults follow rules that Chinese cities publish: answer in 7, complex matters in
    15, 30 at most, objection within 1, extension asked at least 1 day before the end.
    """

    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rulebooks",
    )
    valid_from = models.DateField(_("生效日期"))
    accept_days = models.PositiveSmallIntegerField(_("受理时限"), default=1)
    assign_days = models.PositiveSmallIntegerField(_("交办时限"), default=1)
    sign_days = models.PositiveSmallIntegerField(_("签收时限"), default=1)
    ordinary_days = models.PositiveSmallIntegerField(_("一般问题办理时限"), default=7)
    urgent_days = models.PositiveSmallIntegerField(_("紧急问题办理时限"), default=3)
    complex_days = models.PositiveSmallIntegerField(_("复杂问题办理时限"), default=15)
    cohandler_days = models.PositiveSmallIntegerField(_("协办单位时限"), default=3)
    longest_days = models.PositiveSmallIntegerField(_("最长办理时限"), default=30)
    yellow_days = models.PositiveSmallIntegerField(_("黄灯提前量"), default=2)
    objection_days = models.PositiveSmallIntegerField(_("异议期限"), default=1)
    extension_notice_days = models.PositiveSmallIntegerField(_("延期须提前"), default=1)
    extensions_allowed = models.PositiveSmallIntegerField(_("允许延期次数"), default=1)
    bounces_to_escalate = models.PositiveSmallIntegerField(_("退转几次自动提级"), default=2)
    overdue_to_escalate_days = models.PositiveSmallIntegerField(_("超期几日自动提级"), default=5)
    rating_days = models.PositiveSmallIntegerField(_("评价期限"), default=7)
    waiting_days = models.PositiveSmallIntegerField(_("挂账回访间隔"), default=30)

    objects = RulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理规则")
        verbose_name_plural = _("办理规则")
        ordering = ["region", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="rulebook_once_per_day",
                fields=["region", "valid_from"],
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.region or ''} {self.valid_from}"
