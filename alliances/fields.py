"""Form fields of the organisation, with choices cut to what the actor may use."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.widgets import SearchSelect


class RegionField(forms.ModelChoiceField):
    """A region, indented by its depth below the topmost choice."""

    def __init__(self, queryset=None, **kwargs):
        kwargs.setdefault("label", _("所在区域"))
        kwargs.setdefault("widget", SearchSelect)
        super().__init__(queryset if queryset is not None else Region.objects.none(), **kwargs)

    def label_from_instance(self, obj):
        return "　" * (obj.depth - self._top()) + obj.name

    def _top(self):
        if getattr(self, "_depth", None) is None:
            first = self.queryset.order_by("path").first()
            self._depth = first.depth if first else 1
        return self._depth


class UnderRegionFilter(RegionField):
    """The filter of a list: a region with all below it. Its value is the region's path."""

    def __init__(self, **kwargs):
        super().__init__(required=False, empty_label=_("全部区域"), **kwargs)
