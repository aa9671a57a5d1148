"""Words, numbers and pinyin initials in the ledger, found in the same time however many entries there are.

The planner cannot know how rare a word is: its tokens are told to be independent, and a row of the list may be the
next one or the last of a million. So what matches is looked up first, up to a bound. Few entries are then named one by
one; many lie so close together that the list is walked in its order until a page is full.
"""

import re

from django.db.models import Q, Value
from django.db.models import TextField as PlainText
from django.db.models.functions import Coalesce, Concat, Lower, Reverse, StrIndex

from alliances.models import Region
from core import search
from core.actor import Actor, Role, under
from enterprises.models import Enterprise
from problems.models import Assignment

# A number of the ledger as typed, at least its beginning: found by index.
NUMBER = re.compile(r"(wt|xh)-\d")
SEARCHED = ("title", "text", "number", "enterprise__name", "enterprise__short_name")
# As many entries are named one by one.
FEW = 2000
# Regions of an officer that are named one by one.
NEAR = 300


def few(keys) -> list[int] | None:
    """The keys, None where they are more than `FEW`. In no order, so that an index can answer."""
    found = list(keys.order_by()[: FEW + 1])
    return None if len(found) > FEW else found


def near(rows, actor: Actor):
    """The same rows for an officer, whose regions are also named where they are few: the place is then read from the
    entry before anything is joined. Narrows nothing."""
    if {duty.role for duty in actor.duties} != {Role.COUNTY_OFFICER}:
        return rows
    inside = Region.objects.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "path"))
    regions = list(inside.order_by().values_list("pk", flat=True)[: NEAR + 1])
    return rows if len(regions) > NEAR else rows.filter(region__in=regions)


def of_units(parts, actor: Actor) -> list[int] | None:
    """The entries of these parts (rows with a `problem`) that are or were with the units of a person who sees nothing
    else; None where the person sees more, or they are many. Asked of the parts alone: joined to the entries, the
    planner would gather everything that the units ever had.
    """
    roles = {duty.role for duty in actor.duties}
    if not roles or roles - {Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER}:
        return None
    return few(parts.filter(problem__in=units(actor).values("problem")).values_list("problem", flat=True))


def units(actor: Actor):
    """The legs of the person's help teams and departments."""
    teams, departments = actor.ids("team_id", Role.TEAM_MEMBER), actor.ids("department_id", Role.DEPARTMENT_OFFICER)
    return Assignment.objects.filter(Q(team__in=teams) | Q(department__in=departments))


def matching(rows, text: str, *, many: bool = False):
    """Entries in which every word of the text is found: anywhere, but Latin words and numbers whole.

    `many`: so many match that the list is better walked than looked up. Then one token is said, and the rest is left to
    the plain search.
    """
    said = False
    for word in search.normalise(text).split()[:6]:
        tokens = search.query(word)
        if NUMBER.match(word):
            begins = word.upper()
            rows = rows.filter(Q(number__startswith=begins) | Q(closing_number__startswith=begins))
            continue
        if not tokens:
            rows = rows.alias(number_back=Reverse("number")).filter(_latin(word))
            continue
        # The indexed tokens find the candidates; a plain search drops those that only look alike. A word that is one
        # token needs none.
        kept = tokens if not many else [] if said else tokens[:1]
        rows, said = rows.filter(tokens__contains=kept) if kept else rows, True
        if kept != [word]:
            rows = rows.alias(place_of_word=_place_of(word)).filter(place_of_word__gt=0)
    return rows


def _latin(word: str) -> Q:
    """A word without a Chinese character: in the text, the end of a number, or of an enterprise (its name or pinyin
    initials). Each way has its index; enterprises are few and looked up first, so that the ways can be joined."""
    firms = Enterprise.objects.filter(
        Q(name__icontains=word) | Q(short_name__icontains=word) | Q(initials__startswith=word)
    ).values_list("pk", flat=True)
    found = Q(number_back__startswith=word[::-1].upper()) | Q(enterprise_id__in=list(firms))
    tokens = search.tokens(word)
    return found | Q(tokens__contains=tokens) if tokens else found


def _place_of(word: str) -> StrIndex:
    """Where the word begins in what is searched; 0 for nowhere. Said so rather than by LIKE on each column, because
    the planner would take five of those for a rare find and fetch every candidate at once."""
    text = PlainText()
    parts = [
        part for column in SEARCHED
        for part in (Coalesce(column, Value(""), output_field=text), Value(" ", output_field=text))
    ]  # fmt: skip
    return StrIndex(Lower(Concat(*parts, output_field=text)), Value(word))
