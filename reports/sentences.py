"""What the trail says about reports."""

from django.utils.translation import gettext_lazy as _

from audit import sentences


def register():
    sentences.add(
        {
            "report.requested": _("申请生成{month}月报（第{edition}版）"),
            "report.made": _("月报已生成，数据截至{as_of}"),
            "report.failed": _("月报未能生成：{reason}"),
            "report.retried": _("重新生成月报"),
            "template.made": _("{region}月报模板立为第{number}版：{note}"),
            "template.reset": _("{region}月报改回沿用上级或通用模板"),
            "report.edited": _("修改月报草稿的文字"),
            "report.figures_taken": _("草稿中的数字改用现在的数（{count}处不同）"),
            "report.restored": _("草稿恢复为生成时的文字"),
            "report.issued": _("印发月报，指纹 {fingerprint}"),
            "report.superseded": _("被第{edition}版更正替代"),
            "report.withdrawn": _("撤回已印发的月报：{reason}"),
            "report.batch_requested": _("批量生成月报，共{count}份"),
            "report.batch_downloaded": _("打包下载月报，共{count}份"),
            "report.practice_set": _("设置月报办理习惯"),
            "report.downloaded": _("下载月报文件“{file}”"),
        }
    )
