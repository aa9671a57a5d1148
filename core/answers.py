"""How a view answers what a rule refuses: with a page that says why, or with a sentence in the form."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.transitions import Conflict, Refusal, Refused

BIGGEST_ID = 2**63 - 1


def forbid(refusal: Refusal):
    """Answer 403 with the refusal's sentence."""
    error = PermissionDenied(str(refusal.sentence))
    error.refusal = refusal
    raise error


def demand(refusal: Refusal | None) -> None:
    """Go on where nothing is refused, else answer 403."""
    if refusal:
        forbid(refusal)


def get_or_404(queryset, pk):
    """The record, or 404 for one out of sight, gone, or with a number that no record can have."""
    if not 0 < int(pk) <= BIGGEST_ID:
        raise Http404
    row = queryset.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def add_errors(form, error: ValidationError) -> None:
    """Each sentence beside its field where the form has it, above the form otherwise."""
    for name, errors in getattr(error, "error_dict", {None: getattr(error, "error_list", [])}).items():
        form.add_error(name if name in form.fields else None, errors)


def attempt(form, act: Callable, changes: list | None = None, register=None):
    """Do `act()` in a transaction and answer its result; what is refused becomes an error of the form, and the answer
    is None. Of a conflict, `register` tells in `changes` what somebody else did meanwhile."""
    try:
        with transaction.atomic():
            return act()
    except Conflict as conflict:
        form.add_error(None, str(conflict.refusal.sentence))
        for event in conflict.events if register else ():
            told = register.sentences(event, register.model)
            changes.append({"who": event.actor_name, "at": event.at, "sentences": told})
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
    except ValidationError as error:
        add_errors(form, error)
    except IntegrityError:
        form.add_error(None, _("内容与刚刚登记的另一条记录重复，或不符合登记规则，请核对后重试。"))
    return None


def answer_status(request, form) -> int:
    """422 for a form with errors that HTMX posted, 200 else."""
    return 422 if request.method == "POST" and form.errors and getattr(request, "htmx", False) else 200
