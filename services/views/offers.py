"""Resources and policies: their pages, a policy's measures and file, and the enterprises that it may fit."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.records import version
from core import clock, files, listings
from core.answers import get_or_404
from core.registers import page_of
from core.transitions import Refused
from enterprises.forms.records import ClosingForm
from enterprises.registers import ENTERPRISES
from enterprises.views.deeds import typed
from exchange.responses import file_response
from services import matching
from services.forms.lists import MeasureForm
from services.lifecycle import offers
from services.models import PolicyFile, PolicyMeasure
from services.registers.lists import POLICIES, RESOURCES
from services.views import pages

GET_OR_POST = ("GET", "HEAD", "POST")


def _common(row, actor):
    chains = "、".join(chain.name for chain in row.chains.all())
    return [
        pages.fact(_("适用企业"), row.get_audience_display()),
        pages.fact(_("适用产业链"), chains or _("各条产业链")),
        pages.linked(_("适用区域"), row.region, actor),
        pages.fact(_("具体内容"), row.text),
        pages.fact(_("开始日期"), row.from_on),
        pages.fact(_("有效期至"), row.valid_until),
        pages.fact(_("停止日期"), row.closed_on),
        pages.linked(_("由哪条产业链维护"), row.chain, actor),
    ]


def _standing(row) -> str:
    """`coming`, `in_force` or `over`, by today."""
    day = clock.today()
    if row.from_on > day:
        return "coming"
    return "over" if row.ends_on and row.ends_on <= day else "in_force"


def _closing(name, row):
    return [] if row.closed_on else [pages.act(name, row, _("停止"), "circle-minus")]


@require_safe
def resource_detail(request, pk):
    row = pages.row_of(request, RESOURCES, pk)
    facts = [
        pages.fact(_("要素类别"), row.kind.spoken),
        pages.fact(_("提供方"), row.provider),
        pages.fact(_("联系人"), row.contact_name),
        pages.fact(_("联系电话"), row.contact_phone),
        *_common(row, request.actor),
    ]
    return pages.detail(request, RESOURCES, row, facts, acts=_closing("resource_close", row), standing=_standing(row))


@require_safe
def policy_detail(request, pk):
    row = pages.row_of(request, POLICIES, pk)
    facts = [
        pages.fact(_("扶持内容"), row.gives),
        pages.fact(_("要素类别"), row.kind.spoken),
        pages.fact(_("文号"), row.document_number),
        pages.fact(_("发文单位"), row.issued_by),
        pages.fact(_("级别"), row.get_level_display()),
        *_common(row, request.actor),
    ]
    acts = [pages.act("policy_measure_add", row, _("增加措施"), "plus"), *_closing("policy_close", row)]
    return pages.detail(
        request, POLICIES, row, facts, "services/policy_detail.html", acts=acts, standing=_standing(row),
        measures=row.measures.select_related("kind", "department"), files=_files(row),
        fits=matching.fitting(row, request.actor).count(),
    )  # fmt: skip


def _files(policy):
    return [
        {
            "name": one.name,
            "url": reverse("services:policy_file_download", args=[one.pk]),
            "size": one.size,
            "by": one.uploaded_by and one.uploaded_by.name,
            "at": one.uploaded_at,
        }
        for one in policy.files.select_related("uploaded_by")
    ]


def _close(request, register, pk):
    row = pages.kept(request, register, pk)
    return pages.ending(
        request, register, row, form=ClosingForm, do=lambda **values: offers.close_offer(row, **values),
        title=_("停止"), done=_("已停止。"),
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
def resource_close(request, pk):
    return _close(request, RESOURCES, pk)


@require_http_methods(GET_OR_POST)
def policy_close(request, pk):
    return _close(request, POLICIES, pk)


@require_http_methods(GET_OR_POST)
def policy_measure_add(request, pk):
    row = pages.kept(request, POLICIES, pk)
    last = row.measures.order_by("-number").values_list("number", flat=True).first() or 0
    return _measure(request, row, PolicyMeasure(policy=row), {"number": last + 1, "kind": row.kind_id})


@require_http_methods(GET_OR_POST)
def policy_measure_edit(request, pk, number):
    row = pages.kept(request, POLICIES, pk)
    measure = row.measures.filter(number=number).first()
    if measure is None:
        raise Http404
    return _measure(request, row, measure, {"version": version(measure)})


def _measure(request, policy, measure, initial):
    form = MeasureForm(typed(request), actor=request.actor, instance=measure, initial=initial)
    fresh = measure.pk is None

    def do(by, seen, **_values):
        row = PolicyMeasure(policy=policy) if fresh else PolicyMeasure.objects.get(pk=measure.pk)
        return offers.save_measure(policy, row, form.values, by=by, seen=seen)

    return pages.ending(
        request, POLICIES, policy, form=form, do=do, title=_("增加措施") if fresh else _("修改措施"),
        done=_("措施已保存。"),
    )  # fmt: skip


@require_POST
def policy_file_add(request, pk):
    """Keep the text of a policy."""
    row = pages.kept(request, POLICIES, pk)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选择文件。"))
        return redirect(row)
    try:
        offers.add_file(row, upload, by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("政策原文已上传。"))
    return redirect(row)


@require_safe
def policy_file_download(request, pk):
    kept = get_or_404(PolicyFile.objects.visible_to(request.actor), pk)
    try:
        return file_response(files.open_stored(kept.storage_name), kept.name)
    except FileNotFoundError:
        raise Http404 from None


def _fitting(row, actor):
    """The register of enterprises under another title, and its rows that the policy may fit."""
    register = replace(ENTERPRISES, title=_("政策适用企业"))
    rows = matching.fitting(row, actor)
    return register, ENTERPRISES.rows(rows, actor) if ENTERPRISES.rows else rows


@require_safe
def policy_fits(request, pk):
    """The enterprises that a policy may fit, in the reader's sight."""
    row = pages.row_of(request, POLICIES, pk)
    register, rows = _fitting(row, request.actor)
    context = {
        "object": row,
        "columns": [column for column in register.columns if column.on_page],
        "page": page_of(request, rows, register),
        "title": register.title,
        "export_url": f"{reverse('services:policy_fits_export', args=[row.pk])}?",
        "back": POLICIES.url("detail", row.pk),
    }
    return render(request, "services/policy_fits.html", context)


def fitting_listing(asking, pk):
    """The same enterprises, to be handed out."""
    row = pages.row_of(asking, POLICIES, pk)
    register, rows = _fitting(row, asking.actor)
    return register.listing_of(rows.select_related(*register.related), _("政策：%(policy)s") % {"policy": row})


policy_fits_export = listings.export(fitting_listing)
