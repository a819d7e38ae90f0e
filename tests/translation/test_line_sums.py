"""Sums: whatever Stripe bills, NetSuite's lines add up to what Stripe collects, or nothing is planned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Amount
from connector.netsuite import records
from connector.stripe.billing import Coupon, DiscountAmount, Shipping, TaxAmount
from connector.stripe.objects import Invoice, InvoiceLine
from connector.translation.entries import entries
from connector.translation.invoice import translate
from tests.translation.builders import invoice, line, only, settings

rule = pytest.mark.rule
RATES = ("txr_vat", "txr_city", "")
COUPONS = {"di_1": Coupon("SPRING"), "di_2": Coupon("LOYAL")}
CHOSEN = settings(sync_trial_invoices=True)


@st.composite
def taxes(draw: st.DrawFn, amount: int, currency: str, *, on_top_only: bool = False) -> tuple[TaxAmount, ...]:
    """Up to two taxes of an amount, in it or on top."""
    found = []
    for _ in range(draw(st.integers(0, 2))):
        share = abs(amount) * draw(st.integers(0, 30)) // 100
        sign = -1 if amount < 0 else 1
        included = False if on_top_only else draw(st.booleans())
        money = Amount.from_minor(sign * share, currency)
        found.append(TaxAmount(money, draw(st.sampled_from(RATES)), included))
    return tuple(found)


@st.composite
def lines(draw: st.DrawFn, number: int, currency: str) -> InvoiceLine:
    """A line of either sign with discounts up to its amount, and taxes of the rest."""
    left = amount = draw(st.integers(-(10**6), 10**8))
    discounts = []
    for discount_id in draw(st.lists(st.sampled_from(["di_1", "di_2", "di_gone"]), max_size=3)):
        part = draw(st.integers(0, max(left, 0)))
        discounts.append(DiscountAmount(discount_id, Amount.from_minor(part, currency)))
        left -= part
    return line(
        Amount.from_minor(amount, currency),
        id=f"il_{number}",
        price_id=draw(st.sampled_from(["price_1", "price_2", ""])),
        metadata=draw(st.sampled_from([{}, {"netsuite_discount_item_id": "77"}, {"netsuite_tax": "true"}])),
        discounts=tuple(discounts),
        taxes=draw(taxes(left, currency)),
    )


@st.composite
def bills(draw: st.DrawFn) -> Invoice:
    """Any invoice that Stripe can make of such lines, with its total worked out as Stripe does."""
    currency = draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
    kept = [draw(lines(number, currency)) for number in range(draw(st.integers(1, 8)))]
    shipping = None
    if draw(st.booleans()):
        cost = draw(st.integers(0, 10**5))
        on_it = draw(taxes(cost, currency, on_top_only=True))
        shipping = Shipping(Amount.from_minor(cost + sum(one.amount.minor for one in on_it), currency), on_it)
    owed = sum(one.amount.minor for one in kept) + (shipping.amount.minor if shipping else 0)
    owed -= sum(part.amount.minor for one in kept for part in one.discounts)
    owed += sum(part.amount.minor for one in kept for part in one.taxes if not part.inclusive)
    debit = draw(st.integers(0, 10**4)) if owed >= 0 else 0
    return invoice(
        kept,
        currency=currency,
        shipping=shipping,
        coupons=COUPONS,
        total=Amount.from_minor(owed, currency),
        amount_due=Amount.from_minor(max(owed + debit, 0), currency),
        starting_balance=Amount.from_minor(debit, currency),
        ending_balance=Amount.from_minor(min(owed, 0), currency),
    )


@rule("IN-H3")
@rule("PI-16")
@rule("TX-H1")
@rule("TX-H2")
@rule("SH-H1")
@rule("CB-7")
@rule("NE-1")
@given(bills())
def test_netsuites_lines_add_up_to_what_stripe_collects(bill: Invoice) -> None:
    record = only(translate(bill, (), {}, CHOSEN), records.Invoice)
    assert record.total == bill.amount_due.value
    assert len(record.lines) >= len(bill.lines)
    posted = entries(record, {"57": "Tax payable"})
    assert sum(each.debit for each in posted) == sum(each.credit for each in posted)


@rule("TX-H1")
@given(bills())
def test_each_rate_posts_exactly_its_own_taxes(bill: Invoice) -> None:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    of_shipping = bill.shipping.taxes if bill.shipping else ()
    for one in [*(one for each in bill.lines for one in each.taxes), *of_shipping]:
        wanted[one.rate_id or "stripe_tax"] += one.amount.value
    for each in bill.lines:
        if each.metadata.get("netsuite_tax") == "true":
            included = sum((one.amount.value for one in each.taxes if one.inclusive), Decimal(0))
            wanted["stripe_tax"] += each.amount.value - included
    found: dict[str, Decimal] = defaultdict(Decimal)
    for made in only(translate(bill, (), {}, CHOSEN), records.Invoice).lines:
        if made.item.key in ("txr_vat", "txr_city", "stripe_tax"):
            found[made.item.key] += made.amount
    if bill.total.value >= 0:
        assert {key: amount for key, amount in found.items() if amount} == {
            key: amount for key, amount in wanted.items() if amount
        }


@rule("IN-H3")
@given(bills(), st.integers(-(10**4), 10**4).filter(bool))
def test_lines_that_do_not_add_up_are_never_booked(bill: Invoice, off: int) -> None:
    wrong = replace(bill, total=bill.total + Amount.from_minor(off, bill.currency))
    plan = translate(wrong, (), {}, CHOSEN)
    assert plan.records == ()
    assert {problem.code for problem in plan.problems} == {"totals_differ"}
