"""Actors and acts of the apps above this one, which cannot register them themselves."""

from mechanisms.known import chains, enterprises, registers


def register() -> None:
    chains.register()
    enterprises.register()
    registers.register()
