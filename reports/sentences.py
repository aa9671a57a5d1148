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
            "report.downloaded": _("下载月报文件“{file}”"),
        }
    )
