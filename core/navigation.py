"""The main menu: the one list of it, and who sees which entry.

Pages ask for permission themselves; leaving an entry out here hides a door, it does not lock it.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Role

LEDGER_READERS = Role.BUSINESS
REGISTER_READERS = Role.BUSINESS
# Enterprises and what is registered about them: never those of a handling unit.
FIRM_READERS = Role.BUSINESS - Role.HANDLERS
# Help teams and departments handle entries; figures of a place are not theirs to read.
FIGURE_READERS = Role.BUSINESS - Role.HANDLERS
# Who governs more than one chain or county; a committee and an enterprise have nothing beside them.
COMPARERS = frozenset({Role.COUNTY_OFFICER, Role.LEADER})
# Who reads committees, meetings and calls back; lists that stay empty for handling units and enterprises.
CALLERS = frozenset({Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.LEADER})
# Who compares help teams and departments, and their own people.
UNIT_READERS = Role.HANDLERS | {Role.COUNTY_OFFICER, Role.LEADER}
KEEPERS = frozenset({Role.COUNTY_OFFICER, Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class Page:
    """One page behind an entry of the menu, shown as a tab above the pages of that entry.

    `also` holds beginnings of further view names that belong to it, for a landing page with others behind it.
    """

    url_name: str
    label: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The beginning of the view names that belong to this page: `chains:chain` for chains:chain_edit."""
        namespace, _, name = self.url_name.partition(":")
        return f"{namespace}:{name.partition('_')[0]}"


@dataclass(frozen=True)
class Item:
    """One entry. `tab` puts it into the bottom bar of a phone, under its short label.

    It opens the first of its pages that the actor may see; who may see one page only finds that page's own name.
    """

    label: str
    icon: str
    pages: tuple[Page, ...]
    short: str = ""
    tab: bool = False

    def open_to(self, actor) -> list[Page]:
        return [page for page in self.pages if actor is not None and actor.has(*page.roles)]


def _item(url_name, label, icon, roles, **options) -> Item:
    """An entry with one page."""
    return Item(label, icon, (Page(url_name, label, roles),), **options)


@dataclass(frozen=True)
class Group:
    """A titled group of entries: at most eight, so that the menu needs no scrolling on a small screen."""

    label: str
    items: tuple[Item, ...]


