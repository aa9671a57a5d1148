"""Demands of enterprises, and what a person said of what might meet them."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import search
from core.clock import today
from enterprises.models import Enterprise
from enterprises.models.placed import Placed, dated
from problems.models import Problem
from services.list_enums import DemandState, MatchState
from services.list_querysets import DemandQuerySet, MatchQuerySet
from services.models.list_kinds import ServiceKind
from services.models.offers import Policy, Resource, lapses


@pghistory.track(exclude=["initials", "tokens"])
class Demand(Placed):
    """What an enterprise is looking for (需求): open, matched, met or withdrawn.

    It is open in the figures from `raised_on` until the day before `ends_on`: met, withdrawn, or past its validity.
    A demand that only an office can meet becomes an entry of the ledger, `problem`.
    """

    enterprise = models.ForeignKey(Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="demands")
    kind = models.ForeignKey(ServiceKind, verbose_name=_("要素类别"), on_delete=models.PROTECT, related_name="demands")
    title = models.CharField(_("需求"), max_length=120, help_text=_("一句话说清需要什么。"))
    text = models.TextField(_("具体情况"), max_length=2000, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=DemandState, default=DemandState.OPEN, editable=False)
    raised_on = models.DateField(_("提出日期"))
    needed_by = models.DateField(_("需要在何时之前"), null=True, blank=True)
    valid_until = models.DateField(
        _("有效期至"), null=True, blank=True, help_text=_("过了这一天不再对接；长期有效不填。")
    )
    met_on = models.DateField(_("满足日期"), null=True, blank=True, editable=False)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("结果说明"), max_length=300, blank=True, editable=False)
    ends_on = models.DateField(null=True, editable=False)
    problem = models.OneToOneField(
        Problem,
        verbose_name=_("转办问题"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="demand",
    )
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("需求")
        verbose_name_plural = _("需求")
        ordering = ["-raised_on", "-id"]
        indexes = [
            GinIndex(fields=["tokens"], name="demand_tokens"),
            *dated("demand", "raised_on", "ends_on", "met_on"),
        ]
        constraints = [
            models.CheckConstraint(name="demand_state_known", condition=Q(state__in=DemandState.values)),
            models.CheckConstraint(
                name="demand_state_dated",
                condition=Q(state__in=[DemandState.OPEN, DemandState.MATCHED], met_on=None, withdrawn_on=None)
                | Q(state=DemandState.MET, met_on__isnull=False, withdrawn_on=None)
                | Q(state=DemandState.WITHDRAWN, met_on=None, withdrawn_on__isnull=False),
            ),
            models.CheckConstraint(
                name="demand_dates_ordered",
                condition=(Q(valid_until=None) | Q(valid_until__gte=F("raised_on")))
                & (Q(needed_by=None) | Q(needed_by__gte=F("raised_on")))
                & (Q(met_on=None) | Q(met_on__gte=F("raised_on")))
                & (Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("raised_on"))),
                violation_error_message=_("其他日期不能早于提出日期。"),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.title)
        self.tokens = search.tokens(self.title, self.text)
        self.ends_on = lapses(self.valid_until, self.met_on, self.withdrawn_on)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "ends_on"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:demand_detail", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        return self.state in (DemandState.MET, DemandState.WITHDRAWN)

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {DemandState.MATCHED: "blue", DemandState.MET: "green", DemandState.WITHDRAWN: "grey"}.get(
            self.state, "yellow"
        )

    @property
    def standing(self) -> str:
        """The state in words; one that ran past its validity says so, no job is needed for it."""
        if not self.is_ended and self.valid_until and self.valid_until < today():
            return str(_("已过有效期"))
        return str(self.get_state_display())


@pghistory.track()
class Match(Placed):
    """What a person said of a resource, a policy or a solved problem that might meet a demand (对接).

    Suggestions are worked out whenever they are looked at and stored nowhere; only the word of a person is a row.
    Place and enterprise are copies of the demand's. `grounds` are the codes and points the person saw.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="matches")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="matches")
    resource = models.ForeignKey(
        Resource, verbose_name=_("资源"), null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    policy = models.ForeignKey(
        Policy, verbose_name=_("政策"), null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    solved = models.ForeignKey(
        Problem, verbose_name=_("已解决的问题"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=MatchState)
    decided_on = models.DateField(_("日期"))
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True, editable=False)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    grounds = models.JSONField(default=list, editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("对接")
        verbose_name_plural = _("对接")
        ordering = ["-decided_on", "-id"]
        indexes = dated("match", "confirmed_on")
        constraints = [
            models.CheckConstraint(
                name="match_one_target",
                condition=Q(resource__isnull=False, policy=None, solved=None)
                | Q(resource=None, policy__isnull=False, solved=None)
                | Q(resource=None, policy=None, solved__isnull=False),
            ),
            models.CheckConstraint(
                name="match_state_told",
                condition=Q(state=MatchState.CONFIRMED, confirmed_on__isnull=False)
                | (Q(state=MatchState.SET_ASIDE, confirmed_on=None) & ~Q(reason="")),
                violation_error_message=_("不合适的请说明理由。"),
            ),
            models.UniqueConstraint(
                name="match_once",
                fields=["demand", "resource", "policy", "solved"],
                nulls_distinct=False,
                violation_error_message=_("这一项已经处理过。"),
            ),
        ]

    def __str__(self):
        return f"{self.demand} · {self.target}"

    @property
    def target(self):
        """The resource, policy or problem."""
        return self.resource or self.policy or self.solved

    @property
    def target_field(self) -> str:
        return "resource" if self.resource_id else "policy" if self.policy_id else "solved"
