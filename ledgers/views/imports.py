"""Importing a county's own workbook: read, shown, taken over after a second look.

Between the two looks nothing is kept on the server: the cells travel as one signed value, and are judged again when
they come back.
"""

import datetime as dt

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.answers import attempt, demand
from core.files import clean_name
from exchange.reader import read_rows
from exchange.tables import plain_workbook
from ledgers import importing, perms
from ledgers.enums import FieldType
from ledgers.forms.defining import VersionForm
from ledgers.forms.entries import ImportForm
from ledgers.views.ledgers import GET_OR_POST, ledger_of

_SALT = "ledgers.import"
_SECONDS = 60 * 60
SHOWN = 50


@require_safe
def entry_template(request, pk):
    """An empty workbook with the ledger's columns."""
    ledger = ledger_of(request, pk)
    demand(perms.fill(ledger, request.actor))
    notes = [_("%(label)s：%(hint)s") % {"label": one.label, "hint": _hint(one)} for one in ledger.living_fields]
    labels = [*(one.heading for one in ledger.living_fields), _("所在区域")]
    return plain_workbook(ledger.name, labels, [["" for _label in labels]], notes=notes)


def _hint(field) -> str:
    parts = [str(FieldType(field.type).label)]
    if field.required:
        parts.append(_("必填"))
    if field.choices:
        parts.append("、".join(field.choices))
    return _("，").join(parts)


@require_http_methods(GET_OR_POST)
def entry_import(request, pk):
    ledger = ledger_of(request, pk)
    demand(perms.fill(ledger, request.actor))
    if request.method != "POST":
        return _page(request, ledger, ImportForm())
    if "cells" in request.POST:
        return _second_look(request, ledger)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            cells = read_rows(upload)
            sheet = importing.read(ledger, cells, request.actor)
        except ValueError as refused:
            form.add_error("file", str(refused))
        else:
            return _shown(request, ledger, sheet, cells, clean_name(upload.name))
    return _page(request, ledger, form)


def _page(request, ledger, form, **more):
    status = 422 if request.htmx and form.errors else 200
    context = {"ledger": ledger, "form": form, "back": reverse("ledgers:ledger_detail", args=[ledger.pk]), **more}
    return render(request, "ledgers/import.html", context, status=status)


def _shown(request, ledger, sheet, cells, name, form=None):
    kept = {
        "ledger": ledger.pk, "user": request.actor.user_id, "name": name,
        "cells": [[number, [one.isoformat() if isinstance(one, dt.date) else one for one in line]]
                  for number, line in cells],
    }  # fmt: skip
    wrong = sheet.of(importing.WRONG)
    context = {
        "ledger": ledger, "sheet": sheet, "counts": sheet.counts, "name": name, "wrong": wrong[:SHOWN],
        "more_wrong": max(0, len(wrong) - SHOWN), "form": form,
        "cells": signing.dumps(kept, salt=_SALT, compress=True),
        "back": reverse("ledgers:entry_import", args=[ledger.pk]),
    }  # fmt: skip
    return render(request, "ledgers/import_confirm.html", context)


def _second_look(request, ledger):
    try:
        kept = signing.loads(request.POST["cells"], salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        kept = None
    if kept is None or (kept["ledger"], kept["user"]) != (ledger.pk, request.actor.user_id):
        return _page(request, ledger, ImportForm(), stale=True)
    form, counts = VersionForm({}), None
    try:
        sheet = importing.read(ledger, kept["cells"], request.actor)
    except ValueError:
        return _page(request, ledger, ImportForm(), stale=True)
    if "all" in request.POST and sheet.counts[importing.WRONG]:
        form.add_error(None, _("还有不能导入的行；请改好文件后重新上传，或只导入没有错误的行。"))
    else:
        counts = attempt(form, lambda: importing.take(ledger, sheet, name=kept["name"], by=request.actor))
    if counts is None:
        return _shown(request, ledger, sheet, kept["cells"], kept["name"], form)
    messages.success(
        request,
        _("已导入：新增 %(new)d 条，更新 %(changed)d 条，相同 %(same)d 条，未导入 %(wrong)d 条。") % counts,
    )
    return redirect("ledgers:ledger_detail", ledger.pk)
