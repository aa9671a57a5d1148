"""The main menu: the one list of it, and who sees which entry.

Pages ask for permission themselves; leaving an entry out here hides a door, it does not lock it.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Role

LEDGER_READERS = Role.BUSINESS
REGISTER_READERS = Role.BUSINESS
# Help teams and departments handle entries; figures of a place are not theirs to read.
FIGURE_READERS = Role.BUSINESS - Role.HANDLERS
# Who reads the list of calls back to enterprises; handling units and enterprises do not.
CALLERS = frozenset({Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.LEADER})
# Who compares help teams and departments, and their own people.
UNIT_READERS = Role.HANDLERS | {Role.COUNTY_OFFICER, Role.LEADER}
KEEPERS = frozenset({Role.COUNTY_OFFICER, Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class Item:
    """One entry. `tab` puts it into the bottom bar of a phone, under its short label."""

    url_name: str
    label: str
    icon: str
    roles: frozenset[str]
    short: str = ""
    tab: bool = False
    # Beginnings of further view names that light this entry, for a landing page with others behind it.
    also: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The beginning of the view names that belong to this entry: `chains:chain` for chains:chain_edit."""
        namespace, _, name = self.url_name.partition(":")
        return f"{namespace}:{name.partition('_')[0]}"


@dataclass(frozen=True)
class Group:
    """A titled group of entries."""

    label: str
    items: tuple[Item, ...]


MENU = (
    Group(
        _("综合"),
        (
            Item(
                "dashboards:cockpit",
                _("运行驾驶舱"),
                "gauge",
                FIGURE_READERS,
                short=_("驾驶舱"),
                tab=True,
            ),
            Item(
                "problems:mine",
                _("我的待办"),
                "inbox",
                LEDGER_READERS,
                short=_("待办"),
                tab=True,
            ),
            Item("notices:inbox", _("收件箱"), "bell", LEDGER_READERS),
        ),
    ),
    Group(
        _("业务"),
        (
            Item("problems:list", _("问题台账"), "list-details", LEDGER_READERS),
            Item("problems:supervision", _("督办台"), "alarm", LEDGER_READERS),
            Item("mechanisms:board", _("规矩雷达"), "target", FIGURE_READERS),
            Item("problems:call_backs", pgettext_lazy("menu", "回访"), "phone", CALLERS),
            Item(
                "meetings:list",
                _("会议记录"),
                "messages",
                LEDGER_READERS,
                short=_("会议"),
                tab=True,
            ),
            Item("meetings:activity_list", _("活动与走访"), "calendar-event", LEDGER_READERS, also=("guard",)),
            Item("meetings:firm_list", _("走访情况"), "map-pin", LEDGER_READERS),
            Item("meetings:duty_list", _("季度轮值"), "rotate", LEDGER_READERS),
            Item("meetings:annual_list", _("述职报告"), "report", LEDGER_READERS),
            Item("meetings:matter_list", _("待议事项"), "checklist", CALLERS),
            Item("chains:chain_list", pgettext_lazy("list", "产业链"), "sitemap", REGISTER_READERS),
            Item("chains:committee_list", pgettext_lazy("menu", "产业链党委"), "flag-3", REGISTER_READERS),
            Item(
                "enterprises:enterprise_list",
                _("企业名录"),
                "building-factory-2",
                REGISTER_READERS,
            ),
            Item(
                "enterprises:organisation_list",
                _("党组织"),
                "hierarchy",
                REGISTER_READERS,
            ),
            Item("alliances:team_list", pgettext_lazy("list", "帮办团"), "users-group", REGISTER_READERS),
            Item("problems:team_list", _("帮办力量"), "heart-handshake", UNIT_READERS),
        ),
    ),
    Group(
        _("登记"),
        (
            Item(
                "enterprises:register_home",
                _("派驻结对阵地荣誉"),
                "address-book",
                REGISTER_READERS,
                also=("posting", "pairing", "facility", "honour", "mass", "kind"),
            ),
            Item("enterprises:gap_list", _("空缺与配比"), "user-x", REGISTER_READERS, also=("staffing",)),
        ),
    ),
    Group(
        _("成果"),
        (
            Item("reports:list", _("月度报告"), "report", FIGURE_READERS),
            Item("dashboards:wall_key_list", _("大屏"), "device-desktop", frozenset({Role.COUNTY_OFFICER})),
        ),
    ),
    Group(
        _("管理"),
        (
            Item(
                "alliances:region_tree",
                _("行政区域"),
                "map-2",
                KEEPERS | REGISTER_READERS,
            ),
            Item(
                "alliances:department_list",
                pgettext_lazy("list", "责任单位"),
                "building-bank",
                KEEPERS | REGISTER_READERS,
            ),
            Item("alliances:alliance_list", pgettext_lazy("list", "党建联盟"), "affiliate", REGISTER_READERS),
            Item("meetings:scheme_list", _("运行模式"), "components", frozenset({Role.COUNTY_OFFICER})),
            Item("problems:rulebook_list", _("办理规则"), "gavel", LEDGER_READERS),
            Item("notices:channel_list", _("消息通道"), "send", frozenset({Role.COUNTY_OFFICER})),
            Item("core:calendar", _("节假日"), "calendar-event", KEEPERS | REGISTER_READERS),
            Item(
                "accounts:user_list",
                _("用户与岗位"),
                "user-cog",
                frozenset({Role.SYSTEM_ADMIN}),
            ),
            Item("accounts:deputy_list", _("代理与交接"), "switch-horizontal", KEEPERS),
            Item("audit:list", _("审计记录"), "shield-check", frozenset({Role.AUDITOR})),
        ),
    ),
)
RAISE_PROBLEM = Item("problems:create", _("提问题"), "plus", Role.RAISERS, short=_("提问题"), tab=True)

