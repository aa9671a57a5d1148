"""Pages of enterprises (一企一档) and Party organisations."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliances.cards import figure_cards
from audit.records import version
from audit.registers import history
from chains.models import Chain, Committee
from core import clock, panels
from core.answers import answer_status, attempt, demand, get_or_404
from enterprises import lifecycle, perms
from enterprises.enums import Coverage
from enterprises.figure_scopes import find_enterprise
from enterprises.forms import EndForm, JoinForm, MembershipForm, MergeForm, NumberForm
from enterprises.models import ChainMembership, Enterprise, PartyOrganisation
from enterprises.registers import ENTERPRISES, ORGANISATIONS
from enterprises.views.deeds import deed, in_sight, typed

FIGURES = ["employees", "problems_raised", "problems_open", "problems_closed", "enterprises_visited"]


@require_safe
def enterprise_detail(request, pk):
    """Everything about one enterprise."""
    actor = request.actor
    rows = Enterprise.objects.visible_to(actor).select_related("region", "merged_into")
    enterprise = get_or_404(rows, pk)
    editable = not perms.keep_enterprise(enterprise, actor)
    places = list(
        enterprise.memberships.select_related("chain", "link__segment", "committee").order_by("left_on", "pk")
    )
    context = {
        "object": enterprise,
        "register": ENTERPRISES,
        "places": sorted(places, key=lambda one: (one.left_on is not None, not one.is_primary, one.pk)),
        "chains_in_sight": in_sight(Chain, {one.chain_id for one in places}, actor),
        "committees_in_sight": in_sight(Committee, {one.committee_id for one in places}, actor),
        "organisations": _organisations(enterprise, actor),
        "counts": list(enterprise.employee_counts.order_by("-from_on")[:12]),
        "coverages": _coverages(enterprise),
        "cards": figure_cards(find_enterprise(str(enterprise.pk)), FIGURES, actor),
        "panels": panels.render("enterprise", request, enterprise),
        "can_edit": editable and not enterprise.merged_into_id,
        "can_count": not perms.record_numbers(enterprise, actor) and not enterprise.left_on,
        "can_merge": not enterprise.left_on and not perms.merge(enterprise, None, actor),
        "keeps": {one.pk for one in places if not one.left_on and not perms.keep_membership(one, actor)},
        "merged_from": enterprise.merged_from.visible_to(actor),
        "merged_in_sight": in_sight(Enterprise, {enterprise.merged_into_id}, actor),
        "edit_url": ENTERPRISES.url("edit", enterprise.pk),
        "events": history(enterprise) if editable else [],
        "organisation_url": f"{ORGANISATIONS.url('create')}?enterprise={enterprise.pk}",
        "today": clock.today(),
    }
    return render(request, "enterprises/enterprise_detail.html", context)


def _coverages(enterprise):
    """[(the coverage in words, its spells, newest first)] for the two coverages."""
    spells = list(enterprise.coverage_spells.filter(membership=None).order_by("-from_on"))
    return [(one.label, [spell for spell in spells if spell.coverage == one]) for one in Coverage]


def _organisations(enterprise, actor):
    """Own and joint organisations in sight, with their present number of members."""
    rows = ORGANISATIONS.visible(actor).filter(
        Q(pk__in=enterprise.organisations.values("pk")) | Q(pk__in=enterprise.joint_organisations.values("pk"))
    )
    return rows.order_by("dissolved_on", "pk")


def _enterprise(request, pk):
    return get_or_404(Enterprise.objects.visible_to(request.actor).select_related("region"), pk)


@require_http_methods(["GET", "HEAD", "POST"])
def chain_join(request, pk):
    """Place an enterprise on a chain."""
    enterprise = _enterprise(request, pk)
    demand(perms.keep_enterprise(enterprise, request.actor))
    form = JoinForm(typed(request), actor=request.actor, enterprise=enterprise)

    def act():
        data = dict(form.cleaned_data)
        data["is_primary"] = data["is_primary"] or None
        return lifecycle.join_chain(enterprise, data.pop("chain"), by=request.actor, **data)

    return deed(
        request,
        form=form,
        act=act,
        done=lambda: _("已加入“%(chain)s”。") % {"chain": form.cleaned_data["chain"]},
        back=ENTERPRISES.url("detail", pk),
        title=_("加入产业链"),
        crumb=enterprise,
        key=f"enterprise-{pk}-join",
    )


def _place(request, pk):
    rows = ChainMembership.objects.visible_to(request.actor).filter(left_on=None)
    place = get_or_404(rows.select_related("enterprise__region", "chain"), pk)
    demand(perms.keep_membership(place, request.actor))
    return place


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request, pk):
    """Change the link or role of an enterprise on a chain."""
    place = _place(request, pk)
    form = MembershipForm(typed(request), actor=request.actor, instance=place, initial={"version": version(place)})

    def act():
        row, seen = ChainMembership.objects.get(pk=pk), form.cleaned_data.get("version") or None
        return lifecycle.save_membership(row, form.values, by=request.actor, seen=seen)

    return deed(
        request,
        form=form,
        act=act,
        versioned=place,
        done=lambda: _("链上信息已保存。"),
        back=ENTERPRISES.url("detail", place.enterprise_id),
        title=_("编辑链上信息：%(chain)s") % {"chain": place.chain},
        crumb=place.enterprise,
        key=f"membership-{pk}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def chain_leave(request, pk):
    """End an enterprise's place on a chain, after a page that asks for the day."""
    place = _place(request, pk)
    form = EndForm(request.POST or None)
    return deed(
        request,
        form=form,
        act=lambda: lifecycle.leave_chain(place, on=form.cleaned_data["on"], by=request.actor),
        done=lambda: _("已退出“%(chain)s”。") % {"chain": place.chain},
        back=ENTERPRISES.url("detail", place.enterprise_id),
        title=_("退出产业链"),
        crumb=place.enterprise,
        template="enterprises/confirm.html",
        sentence=_("“%(name)s”将退出“%(chain)s”，以往的记录保留。") % {"name": place.enterprise, "chain": place.chain},
        danger=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def employees_record(request, pk):
    enterprise = _enterprise(request, pk)
    demand(perms.record_numbers(enterprise, request.actor))
    form = NumberForm(typed(request))

    def act():
        data = form.cleaned_data
        return lifecycle.record_employees(enterprise, data["number"], on=data["on"], by=request.actor)

    return deed(
        request,
        form=form,
        act=act,
        done=lambda: _("员工数已填报。"),
        back=ENTERPRISES.url("detail", pk),
        title=_("填报员工数"),
        crumb=enterprise,
        key=f"enterprise-{pk}-employees",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_merge(request, pk):
    """Choose where a duplicate goes, see what moves, and confirm: the second page has the button."""
    enterprise = _enterprise(request, pk)
    demand(perms.merge(enterprise, None, request.actor))
    form = MergeForm(request.POST or None, actor=request.actor, enterprise=enterprise)
    back = ENTERPRISES.url("detail", pk)
    chosen = request.method == "POST" and form.is_valid()
    changes = []
    if chosen and "confirm" in request.POST:
        data = form.cleaned_data
        versions = {name: data[name] or None for name in ("seen", "into_seen")}
        into = attempt(
            form,
            lambda: lifecycle.merge(enterprise, data["into"], by=request.actor, on=data["on"], **versions),
            changes,
            ENTERPRISES,
        )
        if into is not None:
            messages.success(request, _("“%(a)s”已并入“%(b)s”。") % {"a": enterprise, "b": into})
            return redirect(ENTERPRISES.url("detail", into.pk))
        chosen = False
    context = {
        "form": form,
        "object": enterprise,
        "cancel_url": back,
        "chosen": form.cleaned_data if chosen else None,
        "seen": version(enterprise),
        "into_seen": version(form.cleaned_data["into"]) if chosen else "",
        "changes": changes,
        "moves": lifecycle.what_moves(enterprise),
        "draft_key": "",
    }
    return render(request, "enterprises/merge.html", context, status=answer_status(request, form))


@require_safe
def organisation_detail(request, pk):
    rows = ORGANISATIONS.visible(request.actor).select_related("region", "enterprise", "chain", "committee", "parent")
    organisation = get_or_404(rows, pk)
    actor = request.actor
    editable = not perms.keep_organisation(organisation, actor)
    joint = list(organisation.joint_enterprises.order_by("pk"))
    context = {
        "object": organisation,
        "register": ORGANISATIONS,
        "joint": joint,
        "in_sight": in_sight(Enterprise, {organisation.enterprise_id, *(one.pk for one in joint)}, actor),
        "children": PartyOrganisation.objects.visible_to(actor).filter(parent=organisation),
        "counts": list(organisation.member_counts.order_by("-from_on")[:24]),
        "panels": panels.render("organisation", request, organisation),
        "can_edit": editable,
        "can_count": not organisation.dissolved_on and not perms.record_members(organisation, actor),
        "edit_url": ORGANISATIONS.url("edit", organisation.pk),
        "events": history(organisation) if editable else [],
    }
    return render(request, "enterprises/organisation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def members_record(request, pk):
    organisation = get_or_404(PartyOrganisation.objects.visible_to(request.actor).select_related("region"), pk)
    demand(perms.record_members(organisation, request.actor))
    form = NumberForm(typed(request))

    def act():
        data = form.cleaned_data
        return lifecycle.record_members(organisation, data["number"], on=data["on"], by=request.actor)

    return deed(
        request,
        form=form,
        act=act,
        done=lambda: _("党员数已填报。"),
        back=ORGANISATIONS.url("detail", pk),
        title=_("填报党员数"),
        crumb=organisation,
        key=f"organisation-{pk}-members",
    )
