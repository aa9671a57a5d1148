#!/usr/bin/env python
"""Django's command line, with the local PostgreSQL and Redis running for the commands that need them."""

import os
import sys

# These start their own servers, or need none. Everything else may open the database.
WITHOUT_SERVERS = {
    "",
    "catalogue",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "run",
    "spectacular",
    "startapp",
    "stop",
    "version",
}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.local.errors import LocalServiceError
    from config.local.services import LocalServices

    try:
        if needs_servers(arguments):
            with LocalServices.configured().lease(say=lambda line: print(line, file=sys.stderr)):
                execute(arguments)
        else:
            execute(arguments)
    except LocalServiceError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def needs_servers(arguments: list[str]) -> bool:
    command = next((each for each in arguments[1:] if not each.startswith("-")), "")
    asks_for_help = {"-h", "--help", "--version"} & set(arguments[1:])
    return command not in WITHOUT_SERVERS and not asks_for_help


def execute(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
