"""`GET /api/v1/figures/`: figures for the province's platform and for people's scripts."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core.periods import Period, PeriodError
from indicators import declarations, figures, scopes

MANY = 100


class FigureSerializer(serializers.Serializer):
    """One figure as the API tells it."""

    indicator = serializers.CharField(help_text="Code of the indicator.")
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="null where it has no meaning.")
    unit = serializers.CharField(help_text="The typed unit as printed, e.g. 个, 家, %, 工作日.")
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.IntegerField(allow_null=True, help_text="Days within which 90 % of the cases ended.")
    definition = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="Changes up to this moment are in.")
    stale = serializers.BooleanField(help_text="Later changes have waited for more than 15 seconds.")
    rows = serializers.CharField(help_text="Address of the rows that make the figure up.")


class FiguresSerializer(serializers.Serializer):
    """Where exactly one indicator is asked for, its fields also stand at the top level."""

    scope = serializers.CharField()
    scope_name = serializers.CharField()
    chain = serializers.IntegerField(allow_null=True)
    period = serializers.CharField(help_text="e.g. 2022-01..2022-08, 2022-Q3, 2022-W31")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    figures = FigureSerializer(many=True, help_text="In the order asked for.")


def plain(number):
    """A JSON number: whole ones as they are, others to six places (rates and means have no end)."""
    if number is None or isinstance(number, int):
        return number
    return int(number) if number == number.to_integral_value() else float(round(number, 6))


def as_json(figure, request):
    return {
        "indicator": figure.code,
        "name": str(figure.name),
        "value": plain(figure.value),
        "unit": figure.unit.code,
        "numerator": plain(figure.numerator),
        "denominator": plain(figure.denominator),
        "mean": plain(figure.mean),
        "median": plain(figure.median),
        "p90": figure.p90,
        "definition": str(figure.definition),
        "as_of": figure.as_of.isoformat(),
        "stale": figure.stale,
        "rows": request.build_absolute_uri(figure.rows_url),
    }


def _parameter(name, description, required=False, many=False, **extra):
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, required=required, many=many, **extra)


class FiguresView(APIView):
    """Figures of one scope and period."""

    @extend_schema(
        operation_id="figures",
        parameters=[
            _parameter("scope", "region:CODE, chain:ID, committee:ID or enterprise:ID", required=True),
            _parameter("indicator", "Code of an indicator; may be repeated.", required=True, many=True),
            _parameter("from", "First month, e.g. 2022-01. With `to` left out, that one month."),
            _parameter("to", "Last month, included."),
            _parameter(
                "period", "Instead of from and to: 2022-03, 2022-Q3, 2022-H1, 2022, 2022-08-YTD, 2022-W31, 2022-08-T3."
            ),
            _parameter("chain", "Limit a region to the chain with this id."),
        ],
        responses={
            200: FiguresSerializer,
            400: OpenApiResponse(OpenApiTypes.OBJECT, description='{"field": ["sentence"]}'),
            404: OpenApiResponse(OpenApiTypes.OBJECT, description="No such scope, or not one that you may read."),
        },
        examples=[
            OpenApiExample(
                "a county's problems of eight months",
                value={"scope": "region:990100", "indicator": "problems_raised", "from": "2022-01", "to": "2022-08"},
                parameter_only=("scope", "query"),
            )
        ],
    )
    def get(self, request):
        params = request.query_params
        codes = self._codes(params)
        try:
            period = Period.from_query(params)
        except PeriodError as error:
            raise ValidationError({error.field: [str(error)]}) from None
        scope = self._scope(request)
        told = figures.read(codes, scope, period)
        listed = [as_json(told[code], request) for code in codes]
        return Response(
            (listed[0] if len(listed) == 1 else {})
            | {
                "scope": scope.key,
                "scope_name": str(scope.name),
                "chain": scope.chain_id or None,
                "period": period.code,
                "from": str(period.first),
                "to": str(period.last),
                "first_day": period.start.isoformat(),
                "last_day": period.end.isoformat(),
                "figures": listed,
            }
        )

    def _codes(self, params):
        codes = [code for value in params.getlist("indicator") for code in value.split(",") if code]
        known = {one.code for one in declarations.indicators()}
        if not codes:
            raise ValidationError({"indicator": [_("请至少指定一个指标。")]})
        if len(codes) > MANY:
            raise ValidationError({"indicator": [_("一次最多查询 %(n)d 个指标。") % {"n": MANY}]})
        for code in codes:
            if code not in known:
                raise ValidationError({"indicator": [_("没有这个指标：%(code)s。") % {"code": code[:60]}]})
        return list(dict.fromkeys(codes))

    def _scope(self, request):
        params = request.query_params
        if not params.get("scope"):
            raise ValidationError({"scope": [_("请指定统计范围，例如 region:990100。")]})
        try:
            scope = scopes.parse(params["scope"], params.get("chain", ""))
        except ValueError as error:
            field = "chain" if params.get("chain") and ":" in params["scope"] else "scope"
            raise ValidationError({field: [str(error)]}) from None
        except LookupError:
            raise NotFound from None
        if not scopes.readable(scope, request.actor):
            raise NotFound
        return scope
