"""The targets (年度目标) of the unit shown: what is reached, against the target and where a straight line leads."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from closing import perms, targets
from core import units
from dashboards import charts

NO_VALUE = "—"


def chart(picked, actor) -> dict | None:
    """Bullets of the targets whose years touch the period, each with its figure up to today; None where the scope has
    no targets of its own (a chain, an enterprise)."""
    place = targets.place_of(picked.scope)
    if place is None:
        return None
    found = targets.of_place(place, picked.period)
    labels = _labels(found)
    told = zip(labels, found, strict=True)
    drawn = [(label, one) for label, one in told if _percent(one, one.figure.value) is not None]
    more = {} if drawn else {"empty": _("还没有可以与目标比较的现值。")} if found else _lead(place, actor)
    made = charts.card(
        "chart-targets",
        _("年度目标完成情况"),
        _("占目标的百分比"),
        picked,
        finding(found),
        _figure(drawn),
        _table(labels, found) if found else None,
        source=_("年度目标和指标"),
        **more,
    )
    if found:
        # Targets are told up to today, or to the end of their years, whatever month of theirs is shown.
        made["as_of"] = f"{max(one.figure.period.as_of() for one in found):%Y-%m-%d}"
    return made


def finding(found) -> str:
    """What the bullets say; of one target its own outlook, of several how many stand how."""
    if not found:
        return ""
    if len(found) == 1:
        (one,) = found
        return _("“%(name)s”目标%(wanted)s，现值%(now)s，%(verdict)s。%(outlook)s") % {
            "name": one.figure.name,
            "wanted": one.wanted,
            "now": one.figure.text,
            "verdict": one.verdict,
            "outlook": one.outlook,
        }
    green = [one for one in found if one.tone == "green"]
    behind = sum(1 for one in found if one.tone == "yellow")
    return _(
        "共 %(n)s 项目标：已达到或未超出 %(reached)s 项，按进度可以完成 %(coming)s 项、不能完成 %(behind)s 项，"
        "未达到或暂无数据而不作推算 %(rest)s 项。"
    ) % {
        "n": len(found),
        "reached": sum(1 for one in green if one.reached),
        "coming": sum(1 for one in green if not one.reached),
        "behind": behind,
        "rest": len(found) - len(green) - behind,
    }


def _lead(place, actor) -> dict:
    """What stands in the place of the bullets where nothing was set, with the way to set it."""
    if perms.set_target(place, actor):
        return {"empty": _("这个单位该年度还没有目标，组织部工作人员设定后会列在这里。")}
    url = f"{reverse('closing:target_create')}?{urlencode({'scope': place.scope.key})}"
    return {
        "empty": _("这个单位该年度还没有目标。"),
        "action": {"url": url, "label": _("设定目标")},
    }


def _labels(found) -> list[str]:
    """The name of each figure, with its years where the same figure has several targets: bars of one label would
    lie upon each other."""
    names = [str(one.figure.name) for one in found]
    return [
        f"{name} {one.target.period.name}" if names.count(name) > 1 else name
        for name, one in zip(names, found, strict=True)
    ]


def _percent(one, value) -> float | None:
    """A value in percent of the target; None where one of them says nothing."""
    if value is None or not one.target.value:
        return None
    return round(float(units.exact(value) * 100 / one.target.value), 1)


def _leads_to(one) -> str:
    if one.projected is None:
        return NO_VALUE
    return units.text(one.projected, one.declared.unit, one.declared.places)


def _figure(drawn) -> dict:
    labels = [label for label, _one in drawn]
    ones = [one for _label, one in drawn]
    links = [one.figure.rows_url for one in ones]
    return charts.bullets(
        labels,
        [
            {
                "name": _("现值"),
                "values": [_percent(one, one.figure.value) for one in ones],
                "said": [one.figure.text for one in ones],
                "addresses": links,
                "colours": [f"@{one.tone}" for one in ones],
                "words": [f"{one.figure.text} {one.verdict}" for one in ones],
            },
            {
                "name": _("按进度推算"),
                "values": [_percent(one, one.projected) for one in ones],
                "said": [_leads_to(one) for one in ones],
                "addresses": links,
            },
            {
                "name": _("目标"),
                "values": [100 for _one in ones],
                "said": [str(one.wanted) for one in ones],
                "addresses": links,
            },
        ],
    )


def _table(labels, found) -> dict:
    """Every target, those too that no bar can show: nothing counted yet, or a target of none."""
    columns = [_("指标"), _("期限"), _("目标"), _("现值"), _("占目标的百分比"), _("按进度推算"), _("结果")]
    rows = []
    for label, one in zip(labels, found, strict=True):
        share = _percent(one, one.figure.value)
        rows.append(
            [
                {"text": label},
                {"text": one.target.period.name},
                {"text": one.wanted},
                {"text": one.figure.text, "href": one.figure.rows_url if one.figure.value is not None else ""},
                {"text": NO_VALUE if share is None else f"{share:g}"},
                {"text": _leads_to(one)},
                {"text": one.verdict},
            ]
        )
    return {"columns": columns, "rows": rows}
