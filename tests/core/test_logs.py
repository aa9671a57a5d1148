"""No line of a log carries the secret of an enterprise's link."""

import logging

from core.logs import AccessLogger, HideSecrets, hide

ADDRESS = "/v/12/o/uIUEuGnTgT6dFkA9pdKcfVM3AJIL0fIcxCZPwaJN9mY/"


def test_the_secret_is_hidden_wherever_it_stands():
    assert hide(f"GET {ADDRESS} HTTP/1.1") == "GET /v/12/o/***/ HTTP/1.1"
    assert hide(f'"{ADDRESS[:-1]}" "https://host{ADDRESS}?x=1"') == '"/v/12/o/***" "https://host/v/12/o/***/?x=1"'
    assert hide("/v/12/rate/ /problems/12/") == "/v/12/rate/ /problems/12/"


def test_lines_of_the_application(settings):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Forbidden", ADDRESS), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == "Forbidden: /v/12/o/***/"
    for handler in settings.LOGGING["handlers"].values():
        assert "hide_secrets" in handler["filters"], "every handler hides"


def test_lines_of_gunicorn(monkeypatch):
    atoms = {"r": f"GET {ADDRESS} HTTP/1.1", "U": ADDRESS, "f": f"https://host{ADDRESS}", "s": "302", "B": None}
    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", lambda self, *args: atoms)
    told = AccessLogger.atoms(object.__new__(AccessLogger))
    assert "uIUE" not in str(told) and told["s"] == "302" and told["B"] is None
