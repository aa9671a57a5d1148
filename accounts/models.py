"""People's accounts and their posts (a role in a scope for a time)."""

import datetime as dt

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleChoice
from accounts.querysets import PostQuerySet, UserManager
from alliances.models import Department, HelpTeam, Region, phone_validator
from chains.models import Chain, Committee
from core.actor import Role
from enterprises.models import Enterprise


class User(AbstractUser):
    """One person's account (账号). Shared accounts are not allowed; accounts are disabled, never deleted."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("电话"), max_length=30, blank=True, validators=[phone_validator])
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    is_demo = models.BooleanField(_("演示账号"), default=False)

    objects = UserManager()
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


_NONE = {
    "region": None,
    "chain": None,
    "committee": None,
    "team": None,
    "department": None,
    "enterprise": None,
}


def _only(*filled: str) -> Q:
    """Exactly these scope columns are filled."""
    return Q(**{f"{name}__isnull": name not in filled for name in _NONE})


@pghistory.track()
class Post(models.Model):
    """A role held in a scope from one date to another (岗位). What a person may do follows from the posts in force."""

    user = models.ForeignKey(User, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=RoleChoice)
    region = models.ForeignKey(
        Region,
        verbose_name=_("区域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name=_("产业链党委"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    team = models.ForeignKey(
        HelpTeam,
        verbose_name=_("帮办团"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name=_("企业"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    title = models.CharField(_("职务"), max_length=80, blank=True)
    started_on = models.DateField(_("任职日期"))
    ended_on = models.DateField(_("离任日期"), null=True, blank=True)
    # A deputy's post (代理) is one of a term: same role and scope as the post it stands in for.
    deputy_for = models.ForeignKey(
        "self", verbose_name=_("代理"), null=True, blank=True, on_delete=models.PROTECT, related_name="deputies"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering = ["user", "id"]
        constraints = [
            models.CheckConstraint(
                name="post_scope_fits_role",
                condition=(Q(role=Role.COUNTY_OFFICER) & _only("region"))
                | (Q(role=Role.LEADER) & (_only("region") | _only("region", "chain")))
                | (Q(role=Role.CHAIN_SECRETARY) & _only("committee"))
                | (Q(role=Role.TEAM_MEMBER) & _only("team"))
                | (Q(role=Role.DEPARTMENT_OFFICER) & _only("department"))
                | (Q(role=Role.BRANCH_SECRETARY) & _only("enterprise"))
                | (Q(role__in=[Role.AUDITOR, Role.SYSTEM_ADMIN]) & _only()),
                violation_error_message=_("岗位的范围与角色不符。"),
            ),
            models.CheckConstraint(
                name="post_dates_ordered",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("离任日期不能早于任职日期。"),
            ),
            models.CheckConstraint(
                name="post_deputy_has_term",
                condition=Q(deputy_for=None) | Q(ended_on__isnull=False),
                violation_error_message=_("代理须有截止日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()}"

    @property
    def unit(self):
        """The committee, team, department or enterprise of the post; None for posts of a region or of none."""
        return self.committee or self.team or self.department or self.enterprise

    @property
    def home(self):
        """The region the post is at home in: that of its unit, else its own."""
        return self.unit.region if self.unit else self.region

    @property
    def last_day(self):
        """The last day on which the post gives rights; None where it is open."""
        return self.ended_on and self.ended_on - dt.timedelta(days=1)

    @property
    def place(self):
        """The unit or region the post is held in; None for administrators and auditors."""
        if self.chain_id and self.region_id:
            return f"{self.region} · {self.chain}"
        return self.region or self.committee or self.team or self.department or self.enterprise


class TypedDraft(models.Model):
    """What somebody has typed into a form and not sent yet (暂存), kept until it is sent, emptied or 30 days old.

    `key` names the form and its record; `data` holds its fields as text, never a password or a file.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=100)
    data = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("暂存")
        verbose_name_plural = _("暂存")
        constraints = [models.UniqueConstraint(name="typeddraft_once", fields=["user", "key"])]

    def __str__(self):
        return f"{self.user} {self.key}"
