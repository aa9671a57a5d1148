from django import template

from core.clock import today
from core.templatetags.ui import lamp

register = template.Library()


@register.simple_tag
def decision_lamp(decision):
    """The light of a decision today, with its word."""
    return lamp(decision.light(today()))
