"""What enterprises add to the pages of committees: who is joined to it, and their Party organisations."""

from django.urls import reverse

from enterprises.models import ChainMembership
from enterprises.registers import ORGANISATIONS

SHOWN = 30


def committee(request, obj):
    joined = ChainMembership.objects.visible_to(request.actor).filter(committee=obj, left_on=None)
    rows = joined.select_related("enterprise__region", "link").order_by("-is_master", "pk")
    organisations = ORGANISATIONS.visible(request.actor).filter(committee=obj, dissolved_on=None)
    context = {
        "places": list(rows[:SHOWN]),
        "total": joined.count(),
        "organisations": list(organisations.select_related("enterprise").order_by("pk")[:SHOWN]),
        "organisation_total": organisations.count(),
        "enterprises_url": f"{reverse('enterprises:enterprise_list')}?chain={obj.chain_id or ''}&present=yes",
        "organisations_url": f"{reverse('enterprises:organisation_list')}?committee={obj.pk}&standing=yes",
    }
    return "enterprises/committee_panel.html", context
