"""Pages of postings, pairings, facilities, honours and mass organisations."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliances.models import Region
from audit.records import version
from audit.registers import history
from chains.models import Chain, Committee
from core import clock, files
from core.answers import demand, get_or_404
from core.transitions import Refused
from enterprises import lifecycle
from enterprises.forms.records import ClosingForm, LeavingForm, ReplaceForm
from enterprises.models import Enterprise, PairingFile, PartyOrganisation
from enterprises.registers import FACILITIES, HONOURS, MASS, PAIRINGS, POSTINGS, RECORDS
from enterprises.views.deeds import deed, typed
from exchange.responses import file_response

_PAGES = {
    Enterprise: "enterprises:enterprise_detail",
    PartyOrganisation: "enterprises:organisation_detail",
    Region: "alliances:region_detail",
    Chain: "chains:chain_detail",
    Committee: "chains:committee_detail",
}


@require_safe
def register_home(request):
    """The registers as cards, each with what it holds and what may be added."""
    cards = []
    for register in RECORDS:
        refusal = register.can_create(request.actor)
        cards.append(
            {
                "register": register,
                "total": register.model.objects.visible_to(request.actor).count(),
                "list_url": register.list_url,
                "create_url": None if refusal else register.url("create"),
            }
        )
    return render(request, "enterprises/register_home.html", {"cards": cards})


def page_url(record) -> str:
    """The address of a record's page."""
    return reverse(_PAGES[type(record)], args=[record.pk])


def link(record, actor) -> str | None:
    """The address of a record that the actor may open."""
    if record is None or not type(record).objects.visible_to(actor).filter(pk=record.pk).exists():
        return None
    return page_url(record)


def _fact(label, value, url=None):
    return {"label": label, "value": value.isoformat() if isinstance(value, dt.date) else value, "url": url}


def _linked(label, record, actor):
    return _fact(label, record and getattr(record, "name", record), link(record, actor))


def _place(row, actor):
    """Where a row counts."""
    return [
        _linked(_("所在区域"), row.region, actor),
        _linked(_("产业链"), row.chain, actor),
        _linked(_("产业链党委"), row.committee, actor),
    ]


def _detail(request, register, pk, facts, *, over, acts=(), **more):
    """One row: its facts, what may be done, and what was changed. `over(row)` is the day from which it is over."""
    related = (*register.related, "chain", "committee")
    row = get_or_404(register.visible(request.actor).select_related(*related), pk)
    editable = not register.can_edit(row, request.actor)
    ended = over(row) and over(row) <= clock.today()
    context = {
        "object": row,
        "register": register,
        "facts": [*facts(row, request.actor), *_place(row, request.actor)],
        "ended": ended,
        "acts": acts(row) if editable and acts and not over(row) else [],
        "can_edit": editable,
        "edit_url": register.url("edit", row.pk),
        "events": history(row) if editable else [],
        **{name: make(row, editable) for name, make in more.items()},
    }
    return render(request, "enterprises/record_detail.html", context)


def _act(name, label, icon):
    return lambda row: {"url": reverse(f"enterprises:{name}", args=[row.pk]), "label": label, "icon": icon}


@require_safe
def posting_detail(request, pk):
    def facts(row, actor):
        return [
            _fact(_("姓名"), row.person),
            _fact(_("派驻类别"), row.kind.spoken),
            _linked(_("派驻到"), row.place, actor),
            _fact(_("职务"), row.post_title),
            _fact(_("派出单位"), row.employer),
            _fact(_("联系电话"), row.phone),
            _fact(_("到岗日期"), row.started_on),
            _fact(_("离岗日期"), row.ended_on),
            _fact(_("离岗原因"), row.end_reason),
        ]

    acts = [
        _act("posting_replace", _("办理接替"), "switch-horizontal"),
        _act("posting_end", _("办理离岗"), "logout"),
    ]
    return _detail(
        request, POSTINGS, pk, facts, over=lambda row: row.ended_on, acts=lambda row: [act(row) for act in acts]
    )


@require_safe
def pairing_detail(request, pk):
    def facts(row, actor):
        return [
            _linked(_("帮扶方"), row.helper, actor) if row.helper else _fact(_("帮扶方"), row.helper_name),
            _linked(_("受助方"), row.helped, actor) if row.helped else _fact(_("受助方"), row.helped_text),
            _fact(_("结对类别"), row.kind.spoken),
            _fact(_("结对内容"), "、".join(one.name for one in row.aspects.all())),
            *([_fact(_("党员人数"), row.members), _fact(_("联系户数"), row.households)] if row.households else []),
            _fact(_("协议编号"), row.agreement_number),
            _fact(_("签订日期"), row.signed_on),
            _fact(_("开始日期"), row.started_on),
            _fact(_("结束日期"), row.ended_on),
            _fact(_("备注"), row.note),
        ]

    def agreement(row, editable):
        return {"files": _files(row), "upload": reverse("enterprises:pairing_file_add", args=[row.pk]), "may": editable}

    act = _act("pairing_end", _("结束结对"), "link-off")
    return _detail(
        request, PAIRINGS, pk, facts, over=lambda row: row.ended_on, acts=lambda row: [act(row)], agreement=agreement
    )


def _files(pairing):
    return [
        {
            "name": one.name,
            "url": reverse("enterprises:pairing_file_download", args=[one.pk]),
            "size": one.size,
            "by": one.uploaded_by and one.uploaded_by.name,
            "at": one.uploaded_at,
        }
        for one in pairing.files.select_related("uploaded_by")
    ]


