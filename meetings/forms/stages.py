"""What is asked on the small pages that move a meeting on or a decision to its end."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BareForm(forms.Form):
    """Nothing but the version that was read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class ReasonForm(BareForm):
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NoticeForm(BareForm):
    reason = forms.CharField(
        label=_("未能提前通知的原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MinutesForm(BareForm):
    minutes = forms.CharField(label=_("会议纪要"), max_length=20000, widget=forms.Textarea(attrs={"rows": 14}))
