"""Kinds of the lists and of talent as data: common ones, and a region's own beside them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models.kinds import Kind
from problems.models import Category
from services.list_enums import TalentClass


def _once(name):
    return models.UniqueConstraint(
        name=f"{name}_name_once",
        fields=["region", "name"],
        nulls_distinct=False,
        violation_error_message=_("已有同名类别。"),
    )


class ServiceKind(Kind):
    """What a demand is about and a resource or policy is good for (要素类别), e.g. capital, labour, land.

    One vocabulary for the three lists: like meets like by it. `category` is the category of the ledger in which a
    demand that becomes a problem is raised.
    """

    category = models.ForeignKey(
        Category,
        verbose_name=_("对应问题类别"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("需求转为问题时带入，也用来查找已解决的同类问题。"),
    )

    class Meta(Kind.Meta):
        verbose_name = _("要素类别")
        verbose_name_plural = _("要素类别")
        constraints = [_once("servicekind")]


class TalentKind(Kind):
    """What sort of talent is short or was hired (人才类别), e.g. doctor, technician."""

    counts_as = models.CharField(_("统计口径"), max_length=20, choices=TalentClass, default=TalentClass.OTHER)

    class Meta(Kind.Meta):
        verbose_name = _("人才类别")
        verbose_name_plural = _("人才类别")
        constraints = [
            _once("talentkind"),
            models.CheckConstraint(name="talentkind_known", condition=Q(counts_as__in=TalentClass.values)),
        ]
