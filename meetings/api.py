"""Meetings for other systems, read only: the list as filtered on its page, and one with its agenda and decisions."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core import keyset
from meetings.enums import DecisionState
from meetings.forms import MeetingFilter
from meetings.lifecycle import owner_of
from meetings.models import Meeting
from meetings.registers import MEETINGS

PAGE = 100


class MeetingSerializer(serializers.ModelSerializer):
    """One meeting. `counts_as` is what its kind counts as in the figures."""

    kind = serializers.CharField(source="kind.name")
    committee = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Meeting
        fields = [
            "id", "version", "title", "kind", "counts_as", "state", "committee", "starts_at", "held_on", "place",
            "seats_due", "seats_present", "notified_on", "minuted_on", "filed_on", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_committee(self, row) -> dict:
        return {"id": row.committee_id, "name": row.committee.name}


class MeetingDetailSerializer(MeetingSerializer):
    """As in the list, with minutes, agenda and the decisions in force."""

    agenda = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = [*MeetingSerializer.Meta.fields, "minutes", "agenda", "decisions"]
        read_only_fields = fields

    def get_agenda(self, row) -> list[dict]:
        return [{"order": item.order, "title": item.title, "end": item.end} for item in row.agenda.all()]

    def get_decisions(self, row) -> list[dict]:
        kept = row.decisions.exclude(state=DecisionState.DRAFT).select_related("owner_department").order_by("id")
        return [
            {"id": one.pk, "text": one.text, "owner": owner_of(one), "due_on": one.due_on, "state": one.state}
            for one in kept
        ]


class MeetingList(APIView):
    """The meetings in sight."""

    @extend_schema(
        operation_id="meetings",
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, description="As in the list page.")
            for name in ("q", "kind", "state", "committee", "start", "end", "sort", "after", "before")
        ],
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT, "results (meetings), next and previous (queries)")},
    )
    def get(self, request):
        """A page of meetings as filtered, 100 at a time. An unknown value of a filter is an error here."""
        form = MeetingFilter(request.GET, actor=request.actor)
        if not form.is_valid():
            return Response(form.errors, status=400)
        order = MEETINGS.order_of(request.GET.get("sort", ""))
        page = keyset.page(MEETINGS.listed(request, form), request, order, size=PAGE)
        return Response(
            {
                "results": MeetingSerializer(page.rows, many=True).data,
                "next": page.next_url or None,
                "previous": page.previous_url or None,
            }
        )


class MeetingOne(APIView):
    """One meeting."""

    @extend_schema(operation_id="meeting", responses={200: MeetingDetailSerializer})
    def get(self, request, pk: int):
        """With its minutes, agenda and decisions; 404 for one out of sight."""
        rows = Meeting.objects.visible_to(request.actor).select_related("committee", "kind")
        return Response(MeetingDetailSerializer(get_object_or_404(rows, pk=pk)).data)
