"""Forms of the rule radar. What may be chosen comes from the registries, so that a new act needs no form of its own."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.models import Region
from core.widgets import DateInput
from mechanisms import actors, acts
from mechanisms.enums import Cadence, Reminded
from mechanisms.rules import OWNERS

LARGEST = 2**31 - 1
YES, NO = "yes", "no"


class TextField(forms.CharField):
    """A text of people: trimmed, limited, without halves of characters, which no database stores."""

    def __init__(self, *, rows: int = 0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)

    def validate(self, value):
        super().validate(value)
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValidationError(_("含有无法保存的字符。"), code="half_pair")


class DayField(forms.DateField):
    """A date between 2000 and 2100: years beyond are slips of the finger."""

    widget = DateInput(counted=False)

    def validate(self, value):
        super().validate(value)
        if value is not None and not 2000 <= value.year <= 2100:
            raise ValidationError(_("请核对年份。"), code="year")


class BoardForm(forms.Form):
    """Which region's committees the board shows."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("区域"), required=False, empty_label=_("全部区域"))

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        levels = ("province", "city", "county")
        self.fields["region"].queryset = Region.objects.visible_to(actor).filter(level__in=levels).order_by("path")


def _number(label, **options):
    return forms.IntegerField(label=label, min_value=0, max_value=1000, **options)


