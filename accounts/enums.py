from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Role


class RoleChoice(models.TextChoices):
    """The eight roles with their Chinese names; the codes are those of `core.actor.Role`."""

    COUNTY_OFFICER = Role.COUNTY_OFFICER, _("组织部工作人员")
    LEADER = Role.LEADER, _("领导（链长）")
    CHAIN_SECRETARY = Role.CHAIN_SECRETARY, _("产业链党委书记（链办）")
    TEAM_MEMBER = Role.TEAM_MEMBER, _("帮办团成员")
    DEPARTMENT_OFFICER = Role.DEPARTMENT_OFFICER, _("责任单位承办人")
    BRANCH_SECRETARY = Role.BRANCH_SECRETARY, _("企业党组织书记（联络员）")
    AUDITOR = Role.AUDITOR, _("审计员")
    SYSTEM_ADMIN = Role.SYSTEM_ADMIN, _("系统管理员")


# Which scope column a post of the role must fill; a leader may add a chain to the region.
SCOPE_OF_ROLE = {
    Role.COUNTY_OFFICER: "region",
    Role.LEADER: "region",
    Role.CHAIN_SECRETARY: "committee",
    Role.TEAM_MEMBER: "team",
    Role.DEPARTMENT_OFFICER: "department",
    Role.BRANCH_SECRETARY: "enterprise",
    Role.AUDITOR: None,
    Role.SYSTEM_ADMIN: None,
}
