"""Forms of the import wizard."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.imports import declarations, sheets


class UploadForm(forms.Form):
    """Which register, and the file."""

    register = forms.ChoiceField(label=_("导入到"))
    file = forms.FileField(
        label=_("文件"),
        help_text=_("单位已有的 .xlsx 或 .csv 即可，表头可以在标题行下面；最多 10 MB、20000 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{one}" for one in sheets.ENDINGS)}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["register"].choices = [(one.code, one.title) for one in declarations.offered()]


class MappingForm(forms.Form):
    """One select per column of the file: which field it fills, or none."""

    def __init__(self, data=None, *, one, spec, form):
        super().__init__(data)
        choices = [("", _("（不导入）"))]
        choices += [(c.field, form.fields[c.field].label) for c in spec.columns if c.field in form.fields]
        for place, label in enumerate(one.labels):
            if label:
                self.fields[f"column_{place}"] = forms.ChoiceField(
                    label=label, choices=choices, required=False, initial=one.mapping.get(str(place), "")
                )

    @property
    def chosen(self) -> dict[str, str]:
        """{place of the column: field}."""
        return {name.removeprefix("column_"): value for name, value in self.cleaned_data.items() if value}
