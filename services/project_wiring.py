"""Where projects and finance hang on to the rest of the house; called once when the app is ready."""

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Panels, followers of enterprises and committees, sentences of the trail."""
    from audit import sentences
    from chains import lifecycle as chains
    from core import panels
    from enterprises import lifecycle as enterprises
    from services import project_panels
    from services.lifecycle import project_following
    from services.project_enums import ProjectState, ServicePart

    enterprises.followers.append(project_following.follow_enterprise)
    chains.committee_followers.append(project_following.follow_committees)
    panels.register("enterprise", 55, project_panels.of_enterprise)
    panels.register("committee", 35, project_panels.of_committee)
    panels.register("region", 20, project_panels.of_region)
    sentences.add(
        {
            "project.stepped": _("项目进展到“{state}”，{on}"),
            "project.stopped": _("项目于 {on} 终止：{reason}"),
            "project.stepped_back": _("从“{was}”退回“{state}”：{reason}"),
            "project.funds_arrived": _("到位资金 {amount} 万元，{on}，{origin}"),
            "project.service_attached": _("{organisation} 负责{part}，自 {on} 起"),
            "project.dispatched": _("{on} 调度：{text}"),
            "project.convened": _("提请{committee}一事一商：{reason}"),
        },
        labels={"state": ProjectState, "was": ProjectState, "part": ServicePart},
    )
