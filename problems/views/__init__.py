"""Pages of the ledger."""

from problems.views.entry import act, create, detail, similar
from problems.views.files import attach, download
from problems.views.lists import export, mine, problem_list

__all__ = ["act", "attach", "create", "detail", "download", "export", "mine", "problem_list", "similar"]
