"""Finance: products, ratings, loans, social capital. Amounts are in 万元."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit import records
from core.actor import Actor
from core.clock import today
from core.transitions import Refusal
from enterprises.lifecycle.guards import follow, judge_kind, judge_owner, lock_enterprises
from enterprises.lifecycle.placing import settle
from services import project_perms as perms
from services.models import CreditRating, FinanceProduct, Loan, SocialCapital
from services.project_enums import KindOf


@transaction.atomic
def _save(obj, data: dict, *, by: Actor, seen, noun, on, more=None, derived=None):
    """Create or change a row that has its place from an enterprise, or one of its own."""
    if data.get("enterprise"):
        data = {**data, "enterprise": lock_enterprises({data["enterprise"]})[data["enterprise"].pk]}
    data, place = settle({**data, "organisation": None}, obj)
    data.pop("organisation", None)

    def judge(row, values):
        refusal = (row.pk and perms.keep(row, by)) or perms.keep_at(
            by, region=place["region"], committee=place["committee"]
        )
        if not refusal and values.get(on, getattr(row, on)) > today():
            refusal = Refusal("dates", _("日期不能晚于今天。"))
        if not refusal and not row.pk:
            refusal = judge_owner(enterprise=values.get("enterprise"))
        refusal = refusal or (more and more(row, values, place["region"]))
        return refusal or follow(row, {**place, **(derived or {})})

    return records.write(obj, data, by=by, noun=noun, seen=seen, judge=judge)[0]


def save_product(product: FinanceProduct, data: dict, *, by: Actor, seen: str | None = None) -> FinanceProduct:
    """Register or change a credit product. Raises Refused (`not_keeper`, `dates`), Conflict."""
    return _save(product, data, by=by, seen=seen, noun="financeproduct", on="offered_on")


@transaction.atomic
def save_rating(rating: CreditRating, data: dict, *, by: Actor, seen: str | None = None) -> CreditRating:
    """Register or change a rating; a new one ends the one before it on its day.

    Raises Refused (`not_keeper`, `dates`, `owner_gone`), Conflict.
    """

    def more(row, values, region):
        firm, day = values.get("enterprise") or row.enterprise, values.get("rated_on") or row.rated_on
        if row.pk or values.get("until_on"):
            return None
        before = CreditRating.objects.select_for_update(of=("self",), no_key=True).filter(
            enterprise=firm, until_on=None
        )
        for one in before:
            if day < one.rated_on:
                return Refusal("dates", _("这家企业在 %(day)s 已有更新的评级。") % {"day": one.rated_on})
            records.write(one, {"until_on": day}, by=by, noun="creditrating")
        return None

    return _save(rating, data, by=by, seen=seen, noun="creditrating", on="rated_on", more=more)


def save_loan(loan: Loan, data: dict, *, by: Actor, seen: str | None = None) -> Loan:
    """Register or change a loan. Raises Refused (`not_keeper`, `kind`, `dates`, `owner_gone`), Conflict."""
    kind = data.get("kind") or loan.kind

    def more(row, values, region):
        borrower = values.get("borrower_kind", row.borrower_kind)
        for one, of, kept in ((kind, KindOf.LOAN, row.kind_id), (borrower, KindOf.BORROWER, row.borrower_kind_id)):
            if one is not None:
                refusal = None if one.of == of else Refusal("kind", _("请选择贷款和借款主体的类别。"))
                refusal = refusal or judge_kind(one, region, kept == one.pk)
                if refusal:
                    return refusal
        return None

    return _save(
        loan, data, by=by, seen=seen, noun="loan", on="issued_on", more=more, derived={"counts_as": kind.counts_as}
    )


def save_capital(capital: SocialCapital, data: dict, *, by: Actor, seen: str | None = None) -> SocialCapital:
    """Register or change capital drawn in. Raises Refused (`not_keeper`, `dates`, `owner_gone`), Conflict."""
    return _save(capital, data, by=by, seen=seen, noun="socialcapital", on="attracted_on")


def end_rating(rating: CreditRating, on: dt.date) -> None:
    """A rating ends with the enterprise's stay."""
    rating.until_on = max(rating.rated_on, on)
    rating.save(update_fields=["until_on"])
