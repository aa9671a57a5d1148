"""The rules that entries are handled by: categories and the rulebook with its limits and its ladder."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.enums import TeamKind
from alliances.models import Region
from core.shipped import ShippedName
from problems.enums import Doer, LadderAct, Level, LimitStep, Preset, Reach, Trigger, Urgency
from problems.querysets import CategoryKindsQuerySet, CategoryQuerySet, OfRulebookQuerySet, RulebookQuerySet


class Category(ShippedName, models.Model):
    """Kind of difficulty (问题类别), a tree of any depth. Those of no region are common to all; a region's own ones
    hold there and in every region below."""

    region = models.ForeignKey(
        Region, verbose_name=_("适用区域"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(_("名称"), max_length=40)
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=TeamKind), verbose_name=_("对口帮办团"), default=list, blank=True
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题类别")
        verbose_name_plural = _("问题类别")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(name="category_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))),
            models.CheckConstraint(name="category_kinds_known", condition=Q(kinds__contained_by=TeamKind.values)),
        ]

    def __str__(self):
        return self.name

    def holds_in(self, region: Region) -> bool:
        """Whether entries of this region may have it: a common one, or one of the region's own line."""
        return self.region_id is None or region.path.startswith(self.region.path)

    def fitting_kinds(self, region: Region) -> list[str]:
        """The kinds of help team that fit in this region: those that the region or the nearest above it chose for the
        category, else the category's own; without any, those of the nearest category above."""
        chosen = CategoryKinds.objects.chosen_in(region.ancestor_paths)
        category = self
        while category is not None:
            kinds = chosen.get(category.pk) or category.kinds
            if kinds:
                return kinds
            category = category.parent
        return []


