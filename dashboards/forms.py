"""The form that makes a key of a wall."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.actor import Actor, under
from core.clock import today
from core.widgets import DateInput, SearchSelect
from dashboards import perms
from dashboards.models import LONGEST, SHORTEST

USUAL_SECONDS, USUAL_DAYS = 20, 180


def usual_end() -> dt.date:
    return today() + dt.timedelta(days=USUAL_DAYS)


class WallKeyForm(forms.Form):
    region = forms.ModelChoiceField(label=_("显示区域"), queryset=Region.objects.none(), widget=SearchSelect)
    label = forms.CharField(
        label=_("放在哪里"), required=False, max_length=60, help_text=_("例如“三楼指挥大厅”，显示在屏幕左上角。")
    )
    seconds = forms.IntegerField(
        label=_("每屏停留（秒）"), min_value=SHORTEST, max_value=LONGEST, initial=USUAL_SECONDS
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        widget=DateInput(counted=False),
        initial=usual_end,
        help_text=_("最长一年，到期后屏幕不再显示。"),
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        regions = Region.objects.filter(under(perms.paths(actor), "path")).order_by("path")
        self.fields["region"].queryset = regions
        self.fields["region"].initial = regions.first()
