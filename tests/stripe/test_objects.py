"""Stripe's JSON as values: what is read, what may be missing, and what may not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.money import Amount
from connector.stripe.balance import Payout
from connector.stripe.billing import Coupon, DiscountAmount, Shipping, TaxAmount, TaxRate
from connector.stripe.objects import (
    Charge,
    Customer,
    Invoice,
    InvoiceLine,
    InvoicePayment,
    PostalAddress,
    Price,
)
from connector.stripe.reversals import Dispute
from connector.stripe.shape import UnexpectedShape

CREATED = 1_793_707_200  # 2026-11-03 12:00 UTC
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
CUSTOMER = {"id": "cus_1", "object": "customer", "created": CREATED}
PRICE = {"id": "price_1", "object": "price", "created": CREATED, "product": "prod_1"}
LINE: dict[str, Any] = {"id": "il_1", "object": "line_item", "amount": 1999, "currency": "usd"}
INVOICE: dict[str, Any] = {
    "id": "in_1",
    "object": "invoice",
    "status": "open",
    "currency": "usd",
    "created": CREATED,
    "total": 1999,
    "amount_due": 1999,
    "lines": {"object": "list", "data": [LINE], "has_more": False},
}
CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "object": "charge",
    "amount": 1999,
    "amount_captured": 1999,
    "currency": "usd",
    "status": "succeeded",
    "captured": True,
    "paid": True,
    "amount_refunded": 0,
    "disputed": False,
    "created": CREATED,
}
PAYMENT: dict[str, Any] = {
    "id": "inpay_1",
    "object": "invoice_payment",
    "invoice": "in_1",
    "status": "paid",
    "currency": "usd",
    "amount_paid": 1999,
}
PAYOUT = {
    "id": "po_1",
    "object": "payout",
    "amount": 5_000,
    "currency": "usd",
    "status": "paid",
    "automatic": True,
    "arrival_date": CREATED,
    "created": CREATED,
}


def usd(minor: int) -> Amount:
    return Amount.from_minor(minor, "usd")


def test_a_bare_customer_is_read_with_empty_fields() -> None:
    assert Customer.from_stripe(CUSTOMER) == Customer(id="cus_1", created=NOON)


def test_a_customer_is_read_with_its_names_addresses_and_metadata() -> None:
    home = {"line1": "1 Main St", "line2": None, "city": "Hull", "state": None, "country": "GB"}
    read = Customer.from_stripe(
        CUSTOMER
        | {
            "name": "Acme",
            "individual_name": "Ada Byron",
            "business_name": None,
            "currency": "eur",
            "address": home,
            "shipping": {"name": "Dock", "phone": "1", "address": home},
            "metadata": {"netsuite_customer_id": "12"},
        }
    )
    assert (read.name, read.individual_name, read.business_name) == ("Acme", "Ada Byron", "")
    assert (read.currency, read.metadata) == ("EUR", {"netsuite_customer_id": "12"})
    assert read.address == PostalAddress(line1="1 Main St", city="Hull", country="GB")
    assert read.shipping == PostalAddress("1 Main St", city="Hull", country="GB", name="Dock", phone="1")


@pytest.mark.parametrize("empty", [None, {}, {"line1": None, "city": "", "country": None}])
def test_an_address_without_a_line_is_none(empty: dict[str, Any] | None) -> None:
    assert PostalAddress.from_stripe(empty) is None
    assert Customer.from_stripe(CUSTOMER | {"shipping": {"name": "Dock", "address": empty}}).shipping is None


def test_a_deleted_customer_has_only_its_id() -> None:
    gone = Customer.from_stripe({"id": "cus_1", "object": "customer", "deleted": True})
    assert (gone.id, gone.deleted, gone.name, gone.metadata) == ("cus_1", True, "", {})


def test_a_price_is_read_with_and_without_its_product() -> None:
    bare = Price.from_stripe(PRICE)
    assert (bare.product_id, bare.product_name, bare.active, bare.one_time) == ("prod_1", "", True, False)
    whole = Price.from_stripe(PRICE | {"product": {"id": "prod_1", "name": "Plan", "description": None}})
    assert (whole.product_id, whole.product_name, whole.product_description) == ("prod_1", "Plan", "")


@pytest.mark.rule("PI-7")
@pytest.mark.parametrize(
    ("kind", "active", "once"),
    [("one_time", False, True), ("one_time", True, False), ("recurring", False, False)],
)
def test_a_price_used_once_is_one_time_and_archived(kind: str, active: bool, once: bool) -> None:
    assert Price.from_stripe(PRICE | {"type": kind, "active": active}).used_once is once


@pytest.mark.parametrize(
    ("given", "quantity"),
    [
        ({}, None),
        ({"quantity": 3}, Decimal(3)),
        ({"quantity": 0}, Decimal(0)),
        ({"quantity": 1000, "quantity_decimal": "1000.5"}, Decimal("1000.5")),
        ({"quantity": 0, "quantity_decimal": "0"}, Decimal(0)),
    ],
)
def test_the_exact_quantity_is_preferred(given: dict[str, Any], quantity: Decimal | None) -> None:
    assert InvoiceLine.from_stripe(LINE | given).quantity == quantity


@pytest.mark.parametrize(
    ("parent", "subscription"),
    [
        (None, ""),
        ({"subscription_item_details": {"subscription": "sub_1"}}, "sub_1"),
        ({"invoice_item_details": {"subscription": "sub_1", "proration": True}}, "sub_1"),
        ({"invoice_item_details": {"subscription": None}, "subscription_item_details": None}, ""),
        ({"subscription_item_details": {"subscription": {"id": "sub_1"}}}, "sub_1"),
    ],
)
def test_a_line_knows_its_subscription(parent: dict[str, Any] | None, subscription: str) -> None:
    assert InvoiceLine.from_stripe(LINE | {"parent": parent}).subscription_id == subscription


def test_a_line_is_read_with_price_period_discounts_and_taxes() -> None:
    read = InvoiceLine.from_stripe(
        LINE
        | {
            "description": "Seats",
            "period": {"start": CREATED, "end": CREATED + 60},
            "pricing": {"price_details": {"price": "price_1"}},
            "discount_amounts": [{"amount": 100, "discount": "di_1"}, {"amount": 50, "discount": "di_2"}],
            "taxes": [
                {
                    "amount": 7,
                    "tax_behavior": "exclusive",
                    "tax_rate_details": {"tax_rate": "txr_1"},
                    "type": "tax_rate_details",
                },
                {"amount": 3, "tax_behavior": "inclusive", "tax_rate_details": None},
            ],
            "pretax_credit_amounts": [
                {"amount": 150, "type": "discount", "discount": "di_1"},
                {"amount": 20, "type": "credit_balance_transaction"},
            ],
            "parent": {"type": "invoice_item_details"},
            "metadata": {"a": "b"},
        }
    )
    assert (read.amount, read.credits, read.kind) == (usd(1999), usd(20), "invoice_item_details")
    assert read.discounts == (DiscountAmount("di_1", usd(100)), DiscountAmount("di_2", usd(50)))
    assert read.taxes == (TaxAmount(usd(7), "txr_1"), TaxAmount(usd(3), inclusive=True))
    assert (read.period_start, read.price_id, read.description) == (NOON, "price_1", "Seats")
    bare = InvoiceLine.from_stripe(LINE)
    assert (bare.discounts, bare.taxes, bare.credits) == ((), (), None)
    assert (bare.period_start, bare.price_id, bare.kind) == (None, "", "")


def test_a_tax_that_is_neither_on_top_nor_included_is_of_an_unknown_shape() -> None:
    with pytest.raises(UnexpectedShape, match="tax_behavior"):
        InvoiceLine.from_stripe(LINE | {"taxes": [{"amount": 7, "tax_behavior": "beside"}]})


def test_the_coupon_of_each_discount_is_read_where_it_is_expanded() -> None:
    expanded = {
        "id": "di_1",
        "source": {"coupon": {"id": "SPRING", "name": "Spring", "metadata": {"k": "v"}}},
    }
    named = {"id": "di_2", "source": {"coupon": "AUTUMN"}}
    amounts = [{"amount": 1, "discount": one} for one in (expanded, named, "di_3")]
    read = Invoice.from_stripe(INVOICE | {"total_discount_amounts": amounts})
    assert read.coupons == {"di_1": Coupon("SPRING", "Spring", {"k": "v"}), "di_2": Coupon("AUTUMN")}


@pytest.mark.rule("SH-H1")
@pytest.mark.parametrize(
    ("taxes", "read"),
    [
        ([{"amount": 20, "rate": {"id": "txr_1"}}], (TaxAmount(usd(20), "txr_1"),)),
        (None, (TaxAmount(usd(20)),)),
    ],
)
def test_shipping_is_read_with_its_taxes_by_rate_or_as_one(taxes: Any, read: tuple[TaxAmount, ...]) -> None:
    cost = {"amount_subtotal": 100, "amount_tax": 20, "amount_total": 120, "taxes": taxes}
    assert Invoice.from_stripe(INVOICE | {"shipping_cost": cost}).shipping == Shipping(usd(120), read)
    free = {"amount_subtotal": 0, "amount_tax": 0, "amount_total": 0}
    assert Invoice.from_stripe(INVOICE | {"shipping_cost": free}).shipping == Shipping(usd(0))


def test_a_tax_rate_is_read_with_its_name_percentage_and_place() -> None:
    whole = {"id": "txr_1", "display_name": "VAT", "percentage": 20.0, "jurisdiction": None, "country": "GB"}
    assert TaxRate.from_stripe(whole) == TaxRate("txr_1", "VAT", Decimal(20), "GB")
    assert TaxRate.from_stripe({"id": "txr_1"}) == TaxRate("txr_1")


def test_a_character_that_no_database_can_hold_is_left_out() -> None:
    assert InvoiceLine.from_stripe(LINE | {"description": "Se\x00ats"}).description == "Seats"


def test_a_bare_invoice_has_nothing_where_stripe_says_nothing() -> None:
    read = Invoice.from_stripe(INVOICE)
    assert (read.total, read.amount_due, read.amount_paid) == (usd(1999), usd(1999), usd(0))
    assert (read.coupons, read.shipping, read.credit_notes) == ({}, None, usd(0))
    assert (read.ending_balance, read.finalized_at, read.due_date) == (None, None, None)
    assert (read.currency, read.customer_id, read.revises, len(read.lines)) == ("USD", "", "", 1)


def test_an_invoice_is_read_with_all_that_decides_how_it_is_booked() -> None:
    read = Invoice.from_stripe(
        INVOICE
        | {
            "number": "A-1",
            "customer": {"id": "cus_1"},
            "customer_name": None,
            "customer_email": "a@example.com",
            "effective_at": CREATED,
            "status_transitions": {"finalized_at": CREATED, "paid_at": None},
            "due_date": CREATED,
            "starting_balance": -500,
            "ending_balance": 0,
            "pre_payment_credit_notes_amount": 100,
            "post_payment_credit_notes_amount": 20,
            "amount_paid_off_stripe": 8,
            "from_invoice": {"action": "revision", "invoice": "in_0"},
            "parent": {"subscription_details": {"subscription": "sub_1"}},
        }
    )
    assert (read.customer_id, read.customer_name, read.number) == ("cus_1", "a@example.com", "A-1")
    assert (read.effective_at, read.finalized_at, read.paid_at, read.due_date) == (NOON, NOON, None, NOON)
    assert (read.starting_balance, read.ending_balance) == (usd(-500), usd(0))
    assert (read.credit_notes, read.amount_paid_off_stripe) == (usd(120), usd(8))
    assert (read.revises, read.subscription_id) == ("in_0", "sub_1")


def test_a_charge_is_read_in_its_own_currency() -> None:
    read = Charge.from_stripe(CHARGE | {"currency": "jpy", "customer": None, "billing_details": None})
    assert (read.amount, read.amount_captured) == (
        Amount.from_minor(1999, "jpy"),
        Amount.from_minor(1999, "jpy"),
    )
    assert (read.customer_id, read.payer_name, read.method, read.balance_transaction_id) == ("",) * 4


def test_a_charge_names_its_payer_by_name_or_email() -> None:
    named = CHARGE | {"billing_details": {"name": "Ada", "email": "a@example.com"}}
    assert Charge.from_stripe(named).payer_name == "Ada"
    unnamed = CHARGE | {"billing_details": {"name": None, "email": "a@example.com"}}
    assert Charge.from_stripe(unnamed).payer_name == "a@example.com"


def test_an_expanded_field_and_a_plain_id_are_the_same() -> None:
    plain = CHARGE | {"customer": "cus_1", "payment_intent": "pi_1"}
    whole = CHARGE | {"customer": {"id": "cus_1"}, "payment_intent": {"id": "pi_1"}}
    assert Charge.from_stripe(plain) == Charge.from_stripe(whole)


def test_an_invoice_payment_brings_its_charge() -> None:
    intent = {"type": "payment_intent", "payment_intent": {"id": "pi_1", "latest_charge": CHARGE}}
    read = InvoicePayment.from_stripe(PAYMENT | {"payment": intent})
    assert (read.amount, read.charge, read.charge_id) == (usd(1999), Charge.from_stripe(CHARGE), "")


@pytest.mark.parametrize(
    ("payment", "charge_id"),
    [
        ({"type": "payment_intent", "payment_intent": {"id": "pi_1", "latest_charge": None}}, ""),
        ({"type": "payment_record", "payment_record": "pr_1"}, ""),
        ({"type": "charge", "charge": "ch_1"}, "ch_1"),
        ({"type": "payment_intent", "payment_intent": {"id": "pi_1", "latest_charge": "ch_1"}}, "ch_1"),
    ],
    ids=["nobody paid yet", "paid outside Stripe", "a charge without an intent", "a charge by its id"],
)
def test_an_invoice_payment_without_an_expanded_charge(payment: dict[str, Any], charge_id: str) -> None:
    read = InvoicePayment.from_stripe(PAYMENT | {"payment": payment, "amount_paid": None})
    assert (read.amount, read.charge, read.charge_id) == (None, None, charge_id)


def test_the_movements_of_a_dispute_are_told_in_the_order_of_time() -> None:
    common = {"object": "balance_transaction", "type": "adjustment", "currency": "usd", "fee": 0}
    moved = [
        {**common, "id": f"txn_{at}", "created": CREATED + at, "amount": 1, "net": 1} for at in (3, 1, 2)
    ]
    told = {
        "id": "du_1",
        "amount": 1,
        "currency": "usd",
        "status": "won",
        "created": CREATED,
        "charge": "ch_1",
    }
    read = Dispute.from_stripe({**told, "balance_transactions": moved})
    assert [one.id for one in read.movements] == ["txn_1", "txn_2", "txn_3"]


def test_an_intent_that_stripe_left_folded_is_not_taken_for_money_from_outside() -> None:
    folded = PAYMENT | {"payment": {"type": "payment_intent", "payment_intent": "pi_1"}}
    with pytest.raises(UnexpectedShape, match="payment_intent"):
        InvoicePayment.from_stripe(folded)


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        *((Customer, CUSTOMER, name) for name in ("id", "created")),
        *((Price, PRICE, name) for name in ("id", "created")),
        *((InvoiceLine, LINE, name) for name in ("id", "amount", "currency")),
        *((Invoice, INVOICE, name) for name in INVOICE if name != "object"),
        *((Charge, CHARGE, name) for name in CHARGE if name not in ("object", "paid")),
        *((InvoicePayment, PAYMENT, name) for name in ("id", "invoice", "status", "currency")),
        *((Payout, PAYOUT, name) for name in PAYOUT if name != "object"),
    ],
)
@pytest.mark.parametrize("absent", [True, False])
def test_what_the_version_promises_must_be_there(
    kind: Any, data: dict[str, Any], field: str, absent: bool
) -> None:
    broken = {name: value for name, value in data.items() if name != field}
    if not absent:
        broken[field] = None
    with pytest.raises(UnexpectedShape, match=field):
        kind.from_stripe(broken)


@pytest.mark.parametrize("kind", [Charge, Customer, Invoice, InvoiceLine, InvoicePayment, Price])
def test_values_cannot_be_changed(kind: type[Any]) -> None:
    value = kind.from_stripe(
        {
            Charge: CHARGE,
            Customer: CUSTOMER,
            Invoice: INVOICE,
            InvoiceLine: LINE,
            InvoicePayment: PAYMENT,
            Price: PRICE,
        }[kind]
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.id = "other"
