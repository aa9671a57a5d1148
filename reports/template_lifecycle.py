"""Writing the sections of a region's reports: a new version, or back to what holds above. Nothing is overwritten."""

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Region
from audit import trail
from core import clock
from core.actor import Actor, Role
from core.transitions import Conflict, Refusal, Refused
from reports import templates
from reports.facts import FACTS
from reports.language import NotComputable, parse
from reports.models import ReportTemplate
from reports.sections import MOST_SECTIONS, OFFERS, Offer


def may_write(region: Region, actor: Actor) -> Refusal | None:
    """The officer of the region itself: a county writes its own, a city what its counties take over."""
    if actor.is_system or region.path in actor.region_paths(Role.COUNTY_OFFICER):
        return None
    return Refusal("role", _("本地区的月报模板由本级组织部工作人员制定。"), _("本地区组织部工作人员"))


@transaction.atomic
def make(region: Region, sections, *, by: Actor, note="", newest: int | None = None) -> ReportTemplate:
    """A new version of a region's sections. `newest` is the number of the one that the person has read, 0 for none,
    None where it is not compared.

    Raises Refused (not the own region, a section that does not compute), Conflict where another version came between.
    """
    _check(sections)
    number = _next(region, by, newest)
    return _kept(region, number, [one.kept() for one in sections], by, note, "template.made")


@transaction.atomic
def reset(region: Region, *, by: Actor, newest: int | None = None) -> ReportTemplate:
    """Back to what holds above: a version without sections. Raises Refused, Conflict."""
    refusal = may_reset(region, by)
    if refusal:
        raise Refused(refusal)
    number = _next(region, by, newest)
    refusal = may_reset(region, by)  # once more, now that nobody else can write
    if refusal:
        raise Refused(refusal)
    return _kept(region, number, None, by, "", "template.reset")


def may_reset(region: Region, actor: Actor) -> Refusal | None:
    refusal = may_write(region, actor)
    if refusal:
        return refusal
    own = templates.newest_of(region)
    if own is None or own.sections is None:
        return Refusal("none", _("本地区没有自己的月报模板，已在沿用上级或通用模板。"))
    return None


def _next(region, by, newest) -> int:
    refusal = may_write(region, by)
    if refusal:
        raise Refused(refusal)
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=region.pk)
    last = templates.newest_of(region)
    number = last.number if last else 0
    if newest is not None and newest != number:
        raise Conflict(Refusal("conflict", _("您打开页面之后，本地区的月报模板已有新的版本，请先看清再改。")))
    return number + 1


def _kept(region, number, sections, by, note, verb):
    row = ReportTemplate.objects.create(
        region=region, number=number, sections=sections, note=note.strip(), made_by_id=by.user_id, made_at=clock.now()
    )
    told = {"note": row.note} if row.note else {}
    trail.record(by, verb, row, region=region, number=number, **told)
    return row


def _check(sections) -> None:
    """Whatever the page said before: only what computes is kept."""
    codes = [one.code for one in sections]
    if not codes or len(codes) > MOST_SECTIONS or len(set(codes)) != len(codes):
        raise Refused(Refusal("sections", _("章节应有1至%(most)d个，不得重复。") % {"most": MOST_SECTIONS}))
    on = {one.code for one in sections if one.on}
    missing = [code for code, offer in OFFERS.items() if offer.required and code not in on]
    if missing:
        raise Refused(Refusal("required", _("“以前月份数据更正”一节不能去掉：封账后的更正须在下一期月报中写明。")))
    for section in sections:
        offer = OFFERS.get(section.code) or (Offer() if section.is_free else None)
        if offer is None or not set(section.tables) <= set(offer.tables) or (offer.required and not section.tables):
            raise Refused(Refusal("sections", _("“%(name)s”一节的设置不正确。") % {"name": section.heading}))
        for _number, line in section.paragraphs:
            try:
                parse(line, FACTS)
            except NotComputable as error:
                values = {"name": section.heading, "wrong": str(error.wrong[0])}
                raise Refused(Refusal("wrong", _("“%(name)s”一节：%(wrong)s") % values)) from error
