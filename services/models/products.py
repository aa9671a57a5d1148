"""What enterprises make and buy."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import search
from enterprises.models import Enterprise
from enterprises.models.placed import Placed, dated
from services.list_enums import ProductRole
from services.list_querysets import ProductQuerySet


@pghistory.track(exclude=["initials", "tokens", "key"])
class Product(Placed):
    """A product that an enterprise makes or buys (产品目录): one row for each, from `listed_on` until `ends_on`.

    `key` is the name without differences of writing: two rows with one key are the same product.
    """

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="products"
    )
    name = models.CharField(_("产品名称"), max_length=80)
    key = models.CharField(max_length=80, editable=False)
    role = models.CharField(_("产或购"), max_length=10, choices=ProductRole, default=ProductRole.MAKES)
    unit = models.CharField(_("计量单位"), max_length=20, blank=True)
    quantity = models.CharField(
        _("产能或用量"), max_length=60, blank=True, help_text=_("按企业的说法填写，例如“年产 3000 吨”。")
    )
    note = models.CharField(_("规格和要求"), max_length=300, blank=True)
    listed_on = models.DateField(_("登记日期"))
    ends_on = models.DateField(_("停产或停购日期"), null=True, blank=True)
    tokens = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    initials = models.CharField(max_length=200, blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("产品")
        verbose_name_plural = _("产品")
        ordering = ["name", "id"]
        indexes = [
            GinIndex(fields=["tokens"], name="product_tokens"),
            models.Index(fields=["key", "role"], name="product_key"),
            *dated("product", "listed_on", "ends_on"),
        ]
        constraints = [
            models.CheckConstraint(name="product_role_known", condition=Q(role__in=ProductRole.values)),
            models.CheckConstraint(
                name="product_dates_ordered",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("listed_on")),
                violation_error_message=_("停产或停购日期不能早于登记日期。"),
            ),
            models.UniqueConstraint(
                name="product_once",
                fields=["enterprise", "role", "key"],
                condition=Q(ends_on=None),
                violation_error_message=_("这家企业已登记同名产品。"),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.key = search.normalise(self.name)
        self.initials = search.initials(self.name)
        self.tokens = search.tokens(self.name, self.note)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:product_detail", args=[self.pk])

    @property
    def other_role(self) -> str:
        return ProductRole.BUYS if self.role == ProductRole.MAKES else ProductRole.MAKES
