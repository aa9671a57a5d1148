"""Raising an entry, and its files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Role
from core.widgets import SearchSelect
from enterprises.models import Enterprise
from problems.enums import Source, Urgency
from problems.forms.fields import CategoryField, TextField
from problems.models import Category


class ProblemForm(forms.Form):
    """Raising or editing an entry: under a minute, nothing asked twice, no photo required."""

    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label=_("企业"), widget=SearchSelect)
    title = TextField(label=_("事项"), max_length=120, help_text=_("一句话说清要解决什么。"))
    category = CategoryField()
    text = TextField(label=_("具体情况"), max_length=4000, rows=6, required=False)
    source = forms.ChoiceField(label=_("来源"), choices=Source.choices, initial=Source.ONLINE)
    urgency = forms.ChoiceField(label=_("缓急"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    contact_name = TextField(label=_("联系人"), max_length=40, required=False)
    contact_phone = TextField(label=_("联系电话"), max_length=30, required=False)
    # Folded away on the page: most entries never need them.
    FOLDED = ("source", "urgency", "contact_phone")

    def __init__(self, *args, actor: Actor, draft: bool = False, **options):
        super().__init__(*args, **options)
        self.actor, self.draft = actor, draft
        self.fields["text"].required = not draft
        self.own = own_enterprise(actor)
        # The region is known before the enterprise is chosen only to those who write for one.
        known = Category.objects.of_region(self.own.region) if self.own else Category.objects.visible_to(actor)
        self.fields["category"].fill(known)
        if self.own is not None:
            # A branch secretary writes for one enterprise: nothing to choose, nothing to forge.
            del self.fields["enterprise"]
            self.fields["contact_name"].initial = self.own.contact_name or actor.name
            self.fields["contact_phone"].initial = self.own.contact_phone
        else:
            self.fields["enterprise"].queryset = enterprises_for(actor)

    @property
    def folded(self) -> list:
        return [self[name] for name in self.FOLDED]

    @property
    def unfolds(self) -> bool:
        """Whether a folded field has something to say."""
        return any(self.errors.get(name) for name in self.FOLDED) or "source" in self.initial

    def clean(self):
        if self.own is not None:
            self.cleaned_data["enterprise"] = self.own
        category, enterprise = (self.cleaned_data.get(name) for name in ("category", "enterprise"))
        if category and enterprise and not category.holds_in(enterprise.region):
            self.add_error("category", _("这个类别不在该企业所在地区使用。"))
        return self.cleaned_data


def own_enterprise(actor: Actor) -> Enterprise | None:
    """The one enterprise of an actor who is nothing but its branch secretary."""
    ids = actor.ids("enterprise_id", Role.BRANCH_SECRETARY)
    if len(ids) == 1 and not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY):
        return Enterprise.objects.select_related("region").get(pk=next(iter(ids)))
    return None


def enterprises_for(actor: Actor):
    """The enterprises that the actor may raise for, those on the books today."""
    seen = Enterprise.objects.visible_to(actor)
    if not actor.is_system and not actor.has(Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.BRANCH_SECRETARY):
        return seen.none()
    return seen.filter(left_on=None).select_related("region").order_by("name")


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("文件"), max_length=250, help_text=_("PDF、图片、Word、Excel 或文本，最大 20 MB。照片从不必填。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt"}),
    )  # fmt: skip
