from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from accounts import perms, signals  # noqa: F401 - connects the receivers
        from accounts.actors import actor_of
        from audit import sentences
        from exchange.exports import doors
        from exchange.imports import declarations

        declarations.register_actors(actor_of)
        doors.register_door(perms.enter)
        sentences.add(
            {
                "sign_in.done": _("登录"),
                "sign_in.out": _("退出登录"),
                "sign_in.failed": _("登录失败，账号：{username}"),
                "sign_in.locked": _("连续输错密码，暂停登录，账号：{username}"),
                "account.created": _("建立账号：{username}"),
                "account.edited": _("编辑账号资料"),
                "account.enabled": _("启用账号"),
                "account.disabled": _("停用账号"),
                "account.password_reset": _("重置密码"),
                "account.password_changed": _("本人修改密码"),
                "post.given": _("授予岗位：{role_name}（{place}），自 {started_on} 起"),
                "post.deputised": _(
                    "设定代理：自 {started_on} 至 {until} 代理{holder}的{role_name}（{place}），理由：{reason}"
                ),
                "post.deputy_ended": _("结束代理：{holder}的{role_name}（{place}），自 {ended_on} 起"),
                "post.handed_over": _("交接：{role_name}（{place}）手中的 {count} 项，原因：{reason}"),
                "post.ended": _("岗位离任：{role_name}（{place}），自 {ended_on} 起"),
            }
        )
