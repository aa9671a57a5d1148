"""A slip as a Word file in the official layout. The same slip always gives the same bytes: all it prints was kept."""

import datetime as dt

from django.utils import translation

from exchange.official.slips import slip as paper
from problems.models import Slip
from problems.supervision.slips import CHINESE, chinese, county_of

TITLES = {"reminder": "企业困难问题办理提醒单", "supervision": "企业困难问题督办单"}


def word(slip: Slip) -> bytes:
    """The paper as issued; the answer is not printed on it."""
    with translation.override(CHINESE):
        problem, county = slip.problem, county_of(slip.region)
        return paper(
            TITLES[slip.kind],
            number=slip.number,
            addressee=str(slip.unit or problem.committee or county),
            paragraphs=[slip.text],
            # Only what never changes afterwards: the matter itself is in the text as it was issued.
            facts=[("问题编号", problem.number), ("反馈期限", chinese(slip.answer_due_on))],
            after=["特此通知。"],
            unit=signer(county),
            signed_on=slip.issued_on,
            as_of=slip.issued_at.astimezone(dt.UTC).replace(microsecond=0),
        )


def signer(county) -> str:
    """The office that issues slips."""
    return f"{county.name}产业链党建联盟办公室"


def file_name(slip: Slip) -> str:
    return f"{slip.number}.docx"
