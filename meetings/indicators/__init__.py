"""What meetings, decisions and activities count."""

from meetings.indicators import activities, meetings

__all__ = ["activities", "meetings"]
