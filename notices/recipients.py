"""Who is told: the people whose posts let them act, each with the reason. `{user id: (reason, unit)}`.

Officers and leaders are those of the nearest region that has any: a city is not told of everything in its counties.
"""

from accounts.models import Post
from alliances.models import HelpTeam
from core import clock
from core.actor import Role
from enterprises.models import Enterprise
from notices.enums import Reason
from problems import rules
from problems.enums import Doer, Level

Told = dict[int, tuple[str, str]]
ABOVE_COUNTY = ("city", "province")


def _posts(role: str, **scope):
    return Post.objects.filter(role=role, user__is_active=True, **scope).in_force(clock.today())


def unit(team, department) -> Told:
    """The people of a help team or a department."""
    if team is not None:
        found, reason = _posts(Role.TEAM_MEMBER, team=team), Reason.TEAM
    elif department is not None:
        found, reason = _posts(Role.DEPARTMENT_OFFICER, department=department), Reason.DEPARTMENT
    else:
        return {}
    named = str(team or department)
    return dict.fromkeys(found.values_list("user_id", flat=True), (reason, named))


def lead(problem) -> Told:
    return unit(problem.lead_team, problem.lead_department)


def enterprise(problem) -> Told:
    """The enterprise's own people, and whoever wrote the matter down for it."""
    found = {problem.created_by_id: (Reason.RAISER, "")} if problem.created_by_id else {}
    return found | of_enterprise(problem.enterprise)


def of_enterprise(firm) -> Told:
    """The people of an enterprise."""
    own = _posts(Role.BRANCH_SECRETARY, enterprise=firm).values_list("user_id", flat=True)
    return {user: (Reason.ENTERPRISE, str(firm)) for user in own}


def secretaries(problem) -> Told:
    if problem.committee_id is None:
        return {}
    own = _posts(Role.CHAIN_SECRETARY, committee=problem.committee_id).values_list("user_id", flat=True)
    return {user: (Reason.SECRETARY, str(problem.committee)) for user in own}


def _nearest(posts) -> list[Post]:
    found = list(posts.select_related("region", "chain"))
    longest = max((len(post.region.path) for post in found), default=0)
    return [post for post in found if len(post.region.path) == longest]


def officers(problem) -> Told:
    """The officers of the nearest region at or above the entry's."""
    found = _nearest(_posts(Role.COUNTY_OFFICER, region__path__in=problem.region.ancestor_paths))
    return {post.user_id: (Reason.OFFICER, str(post.region)) for post in found}


def leaders(problem, level: str = Level.COUNTY) -> Told:
    """The leaders of the nearest region, those of the entry's chain among them; of the city for what went there."""
    posts = _posts(Role.LEADER, region__path__in=problem.region.ancestor_paths)
    if level == Level.CITY:
        above = posts.filter(region__level__in=ABOVE_COUNTY)
        posts = above if above.exists() else posts
    general, own = _nearest(posts.filter(chain=None)), []
    if problem.chain_id is not None:
        own = list(posts.filter(chain=problem.chain_id).select_related("region", "chain"))
    found = {post.user_id: (Reason.LEADER, str(post.region)) for post in general}
    return found | {post.user_id: (Reason.CHIEF, str(post.chain)) for post in own}


def keepers(problem) -> Told:
    """Who keeps the ledger of the chain: its secretary, the officers where it has none."""
    return secretaries(problem) or officers(problem)


def doers(problem, column: str) -> Told:
    """Whom the rulebook names for a step; `column` is e.g. `accepted_by`."""
    doer = getattr(rules.rulebook_of(problem, clock.today()), column)
    if doer == Doer.OFFICER:
        return officers(problem)
    return keepers(problem)


def guests(invited) -> Told:
    """The people of a unit that a meeting has invited."""
    if isinstance(invited, Enterprise):
        told = of_enterprise(invited)
    else:
        told = unit(invited, None) if isinstance(invited, HelpTeam) else unit(None, invited)
    return {user: (Reason.INVITED, named) for user, (_reason, named) in told.items()}


def person(user_id, reason: str, named: str = "") -> Told:
    """One person, if the account is still in use."""
    from accounts.models import User

    if user_id and User.objects.filter(pk=user_id, is_active=True).exists():
        return {user_id: (reason, named)}
    return {}
