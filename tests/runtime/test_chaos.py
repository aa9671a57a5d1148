"""The short form of `make chaos`: the product as it is run, people writing in it, and blows to what may die."""

from bench import chaos


def test_no_figure_is_wrong_after_workers_and_redis_were_killed(capsys):
    found = chaos.run(minutes=0.75, writers=2)
    with capsys.disabled():
        behind = "never" if found.behind is None else f"{found.behind:.0f} s after the last write"
        print(f"\n{sum(found.steps.values())} steps, struck {dict(found.struck)}, caught up {behind}")
    assert found.steps["raise"] and found.steps["accept"], found.steps
    # Each kind of blow hit at least once, but for the time that a slow machine needs to start things again.
    assert len(found.struck) >= len(found.planned) - 1, found.struck
    assert found.behind is not None, "two minutes after the last write something was not counted yet"
    assert found.right, found.said
