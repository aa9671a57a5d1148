"""The tree of categories on pages: what holds in a region, and a region's own ones kept by its officer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alliances.enums import TeamKind
from alliances.models import Region
from core.actor import Role
from core.answers import add_errors, demand, get_or_404
from core.held import held_data
from core.transitions import Refused
from problems.forms.rulebook import CategoryEditForm, CategoryForm, ChosenKindsForm
from problems.lifecycle import categories
from problems.models import Category, CategoryKinds
from problems.rulebook import tree


@require_GET
def category_list(request):
    """The whole tree in sight, the region's own ones with what may be done to them."""
    rows = tree.ordered(Category.objects.visible_to(request.actor).select_related("region"))
    known = {row.pk: row for row in rows}
    chosen = CategoryKinds.objects.chosen_in(_line(request.actor))
    for row in rows:
        row.kind_labels, row.inherits = _kinds(row, known, chosen)
        row.chosen = row.pk in chosen
        row.may_write = row.region_id is not None and categories.may_write(row.region, request.actor) is None
    regions = Region.objects.visible_to(request.actor).filter(path__in=request.actor.region_paths(Role.COUNTY_OFFICER))
    return render(request, "problems/category_list.html", {"rows": rows, "regions": regions.order_by("path")})


def _line(actor) -> list[str]:
    """The regions at and above the one that the actor's first post with a region is at home in."""
    home = next((duty.region_path for duty in actor.duties if duty.region_path), "")
    return Region(path=home).ancestor_paths


def _kinds(row: Category, known: dict[int, Category], chosen: dict[int, list[str]]) -> tuple[list, bool]:
    """(labels of the kinds of help team that fit, whether they are those of a category above)."""
    above = row
    while not (chosen.get(above.pk) or above.kinds) and above.parent_id in known:
        above = known[above.parent_id]
    kinds = chosen.get(above.pk) or above.kinds
    return [TeamKind(kind).label for kind in kinds], above is not row


@require_http_methods(["GET", "POST"])
def category_kinds(request, pk: int, region: int):
    """Which kinds of help team fit a category of above in the officer's region."""
    place = get_or_404(Region.objects.visible_to(request.actor), region)
    demand(categories.may_write(place, request.actor))
    row = _seen(request, pk)
    own = row.chosen_kinds.filter(region=place).first()
    first = {"kinds": own.kinds if own else row.fitting_kinds(place)}
    form = ChosenKindsForm(request.POST or held_data(request), initial=first)
    # An answer without any box is an answer: nothing chosen goes back to what holds above.
    if request.method == "POST" and not form.is_bound:
        form = ChosenKindsForm({}, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            categories.choose_kinds(row, by=request.actor, region=place, **form.cleaned_data)
        except Refused as refused:
            demand(refused.refusal)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已更新类别“%(name)s”。") % {"name": row.name})
            return redirect("problems:category_list")
    status = 422 if request.htmx and form.is_bound else 200
    context = {"form": form, "region": place, "title": row.name, "back": reverse("problems:category_list")}
    return render(request, "problems/category_kinds.html", context, status=status)


@require_http_methods(["GET", "POST"])
def category_create(request, pk: int):
    """A region's own category, below one that holds there."""
    region = get_or_404(Region.objects.visible_to(request.actor), pk)
    demand(categories.may_write(region, request.actor))
    parent = request.GET.get("parent", "")
    form = CategoryForm(
        request.POST or held_data(request), region=region, initial={"parent": parent} if parent.isdigit() else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = categories.add(by=request.actor, region=region, **form.cleaned_data)
        except Refused as refused:
            demand(refused.refusal)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已增加类别“%(name)s”。") % {"name": made.name})
            return redirect("problems:category_list")
    status = 422 if request.htmx and form.is_bound else 200
    context = {"form": form, "region": region, "title": _("增加类别"), "back": reverse("problems:category_list")}
    return render(request, "problems/category_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def category_edit(request, pk: int):
    """Rename a region's own category, disable or enable it."""
    row = _seen(request, pk)
    demand(categories.may_write(row.region, request.actor))
    first = {"name": row.name, "is_active": row.is_active, "kinds": row.kinds}
    form = CategoryEditForm(request.POST or held_data(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            categories.change(row, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            demand(refused.refusal)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已更新类别“%(name)s”。") % {"name": form.cleaned_data["name"]})
            return redirect("problems:category_list")
    status = 422 if request.htmx and form.is_bound else 200
    context = {"form": form, "region": row.region, "title": row.name, "back": reverse("problems:category_list")}
    return render(request, "problems/category_form.html", context, status=status)


@require_POST
def category_move(request, pk: int):
    """One place up or down among the region's own brothers."""
    row = _seen(request, pk)
    try:
        categories.shift(row, by=request.actor, up=request.POST.get("to") != "down")
    except Refused as refused:
        demand(refused.refusal)
    return redirect("problems:category_list")


def _seen(request, pk: int) -> Category:
    return get_or_404(Category.objects.visible_to(request.actor).select_related("region", "parent"), pk)
