"""What the rule radar counts: duties judged, met and missed, and posts that stand empty."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import units
from indicators.declarations import BAD, GOOD, NEUTRAL, Column, Flow, Ratio, Source, Stock, register
from mechanisms.models import Obligation, Vacancy


def _actor(row):
    from mechanisms.reading import actor_name

    return actor_name(row.actor_kind, row.actor_id)


DUTIES = Source(
    "obligations",
    Obligation,
    _("应尽事项"),
    committee="committee_id",
    entity="enterprise_id",
    visible=lambda actor: Obligation.objects.visible_to(actor),
    url=lambda row: row.get_absolute_url(),
    related=("version", "committee"),
    columns=[
        Column(_("机制"), "version__name"),
        Column(_("责任主体"), _actor),
        Column(_("产业链党委"), "committee__name"),
        Column(_("周期第一天"), "first_on"),
        Column(_("周期最后一天"), "last_on"),
        Column(_("落实日期"), "complied_on"),
    ],
)
VACANCIES = Source(
    "vacancies",
    Vacancy,
    _("空缺"),
    committee="committee_id",
    entity="enterprise_id",
    visible=lambda actor: Vacancy.objects.visible_to(actor),
    url=lambda row: reverse("mechanisms:detail", args=[row.version.mechanism_id]),
    related=("version", "committee"),
    columns=[
        Column(_("机制"), "version__name"),
        Column(_("责任主体"), _actor),
        Column(_("产业链党委"), "committee__name"),
        Column(_("空缺起始"), "from_on"),
        Column(_("补齐日期"), "until_on"),
    ],
)


def _vacant(code, name, definition, actor_kind):
    return Stock(
        code, name, units.XIANG, definition, more=BAD, source=VACANCIES, enters="from_on", leaves="until_on",
        where=Q(actor_kind=actor_kind),
    )  # fmt: skip


register(
    Flow(
        "mechanisms_due",
        _("到期的应尽事项"),
        units.XIANG,
        _("期内周期结束、参与判定的应尽事项：一项机制、一个责任主体、一个周期为一项。"),
        more=NEUTRAL,
        source=DUTIES,
        on="judged_on",
    ),
    Flow(
        "mechanisms_complied",
        _("按期落实的应尽事项"),
        units.XIANG,
        _("期内周期结束、在周期内已经落实的应尽事项。"),
        more=GOOD,
        source=DUTIES,
        on="judged_on",
        where=Q(complied_on__isnull=False),
    ),
    Flow(
        "mechanisms_missed",
        _("未落实的应尽事项"),
        units.XIANG,
        _("期内周期结束、到结束时仍未落实的应尽事项。"),
        more=BAD,
        source=DUTIES,
        on="missed_on",
    ),
    Ratio(
        "mechanisms_complied_rate",
        _("机制落实率"),
        units.PERCENT,
        _("按期落实的应尽事项占到期的应尽事项的比例。正在进行的周期不计入。"),
        more=GOOD,
        numerator="mechanisms_complied",
        denominator="mechanisms_due",
    ),
    Stock(
        "mechanisms_vacant",
        _("空缺的常态要求"),
        units.XIANG,
        _("期末没有达到的常态要求，如书记席位空缺：一项机制、一个责任主体为一项。"),
        more=BAD,
        source=VACANCIES,
        enters="from_on",
        leaves="until_on",
    ),
    _vacant(
        "vacant_at_regions",
        _("区域的空缺"),
        _("期末区域没有达到的常态要求，如乡镇没有金融经理：一项机制、一个区域为一项。"),
        "region",
    ),
    _vacant(
        "vacant_at_enterprises",
        _("企业的空缺"),
        _("期末企业没有达到的常态要求，如未建组织的规上企业没有党建指导员：一项机制、一家企业为一项。"),
        "enterprise",
    ),
    _vacant(
        "vacant_at_organisations",
        _("党组织的空缺"),
        _("期末党组织没有达到的常态要求，如先进党组织帮带不足：一项机制、一个党组织为一项。"),
        "organisation",
    ),
)
