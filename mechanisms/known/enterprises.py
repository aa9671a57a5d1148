"""Enterprises and Party organisations: who duties fall on, and what is so of them."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises import gaps
from enterprises.enums import Coverage, Formation, OrganisationKind, Scale
from enterprises.models import (
    ChainMembership,
    CoverageSpell,
    EmployeeCount,
    Enterprise,
    MemberCount,
    PartyOrganisation,
)
from mechanisms import actors, acts
from mechanisms.actors import ActorKind
from mechanisms.acts import Act, Filter, Watch
from mechanisms.known.chains import is_set, one_of
from mechanisms.known.history import flag_then, one_of_then


def on_day(rows, begins: str, ends: str, day):
    """The rows that are in force on a day."""
    return rows.filter(**{f"{begins}__lte": day}).filter(Q(**{ends: None}) | Q(**{f"{ends}__gt": day}))


def _covered(value, day) -> Q:
    found = Q(gaps.covered(day))
    return found if value else ~found


def _master(value, day) -> Q:
    places = ChainMembership.objects.filter(enterprise=OuterRef("pk"), is_master=True)
    found = Q(Exists(on_day(places, "joined_on", "left_on", day).order_by()))
    return found if value else ~found


def _primary(column: str):
    """Chain or committee of the main chain, for placing an enterprise; what it was last where it has left."""
    places = ChainMembership.objects.filter(enterprise=OuterRef("pk")).order_by("left_on", "-is_primary", "-pk")
    return Subquery(places.values(column)[:1])


def organisation_url(row) -> str:
    return reverse("enterprises:organisation_detail", args=[row.pk])


def enterprise_url(row) -> str:
    return reverse("enterprises:enterprise_detail", args=[row.pk])


def register() -> None:
    _register_actors()
    _register_acts()


def _register_actors() -> None:
    actors.register(
        ActorKind(
            "organisation",
            _("党组织"),
            PartyOrganisation,
            {
                "region": "region_id", "chain": "chain_id", "committee": "committee_id",
                "enterprise": "enterprise_id",
            },
            lambda actor: PartyOrganisation.objects.visible_to(actor),
            begins="founded_on",
            ends="dissolved_on",
            each=_("各党组织"),
            filters={
                "kind": one_of_then(_("党组织类别"), PartyOrganisation, "kind", OrganisationKind.choices),
                "formation": one_of_then(_("组建方式"), PartyOrganisation, "formation", Formation.choices),
                "of_enterprise": is_set(_("有所属企业"), Q(enterprise__isnull=False), "enterprise"),
            },
            related=("region",),
            url=organisation_url,
        ),
        ActorKind(
            "enterprise",
            _("企业"),
            Enterprise,
            {
                "region": "region_id", "chain": _primary("chain_id"), "committee": _primary("committee_id"),
                "enterprise": "id",
            },
            lambda actor: Enterprise.objects.visible_to(actor),
            begins="joined_on",
            ends="left_on",
            each=_("各链上企业"),
            filters={
                "scale": one_of_then(_("规模"), Enterprise, "scale", Scale.choices),
                "above_scale": flag_then(_("规上企业"), Enterprise, "is_above_scale"),
                "leading": flag_then(_("龙头企业"), Enterprise, "is_leading"),
                "master": Filter(_("链主企业"), _master, dated=True),
                "has_organisation": Filter(_("已建党组织"), _covered, dated=True),
            },
            watches=(Watch(CoverageSpell, "enterprise_id", "id"), Watch(ChainMembership, "enterprise_id", "id")),
            related=("region",),
            url=enterprise_url,
        ),
    )  # fmt: skip


def _coverage(code: str, label, which: str, form: str, do_label) -> Act:
    """One of the two coverages (两个覆盖) as something that is so on every day."""
    return Act(
        code,
        label,
        CoverageSpell,
        on="from_on",
        until="until_on",
        base=Q(membership=None, coverage=which),
        actors={"enterprise": "enterprise_id"},
        unit=_("个"),
        visible=lambda actor: CoverageSpell.objects.visible_to(actor),
        url=lambda row: enterprise_url(row.enterprise),
        title=lambda row: str(row.enterprise),
        do_url=lambda duty: f"{reverse(f'enterprises:{form}_create')}?enterprise={duty.enterprise_id or ''}",
        do_label=do_label,
    )


def _register_acts() -> None:
    acts.register(
        Act(
            "enterprises.organisation",
            _("组建党组织"),
            PartyOrganisation,
            on="founded_on",
            until="dissolved_on",
            actors={"region": "region_id", "committee": "committee_id", "enterprise": "enterprise_id"},
            unit=_("个"),
            filters={
                "kind": one_of(_("党组织类别"), "kind", OrganisationKind.choices),
                "formation": one_of(_("组建方式"), "formation", Formation.choices),
            },
            visible=lambda actor: PartyOrganisation.objects.visible_to(actor),
            url=organisation_url,
            do_url=lambda duty: reverse("enterprises:organisation_create"),
            do_label=_("登记党组织"),
        ),
        _coverage("enterprises.coverage", _("党的组织覆盖"), Coverage.ORGANISATION, "organisation", _("登记党组织")),
        _coverage("enterprises.work_coverage", _("党的工作覆盖"), Coverage.WORK, "posting", _("登记派驻")),
        Act(
            "enterprises.membership",
            _("企业入链"),
            ChainMembership,
            on="joined_on",
            until="left_on",
            actors={"region": "region_id", "committee": "committee_id", "enterprise": "enterprise_id"},
            unit=_("家"),
            filters={"master": is_set(_("链主企业"), Q(is_master=True), "is_master")},
            visible=lambda actor: ChainMembership.objects.visible_to(actor),
            url=lambda row: enterprise_url(row.enterprise),
            do_url=lambda duty: reverse("enterprises:enterprise_create"),
            do_label=_("登记企业"),
        ),
        Act(
            "enterprises.member_count",
            _("报送党员数"),
            MemberCount,
            on="from_on",
            actors={"organisation": "organisation_id", "committee": "committee_id", "region": "region_id"},
            unit=_("次"),
            reaches={"organisation": "organisation_id"},
            visible=lambda actor: MemberCount.objects.visible_to(actor),
            url=lambda row: organisation_url(row.organisation),
            do_url=lambda duty: (
                reverse("enterprises:members_record", args=[duty.actor_id]) if duty.actor_kind == "organisation" else ""
            ),
            do_label=_("报送党员数"),
        ),
        Act(
            "enterprises.employee_count",
            _("报送员工数"),
            EmployeeCount,
            on="from_on",
            actors={"enterprise": "enterprise_id", "committee": "committee_id", "region": "region_id"},
            unit=_("次"),
            reaches={"enterprise": "enterprise_id"},
            visible=lambda actor: EmployeeCount.objects.visible_to(actor),
            url=lambda row: enterprise_url(row.enterprise),
            do_url=lambda duty: (
                reverse("enterprises:employees_record", args=[duty.actor_id]) if duty.actor_kind == "enterprise" else ""
            ),
            do_label=_("报送员工数"),
        ),
    )
