"""What must not reach a log: the secret of an enterprise's link, which stands in the address it is opened by."""

import logging
import re

from gunicorn.glogging import Logger

_SECRET = re.compile(r"(/v/\d+/o/)[^/\s\"'?]+")


def hide(text: str) -> str:
    """`/v/12/o/<secret>/` as `/v/12/o/***/`, wherever it stands in the text."""
    return _SECRET.sub(r"\1***", text)


class HideSecrets(logging.Filter):
    """For every handler: the line as it will be written, without secrets."""

    def filter(self, record):
        line = record.getMessage()
        if "/v/" in line:
            record.msg, record.args = hide(line), None
        return True


class AccessLogger(Logger):
    """gunicorn's own log of requests, without secrets: `--logger-class=core.logs.AccessLogger`."""

    def atoms(self, *args):
        return {name: hide(value) if isinstance(value, str) else value for name, value in super().atoms(*args).items()}
