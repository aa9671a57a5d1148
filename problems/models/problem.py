"""The entry of the ledger."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Reverse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from enterprises.models import Enterprise
from problems.enums import (
    BEFORE_ALL,
    CLOCK_STATES,
    NEVER,
    OPEN_STATES,
    PAUSED_STATES,
    Channel,
    Level,
    Outcome,
    Rating,
    Source,
    State,
    Urgency,
)  # fmt: skip
from problems.models.rules import Category
from problems.querysets import ProblemQuerySet


@pghistory.track(exclude=["tokens", "top_category"])
class Problem(models.Model):
    """One difficulty of one enterprise (问题).

    Region, chain and committee are copies taken when it is raised and kept by `problems.lifecycle`, so that figures
    count without a join. The `*_on` dates are local dates of the first time each step was reached; `last_closed_on`
    is of the last closing. Only `problems.lifecycle` writes `state` and what follows from it.
    """

    number = models.CharField(_("问题编号"), max_length=30, unique=True, null=True, blank=True, editable=False)
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("企业"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("所在区域"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
    )
    category = models.ForeignKey(
        Category,
        verbose_name=_("类别"),
        on_delete=models.PROTECT,
        related_name="problems",
    )
    # Code of the category at the top of the tree: a copy made by a trigger, so that figures by category need no join.
    top_category = models.CharField(max_length=40, db_default="", editable=False)
    urgency = models.CharField(_("缓急"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    source = models.CharField(_("来源"), max_length=12, choices=Source, default=Source.ONLINE)
    title = models.CharField(_("事项"), max_length=120)
    text = models.TextField(_("具体情况"), max_length=4000)
    contact_name = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("登记时间"))

    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    assigned_on = models.DateField(_("交办日期"), null=True, blank=True)
    decided_on = models.DateField(_("议定日期"), null=True, blank=True)
    resolved_on = models.DateField(_("办结日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("企业确认日期"), null=True, blank=True)
    rated_on = models.DateField(_("评价日期"), null=True, blank=True)
    closed_on = models.DateField(_("首次销号日期"), null=True, blank=True)
    last_closed_on = models.DateField(_("最近销号日期"), null=True, blank=True)
    ended_on = models.DateField(_("终结日期"), null=True, blank=True)

    lead_team = models.ForeignKey(
        HelpTeam,
        verbose_name=_("牵头帮办团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_problems",
    )
    lead_department = models.ForeignKey(
        Department,
        verbose_name=_("牵头单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_problems",
    )
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    yellow_on = models.DateField(_("黄灯起始"), null=True, blank=True)
    next_on = models.DateField(_("下次回访日期"), null=True, blank=True)
    handling_days = models.PositiveSmallIntegerField(_("办理用时"), null=True, blank=True)
    on_time = models.BooleanField(_("按期办结"), null=True, blank=True)
    resolution = models.TextField(_("办理结果"), blank=True, max_length=4000)
    rating = models.CharField(_("评价"), max_length=14, choices=Rating, blank=True)
    rating_text = models.CharField(_("评价意见"), max_length=500, blank=True)
    closing_number = models.CharField(_("销号编号"), max_length=30, unique=True, null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("并入"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    root = models.ForeignKey(
        "self",
        verbose_name=_("所属一类事"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    first_reply_on = models.DateField(_("首次答复日期"), null=True, blank=True)
    escalated_to = models.CharField(_("提级到"), max_length=10, choices=Level, blank=True)
    escalated_on = models.DateField(_("提级日期"), null=True, blank=True)
    rated_by = models.CharField(_("评价途径"), max_length=10, choices=Channel, blank=True)
    is_escalated = models.BooleanField(_("已提级"), default=False)
    # The day the present state began: what windows (rating) are counted from.
    since_on = models.DateField(_("进入当前状态日期"), null=True, blank=True)
    # A unit has asked to suspend and nobody has decided yet.
    pause_asked_on = models.DateField(_("申请挂起日期"), null=True, blank=True)
    bounces = models.PositiveSmallIntegerField(_("退转次数"), default=0)
    reopened_times = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题")
        verbose_name_plural = _("问题台账")
        triggers = [
            pgtrigger.Trigger(
                name="copy_top_category",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("category_id"),
                func="""
                    WITH RECURSIVE line (id, parent_id, code, depth) AS (
                        SELECT id, parent_id, code, 0 FROM problems_category WHERE id = NEW.category_id
                        UNION ALL
                        SELECT above.id, above.parent_id, above.code, line.depth + 1
                        FROM problems_category above JOIN line ON above.id = line.parent_id WHERE line.depth < 20
                    )
                    SELECT code INTO NEW.top_category FROM line ORDER BY depth DESC LIMIT 1;
                    RETURN NEW;
                """,
            ),
            # Limits, slips and instructions carry the entry's place for the figures; none of its writers can forget.
            pgtrigger.Trigger(
                name="places_follow",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("enterprise_id", "region_id", "chain_id", "committee_id"),
                condition=pgtrigger.AnyChange("enterprise", "region", "chain", "committee"),
                func="""
                    UPDATE problems_steplimit SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,
                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;
                    UPDATE problems_slip SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,
                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;
                    UPDATE problems_instruction SET enterprise_id = NEW.enterprise_id, region_id = NEW.region_id,
                        chain_id = NEW.chain_id, committee_id = NEW.committee_id WHERE problem_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region", "-id"], name="problem_region"),
            models.Index(fields=["committee", "-id"], name="problem_committee"),
            models.Index(fields=["enterprise", "-id"], name="problem_enterprise"),
            # Which months each enterprise raised something in: read whole for the figure of different enterprises.
            models.Index(
                fields=["enterprise", "submitted_on"],
                include=["region", "chain", "committee"],
                name="problem_enterprise_months",
            ),
            models.Index(fields=["state", "-id"], name="problem_state"),
            models.Index(
                fields=["due_on"],
                name="problem_due",
                condition=Q(state__in=sorted(str(s) for s in CLOCK_STATES)),
            ),
            # Red, yellow and green ones, the newest first.
            models.Index(
                F("id").desc(),
                "due_on",
                "yellow_on",
                name="problem_running",
                condition=Q(state__in=sorted(str(s) for s in CLOCK_STATES)),
            ),
            # Open ones, the newest first: few, however long the ledger.
            models.Index(
                F("id").desc(), name="problem_open", condition=Q(state__in=sorted(str(s) for s in OPEN_STATES))
            ),
            # A number by its end, as it is typed.
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="problem_number_back"),
            # Open entries that were bounced or redone: few, looked at by the ladder of supervision.
            models.Index(
                fields=["id"],
                name="problem_troubled",
                condition=(Q(bounces__gt=0) | Q(reopened_times__gt=0)) & Q(ended_on=None),
            ),
            models.Index(
                fields=["due_on", "id"],
                name="problem_paused",
                condition=Q(state__in=sorted(str(s) for s in PAUSED_STATES)),
            ),
            # Days on which paused and waiting entries are looked at again: the calendar of deadlines.
            models.Index(fields=["next_on"], name="problem_next", condition=Q(next_on__isnull=False)),
            models.Index(F("id").desc(), name="problem_escalated", condition=Q(is_escalated=True)),
            # The order "by deadline" of the list, of all entries and of the open ones.
            models.Index(Coalesce("due_on", Value(NEVER)), F("id").desc(), name="problem_by_deadline"),
            models.Index(
                Coalesce("due_on", Value(NEVER)),
                F("id").desc(),
                name="problem_open_by_deadline",
                condition=Q(state__in=sorted(str(s) for s in OPEN_STATES)),
            ),
            # From the latest deadline back.
            models.Index(Coalesce("due_on", Value(BEFORE_ALL)), F("id").desc(), name="problem_from_last_deadline"),
            models.Index(fields=["region", "submitted_on"], name="problem_region_submitted"),
            models.Index(fields=["committee", "submitted_on"], name="problem_committee_submitted"),
            # Figures are recounted cell by cell: each date they go by is indexed below its region and committee.
            *[
                models.Index(fields=[place, f"{step}_on"], name=f"problem_{place}_{step}"[:30])
                for place in ("region", "committee")
                for step in ("accepted", "assigned", "decided", "resolved", "confirmed", "rated", "closed", "ended")
            ],
            GinIndex(fields=["tokens"], name="problem_tokens"),
        ]
        constraints = [
            models.CheckConstraint(name="problem_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="problem_outcome_known",
                condition=Q(outcome__in=["", *Outcome.values]),
            ),
            models.CheckConstraint(
                name="problem_submitted_unless_draft",
                condition=Q(state=State.DRAFT)
                | Q(
                    submitted_at__isnull=False,
                    submitted_on__isnull=False,
                    number__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="problem_closed_has_date",
                condition=~Q(state=State.CLOSED)
                | Q(
                    closed_on__isnull=False,
                    last_closed_on__isnull=False,
                    closing_number__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="problem_handled_has_one_lead",
                condition=~Q(state__in=["assigned", "in_progress", "resolved"])
                | Q(lead_team__isnull=False, lead_department=None)
                | Q(lead_team=None, lead_department__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_clock_has_deadline",
                condition=~Q(state__in=["assigned", "in_progress"]) | Q(due_on__isnull=False, yellow_on__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_resolved_has_text",
                condition=~Q(state=State.RESOLVED)
                | (~Q(resolution="") & ~Q(outcome="") & Q(resolved_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="problem_ended_has_date",
                condition=~Q(state__in=["declined", "closed", "withdrawn"])
                | (Q(ended_on__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="problem_merged_names_target",
                condition=~Q(outcome=Outcome.MERGED) | Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(name="problem_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="problem_dates_ordered",
                condition=(Q(last_closed_on=None) | Q(last_closed_on__gte=F("closed_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("submitted_on"))),
            ),
        ]

    def __str__(self):
        return f"{self.number or ''} {self.title}".strip()

    def get_absolute_url(self):
        return reverse("problems:detail", args=[self.pk])

    def refresh_from_db(self, *args, **kwargs):
        """Read again, with what is kept beside the columns: the legs and the rules."""
        super().refresh_from_db(*args, **kwargs)
        for name in ("active_legs", "_rulebooks"):
            self.__dict__.pop(name, None)

    @cached_property
    def active_legs(self):
        """The units that hold it now: the lead and those that help. Read once per instance."""
        return [leg for leg in self.assignments.select_related("team", "department") if leg.ended_at is None]

    @property
    def lead(self):
        """The unit that answers for it: a help team or a department, None before assignment."""
        return self.lead_team or self.lead_department
