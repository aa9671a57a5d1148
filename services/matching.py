"""What might meet a demand (对接建议): resources, policies and solved problems, each with points and their grounds.

Nothing here decides: the points are a sum that anybody can add up again, and every ground is a sentence on the page.
Suggestions are worked out when they are looked at; only a person's word is kept (`Match`).
"""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock, search
from core.actor import Actor
from enterprises.models import Enterprise
from problems import memory
from services.list_enums import Audience
from services.models import Demand, Policy, Product, Resource
from services.models.offers import SMALL, Offer

KIND, CHAIN, EVERY_CHAIN, NEAR, STEP_UP, WORDS, AUDIENCE, LINK = 40, 20, 5, 10, 3, 25, 5, 10
# An offer of another kind is suggested only where it shares this much of the words asked for.
LIKE = 0.34


@dataclass(frozen=True)
class Ground:
    """One reason with its points; `about` is what the sentence names."""

    code: str
    points: int
    about: str = ""

    @property
    def sentence(self) -> str:
        return said(self.code, self.about)


def said(code: str, about: str) -> str:
    """A ground in words, also one that was kept with a match."""
    if code in ("kind", "category"):
        about = _(about)
    elif code == "audience" and about in Audience.values:
        about = str(Audience(about).label)
    return {
        "kind": _("要素类别相同：%(about)s"),
        "chain": _("面向本企业所在产业链：%(about)s"),
        "every_chain": _("面向各条产业链"),
        "region": _("在本地区可用：%(about)s"),
        "words": _("用词相近：%(about)s"),
        "audience": _("面向这类企业：%(about)s"),
        "category": _("问题类别相同：%(about)s"),
        "link": _("同一产业链环节的企业"),
        "by_hand": _("人工选择"),
    }.get(code, "%(about)s") % {"about": about}


@dataclass(frozen=True)
class Suggestion:
    """Something that might meet a demand; `field` is `resource`, `policy` or `solved`."""

    field: str
    target: object
    grounds: tuple[Ground, ...]

    @property
    def points(self) -> int:
        return sum(one.points for one in self.grounds)

    @property
    def kept(self) -> list[list]:
        """The grounds as a match keeps them."""
        return [[one.code, one.points, one.about] for one in self.grounds]


def suggest(demand: Demand, actor: Actor) -> list[Suggestion]:
    """What is in the actor's sight, in force today and not yet decided on, the most points first."""
    found = [*_offers(Resource, demand, actor), *_offers(Policy, demand, actor), *_solved(demand, actor)]
    decided = {(match.target_field, match.target.pk) for match in demand.matches.all()}
    found = [one for one in found if (one.field, one.target.pk) not in decided]
    return sorted(found, key=lambda one: (-one.points, one.field, one.target.pk))


def find(demand: Demand, field: str, pk: int, actor: Actor) -> Suggestion | None:
    """The suggestion of this resource, policy or problem; None where it is not suggested."""
    return next((one for one in suggest(demand, actor) if one.field == field and one.target.pk == pk), None)


# --- resources and policies --------------------------------------------------------------------------------------
def _offers(model, demand: Demand, actor: Actor) -> list[Suggestion]:
    asked = memory.pairs(demand.title)
    rows = model.objects.visible_to(actor).on(clock.today()).filter(
        Q(kind=demand.kind) | Q(tokens__overlap=sorted(asked)), region__path__in=demand.region.ancestor_paths
    )  # fmt: skip
    firm, chains = demand.enterprise, set(_chains(demand.enterprise))
    organised = firm.organisations.filter(dissolved_on=None).exists()
    found = []
    for offer in rows.select_related("kind", "region").prefetch_related("chains"):
        words = sorted(asked & set(offer.tokens))
        like = len(words) / len(asked) if asked else 0.0
        theirs = list(offer.chains.all())
        meant = [chain for chain in theirs if chain.pk in chains]
        alike = offer.kind_id == demand.kind_id or like >= LIKE
        if alike and (meant or not theirs) and offer.is_for(firm, organised=organised):
            grounds = tuple(_grounds(offer, demand, meant, words, like))
            found.append(Suggestion(model._meta.model_name, offer, grounds))
    return found


def _chains(firm) -> list[int]:
    return list(firm.memberships.filter(left_on=None).values_list("chain_id", flat=True))


def _grounds(offer: Offer, demand: Demand, meant, words, like):
    if offer.kind_id == demand.kind_id:
        yield Ground("kind", KIND, offer.kind.name)
    if meant:
        yield Ground("chain", CHAIN, "、".join(chain.name for chain in meant))
    else:
        yield Ground("every_chain", EVERY_CHAIN)
    up = demand.region.depth - offer.region.depth
    yield Ground("region", max(1, NEAR - STEP_UP * up), offer.region.name)
    if words:
        yield Ground("words", round(WORDS * like), _spoken(demand.title, words))
    if offer.audience != Audience.ALL:
        yield Ground("audience", AUDIENCE, offer.audience)


