"""The lists of a report: the very rows behind its figures, as the asker may see them."""

from collections import Counter

from django.utils.translation import gettext as _

from chains.models import Committee
from core import workdays
from core.periods import Period
from exchange.structure import Table, TableColumn
from indicators import figures
from indicators.rows import NoRows
from meetings.enums import TOOK_PLACE
from meetings.models import Meeting
from problems.models import Problem
from reports.enums import ScopeKind
from reports.reading import declared


def overdue_problems(scope, period, actor, day):
    """[(problem, unit name, deadline, working days over)] overdue on `day`, longest first: the rows of the figure."""
    calendars = workdays.everywhere()
    found = []
    for row in _rows("problems_overdue", scope, period, actor):
        problem, unit, due_on = _held(row)
        if due_on is not None:
            found.append((problem, unit, due_on, abs(calendars.at(problem.region.path).remaining(due_on, day))))
    return sorted(found, key=lambda entry: (-entry[3], entry[0].pk))


def figure_rows(code, scope, period, actor):
    """The rows of a figure, as a queryset; nothing where no app declares it or the scope cannot have it."""
    try:
        return figures.rows(code, scope, period, actor) if declared([code]) else Problem.objects.none()
    except NoRows:
        return Problem.objects.none()


def _rows(code, scope, period, actor):
    queryset = figure_rows(code, scope, period, actor)
    if queryset.model is Problem:
        return queryset.select_related("enterprise", "region", "category", "lead_team", "lead_department")
    return queryset.select_related("problem__enterprise", "problem__region", "problem__category", "team", "department")


def _held(row):
    """(problem, name of the unit that held it, deadline) of a row: an entry of the ledger or a stretch of its time."""
    if isinstance(row, Problem):
        return row, str(row.lead or ""), row.due_on
    return row.problem, str(row.team or row.department or row.problem.lead or ""), row.due_on


def overdue_table(entries):
    """The overdue list (超期问题清单): which, whose, held by whom, how long."""
    columns = (
        TableColumn(_("序号"), 0.6, kind="integer"),
        TableColumn(_("问题编号"), 1.7),
        TableColumn(_("企业"), 2.6, "left"),
        TableColumn(_("事项"), 4, "left"),
        TableColumn(_("类别"), 1.1),
        TableColumn(_("责任单位"), 2, "left"),
        TableColumn(_("办理期限"), 1.4, kind="date"),
        TableColumn(_("超期工作日"), 1.1, kind="integer"),
    )
    rows = tuple(
        (
            number,
            problem.number or "",
            problem.enterprise.name,
            problem.title,
            problem.category.name,
            unit,
            due_on,
            days,
        )
        for number, (problem, unit, due_on, days) in enumerate(entries, start=1)
    )
    return Table(columns, rows, key="overdue", landscape=True, note=_("按超期工作日由多到少排列。"))


def held_by(entries):
    """[(unit, number)] of an overdue list, most first."""
    return Counter(unit or _("未明确") for _problem, unit, _due, _days in entries).most_common()


def team_table(scope, period, actor):
    """What each help team took over, solved and still holds overdue: grouped rows of the three figures."""
    counts = {}
    for column, code in enumerate(("problems_assigned", "problems_resolved", "problems_overdue")):
        for row in _rows(code, scope, period, actor):
            team = row.lead_team if isinstance(row, Problem) else row.team
            if team is not None:
                counts.setdefault(team, [0, 0, 0])[column] += 1
    rows = tuple(
        (team.name, *numbers) for team, numbers in sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0].pk))
    )
    columns = (
        TableColumn(_("帮办团"), 2.4, "left"),
        TableColumn(_("本月交办"), kind="integer"),
        TableColumn(_("本月办结"), kind="integer"),
        TableColumn(_("月末超期"), kind="integer"),
    )
    return Table(columns, rows, caption=_("各帮办团牵头办理情况"), note=_("单位：个。"), key="teams")


def meeting_rows(scope, period, actor):
    """Meetings held in the month, oldest first: the rows of the figure `meetings`."""
    return sorted(figure_rows("meetings", scope, period, actor), key=lambda entry: (entry.held_on, entry.pk))


def meeting_table(found, counts):
    columns = (
        TableColumn(_("召开日期"), 1.3, kind="date"),
        TableColumn(_("产业链党委"), 2.4, "left"),
        TableColumn(_("类别"), 1),
        TableColumn(_("会议名称"), 3.4, "left"),
        TableColumn(_("议定事项"), 0.9, kind="integer"),
    )
    rows = tuple(
        (entry.held_on, entry.committee.name, entry.kind.name, entry.title, counts.get(entry.pk, 0)) for entry in found
    )
    return Table(columns, rows, caption=_("会议情况"), note=_("议定事项单位：项。"), key="meetings")


def decision_rows(scope, period, actor):
    """Matters decided in the month, by date: the rows of the figure `matters_decided`."""
    return sorted(figure_rows("matters_decided", scope, period, actor), key=lambda entry: (entry.decided_on, entry.pk))


def decision_table(found):
    columns = (
        TableColumn(_("议定日期"), 1.3, kind="date"),
        TableColumn(_("产业链党委"), 2.2, "left"),
        TableColumn(_("议定内容"), 4, "left"),
        TableColumn(_("责任单位"), 1.8, "left"),
        TableColumn(_("完成期限"), 1.3, kind="date"),
        TableColumn(_("状态"), 0.9),
    )
    rows = tuple(
        (
            entry.decided_on,
            entry.committee.name,
            entry.text,
            str(entry.owner_department or entry.owner_name),
            entry.due_on,
            entry.get_state_display(),
        )
        for entry in found
    )
    return Table(columns, rows, caption=_("议定事项"), key="decisions")


def quarterly_rule(scope, period, actor, day):
    """(name of the quarter, names of the chain committees that have not met in it up to `day`, number of all)."""
    quarter = Period.quarter(period.last.year, (period.last.number + 2) // 3)
    committees = Committee.objects.visible_to(actor).on(day).exclude(chain=None)
    own = scope.kind == ScopeKind.COMMITTEE
    committees = committees.filter(pk=scope.committee_id) if own else in_scope(committees, scope)
    met = set(
        Meeting.objects.filter(
            committee__in=committees.values("pk"),
            state__in=TOOK_PLACE,
            held_on__range=(quarter.start, min(quarter.end, day)),
        ).values_list("committee_id", flat=True)
    )
    found = list(committees.values_list("pk", "name"))
    name_of_quarter = f"{quarter.first.year}年第{'一二三四'[(quarter.last.number - 1) // 3]}季度"
    return name_of_quarter, [name for pk, name in found if pk not in met], len(found)


def in_scope(queryset, scope):
    """Rows of a scope by their own columns of place."""
    from alliances.models import Region

    if scope.kind == "committee":
        return queryset.filter(committee_id=scope.committee_id)
    region = Region.objects.get(pk=scope.region_id)
    inside = queryset.filter(region__path__startswith=region.path)
    return inside.filter(chain_id=scope.chain_id) if scope.chain_id else inside
