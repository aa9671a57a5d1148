"""Forms of the inbox, the preferences and the channels."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from core.actor import Actor, Role, under
from core.sealed import Unreadable
from notices.enums import FIXED, Kind, Robot
from notices.models import LANGUAGES, Channel, Preference
from problems.forms.fields import TextField

CHOOSABLE = [(value, label) for value, label in Kind.choices if value not in FIXED]


class KindsField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options):
        super().__init__(**{"required": False, **options})


class InboxFilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("种类"), required=False, choices=[("", _("全部")), *Kind.choices])


class PreferencesForm(forms.Form):
    """What a person is told, and where. Boxes that are ticked are wanted; papers of supervision always come."""

    inbox = KindsField(
        label=_("收件箱里的消息"), choices=CHOOSABLE, help_text=_("提醒单、督办单和领导批示总会送达，不能关闭。")
    )
    mail = KindsField(label=_("邮件摘要里的消息"), choices=CHOOSABLE, help_text=_("只从收件箱里的消息中选取。"))
    digest = forms.BooleanField(
        label=_("每天发送一封邮件摘要"), required=False,
        help_text=_("工作日上班时发送，只列此前未读、没有寄过的消息；没有就不发。"),
    )  # fmt: skip
    email = forms.EmailField(label=_("电子邮箱"), required=False, max_length=254)
    language = forms.ChoiceField(label=_("邮件语言"), choices=LANGUAGES)

    @staticmethod
    def values_of(preference: Preference, user) -> dict:
        """What the form starts with."""
        kinds = [value for value, _label in CHOOSABLE]
        return {
            "inbox": [one for one in kinds if one not in preference.not_in_inbox],
            "mail": [one for one in kinds if one not in preference.not_by_mail],
            "digest": preference.digest,
            "email": user.email,
            "language": preference.language,
        }

    def clean_email(self):
        address = self.cleaned_data["email"]
        domains = [one.strip().lower() for one in settings.EMAIL_DOMAINS]
        if address and domains and address.rpartition("@")[2].lower() not in domains:
            raise ValidationError(
                _("只能使用这些邮箱：%(domains)s"), code="domain", params={"domains": "、".join(domains)}
            )
        return address


class ChannelForm(forms.Form):
    """One channel. The address and the secret are typed, never shown again."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("所在区域"), empty_label=None)
    name = TextField(label=_("名称"), max_length=60)
    robot = forms.ChoiceField(label=_("种类"), choices=Robot.choices)
    url = TextField(
        label=_("地址"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    secret = TextField(
        label=_("加签密钥"), max_length=200, required=False, help_text=_("只用于开启了加签的钉钉机器人。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    drop_secret = forms.BooleanField(label=_("去掉已保存的加签密钥"), required=False)
    kinds = KindsField(label=_("推送哪些消息"), choices=Kind.choices, required=True)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, actor: Actor, channel: Channel, **options):
        super().__init__(*args, **options)
        own = Region.objects.filter(under(actor.region_paths(Role.COUNTY_OFFICER), "path"))
        self.fields["region"].queryset = own.filter(level__in=("province", "city", "county")).order_by("path")
        if channel.pk is None:
            del self.fields["drop_secret"], self.fields["version"]
            self.fields["url"].help_text = _("保存后不再显示。")
            return
        # Where it stands is fixed: its log belongs to the region.
        del self.fields["region"]
        self.fields["url"].required = isinstance(channel.url, Unreadable)
        self.fields["url"].help_text = _("已保存，不再显示；留空则不变。")
        if channel.is_unreadable:
            self.fields["url"].help_text = _("保存的地址或密钥读不出来（系统密钥换过），请重新填写。")
        self.fields["secret"].help_text = _("已保存的不再显示；留空则不变。")
        if not channel.secret and not isinstance(channel.secret, Unreadable):
            del self.fields["drop_secret"]
