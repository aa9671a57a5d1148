"""What every register takes from the trail: versions for the second saver, sentences of what was changed, a history."""

from django.utils.translation import gettext as _

from audit.records import events_of, sentences

SHOWN = 12


def history(obj) -> list[dict]:
    """The record's latest changes for `components/timeline.html`."""
    shown = []
    for event in events_of(obj)[:SHOWN]:
        word = event.verb.rpartition(".")[2]
        titles = {"created": _("登记"), "changed": _("修改")}
        shown.append(
            {
                "title": titles.get(word) or _other(event.verb),
                "who": event.actor_name,
                "at": event.at,
                "icon": {"created": "plus", "changed": "edit"}.get(word, "circle-check"),
                "changes": sentences(event, type(obj)),
                "text": _text(event),
            }
        )
    return shown


def _other(verb) -> str:
    return {
        "team.member_added": _("成员加入"),
        "team.member_left": _("成员退出"),
        "enterprise.chain_joined": _("加入产业链"),
        "enterprise.chain_left": _("退出产业链"),
        "enterprise.employees_recorded": _("填报员工数"),
        "enterprise.merged": _("并入其他企业"),
        "enterprise.absorbed": _("并入了重复登记的企业"),
        "organisation.members_recorded": _("填报党员数"),
    }.get(verb, verb)


def _text(event) -> str:
    data = event.data
    if event.verb == "enterprise.employees_recorded":
        return _("%(number)s 人，自 %(day)s 起") % {"number": data.get("employees"), "day": data.get("on")}
    if event.verb == "organisation.members_recorded":
        return _("%(number)s 名，自 %(day)s 起") % {"number": data.get("members"), "day": data.get("on")}
    for key in ("member", "chain", "into", "duplicate"):
        if data.get(key):
            name = data[key]["name"] if isinstance(data[key], dict) else data[key]
            return _("%(name)s，%(day)s") % {"name": name, "day": data.get("on", "")}
    return ""
