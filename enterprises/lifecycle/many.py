"""Many new enterprises at once, as an import brings them: the rules, rows and events of one by one, in a few
statements."""

from django.db import transaction

from audit import records, trail
from chains.lifecycle import committee_for
from core.actor import Actor
from core.transitions import Refused
from enterprises import perms
from enterprises.lifecycle.register import judge_joining
from enterprises.models import ChainMembership, Enterprise, validate_credit_code


@transaction.atomic
def save_enterprises(entries, *, by: Actor) -> list[Enterprise]:
    """Register each of `entries`, (values, {"chain", "link"}), as `save_enterprise` does; answers them in their order.

    Nothing is a copy of a new enterprise yet and nothing follows it: its places on chains are made as they must be.
    Raises Refused (`not_keeper`, `left`, `other_chain`), ValidationError for a wrong credit code, IntegrityError for
    one that is taken; nothing is written then.
    """
    entries = list(entries)
    chains = {id(values): options.get("chain") for values, options in entries}
    judged: dict = {}

    def judge(_row, values):
        chain = chains[id(values)]
        validate_credit_code(values["credit_code"])
        place = (values["region"].pk, chain and chain.pk)
        if place not in judged:
            judged[place] = perms.register_in(values["region"], by, chain)
        return judged[place]

    rows = records.write_many(
        Enterprise, [values for values, _options in entries], by=by, noun="enterprise", judge=judge
    )
    _join([(row, options) for row, (_values, options) in zip(rows, entries, strict=True) if options.get("chain")], by)
    return rows


def _join(joining, by):
    """A new enterprise's first place on a chain is its primary one."""
    committees, places, told, allowed = {}, [], [], {}
    for row, options in joining:
        chain, link, region = options["chain"], options.get("link"), row.region
        where = (chain.pk, region.pk)
        if where not in committees:
            committees[where], allowed[where] = committee_for(chain.pk, region), perms.join_chain(row, chain, by)
        refusal = allowed[where] or judge_joining(row, chain, link, fresh=True)
        if refusal:
            raise Refused(refusal)
        place = {"link": link, "is_master": False, "is_primary": True, "joined_on": row.joined_on}
        places.append(ChainMembership(enterprise=row, chain=chain, region=region, committee=committees[where], **place))
        data = {"chain": chain, "link": link, "on": row.joined_on, "master": False, "primary": True}
        told.append(("enterprise.chain_joined", row, data))
    ChainMembership.objects.bulk_create(places, batch_size=1000)
    trail.record_many(by, told)
