"""Which sections hold where: a region's own, those of the nearest region above, at last those that are shipped."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reports.models import ReportTemplate
from reports.sections import SHIPPED, Section


@dataclass(frozen=True)
class Standing:
    """The sections that hold, and the version they come from; `row` is None for those that are shipped."""

    sections: tuple
    row: ReportTemplate | None = None

    @property
    def name(self):
        return str(self.row) if self.row else _("通用模板")

    def kept(self):
        """As the snapshot of a report keeps it: which version it was made with."""
        if self.row is None:
            return {}
        return {"region": self.row.region.name, "number": self.row.number, "id": self.row.pk}


def newest_of(region):
    """The newest version of a region itself, with sections or without; None where it never had one."""
    return ReportTemplate.objects.filter(region=region).select_related("region").order_by("-number").first()


def for_region(region) -> Standing:
    """What holds in a region now. A version without sections goes back to what holds above. One query."""
    if region is None:
        return Standing(SHIPPED)
    rows = ReportTemplate.objects.filter(region__path__in=region.ancestor_paths).select_related("region")
    newest = {}
    for row in rows.order_by("region__path", "number"):
        newest[row.region.path] = row
    for path in sorted(newest, reverse=True):
        if newest[path].sections is not None:
            return Standing(sections_of(newest[path]), newest[path])
    return Standing(SHIPPED)


def sections_of(row) -> tuple:
    return tuple(Section.of(one) for one in row.sections)
