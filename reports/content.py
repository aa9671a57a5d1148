"""What a monthly report says: one function, `build`, that Word, Excel and the screen page all read.

Every number comes from the figures engine or is the count of a list printed with it; nothing is typed in. What is said
is data: the sections and sentences of `reports.sections`, or those that a county wrote (`reports.templates`).
"""

from alliances.enums import RegionLevel
from core import clock
from exchange.official.body import chinese_date
from exchange.structure import Document, Heading, Paragraph, iter_figures
from indicators import figures
from reports import language, lifecycle, reading, tables, templates
from reports.enums import ScopeKind
from reports.facts import FACTS
from reports.material import Material, place_name
from reports.sections import OFFERS, Offer

LABEL = "内部资料"


def build(scope, period, actor, today=None, template=None):
    """The report of a scope and month as the actor may see it, as a `Document`.

    `today` is the local date it is written on. Stocks are told for the month's end, or for today while it runs.
    `template` are the sections to write, by default those that hold in the scope's region.
    """
    today = today or clock.today()
    place = lifecycle.place_of(scope)
    template = template or templates.for_region(place[0])
    writing = Writing(scope, period, actor, today, template.sections)
    blocks = [Paragraph((_opening(scope, period, today),))]
    for section in template.sections:
        blocks += writing.blocks(section)
    material = writing.material
    material.printed = frozenset(figure.code for figure in iter_figures(tuple(blocks)))
    return Document(
        **_head(scope, place, period),
        label=LABEL,
        blocks=tuple(blocks),
        as_of=_as_of(scope, period, today),
        signed_on=today,
        attachments=tuple(writing.attachments()),
        figures=(tables.figures(material, definitions=True),),
        meta={
            "scope": scope.key,
            "month": str(period.last),
            "place": material.place_name,
            "template": template.kept(),
            **material.late.meta(),
        },
    )


class Writing:
    """One report in the making: its sections read, and the material that they are written from."""

    def __init__(self, scope, period, actor, today, sections):
        self.sections = [one for one in sections if one.on and scope.kind in _offer(one).scopes]
        self.read = {
            one.code: [language.parse(line, FACTS) for _number, line in one.paragraphs] for one in self.sections
        }
        codes = [code for told in self.read.values() for template in told for code in template.codes()]
        self.material = Material(scope, period, actor, today, dict.fromkeys(codes))

    def blocks(self, section):
        """Heading, paragraphs and tables of a section; nothing of one that has nothing to say."""
        if section.code not in self.read:
            return []
        said = [language.say(template, self.material) for template in self.read[section.code]]
        found = [Paragraph(parts) for parts in said if parts]
        inline = (tables.INLINE[code](self.material) for code in self._tables(section) if code in tables.INLINE)
        found += [table for table in inline if table is not None]
        return [Heading(1, section.heading, section.code), *found] if found else []

    def attachments(self):
        """The attachments of the tables that the sections have, in their fixed order."""
        chosen = {code for section in self.sections for code in self._tables(section)}
        return tables.attachments(self.material, chosen)

    def _tables(self, section):
        return [code for code in section.tables if code in _offer(section).tables]


def read(section):
    """The paragraphs of a section as templates. Raises NotComputable, which what was saved never does."""
    return [language.parse(line, FACTS) for _number, line in section.paragraphs]


def _as_of(scope, period, today):
    codes = reading.declared(reading.ALL)[:1]
    found = figures.read(codes, scope, period, today).values() if codes else ()
    return min((entry.as_of for entry in found), default=clock.now())


def _offer(section):
    return OFFERS.get(section.code, Offer())


# --- head and signature -------------------------------------------------------------------------------------------


def _head(scope, place, period):
    """Title, addressee and signer. A committee reports upward, a region informs its committees."""
    region, chain, committee = place
    if scope.kind == ScopeKind.COMMITTEE:
        return {
            "title": f"{committee.name}\n关于{period.name}工作情况的报告",
            "addressee": office_of(region),
            "signer": committee.name,
        }
    subject = "产业链"
    if chain is not None:
        name = chain.name.removeprefix(region.name)
        subject = name if name.endswith("链") else f"{name}产业链"
    return {
        "title": f"{region.name}关于{period.name}{subject}\n党建联盟工作情况的通报",
        "addressee": "各产业链党委，各责任单位",
        "signer": office_of(region),
    }


def office_of(region):
    """The unit that answers for a region's report: its organisation department (组织部)."""
    if region.level in (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY):
        return f"中共{region.name}委组织部"
    return f"{region.name}党（工）委"


def _opening(scope, period, today):
    running = period.end > today
    until = f"（截至{chinese_date(today)}）" if running else ""
    verb = "报告" if scope.kind == ScopeKind.COMMITTEE else "通报"
    return f"现将{place_name(scope)}{period.name}{until}产业链党建联盟工作情况{verb}如下。"


__all__ = ["LABEL", "Writing", "build", "office_of"]
