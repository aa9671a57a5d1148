"""Numbers in sequence and the statutory calendar: what every app may need and no domain owns."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


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


class CalendarDay(models.Model):
    """One day that differs from the plain week: a statutory holiday, a make-up workday (调休上班) or a local day off.

    Rows up to 2026 come from the State Council's yearly notices; later years are added when they are published.
    """

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=DayKind)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("日历")
        verbose_name_plural = _("日历")
        constraints = [
            models.CheckConstraint(
                name="calendarday_kind_known",
                condition=models.Q(kind__in=DayKind.values),
                violation_error_message=_("日期类型不在规定范围内。"),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"
