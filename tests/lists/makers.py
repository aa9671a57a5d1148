"""Rows of the lists as people make them, through their lifecycles."""

import datetime as dt

from core.actor import SYSTEM
from core.clock import today
from services.lifecycle import catalogue, lists, offers
from services.models import (
    Demand,
    Policy,
    PolicyMeasure,
    Product,
    Resource,
    ServiceKind,
    TalentHire,
    TalentKind,
    TalentNeed,
)


def kind(code="capital") -> ServiceKind:
    return ServiceKind.objects.get(region=None, code=code)


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def demand(firm, by=SYSTEM, code="capital", **values) -> Demand:
    data = {"kind": kind(code), "title": "春季收购需要流动资金贷款", "text": "约三百万元。", "raised_on": ago(10)}
    return lists.save_demand(Demand(), {"enterprise": firm, **data, **values}, by=by)


def resource(region, by=SYSTEM, code="capital", chains=(), **values) -> Resource:
    data = {
        "kind": kind(code), "title": "牛羊活体抵押贷款", "provider_name": "云岭农商行", "region": region,
        "from_on": ago(100), "text": "流动资金随借随还。", "chains": list(chains),
    }  # fmt: skip
    return offers.save_resource(Resource(), {**data, **values}, by=by)


def policy(region, by=SYSTEM, code="capital", chains=(), **values) -> Policy:
    data = {
        "kind": kind(code), "title": "收购贷款贴息办法", "gives": "贴息 2 个百分点", "issued_by": "云岭县财政局",
        "region": region, "from_on": ago(50), "chains": list(chains),
    }  # fmt: skip
    return offers.save_policy(Policy(), {**data, **values}, by=by)


def measure(of: Policy, by=SYSTEM, number=1, **values) -> PolicyMeasure:
    data = {"number": number, "kind": of.kind, "text": "贴息资金按季拨付"}
    return offers.save_measure(of, PolicyMeasure(policy=of), {**data, **values}, by=by)


def product(firm, name="真空包装袋", role="makes", by=SYSTEM, **values) -> Product:
    return catalogue.save_product(
        Product(), {"enterprise": firm, "name": name, "role": role, "listed_on": ago(30), **values}, by=by
    )


def talent_kind(code="technician") -> TalentKind:
    return TalentKind.objects.get(region=None, code=code)


def need(firm, by=SYSTEM, number=3, **values) -> TalentNeed:
    data = {"kind": talent_kind(), "post": "兽医", "number": number, "from_on": ago(20)}
    return catalogue.save_need(TalentNeed(), {"enterprise": firm, **data, **values}, by=by)


def hire(firm, by=SYSTEM, number=2, code="technician", **values) -> TalentHire:
    data = {"kind": talent_kind(code), "number": number, "hired_on": ago(5)}
    return catalogue.save_hire(TalentHire(), {"enterprise": firm, **data, **values}, by=by)
