"""What the memory of solutions costs on a small and on a large ledger: beside a title being typed, and on an entry."""

from urllib.parse import urlencode

from bench.pages import page, people
from bench.work import Work

TITLE = "memory"
# What is typed, by what makes it easy or hard to look up.
TYPED = {
    "a title just begun": "冷库用电",
    "a title that many have": "冷库用电价格执行标准不明确",
    "a title with words of its own": "冷库制冷机组漏氨急需改造",
    "a long title": "园区东侧冷库扩建后用电负荷不够，变压器增容审批手续迟迟没有办下来，鲜果入库受限",
}


def works() -> list[Work]:
    """What is asked for while typing, and the panel of an entry, by a county officer and by one of the city."""
    from problems.models import Problem

    found = []
    for name, client, actor in people():
        if name in ("city", "county"):
            for what, title in TYPED.items():
                found.append(page(f"{name}: {what}", client, "/problems/similar/?" + urlencode({"title": title})))
            entry = Problem.objects.visible_to(actor).filter(state="in_progress").order_by("id").last()
            found.append(page(f"{name}: panel of an entry", client, f"/problems/{entry.pk}/similar/"))
    return found
