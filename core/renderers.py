"""The one form renderer of the project: Django's own forms with this product's field markup."""

from django.forms.renderers import TemplatesSetting
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    SelectMultiple,
)
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# What Django says where nothing is chosen.
NOTHING_CHOSEN = "---------"
SELECT = "django/forms/widgets/select.html"
CONTROL_CLASS = "form-control"
SELECT_CLASS = "form-select"
CHECK_CLASS = "form-check-input"


class FormRenderer(TemplatesSetting):
    """Renders fields through `templates/django/forms/field.html`, so `{{ form.name.as_field_group }}` is complete.

    Widgets receive their CSS class here, by kind, so that no form has to name one.
    """

    field_template_name = "django/forms/field.html"

    def render(self, template_name, context, request=None):
        widget = context.get("widget")
        if widget is not None and "attrs" in widget:
            _add_class(widget)
        if template_name == SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


_CLASS_BY_TEMPLATE = {
    SELECT: SELECT_CLASS,
    "django/forms/widgets/checkbox.html": CHECK_CLASS,
    "django/forms/widgets/checkbox_option.html": CHECK_CLASS,
    "django/forms/widgets/radio_option.html": CHECK_CLASS,
}
_WITHOUT_CLASS = {
    "django/forms/widgets/hidden.html",
    "django/forms/widgets/multiple_hidden.html",
    "django/forms/widgets/select_option.html",
}


def _add_class(widget: dict) -> None:
    """Put the look's class on one widget's attributes, keeping any class the form itself asked for.

    Widgets made of several inputs (radio lists, split dates) hand the class down to each of them.
    """
    parts = [
        option
        for _group, options, _index in widget.get("optgroups", ())
        for option in options
        if "wrap_label" in option
    ]
    is_list = widget.get("template_name", "").endswith(("/radio.html", "/checkbox_select.html"))
    if is_list or "subwidgets" in widget:
        for part in parts if is_list else widget["subwidgets"]:
            _add_class(part)
        return
    name = widget.get("template_name", "")
    if name in _WITHOUT_CLASS or widget.get("is_hidden"):
        return
    wanted = _CLASS_BY_TEMPLATE.get(name, CONTROL_CLASS)
    attrs = widget["attrs"]
    existing = str(attrs.get("class", "")).split()
    if wanted not in existing:
        widget["attrs"] = {**attrs, "class": " ".join([wanted, *existing])}


def _select(widget: dict) -> SafeString:
    """A choice as Django's own template writes it. That renders one template for each option, which was a quarter of
    the ledger's page."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{conditional_escape(group)}">')
        parts += [
            f'<option value="{conditional_escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(_('请选择') if option['label'] == NOTHING_CHOSEN else option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    return mark_safe("\n".join([*parts, "</select>"]))  # noqa: S308 - every value above is escaped


def _attributes(attrs: dict) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def kind_of(widget) -> str:
    """How the field template lays a widget out: `check`, `group` (several inputs), `file`, `select` or `input`."""
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, FileInput):
        return "file"
    if isinstance(widget, Select | SelectMultiple):
        return "select"
    return "input"
