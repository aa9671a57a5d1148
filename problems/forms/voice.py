"""Forms of the enterprise's voice: what is typed on a link's pages, and what a caller writes down."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from problems.enums import Rating
from problems.forms.fields import LARGEST_VERSION, TextField

RATINGS = (
    (Rating.SATISFIED, _("满意")),
    (Rating.BASICALLY, _("基本满意")),
    (Rating.NOT_SATISFIED, _("不满意，或没有解决（将重新办理）")),
)
SOLVED = (("yes", _("已经解决")), ("no", _("没有解决（将重新办理）")))
REACHED = (("yes", _("接通了")), ("no", _("没有接通")))


class CodeForm(forms.Form):
    """The short code of a card."""

    code = TextField(
        label=_("短码"),
        max_length=40,
        help_text=_("印在卡片上二维码旁边，例如 3F-9K2M-X7QP；不分大小写。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"}
        ),
    )


class VoiceForm(forms.Form):
    """A form on a link's page."""


class VoiceRateForm(VoiceForm):
    rating = forms.ChoiceField(label=_("您对办理结果"), choices=RATINGS, widget=forms.RadioSelect)
    text = TextField(
        label=_("想说的话"), max_length=500, required=False, rows=3, help_text=_("不满意或没有解决的，请写明还差什么。")
    )
    version = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if data.get("rating") == Rating.NOT_SATISFIED and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("请写明还差什么，办理单位好接着办。"))
        return data


class FactForm(VoiceForm):
    text = TextField(label=_("补充的情况"), max_length=1000, rows=5)


class AskCallForm(VoiceForm):
    phone = TextField(
        label=_("回电号码"),
        max_length=30,
        required=False,
        help_text=_("不填就打登记的联系电话。"),
        validators=[RegexValidator(r"^[0-9+()（）\-\s转]{5,30}$", _("请填写电话号码。"))],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    wish = TextField(label=_("想说什么事"), max_length=500, required=False, rows=3)


class CallBackForm(forms.Form):
    """What came of a call."""

    reached = forms.ChoiceField(label=_("电话"), choices=REACHED, widget=forms.RadioSelect)
    solved = forms.ChoiceField(
        label=_("企业说问题"), choices=SOLVED, widget=forms.RadioSelect, required=False, help_text=_("接通的必填。")
    )
    rating = forms.ChoiceField(
        label=_("企业态度"),
        choices=[("", _("没有表态")), *Rating.choices],
        required=False,
        help_text=_("本轮还没有评价的，记为企业的评价（途径：电话回访）。"),
    )
    text = TextField(
        label=_("企业的原话"), max_length=1000, required=False, rows=4,
        help_text=_("接通的必填；没有接通的可写明情况。"),
    )  # fmt: skip
    version = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if data.get("reached") != "yes":
            return data
        if not data.get("solved") and "solved" not in self.errors:
            self.add_error("solved", _("请选择企业怎么说。"))
        if not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("请记下企业的原话。"))
        if data.get("solved") == "no" and data.get("rating") in (Rating.SATISFIED, Rating.BASICALLY):
            self.add_error("rating", _("企业说没有解决的，不能记为满意或基本满意。"))
        return data
