"""Credit notes of the practice Stripe: what they lessen, and where the rest of the money goes."""

from typing import Any

import pytest

from connector.sandbox.stripe.errors import Refusal
from tests.sandbox.billing import Row, Till


def credit(till: Till, invoice: Row, **terms: Any) -> Row:
    return till.stripe.post("/v1/credit_notes", invoice=invoice["id"], **terms)


def of_line(line: Row, **terms: Any) -> Row:
    return {"type": "invoice_line_item", "invoice_line_item": line["id"], **terms}


def test_a_note_on_an_open_invoice_lessens_what_it_asks_for() -> None:
    till = Till()
    made = till.open(4000, 1000)
    note = credit(till, made, lines=[of_line(till.lines(made)[1])], reason="order_change")
    assert (note["type"], note["pre_payment_amount"], note["post_payment_amount"]) == ("pre_payment", 1000, 0)
    assert note["number"] == f"{made['number']}-CN-01"
    left = till.invoice(made["id"])
    assert (left["amount_due"], left["amount_remaining"], left["total"]) == (4000, 4000, 5000)
    assert left["pre_payment_credit_notes_amount"] == 1000
    done = till.stripe.post(f"/v1/invoices/{made['id']}/pay")
    assert (done["status"], done["amount_paid"]) == ("paid", 4000)
    assert till.stripe.get("/v1/charges")["data"][0]["amount"] == 4000


def test_a_note_over_all_of_an_open_invoice_pays_it() -> None:
    till = Till()
    made = till.open(4000)
    credit(till, made, amount=4000)
    done = till.invoice(made["id"])
    assert (done["status"], done["amount_due"], done["amount_paid"]) == ("paid", 0, 0)
    assert till.told("credit_note.", "invoice.paid") == ["credit_note.created", "invoice.paid"]
    (payment,) = till.stripe.get("/v1/invoice_payments", invoice=made["id"])["data"]
    assert payment["status"] == "canceled"


def test_a_note_with_a_refund_refunds_the_invoices_charge() -> None:
    till = Till()
    made = till.paid(4000)
    note = credit(till, made, amount=1500, refund_amount=1500)
    (linked,) = note["refunds"]
    refund = till.stripe.get(f"/v1/refunds/{linked['refund']}")
    assert (refund["amount"], linked["amount_refunded"], note["type"]) == (1500, 1500, "post_payment")
    assert till.invoice(made["id"])["post_payment_credit_notes_amount"] == 1500
    assert till.told("refund.", "charge.refunded", "credit_note.") == [
        "refund.created",
        "charge.refunded",
        "credit_note.created",
    ]


def test_a_note_can_name_an_earlier_refund() -> None:
    till = Till()
    made = till.paid(4000)
    charge = till.stripe.get("/v1/charges")["data"][0]["id"]
    refund = till.stripe.post("/v1/refunds", charge=charge, amount=700)["id"]
    note = credit(till, made, amount=700, refunds=[{"refund": refund}])
    assert [(one["refund"], one["amount_refunded"]) for one in note["refunds"]] == [(refund, 700)]
    assert len(till.stripe.get("/v1/refunds")["data"]) == 1


def test_a_note_to_the_balance_is_used_by_the_next_invoice() -> None:
    till = Till()
    note = credit(till, till.paid(4000), amount=1500, credit_amount=1500)
    assert till.movements() == [("credit_note", -1500, -1500)]
    seen = till.stripe.get(f"/v1/credit_notes/{note['id']}", expand=["customer_balance_transaction"])
    assert seen["customer_balance_transaction"]["credit_note"] == note["id"]
    assert till.paid(4000)["amount_paid"] == 2500


def test_one_note_may_go_several_ways() -> None:
    till = Till()
    note = credit(
        till, till.paid(9000), amount=900, refund_amount=500, credit_amount=300, out_of_band_amount=100
    )
    assert (note["post_payment_amount"], note["out_of_band_amount"], till.balance()) == (900, 100, -300)


def test_a_note_beyond_what_is_open_is_mixed() -> None:
    till = Till()
    made = till.open(4000)
    intent = till.stripe.post(
        "/v1/payment_intents", amount=3000, currency="usd", confirm=True, payment_method="pm_card_visa"
    )
    till.stripe.post(f"/v1/invoices/{made['id']}/attach_payment", payment_intent=intent["id"])
    note = credit(till, made, amount=1600, refund_amount=600)
    assert (note["type"], note["pre_payment_amount"], note["post_payment_amount"]) == ("mixed", 1000, 600)
    assert till.invoice(made["id"])["status"] == "paid"


