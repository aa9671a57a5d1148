"""What the import wizard takes in of departments and help teams."""

from django.utils.translation import gettext_lazy as _

from alliances import lifecycle
from alliances.registers import DEPARTMENTS, TEAMS
from exchange.imports.declarations import ImportColumn, ImportOf, register

_REGION = ("区域", "所属区域", "所属县区", "县区", "属地")

register(
    ImportOf(
        code="departments",
        register=DEPARTMENTS,
        key=("name", "region"),
        withdraw=lifecycle.withdraw_department,
        columns=[
            ImportColumn("name", ("单位名称", "责任单位", "部门名称", "单位", "部门"), "示例局"),
            ImportColumn("short_name", ("单位简称",), "示例局"),
            ImportColumn("region", _REGION),
            ImportColumn("contact_name", ("联系人姓名", "联络员"), "示例联络员"),
            ImportColumn("contact_phone", ("电话", "联系方式", "手机号码"), "000-0000000"),
            ImportColumn("is_active", ("是否启用",), "是"),
        ],
    )
)

register(
    ImportOf(
        code="teams",
        register=TEAMS,
        key=("name", "region"),
        withdraw=lifecycle.withdraw_team,
        columns=[
            ImportColumn("name", ("帮办团名称", "帮办团", "团队名称"), "示例帮办团"),
            ImportColumn("kind", ("帮办团类别", "类型")),
            ImportColumn("region", _REGION),
            ImportColumn("lead_department", ("牵头部门", "责任单位"), note=_("应已在登记簿中。")),
            ImportColumn("founded_on", ("组建时间", "成立日期", "成立时间"), "2026-03-05"),
            ImportColumn("dissolved_on", ("撤销时间",)),
            ImportColumn("duties", ("职责", "工作职责")),
        ],
    )
)
