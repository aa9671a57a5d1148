"""What follows from the declarations alone is worked out once in a process.

Compiling conditions to SQL took most of the time of a roll-up; the declarations do not change after the start.
"""

import functools

_forgets = []


def until_declared(function):
    """The function with its answers remembered until something else is declared. They are shared: nobody may change
    one, and the arguments have to be hashable."""
    cached = functools.cache(function)
    _forgets.append(cached.cache_clear)
    return cached


def forget() -> None:
    """Work everything out anew: the declarations have changed."""
    for clear in _forgets:
        clear()
