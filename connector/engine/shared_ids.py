"""Shared ids: a price and a coupon of one Stripe id, which would be one item in NetSuite.

People choose the ids of coupons, and chose those of plans; our items take these ids over (PI-1, PI-13).
"""

from __future__ import annotations

from connector.engine import matches
from connector.models import MappedRecord, NetSuiteAccount
from connector.stripe.objects import Invoice
from connector.translation.plan import Problem
from connector.translation.settings import Settings

CHOSEN_BY_STRIPE = "price_"


def problem(invoice: Invoice, account: NetSuiteAccount, settings: Settings) -> Problem | None:
    """What stands in the way of an invoice with such an id; also when the other one came before."""
    if settings.global_item_workflow or settings.global_discount_workflow:
        return None
    prices = {line.price_id for line in invoice.lines if line.price_id}
    coupons = {coupon.id for coupon in invoice.coupons.values()}
    chosen = coupons | {one for one in prices if not one.startswith(CHOSEN_BY_STRIPE)}
    if not chosen:
        return None
    rows = MappedRecord.objects.filter(
        netsuite_account=account, external_id__in=chosen, state=MappedRecord.State.MAPPED
    )
    booked = set(rows.values_list("external_id", "record_type"))
    shared = prices & coupons
    shared |= {one for one in coupons for kind in matches.SOLD if (one, kind) in booked}
    shared |= {one for one in prices if (one, "discountItem") in booked}
    if not shared:
        return None
    text = f"“{min(shared)}” is the id of a price and of a coupon, and NetSuite would hold them for one item."
    return Problem("id_of_price_and_coupon", text)
