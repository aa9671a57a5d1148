"""Entries brought to any state the way people do it, and the fields that each transition needs."""

import datetime as dt

from core.clock import at_local
from problems import lifecycle
from problems.enums import State

# A Monday with an ordinary month after it: three weeks without a holiday.
MONDAY = dt.date(2026, 3, 2)


def day(offset: int, hour: int = 9) -> dt.datetime:
    """The moment `offset` calendar days after the Monday."""
    return at_local(MONDAY + dt.timedelta(days=offset), hour)


def raised(world, *, at=None, by="branch_secretary", **values):
    """An entry of the first enterprise, submitted on the Monday."""
    values = {"title": "冷链运输车辆不足", "text": "旺季冷藏车紧缺。", "category": world.category, **values}
    return lifecycle.raise_problem(
        by=world.actor(by), enterprise=values.pop("enterprise", world.own.enterprises[0]), at=at or day(0), **values
    )


def in_state(world, state: str, **values):
    """An entry in `state`, led by the county's help team, one transition a day from the Monday on."""
    if state == State.DRAFT:
        return lifecycle.save_draft(
            by=world.actor("branch_secretary"), enterprise=world.own.enterprises[0], category=world.category,
            title="草稿", text="草稿内容",
        )  # fmt: skip
    problem = raised(world, **values)
    for number, step in enumerate(PATHS[state], start=1):
        problem = step(world, problem, day(number))
    return problem


def _accept(world, problem, at):
    return lifecycle.accept(problem, by=world.actor("chain_secretary"), at=at)


def _return(world, problem, at):
    return lifecycle.return_for_completion(problem, by=world.actor("chain_secretary"), reason="要素不全", at=at)


def _decline(world, problem, at):
    return lifecycle.decline(problem, by=world.actor("chain_secretary"), reason="不属受理范围", at=at)


def _withdraw(world, problem, at):
    return lifecycle.withdraw(problem, by=world.actor("branch_secretary"), reason="已自行解决", at=at)


def _assign(world, problem, at):
    return lifecycle.assign(
        problem, by=world.actor("county_officer"), team=world.own.team, codepartments=[world.own.departments[0]], at=at
    )


def _sign(world, problem, at):
    return lifecycle.sign(problem, by=world.actor("team_member"), at=at)


def _suspend(world, problem, at):
    return lifecycle.suspend(problem, by=world.actor("county_officer"), reason="等待上级批复", at=at)


def _resolve(world, problem, at):
    return lifecycle.resolve(problem, by=world.actor("team_member"), outcome="solved", text="已协调车辆", at=at)


def _rate(world, problem, at):
    return lifecycle.rate(problem, by=world.actor("branch_secretary"), rating="satisfied", at=at)


def _close(world, problem, at):
    return lifecycle.close(problem, by=world.actor("chain_secretary"), at=at)


PATHS = {
    State.SUBMITTED: [],
    State.RETURNED: [_return],
    State.DECLINED: [_decline],
    State.WITHDRAWN: [_withdraw],
    State.ACCEPTED: [_accept],
    State.ASSIGNED: [_accept, _assign],
    State.IN_PROGRESS: [_accept, _assign, _sign],
    State.SUSPENDED: [_accept, _assign, _sign, _suspend],
    State.RESOLVED: [_accept, _assign, _sign, _resolve],
    State.CLOSED: [_accept, _assign, _sign, _resolve, _rate, _close],
}
