"""The components of every page. `docs/ui.md` shows each with an example.

Tags return finished, escaped markup or render one template of `templates/components/`.
"""

import json
from functools import cache

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy, ngettext

from core import dated
from core.renderers import kind_of

register = template.Library()

ICONS = settings.BASE_DIR / "static" / "icons"
LIGHTS = {
    "green": ("g", gettext_lazy("绿灯")),
    "yellow": ("y", gettext_lazy("黄灯")),
    "red": ("r", gettext_lazy("红灯")),
    "grey": ("n", gettext_lazy("灰灯")),
}


@cache
def _drawing(name: str) -> str:
    """The SVG text of one vendored icon; an unknown name falls back to a dashed circle (a test finds it)."""
    path = ICONS / f"{slugify(name)}.svg"
    if not path.exists():
        path = ICONS / "circle-dashed.svg"
    return path.read_text(encoding="utf-8").strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One icon drawn into the page, hidden from screen readers: the word beside it says what it means."""
    classes = format_html("icon {}", css) if css else "icon"
    return mark_safe(  # noqa: S308 - vendored file, class escaped above
        _drawing(name).replace("<svg ", f'<svg class="{classes}" aria-hidden="true" focusable="false" ', 1)
    )


@register.simple_tag
def said_of_day(field: BoundField) -> SafeString:
    """What is to be said of the day in a date field; nothing for other fields."""
    return dated.beside(field) if getattr(field.field.widget, "counted", False) and not field.is_hidden else ""


@register.simple_tag
def lamp(light, word: str = "") -> SafeString:
    """The light (灯) of a problem: `green`, `yellow`, `red` or `grey`. Colour never stands without its word."""
    if not light:
        return mark_safe('<span class="text-secondary">—</span>')
    code, label = LIGHTS.get(str(getattr(light, "value", light)), LIGHTS["grey"])
    return format_html('<span class="lamp lamp-{}">{}</span>', code, word or label)


@register.simple_tag
def days_left(days: int | None, light="") -> SafeString:
    """Working days until a deadline in words: 剩余 3 天, 今日到期, 超期 4 天. `None` means that no clock runs.

    On days off after a deadline no working day has gone by, and yet it is over: the light tells the two apart.
    """
    if days is None:
        return mark_safe('<span class="text-secondary">—</span>')
    if days < 0:
        words = ngettext("超期 %(n)s 天", "超期 %(n)s 天", -days) % {"n": -days}
        return format_html('<span class="late">{}</span>', words)
    if days == 0 and str(getattr(light, "value", light)) == "red":
        return format_html('<span class="late">{}</span>', gettext("已超期"))
    if days == 0:
        return format_html('<span class="soon">{}</span>', gettext("今日到期"))
    return format_html("<span>{}</span>", ngettext("剩余 %(n)s 天", "剩余 %(n)s 天", days) % {"n": days})


@register.simple_tag
def state_badge(label, tone: str = "grey") -> SafeString:
    """A state as a small badge. `tone` is a colour (grey, blue, green, yellow, red) or a state's own value."""
    if not label:
        return mark_safe('<span class="text-secondary">—</span>')
    return format_html('<span class="st st-{}">{}</span>', slugify(str(getattr(tone, "value", tone))), label)


@register.simple_tag
def fact(label, value=None, css: str = "") -> SafeString:
    """One row of a `<dl class="dg">`; an empty value shows a dash, so that nothing looks forgotten."""
    shown = "—" if value is None or value == "" else value
    return format_html('<div class="{}"><dt>{}</dt><dd>{}</dd></div>', css, label, shown)


@register.simple_block_tag
def factblock(content, label, css: str = ""):
    """As `fact`, with markup as the value."""
    return format_html('<div class="{}"><dt>{}</dt><dd>{}</dd></div>', css, label, content)


@register.simple_block_tag
def card(content, title, src="", href="", more="", css="", id=""):
    """A titled section. `src` is the small print at its right (unit, source); `href` and `more` a link instead."""
    right = ""
    if href:
        right = format_html('<a class="src noprint" href="{}">{}</a>', href, more or gettext("查看全部"))
    elif src:
        right = format_html('<span class="src">{}</span>', src)
    anchor = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<section class="gcard {}"{}><header><h2>{}</h2>{}</header>{}</section>', css, anchor, title, right, content
    )


