"""Projects (项目): from a lead to full capacity, the money that arrived, who serves them, and notes of dispatch."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Department
from chains.models import Link
from core import search
from enterprises.models import Enterprise, PartyOrganisation
from enterprises.models.kinds import Kind
from enterprises.models.placed import Placed, dated
from enterprises.querysets import PlacedQuerySet
from services.project_enums import CLASSES, DATES, ChainWork, EntryClass, KindOf, Level, ProjectState, ServicePart
from services.project_querysets import FundArrivalQuerySet, OfProjectQuerySet


def amount(label, **options):
    """An amount in 万元 with exact decimals: 0.0001 万元 is one yuan."""
    return models.DecimalField(label, max_digits=14, decimal_places=4, **options)


class EntryKind(Kind):
    """A kind of project, of where a project came from, of loan or of borrower: `of` says which."""

    of = models.CharField(_("用于"), max_length=10, choices=KindOf)
    counts_as = models.CharField(_("统计口径"), max_length=12, choices=EntryClass, default=EntryClass.OTHER)
    level = models.CharField(
        _("级别"), max_length=10, choices=Level, blank=True, help_text=_("储备项目和重大项目的级别，其他不选。")
    )

    class Meta(Kind.Meta):
        ordering = ["of", "order", "id"]
        verbose_name = _("项目与金融类别")
        verbose_name_plural = _("项目与金融类别")
        constraints = [
            models.UniqueConstraint(
                name="entrykind_name_once",
                fields=["region", "of", "name"],
                nulls_distinct=False,
                violation_error_message=_("已有同名类别。"),
            ),
            models.CheckConstraint(
                name="entrykind_known",
                condition=Q(*[Q(of=of, counts_as__in=sorted(classes)) for of, classes in CLASSES.items()],
                            _connector=Q.OR),
                violation_error_message=_("这一统计口径不能用于所选的类别。"),
            ),
            models.CheckConstraint(
                name="entrykind_level",
                condition=Q(level="") | Q(of=KindOf.PROJECT, level__in=Level.values),
                violation_error_message=_("只有项目类别才选级别。"),
            ),
        ]  # fmt: skip


def _states():
    """The state and its dates agree: what was reached has a day, what was not has none."""
    fields = list(DATES.values())
    condition = Q(state=ProjectState.STOPPED, stopped_on__isnull=False) & ~Q(stop_reason="")
    for place, state in enumerate(DATES):
        reached = {f"{name}__isnull": number > place for number, name in enumerate(fields)}
        condition |= Q(state=state, stopped_on=None, **reached)
    return condition


@pghistory.track(exclude=["initials"])
class Project(Placed):
    """One project (项目). Amounts are in 万元; `listed_on` is the day it was put on the year's list (项目清单)."""

    name = models.CharField(_("项目名称"), max_length=120)
    kind = models.ForeignKey(EntryKind, verbose_name=_("项目类别"), on_delete=models.PROTECT, related_name="projects")
    counts_as = models.CharField(max_length=12, choices=EntryClass, editable=False)
    level = models.CharField(max_length=10, choices=Level, blank=True, editable=False)
    source = models.ForeignKey(
        EntryKind, verbose_name=_("项目来源"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    work = models.CharField(_("对产业链的作用"), max_length=12, choices=ChainWork, blank=True)
    link = models.ForeignKey(
        Link, verbose_name=_("环节"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    owner = models.ForeignKey(
        Department, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    investor = models.CharField(_("投资方"), max_length=120, blank=True)
    themes = models.CharField(_("主题"), max_length=120, blank=True, help_text=_("例如 5G+、共性技术+，用顿号隔开。"))
    planned_investment = amount(_("计划总投资（万元）"), null=True, blank=True)
    agreement_amount = amount(_("协议金额（万元）"), null=True, editable=False)
    listed_on = models.DateField(_("列入项目清单日期"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=ProjectState, default=ProjectState.LEAD, editable=False)
    lead_on = models.DateField(_("获得线索日期"))
    negotiated_on = models.DateField(null=True, editable=False)
    signed_on = models.DateField(null=True, editable=False)
    landed_on = models.DateField(null=True, editable=False)
    started_on = models.DateField(null=True, editable=False)
    producing_on = models.DateField(null=True, editable=False)
    capacity_on = models.DateField(null=True, editable=False)
    stopped_on = models.DateField(null=True, editable=False)
    stop_reason = models.CharField(max_length=300, blank=True, editable=False)
    # Follow from the dates above; kept by `save`, because figures go by columns of the row.
    list_started_on = models.DateField(null=True, editable=False)
    out_of_reserve_on = models.DateField(null=True, editable=False)
    note = models.TextField(_("建设内容"), max_length=2000, blank=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目")
        verbose_name_plural = _("项目")
        ordering = ["-lead_on", "-id"]
        indexes = dated(
            "project", "lead_on", "signed_on", "landed_on", "stopped_on", "listed_on", "list_started_on",
            "out_of_reserve_on",
        )  # fmt: skip
        constraints = [
            models.CheckConstraint(name="project_state_dated", condition=_states()),
            models.CheckConstraint(
                name="project_amounts_positive",
                condition=(Q(planned_investment=None) | Q(planned_investment__gt=0))
                & (Q(agreement_amount=None) | Q(agreement_amount__gt=0)),
                violation_error_message=_("金额应大于 0。"),
            ),
            models.CheckConstraint(
                name="project_signed_amount", condition=Q(signed_on=None) | Q(agreement_amount__isnull=False)
            ),
            models.UniqueConstraint(
                name="project_name_once",
                fields=["region", "name"],
                violation_error_message=_("本区域已有同名项目。"),
            ),
        ]

    def __str__(self):
        return self.name

    def derive(self) -> None:
        """Fill in what follows from the other columns."""
        self.initials = search.initials(self.name)
        self.list_started_on = max(self.listed_on, self.started_on) if self.listed_on and self.started_on else None
        self.out_of_reserve_on = min(filter(None, (self.started_on, self.stopped_on)), default=None)

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:project_detail", args=[self.pk])


@pghistory.track()
class FundArrival(Placed):
    """Money that arrived for a project (到位资金). Rows are added, never changed; a negative one puts another right."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="arrivals")
    amount = amount(_("金额（万元）"), help_text=_("登记错的用负数冲减，并写明原因。"))
    arrived_on = models.DateField(_("到位日期"))
    origin = models.CharField(_("资金来源"), max_length=80)
    note = models.CharField(_("备注"), max_length=300, blank=True)

    objects = FundArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("到位资金")
        verbose_name_plural = _("到位资金")
        ordering = ["-arrived_on", "-id"]
        indexes = dated("fundarrival", "arrived_on")
        constraints = [
            models.CheckConstraint(
                name="fundarrival_amount",
                condition=Q(amount__gt=0) | (Q(amount__lt=0) & ~Q(note="")),
                violation_error_message=_("金额不能为 0；冲减的请写明原因。"),
            )
        ]

    def __str__(self):
        return f"{self.project} · {self.arrived_on}"


class ProjectService(models.Model):
    """A Party organisation that serves a project for a stretch of its way (1+1+X、N+1), until it hands over."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="services")
    organisation = models.ForeignKey(
        PartyOrganisation, verbose_name=_("服务党组织"), on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("服务阶段"), max_length=12, choices=ServicePart)
    from_on = models.DateField(_("开始日期"))
    until_on = models.DateField(_("交接日期"), null=True, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目服务")
        verbose_name_plural = _("项目服务")
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="projectservice_known",
                condition=Q(part__in=ServicePart.values) & (Q(until_on=None) | Q(until_on__gte=F("from_on"))),
                violation_error_message=_("交接日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                name="projectservice_once",
                fields=["project", "organisation", "part"],
                condition=Q(until_on=None),
                violation_error_message=_("这个党组织已在这一阶段服务。"),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}（{self.get_part_display()}）"


class DispatchNote(models.Model):
    """What was found and asked for when a project was looked into (项目调度). Rows are added, never changed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="notes")
    held_on = models.DateField(_("调度日期"))
    text = models.TextField(_("进展和要求"), max_length=1000)
    author = models.CharField(max_length=80)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("调度记录")
        verbose_name_plural = _("调度记录")
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return f"{self.project} · {self.held_on}"
