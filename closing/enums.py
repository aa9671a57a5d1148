"""States of a month."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosingState(models.TextChoices):
    OPEN = "open", _("未提交")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("已审核")
    LOCKED = "locked", _("已封账")


TONES = {
    ClosingState.OPEN: "grey",
    ClosingState.SUBMITTED: "yellow",
    ClosingState.APPROVED: "blue",
    ClosingState.LOCKED: "green",
}
