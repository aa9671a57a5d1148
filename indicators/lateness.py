"""How far the figures are behind the records: for `/readyz`, and for the banner on every page."""

from django.db import DatabaseError, connection

from indicators.drain import MARKER

# Beat sweeps every five seconds: what is older than three sweeps is being held up by something.
LATE_AFTER_SECONDS = 15.0


def oldest_marker() -> float | None:
    """Age in seconds of the oldest change not yet counted; None when everything is counted."""
    with connection.cursor() as cursor:
        # By number, which follows time closely enough and has an index.
        cursor.execute(f"SELECT extract(epoch FROM clock_timestamp() - at)::float FROM {MARKER} ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else None


def figures_may_lag() -> bool:
    """For the frame of a page: one index-sized look, and never an error of its own."""
    try:
        age = oldest_marker()
    except DatabaseError:
        return True
    return age is not None and age > LATE_AFTER_SECONDS
