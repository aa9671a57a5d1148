"""Filters of the registers of postings, pairings, facilities, honours, mass organisations and rules of staffing."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.forms import InRegionFilter
from chains.models import Committee
from core import clock
from core.shipped import spoken
from enterprises.enums import MassKind
from enterprises.models import FacilityKind, HonourKind, PairingKind, PostingKind, StaffingRule

IN_FORCE = [("", _("全部")), ("yes", _("有效")), ("no", _("已结束"))]


class KindFilter(InRegionFilter):
    """Region, kind, committee and whether the row is in force."""

    kind = forms.ModelChoiceField(
        PostingKind.objects.none(), label=_("类别"), required=False, empty_label=_("全部类别")
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("产业链党委"), required=False, empty_label=_("全部党委")
    )
    in_force = forms.ChoiceField(label=_("状态"), required=False, choices=IN_FORCE)
    lookups = {"kind": "kind", "committee": "committee"}
    kinds, end_field = PostingKind, "ended_on"

    def limit(self, actor):
        super().limit(actor)
        if "kind" in self.fields and isinstance(self.fields["kind"], forms.ModelChoiceField):
            self.fields["kind"].queryset = self.kinds.objects.visible_to(actor)
            self.fields["kind"].label_from_instance = spoken
        if "committee" in self.fields:
            self.fields["committee"].queryset = Committee.objects.visible_to(actor)

    def narrow(self, queryset):
        queryset, wanted = super().narrow(queryset), self.values.get("in_force")
        if wanted:
            over = Q(**{f"{self.end_field}__lte": clock.today()})
            queryset = queryset.filter(over if wanted == "no" else ~over | Q(**{self.end_field: None}))
        return queryset


class PostingFilter(KindFilter):
    pass


class PairingFilter(KindFilter):
    kinds = PairingKind


class FacilityFilter(KindFilter):
    kinds, end_field = FacilityKind, "closed_on"


class HonourFilter(KindFilter):
    year = forms.IntegerField(label=_("年度"), required=False, min_value=1949, max_value=2100)
    lookups = {**KindFilter.lookups, "year": "year"}
    kinds, end_field = HonourKind, "ends_on"


class MassFilter(KindFilter):
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *MassKind.choices])
    end_field = "dissolved_on"


class StaffingFilter(InRegionFilter):
    in_force = forms.ChoiceField(label=_("状态"), required=False, choices=IN_FORCE)

    def narrow(self, queryset):
        queryset, wanted = super().narrow(queryset), self.values.get("in_force")
        if wanted:
            standing = StaffingRule.objects.on(clock.today()).values("pk")
            queryset = queryset.filter(pk__in=standing) if wanted == "yes" else queryset.exclude(pk__in=standing)
        return queryset
