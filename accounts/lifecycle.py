"""Everything that changes accounts and posts. Each function is atomic, checks its rule and leaves an event."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import holdings, perms
from accounts.enums import SCOPE_OF_ROLE
from accounts.models import Post, User
from audit.models import Event
from audit.trail import changes, record
from core.actor import Actor, Role
from core.clock import today
from core.transitions import Refusal, Refused

# Without characters that are read for one another (0 O, 1 l I).
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
INITIAL_LENGTH = 12
PROFILE = ("name", "phone", "email")


def initial_password() -> str:
    """A random password to be handed over once and changed at the first sign-in."""
    return "".join(secrets.choice(_ALPHABET) for _index in range(INITIAL_LENGTH))


@transaction.atomic
def create_user(
    *, by: Actor, username: str, name: str, phone="", email="", is_demo=False, password=None
) -> tuple[User, str]:
    """A new account and its initial password. Demonstration accounts cannot exist where DEMO is off."""
    _refuse(perms.manage(by))
    if is_demo and not settings.DEMO:
        raise Refused(Refusal("demo_off", _("本系统未开启演示，不能建立演示账号。")))
    secret = password or initial_password()
    user = User(username=username, name=name, phone=phone, email=email, is_demo=is_demo)
    user.must_change_password = password is None
    user.set_password(secret)
    user.save()
    record(by, "account.created", user, username=username)
    return user, secret


@transaction.atomic
def edit_user(user: User, *, by: Actor, **profile) -> User:
    """Name, phone and e-mail. The account's name stays: people know it, and the trail refers to it."""
    _refuse(perms.manage(by))
    user = _locked(user)
    before = {field: getattr(user, field) for field in PROFILE}
    for field in PROFILE:
        if field in profile:
            setattr(user, field, profile[field])
    user.save(update_fields=PROFILE)
    changed = changes(before, {field: getattr(user, field) for field in PROFILE})
    if changed:
        record(by, "account.edited", user, changes=changed)
    return user


@transaction.atomic
def set_active(user: User, active: bool, *, by: Actor) -> User:
    """Disable or enable an account. A disabled one is signed out with its next request; its posts stay as they were."""
    _refuse(perms.manage_others(user, by))
    user = _locked(user)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        record(by, "account.enabled" if active else "account.disabled", user)
    return user


@transaction.atomic
def reset_password(user: User, *, by: Actor) -> str:
    """A new initial password; every session of the account ends."""
    _refuse(perms.manage_others(user, by))
    user = _locked(user)
    secret = initial_password()
    user.set_password(secret)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(by, "account.password_reset", user)
    return secret


