"""Decisions of meetings (议定事项): who does what until when."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from core import clock, workdays
from core.models import KeptFile
from meetings.enums import ActState, DecisionAct, DecisionState
from meetings.models.meeting import AgendaItem, Meeting
from meetings.querysets import DecisionQuerySet, OfDecisionQuerySet
from problems import rules
from problems.models import Problem


@pghistory.track()
class Decision(models.Model):
    """A matter decided (议定事项): who does what until when.

    `overdue_from` is the day after the deadline and `ended_on` the day it was done or cancelled, so that what was open
    or overdue on any past day is read from columns. `act` is what it does to its problem through the ledger's own
    lifecycle once the meeting has been held, on `acted_on`; `act_sentence` says why the ledger would not. `yellow_on`
    is the first day on which only the rulebook's last few working days are left, reckoned when the deadline is given.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
    )
    problem = models.ForeignKey(
        Problem,
        verbose_name=_("关联问题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="decisions")
    text = models.CharField(_("议定内容"), max_length=500)
    owner_department = models.ForeignKey(
        Department,
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    owner_name = models.CharField(_("责任人"), max_length=40, blank=True)
    decided_on = models.DateField(_("议定日期"))
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=10, choices=DecisionState, default=DecisionState.OPEN)
    act = models.CharField(_("对问题的处理"), max_length=10, choices=DecisionAct, blank=True, default="")
    act_team = models.ForeignKey(
        HelpTeam, verbose_name=_("交办帮办团"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    act_department = models.ForeignKey(
        Department, verbose_name=_("交办单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    act_on = models.DateField(_("新的期限（下次跟进日期）"), null=True, blank=True)
    act_state = models.CharField(_("执行情况"), max_length=10, choices=ActState, blank=True, default="", editable=False)
    act_sentence = models.CharField(max_length=300, blank=True, editable=False)
    acted_on = models.DateField(_("执行日期"), null=True, blank=True, editable=False)
    mechanism_code = models.CharField(_("关联机制"), max_length=20, blank=True)
    done_on = models.DateField(_("落实日期"), null=True, blank=True)
    done_text = models.CharField(_("落实情况"), max_length=1000, blank=True)
    overdue_from = models.DateField(editable=False)
    yellow_on = models.DateField(null=True, editable=False)
    ended_on = models.DateField(_("了结日期"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("议定事项")
        verbose_name_plural = _("议定事项")
        ordering = ["-decided_on", "id"]
        indexes = [
            models.Index(fields=["committee", "state", "due_on"], name="decision_committee"),
            models.Index(fields=["region", "decided_on"], name="decision_region"),
            models.Index(fields=["-decided_on", "-id"], name="decision_newest"),
            models.Index(fields=["due_on", "id"], name="decision_next_due"),
            models.Index(fields=["state", "-decided_on", "-id"], name="decision_state_newest"),
            models.Index(fields=["region", "ended_on"], name="decision_region_ended"),
            models.Index(fields=["region", "overdue_from"], name="decision_region_overdue"),
            models.Index(fields=["committee", "decided_on"], name="decision_committee_decided"),
            models.Index(fields=["committee", "ended_on"], name="decision_committee_ended"),
            models.Index(fields=["committee", "overdue_from"], name="decision_committee_overdue"),
            models.Index(fields=["region", "acted_on"], name="decision_region_acted"),
            models.Index(fields=["committee", "acted_on"], name="decision_committee_acted"),
            models.Index(fields=["mechanism_code"], name="decision_mechanism", condition=~Q(mechanism_code="")),
        ]
        constraints = [
            models.CheckConstraint(name="decision_state_known", condition=Q(state__in=DecisionState.values)),
            models.CheckConstraint(name="decision_act_known", condition=Q(act__in=DecisionAct.values)),
            models.CheckConstraint(name="decision_act_state_known", condition=Q(act_state__in=ActState.values)),
            models.CheckConstraint(
                name="decision_act_about_problem",
                condition=Q(act="") | Q(problem__isnull=False),
                violation_error_message=_("要对问题作处理，请先填写关联问题编号。"),
            ),
            models.CheckConstraint(
                name="decision_has_owner",
                condition=Q(owner_department__isnull=False) | ~Q(owner_name=""),
                violation_error_message=_("请填写责任单位或责任人。"),
            ),
            models.CheckConstraint(
                name="decision_due_after_decided",
                condition=Q(due_on__gte=F("decided_on")),
                violation_error_message=_("完成期限不能早于议定日期。"),
            ),
            models.CheckConstraint(
                name="decision_done_has_date",
                condition=~Q(state=DecisionState.DONE) | Q(done_on__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_acted_has_date",
                condition=Q(act_state=ActState.DONE, acted_on__isnull=False)
                | (~Q(act_state=ActState.DONE) & Q(acted_on=None)),
            ),
            models.CheckConstraint(
                name="decision_ended_has_date",
                condition=Q(state__in=["draft", "open"], ended_on=None)
                | Q(state__in=["done", "cancelled"], ended_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.overdue_from = self.due_on + dt.timedelta(days=1)
        if self.yellow_on is None or self.due_on != self._due_when_read:
            self.yellow_on = self._yellow_from()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "overdue_from", "yellow_on"}
        super().save(*args, **kwargs)
        self._due_when_read = self.due_on

    def get_absolute_url(self):
        return reverse("meetings:decision_detail", args=[self.pk])

    @classmethod
    def from_db(cls, db, names, values):
        read = super().from_db(db, names, values)
        read._due_when_read = read.__dict__.get("due_on")
        return read

    _due_when_read: dt.date | None = None

    def _yellow_from(self) -> dt.date:
        """By the rulebook and the calendar of the place, never before it was decided."""
        book = rules.rulebook_for(self.region, clock.today())
        return max(rules.yellow_from(book, self.due_on, workdays.current(self.region.path)), self.decided_on)

    def light(self, today: dt.date) -> str:
        """The light of the decision on that day, empty once it has ended; the rule of `with_light`."""
        if self.state != DecisionState.OPEN:
            return ""
        if self.due_on < today:
            return "red"
        return "yellow" if self.yellow_on is not None and self.yellow_on <= today else "green"


class DecisionNote(models.Model):
    """How far a decision has come (落实进展), told in between."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(_("进展"), max_length=1000)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = OfDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("落实进展")
        verbose_name_plural = _("落实进展")
        ordering = ["decision", "id"]

    def __str__(self):
        return self.text


class DecisionFile(KeptFile):
    """Evidence that a decision was carried out (佐证材料), never required, served as a download only."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="files")

    objects = OfDecisionQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
