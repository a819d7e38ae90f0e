"""Credit notes as Stripe tells them: all parts of their money, every line, voided ones included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.money import Amount
from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.stripe.billing import DiscountAmount, Shipping, TaxAmount
from connector.stripe.client import Client
from connector.stripe.credit_note import CreditNote
from connector.stripe.shape import UnexpectedShape

BARE: dict[str, Any] = {
    "id": "cn_1",
    "object": "credit_note",
    "amount": 5_000,
    "created": 1_794_304_920,
    "currency": "usd",
    "invoice": "in_1",
    "status": "issued",
}


def usd(minor: int) -> Amount:
    return Amount.from_minor(minor, "usd")


def test_a_bare_note_has_nothing_where_stripe_says_nothing() -> None:
    read = CreditNote.from_stripe(BARE)
    assert (read.id, read.invoice_id, read.status, read.amount) == ("cn_1", "in_1", "issued", usd(5_000))
    assert read.created == datetime(2026, 11, 10, 10, 2, tzinfo=UTC)
    assert (read.pre_payment, read.post_payment, read.refunded, read.out_of_band) == (usd(0),) * 4
    assert (read.lines, read.shipping, read.refund_ids, read.to_balance) == ((), None, (), usd(0))


def test_the_parts_of_its_money_are_told_apart() -> None:
    refunds = [
        {"type": "refund", "refund": "re_1", "amount_refunded": 1_000, "payment_record_refund": None},
        {"type": "refund", "refund": {"id": "re_2"}, "amount_refunded": 200, "payment_record_refund": None},
        {"type": "payment_record_refund", "refund": None, "amount_refunded": 300},
    ]
    told = {"pre_payment_amount": 500, "post_payment_amount": 4_500, "out_of_band_amount": 700}
    read = CreditNote.from_stripe({**BARE, **told, "refunds": refunds})
    assert (read.pre_payment, read.refunded, read.out_of_band) == (usd(500), usd(1_200), usd(1_000))
    assert read.refund_ids == ("re_1", "re_2")
    assert read.to_balance == usd(2_300)


def test_a_line_is_read_with_its_discounts_and_taxes() -> None:
    line = {
        "id": "cnli_1",
        "amount": 6_000,
        "type": "invoice_line_item",
        "invoice_line_item": "il_1",
        "description": "Seat",
        "quantity": 2,
        "discount_amounts": [{"amount": 600, "discount": "di_1"}],
        "taxes": [
            {"amount": 540, "tax_behavior": "exclusive", "tax_rate_details": {"tax_rate": "txr_1"}},
        ],
        "pretax_credit_amounts": [{"amount": 600, "type": "discount", "discount": "di_1"}],
    }
    shipping = {"amount_subtotal": 500, "amount_tax": 40, "amount_total": 540, "taxes": []}
    read = CreditNote.from_stripe({**BARE, "lines": {"data": [line]}, "shipping_cost": shipping})
    (only,) = read.lines
    assert (only.invoice_line_id, only.amount, only.quantity) == ("il_1", usd(6_000), Decimal(2))
    assert only.discounts == (DiscountAmount("di_1", usd(600)),)
    assert only.taxes == (TaxAmount(usd(540), "txr_1"),)
    assert not only.credits
    assert read.shipping == Shipping(usd(540), (TaxAmount(usd(40)),))
    granted = {**line, "pretax_credit_amounts": [{"amount": 10, "type": "credit_balance_transaction"}]}
    (paid,) = CreditNote.from_stripe({**BARE, "lines": {"data": [granted]}}).lines
    assert paid.credits


@pytest.mark.parametrize("missing", ["id", "invoice", "status", "created", "amount", "currency"])
def test_what_the_version_promises_must_be_there(missing: str) -> None:
    with pytest.raises(UnexpectedShape, match=missing):
        CreditNote.from_stripe({key: value for key, value in BARE.items() if key != missing})


@pytest.mark.parametrize("refund", ["re_1", None])
def test_a_refund_of_a_note_says_how_much_of_it_went_back(refund: str | None) -> None:
    with pytest.raises(UnexpectedShape, match="amount_refunded"):
        CreditNote.from_stripe({**BARE, "refunds": [{"refund": refund, "amount_refunded": None}]})


def test_the_notes_of_an_invoice_are_read_voided_ones_included(sandbox: Server, client: Client) -> None:
    stories.play(sandbox.world, "credit_note_voided")
    (row,) = sandbox.world.stripe.store.all("credit_note")
    (read,) = client.fetch_credit_notes_of_invoice(row["invoice"])
    assert (read.id, read.status, read.amount) == (row["id"], "void", usd(9_900))
    assert client.fetch_credit_note(row["id"]) == read


def test_a_long_note_is_read_to_its_last_line_and_the_oldest_note_comes_first(
    sandbox: Server, client: Client
) -> None:
    half = sandbox.world.stripe
    customer = half.post("/v1/customers", name="Long Ltd")["id"]
    invoice = half.post("/v1/invoices", customer=customer, currency="usd")["id"]
    half.post(f"/v1/invoices/{invoice}/add_lines", lines=[{"amount": 90_000, "description": "Work"}])
    half.post(f"/v1/invoices/{invoice}/finalize")
    lines = [
        {"type": "custom_line_item", "description": f"Part {cents}", "unit_amount": cents, "quantity": 1}
        for cents in range(1, 13)
    ]
    half.post("/v1/credit_notes", invoice=invoice, lines=lines)
    (read,) = client.fetch_credit_notes_of_invoice(invoice)
    assert sorted(line.amount.minor for line in read.lines) == list(range(1, 13))
    assert read.pre_payment == read.amount == usd(78)

    sandbox.world.clock.advance(timedelta(hours=1))
    later = half.post("/v1/credit_notes", invoice=invoice, lines=[{**lines[0], "unit_amount": 500}])
    notes = client.fetch_credit_notes_of_invoice(invoice)
    assert [one.id for one in notes] == [read.id, later["id"]]  # Stripe lists the newest first