class MechanismForm(forms.Form):
    """What a mechanism asks for. The conditions that the chosen act, actor and people to reach offer are fields of
    their own (`act-kind`, `actor-level`); without scripts a button brings them up to date."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("适用区域"), empty_label=None)
    code = TextField(label=_("编号"), max_length=20, help_text=_("文件中的编号或自编的编号，例如 JZ-01。"))
    name = TextField(label=pgettext_lazy("mechanism", "名称"), max_length=60)
    actor = forms.ChoiceField(label=_("谁来做"))
    act = forms.ChoiceField(label=_("做什么"))
    cadence = forms.ChoiceField(label=_("周期"), choices=Cadence.choices)
    minimum = _number(_("至少"), initial=1)
    maximum = _number(_("至多"), required=False, help_text=_("没有上限可不填。"))
    target = _number(_("以多少为宜"), required=False, help_text=_("例如“5 个左右”填 5；判定按至少和至多，可不填。"))
    reaches = forms.ChoiceField(label=_("覆盖对象"), required=False)
    percent = forms.IntegerField(label=_("覆盖率（%）"), min_value=1, max_value=100, required=False)
    starts_on = DayField(label=_("生效日期"))
    warn_days = forms.IntegerField(
        label=_("提前几天提醒"), min_value=0, max_value=364, required=False,
        help_text=_("到期前几天还没做就提醒；不填按周期取默认值：季度及以上 22 天，月 7 天，旬 3 天，周 2 天。"),
    )  # fmt: skip
    reminds = forms.ChoiceField(label=_("提醒谁"), choices=Reminded.choices)
    text = TextField(label=_("规则原文"), max_length=500, required=False, rows=2)
    basis = TextField(label=_("依据"), max_length=200, required=False)
    note = TextField(label=_("修订说明"), max_length=300, required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    GROUPS = ("actor", "act", "reaches")
    PLAIN = ("name", "text", "basis", "actor", "act", "cadence", "minimum", "maximum", "target", "reaches", "percent",
             "starts_on", "warn_days", "reminds")  # fmt: skip

    def __init__(self, data=None, *, actor, mechanism=None, **options):
        super().__init__(data, **options)
        self.mechanism = mechanism
        if mechanism is None:
            self.fields["region"].queryset = (
                Region.objects.editable_by(actor).filter(level__in=("province", "city", "county")).order_by("path")
            )
            del self.fields["seen"], self.fields["note"]
        else:
            del self.fields["region"], self.fields["code"]
        self.fields["actor"].choices = [(kind.code, kind.label) for kind in actors.all_kinds()]
        self.fields["act"].choices = [(one.code, one.label) for one in acts.all_acts()]
        self.fields["reaches"].choices = [("", _("不要求覆盖")), *self._reachable()]
        for group in self.GROUPS:
            self._offer(group)

    def _chosen(self, name: str) -> str:
        """What is chosen in a field now, before anything is judged."""
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        choices = [str(code) for code, _label in self.fields[name].choices]
        return value if value in choices else (choices[0] if choices else "")

    def _reachable(self) -> list:
        act = acts.get(self._chosen("act"))
        own = self._chosen("actor")
        if own not in OWNERS:
            return []
        return [(code, actors.get(code).label) for code in act.reaches if code != own]

    def _registered(self, group: str):
        code = self._chosen(group)
        if not code:
            return None
        return acts.get(code) if group == "act" else actors.get(code)

    def _offer(self, group: str) -> None:
        """The fields of the conditions that the chosen one offers."""
        one = self._registered(group)
        for name, condition in one.filters.items() if one else ():
            if condition.choices is None:
                # An address gives a list of one.
                given = self.initial.get(f"{group}-{name}")
                if isinstance(given, list):
                    self.initial[f"{group}-{name}"] = given[0]
                field = forms.ChoiceField(
                    label=condition.label, required=False, choices=[("", _("不限")), (YES, _("是")), (NO, _("否"))]
                )
            else:
                field = forms.MultipleChoiceField(
                    label=condition.label, required=False, choices=list(condition.choices()),
                    widget=forms.CheckboxSelectMultiple, help_text=_("都不选即不限。"),
                )  # fmt: skip
            self.fields[f"{group}-{name}"] = field

    def conditions(self, group: str) -> list:
        """The bound fields of one group, for the template."""
        return [self[name] for name in self.fields if name.startswith(f"{group}-")]

    @property
    def of_actor(self):
        return self.conditions("actor")

    @property
    def of_act(self):
        return self.conditions("act")

    @property
    def of_reaches(self):
        return self.conditions("reaches")

    def unjudged(self):
        """For a page that only brings the choices up to date: nothing is wrong yet."""
        self._errors = ErrorDict()
        return self

    def _filters(self, group: str) -> dict:
        found = {}
        for bound in self.conditions(group):
            value = self.cleaned_data.get(bound.name)
            if value in ("", None, []):
                continue
            name = bound.name.partition("-")[2]
            found[name] = value == YES if value in (YES, NO) and isinstance(value, str) else list(value)
        return found

    @property
    def values(self) -> dict:
        """What the lifecycle takes."""
        kept = (*self.PLAIN, "note")
        found = {name: self.cleaned_data[name] for name in kept if name in self.cleaned_data}
        for group in self.GROUPS:
            found[f"{group}_filters"] = self._filters(group)
        return found

    def add_errors(self, error: ValidationError) -> None:
        """Sentences of the rules beside their fields; what has no field here stands above the form."""
        for name, sentences in getattr(error, "message_dict", {None: error.messages}).items():
            self.add_error(name if name in self.fields else None, sentences)

    @staticmethod
    def values_of(version) -> dict:
        """What the form of a change starts with."""
        found = {name: getattr(version, name) for name in MechanismForm.PLAIN}
        for group in MechanismForm.GROUPS:
            for name, value in getattr(version, f"{group}_filters").items():
                found[f"{group}-{name}"] = (YES if value else NO) if isinstance(value, bool) else value
        return found


class EndForm(forms.Form):
    on = DayField(label=_("失效日期"), help_text=_("从这一天起不再生效，应是一个周期的第一天。"))
    reason = TextField(label=_("终止理由"), max_length=300, rows=2)


class SwitchOffForm(forms.Form):
    """A region below stops following a mechanism."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("停用区域"), empty_label=None)
    from_on = DayField(label=_("停用日期"), help_text=_("这一天所在的周期起不再判定。"))
    reason = TextField(label=_("停用理由"), max_length=300, rows=2)

    def __init__(self, *args, regions, **options):
        super().__init__(*args, **options)
        self.fields["region"].queryset = regions
