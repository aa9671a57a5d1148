"""A rule in plain words, and what a finding says: sentences made when they are read."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mechanisms import actors, acts
from mechanisms.enums import Cadence, Reminded, Verdict


def conditions(filters, chosen: dict) -> str:
    """The chosen conditions: 会议类别为党委会、已填写纪要."""
    found = []
    for name, value in chosen.items():
        one = filters.get(name)
        if one is None:
            continue
        if one.choices is None:
            found.append(str(one.label) if value else _("不是：%(label)s") % {"label": one.label})
            continue
        labels = {str(code): str(label) for code, label in one.choices()}
        chosen_labels = _("或").join(labels.get(code, code) for code in value)
        found.append(_("%(label)s为%(values)s") % {"label": one.label, "values": chosen_labels})
    return "、".join(found)


def _named(label, told: str) -> str:
    return _("%(label)s（%(conditions)s）") % {"label": label, "conditions": told} if told else str(label)


def who(version) -> str:
    kind = actors.get(version.actor)
    return _named(kind.each or kind.label, conditions(kind.filters, version.actor_filters))


def what(version) -> str:
    act = acts.get(version.act)
    return _named(act.label, conditions(act.filters, version.act_filters))


def sentence(version) -> str:
    """What the rule says, as one would say it: 各产业链党委每季度召开会议（会议类别为党委会）至少 1 次……"""
    try:
        who_words, what_words, unit = who(version), what(version), acts.get(version.act).unit
    except KeyError:
        return version.text or version.name
    values = {
        "who": who_words, "what": what_words, "unit": unit, "minimum": version.minimum, "maximum": version.maximum,
        "period": Cadence(version.cadence).label,
    }  # fmt: skip
    found = [_amount(version) % values]
    if version.target is not None:
        found.append(_("以 %(target)d %(unit)s左右为宜") % {"target": version.target, "unit": unit})
    if version.percent is not None:
        population = actors.get(version.reaches)
        named = _named(population.label, conditions(population.filters, version.reaches_filters))
        found.append(_("覆盖%(population)s的 %(percent)d%%") % {"population": named, "percent": version.percent})
    text = _("，").join(found) + _("。")
    if not version.is_standing:
        values = {"days": version.warn_days, "whom": Reminded(version.reminds).label}
        text += _("到期前 %(days)d 天仍未落实的，提醒%(whom)s。") % values
    return text


def _amount(version) -> str:
    """The template for what is asked in numbers."""
    if version.is_standing:
        if version.maximum is None:
            return _("%(who)s：%(what)s，任何时候不少于 %(minimum)d %(unit)s")
        if version.minimum == version.maximum:
            return _("%(who)s：%(what)s，任何时候都是 %(minimum)d %(unit)s")
        return _("%(who)s：%(what)s，任何时候为 %(minimum)d 至 %(maximum)d %(unit)s")
    if version.maximum is not None and version.minimum == 0:
        return _("%(who)s%(period)s%(what)s不超过 %(maximum)d %(unit)s")
    if version.maximum is not None:
        return _("%(who)s%(period)s%(what)s %(minimum)d 至 %(maximum)d %(unit)s")
    if version.minimum == 0:
        return _("%(who)s%(period)s%(what)s")
    return _("%(who)s%(period)s%(what)s至少 %(minimum)d %(unit)s")


def finding(duty, version, today: dt.date) -> str:
    """What stands behind a verdict, in a few words beside its light."""
    verdict = duty.verdict
    unit = acts.get(version.act).unit if version.act in {one.code for one in acts.all_acts()} else ""
    values = {"count": duty.count, "minimum": version.minimum, "maximum": version.maximum, "unit": unit}
    if verdict == Verdict.NOT_JUDGED:
        return _("在本周期不足一半时间，不作判定；已有 %(count)d %(unit)s") % values
    if verdict == Verdict.OVER:
        return _("已有 %(count)d %(unit)s，上限 %(maximum)d") % values
    if verdict == Verdict.VACANT:
        gap = getattr(duty, "vacant_since", None)
        return _("自 %(day)s 起空缺") % {"day": gap.isoformat()} if gap else _("现有 %(count)d %(unit)s") % values
    if verdict == Verdict.COMPLIED:
        return _("%(count)d %(unit)s，%(day)s 落实") % {**values, "day": duty.complied_on.isoformat()}
    parts = [_("%(count)d/%(minimum)d %(unit)s") % values] if version.minimum else []
    if duty.wanted:
        parts.append(_("覆盖 %(reached)d/%(wanted)d") % {"reached": duty.reached, "wanted": duty.wanted})
    if verdict in (Verdict.DUE, Verdict.COMING):
        left = (duty.last_on - today).days
        parts.append(ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left} if left else _("今天是最后一天"))
        if duty.planned_on and duty.planned_on >= today:
            parts.append(_("已计划 %(day)s") % {"day": duty.planned_on.isoformat()})
    return _("，").join(parts)
