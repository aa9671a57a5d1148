from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from audit import sentences
        from audit.models import Event
        from core import editions
        from core import panels as places
        from meetings import activity_panels, acts, following, holdings, merging, panels, wake
        from meetings.enums import DecisionAct, ItemEnd, MeetingState
        from meetings.lifecycle import acting, relighting

        places.register("committee", 20, panels.of_committee)
        places.register("problem", 30, panels.of_problem)
        places.register("enterprise", 40, panels.of_enterprise)
        places.register("committee", 25, activity_panels.of_committee)
        places.register("enterprise", 45, activity_panels.of_enterprise)
        following.register()
        holdings.register()
        merging.register()
        post_save.connect(acting.after_undo, sender=Event, dispatch_uid="meetings.undone")
        post_save.connect(wake.after_escalation, sender=Event, dispatch_uid="meetings.escalated")
        editions.previews.append(relighting.preview)
        editions.followers.append((relighting.count, relighting.follow))
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
                "meeting.agenda_written": _("议程自动更新：列入 {added} 项，撤下 {removed} 项"),
                "meeting.item_put_on": _("列入议题“{item}”"),
                "meeting.item_left_out": _("议题“{item}”本次不议，下次会议再列入"),
                "meeting.item_moved": _("议题“{item}”调整到第 {to} 项"),
                "meeting.item_noted": _("记录议题“{item}”的讨论情况"),
                "matter.put": _("向{committee}提出待议事项"),
                "matter.withdrawn": _("撤回待议事项：{reason}"),
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
                "decision.noted": _("登记进展：{text}"),
                "decision.file_added": _("上传佐证材料：{file}"),
                "decision.acted": _("已对问题执行“{act}”：{problem}"),
                "decision.act_refused": _("对问题的“{act}”未能执行：{why}"),
                "decision.act_undone": _("对问题的“{act}”已在台账中撤销，等待重新执行"),
                "decision.edited": _("编辑议定事项"),
                "decision.recalculated": _("因日历调整（第 {edition} 版），转黄灯日期改为 {to}，期限不变"),
                "decision.done": _("已于 {done_on} 落实：{text}"),
                "decision.cancelled": _("取消议定事项：{reason}"),
            },
            labels={"act": DecisionAct, "end": ItemEnd, "state": MeetingState},
        )
