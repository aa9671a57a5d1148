"""Saved views of the ledger: managing them, and the choice of columns."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.answers import demand, get_or_404
from core.held import held_data
from core.transitions import Refused
from problems import saved_views
from problems.forms.views import SavedViewForm
from problems.models import SavedView


@require_GET
def view_list(request):
    """All views that this person is offered, with what may be done to each."""
    offer = saved_views.Offer.to(request.actor)
    for view in offer.views:
        if view.row is not None:
            view.row.may_change = saved_views.may_change(view.row, request.actor) is None
    return render(request, "problems/view_list.html", {"offer": offer})


@require_http_methods(["GET", "POST"])
def view_new(request):
    """Keep the list as it is shown, under a name."""
    row = SavedView()
    asked = request.GET
    initial = {
        "query": saved_views.clean_query(asked.urlencode()),
        "columns": saved_views.Offer.to(request.actor).columns(None),
    }
    return _form(request, row, initial)


@require_http_methods(["GET", "POST"])
def view_edit(request, pk: int):
    """Rename, share, choose columns, make it the default."""
    row = get_or_404(SavedView.objects.visible_to(request.actor).select_related("region", "owner"), pk)
    demand(saved_views.may_change(row, request.actor))
    # `now` comes from the list: the conditions shown there are to replace the old ones.
    query = request.GET.urlencode() if "now" in request.GET else row.query
    initial = {
        "name": row.name, "query": saved_views.clean_query(query), "columns": row.columns,
        "shared_with": row.shared_with, "region": row.region, "is_default": row.is_default,
    }  # fmt: skip
    return _form(request, row, initial)


def _form(request, row: SavedView, initial: dict):
    form = SavedViewForm(
        request.POST or held_data(request), row=row, actor=request.actor,
        initial={name: value for name, value in initial.items() if value},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row.name, row.query, row.columns = data["name"], data["query"], data["columns"]
        try:
            saved_views.save(
                row, by=request.actor, shared_with=data.get("shared_with", ""), region=data.get("region"),
                is_default=data["is_default"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.refusal.sentence)
        except IntegrityError:
            form.add_error(None, _("另一个人刚刚保存了同样的视图，请再试一次。"))
        else:
            messages.success(request, _("视图“%(name)s”已保存。") % {"name": row.name})
            return redirect(f"{reverse('problems:list')}?{_address(row)}")
    words = _words(form["query"].value() or "", request.actor)
    return render(request, "problems/view_form.html", {"form": form, "row": row, "conditions": words})


def _words(query: str, actor) -> str:
    from problems.filters import ProblemFilter

    return ProblemFilter(QueryDict(saved_views.clean_query(query)), actor).words()


def _address(row: SavedView) -> str:
    return urlencode({saved_views.PARAMETER: row.pk}) + (f"&{row.query}" if row.query else "")


@require_http_methods(["GET", "POST"])
def view_delete(request, pk: int):
    """Take a view away; the entries stay."""
    row = get_or_404(SavedView.objects.visible_to(request.actor).select_related("region", "owner"), pk)
    demand(saved_views.may_change(row, request.actor))
    if request.method == "POST":
        saved_views.delete(row, by=request.actor)
        messages.success(request, _("视图“%(name)s”已删除。") % {"name": row.name})
        return redirect("problems:view_list")
    return render(request, "problems/view_delete.html", {"row": row})


@require_POST
def columns(request):
    """Keep the chosen columns and go back to the list as it was."""
    if request.actor.user_id is None:
        raise Http404
    back = QueryDict(request.POST.get("back", "")[: saved_views.LONGEST_QUERY * 2], mutable=True)
    offer = saved_views.Offer.to(request.actor)
    view = offer.by_key(back.get(saved_views.PARAMETER, ""))
    keys = [] if "standard" in request.POST else request.POST.getlist("columns")
    row = saved_views.keep_columns(keys, by=request.actor, view=view)
    if view is not None and view.columns and view.row is not row:
        # A view with columns of its own would hide the choice: go on with the same filter, outside it.
        back[saved_views.PARAMETER] = saved_views.NONE
    back.setdefault(saved_views.PARAMETER, saved_views.NONE)
    return redirect(f"{reverse('problems:list')}?{back.urlencode()}")
