"""How a message is written for each kind of robot, and what its answer means."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import quote_plus

from django.utils import translation
from django.utils.translation import gettext as _

from notices import words
from notices.enums import Kind, Robot
from notices.models import Channel, Delivery
from notices.webhooks import Answer, Undelivered

MOST_TEXT = 600


def request_of(channel: Channel, delivery: Delivery, link: str, now: float | None = None) -> tuple[str, bytes]:
    """(address, body) of a message. The text is Chinese: a group of colleagues reads it. Raises Undelivered where the
    channel's address or secret cannot be read: an unsigned message would only be refused over there."""
    if channel.is_unreadable:
        raise Undelivered(_("通道保存的地址或密钥读不出来，请重新填写。"), final=True)
    with translation.override("zh-hans"):
        told = text_of(delivery)
        if channel.robot == Robot.JSON:
            body = {
                "id": f"{channel.pk}:{delivery.key}", "kind": delivery.kind, "text": told, "url": link,
                "number": delivery.data.get("record_number", ""), "title": delivery.data.get("record_title", ""),
                "at": delivery.made_at.isoformat(),
            }  # fmt: skip
        else:
            body = {"msgtype": "text", "text": {"content": "\n".join(filter(None, [told, link]))}}
    url = channel.url
    if channel.robot == Robot.DINGTALK and channel.secret:
        url += ("&" if "?" in url else "?") + signature(channel.secret, time.time() if now is None else now)
    return url, json.dumps(body, ensure_ascii=False).encode()


def text_of(delivery: Delivery) -> str:
    """One line: the kind, the record, what happened."""
    told = words.line(delivery.code, delivery.data)
    kind = Kind(delivery.kind).label if delivery.kind else _("测试")
    return (_("【%(kind)s】%(text)s") % {"kind": kind, "text": told})[:MOST_TEXT]


def signature(secret: str, now: float) -> str:
    """DingTalk's signed query: HMAC-SHA256 of the milliseconds and the secret, in base64."""
    stamp = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def judge(channel: Channel, answer: Answer) -> str:
    """The answer in a few words, when it means that the message arrived. Raises Undelivered."""
    if 300 <= answer.status < 400:
        raise Undelivered(_("对方要求转到另一个地址（%(status)s），不予跟随。") % {"status": answer.status}, final=True)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Undelivered(_("对方答复 %(status)s。") % {"status": answer.status})
    if not 200 <= answer.status < 300:
        raise Undelivered(_("对方答复 %(status)s。") % {"status": answer.status}, final=True)
    if channel.robot == Robot.JSON:
        return str(answer.status)
    try:
        found = json.loads(answer.body.decode("utf-8", "replace"))
        code = int(found["errcode"])
    except (ValueError, KeyError, TypeError):
        raise Undelivered(_("对方的答复读不懂，请核对地址。"), final=True) from None
    if code != 0:
        # Too many messages a minute: WeCom 45009, DingTalk 130101. Everything else is a wrong key or format.
        raise Undelivered(_("对方答复错误码 %(code)s。") % {"code": code}, final=code not in (45009, 130101))
    return "errcode 0"
