"""Pages of chains with their map of links, and of committees with their seats."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliances.cards import figure_cards
from alliances.models import HelpTeam
from audit.records import version
from audit.registers import attempt_change, history
from chains import lifecycle, perms
from chains.chart import chain_map, masters_of
from chains.figure_scopes import find_chain, find_committee
from chains.forms import LinkForm, SeatForm, SegmentForm
from chains.models import Chain, Committee, Link, Seat, Segment
from chains.registers import CHAINS, COMMITTEES
from core import panels
from core.answers import answer_status, demand, get_or_404
from core.held import held_data

CHAIN_FIGURES = [
    "member_enterprises",
    "chain_masters",
    "party_orgs",
    "party_members",
    "problems_open",
    "problems_closed",
]
COMMITTEE_FIGURES = [
    "member_enterprises",
    "party_orgs",
    "party_members",
    "organisation_coverage",
    "problems_open",
    "meetings",
]


@require_safe
def chain_detail(request, pk):
    """The chain's page: what stands in each link, what is missing, who works on it."""
    chain = get_or_404(CHAINS.visible(request.actor).select_related("region", "alliance"), pk)
    editable = not perms.keep_chain(chain.region, request.actor)
    context = {
        "object": chain,
        "register": CHAINS,
        "map": chain_map(chain, request.actor),
        "committees": Committee.objects.visible_to(request.actor).filter(chain=chain).select_related("region"),
        "teams": chain.help_teams.all(),
        "visible_teams": set(
            HelpTeam.objects.visible_to(request.actor).filter(chains=chain).values_list("pk", flat=True)
        ),
        "cards": figure_cards(find_chain(str(chain.pk)), CHAIN_FIGURES, request.actor),
        "panels": panels.render("chain", request, chain),
        "can_edit": editable,
        "edit_url": CHAINS.url("edit", chain.pk),
        "events": history(chain) if editable else [],
    }
    return render(request, "chains/chain_detail.html", context)


@require_safe
def committee_detail(request, pk):
    """Everything about a committee: seats, leading unit, figures, and what the other apps add."""
    rows = COMMITTEES.visible(request.actor).select_related("region", "chain__region", "leading_unit", "parent")
    committee = get_or_404(rows, pk)
    editable = not perms.keep_committee(committee.region, request.actor)
    seats = list(committee.seats.order_by("pk"))
    order = {kind: number for number, kind in enumerate(SEAT_ORDER)}
    context = {
        "object": committee,
        "register": COMMITTEES,
        "seats": sorted((one for one in seats if not one.ended_on), key=lambda one: (order.get(one.kind, 9), one.pk)),
        "former": [one for one in seats if one.ended_on],
        "masters": masters_of(committee),
        "cards": figure_cards(find_committee(str(committee.pk)), COMMITTEE_FIGURES, request.actor),
        "panels": panels.render("committee", request, committee),
        "can_edit": editable,
        "edit_url": COMMITTEES.url("edit", committee.pk),
        "chain_visible": Chain.objects.visible_to(request.actor).filter(pk=committee.chain_id).exists(),
        "events": history(committee) if editable else [],
    }
    return render(request, "chains/committee_detail.html", context)


SEAT_ORDER = ["first_secretary", "secretary", "chain_chief", "deputy", "member"]


def _part_page(request, obj, form_class, save, *, chain, title):
    """The form of one segment or link."""
    demand(perms.keep_chain(chain.region, request.actor))
    fresh = obj.pk is None
    data = request.POST if request.method == "POST" else held_data(request)
    initial = {} if fresh else {"version": version(obj)}
    form = form_class(data or None, actor=request.actor, instance=obj, initial=initial)
    if fresh and "segment" in form.fields:
        del form.fields["segment"]
    changes = []
    if request.method == "POST" and form.is_valid():
        row = _fresh_copy(obj, chain)
        seen = form.cleaned_data.get("version") or None
        saved, changes = attempt_change(form, row, lambda: save(row, form.values, by=request.actor, seen=seen))
        if saved:
            messages.success(request, _("“%(name)s”已保存。") % {"name": form.values["name"]})
            return redirect(CHAINS.url("detail", chain.pk))
    context = {
        "form": form,
        "changes": changes,
        "title": title,
        "chain": chain,
        "cancel_url": CHAINS.url("detail", chain.pk),
        "draft_key": f"{obj._meta.model_name}-{obj.pk or 'new'}-{chain.pk}",
        "part": None if fresh else obj,
        "undeletable": None if fresh else lifecycle.deletable(obj),
        "kind": obj._meta.model_name,
    }
    return render(request, "chains/part_form.html", context, status=answer_status(request, form))


