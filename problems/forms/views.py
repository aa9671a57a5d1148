"""The form of a saved view of the ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleChoice
from alliances.models import Region
from core.actor import Actor, Role
from problems import saved_views
from problems.columns import COLUMNS
from problems.forms.fields import TextField
from problems.models import SavedView

PRIVATE = ""


class SavedViewForm(forms.Form):
    """Name, columns, whom it is shared with, and whether it comes first."""

    name = TextField(label=_("名称"), max_length=40)
    shared_with = forms.ChoiceField(
        label=_("共享给"),
        required=False,
        help_text=_("共享后，本地区这一类岗位的人都能选用；各人只看到自己有权看的事项。"),
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=_("共享范围"), required=False)
    is_default = forms.BooleanField(
        label=_("设为默认"),
        required=False,
        help_text=_("打开问题台账时先用这个视图；共享的视图设为默认，对这一类岗位生效。"),
    )
    query = forms.CharField(max_length=saved_views.LONGEST_QUERY * 2, required=False, widget=forms.HiddenInput)
    columns = forms.MultipleChoiceField(
        label=_("列"), help_text=_("一个也不选，就用默认的列。"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(key, column.label) for key, column in COLUMNS.items()],
    )  # fmt: skip

    def __init__(self, *args, row: SavedView, actor: Actor, **options):
        super().__init__(*args, **options)
        self.row, self.actor = row, actor
        paths = saved_views.own_regions(actor)
        if not paths:
            del self.fields["shared_with"], self.fields["region"]
            return
        roles = [(value, label) for value, label in RoleChoice.choices if value in Role.BUSINESS]
        self.fields["shared_with"].choices = [(PRIVATE, _("不共享，仅自己用")), *roles]
        regions = Region.objects.filter(path__in=paths).order_by("path")
        self.fields["region"].queryset = regions
        if len(paths) == 1:
            self.fields["region"].initial = regions.first()
            self.fields["region"].empty_label = None

    def clean_name(self):
        name = self.cleaned_data["name"]
        same = SavedView.objects.filter(owner_id=self.row.owner_id or self.actor.user_id, name=name)
        if same.exclude(pk=self.row.pk).exists():
            raise forms.ValidationError(_("您已有同名的视图。"), code="same")
        return name

    def clean(self):
        data = super().clean()
        if data.get("shared_with") and not data.get("region"):
            self.add_error("region", _("请选择共享范围。"))
        return data
