"""The sheet of a hand-over (交接单) as a Word file in the official layout."""

from django.utils import translation

from accounts import holdings
from core import clock
from core.actor import Actor
from exchange.official.slips import grid, slip

CHINESE = "zh-hans"
HEADS = [("序号", 2, "center"), ("类别", 4, "center"), ("编号", 7, "center"), ("事项", 9, "left"),
         ("期限", 6, "center"), ("承诺或下一步", 6, "left"), ("联系人", 7, "left"),
         ("接手人", 4, "center")]  # fmt: skip
WITH_POST = "随岗位"


def of_event(post, event, actor: Actor) -> bytes:
    """What was handed over, as it was recorded; contacts are read now and not kept in the trail."""
    moved = event.data["rows"]
    rows = [*moved, *event.data["others"]]
    contacts = holdings.contacts([row["key"] for row in rows], actor)
    lines = [
        (number, row["kind"], row["number"], row["title"], row["due_on"] or "", row["promise"],
         contacts.get(row["key"], ""), row["to"] or WITH_POST)
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    successors = "、".join(dict.fromkeys(row["to"] for row in moved))
    return _paper(post, lines, successors, str(event.data["reason"]), clock.local_date(event.at), event.actor_name)


def of_now(post, held, actor: Actor) -> bytes:
    """What is held now, before anybody was chosen: to be filled in and signed by hand."""
    lines = [
        (number, str(one.kind), one.number, one.title, one.due_on or "", one.promise, one.contact,
         "" if one.movable else WITH_POST)
        for number, one in enumerate(held, start=1)
    ]  # fmt: skip
    return _paper(post, lines, "", "", clock.today(), actor.name)


def _paper(post, lines, successors: str, reason: str, day, witness: str) -> bytes:
    with translation.override(CHINESE):
        role, place = str(post.get_role_display()), str(post.place or "")
        facts = [("移交人", post.user.name), ("岗位", f"{role}（{place}）"), ("接手人", successors or " ")]
        if reason:
            facts.append(("交接原因", reason))
        text = f"现将{post.user.name}在“{place}”任{role}期间手中的{len(lines)}项未了事项移交如下。"
        table = grid(
            HEADS, lines, note="期限为办理期限或反馈期限；联系人仅供办理工作使用；“随岗位”的由任同一岗位的人接着办。"
        )
        return slip(
            "岗位工作交接单",
            paragraphs=[text],
            facts=facts,
            after=[table] if lines else ["没有未了事项。"],
            unit=place or "交接单位",
            signed_on=day,
            contact=f"监交人：{witness}" if witness else "",
            hands=("移交人", "接手人", "监交人"),
        )
