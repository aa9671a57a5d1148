"""The ledger for other systems: list, one entry, raising, and every transition by its name.

Refusals are answers with a stable code and a sentence: 400 by field, 403 not allowed, 404 out of scope, 409 changed by
somebody else (with what changed).
"""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock, workdays
from core.transitions import Conflict, Refused
from problems import actions, lifecycle, sentences, workbooks
from problems.filters import SORTS, ProblemFilter
from problems.forms import LARGEST_VERSION, ProblemForm
from problems.models import Problem

PAGE = 100


class NameSerializer(serializers.Serializer):
    """A record by its id and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ProblemSerializer(serializers.ModelSerializer):
    """One entry of the ledger, read only: states change by transitions."""

    enterprise = serializers.SerializerMethodField()
    region = serializers.CharField(source="region.name")
    chain = serializers.SerializerMethodField()
    category = serializers.CharField(source="category.code")
    lead = serializers.SerializerMethodField()
    light = serializers.SerializerMethodField()
    days_left = serializers.IntegerField(allow_null=True, help_text="Working days, negative when overdue.")
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Problem
        fields = [
            "id", "number", "version", "title", "state", "outcome", "light", "days_left", "enterprise", "region",
            "chain", "category", "urgency", "source", "lead", "submitted_on", "accepted_on", "assigned_on",
            "decided_on", "resolved_on", "confirmed_on", "closed_on", "last_closed_on", "ended_on", "due_on",
            "handling_days", "on_time", "rating", "closing_number", "is_escalated", "bounces", "reopened_times", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_enterprise(self, row) -> dict:
        return {"id": row.enterprise_id, "name": row.enterprise.name}

    def get_chain(self, row) -> dict | None:
        return {"id": row.chain_id, "name": row.chain.name} if row.chain else None

    def get_lead(self, row) -> str | None:
        return str(row.lead) if row.lead else None

    def get_light(self, row) -> str:
        return str(row.light)


class ProblemDetailSerializer(ProblemSerializer):
    """As in the list, with the texts."""

    class Meta(ProblemSerializer.Meta):
        fields = [*ProblemSerializer.Meta.fields, "text", "resolution", "rating_text"]
        read_only_fields = fields


class RefusalSerializer(serializers.Serializer):
    """Why something was not done."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    who_can = serializers.CharField()


class ConflictSerializer(RefusalSerializer):
    """Somebody else was first: what changed since the version that was sent."""

    version = serializers.IntegerField(help_text="The version now.")
    changes = serializers.ListField(child=serializers.DictField())


_ERRORS = {
    400: OpenApiResponse(OpenApiTypes.OBJECT, 'Sentences by field: {"title": ["..."]}'),
    403: RefusalSerializer,
    404: OpenApiResponse(OpenApiTypes.OBJECT, "Not there, or out of scope."),
}
_FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR, description="As in the list page.")
    for name in ("q", "state", "light", "category", "chain", "committee", "region", "unit", "source", "urgency",
                 "outcome", "since", "until", "mine", "escalated", "todo", "due", "step", "step_since", "step_until",
                 "after", "before")
] + [OpenApiParameter("sort", OpenApiTypes.STR, enum=list(SORTS))]  # fmt: skip


def as_json(problem: Problem, detail: bool = True) -> dict:
    workbooks.dress([problem], clock.today(), workdays.everywhere())
    return (ProblemDetailSerializer if detail else ProblemSerializer)(problem).data


