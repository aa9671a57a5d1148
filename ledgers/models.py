"""Custom ledgers (自定义台账): what a county keeps a register of, defined by an officer and not by a programmer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, Region
from core.actor import Role
from enterprises.models import Enterprise
from ledgers.enums import CHOICE_TYPES, FILLERS, NUMBERS, PERSONAL_TYPES, READERS, TITLE_TYPES, FieldType
from ledgers.querysets import LedgerEntryQuerySet, LedgerLimitQuerySet, LedgerQuerySet, OfLedgerQuerySet


def _roles(label, **options):
    return ArrayField(models.CharField(max_length=24), verbose_name=label, default=list, **options)


class Ledger(models.Model):
    """One custom ledger (自定义台账) of a region. `personal` says that it holds personal data (个人信息): only then may
    a column be personal. A department, where one is named, is the only one whose officers count as such here."""

    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="ledgers")
    # Of the definition that came with a way of working (运行模式); empty for the county's own.
    code = models.CharField(max_length=40, blank=True, editable=False)
    name = models.CharField(_("台账名称"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=300, blank=True)
    fill_roles = _roles(_("由谁填报"))
    see_roles = _roles(_("还有谁可以查看"), blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("填报单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("由责任单位填报的，可以只限一个单位。"),
    )  # fmt: skip
    personal = models.BooleanField(
        _("含个人信息"), default=False, help_text=_("个人信息只给填报的人看；导出时要写明理由，并留下记录。")
    )
    retired_on = models.DateField(null=True, editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("自定义台账")
        verbose_name_plural = _("自定义台账")
        ordering = ["region__path", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="ledger_name_once",
                fields=["region", "name"],
                violation_error_message=_("本地区已有同名台账。"),
            ),
            models.UniqueConstraint(
                name="ledger_code_once",
                fields=["region", "code"],
                condition=~Q(code=""),
                violation_error_message=_("这个台账已经从运行模式选用过。"),
            ),
            models.CheckConstraint(
                name="ledger_roles_known",
                condition=Q(fill_roles__contained_by=list(FILLERS), see_roles__contained_by=list(READERS)),
                violation_error_message=_("填报或查看台账的角色不在规定范围内。"),
            ),
            models.CheckConstraint(
                name="ledger_filled_by_somebody",
                condition=Q(fill_roles__len__gt=0),
                violation_error_message=_("请选择由谁填报。"),
            ),
            models.CheckConstraint(
                name="ledger_persons_named_department",
                condition=~Q(personal=True, fill_roles__contains=[Role.DEPARTMENT_OFFICER], department=None),
                violation_error_message=_("含个人信息、由责任单位填报的，请写明是哪个单位。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("ledgers:ledger_detail", args=[self.pk])

    @cached_property
    def all_fields(self) -> list["LedgerField"]:
        """Every column that ever was, retired ones too, in order."""
        return list(self.fields.order_by("order", "id"))

    @property
    def living_fields(self) -> list["LedgerField"]:
        return [one for one in self.all_fields if one.retired_on is None]

    @property
    def title_field(self) -> "LedgerField | None":
        return next((one for one in self.living_fields if one.is_title), None)

    @property
    def title_is_personal(self) -> bool:
        """Whether the name of an entry may be read by those who fill the ledger only."""
        return any(one.is_title and one.personal for one in self.all_fields)

    @cached_property
    def living_statuses(self) -> list["LedgerStatus"]:
        return list(self.statuses.filter(retired_on=None).order_by("order", "id"))


class LedgerField(models.Model):
    """One column (栏目) of a ledger. Values stay under `code` when the column is renamed, moved or retired."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="fields")
    code = models.CharField(max_length=20, editable=False)
    label = models.CharField(_("栏目名称"), max_length=40)
    type = models.CharField(_("类型"), max_length=12, choices=FieldType, default=FieldType.TEXT)
    unit = models.CharField(_("单位"), max_length=10, blank=True, help_text=_("整数和小数的计量单位，例如 亩、人。"))
    choices = ArrayField(models.CharField(max_length=60), verbose_name=_("选项"), default=list, blank=True)
    required = models.BooleanField(_("必填"), default=False)
    personal = models.BooleanField(_("个人信息"), default=False)
    in_list = models.BooleanField(_("列表中显示"), default=True)
    is_title = models.BooleanField(_("作为名称"), default=False, help_text=_("每条记录以这一栏的内容为名称。"))
    is_key = models.BooleanField(
        _("用于识别同一条"), default=False, help_text=_("这些栏目相同的，就是同一条记录：不能重复登记，导入时更新。")
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=1)
    retired_on = models.DateField(null=True, editable=False)

    objects = OfLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账栏目")
        verbose_name_plural = _("台账栏目")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(name="ledgerfield_code_once", fields=["ledger", "code"]),
            models.UniqueConstraint(
                name="ledgerfield_label_once",
                fields=["ledger", "label"],
                condition=Q(retired_on=None),
                violation_error_message=_("台账中已有同名栏目。"),
            ),
            models.UniqueConstraint(
                name="ledgerfield_one_title",
                fields=["ledger"],
                condition=Q(is_title=True, retired_on=None),
                violation_error_message=_("一个台账只有一个栏目作为名称。"),
            ),
            models.UniqueConstraint(
                name="ledgerfield_one_enterprise",
                fields=["ledger", "type"],
                condition=Q(type=FieldType.ENTERPRISE, retired_on=None),
                violation_error_message=_("一个台账只有一个企业栏目。"),
            ),
            models.CheckConstraint(
                name="ledgerfield_type_known",
                condition=Q(type__in=FieldType.values),
                violation_error_message=_("栏目类型不在规定范围内。"),
            ),
            models.CheckConstraint(
                name="ledgerfield_choices",
                condition=Q(type__in=sorted(CHOICE_TYPES), choices__len__gt=0)
                | (~Q(type__in=sorted(CHOICE_TYPES)) & Q(choices=[])),
                violation_error_message=_("单选和多选的栏目要写选项，其他栏目不写。"),
            ),
            models.CheckConstraint(
                name="ledgerfield_personal_type",
                condition=~Q(type__in=sorted(PERSONAL_TYPES), personal=False),
                violation_error_message=_("手机号码和证件号码一律是个人信息。"),
            ),
            models.CheckConstraint(
                name="ledgerfield_title_type",
                condition=Q(is_title=False) | Q(type__in=sorted(TITLE_TYPES)),
                violation_error_message=_("作为名称的栏目只能是文字、单选或企业。"),
            ),
            models.CheckConstraint(
                name="ledgerfield_unit",
                condition=Q(unit="") | Q(type__in=sorted(NUMBERS)),
                violation_error_message=_("只有数字栏目才写单位。"),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def heading(self) -> str:
        """The label with its unit, as it stands above a column."""
        unit = "万元" if self.type == FieldType.WAN_YUAN else self.unit
        return _now("%(label)s（%(unit)s）") % {"label": self.label, "unit": unit} if unit else self.label


class LedgerStatus(models.Model):
    """One status (状态) of a ledger's entries; `days` are the working days that an entry may stay in it."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="statuses")
    name = models.CharField(_("状态名称"), max_length=20)
    is_initial = models.BooleanField(_("新登记时的状态"), default=False)
    is_final = models.BooleanField(_("办结状态"), default=False)
    days = models.PositiveSmallIntegerField(
        _("办理期限（工作日）"), null=True, blank=True, help_text=_("在这一状态最多停留多少个工作日；不填则没有期限。")
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=1)
    retired_on = models.DateField(null=True, editable=False)

    objects = OfLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账状态")
        verbose_name_plural = _("台账状态")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="ledgerstatus_name_once",
                fields=["ledger", "name"],
                violation_error_message=_("台账中已有同名状态。"),
            ),
            models.UniqueConstraint(
                name="ledgerstatus_one_initial",
                fields=["ledger"],
                condition=Q(is_initial=True),
                violation_error_message=_("新登记时的状态只有一个。"),
            ),
            models.CheckConstraint(
                name="ledgerstatus_ends",
                condition=~Q(is_initial=True, is_final=True)
                & (Q(is_final=False) | Q(days=None))
                & ~Q(is_initial=True, retired_on__isnull=False),
                violation_error_message=_("新登记时的状态不能是办结状态，也不能停用；办结状态没有期限。"),
            ),
            models.CheckConstraint(
                name="ledgerstatus_days",
                condition=Q(days=None) | Q(days__gte=1, days__lte=1000),
                violation_error_message=_("期限为 1 到 1000 个工作日。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def tone(self) -> str:
        return "green" if self.is_final else "grey" if self.is_initial else "blue"


class LedgerEntry(models.Model):
    """One entry (台账记录). `values` holds {code of the column: value}; the enterprise column is `enterprise`.

    `key` is a digest of the columns that say what is the same entry, None where the ledger has none or one is empty;
    `digest` one of all values. `words` serve the search of everybody, `own_words` of those who fill the ledger. An
    entry is never deleted: one made by mistake is archived, and counts no more.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(_("序号"), editable=False)
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict)
    title = models.CharField(max_length=200, blank=True, editable=False)
    status = models.ForeignKey(LedgerStatus, verbose_name=_("状态"), on_delete=models.PROTECT, related_name="entries")
    status_on = models.DateField()
    due_on = models.DateField(null=True, editable=False)
    entered_on = models.DateField()
    closed_on = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    archived_on = models.DateField(null=True, editable=False)
    archive_reason = models.CharField(max_length=300, blank=True, editable=False)
    key = models.CharField(max_length=64, null=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    words = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    own_words = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账记录")
        verbose_name_plural = _("台账记录")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="ledgerentry_number_once", fields=["ledger", "number"]),
            models.UniqueConstraint(
                name="ledgerentry_key_once",
                fields=["ledger", "key"],
                condition=Q(archived_on=None),
                violation_error_message=_("台账中已有同一条记录。"),
            ),
            models.CheckConstraint(
                name="ledgerentry_archived_why",
                condition=Q(archived_on=None, archive_reason="")
                | (Q(archived_on__isnull=False) & ~Q(archive_reason="")),
                violation_error_message=_("作废记录要写明原因。"),
            ),
            models.CheckConstraint(
                name="ledgerentry_dates",
                condition=Q(status_on__gte=F("entered_on")) & (Q(closed_on=None) | Q(due_on=None)),
                violation_error_message=_("记录的日期前后不符。"),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "entered_on"], name="ledgerentry_reg_entered"),
            models.Index(fields=["region", "closed_on"], name="ledgerentry_reg_closed"),
            models.Index(fields=["ledger", "id"], name="ledgerentry_newest"),
            models.Index(fields=["ledger", "status", "id"], name="ledgerentry_status"),
            models.Index(fields=["ledger", "title", "id"], name="ledgerentry_title"),
            models.Index(fields=["ledger", "due_on"], name="ledgerentry_due", condition=Q(due_on__isnull=False)),
            models.Index(fields=["ledger", "digest"], name="ledgerentry_digest"),
            GinIndex(fields=["values"], name="ledgerentry_values", opclasses=["jsonb_path_ops"]),
            GinIndex(fields=["words"], name="ledgerentry_words"),
            GinIndex(fields=["own_words"], name="ledgerentry_own_words"),
        ]

    def __str__(self):
        """Never what a column holds: this name goes into the trail, which others read."""
        return _now("%(ledger)s第 %(number)d 号") % {"ledger": self.ledger.name, "number": self.number}

    def get_absolute_url(self):
        return reverse("ledgers:entry_detail", args=[self.pk])

    def named(self, own: bool) -> str:
        """The entry's title for somebody who fills it (`own`) or only reads it."""
        if self.title and (own or not self.ledger.title_is_personal):
            return self.title
        return _now("第 %(number)d 号") % {"number": self.number}


