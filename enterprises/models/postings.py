"""Postings of people to enterprises, organisations and regions."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import phone_validator
from core import search
from enterprises.enums import PostedTo, PostingClass
from enterprises.models.enterprise import Enterprise
from enterprises.models.kinds import PostingKind
from enterprises.models.organisation import PartyOrganisation
from enterprises.models.placed import Placed, dated
from enterprises.querysets import PostingQuerySet


@pghistory.track(exclude=["initials", "person_key"])
class Posting(Placed):
    """A person posted (派驻) to one enterprise, one Party organisation or one region, from a day until another.

    Somebody who is posted to several places has one row for each. `counts_as` and `is_single` are the kind's;
    `person_key` says which rows are of the same person: name, employer and county. The day `ended_on` is the first on
    which the person is there no more.
    """

    kind = models.ForeignKey(PostingKind, verbose_name=_("派驻类别"), on_delete=models.PROTECT, related_name="postings")
    counts_as = models.CharField(max_length=20, choices=PostingClass, editable=False)
    is_single = models.BooleanField(default=False, editable=False)
    posted_to = models.CharField(_("派驻到"), max_length=12, choices=PostedTo, editable=False)
    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        verbose_name=_("党组织"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="postings",
    )
    person = models.CharField(_("姓名"), max_length=40)
    post_title = models.CharField(_("职务"), max_length=80, blank=True)
    employer = models.CharField(_("派出单位"), max_length=80, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True, validators=[phone_validator])
    started_on = models.DateField(_("到岗日期"))
    ended_on = models.DateField(_("离岗日期"), null=True, blank=True)
    end_reason = models.CharField(_("离岗原因"), max_length=120, blank=True)
    person_key = models.CharField(max_length=160, editable=False, db_index=True)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("派驻")
        verbose_name_plural = _("派驻")
        ordering = ["-started_on", "-id"]
        indexes = [
            *dated("posting", "started_on", "ended_on"),
            models.Index(fields=["kind", "region"], name="posting_kind_region"),
        ]
        constraints = [
            models.CheckConstraint(
                name="posting_has_its_place",
                condition=Q(posted_to=PostedTo.ENTERPRISE, enterprise__isnull=False, organisation=None)
                | Q(posted_to=PostedTo.ORGANISATION, enterprise=None, organisation__isnull=False)
                | Q(posted_to=PostedTo.REGION, enterprise=None, organisation=None),
                violation_error_message=_("一条派驻只能派到一家企业、一个党组织或一个区域。"),
            ),
            models.CheckConstraint(
                name="posting_dates_ordered",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("离岗日期不能早于到岗日期。"),
            ),
            models.CheckConstraint(
                name="posting_reason_of_an_end",
                condition=Q(end_reason="") | Q(ended_on__isnull=False),
                violation_error_message=_("填写了离岗原因的，请填写离岗日期。"),
            ),
            models.CheckConstraint(name="posting_class_known", condition=Q(counts_as__in=PostingClass.values)),
            models.UniqueConstraint(
                name="posting_once_in_place",
                fields=["kind", "person_key", "region", "enterprise", "organisation"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                violation_error_message=_("此人已在这里任同一职务。"),
            ),
            models.UniqueConstraint(
                name="posting_single_holder",
                fields=["kind", "region", "enterprise", "organisation"],
                condition=Q(ended_on=None, is_single=True),
                nulls_distinct=False,
                violation_error_message=_("这里已有人在岗，请先办理离岗或接替。"),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.kind}"

    def save(self, *args, **kwargs):
        self.initials = search.initials(self.person)
        super().save(*args, **kwargs)

    @property
    def place(self):
        """The enterprise, organisation or region that the person is posted to."""
        return self.enterprise or self.organisation or self.region
