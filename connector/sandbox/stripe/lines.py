"""Invoice items and the lines of an invoice."""

from decimal import Decimal
from typing import Any

from .amounts import currency_of, extended, plain
from .catalogue import make_price
from .errors import invalid, required
from .forms import flag, mapping, merged_metadata, number, text, whole
from .operations import operation
from .store import Row, Store

LINE_FIELDS = "amount description discountable metadata period price_data pricing quantity quantity_decimal"


def draft(store: Store, identity: Any, *, param: str | None = None) -> Row:
    """The invoice with this id; Refusal unless it can still be edited."""
    invoice = store.get("invoice", identity, param=param)
    if invoice["status"] != "draft":
        raise invalid(
            "This invoice is no longer editable. Only a draft can be changed.", code="invoice_not_editable"
        )
    return invoice


@operation("POST", "/v1/invoiceitems", f"{LINE_FIELDS} currency customer invoice unit_amount_decimal")
def create_invoice_item(store: Store, params: Row) -> Row:
    """An item for a draft invoice, or one that waits for the customer's next invoice."""
    if not params.get("customer"):
        raise required("customer")
    customer = store.get("customer", params["customer"], param="customer")
    invoice = draft(store, params["invoice"], param="invoice") if params.get("invoice") else None
    row = make_item(store, params, customer=customer["id"], invoice=invoice)
    if invoice:
        add_line(store, invoice, row)
    return row


def make_item(store: Store, params: Row, *, customer: str, invoice: Row | None) -> Row:
    """Keep an invoice item priced by `pricing[price]`, `price_data`, a unit amount or an amount."""
    quantity = _quantity(params)
    currency, pricing, amount = _priced(store, params, quantity, invoice)
    if invoice and currency != invoice["currency"]:
        raise invalid(f"The currency of the invoice is {invoice['currency']}, not {currency}.")
    row = store.insert(
        {
            "id": store.new_id("invoiceitem"),
            "object": "invoiceitem",
            "amount": amount,
            "currency": currency,
            "customer": customer,
            "date": store.now(),
            "description": text(params.get("description")) or _product_name(store, pricing),
            "discountable": flag(params.get("discountable", amount >= 0)),
            "discounts": [],
            "invoice": invoice["id"] if invoice else None,
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "net_amount": amount,
            "parent": None,
            "period": _period(store, params),
            "pricing": pricing,
            "proration": False,
            "quantity": int(quantity),
            "quantity_decimal": plain(quantity),
            "tax_rates": [],
            "test_clock": None,
        }
    )
    store.emit("invoiceitem.created", row)
    return row


def add_line(store: Store, invoice: Row, item: Row) -> Row:
    """Put an invoice item on an invoice as a line and total the invoice again."""
    item["invoice"] = invoice["id"]
    details = {
        "invoice_item": item["id"],
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": None,
    }
    parent = {
        "invoice_item_details": details,
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }
    line = make_line(store, invoice, item, parent=parent, subscription=None)
    retotal(store, invoice)
    return line


def make_line(store: Store, invoice: Row, source: Row, *, parent: Row, subscription: str | None) -> Row:
    """Keep a line with the amount, description, pricing and period of an item or a subscription."""
    return store.insert(
        {
            "id": store.new_id("line_item"),
            "object": "line_item",
            "amount": source["amount"],
            "currency": source["currency"],
            "description": source["description"],
            "discount_amounts": [],
            "discountable": source["discountable"],
            "discounts": [],
            "invoice": invoice["id"],
            "livemode": False,
            "metadata": dict(source["metadata"]),
            "parent": parent,
            "period": dict(source["period"]),
            "pretax_credit_amounts": [],
            "pricing": source["pricing"],
            "quantity": source["quantity"],
            "quantity_decimal": source["quantity_decimal"],
            "subscription": subscription,
            "subtotal": source["amount"],
            "taxes": [],
        }
    )