MENU = (
    Group(
        _("综合"),
        (
            Item(
                _("运行驾驶舱"),
                "gauge",
                (
                    Page("dashboards:cockpit", _("运行驾驶舱"), FIGURE_READERS),
                    Page("dashboards:structure", _("问题结构"), FIGURE_READERS),
                    Page("dashboards:compare", _("对比"), COMPARERS),
                    Page("dashboards:wall_key_list", _("大屏"), frozenset({Role.COUNTY_OFFICER})),
                ),
                short=_("驾驶舱"),
                tab=True,
            ),
            _item("problems:mine", _("我的待办"), "inbox", LEDGER_READERS, short=_("待办"), tab=True),
            Item(
                _("收件箱"),
                "bell",
                (
                    Page("notices:inbox", _("收件箱"), LEDGER_READERS),
                    Page("exports:list", _("我的导出"), LEDGER_READERS),
                ),
            ),
            Item(
                _("月报与封账"),
                "report",
                (
                    Page("reports:list", _("月度报告"), FIGURE_READERS),
                    Page("reports:template_list", _("月报模板"), frozenset({Role.COUNTY_OFFICER})),
                    Page("closing:list", _("月度封账"), CALLERS, also=("detail", "act")),
                    Page("closing:target_list", _("年度目标"), CALLERS),
                    Page("closing:entered_list", _("填报数"), CALLERS, also=("enteredkind",)),
                ),
            ),
        ),
    ),
    Group(
        _("业务"),
        (
            _item("problems:list", _("问题台账"), "list-details", LEDGER_READERS),
            Item(
                _("督办与回访"),
                "alarm",
                (
                    Page("problems:supervision", _("督办台"), LEDGER_READERS),
                    Page("problems:slip_list", _("督办文书"), LEDGER_READERS),
                    Page("problems:instruction_list", _("领导批示"), LEDGER_READERS),
                    Page("problems:call_backs", pgettext_lazy("menu", "回访"), CALLERS),
                ),
            ),
            Item(
                pgettext_lazy("menu", "会议"),
                "messages",
                (
                    Page("meetings:list", _("会议记录"), CALLERS),
                    Page("meetings:decision_list", _("议定事项"), CALLERS | {Role.DEPARTMENT_OFFICER}),
                    Page("meetings:matter_list", _("待议事项"), CALLERS),
                    Page("meetings:series_list", _("例会"), CALLERS),
                    Page("meetings:feed_list", _("日历订阅"), CALLERS),
                    Page("meetings:kind_list", pgettext_lazy("list", "会议类别"), CALLERS),
                ),
                tab=True,
            ),
            Item(
                _("走访活动"),
                "calendar-event",
                (
                    Page("meetings:activity_list", _("活动与走访"), LEDGER_READERS),
                    Page("meetings:firm_list", _("走访情况"), LEDGER_READERS),
                    Page("meetings:activity_kind_list", pgettext_lazy("list", "活动类别"), CALLERS),
                    Page("meetings:guard_list", _("走访间隔"), CALLERS),
                ),
            ),
            Item(
                _("项目与服务"),
                "briefcase",
                (
                    Page("services:project_list", pgettext_lazy("list", "项目"), FIRM_READERS),
                    Page("services:loan_list", _("发放贷款"), FIRM_READERS),
                    Page("services:creditrating_list", _("评级授信"), FIRM_READERS),
                    Page("services:financeproduct_list", _("金融产品"), FIRM_READERS),
                    Page("services:socialcapital_list", _("社会资本"), FIRM_READERS),
                    Page("services:demand_list", _("需求清单"), FIRM_READERS),
                    Page("services:resource_list", _("资源清单"), FIRM_READERS),
                    Page("services:policy_list", _("政策清单"), FIRM_READERS),
                    Page("services:product_list", _("产品目录"), FIRM_READERS),
                    Page("services:talentneed_list", _("急需紧缺人才"), FIRM_READERS),
                    Page("services:talenthire_list", _("招引人才"), FIRM_READERS),
                    Page("services:servicekind_list", _("服务类别"), CALLERS),
                    Page("services:talentkind_list", pgettext_lazy("list", "人才类别"), CALLERS),
                    Page("services:entrykind_list", _("项目与金融类别"), CALLERS),
                    Page("ledgers:ledger_list", _("自定义台账"), LEDGER_READERS, also=("entry", "field", "status")),
                ),
            ),
            Item(
                _("值班与述职"),
                "rotate",
                (
                    Page("meetings:duty_list", _("季度轮值"), LEDGER_READERS),
                    Page("meetings:annual_list", _("述职报告"), LEDGER_READERS),
                ),
            ),
            Item(
                _("规矩雷达"),
                "target",
                (
                    Page("mechanisms:board", _("看板"), FIGURE_READERS),
                    Page("mechanisms:gaps", _("缺口"), FIGURE_READERS),
                    Page("mechanisms:list", pgettext_lazy("list", "机制"), FIGURE_READERS),
                ),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "组织"),
        (
            Item(
                _("产业链与党委"),
                "sitemap",
                (
                    Page("chains:chain_list", pgettext_lazy("list", "产业链"), CALLERS),
                    Page("chains:committee_list", pgettext_lazy("menu", "产业链党委"), CALLERS),
                    Page("alliances:alliance_list", pgettext_lazy("list", "党建联盟"), CALLERS),
                ),
            ),
            Item(
                _("企业与党组织"),
                "building-factory-2",
                (
                    Page("enterprises:enterprise_list", _("企业名录"), FIRM_READERS),
                    Page("enterprises:organisation_list", _("党组织"), FIRM_READERS),
                    Page("dashboards:organisation_chart", _("组织图"), FIGURE_READERS),
                    Page(
                        "exchange:list",
                        _("批量导入"),
                        frozenset({Role.COUNTY_OFFICER}),
                        also=("detail", "create", "check", "undo"),
                    ),
                ),
            ),
            Item(
                _("派驻与配备"),
                "address-book",
                (
                    Page("enterprises:register_home", _("登记概览"), FIRM_READERS, also=("kind",)),
                    Page("enterprises:posting_list", pgettext_lazy("menu", "派驻"), FIRM_READERS),
                    Page("enterprises:pairing_list", _("结对共建"), FIRM_READERS),
                    Page("enterprises:facility_list", pgettext_lazy("menu", "阵地"), FIRM_READERS),
                    Page("enterprises:honour_list", pgettext_lazy("menu", "荣誉"), FIRM_READERS),
                    Page("enterprises:mass_list", _("群团组织"), FIRM_READERS),
                    Page("enterprises:gap_list", _("空缺与配比"), CALLERS),
                    Page("enterprises:staffing_list", _("配备要求"), CALLERS),
                ),
            ),
            Item(
                pgettext_lazy("list", "帮办团"),
                "users-group",
                (
                    Page("alliances:team_list", pgettext_lazy("list", "帮办团"), UNIT_READERS | CALLERS),
                    Page("problems:team_list", _("帮办力量"), UNIT_READERS),
                ),
            ),
        ),
    ),
    Group(
        _("管理"),
        (
            Item(
                _("区域与单位"),
                "map-2",
                (
                    Page("alliances:region_tree", _("行政区域"), KEEPERS | REGISTER_READERS),
                    Page("alliances:department_list", pgettext_lazy("list", "责任单位"), KEEPERS | REGISTER_READERS),
                ),
            ),
            Item(
                _("规则与日历"),
                "gavel",
                (
                    Page("problems:rulebook_list", _("办理规则"), LEDGER_READERS),
                    Page("problems:category_list", _("问题类别"), LEDGER_READERS),
                    Page("meetings:scheme_list", _("运行模式"), frozenset({Role.COUNTY_OFFICER})),
                    Page("core:calendar", _("节假日"), KEEPERS | REGISTER_READERS),
                    Page("notices:channel_list", _("消息通道"), frozenset({Role.COUNTY_OFFICER})),
                ),
            ),
            Item(
                _("用户与代理"),
                "user-cog",
                (
                    Page("accounts:user_list", _("用户与岗位"), frozenset({Role.SYSTEM_ADMIN})),
                    Page("accounts:deputy_list", _("代理与交接"), KEEPERS),
                ),
            ),
            _item("audit:list", _("审计记录"), "shield-check", frozenset({Role.AUDITOR})),
        ),
    ),
)
RAISE_PROBLEM = _item("problems:create", _("提问题"), "plus", Role.RAISERS, tab=True)

# What waits behind an entry, by view name: functions of the actor, registered by the apps when they are ready (core
# cannot import them). Each runs on every full page, so it must be one cheap query.
_counters = {}


def register_counter(url_name: str, function) -> None:
    """Show `function(actor)` (a whole number; 0 shows nothing) beside the entry with this view name."""
    _counters[url_name] = function


def items() -> list[Item]:
    """Every entry of the menu, and the one that raises a problem."""
    return [item for group in MENU for item in group.items] + [RAISE_PROBLEM]


def menu_for(actor, here: str) -> list[dict]:
    """The groups this actor sees, each entry with its address; `here` is the view name of the page shown."""
    groups = []
    lit = _lit(here)
    for group in MENU:
        entries = [entry for entry in (_entry(item, actor, lit) for item in group.items) if entry]
        for entry in entries:
            entry["count"] = sum(_counters[name](actor) for name in entry["names"] if name in _counters)
        if entries:
            groups.append({"label": group.label, "entries": entries})
    return groups


def pages_for(actor, here: str) -> dict | None:
    """The tabs above the page shown, where it is one of several behind an entry; None for any other page."""
    for item in items():
        shown = item.open_to(actor)
        if len(shown) > 1 and here in {page.url_name for page in shown}:
            tabs = [
                {"label": page.label, "url": reverse(page.url_name), "active": page.url_name == here, "count": None}
                for page in shown
            ]
            return {"label": item.label, "tabs": tabs}
    return None


def tabs_for(actor, here: str) -> list[dict]:
    """The bottom bar of a phone: four entries, raising a problem in the middle, filled up from the top of the menu.

    The menu itself is the fifth.
    """
    lit = _lit(here)
    chosen = [item for group in MENU for item in group.items if item.tab and item.open_to(actor)]
    if RAISE_PROBLEM.open_to(actor):
        chosen.insert(2, RAISE_PROBLEM)
    chosen += [item for group in MENU for item in group.items if item not in chosen and item.open_to(actor)]
    return [entry for entry in (_entry(item, actor, lit) for item in chosen[:4]) if entry]


def _entry(item: Item, actor, lit: str) -> dict | None:
    shown = item.open_to(actor)
    if not shown:
        return None
    label = item.label if len(shown) > 1 else shown[0].label
    return {
        "names": [page.url_name for page in shown],
        "url": reverse(shown[0].url_name),
        "label": label,
        "short": item.short or label,
        "icon": item.icon,
        "current": lit in {page.url_name for page in item.pages},
    }


def _lit(here: str) -> str:
    """Which page of the menu this one belongs to: itself, else the one of its section (a detail page: its list)."""
    pages = [page for item in items() for page in item.pages]
    if any(page.url_name == here for page in pages):
        return here
    namespace, _, name = here.partition(":")
    prefix = name.partition("_")[0]
    in_namespace = [page for page in pages if page.url_name.startswith(f"{namespace}:")]
    for page in in_namespace:
        if prefix and (page.section == f"{namespace}:{prefix}" or prefix in page.also):
            return page.url_name
    for page in in_namespace:
        if page.url_name == f"{namespace}:list":
            return page.url_name
    return ""
