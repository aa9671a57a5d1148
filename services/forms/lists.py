"""Forms of the lists, the catalogue of products and talent. Every choice comes from what the actor may see or keep."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Department, Region
from chains.models import Chain
from core import clock
from core.actor import Role
from core.registers import RecordForm, SaneDates
from core.shipped import spoken
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple
from enterprises.forms.firms import joinable_chains
from enterprises.forms.records import kept_enterprises, kinds_for, seen_organisations
from enterprises.models import Enterprise
from problems.forms.fields import CategoryField, TextField
from problems.models import Category
from services.models import (
    Demand,
    Policy,
    PolicyMeasure,
    Product,
    Resource,
    ServiceKind,
    TalentHire,
    TalentKind,
    TalentNeed,
)


class _OrderedForm(RecordForm):
    """No other date lies before the one that a row begins with; the sentence stands beside the date."""

    begins = "from_on"

    def clean(self):
        data = super().clean()
        first = data.get(self.begins)
        for name, field in self.fields.items():
            day = data.get(name)
            if first and name != self.begins and isinstance(field, forms.DateField) and day and day < first:
                label = self.fields[self.begins].label
                self.add_error(name, _("不能早于%(label)s。") % {"label": label})
        return data


class _FirmForm(_OrderedForm):
    """A row of an enterprise. A branch secretary writes for one enterprise: nothing to choose, nothing to forge."""

    kinds: type | None = None
    ending: tuple[str, ...] = ()

    def limit(self, actor):
        one = self.instance
        own = Enterprise.objects.filter(pk__in=actor.ids("enterprise_id", Role.BRANCH_SECRETARY), left_on=None)
        offered = Q(pk__in=kept_enterprises(actor, one.enterprise_id).values("pk")) | Q(pk__in=own.values("pk"))
        firms = Enterprise.objects.filter(offered).order_by("name")
        self.fields["enterprise"].queryset = firms
        if one.pk is None and firms.count() == 1:
            self.fields["enterprise"].initial = firms.get().pk
        if self.kinds is not None:
            self.fields["kind"].queryset = kinds_for(self.kinds, actor, one.kind_id)
            self.fields["kind"].label_from_instance = spoken
        for name in self.ending if one.pk is None else ():
            del self.fields[name]


class DemandForm(_FirmForm):
    kinds, begins = ServiceKind, "raised_on"

    class Meta:
        model = Demand
        fields = ["enterprise", "kind", "title", "text", "raised_on", "needed_by", "valid_until"]
        widgets = {
            "enterprise": SearchSelect, "text": forms.Textarea(attrs={"rows": 5}), "raised_on": DateInput,
            "needed_by": DateInput, "valid_until": DateInput,
        }  # fmt: skip

    def limit(self, actor):
        super().limit(actor)
        if self.instance.pk:
            self.fields["enterprise"].disabled = True
        self.fields["raised_on"].initial = clock.today

    def clean_raised_on(self):
        day = self.cleaned_data["raised_on"]
        if day > clock.today():
            raise forms.ValidationError(_("提出日期不能晚于今天。"))
        return day


class _OfferForm(_OrderedForm):
    """A resource or a policy of a region, under a chain where one keeps it."""

    region = RegionField(label=_("适用区域"))

    def limit(self, actor):
        one = self.instance
        officer = actor.is_system or actor.has(Role.COUNTY_OFFICER)
        regions = Region.objects.editable_by(actor)
        if not officer:
            regions = Region.objects.filter(committees__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)).distinct()
        self.fields["region"].queryset = Region.objects.filter(Q(pk__in=regions.values("pk")) | Q(pk=one.region_id))
        self.fields["region"].initial = regions.order_by("path").values_list("pk", flat=True).first()
        chains = joinable_chains(actor)
        self.fields["chain"].queryset = Chain.objects.filter(Q(pk__in=chains.values("pk")) | Q(pk=one.chain_id))
        self.fields["chain"].label, self.fields["chain"].required = _("由哪条产业链维护"), not officer
        self.fields["chain"].help_text = _("全区域共用的不选，由组织部工作人员维护。")
        if not officer and chains.count() == 1:
            self.fields["chain"].initial = chains.get().pk
        seen = Chain.objects.visible_to(actor).filter(dissolved_on=None)
        mine = one.chains.values("pk") if one.pk else Chain.objects.none().values("pk")
        self.fields["chains"].queryset = Chain.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=mine))
        self.fields["kind"].queryset = kinds_for(ServiceKind, actor, one.kind_id)
        self.fields["kind"].label_from_instance = spoken
        self.fields["from_on"].initial = clock.today
        if one.pk is None:
            del self.fields["closed_on"]


_OFFER_WIDGETS = {
    "chains": SearchSelectMultiple, "chain": SearchSelect, "text": forms.Textarea(attrs={"rows": 5}),
    "from_on": DateInput, "valid_until": DateInput, "closed_on": DateInput,
}  # fmt: skip


class ResourceForm(_OfferForm):
    class Meta:
        model = Resource
        fields = [
            "kind", "title", "department", "organisation", "provider_name", "region", "chain", "audience", "chains",
            "text", "contact_name", "contact_phone", "from_on", "valid_until", "closed_on",
        ]  # fmt: skip
        widgets = {**_OFFER_WIDGETS, "department": SearchSelect, "organisation": SearchSelect}

    def limit(self, actor):
        super().limit(actor)
        one = self.instance
        seen = Department.objects.visible_to(actor).filter(is_active=True)
        self.fields["department"].queryset = Department.objects.filter(
            Q(pk__in=seen.values("pk")) | Q(pk=one.department_id)
        )
        self.fields["organisation"].queryset = seen_organisations(actor, one.organisation_id)
        self.fields["department"].help_text = _("提供单位、提供党组织、提供机构填一项。")

    def clean(self):
        data = super().clean()
        names = ("department", "organisation", "provider_name")
        given = [name for name in names if data.get(name)]
        if len(given) != 1 and not set(names) & self.errors.keys():
            place = given[1] if given else names[0]
            self.add_error(place, _("提供单位、提供党组织、提供机构填一项。"))
        return data


class PolicyForm(_OfferForm):
    class Meta:
        model = Policy
        fields = [
            "title", "document_number", "issued_by", "level", "kind", "gives", "region", "chain", "audience", "chains",
            "text", "from_on", "valid_until", "closed_on",
        ]  # fmt: skip
        widgets = _OFFER_WIDGETS
        labels = {"from_on": _("受理开始日期"), "valid_until": _("受理截止日期")}


class MeasureForm(RecordForm):
    class Meta:
        model = PolicyMeasure
        fields = ["number", "kind", "text", "department", "responsible"]
        widgets = {"department": SearchSelect}

    def limit(self, actor):
        one = self.instance
        self.fields["kind"].queryset = kinds_for(ServiceKind, actor, one.kind_id)
        self.fields["kind"].label_from_instance = spoken
        seen = Department.objects.visible_to(actor).filter(is_active=True)
        self.fields["department"].queryset = Department.objects.filter(
            Q(pk__in=seen.values("pk")) | Q(pk=one.department_id)
        )


class ProductForm(_FirmForm):
    ending, begins = ("ends_on",), "listed_on"

    class Meta:
        model = Product
        fields = ["enterprise", "role", "name", "unit", "quantity", "note", "listed_on", "ends_on"]
        widgets = {"enterprise": SearchSelect, "listed_on": DateInput, "ends_on": DateInput}

    def limit(self, actor):
        super().limit(actor)
        self.fields["listed_on"].initial = clock.today


class TalentNeedForm(_FirmForm):
    kinds, ending = TalentKind, ("closed_on",)

    class Meta:
        model = TalentNeed
        fields = [
            "enterprise", "post", "kind", "number", "qualification", "offers", "from_on", "valid_until", "closed_on",
        ]  # fmt: skip
        widgets = {
            "enterprise": SearchSelect, "from_on": DateInput, "valid_until": DateInput, "closed_on": DateInput,
        }  # fmt: skip

    def limit(self, actor):
        super().limit(actor)
        self.fields["from_on"].initial = clock.today


class TalentHireForm(_FirmForm):
    kinds, begins = TalentKind, "hired_on"

    class Meta:
        model = TalentHire
        fields = ["enterprise", "kind", "number", "hired_on", "need", "way"]
        widgets = {"enterprise": SearchSelect, "need": SearchSelect, "hired_on": DateInput}

    def limit(self, actor):
        super().limit(actor)
        self.fields["hired_on"].initial = clock.today
        needs = TalentNeed.objects.visible_to(actor).filter(closed_on=None)
        needs = TalentNeed.objects.filter(Q(pk__in=needs.values("pk")) | Q(pk=self.instance.need_id))
        self.fields["need"].queryset = needs.select_related("enterprise").order_by("enterprise__name", "post")
        self.fields["need"].label_from_instance = lambda one: f"{one.enterprise} · {one.post}"

    def clean(self):
        data = super().clean()
        need, firm = data.get("need"), data.get("enterprise")
        if need and firm and need.enterprise_id != firm.pk:
            self.add_error("need", _("对应的急需岗位不是这家企业的。"))
        return data


class KindForm(RecordForm):
    """A region's own kind; made for `ServiceKind` and `TalentKind`."""

    def limit(self, actor):
        if self.instance.pk:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = regions = Region.objects.editable_by(actor)
            self.fields["region"].required = True
            self.fields["region"].initial = regions.order_by("path").values_list("pk", flat=True).first()
            del self.fields["is_active"]
        if "category" in self.fields:
            self.fields["category"].queryset = Category.objects.visible_to(actor).filter(parent=None)
            self.fields["category"].label_from_instance = spoken

    def clean_order(self):
        return self.cleaned_data["order"] or 0


