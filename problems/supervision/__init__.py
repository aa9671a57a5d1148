"""Supervision (督办): the ladder that fires thresholds, numbered slips, instructions, the board of lights.

Whoever tells people about it listens to the signals in `problems.supervision.signals`.
"""

from problems.supervision.signals import fired, instructed, reported, slip_answered, slip_issued

__all__ = ["fired", "instructed", "reported", "slip_answered", "slip_issued"]
