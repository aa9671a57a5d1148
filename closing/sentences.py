"""What the trail says about months and targets."""

from django.utils.translation import gettext_lazy as _

from audit import sentences


def register():
    sentences.add(
        {
            "closing.submitted": _("提交{month}数据"),
            "closing.sent_back": _("退回{month}数据，理由：{reason}"),
            "closing.approved": _("审核通过{month}数据"),
            "closing.locked": _("{month}封账，固定 {count} 项指标，说明：{reason}"),
            "closing.reopened": _("{month}开封至 {until}，理由：{reason}"),
            "closing.exempted": _("{month}宽限至 {until}，理由：{reason}"),
            "target.set": _("设定目标：{indicator}（{years}）{value}，依据：{source}"),
            "target.revised": _("调整目标：{indicator}（{years}）由 {before} 改为 {value}，依据：{source}"),
            "entered.recorded": _("填报：{indicator}（{period}）{value}，来源：{source}"),
            "entered.corrected": _("更正：{indicator}（{period}）由 {before} 改为 {value}，理由：{reason}"),
            "target.withdrawn": _("撤销目标：{indicator}（{years}），理由：{reason}"),
        }
    )