class ServiceKindForm(KindForm):
    class Meta:
        model = ServiceKind
        fields = ["region", "name", "category", "order", "is_active"]
        field_classes = {"region": RegionField}


class TalentKindForm(KindForm):
    class Meta:
        model = TalentKind
        fields = ["region", "name", "counts_as", "order", "is_active"]
        field_classes = {"region": RegionField}


# --- deeds ---------------------------------------------------------------------------------------------------------
class _Deed(SaneDates, forms.Form):
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class EndForm(_Deed):
    """A demand is met or withdrawn, with how or why."""

    on = forms.DateField(label=_("日期"), widget=DateInput, initial=clock.today)
    outcome = TextField(label=_("说明"), max_length=300, rows=3)


class ReasonForm(_Deed):
    reason = TextField(label=_("理由"), max_length=300, rows=3)


class ChooseForm(_Deed):
    """A resource or policy that was not suggested, chosen by hand."""

    resource = forms.ModelChoiceField(Resource.objects.none(), label=_("资源"), required=False, widget=SearchSelect)
    policy = forms.ModelChoiceField(Policy.objects.none(), label=_("政策"), required=False, widget=SearchSelect)

    def __init__(self, *args, actor, region, **options):
        super().__init__(*args, **options)
        for name in ("resource", "policy"):
            rows = self.fields[name].queryset.model.objects.visible_to(actor).on(clock.today())
            self.fields[name].queryset = rows.filter(region__path__in=region.ancestor_paths).order_by("title")

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("resource")) == bool(data.get("policy")):
            self.add_error("resource", _("资源和政策请选一项。"))
        return data

    @property
    def target(self):
        return self.cleaned_data.get("resource") or self.cleaned_data.get("policy")


class HandOverForm(_Deed):
    """What the demand says, filled in for the ledger; nothing is typed twice."""

    title = TextField(label=_("事项"), max_length=120)
    category = CategoryField()
    text = TextField(label=_("具体情况"), max_length=4000, rows=6)

    def __init__(self, *args, demand, **options):
        super().__init__(*args, **options)
        self.fields["category"].fill(Category.objects.of_region(demand.region))
        self.fields["title"].initial = demand.title
        self.fields["text"].initial = demand.text or demand.title
        self.fields["category"].initial = demand.kind.category_id
