"""The lines of a credit note: a part of an invoice's line with its discounts and taxes, or one of its own."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .amounts import extended, plain, rounded
from .discounts import pretax
from .errors import invalid, required
from .forms import mapping, merged_metadata, number, text, whole
from .store import Row, Store
from .taxes import rates, taxes_on


def build(store: Store, invoice: Row, given: Any) -> list[Row]:
    """The lines for a credit note's `lines` parameter; nothing is kept yet."""
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise invalid("Invalid array: lines", param="lines")
    return [_line(store, invoice, mapping(entry, "lines")) for entry in given]


def _line(store: Store, invoice: Row, entry: Row) -> Row:
    makers: dict[str, Callable[[Store, Row, Row], Row]] = {
        "invoice_line_item": _of_invoice_line,
        "custom_line_item": _custom,
    }
    if entry.get("type") not in makers:
        raise invalid("Invalid lines[type]: must be custom_line_item or invoice_line_item", param="lines")
    return {
        "id": store.new_id("credit_note_line_item"),
        "object": "credit_note_line_item",
        "livemode": False,
        "metadata": merged_metadata({}, entry.get("metadata")),
        "type": entry["type"],
        **makers[entry["type"]](store, invoice, entry),
    }


def _of_invoice_line(store: Store, invoice: Row, entry: Row) -> Row:
    line = store.get("line_item", entry.get("invoice_line_item"), param="lines[invoice_line_item]")
    if line["invoice"] != invoice["id"]:
        raise invalid(f"Line {line['id']} is not on invoice {invoice['id']}.", param="lines")
    quantity = whole(entry["quantity"], "lines[quantity]") if "quantity" in entry else None
    amount = _amount(line, entry, quantity)
    _check_left(store, line, amount)
    share = Decimal(amount) / line["amount"] if line["amount"] else Decimal(1)
    discounts = [_shared(one, share) for one in line["discount_amounts"]]
    taxes = [
        {**_shared(one, share), "taxable_amount": rounded(one["taxable_amount"] * share)}
        for one in line["taxes"]
    ]
    unit = (line["pricing"] or {}).get("unit_amount_decimal") if quantity else None
    return {
        "amount": amount,
        "description": line["description"],
        "invoice_line_item": line["id"],
        "quantity": quantity,
        "tax_rates": store.held(line, "tax_rates") or [dict(rate) for rate in invoice["default_tax_rates"]],
        **_reduced(discounts, taxes),
        **_unit(unit),
    }


def _amount(line: Row, entry: Row, quantity: int | None) -> int:
    if quantity is not None:
        return rounded(line["amount"] * Decimal(quantity) / Decimal(line["quantity_decimal"]))
    return whole(entry.get("amount", line["amount"]), "lines[amount]")


def _check_left(store: Store, line: Row, amount: int) -> None:
    """No more may be credited on a line than it says."""
    notes = store.where("credit_note", invoice=line["invoice"], status="issued")
    earlier = sum(
        one["amount"]
        for note in notes
        for one in store.held(note, "lines")
        if one["invoice_line_item"] == line["id"]
    )
    if abs(amount + earlier) > abs(line["amount"]):
        raise invalid(f"Line {line['id']} has {line['amount'] - earlier} left to credit, not {amount}.")


def _shared(part: Row, share: Decimal) -> Row:
    return {**part, "amount": rounded(part["amount"] * share)}


def _custom(store: Store, invoice: Row, entry: Row) -> Row:
    if not text(entry.get("description")):
        raise required("lines[description]")
    exact = entry.get("unit_amount_decimal", entry.get("unit_amount"))
    if exact is None:
        raise required("lines[unit_amount]")
    unit = number(exact, "lines[unit_amount]")
    quantity = whole(entry.get("quantity", 1), "lines[quantity]")
    amount = extended(unit, Decimal(quantity))
    chosen = rates(store, entry.get("tax_rates"), "lines[tax_rates]")
    return {
        "amount": amount,
        "description": text(entry["description"]),
        "invoice_line_item": None,
        "quantity": quantity,
        "tax_rates": chosen,
        **_reduced([], taxes_on(amount, chosen, invoice["customer_tax_exempt"])),
        **_unit(plain(unit)),
    }


def _reduced(discounts: list[Row], taxes: list[Row]) -> Row:
    return {
        "discount_amount": sum(one["amount"] for one in discounts),
        "discount_amounts": discounts,
        "pretax_credit_amounts": pretax(discounts),
        "taxes": taxes,
    }


def _unit(exact: str | None) -> Row:
    whole_units = exact is not None and Decimal(exact) == Decimal(exact).to_integral_value()
    return {
        "unit_amount": int(Decimal(exact)) if exact and whole_units else None,
        "unit_amount_decimal": exact,
    }
