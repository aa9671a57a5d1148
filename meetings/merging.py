"""What becomes of an activity that names both an enterprise and its duplicate when the two are merged."""

from enterprises.lifecycle import merging
from enterprises.models import Enterprise
from meetings.models import ActivityPeople, ActivityReach

MOST_PEOPLE = 100_000


def register() -> None:
    """Tell the register of enterprises; called once when this app is ready."""
    merging.joiners[ActivityReach] = join_reach
    merging.joiners[ActivityPeople] = join_people


def join_reach(row: ActivityReach, target: Enterprise) -> bool:
    """The activity reached one enterprise, not two: the duplicate's row goes. Notes, people by category and what was
    collected belong to the activity and stay."""
    if not ActivityReach.objects.filter(activity_id=row.activity_id, enterprise=target).exists():
        return False
    row.delete()
    return True


def join_people(row: ActivityPeople, target: Enterprise) -> bool:
    """People of one category noted at both names: the numbers add up, unless that is more than a row may say."""
    rows = ActivityPeople.objects.select_for_update(of=("self",), no_key=True)
    like = rows.filter(activity_id=row.activity_id, enterprise=target, category=row.category).first()
    if like is None or like.number + row.number > MOST_PEOPLE:
        return False
    row.delete()
    like.number += row.number
    like.save(update_fields=["number"])
    return True
