"""The form of an entry, made from the ledger's columns; its filter; and the small forms of its life."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField, UnderRegionFilter
from alliances.models import Region
from core import clock, search
from core.actor import Actor, Role
from core.registers import FilterForm
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple
from enterprises.models import Enterprise
from ledgers import values
from ledgers.enums import NUMBERS, FieldType
from ledgers.lifecycle import entries
from ledgers.models import Ledger, LedgerEntry, LedgerField
from ledgers.querysets import filling

_YES_NO = [("", "—"), ("是", _("是")), ("否", _("否"))]


def _enterprises(actor: Actor, kept=None):
    seen = Enterprise.objects.visible_to(actor).current()
    return Enterprise.objects.filter(pk__in=[*seen.values_list("pk", flat=True), kept or 0]).order_by("name")


def _control(field: LedgerField, value, actor: Actor, kept=None) -> forms.Field:
    """The form field of one column. What it takes is judged by `values.read`, as the cells of a workbook are."""
    common = {"label": field.heading, "required": field.required}
    if field.type == FieldType.ENTERPRISE:
        return forms.ModelChoiceField(_enterprises(actor, kept), widget=SearchSelect, **common)
    if field.type in (FieldType.CHOICE, FieldType.CHOICES):
        held = value if isinstance(value, list) else [value] if value else []
        gone = [(one, _now("%(choice)s（已停用的选项）") % {"choice": one}) for one in held if one not in field.choices]
        choices = [*((one, one) for one in field.choices), *gone]
        if field.type == FieldType.CHOICES:
            return forms.MultipleChoiceField(choices=choices, widget=SearchSelectMultiple, **common)
        return forms.ChoiceField(choices=[("", "—"), *choices], **common)
    if field.type == FieldType.YES_NO:
        return forms.ChoiceField(choices=_YES_NO, **common)
    if field.type == FieldType.DATE:
        return forms.CharField(widget=DateInput(counted=False), max_length=20, **common)
    if field.type == FieldType.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=values.LONG, **common)
    attrs = {"inputmode": "decimal"} if field.type in NUMBERS else {}
    if field.type in (FieldType.MOBILE, FieldType.IDENTIFIER):
        attrs = {"autocomplete": "off"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=values.SHORT, **common)


class EntryForm(forms.Form):
    """An entry of one ledger. `entry` is None for a new one."""

    region = RegionField(label=_("所在区域"), required=False)
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data=None, *, ledger: Ledger, actor: Actor, entry: LedgerEntry | None = None, **kwargs):
        self.ledger, self.entry, self.values = ledger, entry, {}
        super().__init__(data, **kwargs)
        kept = entry and entry.enterprise_id
        for field in ledger.living_fields:
            value = entry.values.get(field.code) if entry else None
            self.fields[field.code] = _control(field, value, actor, kept)
            if entry:
                self.initial[field.code] = kept if field.type == FieldType.ENTERPRISE else _typed(field, value)
        regions = entries.places(ledger, actor)
        if entry:
            regions = Region.objects.filter(pk__in=[*regions.values_list("pk", flat=True), entry.region_id])
        self.fields["region"].queryset = regions
        self.initial.setdefault("region", entry.region_id if entry else regions.order_by("path").values_list(
            "pk", flat=True).first())  # fmt: skip
        self._firm(ledger, actor)

    def _firm(self, ledger, actor) -> None:
        """The enterprise says where an entry stands; who fills for one enterprise finds it chosen."""
        firm = next((one for one in ledger.living_fields if one.type == FieldType.ENTERPRISE), None)
        self.firm = firm
        if firm is not None:
            self.fields["region"].help_text = _("选了企业的，随企业。")
            own = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
            if not self.entry and len(own) == 1:
                self.initial[firm.code] = next(iter(own))
        self.order_fields([*(one.code for one in ledger.living_fields), "region", "version"])

    def clean(self):
        data = super().clean()
        for field in self.ledger.living_fields:
            if field.code in self.errors or field.type == FieldType.ENTERPRISE:
                continue
            try:
                value = self._read(field, data.get(field.code))
            except values.Wrong as wrong:
                self.add_error(field.code, str(wrong))
            else:
                if value is not None:
                    self.values[field.code] = value
        return data

    def _read(self, field, raw):
        held = self.entry.values.get(field.code) if self.entry else None
        return held if held and raw == held else values.read(field, raw)

    @property
    def given(self) -> dict:
        """What the lifecycle takes: values, region, enterprise."""
        firm = self.cleaned_data.get(self.firm.code) if self.firm else (self.entry and self.entry.enterprise)
        return {"values": self.values, "region": self.cleaned_data.get("region"), "enterprise": firm or None}


def _typed(field, value):
    if field.type == FieldType.YES_NO:
        return "" if value is None else "是" if value else "否"
    return value


class EntryFilter(FilterForm):
    """Search, status, region, and every choice column of the ledger that is no personal one."""

    status = forms.ChoiceField(label=_("状态"), required=False)
    late = forms.ChoiceField(label=_("期限"), required=False, choices=[("", _("全部")), ("1", _("已超期"))])
    region = UnderRegionFilter()

    def __init__(self, data=None, *, ledger: Ledger, actor: Actor, **kwargs):
        self.ledger = ledger
        super().__init__(data, actor=actor, **kwargs)
        statuses = [(str(one.pk), one.name) for one in ledger.statuses.order_by("order", "id")]
        self.fields["status"].choices = [
            ("", _("全部")), ("open", _("在办")), *statuses, ("archived", _("已作废")),
        ]  # fmt: skip
        for field in ledger.living_fields:
            if field.type in (FieldType.CHOICE, FieldType.CHOICES) and not field.personal:
                choices = [("", _("全部")), *((one, one) for one in field.choices)]
                self.fields[field.code] = forms.ChoiceField(label=field.label, required=False, choices=choices)

    def limit(self, actor):
        below = Region.objects.filter(path__startswith=self.ledger.region.path)
        self.fields["region"].queryset = below.filter(pk__in=Region.objects.visible_to(actor).values("pk"))

    def narrow(self, queryset):
        """Living entries under the filters, found by the search; archived ones only where they are asked for."""
        chosen = self.values
        status = chosen.get("status", "")
        queryset = queryset.filter(archived_on__isnull=status != "archived")
        if status == "open":
            queryset = queryset.filter(closed_on=None)
        elif status.isdigit():
            queryset = queryset.filter(status_id=int(status))
        if chosen.get("late"):
            queryset = queryset.filter(due_on__lt=clock.today())
        if chosen.get("region"):
            queryset = queryset.filter(region__path__startswith=chosen["region"].path)
        for field in self.ledger.living_fields:
            if field.code in chosen:
                held = [chosen[field.code]] if field.type == FieldType.CHOICES else chosen[field.code]
                queryset = queryset.filter(values__contains={field.code: held})
        return self._found(queryset, chosen.get("q", ""))

    def _found(self, queryset, text):
        """By number, or by words: those of personal columns only where the reader fills the entry."""
        plain = search.normalise(text)
        if not plain:
            return queryset
        words = values.wanted(plain)
        if not words:
            return queryset.none()
        own = filling(self.actor)
        condition = Q(words__contains=words) | (own & Q(own_words__contains=words))
        if plain.isascii() and plain.isdigit() and len(plain) < 9:
            condition |= Q(number=int(plain))
        return queryset.filter(condition)


class MoveForm(forms.Form):
    status = forms.ModelChoiceField(None, label=_("改为"), empty_label=None)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=300, help_text=_("会留在记录里，请不要写个人信息。")
    )
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args, entry: LedgerEntry, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].queryset = entry.ledger.statuses.filter(retired_on=None).exclude(pk=entry.status_id)
        after = self.fields["status"].queryset.filter(order__gt=entry.status.order).first()
        self.fields["status"].initial = after and after.pk


class ArchiveForm(forms.Form):
    reason = forms.CharField(label=_("作废原因"), max_length=300)
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("导出理由"), max_length=300, help_text=_("谁、什么时候、为什么导出了哪些记录，都会留在审计记录里。")
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel 文件"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("表头与栏目名称相同，次序不限；表头上面有标题行也可以。一次最多 3000 行。"),
    )  # fmt: skip
