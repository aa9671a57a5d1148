"""What a row's column said on a past day: conditions on actors that hold for the end of the period they judge.

The trail keeps a picture of each tracked row after every change. A day before the first picture (the row was entered
later than it began) is judged by the first one. A correction is a change like any other: the trail cannot tell a slip
that was put right from something that has become different.
"""

import datetime as dt

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In

from core import clock
from mechanisms.acts import Filter


def recorded(model, column: str, day: dt.date):
    """The column as it stood at the end of the day, as an expression over `model`."""
    pictures = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    mine = pictures.objects.filter(pgh_obj=OuterRef("pk"))
    by_then = mine.filter(pgh_created_at__lt=clock.at_local(day + dt.timedelta(days=1), 0)).order_by(
        "-pgh_created_at", "-pgh_id"
    )
    first = mine.order_by("pgh_created_at", "pgh_id")
    return Coalesce(Subquery(by_then.values(column)[:1]), Subquery(first.values(column)[:1]), F(column))


def flag_then(label, model, column: str) -> Filter:
    """A yes-or-no column as it was at the period's end."""

    def q(value, day):
        if day >= clock.today():
            return Q(**{column: value})
        return Q(Exact(recorded(model, column, day), Value(value)))

    return Filter(label, q, columns=(column,), dated=True)


def one_of_then(label, model, column: str, choices) -> Filter:
    """A column of an enumeration as it was at the period's end."""

    def q(value, day):
        if day >= clock.today():
            return Q(**{f"{column}__in": value})
        return Q(In(recorded(model, column, day), value))

    return Filter(label, q, lambda: choices, columns=(column,), dated=True)
