"""Numbers in sequence and the statutory calendar: what every app may need and no domain owns."""

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class KeptFile(models.Model):
    """A file that belongs to a record: stored under a random name (`core.files.store`), served as a download only."""

    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return self.name


class Sequence(models.Model):
    """A gapless counter by name, for document and entry numbers."""

    name = models.CharField(max_length=100, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name}: {self.value}"

    @classmethod
    def next(cls, name: str, count: int = 1) -> int:
        """Take the next `count` numbers and answer the first. The row stays locked until the transaction ends,
        so that numbers have no gaps; call it as late as possible, inside `atomic`."""
        assert transaction.get_connection().in_atomic_block
        cls.objects.bulk_create([cls(name=name)], ignore_conflicts=True)
        row = cls.objects.select_for_update(no_key=True).get(name=name)
        row.value += count
        row.save(update_fields=["value"])
        return row.value - count + 1


class DayKind(models.TextChoices):
    """What a calendar row says of its day; days without a row follow Monday to Friday."""

    HOLIDAY = "holiday", _("法定节假日")
    MAKEUP = "makeup", _("调休上班")
    LOCAL_OFF = "local_off", _("本地放假")
    LOCAL_MAKEUP = "local_makeup", _("本地补班")


WORKED_KINDS = frozenset({DayKind.MAKEUP, DayKind.LOCAL_MAKEUP})


class CalendarEdition(models.Model):
    """One change of the calendar (日历版本): who, when, why, on what ground, and how far the recalculation of deadlines
    has come.

    What the change was is read from the rows it began and ended. Rows that name no edition are those that came with
    the installation, before editions were kept: edition 0.
    """

    number = models.PositiveIntegerField(_("版本"), unique=True)
    # Path of the region the change holds for, and its name at the time; empty for the whole installation.
    region_path = models.CharField(max_length=48, blank=True, db_collation="C")
    place = models.CharField(_("适用范围"), max_length=60, blank=True)
    made_at = models.DateTimeField(_("时间"))
    made_on = models.DateField(_("日期"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_by_name = models.CharField(_("操作人"), max_length=80, blank=True)
    source = models.CharField(_("文号或来源"), max_length=120, blank=True)
    reason = models.CharField(_("依据或理由"), max_length=200)
    # The recalculation: entries to look at, looked at, changed; the last one looked at, so that it can go on anywhere.
    to_check = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    checked_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("日历版本")
        verbose_name_plural = _("日历版本")
        constraints = [
            models.CheckConstraint(name="calendaredition_has_reason", condition=~models.Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["number"], name="edition_unfinished", condition=models.Q(finished_at=None)),
        ]

    def __str__(self):
        return str(self.number)


class CalendarDayQuerySet(models.QuerySet):
    def in_force(self):
        """The rows that hold now."""
        return self.filter(until=None)

    def as_of(self, number: int):
        """The rows that held after edition `number`; 0 is how the installation began."""
        return self.filter(
            models.Q(since=None) | models.Q(since__number__lte=number),
            models.Q(until=None) | models.Q(until__number__gt=number),
        )


class CalendarDay(models.Model):
    """One day that differs from the plain week: a statutory holiday, a make-up workday (调休上班), a local day off or a
    local make-up day.

    A row holds from one edition until another; it is ended, never changed or deleted. `region_path` is the region it
    holds for with everything below, empty for the whole installation. Rows up to 2026 come from the State Council's
    yearly notices; later years are added when they are published.
    """

    day = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=12, choices=DayKind)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("依据"), max_length=120, blank=True)
    region_path = models.CharField(max_length=48, blank=True, db_collation="C")
    since = models.ForeignKey(CalendarEdition, null=True, on_delete=models.PROTECT, related_name="begun")
    until = models.ForeignKey(CalendarEdition, null=True, on_delete=models.PROTECT, related_name="ended")

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        verbose_name = _("日历")
        verbose_name_plural = _("日历")
        constraints = [
            models.CheckConstraint(
                name="calendarday_kind_known",
                condition=models.Q(kind__in=DayKind.values),
                violation_error_message=_("日期类型不在规定范围内。"),
            ),
            models.UniqueConstraint(
                name="calendarday_one_in_force",
                fields=["day", "region_path"],
                condition=models.Q(until=None),
                violation_error_message=_("该日期在同一范围内已有设置。"),
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"
