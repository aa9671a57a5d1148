"""What a column of a custom ledger may hold, and which roles may be named by a ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleChoice
from core.actor import Role


class FieldType(models.TextChoices):
    """The type of a column (栏目类型)."""

    TEXT = "text", _("文字")
    LONG_TEXT = "long_text", _("长文字")
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("小数")
    WAN_YUAN = "wan_yuan", _("金额（万元）")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    YES_NO = "yes_no", _("是否")
    ENTERPRISE = "enterprise", _("企业")
    MOBILE = "mobile", _("手机号码")
    IDENTIFIER = "identifier", _("证件号码")


CHOICE_TYPES = frozenset({FieldType.CHOICE, FieldType.CHOICES})
NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.WAN_YUAN})
# These say who somebody is, whatever the officer who defines the ledger ticks.
PERSONAL_TYPES = frozenset({FieldType.MOBILE, FieldType.IDENTIFIER})
# What the title of an entry may be taken from.
TITLE_TYPES = frozenset({FieldType.TEXT, FieldType.CHOICE, FieldType.ENTERPRISE})

FILLERS = (
    Role.COUNTY_OFFICER, Role.CHAIN_SECRETARY, Role.TEAM_MEMBER, Role.DEPARTMENT_OFFICER, Role.BRANCH_SECRETARY,
)  # fmt: skip
READERS = (*FILLERS, Role.LEADER)
FILLER_CHOICES = [(role, RoleChoice(role).label) for role in FILLERS]
READER_CHOICES = [(role, RoleChoice(role).label) for role in READERS]
