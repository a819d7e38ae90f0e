"""The totals of an invoice: lines, discounts, taxes, shipping and customer balance."""

from .amounts import CURRENCIES
from .discounts import discount_lines, pretax, summed
from .shipping import ship
from .store import Row, Store
from .taxes import by_rate, tax_sum, taxes_on


def retotal(store: Store, invoice: Row) -> None:
    """Reckon a draft's discounts, taxes and totals anew (minor units).

    `total` is the lines less all discounts, plus shipping, plus the exclusive taxes of both.
    """
    lines = store.where("line_item", invoice=invoice["id"])
    discount_lines(store, invoice, lines)
    for line in lines:
        off = sum(one["amount"] for one in line["discount_amounts"])
        rates = store.held(line, "tax_rates") or invoice["default_tax_rates"]
        line["taxes"] = taxes_on(line["amount"] - off, rates, invoice["customer_tax_exempt"])
    line_taxes = [tax for line in lines for tax in line["taxes"]]
    taxes = [*line_taxes, *ship(store, invoice)]
    _total(invoice, lines, line_taxes, taxes)
    _expect_balance(store, invoice)


def _total(invoice: Row, lines: list[Row], line_taxes: list[Row], taxes: list[Row]) -> None:
    discounts = [one for line in lines for one in line["discount_amounts"]]
    of_invoice = set(invoice["discounts"])
    gross = sum(line["amount"] for line in lines)
    net = gross - sum(one["amount"] for one in discounts)
    total = net + invoice["amount_shipping"] + tax_sum(taxes, "exclusive")
    own = sum(one["amount"] for one in discounts if one["discount"] not in of_invoice)
    invoice["subtotal"] = gross - own
    invoice["subtotal_excluding_tax"] = gross - own - tax_sum(line_taxes, "inclusive")
    invoice["total"] = total
    invoice["total_excluding_tax"] = total - sum(tax["amount"] for tax in taxes)
    invoice["total_discount_amounts"] = summed(discounts)
    invoice["total_pretax_credit_amounts"] = pretax(invoice["total_discount_amounts"])
    invoice["total_taxes"] = by_rate(taxes)


def balance_for(store: Store, invoice: Row) -> int:
    """The customer's balance in the invoice's currency: negative when the customer has credit."""
    customer = store.lookup(invoice["customer"]) or {}
    held: int = customer["balance"] if customer.get("currency") == invoice["currency"] else 0
    return held


def after_balance(total: int, balance: int, currency: str) -> tuple[int, int]:
    """What is due of a total, and the balance left; less than can be charged is carried forward."""
    owed = total + balance
    if 0 < owed < CURRENCIES[currency].smallest:
        return 0, owed
    return max(owed, 0), min(owed, 0)


def _expect_balance(store: Store, invoice: Row) -> None:
    """What a draft would ask for if it were finalized now."""
    balance = balance_for(store, invoice)
    due, _ = after_balance(invoice["total"], balance, invoice["currency"])
    invoice["starting_balance"] = balance
    invoice["amount_due"] = invoice["amount_remaining"] = due
