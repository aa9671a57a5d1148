"""What the organisation counts: alliances, help teams and their members."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.models import Alliance, HelpTeam, TeamMember
from core import units
from indicators.declarations import NEUTRAL, Column, Source, Stock, register

ALLIANCES = Source(
    "alliances",
    Alliance,
    pgettext_lazy("list", "产业链党建联盟"),
    chain=None,
    committee=None,
    visible=lambda actor: Alliance.objects.visible_to(actor),
    url=lambda row: reverse("alliances:alliance_detail", args=[row.pk]),
    related=("region",),
    columns=[
        Column(_("名称"), "name"),
        Column(_("所在区域"), "region__name"),
        Column(_("运行模式"), "scheme"),
        Column(_("成立日期"), "founded_on"),
    ],
)
TEAMS = Source(
    "help_teams",
    HelpTeam,
    pgettext_lazy("list", "帮办团"),
    chain=None,
    committee=None,
    visible=lambda actor: HelpTeam.objects.visible_to(actor),
    url=lambda row: reverse("alliances:team_detail", args=[row.pk]),
    related=("region", "lead_department"),
    columns=[
        Column(_("名称"), "name"),
        Column(_("类别"), "kind"),
        Column(_("所在区域"), "region__name"),
        Column(_("牵头单位"), "lead_department__name"),
        Column(_("组建日期"), "founded_on"),
    ],
)
TEAM_MEMBERS = Source(
    "team_members",
    TeamMember,
    _("帮办团成员"),
    chain=None,
    committee=None,
    visible=lambda actor: TeamMember.objects.visible_to(actor),
    url=lambda row: reverse("alliances:team_detail", args=[row.team_id]),
    related=("team", "department"),
    columns=[
        Column(_("姓名"), "name"),
        Column(_("帮办团"), "team__name"),
        Column(_("所在单位"), "department__name"),
        Column(_("加入日期"), "joined_on"),
    ],
)

register(
    Stock(
        "alliances",
        _("产业链党建联盟"),
        units.GE,
        _("期末已成立、未撤销的产业链党建联盟。"),
        more=NEUTRAL,
        source=ALLIANCES,
        enters="founded_on",
        leaves="dissolved_on",
    ),
    Stock(
        "help_teams",
        _("帮办团"),
        units.GE,
        _("期末已组建、未撤销的帮办团。"),
        more=NEUTRAL,
        source=TEAMS,
        enters="founded_on",
        leaves="dissolved_on",
    ),
    Stock(
        "team_members_count",
        _("帮办团成员"),
        units.MING,
        _("期末在任的帮办团成员；一人在两个帮办团任职，计两名。"),
        more=NEUTRAL,
        source=TEAM_MEMBERS,
        enters="joined_on",
        leaves="left_on",
    ),
)
