"""What every register takes from the trail: versions for the second saver, sentences of what was changed, a history."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit import sentences as words
from audit.records import events_of, sentences, version
from core.answers import attempt

SHOWN = 12


def history(obj) -> list[dict]:
    """The record's latest changes for `components/timeline.html`."""
    shown = []
    for event in events_of(obj)[:SHOWN]:
        word = event.verb.rpartition(".")[2]
        titles = {"created": _("登记"), "changed": _("修改")}
        shown.append(
            {
                "title": titles.get(word) or _titled(event),
                "who": event.actor_name,
                "at": event.at,
                "icon": {"created": "plus", "changed": "edit"}.get(word, "circle-check"),
                "changes": sentences(event, type(obj)),
                "text": _text(event),
            }
        )
    return shown


def told(event, model) -> list[str]:
    """What an event did to a record, for the person who saves second: the changed fields, or what else happened."""
    changed = sentences(event, model)
    if changed:
        return changed
    title, text = _titled(event), _text(event)
    return [_("%(title)s：%(text)s") % {"title": title, "text": text} if text else title]


@dataclass(frozen=True)
class _Telling:
    """What `core.answers.attempt` asks of a register, for a record that has none of its own."""

    model: type
    sentences: Callable = told


def attempt_change(form, obj, act) -> tuple:
    """Do `act()` on the record of a form that carries its version: (the result or None, what others changed meanwhile).

    After a conflict the form carries the present version: saving what was typed once more goes through.
    """
    changes = []
    saved = attempt(form, act, changes, _Telling(type(obj)))
    if changes:
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = version(type(obj)._base_manager.get(pk=obj.pk))
    return saved, changes


def _titled(event) -> str:
    """What happened: a short name where the text beside it tells the rest, else the trail's own sentence."""
    return _other(event.verb) or words.sentence(event)


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
        "posting.ended": _("办理离岗"),
        "pairing.ended": _("结束结对"),
        "pairing.file_added": _("上传协议"),
        "facility.closed": _("停用"),
        "honour.revoked": _("撤销荣誉"),
    }.get(verb, "")


def _text(event) -> str:
    data = event.data
    if not _other(event.verb):
        return ""
    if event.verb == "enterprise.employees_recorded":
        return _("%(number)s 人，自 %(day)s 起") % {"number": data.get("employees"), "day": data.get("on")}
    if event.verb == "organisation.members_recorded":
        return _("%(number)s 名，自 %(day)s 起") % {"number": data.get("members"), "day": data.get("on")}
    if event.verb in ("facility.closed", "honour.revoked", "pairing.ended"):
        return data.get("on", "")
    for key in ("member", "chain", "into", "duplicate", "file"):
        if data.get(key):
            name = data[key]["name"] if isinstance(data[key], dict) else data[key]
            return _("%(name)s，%(day)s") % {"name": name, "day": data["on"]} if data.get("on") else name
    return ""
