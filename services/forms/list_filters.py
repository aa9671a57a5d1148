"""Filters of the lists, the catalogue of products and talent."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chains.models import Chain
from core.clock import today
from enterprises.forms.firms import OnLinkFilter
from enterprises.forms.record_filters import IN_FORCE, KindFilter
from services.list_enums import Audience, DemandState, ProductRole, TalentClass
from services.models import ServiceKind, TalentKind


def _choices(all_label, values):
    return [("", all_label), *values.choices]


class DemandFilter(OnLinkFilter, KindFilter):
    kinds, end_field = ServiceKind, "ends_on"
    state = forms.ChoiceField(label=_("进展"), required=False, choices=_choices(_("全部进展"), DemandState))
    in_force = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), ("yes", _("在办")), ("no", _("已办结或过期"))]
    )
    lookups = {**KindFilter.lookups, "state": "state"}


class OfferFilter(KindFilter):
    """By kind, chain it is for, audience, and whether it is in force."""

    kinds, end_field = ServiceKind, "ends_on"
    committee = None
    chain = forms.ModelChoiceField(
        Chain.objects.none(), label=_("适用产业链"), required=False, empty_label=_("全部产业链")
    )
    audience = forms.ChoiceField(label=_("适用企业"), required=False, choices=_choices(_("全部企业"), Audience))
    lookups = {"kind": "kind", "audience": "audience"}

    def limit(self, actor):
        super().limit(actor)
        self.fields["chain"].queryset = Chain.objects.visible_to(actor)

    def narrow(self, queryset):
        queryset, chain = super().narrow(queryset), self.values.get("chain")
        if chain is not None:
            rows = queryset.model.objects
            named = Q(pk__in=rows.filter(chains=chain).values("pk"))
            queryset = queryset.filter(named | ~Q(pk__in=rows.filter(chains__isnull=False).values("pk")))
        if self.values.get("in_force") == "yes":
            queryset = queryset.filter(from_on__lte=today())
        return queryset


class _FirmFilter(KindFilter):
    kind = None
    lookups = {"committee": "committee"}


class ProductFilter(_FirmFilter):
    role = forms.ChoiceField(label=_("产或购"), required=False, choices=_choices(_("全部"), ProductRole))
    in_force = forms.ChoiceField(label=_("状态"), required=False, choices=IN_FORCE)
    lookups = {**_FirmFilter.lookups, "role": "role"}
    end_field = "ends_on"


class TalentNeedFilter(OnLinkFilter, KindFilter):
    kinds, end_field = TalentKind, "ends_on"


class TalentHireFilter(KindFilter):
    kinds = TalentKind
    in_force = None
    counts_as = forms.ChoiceField(label=_("统计口径"), required=False, choices=_choices(_("全部口径"), TalentClass))
    lookups = {**KindFilter.lookups, "counts_as": "counts_as"}


class ListKindFilter(KindFilter):
    """A region's own kinds and the common ones."""

    kind = committee = in_force = region = None
    lookups = {"is_active": "is_active"}
    is_active = forms.ChoiceField(
        label=_("启用"), required=False, choices=[("", _("全部")), ("True", _("在用")), ("False", _("已停用"))]
    )

    def limit(self, actor):
        """Nothing to cut."""
