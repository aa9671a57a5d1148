"""From an account to the actor of a request."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import Post, User
from core import clock
from core.actor import NOBODY, Actor, Duty

_SCOPES = ("region", "chain", "committee__region", "team__region", "department__region", "enterprise__region",
           "deputy_for__user")  # fmt: skip
# What a duty is made of. Every request pays for this question, so it asks for nothing else.
_READ = (
    "user", "role", "title", "started_on", "ended_on",
    "region__path", "region__name", "chain__name", "chain__region",
    "committee__name", "committee__region__path", "team__name", "team__region__path",
    "department__name", "department__region__path",
    "enterprise__name", "enterprise__short_name", "enterprise__region__path", "deputy_for__user__name",
)  # fmt: skip


def build_actor(user: User, day: dt.date, ip: str = "") -> Actor:
    """The person with the duties in force on `day`, in one query. The signed-out and the disabled are NOBODY."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    held = Post.objects.filter(user_id=user.pk).in_force(day).select_related(*_SCOPES).only(*_READ)
    posts = sorted(held.order_by(), key=lambda post: post.pk)
    return Actor(user_id=user.pk, name=user.name, duties=tuple(map(duty_of, posts)), ip=ip)


def actor_of(user_id: int) -> Actor:
    """The person with the duties in force now, for work done in the background: a right that was withdrawn while the
    work lay in the queue is gone."""
    return build_actor(User.objects.get(pk=user_id), clock.today())


def duty_of(post: Post) -> Duty:
    """A post as the value that scoping rules read. At home is the region of the unit, else the post's own."""
    unit, region = post.unit, post.home
    title = post.title or str(post.get_role_display())
    if post.deputy_for_id:
        title = _("代理%(title)s") % {"title": title}
    return Duty(
        role=post.role,
        post_id=post.pk,
        region_id=region.pk if region else None,
        region_path=region.path if region else "",
        chain_id=post.chain_id,
        committee_id=post.committee_id,
        team_id=post.team_id,
        department_id=post.department_id,
        enterprise_id=post.enterprise_id,
        title=title,
        acting_for=post.deputy_for.user.name if post.deputy_for_id else "",
        place=str(unit or post.chain or post.region or ""),
    )
