"""Activities and visits (活动、走访) with whom they reached and what was collected on the spot."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from core.models import KeptFile
from enterprises.models import Enterprise, PartyOrganisation
from meetings.enums import ActivityClass, ActivityMode, ActivityState, PersonCategory
from meetings.models.kinds import ActivityKind
from meetings.querysets import ActivityQuerySet, OfActivityQuerySet
from problems.models import Problem


@pghistory.track()
class Activity(models.Model):
    """An activity of an alliance (活动): study, lecture, theme Party day, training, inspection, visit ...

    Of a committee, or of a region where it belongs to none. `held_on` is the day it took place (or is planned for);
    figures count what is done. `counts_as` and `disturbs` are copies of the kind's, so that they count without a join.
    """

    kind = models.ForeignKey(ActivityKind, verbose_name=_("活动类别"), on_delete=models.PROTECT, related_name="+")
    counts_as = models.CharField(_("归口"), max_length=20, choices=ActivityClass, editable=False)
    disturbs = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=ActivityState, default=ActivityState.DONE)
    title = models.CharField(_("活动名称"), max_length=120)
    region = models.ForeignKey(Region, verbose_name=_("所在区域"), on_delete=models.PROTECT, related_name="activities")
    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("承办党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    starts_at = models.DateTimeField(_("开始时间"))
    held_on = models.DateField(_("日期"), editable=False)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    mode = models.CharField(_("方式"), max_length=10, choices=ActivityMode, default=ActivityMode.ON_SITE)
    leader = models.CharField(_("带队（主讲）人"), max_length=40, blank=True)
    leader_title = models.CharField(_("带队（主讲）人职务"), max_length=80, blank=True)
    text = models.TextField(_("情况"), blank=True, max_length=4000)
    once_key = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["region", "held_on"], name="activity_region"),
            models.Index(fields=["committee", "held_on"], name="activity_committee"),
            models.Index(fields=["-held_on", "-id"], name="activity_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="activity_class_known", condition=Q(counts_as__in=ActivityClass.values)),
            models.CheckConstraint(name="activity_state_known", condition=Q(state__in=ActivityState.values)),
            models.CheckConstraint(name="activity_mode_known", condition=Q(mode__in=ActivityMode.values)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:activity_detail", args=[self.pk])


class ActivityReach(models.Model):
    """An enterprise that an activity reached or will reach (涉及企业).

    Region, chain and committee are those of the enterprise; they, the day, class and state are copies, kept by the
    lifecycle, so that 'different enterprises visited' counts without a join.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="reached")
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="reached_by"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(editable=False)
    counts_as = models.CharField(max_length=20, choices=ActivityClass, editable=False)
    disturbs = models.BooleanField(default=False, editable=False)
    mode = models.CharField(max_length=10, choices=ActivityMode, editable=False)
    state = models.CharField(max_length=10, choices=ActivityState, editable=False)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("涉及企业")
        verbose_name_plural = _("涉及企业")
        ordering = ["activity", "id"]
        indexes = [
            models.Index(fields=["enterprise", "held_on"], name="reach_enterprise"),
            models.Index(fields=["region", "held_on"], name="reach_region"),
            models.Index(fields=["committee", "held_on"], name="reach_committee"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="reach_once",
                fields=["activity", "enterprise"],
                violation_error_message=_("这家企业已在名单中。"),
            )
        ]

    def __str__(self):
        return str(self.enterprise)


class ActivityPeople(models.Model):
    """How many people of a category an activity reached (参加人数): one row for each category, or for each category
    and enterprise. Copies as in `ActivityReach`."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="people")
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(_("人员类别"), max_length=10, choices=PersonCategory)
    number = models.PositiveIntegerField(_("人数"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(editable=False)
    counts_as = models.CharField(max_length=20, choices=ActivityClass, editable=False)
    state = models.CharField(max_length=10, choices=ActivityState, editable=False)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("参加人数")
        verbose_name_plural = _("参加人数")
        ordering = ["activity", "id"]
        indexes = [
            models.Index(fields=["region", "held_on"], name="people_region"),
            models.Index(fields=["committee", "held_on"], name="people_committee"),
        ]
        constraints = [
            models.CheckConstraint(name="people_category_known", condition=Q(category__in=PersonCategory.values)),
            models.CheckConstraint(
                name="people_some",
                condition=Q(number__gte=1, number__lte=100_000),
                violation_error_message=_("人数应在 1 到 100000 之间。"),
            ),
            models.UniqueConstraint(
                name="people_category_once",
                fields=["activity", "enterprise", "category"],
                nulls_distinct=False,
                violation_error_message=_("同一类人员只填一次。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.number}"


class ActivityUnit(models.Model):
    """A unit that takes part (参加单位): the one that arranged it, and those that joined instead of coming again."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="units")
    department = models.ForeignKey(
        Department, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        HelpTeam, verbose_name=_("帮办团"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    committee = models.ForeignKey(
        Committee, verbose_name=_("产业链党委"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("单位名称"), max_length=80, blank=True)
    purpose = models.CharField(_("事由"), max_length=200, blank=True)
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("参加单位")
        verbose_name_plural = _("参加单位")
        ordering = ["activity", "id"]
        constraints = [
            models.CheckConstraint(
                name="activityunit_named",
                condition=Q(department__isnull=False)
                | Q(team__isnull=False)
                | Q(committee__isnull=False)
                | ~Q(name=""),
                violation_error_message=_("请填写参加单位。"),
            ),
            models.UniqueConstraint(
                name="activityunit_once",
                fields=["activity", "department", "team", "committee", "name"],
                nulls_distinct=False,
                violation_error_message=_("这个单位已在参加单位中。"),
            ),
        ]

    def __str__(self):
        return str(self.department or self.team or self.committee or self.name)


class ActivityProblem(models.Model):
    """An entry of the ledger collected on the spot (现场收集的问题)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="collected")
    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="collected_by")

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("现场收集的问题")
        verbose_name_plural = _("现场收集的问题")
        ordering = ["activity", "id"]

    def __str__(self):
        return str(self.problem)


class ActivityFile(KeptFile):
    """A file of an activity (附件), never required, stored under a random name and served as a download only."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="files")

    objects = OfActivityQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
