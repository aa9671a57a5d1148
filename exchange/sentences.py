"""What the trail says about imports."""

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
            "import.downloaded": _("下载导入文件“{file}”"),
        }
    )
