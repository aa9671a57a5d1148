"""What the import wizard takes in of enterprises and Party organisations."""

from django.utils.translation import gettext_lazy as _

from enterprises import lifecycle
from enterprises.registers.firms import ENTERPRISES, ORGANISATIONS
from exchange.imports.declarations import ImportColumn, ImportOf, register

register(
    ImportOf(
        code="enterprises",
        register=ENTERPRISES,
        key=("credit_code",),
        withdraw=lifecycle.withdraw_enterprise,
        columns=[
            ImportColumn("name", ("名称", "单位名称", "企业全称", "公司名称"), "示例食品有限公司"),
            ImportColumn("short_name", ("企业简称",), "示例食品"),
            ImportColumn(
                "credit_code",
                ("信用代码", "社会信用代码", "统一信用代码", "组织机构代码"),
                "91990100MA0000000D",
                _("18 位，请设为文本格式；变成 9.1E+17 的数字无法还原。"),
                clean=str.upper,
            ),
            ImportColumn("region", ("区域", "所属乡镇", "乡镇", "所在乡镇", "所属区域", "所在镇街", "属地")),
            ImportColumn("address", ("企业地址", "注册地址", "经营地址", "详细地址"), "示例路 1 号"),
            ImportColumn("scale", ("企业规模", "规模类型"), "小型"),
            ImportColumn("is_above_scale", ("是否规上", "规上", "规模以上", "是否规上企业"), "否"),
            ImportColumn("is_leading", ("是否龙头", "龙头", "是否龙头企业"), "否"),
            ImportColumn("contact_name", ("企业联系人", "联系人姓名"), "示例联系人"),
            ImportColumn("contact_phone", ("电话", "联系方式", "手机", "手机号码", "联系人电话"), "000-0000000"),
            ImportColumn("joined_on", ("入链时间", "加入日期", "登记日期"), "2026-03-05"),
            ImportColumn("left_on", ("退出时间", "退链日期"), note=_("只用于登记簿中已有的企业。")),
            ImportColumn("business", ("主营产品", "经营范围", "主要业务"), "肉牛屠宰加工"),
            ImportColumn("chain", ("产业链", "所在产业链", "所属产业链"), note=_("只用于新增的企业。")),
            ImportColumn(
                "link",
                ("环节", "产业链环节", "链条环节"),
                note=_("只用于新增的企业；同名环节请写“产业链 / 链段 / 环节”，或同时填写产业链。"),
                within=("chain", "segment__chain_id"),
            ),
        ],
    )
)

register(
    ImportOf(
        code="organisations",
        register=ORGANISATIONS,
        key=("name",),
        withdraw=lifecycle.withdraw_organisation,
        columns=[
            ImportColumn("name", ("党组织名称", "组织名称", "支部名称"), "示例食品有限公司党支部"),
            ImportColumn("kind", ("党组织类别", "组织类别", "类型", "党组织类型"), "党支部"),
            ImportColumn("formation", ("组建形式", "组建类型"), "单独组建"),
            ImportColumn("parent", ("隶属党组织", "上级组织", "隶属关系"), note=_("应已在登记簿中。")),
            ImportColumn("enterprise", ("企业", "企业名称", "所在企业", "依托企业"), note=_("应已在登记簿中。")),
            ImportColumn("region", ("区域", "所属乡镇", "乡镇", "所属区域", "属地")),
            ImportColumn("chain", ("所在产业链", "所属产业链")),
            ImportColumn("secretary_name", ("党组织书记", "书记姓名", "支部书记"), "示例书记"),
            ImportColumn("secretary_phone", ("书记联系电话", "书记手机"), "000-0000000"),
            ImportColumn("founded_on", ("成立时间", "组建日期", "组建时间"), "2026-03-05"),
            ImportColumn("dissolved_on", ("撤销时间",)),
        ],
    )
)
