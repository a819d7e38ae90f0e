"""SOAP calls for each paid invoice, counted by the practice NetSuite itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from bench.results import Measure, at_most
from bench.stage import Stage

INVOICES = 5
NEW_PRICES = 3


def measure(stage: Stage) -> list[Measure]:
    """Writes and reads when customer and item are known, and calls when everything is new.

    The first document of an account also reads NetSuite's currencies, once for ever; it is not counted.
    """
    shop = stage.shop
    customer, prices = shop.new_customer("Known Customer Inc."), shop.new_prices(1)
    stage.book(shop.new_paid_invoice(customer, prices))
    known = _counted(stage, lambda: shop.new_paid_invoice(customer, prices))
    new = _counted(
        stage,
        lambda: shop.new_paid_invoice(shop.new_customer("New Customer Inc."), shop.new_prices(NEW_PRICES)),
    )
    writes = known["writes"] / INVOICES
    reads = (_all_calls(known) - known["writes"]) / INVOICES
    calls = _all_calls(new) / INVOICES
    about = "of a paid invoice, customer and item known"
    return [
        at_most("soap_writes_known", f"SOAP writes {about}", writes, 2, "calls", "one invoice, one payment"),
        at_most("soap_reads_known", f"SOAP reads {about}", reads, 0, "calls", "all that is known is mapped"),
        at_most(
            "soap_calls_new",
            f"SOAP calls of a paid invoice, customer and {NEW_PRICES} items new",
            calls,
            4,
            "calls",
            "one for each wave: customer, items, invoice, payment",
        ),
    ]


def _counted(stage: Stage, new_invoice: Callable[[], str]) -> Counter[str]:
    """The calls of booking some invoices, by operation."""
    invoices = [new_invoice() for _ in range(INVOICES)]
    before = stage.calls()
    for invoice in invoices:
        stage.book(invoice)
    return Counter(stage.calls()) - Counter(before)


def _all_calls(counted: Counter[str]) -> int:
    return counted.total() - counted["writes"]
