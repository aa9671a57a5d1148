"""Forms of enterprises and Party organisations. Every choice comes from what the actor may see or keep."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.forms import EndForm, InRegionFilter, StandingFilter
from alliances.models import Region
from chains.models import Chain, Committee, Link
from core import clock
from core.actor import Role, under
from core.registers import RecordForm, SaneDates
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple
from enterprises.enums import OrganisationKind, Scale
from enterprises.models import ChainMembership, Enterprise, PartyOrganisation

__all__ = ["EndForm"]

YES_NO = [("", _("全部")), ("yes", _("是")), ("no", _("否"))]
PRESENT = [("", _("全部")), ("yes", _("在册")), ("no", _("已退出或并入"))]


def keeping_regions(actor):
    """Regions in which the actor may register: an officer's, and those below a secretary's committee."""
    if actor.is_system:
        return Region.objects.all()
    return Region.objects.filter(under(actor.region_paths(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY), "path"))


def joinable_chains(actor):
    """Chains that the actor may place an enterprise on: those in sight, a secretary's own ones only."""
    chains = Chain.objects.visible_to(actor).filter(dissolved_on=None)
    if actor.is_system or actor.has(Role.COUNTY_OFFICER):
        return chains
    return chains.filter(committees__in=actor.ids("committee_id", Role.CHAIN_SECRETARY)).distinct()


class LinkField(forms.ModelChoiceField):
    """A link of a chain, told with its chain and segment."""

    def label_from_instance(self, obj):
        return f"{obj.segment.chain.name} / {obj.segment.name} / {obj.name}"


class OnLinkFilter(InRegionFilter):
    """Narrows to the enterprises of one link of a chain. The field is there only where the address names a link: the
    map of a chain leads here."""

    link = LinkField(Link.objects.none(), label=_("环节"), required=False, empty_label=_("全部环节"))
    firm_field = "enterprise"

    def limit(self, actor):
        super().limit(actor)
        named = self.data.get("link", "")
        if not named:
            del self.fields["link"]
            return
        links = Link.objects.visible_to(actor).select_related("segment__chain")
        known = named if named.isascii() and named.isdigit() and len(named) < 19 else 0
        self.fields["link"].queryset = links.filter(segment__chain__segments__links=known).distinct()

    def narrow(self, queryset):
        queryset, link = super().narrow(queryset), self.values.get("link")
        return queryset if link is None else self.at_link(queryset, link)

    def at_link(self, queryset, link):
        places = ChainMembership.objects.filter(left_on=None, link=link)
        return queryset.filter(**{f"{self.firm_field}__in": places.values("enterprise_id")})


class EnterpriseFilter(OnLinkFilter):
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), required=False, empty_label=_("全部产业链"))
    scale = forms.ChoiceField(label=_("规模"), required=False, choices=[("", _("全部规模")), *Scale.choices])
    above_scale = forms.ChoiceField(label=_("规上"), required=False, choices=YES_NO)
    master = forms.ChoiceField(label=_("链主"), required=False, choices=YES_NO)
    present = forms.ChoiceField(label=_("状态"), required=False, choices=PRESENT)
    lookups = {"scale": "scale"}
    firm_field = "pk"

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)

    def narrow(self, queryset):
        queryset, values = super().narrow(queryset), self.values
        if "above_scale" in values:
            queryset = queryset.filter(is_above_scale=values["above_scale"] == "yes")
        if "present" in values:
            queryset = queryset.filter(left_on__isnull=values["present"] == "yes")
        places = ChainMembership.objects.filter(left_on=None)
        if "chain" in values:
            queryset = queryset.filter(pk__in=places.filter(chain=values["chain"]).values("enterprise_id"))
        if "master" in values:
            masters = Q(pk__in=places.filter(is_master=True).values("enterprise_id"))
            queryset = queryset.filter(masters if values["master"] == "yes" else ~masters)
        return queryset


class EnterpriseForm(RecordForm):
    region = RegionField()
    chain = forms.ModelChoiceField(
        Chain.objects.none(), label=_("加入产业链"), required=False, help_text=_("登记后也可以再加入其他产业链。")
    )
    link = LinkField(Link.objects.none(), label=_("所在环节"), required=False, widget=SearchSelect)

    class Meta:
        model = Enterprise
        fields = [
            "name",
            "short_name",
            "credit_code",
            "region",
            "address",
            "scale",
            "is_above_scale",
            "is_leading",
            "contact_name",
            "contact_phone",
            "joined_on",
            "left_on",
            "business",
        ]
        widgets = {"joined_on": DateInput, "left_on": DateInput, "business": forms.Textarea(attrs={"rows": 4})}

    def limit(self, actor):
        self.fields["region"].queryset = keeping_regions(actor)
        if self.instance.pk:
            del self.fields["chain"], self.fields["link"]
            return
        chains = joinable_chains(actor)
        self.fields["chain"].queryset = chains
        links = Link.objects.filter(segment__chain__in=chains.values("pk"))
        self.fields["link"].queryset = links.select_related("segment__chain")
        self.fields["chain"].required = not (actor.is_system or actor.has(Role.COUNTY_OFFICER))
        del self.fields["left_on"]

    def clean(self):
        data = super().clean()
        link, chain = data.get("link"), data.get("chain")
        if link and (chain is None or link.segment.chain_id != chain.pk):
            self.add_error("link", _("所选环节不属于所选的产业链。"))
        return data

    def save_options(self):
        """What goes to the lifecycle beside the fields of the enterprise."""
        if "chain" not in self.fields:
            return {}
        return {"chain": self.cleaned_data.get("chain"), "link": self.cleaned_data.get("link")}


