"""The register of the kinds of entered figures (填报指标)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliances.registers import make_register
from closing.forms import EnteredKindFilter, EnteredKindForm
from closing.models import EnteredKind
from core.registers import Column
from enterprises import perms
from enterprises.lifecycle.kinds import save_kind

ENTERED_KINDS = make_register(
    model=EnteredKind,
    urls="closing:enteredkind",
    title=_("填报指标"),
    noun=pgettext_lazy("noun", "填报指标"),
    columns=[
        Column(_("名称"), "spoken", "name"),
        Column(_("计量单位"), lambda row: row.typed.label or row.unit),
        Column(_("口径"), "definition"),
        Column(_("适用区域"), lambda row: row.region.name if row.region else _("通用"), css="md"),
        Column(_("启用"), "is_active", kind="yesno", css="md"),
    ],
    filters=EnteredKindFilter,
    form=EnteredKindForm,
    save=save_kind,
    can_create=perms.create_kind,
    can_edit=lambda obj, actor: perms.keep_kind(obj.region, actor),
    related=("region",),
    order=("order", "pk"),
    icon="list",
    hint=_("能从台账算出的数不在这里填报；通用指标各地相同，本地区可以增加自己的指标。"),
)