def as_form_data(data) -> QueryDict:
    """JSON as form data: one set of fields and rules for pages and API.

    Raises the API's ValidationError where it is not an object or holds half of a surrogate pair, which JSON can spell
    and no answer could repeat.
    """
    if not isinstance(data, dict):
        raise serializers.ValidationError({"__all__": [_("请求内容应为一个 JSON 对象。")]})
    found = QueryDict(mutable=True)
    for name, value in data.items():
        values = [_text(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
        if any("\ud800" <= character <= "\udfff" for text in (str(name), *values) for character in text):
            raise serializers.ValidationError({"__all__": [_("含有无法保存的字符。")]})
        found.setlist(str(name), values)
    return found


def _text(value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def refusal_response(refusal, status: int = 403, **more) -> Response:
    body = {"code": refusal.code, "sentence": str(refusal.sentence), "who_can": str(refusal.who_can), **more}
    return Response(body, status=status)


def _errors(error: ValidationError) -> dict:
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}


class ProblemList(APIView):
    """The ledger."""

    @extend_schema(operation_id="problems", parameters=_FILTERS, responses={
        200: OpenApiResponse(OpenApiTypes.OBJECT, "results (entries), next and previous (queries of the other pages)"),
        400: _ERRORS[400],
    })  # fmt: skip
    def get(self, request):
        """A page of entries as filtered, 100 at a time. An unknown value of a filter is an error here."""
        chosen = ProblemFilter(request.GET, request.actor)
        if chosen.form.errors:
            return Response(chosen.form.errors, status=400)
        page = chosen.page(request, PAGE)
        rows = workbooks.dress(page.rows, chosen.today, workdays.everywhere())
        return Response(
            {
                "results": ProblemSerializer(rows, many=True).data,
                "next": page.next_url or None,
                "previous": page.previous_url or None,
            }
        )

    @extend_schema(operation_id="raise_problem", request=OpenApiTypes.OBJECT,
                   responses={201: ProblemDetailSerializer, **_ERRORS})  # fmt: skip
    def post(self, request):
        """Raise an entry: enterprise (id), title, category (id), text, source, urgency, contact_name, contact_phone."""
        form = ProblemForm(as_form_data(request.data), actor=request.actor)
        if not form.is_valid():
            return Response(form.errors, status=400)
        try:
            problem = lifecycle.raise_problem(by=request.actor, **form.cleaned_data)
        except Refused as refused:
            return refusal_response(refused.refusal)
        except ValidationError as error:
            return Response(_errors(error), status=400)
        return Response(as_json(problem), status=201)


def _seen(request, pk: int) -> Problem:
    rows = Problem.objects.visible_to(request.actor).select_related(
        "enterprise", "region", "chain", "category", "lead_team", "lead_department"
    )
    return get_object_or_404(rows, pk=pk)


class ProblemOne(APIView):
    """One entry."""

    @extend_schema(operation_id="problem", responses={200: ProblemDetailSerializer, 404: _ERRORS[404]})
    def get(self, request, pk: int):
        """One entry with its texts and the version that a transition has to name."""
        return Response(as_json(_seen(request, pk)))


class ProblemStep(APIView):
    """A transition of one entry."""

    @extend_schema(operation_id="problem_step", request=OpenApiTypes.OBJECT,
                   responses={200: ProblemDetailSerializer, 409: ConflictSerializer, **_ERRORS})  # fmt: skip
    def post(self, request, pk: int, name: str):
        """Do it: `version` and the fields of the step's form, e.g. accept, assign, sign, resolve, rate, close."""
        problem = _seen(request, pk)
        if name not in actions.ACTIONS:
            return Response({"detail": _("没有这个步骤。")}, status=404)
        action, data = actions.ACTIONS[name], as_form_data(request.data)
        form = action.form(data, problem=problem, actor=request.actor)
        version = _version(data.get("version", ""))
        if not form.is_valid() or version is None:
            refusal = action.refusal(problem, request.actor)
            if refusal:
                return refusal_response(refusal)
            wrong = {} if version else {"version": [_("请填写读到的版本号。")]}
            return Response({**form.errors, **wrong}, status=400)
        try:
            done = actions.run(action, problem, by=request.actor, version=version, data=form.cleaned_data)
        except Conflict as conflict:
            changes = [_change(event) for event in conflict.events]
            return refusal_response(conflict.refusal, 409, version=_seen(request, pk).version, changes=changes)
        except Refused as refused:
            return refusal_response(refused.refusal)
        except ValidationError as error:
            return Response(_errors(error), status=400)
        return Response(as_json(done))


def _version(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        return None
    return int(text) if 1 <= int(text) <= LARGEST_VERSION else None


def _change(event) -> dict:
    told = sentences.describe(event)
    return {
        "sentence": told["title"],
        "who": told["who"],
        "at": told["at"].isoformat(),
        "version": event.data.get("version"),
    }
