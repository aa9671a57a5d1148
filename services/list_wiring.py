"""Where the lists, the catalogue and talent hang on to the rest of the house; called once when the app is ready."""

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Panels, followers of enterprises and committees, sentences of the trail."""
    from audit import sentences
    from chains import lifecycle as chains
    from core import panels
    from enterprises import lifecycle as enterprises
    from services import chain_panel, list_panels
    from services.lifecycle import list_following

    enterprises.followers.append(list_following.follow_enterprise)
    chains.committee_followers.append(list_following.follow_committees)
    panels.register("enterprise", 50, list_panels.of_enterprise)
    panels.register("committee", 30, list_panels.of_committee)
    panels.register("chain", 30, chain_panel.of_chain)
    panels.register("problem", 40, list_panels.of_problem)
    sentences.add(
        {
            "demand.created": _("提出需求"),
            "demand.match_confirmed": _("确认对接：{target}"),
            "demand.match_set_aside": _("不合适：{target}（{reason}）"),
            "demand.met": _("需求已于 {on} 满足：{outcome}"),
            "demand.withdrawn": _("需求已于 {on} 撤回：{outcome}"),
            "demand.reopened": _("重新打开需求：{reason}"),
            "demand.became_problem": _("转为问题 {problem}"),
            "resource.closed": _("停止提供，自 {on} 起"),
            "policy.closed": _("停止执行，自 {on} 起"),
            "policy.file_added": _("上传政策原文：{file}"),
        }
    )
