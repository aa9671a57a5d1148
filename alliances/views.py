"""Pages of regions, departments, alliances and help teams."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliances import figure_scopes, lifecycle, perms
from alliances.cards import figure_cards
from alliances.forms import EndForm, MemberForm
from alliances.models import Alliance, Department, HelpTeam, Region, TeamMember
from alliances.registers import ALLIANCES, DEPARTMENTS, REGIONS, TEAMS
from audit.registers import history
from core import panels
from core.answers import answer_status, attempt, demand, get_or_404
from core.held import held_data
from core.periods import Period
from indicators import figures

TREE_FIGURES = ["member_enterprises", "chain_committees"]
REGION_FIGURES = [
    "key_chains",
    "chain_committees",
    "member_enterprises",
    "party_orgs",
    "party_members",
    "organisation_coverage",
]


@require_safe
def region_tree(request):
    """All regions in sight as one tree, with what stands in each (itself and below)."""
    regions = list(Region.objects.visible_to(request.actor).order_by("path"))
    counted = _tree_figures(regions, request.actor)
    nodes, by_path = [], {}
    for region in regions:
        node = {"region": region, "children": [], "figures": counted.get(region.pk, [])}
        above = next((by_path[path] for path in reversed(region.ancestor_paths[:-1]) if path in by_path), None)
        (above["children"] if above else nodes).append(node)
        by_path[region.path] = node
    context = {
        "nodes": nodes,
        "total": len(regions),
        "create_url": None if perms.create_region(request.actor) else REGIONS.url("create"),
        "export_url": f"{REGIONS.url('export')}?",
    }
    return render(request, "alliances/region_tree.html", context)


def _tree_figures(regions, actor):
    """{region id: its figures}, for the regions whose figures the actor may read; one query for all of them."""
    readable = {one.pk: figure_scopes.scope_of(one) for one in regions if _governed(one, actor)}
    if not readable:
        return {}
    first = next(iter(readable.values()))
    read = figures.by_region(TREE_FIGURES, first, Period.current_month(), readable)
    return {pk: [read[code][pk] for code in TREE_FIGURES] for pk in readable}


def _governed(region, actor):
    return actor.is_system or any(
        duty.chain_id is None and duty.region_path and region.path.startswith(duty.region_path)
        for duty in actor.duties_as(*figure_scopes.GOVERNING)
    )


@require_safe
def region_detail(request, pk):
    region = get_or_404(Region.objects.visible_to(request.actor).select_related("parent"), pk)
    visible = Region.objects.visible_to(request.actor)
    context = {
        "region": region,
        "ancestors": visible.filter(path__in=region.ancestor_paths[:-1]).order_by("path"),
        "children": visible.filter(parent=region).order_by("path"),
        "departments": Department.objects.visible_to(request.actor).filter(region=region)[:50],
        "teams": HelpTeam.objects.visible_to(request.actor).filter(region=region)[:50],
        "alliances": Alliance.objects.visible_to(request.actor).filter(region=region)[:50],
        "cards": figure_cards(figure_scopes.scope_of(region), REGION_FIGURES, request.actor),
        "panels": panels.render("region", request, region),
        "can_edit": not perms.keep_region(region, request.actor),
    }
    return _detail(request, REGIONS, region, context)


@require_safe
def department_detail(request, pk):
    department = get_or_404(DEPARTMENTS.visible(request.actor).select_related("region"), pk)
    context = {
        "teams": HelpTeam.objects.visible_to(request.actor).filter(lead_department=department),
        "panels": panels.render("department", request, department),
    }
    return _detail(request, DEPARTMENTS, department, context)


@require_safe
def alliance_detail(request, pk):
    alliance = get_or_404(ALLIANCES.visible(request.actor).select_related("region", "chain"), pk)
    return _detail(request, ALLIANCES, alliance, {"panels": panels.render("alliance", request, alliance)})


@require_safe
def team_detail(request, pk):
    team = get_or_404(TEAMS.visible(request.actor).select_related("region", "lead_department"), pk)
    members = TeamMember.objects.visible_to(request.actor).filter(team=team).select_related("department")
    context = {
        "current": [one for one in members if one.left_on is None],
        "former": [one for one in members if one.left_on is not None],
        "panels": panels.render("team", request, team),
    }
    return _detail(request, TEAMS, team, context)


def _detail(request, register, obj, context):
    editable = not register.can_edit(obj, request.actor)
    name = register.urls.partition(":")[2]
    shown = {
        "object": obj,
        "register": register,
        "can_edit": editable,
        "edit_url": register.url("edit", obj.pk),
        "events": history(obj) if editable else [],
        **context,
    }
    return render(request, f"alliances/{name}_detail.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def member_create(request, pk):
    """Let a person join a help team."""
    team = get_or_404(TEAMS.visible(request.actor), pk)
    demand(perms.keep_register(team.region, request.actor))
    data = request.POST if request.method == "POST" else held_data(request)
    form = MemberForm(data or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        member = attempt(form, lambda: lifecycle.add_member(team, form.cleaned_data, by=request.actor))
        if member is not None:
            messages.success(request, _("“%(name)s”已加入帮办团。") % {"name": member.name})
            return redirect(TEAMS.url("detail", team.pk))
    context = {"form": form, "team": team, "draft_key": f"team-{team.pk}-member"}
    return render(request, "alliances/member_form.html", context, status=answer_status(request, form))


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request, pk):
    """End a person's membership, after a page that asks for the day."""
    member = get_or_404(TeamMember.objects.visible_to(request.actor).select_related("team__region"), pk)
    demand(perms.keep_register(member.team.region, request.actor))
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if attempt(form, lambda: lifecycle.remove_member(member, on=on, by=request.actor)):
            messages.success(request, _("“%(name)s”已退出帮办团。") % {"name": member.name})
            return redirect(TEAMS.url("detail", member.team_id))
    context = {"form": form, "member": member}
    return render(request, "alliances/member_end.html", context, status=answer_status(request, form))
