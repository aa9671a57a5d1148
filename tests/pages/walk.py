"""Which page is looked at by whom, and what is looked at on every page.

The pages come from the URLconf and from the table of who may open what (`tests.access.table`), so that a new page is
looked at without anybody adding it here. A page is looked at once, by the first person of the cast who may open it;
some pages look different to each and are looked at by all who use them.
"""

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from core.periods import Month, Period
from exchange.structure import to_json
from indicators import scopes
from indicators.drain import drain
from reports import content
from tests.access.table import rows
from tests.access.walk import addresses, path_of
from tests.access.world import PEOPLE, furnish
from tests.factories import PASSWORD
from tests.problems.steps import in_state

# Not pages: downloads, fragments, the machine's own addresses, and the API's page of a foreign library.
NOT_PAGES = (
    "_export", "_template", ":export", ":file", "_download", ":download", ":similar", ":progress", ":bell",
    ":bulk_progress", ":batch_progress", ":batch_zip",
    ":moves", ":dated", ":draft", "_paper", "_papers", "_slip", ":activity_file", ":template_figures",
)  # fmt: skip
MACHINES = ("core:healthz", "core:readyz")
# What each role works with daily looks different to each of them.
DAILY = {
    "leader": ("dashboards:cockpit", "problems:list", "problems:detail"),
    "chain_secretary": ("problems:mine", "problems:detail", "problems:create", "meetings:create", "meetings:detail"),
    "team_member": ("problems:mine", "problems:detail"),
    "department_officer": ("problems:mine", "problems:detail", "meetings:decision_detail"),
    "branch_secretary": ("problems:mine", "problems:detail", "problems:create", "enterprises:enterprise_detail"),
}
# The forms of the steps, in the state and for the person that they belong to.
STEPS = {
    "county_officer": [
        ("accepted", "assign"),
        ("in_progress", "suspend"),
        ("suspended", "resume"),
        ("in_progress", "transfer"),
        ("in_progress", "escalate"),
        ("in_progress", "urge"),
    ],
    "chain_secretary": [("submitted", "accept"), ("submitted", "decline"), ("resolved", "close")],
    "team_member": [
        ("assigned", "sign"),
        ("in_progress", "resolve"),
        ("in_progress", "add_note"),
        ("in_progress", "add_helpers"),
        ("resolved", "undo"),
    ],
    "branch_secretary": [("resolved", "rate"), ("submitted", "withdraw"), ("returned", "resubmit")],
    "leader": [("in_progress", "instruct")],
}
STATES = ("submitted", "returned", "accepted", "assigned", "in_progress", "suspended", "resolved", "closed")
# Pages that are looked at in the dark as well: every kind of part is on one of them.
DARK = {
    "dashboards:cockpit", "problems:list", "problems:detail", "problems:create", "meetings:create", "meetings:detail",
    "problems:board", "problems:deadlines", "problems:mine", "chains:chain_detail", "accounts:user_detail",
    "audit:list", "core:calendar",
}  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
OVERFLOW = """() => {
    const room = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth > room
        ? [...document.querySelectorAll("body *")].filter(part => part.getBoundingClientRect().right > room + 1)
            .slice(0, 4).map(part => part.outerHTML.slice(0, 120)).concat([document.documentElement.scrollWidth])
        : [];
}"""
HIDDEN_LABELS = """() => [...document.querySelectorAll("main .btn, main .st, main .tabs a")]
    .filter(part => part.offsetParent && getComputedStyle(part).overflowX === "visible"
        && part.scrollWidth > part.clientWidth + 2)
    .map(part => part.textContent.trim().slice(0, 40))"""


def build(world) -> dict:
    """Fill the world so that no page is empty; answers the entries by state."""
    furnish(world)
    entries = {state: in_state(world, state, title=f"冷链运输车辆不足（{state}）") for state in STATES}
    _tell(world)
    return entries


def _tell(world) -> None:
    """Give the county's report the content that the engine makes of its month, as the worker does."""
    drain()
    report = world.own.report
    period = Period(Month.of(report.month), Month.of(report.month))
    document = content.build(scopes.parse(report.scope_key), period, world.actor("county_officer"))
    report.snapshot = to_json(document)
    report.save(update_fields=["snapshot"])


def pages_of(person: str, world, entries) -> list[tuple[str, str]]:
    """(name, path) of all that this person looks at."""
    table = rows()
    found = []
    for address in addresses():
        if address.name.startswith("api-") or address.name in MACHINES or address.name.endswith(NOT_PAGES):
            continue
        may = [one for one, sign in zip(PEOPLE, table[address.name, "GET"], strict=True) if sign == "2"]
        if may and (may[0] == person or address.name in DAILY.get(person, ())):
            found.append((address.name, path_of(address, world.own)))
    for state, step in STEPS.get(person, ()):
        path = reverse("problems:act", kwargs={"pk": entries[state].pk, "name": step})
        found.append((f"problems:act {step}", path))
    return found


def sign_in(page, person: str) -> None:
    page.goto("/sign-in/")
    page.fill("input[name=username]", f"{person}.yunling")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def look(page, axe: Axe, name: str, path: str) -> list[str]:
    """What is wrong with one page, in words: wide, on a phone, in the light, and in the dark for some."""
    page.set_viewport_size(DESK)
    answer = page.goto(path, wait_until="load")
    if answer.status != 200:
        return [f"{name} {path}: answered {answer.status}"]
    wrong = [f"too wide at 1440: {part}" for part in page.evaluate(OVERFLOW)]
    wrong += violations(page, axe, "light")
    if name in DARK:
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
        wrong += violations(page, axe, "dark")
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
    page.set_viewport_size(PHONE)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    wrong += [f"too wide at 390: {part}" for part in page.evaluate(OVERFLOW)]
    wrong += [f"label cut at 390: {part}" for part in page.evaluate(HIDDEN_LABELS)]
    return [f"{name} {path}: {line}" for line in wrong]


def violations(page, axe: Axe, theme: str) -> list[str]:
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{theme}: {one['id']} {[node['html'][:140] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
