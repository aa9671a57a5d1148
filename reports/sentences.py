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
            "report.downloaded": _("下载月报文件“{file}”"),
        }
    )
