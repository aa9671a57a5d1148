"""What the lists add to pages: of an enterprise its rows, of a committee its figures and open demands, of an entry the
demand that it came from."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.cards import figure_cards
from core.clock import today
from indicators import scopes
from services import list_perms as perms
from services import matching
from services.list_enums import DemandState, ProductRole
from services.models import Demand, Product
from services.registers.lists import DEMANDS, POLICIES, PRODUCTS, TALENT_HIRES, TALENT_NEEDS

SHOWN = 8
FIGURES = [
    "demands_open", "matches_confirmed", "demands_met", "policies_in_force", "talent_shortages", "talent_recruited",
]  # fmt: skip


def _section(register, rows, obj, name, about, on):
    rows = list(rows[: SHOWN + 1])
    more = {"more": 0, "list_url": f"{register.url('list')}?{urlencode({'q': obj.name})}"}
    shown = [
        {"url": one.get_absolute_url(), "name": getattr(one, name) if name else str(one), "about": about(one),
         "on": getattr(one, on)}
        for one in rows[:SHOWN]
    ]  # fmt: skip
    return {"title": register.noun, "rows": shown, **more}, len(rows) > SHOWN


def of_enterprise(request, obj):
    """Demands, policies that it may be meant by, products, shortages and hired talent, and who makes what it buys."""
    actor = request.actor
    parts = [
        (DEMANDS, "title", lambda one: f"{one.kind.spoken} · {one.standing}", "raised_on"),
        (PRODUCTS, "name", lambda one: "、".join(filter(None, (one.get_role_display(), one.quantity))), "listed_on"),
        (TALENT_NEEDS, "post", lambda one: _("%(n)d 人") % {"n": one.number}, "from_on"),
        (TALENT_HIRES, "kind", lambda one: _("%(n)d 人") % {"n": one.number}, "hired_on"),
    ]
    sections = []
    for register, name, about, on in parts:
        rows = (
            register.visible(actor).filter(enterprise=obj).select_related(*register.related).order_by(*register.order)
        )
        section, longer = _section(register, rows, obj, name, about, on)
        section["more"] = rows.count() - SHOWN if longer else 0
        sections.append(section)
    policies = matching.policies_for(obj, actor)
    section, longer = _section(POLICIES, policies, obj, "title", lambda one: one.gives, "from_on")
    section |= {"title": _("可能适用的政策"), "more": len(policies) - SHOWN if longer else 0}
    section["list_url"] = POLICIES.url("list")
    sections.insert(1, section)
    adds = []
    if not obj.left_on and not perms.keep_of_firm(obj, actor):
        for register in (DEMANDS, PRODUCTS, TALENT_NEEDS, TALENT_HIRES):
            url = f"{register.url('create')}?{urlencode({'enterprise': obj.pk})}"
            adds.append({"url": url, "label": _("新增%(noun)s") % {"noun": register.noun}})
    context = {
        "sections": [one for one in sections if one["rows"]],
        "adds": adds,
        "bought": matching.supply_of(obj, actor) if Product.objects.visible_to(actor).filter(enterprise=obj) else [],
    }
    return "services/panel_enterprise.html", context


def of_committee(request, obj):
    """Figures, the oldest open demands, and how much of what is bought is made on the chain (本地配套)."""
    demands = Demand.objects.visible_to(request.actor).on(today()).filter(committee=obj)
    demands = demands.filter(state__in=[DemandState.OPEN, DemandState.MATCHED])
    products = Product.objects.visible_to(request.actor).on(today())
    bought = set(products.filter(committee=obj, role=ProductRole.BUYS).values_list("key", flat=True))
    made = (
        products.filter(chain=obj.chain_id, role=ProductRole.MAKES, key__in=bought)
        if obj.chain_id
        else Product.objects.none()
    )
    context = {
        "cards": figure_cards(scopes.committee_scope(obj.pk, obj.name), FIGURES, request.actor),
        "demands": demands.select_related("enterprise", "kind").order_by("raised_on", "pk")[:SHOWN],
        "demands_url": f"{reverse('services:demand_list')}?{urlencode({'committee': obj.pk, 'in_force': 'yes'})}",
        "bought": len(bought),
        "supplied": made.values("key").distinct().count(),
    }
    return "services/panel_committee.html", context


def of_problem(request, obj):
    """The demand that the entry came from."""
    demand = Demand.objects.visible_to(request.actor).filter(problem=obj).first()
    return ("services/panel_problem.html", {"demand": demand}) if demand else None
