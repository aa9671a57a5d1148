"""What a person chose to be told."""

from django.db import transaction

from accounts.models import User
from audit import trail
from core.actor import Actor
from notices.forms import CHOOSABLE
from notices.models import Preference


def of(user) -> Preference:
    return Preference.objects.filter(user=user).first() or Preference(user=user)


@transaction.atomic
def save(values: dict, *, by: Actor) -> Preference:
    """Keep the choices and the own address of `by`."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.user_id)
    kinds = [value for value, _label in CHOOSABLE]
    row, _made = Preference.objects.update_or_create(
        user=user,
        defaults={
            "not_in_inbox": [one for one in kinds if one not in values["inbox"]],
            "not_by_mail": [one for one in kinds if one not in values["mail"]],
            "digest": values["digest"],
            "language": values["language"],
        },
    )
    if user.email != values["email"]:
        user.email = values["email"]
        user.save(update_fields=["email"])
        trail.record(by, "user.email_set", user)
    return row
