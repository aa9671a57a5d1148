"""What the trail says about imports and exports."""

from django.utils.translation import gettext_lazy as _

from audit import sentences


def register():
    sentences.add(
        {
            "import.uploaded": _("上传文件，准备导入{register}"),
            "import.started": _("开始导入"),
            "import.done": _("导入完成，写入 {written} 行"),
            "import.undo_asked": _("要求撤销整次导入"),
            "import.undone": _("整次导入已撤销，共 {written} 行"),
            "import.failed": _("导入未能完成：{reason}"),
            "export.asked": _("要求在后台导出列表，筛选条件：{conditions}"),
            "export.made": _("导出文件已生成，共 {count} 行"),
            "export.taken": _("导出“{list}”，共 {count} 行，筛选条件：{conditions}"),
            "export.downloaded": _("下载导出文件"),
            "export.discarded": _("提前清除导出文件"),
            "export.expired": _("导出文件保留期满，已清除"),
            "export.failed": _("导出未能完成：{reason}"),
            "import.downloaded": _("下载导入文件“{file}”"),
        }
    )
