"""Pages of products, shortages, hired talent, and of the kinds of the lists."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import today
from enterprises.lifecycle import in_use
from services import matching
from services.registers.lists import PRODUCTS, SERVICE_KINDS, TALENT_HIRES, TALENT_KINDS, TALENT_NEEDS
from services.views import pages


def _standing(row) -> str:
    return "over" if row.ends_on and row.ends_on <= today() else "in_force"


@require_safe
def product_detail(request, pk):
    row = pages.row_of(request, PRODUCTS, pk)
    facts = [
        pages.fact(_("产或购"), row.get_role_display()),
        pages.linked(_("企业"), row.enterprise, request.actor),
        pages.fact(_("产能或用量"), row.quantity),
        pages.fact(_("计量单位"), row.unit),
        pages.fact(_("规格和要求"), row.note),
        pages.fact(_("登记日期"), row.listed_on),
        pages.fact(_("停产或停购日期"), row.ends_on),
        *pages.place(row, request.actor),
    ]
    return pages.detail(
        request, PRODUCTS, row, facts, "services/product_detail.html", standing=_standing(row),
        counterparts=matching.counterparts(row, request.actor),
    )  # fmt: skip


@require_safe
def talentneed_detail(request, pk):
    row = pages.row_of(request, TALENT_NEEDS, pk)
    hired = sum(row.hires.values_list("number", flat=True))
    facts = [
        pages.linked(_("企业"), row.enterprise, request.actor),
        pages.fact(_("人才类别"), row.kind.spoken),
        pages.fact(_("人数"), row.number),
        pages.fact(_("已招人数"), hired),
        pages.fact(_("条件要求"), row.qualification),
        pages.fact(_("待遇"), row.offers),
        pages.fact(_("开始日期"), row.from_on),
        pages.fact(_("有效期至"), row.valid_until),
        pages.fact(_("招满或取消日期"), row.closed_on),
        *pages.place(row, request.actor),
    ]
    add = {
        "url": f"{TALENT_HIRES.url('create')}?enterprise={row.enterprise_id}&need={row.pk}&kind={row.kind_id}",
        "label": _("登记招引人才"),
        "icon": "user-check",
    }
    acts = [] if row.closed_on else [add]
    return pages.detail(request, TALENT_NEEDS, row, facts, acts=acts, standing=_standing(row))


@require_safe
def talenthire_detail(request, pk):
    row = pages.row_of(request, TALENT_HIRES, pk)
    facts = [
        pages.linked(_("企业"), row.enterprise, request.actor),
        pages.fact(_("人才类别"), row.kind.spoken),
        pages.fact(_("人数"), row.number),
        pages.fact(_("招引日期"), row.hired_on),
        pages.fact(_("招引方式"), row.way),
        pages.fact(_("对应急需岗位"), row.need, row.need and row.need.get_absolute_url()),
        *pages.place(row, request.actor),
    ]
    return pages.detail(request, TALENT_HIRES, row, facts)


def _kind(request, register, pk, own):
    row = pages.row_of(request, register, pk)
    facts = [
        own(row),
        pages.fact(_("适用区域"), row.region.name if row.region else _("通用")),
        pages.fact(_("排序"), str(row.order)),
        pages.fact(_("启用"), _("是") if row.is_active else _("否")),
        pages.fact(_("是否已有登记"), _("是") if in_use(row) else _("否")),
    ]
    return pages.detail(request, register, row, facts)


@require_safe
def servicekind_detail(request, pk):
    return _kind(
        request, SERVICE_KINDS, pk, lambda row: pages.fact(_("对应问题类别"), row.category and row.category.spoken)
    )


@require_safe
def talentkind_detail(request, pk):
    return _kind(request, TALENT_KINDS, pk, lambda row: pages.fact(_("统计口径"), row.get_counts_as_display()))
