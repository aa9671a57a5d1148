"""Lists handed out as files: short ones at once, long ones by a worker (docs/reports.md)."""