@register.simple_tag
def progress(value, label="", total=100, figure=None) -> SafeString:
    """A progress bar with its figure. `value` of `total`; anything out of range is brought back into it. `figure` is
    a percentage to be written to one place, also beyond 100."""
    try:
        share = max(0, min(100, round(100 * float(value) / float(total))))
    except (TypeError, ValueError, ZeroDivisionError):
        share = 0
    return format_html(
        '<progress class="pg" max="100" value="{0}" aria-label="{1} {0}%">{0}%</progress> '
        '<span class="pgl">{2}%</span>',
        share,
        label or gettext("进度"),
        share if figure is None else floatformat(figure, 1),
    )


@register.inclusion_tag("components/kpi.html")
def kpi(card):
    """A figure card: see `docs/ui.md` for the keys of `card`."""
    return {"card": card, "points": spark_points(_get(card, "series") or [])}


@register.inclusion_tag("components/chart_card.html")
def chart_card(chart):
    """A Plotly chart with title, unit, source, as-of time and its data table: see `docs/ui.md` for the keys."""
    return {"chart": chart, "data_id": f"{_get(chart, 'id')}-data"}


@register.inclusion_tag("components/breadcrumb.html")
def crumbs(*parts):
    """The way to this page: label and address in turn, the page's own label last without an address.

    A way of one step would only repeat the heading, so it shows nothing.
    """
    steps = [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]
    return {"crumbs": steps if len(steps) > 1 else []}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, target="results"):
    """Previous and next page of a keyset-paged list: see `docs/ui.md` for what `page` answers."""
    return {"page": page, "target": target, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def th(context, label, sort="", css="", param="sort", target="results"):
    """A column head. With `sort` it is a link that sorts by that field, and turns round when clicked again."""
    if not sort:
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    query = context["request"].GET.copy()
    current = query.get(param, "")
    query.pop("after", None)
    query.pop("before", None)
    query[param] = f"-{sort}" if current == sort else sort
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(current, "none")
    mark = {"ascending": "chevron-up", "descending": "chevron-down", "none": "selector"}[direction]
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort" href="?{}" hx-get="?{}" hx-target="#{}" '
        'hx-swap="outerHTML" hx-push-url="true">{}{}</a></th>',
        css,
        direction,
        query.urlencode(),
        query.urlencode(),
        target,
        label,
        icon(mark),
    )


@register.simple_tag(takes_context=True)
def filter_chips(context, form):
    """The filters in force, each with the address that takes it away: `[{"label", "value", "href"}]`."""
    request = context["request"]
    chips = []
    for bound in form:
        values = [value for value in request.GET.getlist(bound.html_name) if value.strip()]
        if not values or bound.is_hidden or (form.is_bound and bound.errors):
            continue
        query = request.GET.copy()
        for name in (bound.html_name, "after", "before"):
            query.pop(name, None)
        shown = gettext("、").join(_shown(bound, value) for value in values)
        chips.append({"label": bound.label, "value": shown, "href": f"?{query.urlencode()}"})
    return chips


def _shown(bound: BoundField, value: str) -> str:
    """What a person reads for a value of the address: the choice's label, or the value itself."""
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return value
    for key, label in choices:
        if isinstance(label, list | tuple):
            for inner, words in label:
                if str(inner) == value:
                    return str(words)
        elif str(getattr(key, "value", key)) == value:
            return str(label).strip()
    return value


@register.filter
def as_json(value) -> str:
    """Data for a script, as escaped text in a hidden element.

    Not `json_script`: HTMX is configured to drop every script element from a fragment, data blocks among them.
    """
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


@register.filter
def spark_points(series) -> str:
    """Points of a 64 x 26 sparkline. `None` in the series (a month without a figure) is left out."""
    found = [(index, float(value)) for index, value in enumerate(series) if value is not None]
    if len(found) < 2:
        return ""
    low, high = min(v for _, v in found), max(v for _, v in found)
    span, last = (high - low) or 1.0, len(series) - 1
    return " ".join(f"{64 * i / last:.1f},{(14 if high == low else 24 - 20 * (v - low) / span):.1f}" for i, v in found)


@register.filter
def widget_kind(bound: BoundField) -> str:
    """How the field template lays a field out: see `core.renderers.kind_of`."""
    return kind_of(bound.field.widget)


@register.filter
def first_letter(name) -> str:
    """The sign in a person's round picture: a Chinese name's first character, a Latin name's first letter."""
    text = str(name or "").strip()
    return text[:1].upper()


def _get(thing, key):
    return thing.get(key) if isinstance(thing, dict) else getattr(thing, key, None)
