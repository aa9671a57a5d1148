"""What people are told about, why they are told, and how a message is sent out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a notice is about (消息种类): what people filter by and choose in their preferences."""

    ASSIGNED = "assigned", _("交办与改派")
    SLIP = "slip", _("提醒单和督办单")
    REMINDER = "reminder", _("时限提醒")
    URGED = "urged", _("催办")
    INSTRUCTION = "instruction", _("领导批示")
    INTAKE = "intake", _("待受理和待交办")
    REQUEST = "request", _("待答复的申请")
    ANSWER = "answer", _("答复和反馈")
    REOPENED = "reopened", _("重新办理")
    RESULT = "result", _("受理和办理结果")
    ESCALATED = "escalated", _("提级")
    DECISION = "decision", _("议定事项")
    DUTY = "duty", _("机制落实提醒")
    VISIT = "visit", _("走访安排")
    MEETING = "meeting", _("会议通知")


# Always delivered into the inbox and the digest: nobody says later that the paper did not arrive.
FIXED = frozenset({Kind.SLIP, Kind.INSTRUCTION})


class Reason(models.TextChoices):
    """Why somebody was told (告知理由); `unit` of the notice is what the sentence names."""

    TEAM = "team", _("因为您是{unit}成员")
    DEPARTMENT = "department", _("因为您是{unit}的承办人")
    SECRETARY = "secretary", _("因为您管理{unit}的台账")
    OFFICER = "officer", _("因为您是{unit}的组织部工作人员")
    LEADER = "leader", _("因为您是{unit}的领导")
    CHIEF = "chief", _("因为您是{unit}的链长")
    ENTERPRISE = "enterprise", _("因为您是{unit}的党组织书记（联络员）")
    RAISER = "raiser", _("因为这件事是您登记的")
    AUTHOR = "author", _("因为批示是您作出的")
    ISSUER = "issuer", _("因为这份文书是您发出的")
    DUTY = "duty", _("因为{unit}的这件事由您落实")
    ARRANGER = "arranger", _("因为这次走访是您安排的")
    SEAT = "seat", _("因为您在{unit}任职")
    INVITED = "invited", _("因为{unit}列席这次会议")


class Robot(models.TextChoices):
    """What stands at the other end of a channel (机器人种类)."""

    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    JSON = "json", _("通用接口（JSON）")


class Sending(models.TextChoices):
    """How far a message or a digest is (发送状态)."""

    QUEUED = "queued", _("排队中")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已送达")
    FAILED = "failed", _("未送达")
    UNSURE = "unsure", _("结果不明")


UNFINISHED = (Sending.QUEUED, Sending.SENDING)
