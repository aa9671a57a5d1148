"""What meetings, decisions and activities count."""

from meetings.indicators import activities, agenda, meetings

__all__ = ["activities", "agenda", "meetings"]
