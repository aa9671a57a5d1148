"""Names of the common kinds, marked for translation: they are data.

`core.shipped` looks them up when a page shows them. A test holds this list to the rows.
"""

from django.utils.translation import gettext_noop

LIST_NAMES = (
    gettext_noop("资金"),
    gettext_noop("用工"),
    gettext_noop("技术"),
    gettext_noop("市场"),
    gettext_noop("用地"),
    gettext_noop("人才"),
    gettext_noop("物流"),
    gettext_noop("政策"),
    gettext_noop("其他"),
    gettext_noop("博士及以上"),
    gettext_noop("硕士"),
    gettext_noop("本科和大专"),
    gettext_noop("专业技术人员"),
    gettext_noop("技能人才"),
    gettext_noop("其他人才"),
)
COMMON_NAMES = LIST_NAMES