@require_safe
def facility_detail(request, pk):
    def facts(row, actor):
        return [
            _fact(_("名称"), row.name),
            _fact(_("阵地类别"), row.kind.spoken),
            _fact(_("品牌"), row.brand),
            _linked(_("所属企业"), row.enterprise, actor),
            _linked(_("所属党组织"), row.organisation, actor),
            _fact(_("地点"), row.address),
            _fact(_("启用日期"), row.opened_on),
            _fact(_("停用日期"), row.closed_on),
            _fact(_("备注"), row.note),
        ]

    act = _act("facility_close", _("停用"), "circle-minus")
    return _detail(request, FACILITIES, pk, facts, over=lambda row: row.closed_on, acts=lambda row: [act(row)])


@require_safe
def honour_detail(request, pk):
    def facts(row, actor):
        return [
            _fact(_("荣誉"), row.kind.spoken),
            _fact(_("级别"), row.kind.get_level_display()),
            _linked(_("党组织"), row.organisation, actor),
            _linked(_("企业"), row.enterprise, actor),
            *([_fact(_("姓名"), row.person), _fact(_("所在单位"), row.unit)] if row.person else []),
            _fact(_("年度"), row.year),
            _fact(_("授予单位"), row.granted_by),
            _fact(_("授予日期"), row.awarded_on),
            _fact(_("有效期至"), row.valid_until),
            _fact(_("撤销日期"), row.revoked_on),
            _fact(_("备注"), row.note),
        ]

    def acts(row):
        return [] if row.revoked_on else [_act("honour_revoke", _("撤销荣誉"), "circle-x")(row)]

    return _detail(request, HONOURS, pk, facts, over=lambda row: row.ends_on, acts=acts)


@require_safe
def mass_detail(request, pk):
    def facts(row, actor):
        return [
            _fact(_("名称"), row.name),
            _fact(_("类别"), row.get_kind_display()),
            _linked(_("企业"), row.enterprise, actor),
            _fact(_("成立日期"), row.founded_on),
            _fact(_("撤销日期"), row.dissolved_on),
        ]

    return _detail(request, MASS, pk, facts, over=lambda row: row.dissolved_on)


def _kept(request, register, pk):
    """A row in sight that the actor keeps."""
    row = get_or_404(register.visible(request.actor).select_related(*register.related), pk)
    demand(register.can_edit(row, request.actor))
    return row


def _ending(request, register, pk, *, act, title, done, form=ClosingForm):
    """The page on which a row ends on a day."""
    row = _kept(request, register, pk)
    filled = form(typed(request), initial={"version": version(row)})

    def end():
        data = dict(filled.cleaned_data)
        return act(row, by=request.actor, seen=data.pop("version") or None, **data)

    return deed(
        request,
        form=filled,
        act=end,
        versioned=row,
        done=lambda: done % {"name": row},
        back=register.url("detail", pk),
        title=title,
        crumb=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def posting_end(request, pk):
    return _ending(
        request,
        POSTINGS,
        pk,
        act=lifecycle.end_posting,
        title=_("办理离岗"),
        done=_("“%(name)s”已离岗。"),
        form=LeavingForm,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_end(request, pk):
    return _ending(
        request, PAIRINGS, pk, act=lifecycle.end_pairing, title=_("结束结对"), done=_("结对“%(name)s”已结束。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def facility_close(request, pk):
    return _ending(request, FACILITIES, pk, act=lifecycle.close_facility, title=_("停用"), done=_("“%(name)s”已停用。"))


@require_http_methods(["GET", "HEAD", "POST"])
def honour_revoke(request, pk):
    return _ending(request, HONOURS, pk, act=lifecycle.revoke_honour, title=_("撤销荣誉"), done=_("“%(name)s”已撤销。"))


@require_http_methods(["GET", "HEAD", "POST"])
def posting_replace(request, pk):
    """Succession: one leaves, the next begins in the same place on the same day."""
    row = _kept(request, POSTINGS, pk)
    initial = {"version": version(row), "post_title": row.post_title, "employer": row.employer}
    form = ReplaceForm(typed(request), initial=initial)
    made = []

    def act():
        data = dict(form.cleaned_data)
        made.append(lifecycle.replace_posting(row, by=request.actor, seen=data.pop("version") or None, **data))
        return made[-1]

    return deed(
        request,
        form=form,
        act=act,
        versioned=row,
        done=lambda: _("%(new)s 已接替 %(old)s。") % {"new": made[-1].person, "old": row.person},
        back=POSTINGS.url("detail", pk),
        title=_("办理接替"),
        crumb=row,
        key=f"posting-{pk}-replace",
    )


@require_POST
def pairing_file_add(request, pk):
    """Keep the file of an agreement."""
    row = _kept(request, PAIRINGS, pk)
    upload, back = request.FILES.get("file"), redirect(PAIRINGS.url("detail", pk))
    if upload is None:
        messages.error(request, _("请先选择文件。"))
        return back
    try:
        lifecycle.add_agreement(row, upload, by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("协议已上传。"))
    return back


@require_safe
def pairing_file_download(request, pk):
    kept = get_or_404(PairingFile.objects.visible_to(request.actor), pk)
    try:
        return file_response(files.open_stored(kept.storage_name), kept.name)
    except FileNotFoundError:
        raise Http404 from None
