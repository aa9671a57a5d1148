from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class MechanismsConfig(AppConfig):
    name = "mechanisms"
    verbose_name = _("规矩雷达")

    def ready(self):
        from audit import sentences
        from audit.models import Event
        from core import panels as places
        from mechanisms import known, panels, registry, wake

        known.register()
        places.register("committee", 12, panels.of_committee)
        # Every change leaves an event, whoever made it.
        post_save.connect(wake.after_commit, sender=Event, dispatch_uid="mechanisms.event")
        post_migrate.connect(registry.install_after_migrate, dispatch_uid="mechanisms.registry")
        sentences.add(
            {
                "mechanism.created": _("建立机制“{name}”，自 {starts_on} 起生效：{rule}"),
                "mechanism.changed": _("修改机制“{name}”，自 {starts_on} 起生效：{rule}"),
                "mechanism.ended": _("终止机制“{name}”，自 {ends_on} 起不再生效：{reason}"),
                "mechanism.switched_off": _("{region}自 {from_on} 起停用机制“{name}”：{reason}"),
                "mechanism.switched_on": _("{region}自 {until_on} 起恢复机制“{name}”"),
            }
        )
