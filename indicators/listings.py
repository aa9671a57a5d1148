"""The rows behind a figure as lists to be handed out: those of the pages, under the same addresses."""

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from core import registers
from core.listings import Asking, Listing
from core.periods import Period, PeriodError
from indicators import declarations
from indicators.rows import NoRows, resolve, rows, source_of
from indicators.views import amount_name, readable_scope


def figure_rows(asking: Asking) -> Listing:
    """The rows of the page `indicators:rows`. Raises Http404 as the page does."""
    code, scope = asking.GET.get("indicator", ""), readable_scope(asking.GET, asking.actor)
    if code not in {one.code for one in declarations.indicators()}:
        raise Http404
    part = "denominator" if asking.GET.get("part") == "denominator" else "numerator"
    try:
        period = Period.from_query(asking.GET)
        found = rows(code, scope, period, asking.actor, part)
    except (PeriodError, NoRows):
        raise Http404 from None
    conditions = _("%(scope)s，%(period)s") % {"scope": scope, "period": period.name}
    return of_source(
        declarations.get(code).name, source_of(code, scope, part), found, conditions, amount_name(resolve(code, part))
    )


def of_source(title, source, found, conditions="", amount="") -> Listing:
    """Rows of a source in the columns of its page, with what each adds to the figure where that is not one."""
    columns = [registers.Column(str(one.label), one.of, kind=_kind(source.model, one.value)) for one in source.columns]
    if amount:
        columns.append(registers.Column(str(amount), "figure_amount", kind="number"))
    return Listing(
        title=str(title),
        columns=columns,
        rows=found,
        lines=lambda whole: ([column.of(row) for column in columns] for row in whole),
        conditions=str(conditions),
    )


def _kind(model, value) -> str:
    """Dates of the table are dates in the file; everything else is told as on the page."""
    for name in value.split("__") if isinstance(value, str) else ():
        known = {one.name: one for one in model._meta.get_fields()} if model else {}
        found = known.get(name)
        if isinstance(found, models.DateField) and not isinstance(found, models.DateTimeField):
            return "date"
        model = getattr(found, "related_model", None)
    return "text"
