"""Keys by which a screen on a wall shows figures without anybody signing in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Region
from dashboards.querysets import WallKeyQuerySet

SHORTEST, LONGEST = 5, 600


class WallKey(models.Model):
    """What opens one wall display (大屏密钥): the figures of one region and its chains, read only.

    Only a digest of its secret is kept. It opens until the end of `expires_on` or until it is revoked. It belongs to
    the region, not to the person who made it. `seconds` is how long each scope stays on the screen.
    """

    region = models.ForeignKey(Region, verbose_name=_("显示区域"), on_delete=models.PROTECT, related_name="wall_keys")
    label = models.CharField(_("放在哪里"), max_length=60, blank=True)
    seconds = models.PositiveSmallIntegerField(_("每屏停留（秒）"))
    expires_on = models.DateField(_("有效期至"))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = WallKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("大屏密钥")
        verbose_name_plural = _("大屏密钥")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="wall_seconds_sensible",
                condition=Q(seconds__range=(SHORTEST, LONGEST)),
                violation_error_message=_("每屏停留 5 到 600 秒。"),
            ),
            models.CheckConstraint(name="wall_key_is_a_digest", condition=Q(key_hash__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self):
        return f"{self.region} {self.label}".strip()