@transaction.atomic
def change_own_password(user: User, password: str, *, by: Actor) -> User:
    """The person's own new password (already validated); the account's other sessions end."""
    user = _locked(user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(by, "account.password_changed", user)
    return user


@transaction.atomic
def give_post(user: User, *, by: Actor, role: str, started_on: dt.date | None = None, title="", **scope) -> Post:
    """Give a post in a scope (`region`, `chain`, `committee`, `team`, `department` or `enterprise`).

    Refused: one's own account, a second of the three powers, a scope that does not fit the role, the same post twice.
    """
    _refuse(perms.manage_others(user, by))
    user = _locked(user)
    started_on = started_on or today()
    _refuse(may_hold(user, role, started_on) or fits_scope(role, scope))
    chosen = {name: value for name, value in scope.items() if value is not None}
    same = user.posts.filter(role=role, **{f"{name}_id": value.pk for name, value in chosen.items()})
    if same.filter(Q(ended_on=None) | Q(ended_on__gt=started_on)).exists():
        raise Refused(Refusal("held_already", _("此账号已在任该岗位。")))
    post = Post.objects.create(user=user, role=role, title=title, started_on=started_on, **chosen)
    record(by, "post.given", user, **_told(post), started_on=started_on, title=title)
    return post


def may_hold(user: User, role: str, day: dt.date) -> Refusal | None:
    """Administration, business and audit are three powers (三权分立): no account holds two of them on one day."""
    held = user.posts.filter(Q(ended_on=None) | Q(ended_on__gt=day)).values_list("role", flat=True)
    if any(perms.power_of(other) != perms.power_of(role) for other in held):
        return Refusal("two_powers", _("系统管理、业务办理、审计三权分立，同一账号不能兼任。"))
    return None


def fits_scope(role: str, scope: dict) -> Refusal | None:
    """Exactly the scope that the role is held in; a leader may be bound to a chain inside the region."""
    needed = SCOPE_OF_ROLE.get(role)
    filled = {name for name, value in scope.items() if value is not None}
    wanted = {needed} if needed else set()
    if role not in SCOPE_OF_ROLE or filled - {"chain"} != wanted or ("chain" in filled and role != Role.LEADER):
        return Refusal("scope", _("岗位的范围与角色不符。"))
    return None


@transaction.atomic
def end_post(post: Post, *, by: Actor, ended_on: dt.date | None = None) -> Post:
    """End a post: from `ended_on` (today by default) on it gives no right. The row stays."""
    _refuse(perms.manage_others(post.user, by))
    post = Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    ended_on = ended_on or today()
    if post.ended_on is not None:
        raise Refused(Refusal("ended_already", _("该岗位已经离任。")))
    if ended_on < post.started_on:
        raise Refused(Refusal("dates", _("离任日期不能早于任职日期。")))
    post.ended_on = ended_on
    post.save(update_fields=["ended_on"])
    _end_deputies(post, by)
    record(by, "post.ended", post.user, **_told(post), ended_on=ended_on)
    return post


def _told(post: Post) -> dict:
    """What the trail says of a post."""
    return {
        "post": post.pk,
        "role": post.role,
        "role_name": str(post.get_role_display()),
        "place": str(post.place or ""),
    }


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise Refused(refusal)


# --- deputies ---------------------------------------------------------------------------------------------------
# The longest time of a deputy, in days: half a year. A longer absence is a change of post.
LONGEST_TERM = 184


@transaction.atomic
def set_deputy(post: Post, *, by: Actor, user: User, started_on: dt.date, until: dt.date, reason: str = "") -> Post:
    """A deputy (代理) for a time: `user` acts with the duty of `post` from `started_on` to `until`, both included.

    The deputy's post has the same role and scope and ends by itself. Refused: for one's own post or oneself, a deputy
    of a deputy, a second deputy in the same days, a second of the three powers, more than half a year.
    """
    post = (
        Post.objects.select_for_update(of=("self",), no_key=True).select_related("user", "deputy_for").get(pk=post.pk)
    )
    _refuse(perms.deputise(post, by))
    user = _locked(user)
    ended_on = until + dt.timedelta(days=1)
    _refuse(_may_deputise(post, user, by, started_on, ended_on) or may_hold(user, post.role, started_on))
    scope = {name: getattr(post, f"{name}_id") for name in ("region", "chain", "committee", "team", "department",
                                                            "enterprise")}  # fmt: skip
    same = {f"{name}_id": value for name, value in scope.items()}
    if user.posts.filter(role=post.role, **same).filter(_overlaps(started_on, ended_on)).exists():
        raise Refused(Refusal("held_already", _("此账号已在任该岗位。")))
    deputy = Post.objects.create(
        user=user, role=post.role, title=post.title, started_on=started_on, ended_on=ended_on, deputy_for=post, **same
    )
    record(
        by, "post.deputised", user, **_told(deputy), holder=post.user, started_on=started_on, until=until,
        reason=reason,
    )  # fmt: skip
    return deputy


def _overlaps(started_on: dt.date, ended_on: dt.date) -> Q:
    return Q(started_on__lt=ended_on) & (Q(ended_on=None) | Q(ended_on__gt=started_on))


def _may_deputise(post: Post, user: User, by: Actor, started_on: dt.date, ended_on: dt.date) -> Refusal | None:
    """The standing rules of a deputy, apart from who may set one."""
    if post.deputy_for_id:
        return Refusal("deputy_of_deputy", _("代理岗位不能再设代理。"))
    if not user.is_active:
        return Refusal("disabled", _("此账号已停用。"))
    if user.pk == post.user_id or user.pk == by.user_id:
        return Refusal("self", _("不能由本人或设定代理的人代理。"))
    roles = user.posts.in_force(started_on).values_list("role", flat=True)
    if perms.BUSINESS in map(perms.power_of, roles) and perms.side_of(post.role) not in map(perms.side_of, roles):
        return Refusal("side", _("企业的人和办理、管理问题的人不能互相代理。"))
    if started_on < today() or ended_on <= started_on:
        return Refusal("dates", _("代理从今天或以后开始，截止日期不能早于开始日期。"))
    if (ended_on - started_on).days > LONGEST_TERM:
        return Refusal("too_long", _("代理最长 %(days)d 天，更长的请办理岗位变动。") % {"days": LONGEST_TERM})
    if post.started_on > started_on or (post.ended_on is not None and post.ended_on < ended_on):
        return Refusal("term", _("代理的时间不能超出该岗位的任期。"))
    if post.deputies.filter(_overlaps(started_on, ended_on)).exists():
        return Refusal("deputised_already", _("该岗位在这段时间已有代理。"))
    return None


@transaction.atomic
def end_deputy(deputy: Post, *, by: Actor) -> Post:
    """End a deputy before the term: from now on it gives no right. One that has not begun never will."""
    deputy = Post.objects.select_for_update(of=("self",), no_key=True).select_related("deputy_for__user").get(
        pk=deputy.pk
    )  # fmt: skip
    if deputy.deputy_for_id is None:
        raise Refused(Refusal("no_deputy", _("这不是代理岗位。")))
    _refuse(perms.deputise(deputy.deputy_for, by))
    if deputy.ended_on <= today():
        raise Refused(Refusal("ended_already", _("代理已经结束。")))
    deputy.ended_on = max(today(), deputy.started_on)
    deputy.save(update_fields=["ended_on"])
    record(by, "post.deputy_ended", deputy.user, **_told(deputy), holder=deputy.deputy_for.user, ended_on=today())
    return deputy


def _end_deputies(post: Post, by: Actor) -> None:
    """Who stands in for a post does so no longer than the post lasts."""
    for deputy in post.deputies.select_for_update(of=("self",), no_key=True).filter(ended_on__gt=post.ended_on):
        deputy.ended_on = max(post.ended_on, deputy.started_on)
        deputy.save(update_fields=["ended_on"])
        record(by, "post.deputy_ended", deputy.user, **_told(deputy), holder=post.user, ended_on=deputy.ended_on)


# --- hand-over --------------------------------------------------------------------------------------------------
def successors(post: Post, day: dt.date):
    """Who can take over: people with the same post in the same unit, deputies included."""
    unit = {f"{name}_id": getattr(post, f"{name}_id") for name in ("region", "chain", "committee", "team",
                                                                   "department", "enterprise")}  # fmt: skip
    same = Post.objects.in_force(day).filter(role=post.role, **unit)
    return User.objects.filter(is_active=True, pk__in=same.values("user_id")).exclude(pk=post.user_id).order_by("name")


@transaction.atomic
def hand_over(
    post: Post, *, by: Actor, choices: dict[str, int], versions: dict[str, int] | None = None, reason: str
) -> Event:
    """Give what is held in the post to the chosen successors (交接): all of `choices` ({key of a holding: id of the
    account}), or nothing.

    Each goes through the lifecycle of its own app, which compares `versions` and leaves an event there; the answer is
    the event of the whole, with a row for each and for what goes with the post: the sheet (交接单) is printed from it.
    Raises Refused, or a Conflict where one was changed since it was read.
    """
    post = Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    _refuse(perms.hand_over(post, by))
    if not (reason or "").strip():
        raise Refused(Refusal("reason", _("请填写交接原因。")))
    every = holdings.of_post(post, by, today())
    held = {one.key: one for one in every if one.movable}
    people = {user.pk: user for user in successors(post, today())}
    if not choices:
        raise Refused(Refusal("nothing", _("请至少为一项选择接手人。")))
    rows = []
    for key in sorted(choices):
        if key not in held:
            raise Refused(Refusal("gone", _("有的事项已不在此人手中，请重新打开交接页面。")))
        if choices[key] not in people:
            raise Refused(Refusal("successor", _("接手人须在同一单位任同一岗位。")))
        one, successor = held[key], people[choices[key]]
        holdings.move(key, post, successor, by=by, version=(versions or {}).get(key), reason=reason)
        rows.append(_row(one, successor.name))
    others = [_row(one, "") for one in every if not one.movable]
    return record(
        by, "post.handed_over", post.user, **_told(post), count=len(rows), reason=reason, rows=rows, others=others
    )


def _row(one: holdings.Holding, successor: str) -> dict:
    """A line of the sheet; whom to call is not kept in the trail."""
    return {"key": one.key, "kind": str(one.kind), "number": one.number, "title": one.title, "due_on": one.due_on,
            "promise": one.promise, "to": successor}  # fmt: skip
