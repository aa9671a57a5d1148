"""Which typeface each part of an official document takes.

The faces of the standard (方正小标宋简体, 仿宋_GB2312, 楷体_GB2312) are not free to ship. A document names them and,
in its font table, what to take instead. `settings.REPORT_FONTS` overrides any role with a name or a list of names,
first choice first.
"""

from django.conf import settings

DEFAULTS = {
    "title": ("方正小标宋简体", "方正小标宋_GBK", "小标宋体", "宋体", "SimSun", "Noto Serif CJK SC"),
    "body": ("仿宋_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC"),
    "head": ("黑体", "SimHei", "Noto Sans CJK SC"),
    "subhead": ("楷体_GB2312", "楷体", "KaiTi", "Noto Serif CJK SC"),
    "page": ("宋体", "SimSun", "Noto Serif CJK SC"),
    "latin": ("Times New Roman", "Liberation Serif"),
}


def table():
    """Role to names, first choice first, from the settings over the defaults."""
    chosen = dict(DEFAULTS)
    for role, names in (getattr(settings, "REPORT_FONTS", None) or {}).items():
        chosen[role] = (names,) if isinstance(names, str) else tuple(names)
    return chosen
