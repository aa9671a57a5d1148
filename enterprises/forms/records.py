"""Forms of postings, pairings, facilities, honours, mass organisations and rules of staffing.

Every choice comes from what the actor may see or keep; a row's own choice stays on offer.
"""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Region
from chains.models import Chain
from core import clock
from core.registers import RecordForm, SaneDates
from core.shipped import spoken
from core.widgets import DateInput, SearchSelect, SearchSelectMultiple
from enterprises.enums import AwardedTo, PairingClass, PostedTo, StaffingScope
from enterprises.forms.firms import joinable_chains
from enterprises.models import (
    Enterprise,
    Facility,
    FacilityKind,
    Honour,
    HonourKind,
    MassOrganisation,
    Pairing,
    PairingAspect,
    PairingKind,
    PartyOrganisation,
    Posting,
    PostingKind,
    StaffingRule,
)


def _seen(model, actor, open_only, kept=()):
    """Records in sight that still stand, and those that the row has already."""
    return model.objects.filter(
        Q(pk__in=model.objects.visible_to(actor).filter(**open_only).values("pk")) | Q(pk__in=[pk for pk in kept if pk])
    )


def seen_enterprises(actor, *kept):
    return _seen(Enterprise, actor, {"left_on": None}, kept).order_by("name")


def kept_enterprises(actor, *kept):
    keep = Enterprise.objects.editable_by(actor).filter(left_on=None)
    return Enterprise.objects.filter(Q(pk__in=keep.values("pk")) | Q(pk__in=[pk for pk in kept if pk])).order_by("name")


def seen_organisations(actor, *kept):
    return _seen(PartyOrganisation, actor, {"dissolved_on": None}, kept).order_by("name")


def kept_organisations(actor, *kept):
    keep = PartyOrganisation.objects.editable_by(actor).filter(dissolved_on=None)
    rows = PartyOrganisation.objects.filter(Q(pk__in=keep.values("pk")) | Q(pk__in=[pk for pk in kept if pk]))
    return rows.order_by("name")


def kinds_for(model, actor, kept=None):
    """Kinds in use that the actor's region has, and the row's own."""
    return model.objects.filter(
        Q(pk__in=model.objects.visible_to(actor).filter(is_active=True).values("pk")) | Q(pk=kept)
    )


class PlacedForm(RecordForm):
    """A row of an enterprise, of an organisation, or of a region alone."""

    kinds = PostingKind
    region = RegionField(required=False)

    def limit(self, actor):
        one = self.instance
        self.fields["kind"].queryset = kinds_for(self.kinds, actor, one.kind_id)
        self.fields["kind"].label_from_instance = spoken
        self.fields["enterprise"].queryset = kept_enterprises(actor, one.enterprise_id)
        self.fields["organisation"].queryset = kept_organisations(actor, one.organisation_id)
        if "region" in self.fields:
            self.fields["region"].queryset = Region.objects.editable_by(actor)
        if one.pk is None:
            for name in self.ending:
                self.fields.pop(name, None)

    ending: tuple[str, ...] = ()

    def only(self, wanted: str | None, names, sentence) -> None:
        """Of these fields the one named `wanted` is filled in, and no other."""
        for name in names:
            given = self.cleaned_data.get(name)
            if name in self.errors or name not in self.fields:
                continue
            if (name == wanted) != bool(given):
                self.add_error(name, sentence)

    def _get_validation_exclusions(self):
        """The region follows an owner; the lifecycle fills it."""
        return super()._get_validation_exclusions() | {"region"}


class PostingForm(PlacedForm):
    ending = ("ended_on", "end_reason")
    region = RegionField(label=_("派驻区域"), required=False, help_text=_("派驻到区域的类别选择。"))

    class Meta:
        model = Posting
        fields = [
            "kind", "enterprise", "organisation", "region", "person", "post_title", "employer", "phone", "started_on",
            "ended_on", "end_reason",
        ]  # fmt: skip
        widgets = {
            "enterprise": SearchSelect,
            "organisation": SearchSelect,
            "started_on": DateInput,
            "ended_on": DateInput,
        }

    def limit(self, actor):
        super().limit(actor)
        self.fields["kind"].label_from_instance = lambda one: f"{one.spoken}（{one.get_posted_to_display()}）"
        self.fields["enterprise"].help_text = _("派驻到企业的类别选择。")
        self.fields["organisation"].help_text = _("派驻到党组织的类别选择。")

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind:
            names = {
                PostedTo.ENTERPRISE: "enterprise",
                PostedTo.ORGANISATION: "organisation",
                PostedTo.REGION: "region",
            }
            sentence = _("“%(kind)s”派驻到%(where)s，只选这一项。") % {
                "kind": kind.spoken,
                "where": kind.get_posted_to_display(),
            }
            self.only(names[kind.posted_to], names.values(), sentence)
            region = data.get("region")
            if kind.level and region and region.level != kind.level and "region" not in self.errors:
                level = kind.get_level_display()
                self.add_error("region", _("“%(kind)s”只派驻到%(level)s。") % {"kind": kind.spoken, "level": level})
        return data