class CategoryKinds(models.Model):
    """The kinds of help team that a region finds fit for a category that is not its own (本地区对口帮办团): they hold
    there and in every region below, beside the common ones."""

    region = models.ForeignKey(Region, verbose_name=_("适用区域"), on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(
        Category, verbose_name=_("问题类别"), on_delete=models.PROTECT, related_name="chosen_kinds"
    )
    kinds = ArrayField(models.CharField(max_length=12, choices=TeamKind), verbose_name=_("对口帮办团"))

    objects = CategoryKindsQuerySet.as_manager()

    class Meta:
        verbose_name = _("本地区对口帮办团")
        verbose_name_plural = _("本地区对口帮办团")
        constraints = [
            models.UniqueConstraint(fields=["region", "category"], name="category_kinds_once_in_a_region"),
            models.CheckConstraint(
                name="chosen_kinds_known", condition=Q(kinds__contained_by=TeamKind.values) & Q(kinds__len__gt=0)
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.category}"


class Rulebook(models.Model):
    """Rules of handling (办理规则) of a region from a date on, inherited by every region below that has none.

    All `*_days` are working days. Defaults follow rules that Chinese cities publish: answer in 7, complex matters in
    15, 30 at most, objection within 1, extension asked at least 1 day before the end. When an entry rises by itself is
    said by the rungs of the ladder and nowhere else.
    """

    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rulebooks",
    )
    valid_from = models.DateField(_("生效日期"))
    # Which of the versions that begin on this day it is: a later one corrects the one before, and holds.
    revision = models.PositiveSmallIntegerField(_("当日第几版"), default=1)
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
    rating_days = models.PositiveSmallIntegerField(_("评价期限"), default=7)
    waiting_days = models.PositiveSmallIntegerField(_("挂账回访间隔"), default=30)
    first_reply_days = models.PositiveSmallIntegerField(_("首次答复时限"), default=3)
    ruling_days = models.PositiveSmallIntegerField(_("裁定异议时限"), default=1)
    call_back_days = models.PositiveSmallIntegerField(_("回访时限"), default=1)
    call_back_share = models.PositiveSmallIntegerField(_("抽查回访比例"), default=10)
    reminder_answer_days = models.PositiveSmallIntegerField(_("提醒单反馈时限"), default=3)
    supervision_answer_days = models.PositiveSmallIntegerField(_("督办单反馈时限"), default=2)
    undo_minutes = models.PositiveSmallIntegerField(_("撤销上一步的时限（分钟）"), default=10)
    opens_at = models.TimeField(_("上班时间"), default=dt.time(8, 30))
    closes_at = models.TimeField(_("下班时间"), default=dt.time(17, 30))
    accepted_by = models.CharField(_("受理由谁办"), max_length=10, choices=Doer, default=Doer.KEEPER)
    assigned_by = models.CharField(_("交办由谁办"), max_length=10, choices=Doer, default=Doer.OFFICER)
    decided_by = models.CharField(_("裁定、延期和挂起由谁定"), max_length=10, choices=Doer, default=Doer.OFFICER)
    closed_by = models.CharField(_("销号由谁审核"), max_length=10, choices=Doer, default=Doer.KEEPER)
    escalates_to = models.CharField(_("提级到"), max_length=10, choices=Level, default=Level.COUNTY)
    preset = models.CharField(_("预设"), max_length=10, choices=Preset, blank=True)
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    reach = models.CharField(_("适用范围"), max_length=10, choices=Reach, default=Reach.NEW)
    # The recalculation of open entries: to look at, looked at, changed; the last one looked at, so that it can go on
    # anywhere; when it was done.
    to_check = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    checked_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    objects = RulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理规则")
        verbose_name_plural = _("办理规则")
        ordering = ["region", "-valid_from", "-revision"]
        constraints = [
            models.UniqueConstraint(
                name="rulebook_revision_once",
                fields=["region", "valid_from", "revision"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="rulebook_revision_counts_from_one", condition=Q(revision__gte=1)),
            models.CheckConstraint(
                name="rulebook_answers_take_a_day",
                condition=Q(reminder_answer_days__gte=1, supervision_answer_days__gte=1),
                violation_error_message=_("反馈时限至少 1 个工作日。"),
            ),
            models.CheckConstraint(
                name="rulebook_share_is_percent",
                condition=Q(call_back_share__lte=100),
                violation_error_message=_("比例应在 0 到 100 之间。"),
            ),
            models.CheckConstraint(
                name="rulebook_opens_before_closing",
                condition=Q(opens_at__lt=F("closes_at")),
                violation_error_message=_("上班时间应早于下班时间。"),
            ),
            models.CheckConstraint(
                name="rulebook_doers_known",
                condition=Q(accepted_by__in=Doer.values, assigned_by__in=Doer.values)
                & Q(decided_by__in=Doer.values, closed_by__in=Doer.values),
            ),
            models.CheckConstraint(name="rulebook_reach_known", condition=Q(reach__in=Reach.values)),
        ]

    def __str__(self):
        return f"{self.region or ''} {self.valid_from}"

    @property
    def since(self) -> tuple[dt.date, int]:
        """What orders the versions of a region: the day, then the number within it. The greatest that has begun
        holds."""
        return self.valid_from, self.revision


class RulebookLimit(models.Model):
    """A limit of its own for one step, by category and urgency (分类时限); what it leaves open the rulebook answers.

    The most exact row holds: category and urgency, then the category (or the nearest above it), then the urgency.
    """

    rulebook = models.ForeignKey(Rulebook, on_delete=models.CASCADE, related_name="limits")
    step = models.CharField(pgettext_lazy("step", "环节"), max_length=12, choices=LimitStep)
    category = models.ForeignKey(
        Category, verbose_name=_("类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    urgency = models.CharField(_("缓急"), max_length=10, choices=Urgency, blank=True)
    days = models.PositiveSmallIntegerField(_("工作日"))

    objects = OfRulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("分类时限")
        verbose_name_plural = _("分类时限")
        ordering = ["rulebook", "step", "id"]
        constraints = [
            models.UniqueConstraint(
                name="rulebooklimit_once",
                fields=["rulebook", "step", "category", "urgency"],
                nulls_distinct=False,
                violation_error_message=_("同一环节、类别和缓急只能有一条时限。"),
            ),
            models.CheckConstraint(name="rulebooklimit_step_known", condition=Q(step__in=LimitStep.values)),
            models.CheckConstraint(
                name="rulebooklimit_days_sensible",
                condition=Q(days__gte=1, days__lte=250),
                violation_error_message=_("工作日应在 1 到 250 之间。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.days}"


class LadderRung(models.Model):
    """One rung of the ladder of supervision (督办阶梯): at this threshold, this is done."""

    rulebook = models.ForeignKey(Rulebook, on_delete=models.CASCADE, related_name="ladder")
    trigger = models.CharField(_("触发条件"), max_length=14, choices=Trigger)
    threshold = models.PositiveSmallIntegerField(_("数值"))
    act = models.CharField(_("措施"), max_length=18, choices=LadderAct)

    objects = OfRulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办阶梯")
        verbose_name_plural = _("督办阶梯")
        ordering = ["rulebook", "trigger", "threshold", "id"]
        constraints = [
            models.UniqueConstraint(
                name="ladderrung_once",
                fields=["rulebook", "trigger", "threshold", "act"],
                violation_error_message=_("同一条件和数值下，同一措施只能有一条。"),
            ),
            models.CheckConstraint(
                name="ladderrung_known", condition=Q(trigger__in=Trigger.values, act__in=LadderAct.values)
            ),
        ]

    def __str__(self):
        return f"{self.get_trigger_display()} {self.threshold} {self.get_act_display()}"
