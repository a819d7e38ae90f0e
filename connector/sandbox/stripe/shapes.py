"""Invoices, credit notes and subscriptions with the lists that Stripe always embeds in them."""

from .store import Row, Store


def invoice_view(store: Store, invoice: Row) -> Row:
    """An invoice with its first ten lines, as Stripe sends it."""
    lines = store.where("line_item", invoice=invoice["id"])
    page = {
        "object": "list",
        "data": lines[:10],
        "has_more": len(lines) > 10,
        "url": f"/v1/invoices/{invoice['id']}/lines",
    }
    return {**invoice, "lines": page}


def credit_note_view(store: Store, note: Row) -> Row:
    """A credit note with its first ten lines, as Stripe sends it."""
    lines = store.held(note, "lines", [])
    page = {
        "object": "list",
        "data": lines[:10],
        "has_more": len(lines) > 10,
        "url": f"/v1/credit_notes/{note['id']}/lines",
    }
    return {**note, "lines": page}


def items_of(store: Store, subscription: Row) -> list[Row]:
    """The items of a subscription in order."""
    return store.where("subscription_item", subscription=subscription["id"])


def subscription_view(store: Store, subscription: Row) -> Row:
    """A subscription with its items, as Stripe sends it."""
    page = {
        "object": "list",
        "data": items_of(store, subscription),
        "has_more": False,
        "url": f"/v1/subscription_items?subscription={subscription['id']}",
    }
    return {**subscription, "items": page}
