from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingClass(models.TextChoices):
    """What a kind of meeting counts as in the figures, whatever a county calls it (会议类别归口)."""

    COMMITTEE = "committee", _("党委会")
    JOINT = "joint", _("联席会")
    PROGRESS = "progress", _("推进会")
    SPECIAL = "special", _("专题会")
    OTHER = "other", _("其他会议")


class Quorum(models.TextChoices):
    """How many holders of seats must be there for a meeting of a kind to be held (法定到会人数)."""

    NONE = "none", _("不要求")
    HALF = "half", _("超过半数")
    TWO_THIRDS = "two_thirds", _("三分之二以上")


class MeetingState(models.TextChoices):
    """Draft, notice sent, took place, minutes written, filed; or called off."""

    DRAFT = "draft", _("草稿")
    NOTIFIED = "notified", _("已通知")
    HELD = "held", _("已召开")
    MINUTED = "minuted", _("已出纪要")
    FILED = "filed", _("已归档")
    CANCELLED = "cancelled", _("已取消")


# Still to come: everything of it may be changed.
COMING = (MeetingState.DRAFT, MeetingState.NOTIFIED)
# Took place: it counts, and its decisions are in force.
TOOK_PLACE = (MeetingState.HELD, MeetingState.MINUTED, MeetingState.FILED)


class Presence(models.TextChoices):
    PRESENT = "present", _("出席")
    ABSENT = "absent", _("缺席")
    EXCUSED = "excused", _("请假")
    INVITED = "invited", _("列席")


class ItemEnd(models.TextChoices):
    """How an agenda item ended (议题结果): with a decision, taken note of, or put off to another meeting."""

    DECISION = "decision", _("议定")
    NOTED = "noted", _("知悉")
    POSTPONED = "postponed", _("暂缓")


class DecisionState(models.TextChoices):
    """A decision of a meeting that is still a draft is a draft too, and nobody's figure."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("落实中")
    DONE = "done", _("已落实")
    CANCELLED = "cancelled", _("已取消")


class MatterState(models.TextChoices):
    """A matter put forward for a committee (待议事项): waiting, on an agenda, ended by a meeting, taken back."""

    WAITING = "waiting", _("待上会")
    PLACED = "placed", _("已列入议题")
    ENDED = "ended", _("已议")
    WITHDRAWN = "withdrawn", _("已撤回")


class ItemSource(models.TextChoices):
    """Why a matter is on an agenda (议题来源)."""

    HAND = "hand", _("人工提出")
    CONVENED = "convened", _("一事一商")
    OVERDUE = "overdue", _("超期问题")
    ESCALATED = "escalated", _("提级问题")
    FIRMS = "firms", _("多家企业反映")
    UNFINISHED = "unfinished", _("上次议定未落实")
    POSTPONED = "postponed", _("上次暂缓")


class DecisionAct(models.TextChoices):
    """What a decision does to the problem it is about (议定对问题的处理)."""

    NONE = "", _("仅作记录")
    ASSIGN = "assign", _("交办")
    EXTEND = "extend", _("延期")
    WAIT = "wait", _("挂账等政策")


class ActState(models.TextChoices):
    """Whether the ledger has taken the step that a decision named."""

    NONE = "", _("无")
    WAITING = "waiting", _("待执行")
    DONE = "done", _("已执行")
    REFUSED = "refused", _("未能执行")


class ActivityClass(models.TextChoices):
    """What a kind of activity counts as in the figures, whatever a county calls it (活动类别归口)."""

    VISIT = "visit", _("走访企业")
    INSPECTION = "inspection", _("督查调研")
    THEORY_STUDY = "theory_study", _("理论学习")
    POLICY_LECTURE = "policy_lecture", _("政策法规辅导")
    THEME_PARTY_DAY = "theme_party_day", _("主题党日")
    PARTY_LESSON = "party_lesson", _("书记讲党课")
    TRAINING = "training", _("教育培训")
    OBSERVATION = "observation", _("观摩交流")
    FAIR = "fair", _("招聘会")
    CONTEST = "contest", _("技能比武")
    PROMOTION = "promotion", _("推介对接")
    ATTRACTION_TRIP = "attraction_trip", _("外出招商")
    SERVICE = "service", _("服务代办")
    DISPATCH = "dispatch", _("工作调度")
    ANALYSIS = "analysis", _("运行分析")
    OTHER = "other", _("其他活动")


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    DONE = "done", _("已开展")
    CANCELLED = "cancelled", _("已取消")


class ActivityMode(models.TextChoices):
    """How people met (方式): a call serves an enterprise without disturbing its day."""

    ON_SITE = "on_site", _("现场")
    PHONE = "phone", _("电话")
    ONLINE = "online", _("线上")


class PersonCategory(models.TextChoices):
    """Whom an activity reached (参加人员类别). Numbers of a category, never names: nobody's attendance is counted."""

    SECRETARY = "secretary", _("党组织书记")
    INVESTOR = "investor", _("企业出资人")
    BACKBONE = "backbone", _("党务骨干")
    MEMBER = "member", _("党员")
    MANAGER = "manager", _("企业管理人员")
    STAFF = "staff", _("职工")
    CADRE = "cadre", _("机关干部")
    WORKER = "worker", _("务工人员")
    OTHER = "other", _("其他人员")


class SeriesPeriod(models.TextChoices):
    """How often a meeting recurs (例会周期)."""

    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")
    HALF = "half", _("每半年")
    YEAR = "year", _("每年")


class ReportState(models.TextChoices):
    """An annual report (述职): being written, handed in, taken by the committee."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    RECEIVED = "received", _("已接收")
