"""No line of a log carries the secret of an enterprise's link."""

import logging

from gunicorn.config import Config

from core.logs import AccessLogger, HideSecrets, hide

ADDRESS = "/v/12/o/uIUEuGnTgT6dFkA9pdKcfVM3AJIL0fIcxCZPwaJN9mY/"


def test_the_secret_is_hidden_wherever_it_stands():
    assert hide(f"GET {ADDRESS} HTTP/1.1") == "GET /v/12/o/***/ HTTP/1.1"
    assert hide(f'"{ADDRESS[:-1]}" "https://host{ADDRESS}?x=1"') == '"/v/12/o/***" "https://host/v/12/o/***/?x=1"'
    assert hide("GET /calendars/uIUEuGnTgT6d.ics HTTP/1.1") == "GET /calendars/*** HTTP/1.1"
    assert hide("/v/12/rate/ /problems/12/") == "/v/12/rate/ /problems/12/"


def test_lines_of_the_application(settings):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Forbidden", ADDRESS), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == "Forbidden: /v/12/o/***/"
    for handler in settings.LOGGING["handlers"].values():
        assert "hide_secrets" in handler["filters"], "every handler hides"


def test_the_traceback_below_a_line():
    try:
        raise ValueError(f"no answer for {ADDRESS}")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "broken", None, (type(error), error, error.__traceback__))
    HideSecrets().filter(record)
    written = logging.Formatter().format(record)
    assert "no answer for /v/12/o/***/" in written and "uIUE" not in written


def test_errors_of_gunicorn(tmp_path):
    log = AccessLogger(Config())
    log.cfg.set("errorlog", str(tmp_path / "error.log"))
    log.setup(log.cfg)
    log.error("Error handling request %s", ADDRESS)
    for handler in log.error_log.handlers:
        handler.close()
    assert "/v/12/o/***/" in (tmp_path / "error.log").read_text()
    log.error_log.handlers.clear()


def test_lines_of_gunicorn(monkeypatch):
    atoms = {"r": f"GET {ADDRESS} HTTP/1.1", "U": ADDRESS, "f": f"https://host{ADDRESS}", "s": "302", "B": None}
    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", lambda self, *args: atoms)
    told = AccessLogger.atoms(object.__new__(AccessLogger))
    assert "uIUE" not in str(told) and told["s"] == "302" and told["B"] is None
