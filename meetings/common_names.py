"""Names of the common kinds of meetings and activities, marked for translation: they are data.

`core.shipped` looks them up when a page shows them. A test holds this list to the rows.
"""

from django.utils.translation import gettext_noop

COMMON_NAMES = (
    gettext_noop("党委会"),
    gettext_noop("联席会"),
    gettext_noop("推进会"),
    gettext_noop("专题会"),
    gettext_noop("要事商议会"),
    gettext_noop("工作调度会"),
    gettext_noop("走访企业"),
    gettext_noop("实地督查调研"),
    gettext_noop("理论学习"),
    gettext_noop("政策法规专题辅导"),
    gettext_noop("主题党日"),
    gettext_noop("书记讲党课"),
    gettext_noop("党建工作培训"),
    gettext_noop("观摩交流"),
    gettext_noop("招聘会"),
    gettext_noop("技能比武"),
    gettext_noop("推介对接会"),
    gettext_noop("外出招商"),
    gettext_noop("红色代办"),
    gettext_noop("工作调度"),
    gettext_noop("运行分析"),
    gettext_noop("其他活动"),
)
