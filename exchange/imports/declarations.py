"""What may be imported, as the apps declare it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.actor import Actor, Role
from core.registers import Register
from core.transitions import Refusal


@dataclass(frozen=True)
class ImportColumn:
    """One column of a workbook: the form's field that it fills, how counties head it besides the field's own label,
    what the sample row of the template holds, and a note for who fills it in.

    `within` is for records whose names repeat (links of a chain): (another field of the form, attribute path of the
    record that must be what that field holds). `clean` brings a text into its usual form.
    """

    field: str
    synonyms: Sequence[str] = ()
    sample: str = ""
    note: str = ""
    within: tuple[str, str] | None = None
    clean: Callable[[str], str] | None = None


@dataclass(frozen=True)
class ImportOf:
    """How one register is imported. `key` are the fields by which a row is found again among what the actor sees;
    their columns must be there. `withdraw(obj, by=, seen=)` takes back what an import created, and raises Refused once
    something has built on it."""

    code: str
    register: Register
    key: tuple[str, ...]
    columns: Sequence[ImportColumn]
    withdraw: Callable

    @property
    def title(self):
        return self.register.title

    def form(self, actor: Actor, data=None, obj=None):
        return self.register.form(data, actor=actor, instance=obj or self.register.model())

    def named(self, field: str) -> ImportColumn | None:
        return next((column for column in self.columns if column.field == field), None)


_declared: dict[str, ImportOf] = {}


def register(declared: ImportOf) -> None:
    """Offer a register in the wizard. Raises ValueError where the code is taken."""
    if declared.code in _declared:
        raise ValueError(f"{declared.code} is imported twice")
    _declared[declared.code] = declared


def find(code: str) -> ImportOf:
    """Raises LookupError for a register that is not imported (any more)."""
    return _declared[code]


def offered() -> list[ImportOf]:
    return list(_declared.values())


def may_import(actor: Actor) -> Refusal | None:
    """Officers import into the registers of their own region and of those below it; nobody else."""
    if actor.has(Role.COUNTY_OFFICER):
        return None
    return Refusal("not_officer", _("批量导入由组织部工作人员办理。"), who_can=_("该区域及上级区域的组织部工作人员"))


# Filled by the app of accounts, below this one: the actor of a user's number with the duties in force now.
_acting: list[Callable[[int], Actor]] = []


def register_actors(build: Callable[[int], Actor]) -> None:
    _acting[:] = [build]


def actor_of(user_id: int) -> Actor:
    return _acting[0](user_id)
