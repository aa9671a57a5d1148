"""The people of a demonstration: accounts with posts, and the actors that they are in the records' histories."""

import datetime as dt

from django.utils import timezone

from accounts.enums import RoleChoice
from accounts.models import Post, User
from core.actor import Actor, Duty, Role
from demo.place import Place


class Cast:
    """Deals accounts. The first of a role is `ROLE.PLACE`, the others are numbered: `ROLE2.PLACE`, ..."""

    def __init__(self, place: Place, slug: str, label: str, password: str, since: dt.date):
        self.place, self.slug, self.label, self.password, self.since = place, slug, label, password, since
        self._numbers: dict[str, int] = {}

    def account(self, role: str, name: str, phone: str = "") -> User:
        """An account whose user name follows from the role; `password` is the hash that all of them share."""
        number = self._numbers[role] = self._numbers.get(role, 0) + 1
        username = f"{role}{number if number > 1 else ''}.{self.slug}"
        return self.place.rows.add(
            User(
                username=username,
                name=name,
                phone=phone,
                password=self.password,
                is_demo=True,
                date_joined=timezone.now(),
            )
        )

    def person(self, role: str, name: str, title: str, *, home=None, phone: str = "", **scope) -> Actor:
        """An account with one post; answers the actor. `home` is the region that the duty is at home in."""
        user = self.account(role, name, phone)
        post = self.place.rows.add(Post(user=user, role=role, title=title, started_on=self.since, **scope))
        ids = {f"{key}_id": row.pk for key, row in scope.items() if key != "region"}
        home = home or scope.get("region")
        duty = Duty(
            role=role,
            post_id=post.pk,
            region_id=home.pk if home else None,
            region_path=home.path if home else "",
            title=title,
            place=home.name if home else "",
            **ids,
        )
        return Actor(user_id=user.pk, name=name, duties=(duty,))

    def officer(self, region, name: str = "", title: str = "组织部工作人员") -> Actor:
        people = self.place.people
        return self.person(Role.COUNTY_OFFICER, name or people.name(), title, region=region, phone=people.phone())


ROLE_LABELS = dict(RoleChoice.choices)