def test_a_credited_line_takes_its_share_of_discount_and_tax() -> None:
    till = Till()
    rate, coupon = till.tax("10"), till.coupon(percent_off=20)
    made = till.paid(
        {"unit_amount_decimal": "1000", "quantity": 4, "currency": "usd"},
        500,
        default_tax_rates=[rate],
        discounts=[coupon],
    )
    note = credit(till, made, lines=[of_line(till.lines(made)[0], quantity=1)], refund_amount=880)
    (line,) = note["lines"]["data"]
    assert (line["amount"], line["discount_amount"], line["taxes"][0]["amount"]) == (1000, 200, 80)
    assert (note["total"], note["discount_amount"], note["total_taxes"][0]["amount"]) == (880, 200, 80)
    assert (note["subtotal"], note["total_excluding_tax"]) == (1000, 800)


def test_custom_lines_have_their_own_words_amounts_and_taxes() -> None:
    till = Till()
    lines = [
        {"type": "custom_line_item", "description": "Late", "unit_amount": 250, "quantity": 2},
        {
            "type": "custom_line_item",
            "description": "Third",
            "unit_amount_decimal": "33.333333333333",
            "quantity": 3,
            "tax_rates": [till.tax("10")],
        },
    ]
    note = credit(till, till.paid(4000), lines=lines, refund_amount=610)
    late, third = note["lines"]["data"]
    assert (late["amount"], late["unit_amount"], late["invoice_line_item"]) == (500, 250, None)
    assert (third["amount"], third["unit_amount"], third["taxes"][0]["amount"]) == (100, None, 10)
    page = till.stripe.get(f"/v1/credit_notes/{note['id']}/lines", limit=1)
    assert (page["data"][0]["id"], page["has_more"]) == (late["id"], True)


def test_shipping_is_credited_whole() -> None:
    till = Till()
    fixed = {"amount": 500, "currency": "usd"}
    rate = till.stripe.post("/v1/shipping_rates", display_name="Ground", fixed_amount=fixed)["id"]
    cost = {"shipping_cost": {"shipping_rate": rate}}
    made = till.paid(1000, **cost, default_tax_rates=[till.tax("10")])
    note = credit(till, made, **cost, refund_amount=550)
    assert (note["total"], note["amount_shipping"], note["total_taxes"][0]["amount"]) == (550, 500, 50)
    assert note["lines"]["data"] == []


def test_a_voided_note_lets_the_invoice_ask_for_all_again() -> None:
    till = Till()
    made = till.open(4000)
    note = credit(till, made, amount=1000, memo="Mistake")
    changed = till.stripe.post(f"/v1/credit_notes/{note['id']}", memo="Our mistake")
    voided = till.stripe.post(f"/v1/credit_notes/{note['id']}/void")
    assert (changed["memo"], voided["status"], voided["voided_at"] is not None) == (
        "Our mistake",
        "void",
        True,
    )
    left = till.invoice(made["id"])
    assert (left["amount_remaining"], left["pre_payment_credit_notes_amount"]) == (4000, 0)
    assert till.stripe.post(f"/v1/invoices/{made['id']}/pay")["amount_paid"] == 4000
    assert till.told("credit_note.") == ["credit_note.created", "credit_note.updated", "credit_note.voided"]
    with pytest.raises(Refusal, match="open"):
        till.stripe.post(f"/v1/credit_notes/{note['id']}/void")


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"amount": 0},
        {"amount": 4001, "refund_amount": 4001},
        {"amount": 1000},
        {"amount": 1000, "refund_amount": 999},
        {"amount": 1000, "refund_amount": 1000, "reason": "whim"},
        {"lines": [{"type": "custom_line_item", "unit_amount": 5}], "refund_amount": 5},
        {"lines": [{"type": "other"}], "refund_amount": 5},
        {"shipping_cost": {"shipping_rate": "shr_1"}, "refund_amount": 5},
    ],
)
def test_a_note_that_does_not_add_up_is_refused_and_moves_no_money(terms: dict[str, Any]) -> None:
    till = Till()
    made = till.paid(4000)
    with pytest.raises(Refusal):
        credit(till, made, **terms)
    assert till.stripe.get("/v1/refunds")["data"] == till.stripe.get("/v1/credit_notes")["data"] == []


def test_no_line_is_credited_beyond_its_amount() -> None:
    till = Till()
    made = till.paid(4000, 4000)
    line, _ = till.lines(made)
    credit(till, made, lines=[of_line(line, amount=3000)], credit_amount=3000)
    with pytest.raises(Refusal, match="1000 left"):
        credit(till, made, lines=[of_line(line, amount=1001)], credit_amount=1001)


def test_drafts_and_dead_invoices_take_no_notes() -> None:
    till = Till()
    for made in (till.draft(4000), till.stripe.post(f"/v1/invoices/{till.open(4000)['id']}/void")):
        with pytest.raises(Refusal, match="open or paid"):
            credit(till, made, amount=100)


def test_notes_are_listed_by_invoice() -> None:
    till = Till()
    made, other = till.open(4000), till.open(4000)
    for invoice in (made, other, made):
        credit(till, invoice, amount=100)
    found = till.stripe.get("/v1/credit_notes", invoice=made["id"])["data"]
    assert [one["number"][-5:] for one in found] == ["CN-02", "CN-01"]
