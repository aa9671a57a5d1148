"""The one page on which a meeting is logged: head, roll, guests, agenda."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.shipped import spoken
from core.widgets import DateTimeInput, SearchSelect
from meetings import lifecycle
from meetings.enums import TOOK_PLACE, ItemEnd, Presence
from meetings.forms.base import ProblemNumberField, committees_of
from meetings.models import Meeting, MeetingKind


class MeetingForm(forms.ModelForm):
    """Head of the page. A secretary of one committee does not choose it."""

    class Meta:
        model = Meeting
        fields = ["committee", "kind", "title", "starts_at", "place", "chair", "minutes"]
        widgets = {
            "committee": SearchSelect,
            "starts_at": DateTimeInput,
            "minutes": forms.Textarea(attrs={"rows": 6}),
        }

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    # Comes with a fresh page and stays with what is typed on it, also in a draft: sent twice, it makes one meeting.
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"data-draft-keep": ""}))

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        committees = committees_of(actor)
        field = self.fields["committee"]
        field.queryset = committees
        field.error_messages["invalid_choice"] = _("请选择您负责的产业链党委。")
        only = list(committees[:2])
        if self.instance.pk is None and len(only) == 1:
            self.initial["committee"] = only[0].pk
            field.widget = forms.HiddenInput()
        if self.instance.state in TOOK_PLACE:
            field.disabled = True
        self._limit_kinds(actor)
        if self.instance.pk is None:
            self.initial["starts_at"] = now().replace(minute=0)
            self.initial["once_key"] = uuid.uuid4()
        else:
            del self.fields["once_key"]
        self.initial["version"] = self.instance.version if self.instance.pk else 0

    def _limit_kinds(self, actor):
        """Kinds in use in the own places, and the one that the meeting has already."""
        kinds = MeetingKind.objects.visible_to(actor)
        field = self.fields["kind"]
        field.label_from_instance = spoken
        field.required, field.empty_label = True, None
        field.queryset = kinds.filter(Q(is_active=True) | Q(pk=self.instance.kind_id)).order_by("order", "pk")
        if self.instance.kind_id is None:
            self.initial.setdefault("kind", field.queryset.first())

    def clean(self):
        data = super().clean()
        kind, committee = data.get("kind"), data.get("committee")
        if kind and committee and kind.region_id and not committee.region.path.startswith(kind.region.path):
            self.add_error("kind", _("这个会议类别不属于该党委所在区域，请另选。"))
        return data

    def clean_starts_at(self):
        starts_at = self.cleaned_data["starts_at"]
        wrong = lifecycle.wrong_time(self.instance, starts_at)
        if wrong:
            raise ValidationError(wrong)
        return starts_at


class SeatRow(forms.Form):
    """One seat of the committee on the roll. The name is the seat's, whatever is posted."""

    seat = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    presence = forms.ChoiceField(
        label=_("情况"),
        choices=[(p.value, p.label) for p in (Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED)],
        initial=Presence.PRESENT,
        widget=forms.RadioSelect,
    )


class GuestRow(forms.Form):
    """An invited unit, with or without the name of who came for it, or a person who holds no seat."""

    unit = forms.CharField(
        label=_("单位"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    presence = forms.ChoiceField(
        label=_("情况"),
        choices=[(p.value, p.label) for p in (Presence.INVITED, Presence.ABSENT, Presence.EXCUSED)],
        required=False,
        widget=forms.RadioSelect,
        initial=Presence.INVITED,
    )

    def clean(self):
        data = super().clean()
        data["presence"] = data.get("presence") or Presence.INVITED
        return data


class AgendaRow(forms.Form):
    """One item. A row that names its item and has lost its title takes the item off the agenda."""

    item = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    title = forms.CharField(label=_("议题"), max_length=200, required=False)
    problem = ProblemNumberField(label=_("关联问题编号"))
    end = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("（未定）")), *ItemEnd.choices], widget=forms.RadioSelect
    )

    def clean(self):
        data = super().clean()
        if data.get("problem") and not data.get("title") and "title" not in self.errors:
            data["title"] = data["problem"].title
        return data
