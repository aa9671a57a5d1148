"""States of a project, what it does for its chain, and the classes that kinds of projects and of finance count as."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectState(models.TextChoices):
    """The life of a project, in its order; `stopped` (终止) may follow any of them."""

    LEAD = "lead", _("线索")
    NEGOTIATION = "negotiation", _("洽谈")
    SIGNED = "signed", _("签约")
    LANDED = "landed", _("落地")
    STARTED = "started", _("开工")
    PRODUCING = "producing", _("投产")
    CAPACITY = "capacity", _("达产")
    STOPPED = "stopped", _("终止")


# The day on which each state was reached.
DATES = {
    ProjectState.LEAD: "lead_on",
    ProjectState.NEGOTIATION: "negotiated_on",
    ProjectState.SIGNED: "signed_on",
    ProjectState.LANDED: "landed_on",
    ProjectState.STARTED: "started_on",
    ProjectState.PRODUCING: "producing_on",
    ProjectState.CAPACITY: "capacity_on",
}


class ChainWork(models.TextChoices):
    """What a project does for its chain (建链、延链、补链、强链)."""

    BUILD = "build", _("建链")
    EXTEND = "extend", _("延链")
    SUPPLEMENT = "supplement", _("补链")
    STRENGTHEN = "strengthen", _("强链")


class Level(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")


class KindOf(models.TextChoices):
    """Which column a kind is offered in."""

    PROJECT = "project", _("项目类别")
    SOURCE = "source", _("项目来源")
    LOAN = "loan", _("贷款类别")
    BORROWER = "borrower", _("借款主体类别")


class EntryClass(models.TextChoices):
    """What figures go by."""

    ATTRACTION = "attraction", _("招商引资")
    MAJOR = "major", _("重大项目")
    RESERVE = "reserve", _("储备项目")
    GUARANTEED = "guaranteed", _("担保贷款")
    GOV_BANK = "gov_bank", _("政银担贷款")
    DISCOUNTED = "discounted", _("贴息贷款")
    COLLECTIVE = "collective", _("村集体经济组织")
    OPERATOR = "operator", _("新型经营主体")
    OTHER = "other", _("其他")


# What a kind of each sort may count as.
CLASSES = {
    KindOf.PROJECT: {EntryClass.ATTRACTION, EntryClass.MAJOR, EntryClass.RESERVE, EntryClass.OTHER},
    KindOf.SOURCE: {EntryClass.OTHER},
    KindOf.LOAN: {EntryClass.GUARANTEED, EntryClass.GOV_BANK, EntryClass.DISCOUNTED, EntryClass.OTHER},
    KindOf.BORROWER: {EntryClass.COLLECTIVE, EntryClass.OPERATOR, EntryClass.OTHER},
}


class ServicePart(models.TextChoices):
    """Which stretch of a project an organisation answers for: 1+1+X, and the branches of N+1."""

    ATTRACTION = "attraction", _("招商")
    LANDING = "landing", _("企业落地")
    LOCAL = "local", _("属地服务")
    SERVICE = "service", _("服务（N+1）")