def _fresh_copy(obj, chain):
    """What the lifecycle is to write: the form has written what was typed into `obj` already."""
    if obj.pk:
        return type(obj)._base_manager.get(pk=obj.pk)
    return Segment(chain=chain) if isinstance(obj, Segment) else Link(segment=obj.segment)


@require_http_methods(["GET", "HEAD", "POST"])
def segment_create(request, pk):
    chain = get_or_404(Chain.objects.visible_to(request.actor).select_related("region"), pk)
    return _part_page(
        request, Segment(chain=chain), SegmentForm, lifecycle.save_segment, chain=chain, title=_("新增链段")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def segment_edit(request, pk):
    segment = get_or_404(Segment.objects.visible_to(request.actor).select_related("chain__region"), pk)
    return _part_page(request, segment, SegmentForm, lifecycle.save_segment, chain=segment.chain, title=_("编辑链段"))


@require_http_methods(["GET", "HEAD", "POST"])
def link_create(request, pk):
    segment = get_or_404(Segment.objects.visible_to(request.actor).select_related("chain__region"), pk)
    return _part_page(
        request, Link(segment=segment), LinkForm, lifecycle.save_link, chain=segment.chain, title=_("新增环节")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def link_edit(request, pk):
    link = get_or_404(Link.objects.visible_to(request.actor).select_related("segment__chain__region"), pk)
    return _part_page(request, link, LinkForm, lifecycle.save_link, chain=link.segment.chain, title=_("编辑环节"))


@require_POST
def segment_delete(request, pk):
    segment = get_or_404(Segment.objects.visible_to(request.actor).select_related("chain__region"), pk)
    return _delete(request, segment, segment.chain)


@require_POST
def link_delete(request, pk):
    link = get_or_404(Link.objects.visible_to(request.actor).select_related("segment__chain__region"), pk)
    return _delete(request, link, link.segment.chain)


def _delete(request, part, chain):
    demand(perms.keep_chain(chain.region, request.actor))
    try:
        lifecycle.delete_part(part, by=request.actor)
    except lifecycle.Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    else:
        messages.success(request, _("“%(name)s”已删除。") % {"name": part.name})
    return redirect(CHAINS.url("detail", chain.pk))


def _seat_page(request, seat, committee, save, title):
    demand(perms.keep_committee(committee.region, request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    initial = {"version": version(seat)} if seat.pk else {}
    form = SeatForm(data or None, actor=request.actor, instance=seat, initial=initial)
    changes = []
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.get("version") or None
        saved, changes = attempt_change(form, seat, lambda: save(form.values, seen))
        if saved:
            messages.success(request, _("“%(name)s”的席位已保存。") % {"name": form.values["person"]})
            return redirect(COMMITTEES.url("detail", committee.pk))
    context = {
        "form": form,
        "changes": changes,
        "title": title,
        "committee": committee,
        "cancel_url": COMMITTEES.url("detail", committee.pk),
        "draft_key": f"seat-{committee.pk}-{seat.pk or 'new'}",
    }
    return render(request, "chains/seat_form.html", context, status=answer_status(request, form))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_create(request, pk):
    committee = get_or_404(Committee.objects.visible_to(request.actor).select_related("region"), pk)

    def save(values, seen):
        return lifecycle.add_seat(committee, values, by=request.actor)

    return _seat_page(request, Seat(committee=committee), committee, save, _("新增席位"))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_edit(request, pk):
    seat = get_or_404(Seat.objects.visible_to(request.actor).select_related("committee__region"), pk)

    def save(values, seen):
        return lifecycle.save_seat(Seat.objects.get(pk=pk), values, by=request.actor, seen=seen)

    return _seat_page(request, seat, seat.committee, save, _("编辑席位"))