class LedgerLimit(models.Model):
    """The time an entry stood in a status with a deadline (办理期限); `overdue_on` is the day after the deadline.

    Kept for each such stay, so that what was overdue at the end of a month stays true after the entry has moved on.
    """

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="limits")
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.ForeignKey(LedgerStatus, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    due_on = models.DateField()
    overdue_on = models.DateField()
    until_on = models.DateField(null=True)
    # Of an entry that was archived: it was a mistake, and nothing was overdue.
    is_void = models.BooleanField(default=False)

    objects = LedgerLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账办理期限")
        verbose_name_plural = _("台账办理期限")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="ledgerlimit_one_open", fields=["entry"], condition=Q(until_on=None)),
            models.CheckConstraint(
                name="ledgerlimit_dates",
                condition=Q(due_on__gte=F("from_on"), overdue_on__gt=F("due_on"))
                & (Q(until_on=None) | Q(until_on__gte=F("from_on"))),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "overdue_on"], name="ledgerlimit_reg_overdue"),
            models.Index(fields=["region", "until_on"], name="ledgerlimit_reg_until"),
        ]

    def __str__(self):
        return f"{self.entry_id}: {self.due_on}"

    def get_absolute_url(self):
        return reverse("ledgers:entry_detail", args=[self.entry_id])
