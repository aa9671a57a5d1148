"""Mechanisms of 云岭县 (规矩雷达): what its founding document asks for, judged from the records of the demonstration.

They are made by their own lifecycle, as an officer would, and let begin two years ago; the verdicts follow from the
records by themselves, so that some committees have complied, some are late and something will be missed.
"""

import datetime as dt

from alliances.models import Region
from core import clock
from core.actor import SYSTEM
from core.cycles import Cycle
from mechanisms import lifecycle

CODE = "990100"
BASIS = "云岭县产业链党建联盟工作规则（虚构）"
# (number, name, words of the rule, who, conditions, what, conditions, how often, least, most, more)
RULES = [
    ("YL-M01", "常态一季一议", "各产业链党委每季度至少召开一次党委会。", "committee", {},
     "meetings.meeting", {"kind": ["committee"]}, "quarter", 1, None, {}),
    ("YL-M02", "会议有纪要", "各产业链党委每季度至少有一次会议形成纪要。", "committee", {},
     "meetings.meeting", {"minutes": True}, "quarter", 1, None, {}),
    ("YL-M03", "半年一次联席会", "各产业链党委每半年至少召开一次联席会。", "committee", {"kind": ["chain"]},
     "meetings.meeting", {"kind": ["joint"]}, "half", 1, None, {}),
    ("YL-M04", "月月收集问题", "各产业链党委每月至少向企业收集一件困难问题。", "committee", {"kind": ["chain"]},
     "problems.raised", {}, "month", 1, None, {}),
    ("YL-M05", "书记席位不空缺", "各产业链党委任何时候都有书记。", "committee", {},
     "chains.seat", {"kind": ["secretary"]}, "standing", 1, None, {}),
    ("YL-M06", "有牵头单位", "各产业链党委任何时候都有牵头单位。", "committee", {"kind": ["chain"]},
     "chains.leading_unit", {}, "standing", 1, None, {}),
    ("YL-M07", "链主引领", "各产业链党委所联企业中任何时候都有链主企业。", "committee", {"kind": ["chain"]},
     "enterprises.membership", {"master": True}, "standing", 1, None, {}),
    ("YL-M08", "县级月通报", "县里每月至少形成一份月度报告。", "region", {"level": ["county"]},
     "reports.report", {"scope": ["region"]}, "month", 1, None, {"reminds": "officer", "since": 60}),
    ("YL-M09", "龙头企业组织覆盖", "龙头企业都建立党组织。", "enterprise", {"leading": True},
     "enterprises.coverage", {}, "standing", 1, None, {"reminds": "officer"}),
    ("YL-M10", "半年报送党员数", "所联党组织每半年至少报送一次党员数，覆盖八成。", "committee", {"kind": ["chain"]},
     "enterprises.member_count", {}, "half", 0, None, {"reaches": "organisation", "percent": 80}),
    ("YL-M11", "一镇一经理", "每个乡镇任何时候都有一名金融经理。", "region", {"level": ["township"]},
     "enterprises.region_posting", {"kind": ["town-manager"]}, "standing", 1, 1, {"reminds": "officer"}),
    ("YL-M12", "规上企业有县级领导对接", "每家规上企业都有一名县级领导对接。", "enterprise", {"above_scale": True},
     "enterprises.posting", {"counts_as": ["liaison_leader"]}, "standing", 1, None, {"reminds": "officer"}),
    ("YL-M13", "先进党组织帮带五家左右", "每个先进党组织帮带五个左右的党组织。", "organisation",
     {"honoured": ["strong_organisation"]}, "enterprises.pairing", {"counts_as": ["strong_weak"]},
     "standing", 4, 6, {"reminds": "officer", "target": 5}),
]  # fmt: skip


def enact(code: str) -> int:
    """Make the mechanisms of the county; answers how many."""
    county, today = Region.objects.get(code=code), clock.today()
    for order, rule in enumerate(RULES, start=1):
        number, name, text, actor, conditions, act, filters, cadence, minimum, maximum, more = rule
        more = dict(more)
        begins = today - dt.timedelta(days=more.pop("since", 540))
        if cadence != "standing":
            begins = Cycle.of(cadence, begins).first
        values = {
            "name": name, "text": text, "basis": BASIS, "actor": actor, "actor_filters": conditions, "act": act,
            "act_filters": filters, "cadence": cadence, "minimum": minimum, "maximum": maximum, "starts_on": begins,
        }  # fmt: skip
        lifecycle.add(county, number, values | more, by=SYSTEM, order=order)
    return len(RULES)
