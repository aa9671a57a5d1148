"""Forms of a draft and of an issued report: its text, issuing, withdrawing."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import editing, issuing

_FIELD = re.compile(r"p([0-9]{1,4})")


class VersionForm(forms.Form):
    """The version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class TextForm(VersionForm):
    """One field a paragraph, named by its place. What was typed for a place that is gone meanwhile stays in sight."""

    confirmed = forms.BooleanField(label=gettext_lazy("以上数字为手工填写，已核对"), required=False)

    def __init__(self, data=None, *, places, version):
        super().__init__(data, initial={"version": version})
        numbers: dict[str, int] = {}
        for place in places:
            numbers[place.heading] = numbers.get(place.heading, 0) + 1
            self._add(place.name, place.text, place.heading or _("开头"), numbers[place.heading])
        for name in data or ():
            if _FIELD.fullmatch(name) and name not in self.fields:
                self._add(name, "", _("已不在原处的一段"), int(name[1:]))

    def _add(self, name, text, heading, number):
        label = _("%(heading)s · 第%(number)d段") % {"heading": heading, "number": number}
        rows = min(12, 2 + len(text) // 60)
        self.fields[name] = forms.CharField(
            label=label, required=False, initial=text, max_length=editing.LONGEST,
            widget=forms.Textarea(attrs={"rows": rows}),
        )  # fmt: skip

    def paragraphs(self):
        return [self[name] for name in self.fields if _FIELD.fullmatch(name)]

    @property
    def texts(self):
        return {int(name[1:]): text for name, text in self.cleaned_data.items() if _FIELD.fullmatch(name)}


class IssueForm(VersionForm):
    """`seen` is the code of the differences that the page showed; they are kept only when `keep` is ticked."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    keep = forms.BooleanField(label=gettext_lazy("已核对以上不一致，按草稿中的原数印发"), required=False)

    def __init__(self, data=None, *, seen, version):
        super().__init__(data, initial={"version": version, "seen": seen})
        if not seen:
            self.fields["keep"].widget = forms.HiddenInput()


class WithdrawForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因"), max_length=issuing.LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
