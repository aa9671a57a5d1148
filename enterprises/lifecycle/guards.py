"""What the functions of the registers ask before they write."""

from django.utils.translation import gettext as _

from core.transitions import Refusal
from enterprises.models import Enterprise


def lock_enterprises(enterprises) -> dict[int, Enterprise]:
    """The rows behind these enterprises (None is passed over), locked by primary key and read afresh."""
    ids = {one.pk for one in enterprises if one is not None}
    rows = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    return {one.pk: one for one in rows.select_related("region").order_by("pk")}


def judge_kind(kind, region, kept: bool) -> Refusal | None:
    """A kind must hold in the region, and be in use unless the row has it already (`kept`)."""
    if not kind.holds_in(region) or not (kind.is_active or kept):
        return Refusal("kind", _("类别“%(kind)s”在这里不能使用。") % {"kind": kind})
    return None


def judge_owner(enterprise=None, organisation=None) -> Refusal | None:
    """Nothing new begins at an enterprise that left or an organisation that was dissolved."""
    if enterprise is not None and enterprise.left_on:
        return Refusal("owner_gone", _("该企业已经退出。"))
    if organisation is not None and organisation.dissolved_on:
        return Refusal("owner_gone", _("该党组织已经撤销。"))
    return None


def follow(row, derived: dict) -> None:
    """Set what follows from the owner and the kind. It is nobody's decision and has no line of its own in the trail."""
    for name, value in derived.items():
        setattr(row, name, value)
