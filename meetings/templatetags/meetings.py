from django import template

from core.clock import today
from core.templatetags.ui import lamp
from meetings import lifecycle
from meetings.enums import ItemSource
from problems.models import Problem

register = template.Library()


@register.simple_tag
def decision_lamp(decision):
    """The light of a decision today, with its word."""
    return lamp(decision.light(today()))


@register.simple_tag
def source_label(source):
    """Where an item of an agenda comes from, in words."""
    return ItemSource(source).label


@register.simple_tag(takes_context=True)
def may_withdraw(context, matter):
    """Whether the reader may take a matter back."""
    return lifecycle.may_withdraw(matter, context["request"].actor) is None


@register.simple_tag(takes_context=True)
def openable(context, matters):
    """Which entries of these matters the reader may open: a committee above may not see an entry that was put to it."""
    entries = [matter.problem_id for matter in matters if matter.problem_id]
    seen = Problem.objects.visible_to(context["request"].actor).filter(pk__in=entries)
    return set(seen.values_list("pk", flat=True))
