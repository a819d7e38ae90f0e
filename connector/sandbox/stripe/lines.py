"""Invoice items and the lines of an invoice."""

from decimal import Decimal
from typing import Any

from .amounts import currency_of, extended, plain
from .catalogue import make_price
from .discounts import redeem
from .errors import invalid, required
from .forms import flag, mapping, merged_metadata, number, text, whole
from .operations import operation
from .store import Row, Store
from .taxes import rates
from .totals import retotal

LINE_FIELDS = (
    "amount description discountable discounts metadata period price_data pricing quantity quantity_decimal "
    "tax_rates"
)


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
    return keep_item(
        store,
        customer,
        {
            "amount": amount,
            "currency": currency,
            "description": text(params.get("description")) or _product_name(store, pricing),
            "discountable": flag(params.get("discountable", amount >= 0)),
            "invoice": invoice["id"] if invoice else None,
            "metadata": merged_metadata({}, params.get("metadata")),
            "period": _period(store, params),
            "pricing": pricing,
            "quantity": int(quantity),
            "quantity_decimal": plain(quantity),
            "tax_rates": rates(store, params.get("tax_rates")),
        },
        params.get("discounts"),
    )


def keep_item(store: Store, customer: str, filled: Row, discounts: Any = None) -> Row:
    """Keep an invoice item; `discounts` are coupons for it alone."""
    identity = store.new_id("invoiceitem")
    row = store.insert(
        {
            "id": identity,
            "object": "invoiceitem",
            "customer": customer,
            "date": store.now(),
            "invoice": None,
            "livemode": False,
            "net_amount": filled["amount"],
            "parent": None,
            "proration": False,
            "test_clock": store.get("customer", customer)["test_clock"],
            **filled,
            "discounts": redeem(
                store, discounts, currency=filled["currency"], customer=customer, invoice_item=identity
            ),
        }
    )
    store.emit("invoiceitem.created", row)
    return row


def add_line(store: Store, invoice: Row, item: Row) -> Row:
    """Put an invoice item on an invoice as a line and total the invoice again."""
    item["invoice"] = invoice["id"]
    parent, subscription = _parent(item)
    line = make_line(store, invoice, item, parent=parent, subscription=subscription)
    retotal(store, invoice)
    return line


def _parent(item: Row) -> tuple[Row, str | None]:
    """Where a line comes from: an item that somebody made, or a proration of a subscription."""
    details: Row = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
        "subscription": None,
    }
    if not item["parent"]:
        named = {"invoice_item_details": details, "subscription_item_details": None}
        return {**named, "type": "invoice_item_details"}, None
    source = item["parent"]["subscription_details"]
    credited = item["proration_details"]["credited_items"]
    if credited:
        details["proration_details"] = {"credited_items": dict(credited["invoice_line_item_details"])}
    details.update(source)
    named = {"invoice_item_details": None, "subscription_item_details": details}
    return {**named, "type": "subscription_item_details"}, source["subscription"]


def make_line(store: Store, invoice: Row, source: Row, *, parent: Row, subscription: str | None) -> Row:
    """Keep a line with the amount, description, pricing and period of an item or a subscription."""
    row = store.insert(
        {
            "id": store.new_id("line_item"),
            "object": "line_item",
            "amount": source["amount"],
            "currency": source["currency"],
            "description": source["description"],
            "discount_amounts": [],
            "discountable": source["discountable"],
            "discounts": list(source["discounts"]),
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
    store.keep_aside(row, tax_rates=source["tax_rates"])
    return row


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


@operation("POST", "/v1/invoices/{id}/lines/{id}", LINE_FIELDS)
def update_line(store: Store, params: Row, identity: str, line_id: str) -> Row:
    """Change a line of a draft: its words, amount, price, quantity, discounts or taxes."""
    invoice = draft(store, identity)
    line = _line_of(store, invoice, line_id)
    if {"amount", "pricing", "price_data", "quantity", "quantity_decimal"} & params.keys():
        _reprice(store, invoice, line, params)
    if "description" in params:
        line["description"] = text(params["description"])
    if "discountable" in params:
        line["discountable"] = flag(params["discountable"])
    if "discounts" in params:
        given = {"currency": invoice["currency"], "customer": invoice["customer"]}
        line["discounts"] = redeem(store, params["discounts"], **given, invoice=identity)
    if "metadata" in params:
        line["metadata"] = merged_metadata(line["metadata"], params["metadata"])
    if "period" in params:
        line["period"] = _period(store, params)
    if "tax_rates" in params:
        store.keep_aside(line, tax_rates=rates(store, params["tax_rates"]))
    retotal(store, invoice)
    return line


def _reprice(store: Store, invoice: Row, line: Row, params: Row) -> None:
    """A new amount for a line; a quantity alone keeps the line's unit amount."""
    quantity = _quantity({"quantity_decimal": line["quantity_decimal"], **_one_quantity(params)})
    if {"amount", "pricing", "price_data"} & params.keys():
        _, line["pricing"], line["amount"] = _priced(store, params, quantity, invoice)
    else:
        line["amount"] = extended(Decimal(line["pricing"]["unit_amount_decimal"]), quantity)
    line.update(subtotal=line["amount"], quantity=int(quantity), quantity_decimal=plain(quantity))


def _one_quantity(params: Row) -> Row:
    if "quantity_decimal" in params:
        return {"quantity_decimal": params["quantity_decimal"]}
    if "quantity" in params:
        return {"quantity_decimal": whole(params["quantity"], "quantity")}
    return {"quantity_decimal": 1} if "amount" in params else {}


@operation("POST", "/v1/invoices/{id}/remove_lines", "lines")
def remove_lines(store: Store, params: Row, identity: str) -> Row:
    """Take lines off a draft; `behavior=unassign` keeps their items for the customer's next invoice."""
    invoice = draft(store, identity)
    for entry in params.get("lines") or []:
        given = mapping(entry, "lines")
        line = _line_of(store, invoice, str(given.get("id")))
        item = store.lookup(_item_of(line) or "")
        if item and item.get("invoice") == invoice["id"]:
            _free(store, item, unassign=given.get("behavior") == "unassign")
        store.remove(line)
    retotal(store, invoice)
    return invoice


def _free(store: Store, item: Row, *, unassign: bool) -> None:
    if unassign:
        item["invoice"] = None
    else:
        store.remove(item)


def _line_of(store: Store, invoice: Row, identity: str) -> Row:
    line = store.get("line_item", identity)
    if line["invoice"] != invoice["id"]:
        raise invalid(f"Line {identity} is not on invoice {invoice['id']}.")
    return line


def _item_of(line: Row) -> str | None:
    parent = line["parent"]
    details = parent["invoice_item_details"] or parent["subscription_item_details"]
    found: str | None = details["invoice_item"]
    return found


@operation("DELETE", "/v1/invoiceitems/{id}")
def delete_invoice_item(store: Store, params: Row, identity: str) -> Row:
    """Remove an item that is pending or on a draft invoice, with its line."""
    item = store.get("invoiceitem", identity)
    if item["invoice"]:
        invoice = draft(store, item["invoice"])
        for line in store.where("line_item", invoice=invoice["id"]):
            if _item_of(line) == identity:
                store.remove(line)
        retotal(store, invoice)
    stub = store.remove(item)
    store.emit("invoiceitem.deleted", item)
    return stub


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
