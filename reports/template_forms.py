"""The page on which a region's sections are written: one small form for each section, in their order."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reports.facts import FACTS
from reports.language import NotComputable, parse
from reports.sections import FREE, MOST_SECTIONS, MOST_TEXT, OFFERS, TABLES, Offer, Section

MOST_ERRORS = 5


class SectionForm(forms.Form):
    """One section. Its sentences are checked line by line; what is wrong is told with its paragraph and place."""

    heading = forms.CharField(label=_("标题"), max_length=40)
    on = forms.BooleanField(label=_("写入月报"), required=False)
    text = forms.CharField(
        label=_("句式（每行一段）"),
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "data-template-text": ""}),
    )
    tables = forms.MultipleChoiceField(label=_("表格"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, code, data=None, section=None):
        initial = {"on": True} if section is None else vars(section) | {"tables": list(section.tables)}
        super().__init__(data, prefix=code, initial=initial)
        self.code, self.offer = code, OFFERS.get(code, Offer())
        if self.offer.tables:
            self.fields["tables"].choices = [(table, TABLES[table]) for table in self.offer.tables]
        else:
            del self.fields["tables"]
        if self.offer.required:
            self.fields["on"].help_text = _("封账后的更正须在下一期月报中写明，本节不能去掉。")
            del self.fields["tables"]

    @property
    def is_free(self):
        return self.code.startswith(FREE)

    @property
    def shown(self):
        """What the head of the section says while it is folded: its name and whether it is written."""
        if not self.is_bound:
            return {"name": self.initial.get("heading", ""), "on": self.initial["on"]}
        return {"name": self["heading"].data or "", "on": bool(self["on"].data)}

    def clean_heading(self):
        heading = self.cleaned_data["heading"].strip()
        if any(sign in heading for sign in "{}[]|"):
            raise ValidationError(_("标题里不能用大括号、方括号和竖线。"))
        return heading

    def clean_on(self):
        if self.offer.required and not self.cleaned_data["on"]:
            raise ValidationError(_("本节不能去掉。"))
        return self.cleaned_data["on"]

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        wrong = []
        for number, line in Section("", "", text).paragraphs:
            try:
                parse(line, FACTS)
            except NotComputable as error:
                values = [{"line": number, "wrong": str(one)} for one in error.wrong]
                wrong += [_("第%(line)d段，%(wrong)s") % one for one in values]
        if wrong:
            raise ValidationError([ValidationError(sentence) for sentence in wrong[:MOST_ERRORS]])
        return text

    def section(self):
        """The section as written; only of a form that is valid."""
        told = self.cleaned_data
        tables = self.offer.tables if self.offer.required else told.get("tables", ())
        return Section(self.code, told["heading"], told["text"], tuple(tables), told["on"])


class TemplateForm(forms.Form):
    """What belongs to the version as a whole."""

    note = forms.CharField(
        label=_("修订说明"), max_length=200, required=False, help_text=_("为什么改；写入审计记录和版本列表。")
    )
    newest = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class TemplateForms:
    """All sections of a page with the form of the version. `data` is what was posted, else `sections` are shown."""

    def __init__(self, sections=(), data=None, newest=0):
        self.form = TemplateForm(data, initial={"newest": newest})
        if data is None:
            self.rows = [SectionForm(one.code, section=one) for one in sections]
        else:
            codes = dict.fromkeys(code for code in data.getlist("order") if _known(code))
            self.rows = [SectionForm(code, data) for code in list(codes)[:MOST_SECTIONS]]

    def is_valid(self):
        # Every form is asked, so that all that is wrong is told at once.
        return all([self.form.is_valid(), *(row.is_valid() for row in self.rows)])

    def sections(self):
        return [row.section() for row in self.rows]

    def move(self, code, by):
        """One place up (-1) or down (1); nothing at the ends or for a section that is not there."""
        codes = [row.code for row in self.rows]
        if code in codes:
            at = codes.index(code)
            to = at + by
            if 0 <= to < len(self.rows):
                self.rows[at], self.rows[to] = self.rows[to], self.rows[at]

    def add(self):
        """A free section at the end; answers its code, empty where there are too many already."""
        codes = {row.code for row in self.rows}
        if len(codes) >= MOST_SECTIONS:
            return ""
        code = next(f"{FREE}{number}" for number in range(1, MOST_SECTIONS + 1) if f"{FREE}{number}" not in codes)
        self.rows.append(SectionForm(code, section=Section(code, "")))
        return code

    def remove(self, code):
        """A free section goes; one of the house is switched off instead."""
        self.rows = [row for row in self.rows if row.code != code or not row.is_free]


def _known(code):
    number = code.removeprefix(FREE)
    free = code.startswith(FREE) and number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= MOST_SECTIONS
    return code in OFFERS or (free and len(number) <= 2)