class ReplaceForm(SaneDates, forms.Form):
    """Who takes over, and from which day."""

    person = forms.CharField(label=_("接替人姓名"), max_length=40)
    post_title = forms.CharField(label=_("职务"), max_length=80, required=False)
    employer = forms.CharField(label=_("派出单位"), max_length=80, required=False)
    phone = Posting._meta.get_field("phone").formfield(label=_("联系电话"))
    on = forms.DateField(label=_("接替日期"), widget=DateInput, initial=clock.today)
    reason = forms.CharField(label=_("前任离岗原因"), max_length=120, required=False)
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class ClosingForm(SaneDates, forms.Form):
    """The day on which a row ends."""

    on = forms.DateField(label=_("日期"), widget=DateInput, initial=clock.today)
    version = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class LeavingForm(ClosingForm):
    reason = forms.CharField(label=_("离岗原因"), max_length=120, required=False)


class PairingForm(RecordForm):
    class Meta:
        model = Pairing
        fields = [
            "kind", "helper_organisation", "helper_enterprise", "helper_name", "helped_organisation",
            "helped_enterprise", "helped_name", "members", "households", "aspects", "agreement_number", "signed_on",
            "started_on", "ended_on", "note",
        ]  # fmt: skip
        widgets = {
            "helper_organisation": SearchSelect,
            "helper_enterprise": SearchSelect,
            "helped_organisation": SearchSelect,
            "helped_enterprise": SearchSelect,
            "aspects": forms.CheckboxSelectMultiple,
            "signed_on": DateInput,
            "started_on": DateInput,
            "ended_on": DateInput,
        }

    def limit(self, actor):
        one = self.instance
        self.fields["kind"].queryset = kinds_for(PairingKind, actor, one.kind_id)
        self.fields["kind"].label_from_instance = spoken
        for side in ("helper", "helped"):
            organisations = seen_organisations(actor, getattr(one, f"{side}_organisation_id"))
            self.fields[f"{side}_organisation"].queryset = organisations
            self.fields[f"{side}_enterprise"].queryset = seen_enterprises(actor, getattr(one, f"{side}_enterprise_id"))
        aspects = Q(pk__in=kinds_for(PairingAspect, actor).values("pk"))
        if one.pk:
            aspects |= Q(pk__in=one.aspects.values("pk"))
        else:
            del self.fields["ended_on"]
        self.fields["aspects"].queryset = PairingAspect.objects.filter(aspects)
        self.fields["helper_organisation"].help_text = _("帮扶方在党组织、企业、单位名称中填一项。")
        self.fields["helped_organisation"].help_text = _("受助方在党组织、企业、单位名称中填一项；党员联户的都不填。")

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        households = kind is not None and kind.counts_as == PairingClass.HOUSEHOLDS
        self._one_end("helper", _("帮扶方请在党组织、企业、单位名称中填一项。"), False)
        self._one_end("helped", _("受助方请在党组织、企业、单位名称中填一项。"), households)
        for name in ("members", "households"):
            if kind is not None and name not in self.errors and bool(data.get(name)) != households:
                self.add_error(name, _("党员联户的填写党员人数和户数，其他类别不填。"))
        return data

    def _one_end(self, side, sentence, may_be_none):
        names = [f"{side}_organisation", f"{side}_enterprise", f"{side}_name"]
        if any(name in self.errors for name in names):
            return
        given = [name for name in names if self.cleaned_data.get(name)]
        if len(given) > 1 or (not given and not may_be_none):
            self.add_error(given[1] if len(given) > 1 else names[0], sentence)


