"""The board, the gaps, the list of mechanisms, and the pages of one mechanism, one committee, one obligation."""

from urllib.parse import urlencode

from django.db.models import Max
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliances.models import Region
from audit.sentences import timeline
from chains.models import Committee
from core import clock, keyset
from core.answers import get_or_404
from core.cycles import Cycle
from mechanisms import board as content
from mechanisms import evidence, perms, reading, words
from mechanisms.drain import as_of
from mechanisms.enums import Verdict
from mechanisms.forms import BoardForm
from mechanisms.models import Mechanism, Obligation

PAGE = 50
PERIODS = 8


def _part(request, name: str) -> str:
    return f"#{name}" if request.htmx and not request.htmx.boosted else ""


@require_safe
def board(request):
    """Committees by mechanisms, each with its light; HTMX gets the results alone."""
    form = BoardForm(request.GET, actor=request.actor)
    form.is_valid()
    when = request.GET.get("when", "")
    when = content.BEFORE if when == content.BEFORE else content.NOW
    built = content.build(
        request.actor, clock.today(), when=when, sort=request.GET.get("sort", ""),
        region=form.cleaned_data.get("region"),
    )  # fmt: skip
    region = {"region": form.cleaned_data["region"].pk} if form.cleaned_data.get("region") else {}
    choices = [(content.NOW, _("本周期")), (content.BEFORE, _("上一周期"))]
    context = built | {
        "filter_form": form,
        "has_regions": form.fields["region"].queryset.count() > 1,
        "when": when,
        "periods": [
            {"label": label, "url": "?" + urlencode({"when": one, **region}), "count": None, "active": one == when}
            for one, label in choices
        ],
        "as_of": as_of(),
        "can_create": perms.create(request.actor) is None,
    }
    return render(request, f"mechanisms/board.html{_part(request, 'results')}", context)


@require_safe
def gaps(request):
    """What will be missed, what stands empty and what was missed, by the name of the duty."""
    today, rows = clock.today(), Obligation.objects.visible_to(request.actor)
    kinds = {
        "coming": (rows.coming(today), Verdict.COMING.label),
        "vacant": (rows.vacant(), Verdict.VACANT.label),
        "missed": (rows.filter(missed_on__isnull=False), Verdict.LATE.label),
    }
    kind = request.GET.get("kind", "coming")
    kind = kind if kind in kinds else "coming"
    orders = {"coming": ["mechanism__order", "mechanism_id", "last_on", "id"],
              "vacant": ["mechanism__order", "mechanism_id", "id"], "missed": ["-missed_on", "id"]}  # fmt: skip
    found = kinds[kind][0].select_related("version", "mechanism", "committee")
    page = keyset.page(found, request, orders[kind], size=PAGE, total=found.count())
    page.rows = reading.dress(page.rows, today)
    for duty in page.rows:
        duty.deed = evidence.deed(duty) if kind != "missed" else None
    context = {
        "kinds": [
            {"label": label, "url": f"?kind={one}", "count": page.total if one == kind else many.count(),
             "active": one == kind}
            for one, (many, label) in kinds.items()
        ],
        "kind": kind,
        "page": page,
        "as_of": as_of(),
    }  # fmt: skip
    return render(request, f"mechanisms/gaps.html{_part(request, 'results')}", context)


@require_safe
def mechanism_list(request):
    """Every mechanism of the own line with what it asks for and how it stands."""
    today = clock.today()
    tally = content.tally(request.actor, today)
    rows = list(
        Mechanism.objects.visible_to(request.actor).select_related("region").prefetch_related("versions")
        .order_by("region__path", "order", "code")
    )  # fmt: skip
    for row in rows:
        row.version = _shown(row.versions.all(), today)
        row.sentence = words.sentence(row.version)
        row.lights = content.lights_of(tally.get(row.pk))
        row.state = _state(row.version, today)
    context = {
        "rows": rows,
        "as_of": as_of(),
        "can_create": perms.create(request.actor) is None,
    }
    return render(request, "mechanisms/list.html", context)


def _shown(versions, today):
    """The version in force; else the next one, else the last one."""
    ordered = sorted(versions, key=lambda one: one.starts_on)
    running = [one for one in ordered if one.starts_on <= today and (one.ends_on is None or one.ends_on > today)]
    coming = [one for one in ordered if one.starts_on > today]
    return (running or coming or ordered)[-1]


def _state(version, today) -> tuple[str, str]:
    if version.starts_on > today:
        return _("待生效"), "blue"
    if version.ends_on is not None and version.ends_on <= today:
        return _("已终止"), "grey"
    return _("生效中"), "green"


