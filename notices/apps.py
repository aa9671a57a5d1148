from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("消息")

    def ready(self):
        from audit import sentences
        from audit.models import Event
        from core.context import register_bell
        from notices import inbox, wake
        from problems.supervision import fired

        register_bell(inbox.bell)
        post_save.connect(wake.after_commit, sender=Event, dispatch_uid="notices.event")
        fired.connect(wake.after_commit, dispatch_uid="notices.fired")
        sentences.add(
            {
                "channel.created": _("建立消息通道，种类 {robot}，主机 {host}"),
                "channel.changed": _("修改消息通道，种类 {robot}，主机 {host}"),
                "channel.tested": _("测试消息通道"),
                "user.email_set": _("本人修改电子邮箱"),
            }
        )

    @property
    def doctor_checks(self):
        """What `manage.py doctor` asks of this app."""
        from notices import doctor

        return doctor.CHECKS