def _spoken(text: str, shared) -> str:
    """What is alike as it stands in the text: pairs of characters that overlap are one stretch (流动、动资、资金 are
    流动资金)."""
    rest, found, stretch = set(shared), [], ""
    for first, second in pairwise(search.normalise(text) + " "):
        if first + second in rest:
            stretch = stretch + second if stretch else first + second
        elif stretch:
            found.append(stretch)
            stretch = ""
    said_already = "".join(found)
    return "、".join(dict.fromkeys([*found, *sorted(one for one in rest if one not in said_already)]))


# --- problems already solved -------------------------------------------------------------------------------------
def _solved(demand: Demand, actor: Actor) -> list[Suggestion]:
    remembered = memory.like_text(actor, demand.title, demand.kind.category, demand.enterprise)
    found = []
    for match in remembered.reusable:
        if match.problem.pk == demand.problem_id:
            continue
        shared = sorted(memory.pairs(demand.title) & set(match.problem.tokens))
        grounds = [Ground("words", round(WORDS * match.words), _spoken(demand.title, shared))]
        if match.same_category:
            grounds.append(Ground("category", KIND, match.problem.category.name))
        if match.same_link:
            grounds.append(Ground("link", LINK))
        found.append(Suggestion("solved", match.problem, tuple(grounds)))
    return found


# --- the other way round -----------------------------------------------------------------------------------------
def fitting(policy: Policy, actor: Actor):
    """The enterprises in the actor's sight that a policy may be for: of its region, its chains, its sort."""
    rows = Enterprise.objects.visible_to(actor).current().filter(region__path__startswith=policy.region.path)
    chains = list(policy.chains.values_list("pk", flat=True))
    if chains:
        rows = rows.filter(
            pk__in=Enterprise.objects.filter(
                memberships__chain_id__in=chains, memberships__left_on=None
            ).values("pk")
        )  # fmt: skip
    organised = Enterprise.objects.filter(organisations__dissolved_on=None, organisations__isnull=False)
    wanted = {
        Audience.ALL: Q(),
        Audience.ABOVE_SCALE: Q(is_above_scale=True),
        Audience.LEADING: Q(is_leading=True),
        Audience.SMALL: Q(scale__in=SMALL),
        Audience.ORGANISED: Q(pk__in=organised.values("pk")),
    }[policy.audience]
    return rows.filter(wanted).select_related("region").order_by("region__path", "name")


def policies_for(firm: Enterprise, actor: Actor) -> list[Policy]:
    """The policies in force that an enterprise may be meant by."""
    chains, organised = _chains(firm), firm.organisations.filter(dissolved_on=None).exists()
    rows = Policy.objects.visible_to(actor).on(clock.today()).filter(region__path__in=firm.region.ancestor_paths)
    rows = rows.filter(Q(chains=None) | Q(chains__in=chains)).distinct().select_related("kind")
    return [policy for policy in rows.order_by("-from_on", "-pk") if policy.is_for(firm, organised=organised)]


# --- products ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Counterpart:
    """Another enterprise's product that answers one: the same name, or so many of its word pairs."""

    product: Product
    share: float
    same_chain: bool


def counterparts(product: Product, actor: Actor) -> list[Counterpart]:
    """Who makes what this product's enterprise buys (or buys what it makes): the same chain first, the likest first."""
    asked = memory.pairs(product.name)
    rows = Product.objects.visible_to(actor).on(clock.today()).filter(
        Q(key=product.key) | Q(tokens__overlap=sorted(asked)), role=product.other_role
    )  # fmt: skip
    found = []
    for row in rows.exclude(enterprise=product.enterprise_id).select_related("enterprise__region", "chain"):
        theirs = memory.pairs(row.name)
        share = 1.0 if row.key == product.key else len(asked & theirs) / max(len(asked | theirs), 1)
        if share >= LIKE:
            found.append(Counterpart(row, share, row.chain_id is not None and row.chain_id == product.chain_id))
    return sorted(found, key=lambda one: (not one.same_chain, -one.share, one.product.name, one.product.pk))


def supply_of(firm: Enterprise, actor: Actor) -> list[tuple[Product, list[Counterpart]]]:
    """What an enterprise buys, each with who makes it."""
    bought = firm.products.on(clock.today()).filter(role="buys").order_by("name", "pk")
    return [(product, counterparts(product, actor)) for product in bought.select_related("chain")]
