"""Who acts: a person with the duties in force today, built once per request and passed as an argument.

An actor is a plain value. It is never read from a thread-local: tasks and commands build their own.
"""

from dataclasses import dataclass, field

from django.db.models import Q


class Role:
    """Codes of the eight roles (角色). Administration, business and audit are three powers that no account mixes."""

    COUNTY_OFFICER = "county_officer"
    LEADER = "leader"
    CHAIN_SECRETARY = "chain_secretary"
    TEAM_MEMBER = "team_member"
    DEPARTMENT_OFFICER = "department_officer"
    BRANCH_SECRETARY = "branch_secretary"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"

    BUSINESS = frozenset(
        {
            COUNTY_OFFICER,
            LEADER,
            CHAIN_SECRETARY,
            TEAM_MEMBER,
            DEPARTMENT_OFFICER,
            BRANCH_SECRETARY,
        }
    )
    HANDLERS = frozenset({TEAM_MEMBER, DEPARTMENT_OFFICER})
    # Who raises problems: enterprises, and those who keep the ledger for them.
    RAISERS = frozenset({COUNTY_OFFICER, CHAIN_SECRETARY, BRANCH_SECRETARY})


@dataclass(frozen=True)
class Duty:
    """One post in force: a role in a scope. Ids that do not belong to the role are None.

    `region_path` is the path of the region the duty is at home in: the officer's or leader's own region, the
    region of the committee, team, department or enterprise otherwise.
    """

    role: str
    post_id: int | None = None
    region_id: int | None = None
    region_path: str = ""
    chain_id: int | None = None
    committee_id: int | None = None
    team_id: int | None = None
    department_id: int | None = None
    enterprise_id: int | None = None
    title: str = ""
    place: str = ""
    # Whose post a deputy (代理) stands in for, by name; empty for one's own post.
    acting_for: str = ""


@dataclass(frozen=True)
class Actor:
    """A signed-in person (or the system, for tasks) with the duties in force today."""

    user_id: int | None
    name: str = ""
    duties: tuple[Duty, ...] = ()
    is_system: bool = False
    ip: str = field(default="", compare=False)

    def has(self, *roles: str) -> bool:
        """Whether one of the duties has one of these roles."""
        return any(duty.role in roles for duty in self.duties)

    def duties_as(self, *roles: str) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.role in roles)

    def ids(self, attribute: str, *roles: str) -> frozenset[int]:
        """The scope ids (`committee_id`, `team_id`, ...) of the duties with these roles."""
        return frozenset(value for duty in self.duties_as(*roles) if (value := getattr(duty, attribute)) is not None)

    def region_paths(self, *roles: str) -> tuple[str, ...]:
        """Paths of the regions that the duties with these roles govern; never an empty path."""
        return tuple(duty.region_path for duty in self.duties_as(*roles) if duty.region_path)

    @property
    def place(self) -> str:
        return self.duties[0].place if self.duties else ""

    @property
    def title(self) -> str:
        return self.duties[0].title if self.duties else ""

    @property
    def acting_for(self) -> str:
        """Whom this person stands in for with all that is done here; empty where an own duty suffices."""
        names = dict.fromkeys(duty.acting_for for duty in self.duties)
        return "" if not names or "" in names else "、".join(names)


NOBODY = Actor(user_id=None)
SYSTEM = Actor(user_id=None, name="系统", is_system=True)

# No row has this: a condition that is never true, where `Q()` would mean "everything".
NOTHING = Q(pk__in=[])


def under(paths, field_name: str) -> Q:
    """Rows whose region path begins with one of `paths`. No path means no row, never every row."""
    condition = NOTHING
    for path in paths:
        if path:
            condition |= Q(**{f"{field_name}__startswith": path})
    return condition
