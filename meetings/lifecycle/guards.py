"""What every change of a meeting or decision begins with: the row locked, its version judged, refusals raised."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.models import Event
from chains.models import Committee
from core.transitions import Conflict, Refusal, Refused
from meetings.enums import DecisionState, MeetingState
from meetings.models import Decision, Meeting


def lock_committee(pk: int) -> Committee:
    """Before its meetings, so that two who change one committee's agendas wait for each other."""
    rows = Committee.objects.select_for_update(of=("self",), no_key=True).select_related("region")
    return rows.get(pk=pk)


def locked(meeting: Meeting, version: int | None) -> Meeting:
    """The meeting as it is now, locked after its committee: agendas of one committee change one after the other.
    Raises Conflict with what happened since when it is no longer `version`."""
    lock_committee(Meeting.objects.values_list("committee_id", flat=True).get(pk=meeting.pk))
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("committee__region", "kind")
    meeting = rows.get(pk=meeting.pk)
    _check_version(meeting, version)
    return meeting


def locked_decision(decision: Decision, version: int | None) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",), no_key=True)
    decision = rows.select_related("committee__region", "meeting", "problem").get(pk=decision.pk)
    _check_version(decision, version)
    return decision


def locked_with_agenda(decision: Decision, version: int | None) -> Decision:
    """The decision locked after its committee, for what changes the agendas of that committee, too."""
    lock_committee(decision.committee_id)
    return locked_decision(decision, version)


def _check_version(row, version: int | None) -> None:
    if version is None or row.version == version:
        return
    events = [event for event in Event.objects.of(row) if event.data.get("version", 0) > version]
    raise Conflict(Refusal("version", _("您打开页面后，这条记录已被他人修改。请核对后再次保存。")), events)


def unless_cancelled(meeting: Meeting) -> Refusal | None:
    return Refusal("state", _("会议已取消，不能再修改。")) if meeting.state == MeetingState.CANCELLED else None


def unless_filed(meeting: Meeting) -> Refusal | None:
    """What was filed stays as it is; how its decisions are carried out still goes on."""
    if meeting.state == MeetingState.FILED:
        return Refusal("filed", _("会议材料已归档，不能再修改。确需修改的，由组织部工作人员重新打开。"))
    return None


def unless_open(decision: Decision) -> Refusal | None:
    if decision.state == DecisionState.OPEN:
        return None
    return Refusal("state", _("只有落实中的议定事项可以办理。"))


def require(text: str, name: str = "reason") -> None:
    if not text.strip():
        raise ValidationError({name: _("请填写说明。")})


def refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise Refused(refusal)
