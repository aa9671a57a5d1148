"""Names of the common kinds of entered figures, marked for translation: they are data (`core.shipped`)."""

from django.utils.translation import gettext_noop

COMMON_NAMES = (
    gettext_noop("地区生产总值"),
    gettext_noop("地区生产总值增速"),
    gettext_noop("规上工业增加值"),
    gettext_noop("规上工业增加值增速"),
    gettext_noop("固定资产投资增速"),
    gettext_noop("一般公共预算收入增速"),
    gettext_noop("城镇居民人均可支配收入增速"),
    gettext_noop("农村居民人均可支配收入增速"),
    gettext_noop("产值"),
    gettext_noop("产值增速"),
    gettext_noop("地区生产总值年度计划"),
    gettext_noop("规上工业增加值年度计划"),
)
