"""Products, shortages and hired talent of an enterprise: registered, changed, ended."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core.actor import Actor
from core.transitions import Refusal
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.paired import place_of
from services import list_perms as perms
from services.models import Product, TalentHire, TalentNeed


@transaction.atomic
def _save(obj, data: dict, *, by: Actor, seen, noun, kind=None, more=None, ends="", copies=()):
    """Create or change a row of an enterprise; whoever keeps both the old and the new one may move it."""
    old = type(obj).objects.get(pk=obj.pk).enterprise if obj.pk else None
    wanted = data.get("enterprise") or old
    firm = lock_enterprises({old, wanted})[wanted.pk]
    data = {**data, "enterprise": firm}

    def judge(row, values):
        refusal = (old and perms.keep_of_firm(old, by)) or perms.keep_of_firm(firm, by)
        if not refusal and kind is not None:
            refusal = judge_kind(kind, firm.region, row.pk is not None and row.kind_id == kind.pk)
        if not refusal and not row.pk and not values.get(ends):
            refusal = judge_owner(enterprise=firm)
        refusal = refusal or (more and more(firm, values))
        return refusal or follow(row, {**place_of(firm), **{name: getattr(kind, name) for name in copies}})

    return records.write(obj, data, by=by, noun=noun, seen=seen, judge=judge)[0]


def save_product(product: Product, data: dict, *, by: Actor, seen: str | None = None) -> Product:
    """Register or change a product of the catalogue. Raises Refused (`not_keeper`, `owner_gone`), Conflict."""
    return _save(product, data, by=by, seen=seen, noun="product", ends="ends_on")


def save_need(need: TalentNeed, data: dict, *, by: Actor, seen: str | None = None) -> TalentNeed:
    """Register or change a shortage. Raises Refused (`not_keeper`, `kind`, `owner_gone`), Conflict."""
    kind = data.get("kind") or need.kind
    return _save(need, data, by=by, seen=seen, noun="talentneed", kind=kind, ends="closed_on")


def save_hire(hire: TalentHire, data: dict, *, by: Actor, seen: str | None = None) -> TalentHire:
    """Register or change talent that was hired. Raises Refused (`not_keeper`, `kind`, `need`), Conflict."""
    kind = data.get("kind") or hire.kind

    def more(firm, values):
        need = values.get("need", hire.need if hire.pk else None)
        if need is not None and need.enterprise_id != firm.pk:
            return Refusal("need", _("对应的急需岗位不是这家企业的。"))
        return None

    return _save(
        hire, data, by=by, seen=seen, noun="talenthire", kind=kind, more=more, ends="hired_on", copies=("counts_as",)
    )