@operation("POST", "/v1/invoices/{id}/add_lines", "lines")
def add_lines(store: Store, params: Row, identity: str) -> Row:
    """Add lines to a draft invoice, each priced as an invoice item would be."""
    invoice = draft(store, identity)
    given = params.get("lines")
    if not isinstance(given, list) or not given:
        raise required("lines")
    for entry in given:
        item = make_item(store, mapping(entry, "lines"), customer=invoice["customer"], invoice=invoice)
        add_line(store, invoice, item)
    return invoice


@operation("DELETE", "/v1/invoiceitems/{id}")
def delete_invoice_item(store: Store, params: Row, identity: str) -> Row:
    """Remove an item that is pending or on a draft invoice, with its line."""
    item = store.get("invoiceitem", identity)
    if item["invoice"]:
        invoice = draft(store, item["invoice"])
        for line in store.where("line_item", invoice=invoice["id"]):
            if (line["parent"]["invoice_item_details"] or {}).get("invoice_item") == identity:
                store.remove(line)
        retotal(store, invoice)
    stub = store.remove(item)
    store.emit("invoiceitem.deleted", item)
    return stub


def retotal(store: Store, invoice: Row) -> None:
    """Sum the lines into the invoice's totals (minor units)."""
    total = sum(line["amount"] for line in store.where("line_item", invoice=invoice["id"]))
    for name in ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"):
        invoice[name] = total
    invoice["amount_due"] = max(total, 0)
    invoice["amount_remaining"] = invoice["amount_due"] - invoice["amount_paid"]


def _quantity(params: Row) -> Decimal:
    if "quantity_decimal" in params:
        return number(params["quantity_decimal"], "quantity_decimal")
    return Decimal(whole(params.get("quantity", 1), "quantity"))


def _priced(store: Store, params: Row, quantity: Decimal, invoice: Row | None) -> tuple[str, Row | None, int]:
    """Currency, pricing and amount, from whichever way of pricing was given."""
    if params.get("pricing") or params.get("price_data"):
        price = _price_of(store, params)
        unit = Decimal(price["unit_amount_decimal"])
        return price["currency"], pricing_of(price), extended(unit, quantity)
    currency = currency_of(params.get("currency") or (invoice or {}).get("currency"))
    if params.get("unit_amount_decimal") is not None:
        unit = number(params["unit_amount_decimal"], "unit_amount_decimal")
    elif params.get("amount") is not None:
        unit = Decimal(whole(params["amount"], "amount"))
        if quantity != 1:
            raise invalid("You may only specify one of these parameters: amount, quantity.", param="amount")
    else:
        raise required("amount")
    named = {"name": text(params.get("description")) or "Invoice item"}
    data = {"currency": currency, "unit_amount_decimal": unit, "product_data": named}
    return currency, pricing_of(make_price(store, data, active=False)), extended(unit, quantity)


def _price_of(store: Store, params: Row) -> Row:
    if params.get("price_data"):
        return make_price(store, mapping(params["price_data"], "price_data"), active=False)
    identity = mapping(params["pricing"], "pricing").get("price")
    price = store.get("price", identity, param="pricing[price]")
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.")
    if price["recurring"]:
        raise invalid("The price specified is set to `type=recurring`; an invoice item needs `one_time`.")
    return price


def pricing_of(price: Row) -> Row:
    """How a line names its price, its product and the exact unit amount."""
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def _product_name(store: Store, pricing: Row | None) -> str | None:
    if pricing is None:
        return None
    name: str = store.get("product", pricing["price_details"]["product"])["name"]
    return name


def _period(store: Store, params: Row) -> Row:
    given = mapping(params.get("period"), "period")
    start = whole(given.get("start", store.now()), "period[start]")
    end = whole(given.get("end", start), "period[end]")
    if end < start:
        raise invalid("The period must not end before it starts.", param="period")
    return {"end": end, "start": start}
