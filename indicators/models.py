"""Tables of the figures engine: rolled-up facts, presence of entities, and what is yet to be counted.

None of them has foreign keys to the domain: the engine knows regions, chains, committees and
entities only by number.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Number(models.DecimalField):
    """A number of any precision (PostgreSQL's bare `numeric`): sums of decimals stay exact."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_digits": 60, "decimal_places": 20} | kwargs)

    def db_type(self, connection):
        return "numeric"


class Fact(models.Model):
    """One rolled-up number (指标数据): an indicator in a cell and month.

    A cell is a region (chain_id = 0, committee_id = 0), a region crossed with a chain
    (committee_id = 0), or a committee (the other two 0). `own` counts the rows of the cell itself,
    `total` also those of all regions below. `month` is the first of the month.

    `bucket`: 0 for flows and monthly stocks, the day of the month for daily stocks, the number
    of days for durations, and for distinct figures the month (YYYYMM, 0 for none) in which the
    entity was last active before. Stocks hold the net change; distinct figures only use `total`.

    The key is the only index: bars by chain and the roll-up skip through the chains of a region.
    """

    pk = models.CompositePrimaryKey("region_id", "chain_id", "committee_id", "indicator", "month", "bucket")
    indicator = models.CharField(max_length=60)
    region_id = models.BigIntegerField()
    chain_id = models.BigIntegerField()
    committee_id = models.BigIntegerField()
    month = models.DateField()
    bucket = models.IntegerField()
    own = Number()
    total = Number()

    class Meta:
        verbose_name = _("指标数据")
        constraints = [models.CheckConstraint(name="fact_month_first_day", condition=models.Q(month__day=1))]

    def __str__(self):
        return f"{self.indicator} {self.region_id}/{self.chain_id}/{self.committee_id} {self.month}: {self.total}"


class Presence(models.Model):
    """That an entity had an event of a distinct figure in a cell and month, at the lowest level."""

    pk = models.CompositePrimaryKey("indicator", "entity_id", "region_id", "chain_id", "committee_id", "month")
    indicator = models.CharField(max_length=60)
    entity_id = models.BigIntegerField()
    region_id = models.BigIntegerField()
    chain_id = models.BigIntegerField()
    committee_id = models.BigIntegerField()
    month = models.DateField()

    class Meta:
        verbose_name = _("到场记录")
        indexes = [models.Index(name="presence_cell", fields=["indicator", "region_id", "month"])]

    def __str__(self):
        return f"{self.indicator} {self.entity_id} {self.month}"


class Marker(models.Model):
    """What is to be counted again (待重算标记): append-only, inserted by triggers on counted tables.

    Says that rows of `source` in this region (and committee, 0 for none), dated in `month` by the columns `dates`
    (None: by any), changed at `at`. The table is the truth about what is stale; a message only wakes the worker.
    """

    source = models.CharField(max_length=60)
    region_id = models.BigIntegerField()
    committee_id = models.BigIntegerField()
    month = models.DateField()
    dates = ArrayField(models.TextField(), null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("待重算标记")
        indexes = [models.Index(name="marker_at", fields=["at"])]

    def __str__(self):
        return f"{self.source} {self.region_id} {self.month}"


class Progress(models.Model):
    """The engine's own record, one row: when it last counted, and by which declarations.

    A `declared` other than the running code's means that indicators changed since the last full
    count, so that one is due.
    """

    as_of = models.DateTimeField()
    declared = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("汇总进度")
        constraints = [models.CheckConstraint(name="progress_one_row", condition=models.Q(id=1))]

    def __str__(self):
        return f"{self.as_of}"
