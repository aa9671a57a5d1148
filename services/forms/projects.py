"""Forms and filters of projects and finance. Every choice comes from what the actor may see or keep."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Department, Region
from chains.models import Chain, Link
from core import clock
from core.actor import Role
from core.registers import RecordForm, SaneDates
from core.shipped import spoken
from core.widgets import DateInput, SearchSelect
from enterprises.forms.firms import OnLinkFilter, joinable_chains
from enterprises.forms.record_filters import KindFilter
from enterprises.forms.records import kept_enterprises, kinds_for, seen_organisations
from problems.forms.fields import TextField
from services.forms.lists import KindForm
from services.models import CreditRating, EntryKind, FinanceProduct, FundArrival, Loan, Project, SocialCapital
from services.project_enums import CLASSES, ChainWork, EntryClass, KindOf, Level, ProjectState, ServicePart


class EntryKindForm(KindForm):
    class Meta:
        model = EntryKind
        fields = ["region", "of", "name", "counts_as", "level", "order", "is_active"]
        field_classes = {"region": RegionField}

    def limit(self, actor):
        super().limit(actor)
        if self.instance.pk:
            del self.fields["of"]

    def clean(self):
        data = super().clean()
        of = data.get("of") or self.instance.of
        if of and data.get("counts_as") and data["counts_as"] not in CLASSES[of]:
            self.add_error("counts_as", _("这一统计口径不能用于所选的类别。"))
        if of and data.get("level") and of != KindOf.PROJECT:
            self.add_error("level", _("只有项目类别才选级别。"))
        return data


class _PlacedForm(RecordForm):
    """A row of an enterprise, or of a region and perhaps a chain. `kinds` says which kinds each field offers."""

    region = RegionField(label=_("所在区域"), required=False)
    kinds: dict[str, str] = {}
    today: tuple[str, ...] = ()

    def limit(self, actor):
        one, fields = self.instance, self.fields
        officer = actor.is_system or actor.has(Role.COUNTY_OFFICER)
        regions = Region.objects.editable_by(actor)
        if not officer:
            regions = Region.objects.filter(committees__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)).distinct()
        fields["region"].queryset = Region.objects.filter(Q(pk__in=regions.values("pk")) | Q(pk=one.region_id))
        fields["region"].initial = regions.order_by("path").values_list("pk", flat=True).first()
        chains = joinable_chains(actor)
        fields["chain"].queryset = Chain.objects.filter(Q(pk__in=chains.values("pk")) | Q(pk=one.chain_id))
        if not officer and chains.count() == 1:
            fields["chain"].initial = chains.get().pk
        if "enterprise" in fields:
            fields["enterprise"].queryset = kept_enterprises(actor, one.enterprise_id)
            fields["region"].help_text = fields["chain"].help_text = _("选了企业的，随企业。")
        for name, of in self.kinds.items():
            fields[name].queryset = kinds_for(EntryKind, actor, getattr(one, f"{name}_id")).filter(of=of)
            fields[name].label_from_instance = spoken
        for name in self.today:
            fields[name].initial = clock.today

    def clean(self):
        data = super().clean()
        if not data.get("enterprise") and not data.get("region") and not {"region", "enterprise"} & self.errors.keys():
            self.add_error("region", _("没有选企业的，请选择所在区域。"))
        for name in self.today:
            if data.get(name) and data[name] > clock.today():
                self.add_error(name, _("日期不能晚于今天。"))
        return data

    def _get_validation_exclusions(self):
        """The region follows the enterprise; the lifecycle fills it."""
        return super()._get_validation_exclusions() | ({"region"} if not self.cleaned_data.get("region") else set())


class ProjectForm(_PlacedForm):
    kinds, today = {"kind": KindOf.PROJECT, "source": KindOf.SOURCE}, ("lead_on",)

    class Meta:
        model = Project
        fields = [
            "name", "kind", "source", "enterprise", "region", "chain", "link", "work", "owner", "investor",
            "planned_investment", "lead_on", "listed_on", "themes", "note",
        ]  # fmt: skip
        widgets = {
            "enterprise": SearchSelect, "chain": SearchSelect, "link": SearchSelect, "owner": SearchSelect,
            "lead_on": DateInput, "listed_on": DateInput, "note": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip

    def limit(self, actor):
        super().limit(actor)
        one = self.instance
        seen = Department.objects.visible_to(actor).filter(is_active=True)
        self.fields["owner"].queryset = Department.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=one.owner_id))
        chains = Chain.objects.visible_to(actor).values("pk")
        self.fields["link"].queryset = Link.objects.filter(
            Q(segment__chain__in=chains) | Q(pk=one.link_id)
        ).select_related("segment__chain")
        self.fields["link"].label_from_instance = lambda link: f"{link.segment.chain.name} · {link.name}"


class FinanceProductForm(_PlacedForm):
    today = ("offered_on",)

    class Meta:
        model = FinanceProduct
        fields = [
            "institution", "name", "region", "chain", "audience", "cap", "rate", "months", "support", "offered_on",
            "closed_on",
        ]  # fmt: skip
        widgets = {"chain": SearchSelect, "offered_on": DateInput, "closed_on": DateInput}


class _OfFirmForm(_PlacedForm):
    """A row that always is of an enterprise."""

    def limit(self, actor):
        super().limit(actor)
        del self.fields["region"], self.fields["chain"]


class CreditRatingForm(_OfFirmForm):
    today = ("rated_on",)

    class Meta:
        model = CreditRating
        fields = ["enterprise", "region", "chain", "institution", "grade", "credit_line", "rated_on", "until_on"]
        widgets = {"enterprise": SearchSelect, "rated_on": DateInput, "until_on": DateInput}

    def limit(self, actor):
        super().limit(actor)
        if self.instance.pk is None:
            del self.fields["until_on"]

    def _get_validation_exclusions(self):
        """A new rating ends the one in force, which the lifecycle sees to."""
        return super()._get_validation_exclusions() | ({"enterprise"} if self.instance.pk is None else set())


class LoanForm(_PlacedForm):
    kinds, today = {"kind": KindOf.LOAN, "borrower_kind": KindOf.BORROWER}, ("issued_on",)

    class Meta:
        model = Loan
        fields = [
            "kind", "enterprise", "borrower_kind", "borrower", "region", "chain", "institution", "product", "amount",
            "issued_on",
        ]  # fmt: skip
        widgets = {"enterprise": SearchSelect, "chain": SearchSelect, "product": SearchSelect, "issued_on": DateInput}

    def limit(self, actor):
        super().limit(actor)
        self.fields["product"].queryset = FinanceProduct.objects.visible_to(actor)

    def clean(self):
        data = super().clean()
        for name in ("borrower_kind", "borrower"):
            doubled = bool(data.get("enterprise")) == bool(data.get(name))
            if doubled and not {name, "enterprise"} & self.errors.keys():
                self.add_error(name, _("企业和其他借款主体（类别和名称）只填一项。"))
        return data


class SocialCapitalForm(_PlacedForm):
    today = ("attracted_on",)

    class Meta:
        model = SocialCapital
        fields = ["investor", "amount", "enterprise", "project", "region", "chain", "attracted_on"]
        widgets = {
            "enterprise": SearchSelect, "project": SearchSelect, "chain": SearchSelect, "attracted_on": DateInput,
        }  # fmt: skip

    def limit(self, actor):
        super().limit(actor)
        self.fields["project"].queryset = Project.objects.visible_to(actor)


class _Deed(SaneDates, forms.Form):
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class StepForm(_Deed):
    on = forms.DateField(label=_("日期"), widget=DateInput, initial=clock.today)


class SignForm(StepForm):
    amount = forms.DecimalField(label=_("协议金额（万元）"), max_digits=14, decimal_places=4, min_value=0)


class StopForm(StepForm):
    reason = TextField(label=_("终止原因"), max_length=300, rows=3)


class BackForm(_Deed):
    reason = TextField(label=_("退回原因"), max_length=300, rows=3)


class NoteForm(_Deed):
    held_on = forms.DateField(label=_("调度日期"), widget=DateInput, initial=clock.today)
    text = TextField(label=_("进展和要求"), max_length=1000, rows=5)


class ConveneForm(_Deed):
    reason = TextField(label=_("提请研究什么"), max_length=1000, rows=4)


class ArrivalForm(_Deed):
    amount = FundArrival._meta.get_field("amount").formfield()
    arrived_on = forms.DateField(label=_("到位日期"), widget=DateInput, initial=clock.today)
    origin = forms.CharField(label=_("资金来源"), max_length=80)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)


class ServiceForm(_Deed):
    organisation = forms.ModelChoiceField(None, label=_("服务党组织"), widget=SearchSelect)
    part = forms.ChoiceField(label=_("服务阶段"), choices=ServicePart)
    from_on = forms.DateField(label=_("开始日期"), widget=DateInput, initial=clock.today)
    hands_over = forms.ModelChoiceField(
        None, label=_("接替哪个党组织"), required=False, help_text=_("前一个党组织同日交接；不交接的不选。")
    )

    def __init__(self, data=None, *, actor, project, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["organisation"].queryset = seen_organisations(actor)
        self.fields["hands_over"].queryset = project.services.filter(until_on=None).select_related("organisation")


def _choices(all_label, values):
    return [("", all_label), *values.choices]


# Any state but stopped.
RUNNING = "running"


class ProjectFilter(OnLinkFilter, KindFilter):
    kinds, in_force = EntryKind, None
    state = forms.ChoiceField(
        label=_("进展"),
        required=False,
        choices=[("", _("全部进展")), (RUNNING, _("未终止")), *ProjectState.choices],
    )
    work = forms.ChoiceField(label=_("作用"), required=False, choices=_choices(_("全部作用"), ChainWork))
    level = forms.ChoiceField(label=_("级别"), required=False, choices=_choices(_("全部级别"), Level))
    lookups = {**KindFilter.lookups, "work": "work", "level": "level"}

    def limit(self, actor):
        super().limit(actor)
        self.fields["kind"].queryset = self.fields["kind"].queryset.filter(of=KindOf.PROJECT)

    def narrow(self, queryset):
        queryset, state = super().narrow(queryset), self.values.get("state")
        if state == RUNNING:
            return queryset.exclude(state=ProjectState.STOPPED)
        return queryset.filter(state=state) if state else queryset

    def at_link(self, queryset, link):
        """The link that the project itself is for: a gap has no firms."""
        return queryset.filter(link=link)


class FinanceFilter(KindFilter):
    kind = in_force = None
    lookups = {"committee": "committee"}


class RatingFilter(KindFilter):
    kind, end_field = None, "until_on"
    lookups = {"committee": "committee"}


class FinanceProductFilter(KindFilter):
    kind, end_field = None, "closed_on"
    lookups = {"committee": "committee"}


class LoanFilter(FinanceFilter):
    counts_as = forms.ChoiceField(
        label=_("贷款类别"), required=False,
        choices=[("", _("全部类别")), *[(one.value, one.label) for one in EntryClass if one in CLASSES[KindOf.LOAN]]],
    )  # fmt: skip
    lookups = {"committee": "committee", "counts_as": "counts_as"}