class FacilityForm(PlacedForm):
    kinds, ending = FacilityKind, ("closed_on",)
    region = RegionField(required=False, help_text=_("有所属企业或党组织的，随其所在区域。"))

    class Meta:
        model = Facility
        fields = [
            "kind", "name", "enterprise", "organisation", "region", "chain", "address", "brand", "opened_on",
            "closed_on", "note",
        ]  # fmt: skip
        widgets = {
            "enterprise": SearchSelect,
            "organisation": SearchSelect,
            "opened_on": DateInput,
            "closed_on": DateInput,
        }

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.filter(
            Q(pk__in=joinable_chains(actor).values("pk")) | Q(pk=self.instance.chain_id)
        )
        self.fields["chain"].help_text = _("有所属企业或党组织的，随其产业链。")

    def clean(self):
        data = super().clean()
        owners = [name for name in ("enterprise", "organisation") if data.get(name)]
        if len(owners) > 1:
            self.add_error("organisation", _("所属企业和所属党组织只填一项。"))
        if not owners and not data.get("region") and not {"region", "enterprise", "organisation"} & self.errors.keys():
            self.add_error("region", _("没有所属企业或党组织的，请选择所在区域。"))
        return data


class HonourForm(PlacedForm):
    kinds, ending = HonourKind, ("revoked_on",)
    region = RegionField(required=False, help_text=_("个人荣誉没有选企业的，请选择所在区域。"))

    class Meta:
        model = Honour
        fields = [
            "kind", "organisation", "enterprise", "person", "unit", "region", "granted_by", "year", "awarded_on",
            "valid_until", "revoked_on", "note",
        ]  # fmt: skip
        widgets = {
            "enterprise": SearchSelect,
            "organisation": SearchSelect,
            "awarded_on": DateInput,
            "valid_until": DateInput,
            "revoked_on": DateInput,
        }

    def limit(self, actor):
        super().limit(actor)
        self.fields["kind"].label_from_instance = lambda one: f"{one.spoken}：{one.get_awarded_to_display()}"
        if not self.instance.pk:
            self.fields["year"].initial = clock.today().year

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind is None:
            return data
        sentence = _("“%(kind)s”授予%(who)s，只填这一项。") % {
            "kind": kind.spoken,
            "who": kind.get_awarded_to_display(),
        }
        if kind.awarded_to == AwardedTo.PERSON:
            self.only("person", ("organisation", "person"), sentence)
            if not data.get("enterprise") and not data.get("region") and "region" not in self.errors:
                self.add_error("region", _("没有选企业的，请选择所在区域。"))
        else:
            name = str(kind.awarded_to)
            self.only(name, ("organisation", "enterprise", "person"), sentence)
            if data.get("unit"):
                self.add_error("unit", _("只有个人荣誉填写所在单位。"))
        return data


class MassForm(RecordForm):
    class Meta:
        model = MassOrganisation
        fields = ["enterprise", "kind", "name", "founded_on", "dissolved_on"]
        widgets = {"enterprise": SearchSelect, "founded_on": DateInput, "dissolved_on": DateInput}

    def limit(self, actor):
        self.fields["enterprise"].queryset = kept_enterprises(actor, self.instance.enterprise_id)
        if not self.instance.pk:
            del self.fields["dissolved_on"]


class StaffingForm(RecordForm):
    region = RegionField(label=_("适用区域"))

    class Meta:
        model = StaffingRule
        fields = [
            "name", "region", "posting_kind", "facility_kind", "scope", "level", "places", "minimum", "started_on",
            "ended_on",
        ]  # fmt: skip
        widgets = {"places": SearchSelectMultiple, "started_on": DateInput, "ended_on": DateInput}

    def limit(self, actor):
        regions = Region.objects.editable_by(actor)
        self.fields["region"].queryset = self.fields["places"].queryset = regions
        self.fields["posting_kind"].queryset = kinds_for(PostingKind, actor, self.instance.posting_kind_id)
        self.fields["facility_kind"].queryset = kinds_for(FacilityKind, actor, self.instance.facility_kind_id)
        self.fields["level"].help_text = _("对象为某一层级的每个区域时选择。")

    def clean(self):
        data = super().clean()
        scope, posted = data.get("scope"), data.get("posting_kind")
        if not self.errors and bool(posted) == bool(data.get("facility_kind")):
            self.add_error("posting_kind", _("派驻类别和阵地类别请选一项。"))
        if scope and (scope == StaffingScope.LEVEL) != bool(data.get("level")):
            self.add_error("level", _("对象为某一层级的，请选择层级；其他对象不选。"))
        if scope and (scope == StaffingScope.LISTED) != bool(data.get("places")):
            self.add_error("places", _("对象为名单内的区域时才选名单，且至少选一个。"))
        of_regions = scope in (StaffingScope.LEVEL, StaffingScope.LISTED)
        if scope and posted and (posted.posted_to == PostedTo.REGION) != of_regions:
            where = posted.get_posted_to_display()
            sentence = _("“%(kind)s”派驻到%(where)s，与所选对象不符。") % {"kind": posted.name, "where": where}
            self.add_error("scope", sentence)
        return data
