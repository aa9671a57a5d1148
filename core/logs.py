"""What must not reach a log: secrets that stand in the address which they open (an enterprise's link, a calendar,
a wall display)."""

import logging
import re

from gunicorn.glogging import Logger

_SECRET = re.compile(r"(/v/\d+/o/|/calendars/|/wall/)[^/\s\"'?]+")
_MARKS = ("/v/", "/calendars/", "/wall/")


_PLAIN = logging.Formatter()


def hide(text: str) -> str:
    """`/v/12/o/<secret>/` as `/v/12/o/***/`, a calendar's address alike, wherever it stands in the text."""
    return _SECRET.sub(r"\1***", text)


class HideSecrets(logging.Filter):
    """For every handler: the line as it will be written, and the traceback below it, without secrets."""

    def filter(self, record):
        line = record.getMessage()
        if any(mark in line for mark in _MARKS):
            record.msg, record.args = hide(line), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hide(record.exc_text)
        return True


class AccessLogger(Logger):
    """gunicorn's own logs, of requests and of errors, without secrets: `--logger-class=core.logs.AccessLogger`."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(HideSecrets())

    def atoms(self, *args):
        return {name: hide(value) if isinstance(value, str) else value for name, value in super().atoms(*args).items()}