class JoinForm(SaneDates, forms.Form):
    """Placing an enterprise on a chain."""

    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"))
    link = LinkField(Link.objects.none(), label=_("环节"), required=False, widget=SearchSelect)
    on = forms.DateField(label=_("入链日期"), widget=DateInput, initial=clock.today)
    is_master = forms.BooleanField(label=_("链主企业"), required=False)
    is_primary = forms.BooleanField(
        label=_("设为主链"), required=False, help_text=_("员工、党组织等数字计在主链上，一家企业只有一条主链。")
    )

    def __init__(self, data=None, *, actor, enterprise):
        super().__init__(data)
        on = enterprise.memberships.filter(left_on=None).values("chain_id")
        chains = joinable_chains(actor).exclude(pk__in=on)
        self.fields["chain"].queryset = chains
        links = Link.objects.filter(segment__chain__in=chains.values("pk"))
        self.fields["link"].queryset = links.select_related("segment__chain")


class MembershipForm(RecordForm):
    """The place of an enterprise on one chain."""

    link = LinkField(Link.objects.none(), label=_("环节"), required=False)

    class Meta:
        model = ChainMembership
        fields = ["link", "is_master", "is_primary", "joined_on"]
        widgets = {"joined_on": DateInput}

    def limit(self, actor):
        links = Link.objects.filter(segment__chain=self.instance.chain_id)
        self.fields["link"].queryset = links.select_related("segment__chain")
        if self.instance.is_primary:
            del self.fields["is_primary"]  # another one becomes primary instead


class NumberForm(SaneDates, forms.Form):
    """A count from a day on."""

    number = forms.IntegerField(label=_("人数"), min_value=0, max_value=10_000_000)
    on = forms.DateField(
        label=_("自哪天起"),
        widget=DateInput,
        initial=clock.today,
        help_text=_("可以补填以前的日期；同一天再填会替换。"),
    )


class MergeForm(SaneDates, forms.Form):
    """Which enterprise stays, and from when a merged one counts no more."""

    into = forms.ModelChoiceField(Enterprise.objects.none(), label=_("并入哪家企业"), widget=SearchSelect)
    on = forms.DateField(label=_("合并日期"), widget=DateInput, initial=clock.today)
    # The versions of both that the page to confirm was made from.
    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    into_seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data=None, *, actor, enterprise):
        super().__init__(data)
        paths = actor.region_paths(Role.COUNTY_OFFICER)
        kept = Enterprise.objects.visible_to(actor).current().filter(under(paths, "region__path"))
        self.fields["into"].queryset = kept.exclude(pk=enterprise.pk).order_by("name")
        self.fields["into"].label_from_instance = lambda one: f"{one.name}（{one.credit_code}）"


class OrganisationFilter(StandingFilter):
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *OrganisationKind.choices])
    chain = forms.ModelChoiceField(Chain.objects.none(), label=_("产业链"), required=False, empty_label=_("全部产业链"))
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("产业链党委"), required=False, empty_label=_("全部党委")
    )
    lookups = {"kind": "kind", "chain": "chain", "committee": "committee"}

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)
        self.fields["committee"].queryset = Committee.objects.visible_to(actor)


class OrganisationForm(RecordForm):
    region = RegionField(required=False, help_text=_("有所属企业的，随企业所在区域。"))

    class Meta:
        model = PartyOrganisation
        fields = [
            "name",
            "kind",
            "formation",
            "parent",
            "enterprise",
            "joint_enterprises",
            "region",
            "chain",
            "secretary_name",
            "secretary_phone",
            "founded_on",
            "dissolved_on",
        ]
        widgets = {
            "founded_on": DateInput,
            "dissolved_on": DateInput,
            "parent": SearchSelect,
            "enterprise": SearchSelect,
            "joint_enterprises": SearchSelectMultiple,
        }

    def limit(self, actor):
        one = self.instance
        self.fields["region"].queryset = keeping_regions(actor)
        self.fields["chain"].queryset = Chain.objects.filter(
            Q(pk__in=joinable_chains(actor).values("pk")) | Q(pk=one.chain_id)
        )
        self.fields["chain"].help_text = _("有所属企业的，随企业的主链。")
        seen = Enterprise.objects.visible_to(actor)
        keep = Enterprise.objects.editable_by(actor).filter(left_on=None)
        self.fields["enterprise"].queryset = Enterprise.objects.filter(
            Q(pk__in=keep.values("pk")) | Q(pk=one.enterprise_id)
        ).order_by("name")
        joint = Q(pk__in=seen.filter(left_on=None).values("pk"))
        if one.pk:
            joint |= Q(pk__in=one.joint_enterprises.values("pk"))
        self.fields["joint_enterprises"].queryset = Enterprise.objects.filter(joint).order_by("name")
        above = PartyOrganisation.objects.visible_to(actor).filter(dissolved_on=None)
        self.fields["parent"].queryset = PartyOrganisation.objects.filter(
            Q(pk__in=above.values("pk")) | Q(pk=one.parent_id)
        ).exclude(pk=one.pk)

    def clean(self):
        data = super().clean()
        if not data.get("enterprise") and not data.get("region") and "region" not in self.errors:
            self.add_error("region", _("没有所属企业的党组织，请选择所在区域。"))
        return data

    def _get_validation_exclusions(self):
        """Region and chain follow the enterprise; what is left empty here is filled by the lifecycle."""
        exclude = super()._get_validation_exclusions()
        return exclude | ({"region"} if self.cleaned_data.get("enterprise") else set())

    @property
    def values(self):
        values = dict(super().values)
        if values.get("enterprise"):
            values.pop("region", None)
            values.pop("chain", None)
        return values
