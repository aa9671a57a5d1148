"""Pages of the ledger."""

from problems.views.call_backs import call_back, call_back_export, call_list
from problems.views.entry import act, create, detail
from problems.views.files import attach, download
from problems.views.links import link_make, link_revoke
from problems.views.lists import counts, export, mine, problem_list
from problems.views.memory import remembered, similar

__all__ = [
    "act",
    "attach",
    "call_back",
    "call_back_export",
    "call_list",
    "counts",
    "create",
    "detail",
    "download",
    "export",
    "link_make",
    "link_revoke",
    "mine",
    "problem_list",
    "remembered",
    "similar",
]
