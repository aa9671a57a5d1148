from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from audit import sentences
        from core import panels as places
        from meetings import acts, following, holdings, panels
        from meetings.enums import ItemEnd, MeetingState

        places.register("committee", 20, panels.of_committee)
        places.register("problem", 30, panels.of_problem)
        places.register("enterprise", 40, panels.of_enterprise)
        following.register()
        holdings.register()
        acts.register()
        sentences.add(
            {
                "meeting.created": _("登记会议"),
                "meeting.edited": _("编辑会议"),
                "meeting.held": _("登记为已召开，召开日期 {held_on}"),
                "meeting.notified": _("发出会议通知：席位 {seats} 个，列席 {guests} 个"),
                "meeting.notified_late": _("发出会议通知：席位 {seats} 个，列席 {guests} 个；未能提前的原因：{reason}"),
                "meeting.minuted": _("印发会议纪要"),
                "meeting.filed": _("会议材料归档"),
                "meeting.taken_back": _("撤回到“{state}”：{reason}"),
                "meeting.reopened": _("重新打开归档材料：{reason}"),
                "meeting.cancelled": _("取消会议：{reason}"),
                "meeting.item_ended": _("议题“{item}”的结果：{end}"),
                "meeting.file_added": _("上传附件：{file}"),
                "activity.created": _("登记活动"),
                "activity.edited": _("编辑活动"),
                "activity.file_added": _("上传附件：{file}"),
                "activity.joined": _("{unit}合并参加"),
                "activity.cancelled": _("取消活动：{reason}"),
                "duty.set": _("安排轮值"),
                "duty.edited": _("调整轮值"),
                "duty.noted": _("填写调研发现"),
                "duty.handed_over": _("轮值交接，接任：{to}"),
                "annual.opened": _("建立述职报告"),
                "annual.written": _("撰写述职报告"),
                "annual.submitted": _("提交述职报告"),
                "annual.received": _("接收述职报告"),
                "annual.given_back": _("退回述职报告：{reason}"),
                "meetingkind.created": _("新增会议类别"),
                "activitykind.created": _("新增活动类别"),
                "scheme.taken": _("选用运行模式 {scheme}，新增 {added} 项"),
                "feed.made": _("生成日历订阅地址"),
                "feed.revoked": _("停用日历订阅地址"),
                "decision.made": _("议定：{text}（责任：{owner}，期限：{due_on}）"),
                "decision.edited": _("编辑议定事项"),
                "decision.done": _("已于 {done_on} 落实：{text}"),
                "decision.cancelled": _("取消议定事项：{reason}"),
            },
            labels={"end": ItemEnd, "state": MeetingState},
        )
