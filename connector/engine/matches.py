"""Matches: ask NetSuite which of its customers or items a Stripe object means. Reads only (CU-15, PI-4)."""

from __future__ import annotations

from collections.abc import Iterable

from connector.netsuite.gateway import Criterion, Gateway, SearchType, Snapshot
from connector.netsuite.records import Ref, is_internal_id
from connector.stripe.objects import Charge, Customer, Price
from connector.translation import matching
from connector.translation.matching import Candidate, Pair
from connector.translation.plan import Link, Problem
from connector.translation.settings import Settings

CUSTOMERS = Criterion("stage", "anyOf", ("_customer",))
"""Leads and prospects are not customers (CU-15)."""
ITEMS = Criterion("type", "anyOf", ("_service", "_nonInventoryItem"))
SOLD = ("serviceSaleItem", "serviceResaleItem", "nonInventorySaleItem", "nonInventoryResaleItem")
"""The items that a price may be sold as (PI-6); NetSuite's search does not tell them from purchased ones."""
BY_NUMBER = "internalId"


def of_customer(customer: Customer, settings: Settings, gateway: Gateway) -> Link | Problem | None:
    """The NetSuite customer that a Stripe customer is the same as; None when there is none.

    One that carries the Stripe id as its external id is ours before any other (K22).
    """
    pair = matching.of_customers(settings)
    if pair is None:
        return None
    ref, value = Ref("customer", customer.id), matching.value_of(customer, pair.stripe)
    if ours := gateway.find("customer", [customer.id]):
        return Link("customer", customer.id, ours[customer.id], "", ("OM-1", "K22"))
    if not value and customer.deleted:
        text = f"Stripe has deleted {customer.id}, so its {pair.stripe} cannot be compared any more."
        return Problem("deleted_customer_unmatched", text)
    found = _search("customer", pair, value, CUSTOMERS, gateway)
    return matching.link_to(ref, value, pair, _candidates(found, pair), matching.CUSTOMER_RULES)


def of_price(price: Price, settings: Settings, gateway: Gateway) -> Link | Problem | None:
    """The NetSuite item that a Stripe price is sold as; None when there is none."""
    pair = matching.of_items(settings)
    if pair is None or (price.used_once and not settings.matches_products):
        return None
    value = matching.value_of(price, pair.stripe)
    found = [one for one in _search("item", pair, value, ITEMS, gateway) if one.type in SOLD]
    return matching.link_to(Ref("item", price.id), value, pair, _candidates(found, pair), matching.ITEM_RULES)


def of_charge(charge: Charge, settings: Settings, gateway: Gateway) -> Ref | Problem | None:
    """The NetSuite item that an invoice made for a charge sells; None when none fits (CH-12)."""
    pair = matching.of_payments(settings)
    if pair is None or not settings.create_invoices_for_payments:
        return None
    value = matching.value_of(charge, pair.stripe)
    found = [one for one in _search("item", pair, value, ITEMS, gateway) if one.type in SOLD]
    link = matching.link_to(Ref("item", charge.id), value, pair, _candidates(found, pair), ("CH-12",))
    return Ref("item", internal_id=link.internal_id) if isinstance(link, Link) else link


def condition(field: str, value: str) -> Criterion:
    """The search for records that hold a value in a field: the whole value, whatever its case."""
    if field == BY_NUMBER:
        return Criterion(BY_NUMBER, "anyOf", (value,))
    return Criterion("externalIdString" if field == "externalId" else field, "is", (value,))


def _search(
    record_type: SearchType, pair: Pair, value: str, kind: Criterion, gateway: Gateway
) -> Iterable[Snapshot]:
    if not value or (pair.netsuite == BY_NUMBER and not is_internal_id(value)):
        return ()
    return gateway.search(record_type, [condition(pair.netsuite, value), kind])


def _candidates(found: Iterable[Snapshot], pair: Pair) -> Iterable[Candidate]:
    for one in found:
        held = {"externalId": one.external_id, BY_NUMBER: one.internal_id, **one.texts}
        yield Candidate(one.internal_id, held.get(pair.netsuite, ""), one.inactive)
