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
PROJECT_NAMES = (
    gettext_noop("招商引资项目"),
    gettext_noop("重大项目"),
    gettext_noop("省级储备项目"),
    gettext_noop("市级储备项目"),
    gettext_noop("县级储备项目"),
    gettext_noop("返乡创业项目"),
    gettext_noop("其他项目"),
    gettext_noop("推介会"),
    gettext_noop("云招商"),
    gettext_noop("外出招商"),
    gettext_noop("本地企业"),
    gettext_noop("一般贷款"),
    gettext_noop("担保贷款"),
    gettext_noop("政银担贷款"),
    gettext_noop("贴息贷款"),
    gettext_noop("村集体经济组织"),
    gettext_noop("新型农业经营主体"),
    gettext_noop("农户和个人"),
)
COMMON_NAMES = LIST_NAMES + PROJECT_NAMES