# What waits behind an entry, by view name: functions of the actor, registered by the apps when they are ready (core
# cannot import them). Each runs on every full page, so it must be one cheap query.
_counters = {}


def register_counter(url_name: str, function) -> None:
    """Show `function(actor)` (a whole number; 0 shows nothing) beside the entry with this view name."""
    _counters[url_name] = function


def menu_for(actor, here: str) -> list[dict]:
    """The groups this actor sees, each entry with its address; `here` is the view name of the page shown."""
    groups = []
    lit = _lit(here)
    for group in MENU:
        entries = [_entry(item, lit) for item in group.items if _open_to(item, actor)]
        entries = [entry for entry in entries if entry]
        for entry in entries:
            counter = _counters.get(entry["name"])
            entry["count"] = counter(actor) if counter else 0
        if entries:
            groups.append({"label": group.label, "entries": entries})
    return groups


def tabs_for(actor, here: str) -> list[dict]:
    """The bottom bar of a phone: at most four entries, raising a problem in the middle. The menu is the fifth."""
    lit = _lit(here)
    chosen = [item for group in MENU for item in group.items if item.tab and _open_to(item, actor)]
    if _open_to(RAISE_PROBLEM, actor):
        chosen.insert(2, RAISE_PROBLEM)
    if not chosen:
        chosen = [item for group in MENU for item in group.items if _open_to(item, actor)]
    return [entry for entry in (_entry(item, lit) for item in chosen[:4]) if entry]


def _open_to(item: Item, actor) -> bool:
    return actor is not None and actor.has(*item.roles)


def _entry(item: Item, lit: str) -> dict | None:
    try:
        address = reverse(item.url_name)
    except NoReverseMatch:
        # Apps are added one by one; a test of the finished product asserts that every entry has its address.
        return None
    current = item.url_name == lit
    return {
        "name": item.url_name,
        "url": address,
        "label": item.label,
        "short": item.short or item.label,
        "icon": item.icon,
        "current": current,
    }


def _lit(here: str) -> str:
    """Which entry the page belongs to: its own, else the one of its section (a detail page lights its list)."""
    items = [item for group in MENU for item in group.items] + [RAISE_PROBLEM]
    if any(item.url_name == here for item in items):
        return here
    namespace, _, name = here.partition(":")
    prefix = name.partition("_")[0]
    in_namespace = [item for item in items if item.url_name.startswith(f"{namespace}:")]
    for item in in_namespace:
        if prefix and (item.section == f"{namespace}:{prefix}" or prefix in item.also):
            return item.url_name
    for item in in_namespace:
        if item.url_name == f"{namespace}:list":
            return item.url_name
    return ""
