"""Links for the enterprise, made and revoked on the entry's page; the card is shown once."""

import segno
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.transitions import Refused
from problems.views.entry import seen
from problems.voice import keys, links


def _refused(request, problem, title, refusal):
    context = {"problem": problem, "title": title, "refusal": refusal}
    return render(request, "problems/voice_link_form.html", context, status=403)


@never_cache
@require_http_methods(["GET", "POST"])
def link_make(request, pk: int):
    """Says what a link gives, then makes it and shows its card: nobody can show the same card again."""
    problem, title = seen(request, pk), _("生成企业直达链接")
    refusal = links.refusal_to_make(problem, request.actor)
    if refusal:
        return _refused(request, problem, title, refusal)
    if request.method != "POST":
        context = {
            "problem": problem,
            "title": title,
            "sentence": _("企业用手机扫码或点开链接，不用账号就能看进度、补充情况、评价结果、要求回电。"),
            "effects": [
                _("每个链接只能评价一次；重新办理后需要新的链接。"),
                _("二维码只显示这一次，请当场打印或发给企业；丢了就作废，再生成一个。"),
                _("有效期到评价期限届满后几个工作日，也可以随时作废。"),
            ],
            "label": _("生成链接"),
        }
        return render(request, "problems/voice_link_form.html", context)
    try:
        link, token = links.make(problem, by=request.actor)
    except Refused as stopped:
        return _refused(request, problem, title, stopped.refusal)
    address = request.build_absolute_uri(reverse("voice:open", kwargs={"pk": problem.pk, "token": token}))
    context = {
        "problem": problem,
        "link": link,
        "address": address,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(
            scale=8, border=3, encode_minimal=True, svgclass=None, lineclass=None
        ),
        "code": keys.code_of(link),
        "code_address": request.build_absolute_uri(reverse("voice:code")),
        "until": links.last_day(link),
    }
    return render(request, "problems/voice_card.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def link_revoke(request, pk: int, link_id: int):
    """From now on the link opens nothing."""
    problem, title = seen(request, pk), _("作废企业直达链接")
    link = problem.voice_links.filter(pk=link_id).first()
    if link is None:
        raise Http404
    refusal = links.refusal_to_revoke(problem, link, request.actor)
    if refusal is None and request.method == "POST":
        try:
            links.revoke(link, by=request.actor)
        except Refused as stopped:
            refusal = stopped.refusal
        else:
            messages.success(request, _("链接已作废，扫码或短码都打不开了。"))
            return redirect(problem)
    if refusal:
        return _refused(request, problem, title, refusal)
    context = {
        "problem": problem,
        "title": title,
        "sentence": _("作废以后，这个二维码、链接和短码马上失效，不能恢复；已经提交的评价和补充不受影响。"),
        "label": _("作废"),
        "danger": True,
    }
    return render(request, "problems/voice_link_form.html", context)