@require_safe
def detail(request, pk):
    """One mechanism: what it says, who complied in which period, where it is switched off, its versions."""
    mechanism = get_or_404(Mechanism.objects.visible_to(request.actor).select_related("region"), pk)
    today, versions = clock.today(), list(mechanism.versions.select_related("made_by"))
    version = _shown(versions, today)
    rows = Obligation.objects.visible_to(request.actor).filter(mechanism=mechanism)
    first, periods = _periods(request, rows)
    found = rows.filter(first_on=first).select_related("version", "committee") if first else rows.none()
    page = keyset.page(found, request, ["id"], size=PAGE, total=found.count())
    page.rows = sorted(reading.dress(page.rows, today), key=lambda duty: (duty.rank, duty.actor_name))
    for one in versions:
        one.sentence, one.state = words.sentence(one), _state(one, today)
    keeps = perms.keep(mechanism.region, request.actor) is None
    latest = versions[0]
    offs = list(mechanism.switched_off.select_related("region"))
    for off in offs:
        off.can_end = off.until_on is None and perms.switch(mechanism, off.region, request.actor) is None
    context = {
        "mechanism": mechanism,
        "version": version,
        "sentence": words.sentence(version),
        "state": _state(version, today),
        "versions": versions,
        "lights": content.lights_of(content.tally(request.actor, today).get(mechanism.pk)),
        "periods": periods,
        "page": page,
        "offs": offs,
        "keeps": keeps,
        "can_change": keeps and latest.ends_on is None,
        "can_switch": _below(mechanism, request.actor).exists(),
        "events": timeline(mechanism) if keeps else [],
        "as_of": as_of(),
    }
    return render(request, f"mechanisms/detail.html{_part(request, 'results')}", context)


def _below(mechanism, actor):
    """Regions of this actor that may switch the mechanism off for themselves."""
    inside = Region.objects.editable_by(actor).filter(path__startswith=mechanism.region.path, is_active=True)
    return inside.exclude(pk=mechanism.region_id)


def _periods(request, rows):
    """(first day of the period chosen, tabs of the last periods), the newest first."""
    found = rows.order_by("-first_on").values("first_on", "version__cadence").annotate(last=Max("last_on"))
    known = list(found[:PERIODS])
    if not known:
        return None, []
    asked = request.GET.get("period", "")
    chosen = next((one for one in known if one["first_on"].isoformat() == asked), known[0])
    found = []
    for one in known:
        standing = one["last"] is None
        label = _("现在") if standing else Cycle(one["first_on"], one["last"], one["version__cadence"]).name
        url = f"?period={one['first_on'].isoformat()}"
        found.append({"label": label, "url": url, "count": None, "active": one is chosen})
    return chosen["first_on"], found


@require_safe
def committee(request, pk):
    """Every duty of one committee, and what it missed."""
    found = get_or_404(Committee.objects.visible_to(request.actor).select_related("region"), pk)
    today = clock.today()
    duties = content.of_committee(found, request.actor, today)
    for duty in duties:
        duty.deed = evidence.deed(duty) if duty.verdict in (Verdict.COMING, Verdict.DUE, Verdict.VACANT) else None
    context = {
        "committee": found,
        "duties": duties,
        "missed": content.missed_by(found, request.actor, today),
        "as_of": as_of(),
    }
    return render(request, "mechanisms/committee.html", context)


@require_safe
def obligation(request, pk):
    """One duty in one period: the verdict, the acts behind it, what is planned, earlier periods."""
    rows = Obligation.objects.visible_to(request.actor).select_related("version", "mechanism", "region", "committee")
    duty = get_or_404(rows, pk)
    today = clock.today()
    reading.dress([duty], today)
    acts_found, hidden = evidence.counted(duty, request.actor, today)
    earlier = rows.filter(mechanism=duty.mechanism_id, actor_kind=duty.actor_kind, actor_id=duty.actor_id)
    context = {
        "duty": duty,
        "version": duty.version,
        "sentence": words.sentence(duty.version),
        "acts": acts_found,
        "hidden": hidden,
        "planned": evidence.planned(duty, request.actor, today),
        "earlier": reading.dress(earlier.exclude(pk=duty.pk).order_by("-first_on")[:PERIODS], today),
        "deed": evidence.deed(duty) if duty.verdict in (Verdict.COMING, Verdict.DUE, Verdict.VACANT) else None,
        "as_of": as_of(),
    }
    return render(request, "mechanisms/obligation.html", context)
