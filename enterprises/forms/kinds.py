"""Forms of the kinds of the registers: one for each, made from the fields that the kind has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.fields import RegionField
from alliances.models import Region
from core.registers import RecordForm
from enterprises.models import FacilityKind, HonourKind, PairingAspect, PairingKind, PostingKind

# The kinds by the word in the address, with what they are called and the fields of their forms.
KINDS = {
    "postings": (PostingKind, _("派驻类别"), ["counts_as", "posted_to", "level", "is_party_work", "is_single"]),
    "pairings": (PairingKind, _("结对类别"), ["counts_as", "helped_low", "helped_target", "helped_high"]),
    "aspects": (PairingAspect, _("结对内容"), []),
    "facilities": (FacilityKind, _("阵地类别"), ["counts_as"]),
    "honours": (HonourKind, _("荣誉类别"), ["counts_as", "level", "awarded_to"]),
}


class _KindForm(RecordForm):
    """A region's own kind. What figures go by is fixed once a row has it."""

    region = RegionField(label=_("适用区域"))

    def limit(self, actor):
        if self.instance.pk:
            del self.fields["region"]
            return
        self.fields["region"].queryset = regions = Region.objects.editable_by(actor)
        self.fields["region"].initial = regions.order_by("path").first()
        del self.fields["is_active"]

    def clean_name(self):
        return self.cleaned_data["name"].strip()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"region"}


def form_for(word: str) -> type[RecordForm]:
    """The form class of the kinds behind this word of the address. Raises KeyError."""
    model, _label, own = KINDS[word]
    fields = ["region", "name", *own, "order", "is_active"]
    help_texts = {"order": _("数字小的排在前面；不填则排在最后。")}
    made = forms.modelform_factory(model, form=_KindForm, fields=fields, help_texts=help_texts)
    made.base_fields["order"].required = False
    made.base_fields["order"].initial = None
    return made
