"""Forms of enterprises, Party organisations and the registers."""

from enterprises.forms.firms import (
    EndForm,
    EnterpriseFilter,
    EnterpriseForm,
    JoinForm,
    MembershipForm,
    MergeForm,
    NumberForm,
    OrganisationFilter,
    OrganisationForm,
    joinable_chains,
    keeping_regions,
)

__all__ = [
    "EndForm", "EnterpriseFilter", "EnterpriseForm", "JoinForm", "MembershipForm", "MergeForm", "NumberForm",
    "OrganisationFilter", "OrganisationForm", "joinable_chains", "keeping_regions",
]  # fmt: skip
