"""How an invoice of the practice Stripe ends: void, given up, edited, paid in parts or outside."""

import pytest

from connector.sandbox.stripe.errors import Refusal
from tests.sandbox.billing import Row, Till

DECLINED = "pm_card_chargeCustomerFail"


def part(till: Till, invoice: Row, amount: int) -> Row:
    """A payment of an amount, attached to an invoice."""
    intent = till.stripe.post(
        "/v1/payment_intents",
        amount=amount,
        currency="usd",
        customer=till.customer,
        payment_method="pm_card_visa",
        confirm=True,
    )
    return till.stripe.post(f"/v1/invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])


def payments(till: Till, invoice: Row) -> list[tuple[str, str, int | None]]:
    page = till.stripe.get("/v1/invoice_payments", invoice=invoice["id"], limit=100)
    return [(row["payment"]["type"], row["status"], row["amount_paid"]) for row in page["data"][::-1]]


def test_several_payments_pay_one_invoice() -> None:
    till = Till()
    made = till.open(10_000)
    after = part(till, made, 4000)
    assert (after["status"], after["amount_paid"], after["amount_remaining"]) == ("open", 4000, 6000)
    done = till.stripe.post(f"/v1/invoices/{made['id']}/pay")
    assert (done["status"], done["amount_paid"]) == ("paid", 10_000)
    assert payments(till, made) == [("payment_intent", "paid", 6000), ("payment_intent", "paid", 4000)]
    assert [charge["amount"] for charge in till.stripe.get("/v1/charges")["data"]] == [6000, 4000]


def test_what_is_paid_too_much_becomes_credit() -> None:
    till = Till()
    made = part(till, till.open(3000), 3500)
    assert (made["status"], made["amount_overpaid"], till.balance()) == ("paid", 500, -500)
    assert till.movements() == [("invoice_overpaid", -500, -500)]
    assert "invoice.overpaid" in till.told("invoice.")


def test_paid_out_of_band_is_a_payment_record_and_no_charge() -> None:
    till = Till()
    made = till.open(3000)
    done = till.stripe.post(f"/v1/invoices/{made['id']}/pay", paid_out_of_band=True)
    assert (done["status"], done["amount_paid"], done["amount_paid_off_stripe"]) == ("paid", 3000, 3000)
    assert payments(till, made) == [("payment_intent", "canceled", None), ("payment_record", "paid", 3000)]
    assert till.stripe.get("/v1/charges")["data"] == []
    listed = till.stripe.get("/v1/invoice_payments", expand=["data.payment.payment_record"])["data"][0]
    assert listed["payment"]["payment_record"]["amount"] == {"currency": "usd", "value": 3000}


def test_a_reported_payment_pays_a_part() -> None:
    till = Till()
    made = till.open(3000)
    record = till.stripe.post(
        "/v1/payment_records/report_payment", amount_requested={"currency": "usd", "value": 1000}
    )
    after = till.stripe.post(f"/v1/invoices/{made['id']}/attach_payment", payment_record=record["id"])
    assert (after["amount_remaining"], after["amount_paid_off_stripe"]) == (2000, 1000)


def test_a_payment_in_another_currency_or_on_a_closed_invoice_is_refused() -> None:
    till = Till()
    made = till.open(3000)
    record = till.stripe.post(
        "/v1/payment_records/report_payment", amount_requested={"currency": "eur", "value": 1000}
    )["id"]
    with pytest.raises(Refusal, match="usd, not eur"):
        till.stripe.post(f"/v1/invoices/{made['id']}/attach_payment", payment_record=record)
    till.stripe.post(f"/v1/invoices/{made['id']}/void")
    with pytest.raises(Refusal, match="void"):
        till.stripe.post(f"/v1/invoices/{made['id']}/attach_payment", payment_record=record)


def test_after_four_declines_an_automatic_invoice_is_given_up() -> None:
    till = Till()
    made = till.open(3000, auto_advance=True)
    till.stripe.post(f"/v1/customers/{till.customer}", invoice_settings={"default_payment_method": DECLINED})
    for attempt in range(1, 5):
        assert till.invoice(made["id"])["status"] == "open"
        till.stripe.collect(made["id"])
        assert till.invoice(made["id"])["attempt_count"] == attempt
    lost = till.invoice(made["id"])
    assert (lost["status"], lost["next_payment_attempt"]) == ("uncollectible", None)
    assert lost["status_details"]["uncollectible"]["reason"] == "max_payment_attempts"
    assert till.told("invoice.")[-3:] == [
        "invoice.payment_failed",
        "invoice.updated",
        "invoice.marked_uncollectible",
    ]


def test_a_partly_paid_invoice_can_be_given_up_but_not_voided() -> None:
    till = Till()
    made = till.open(10_000)
    part(till, made, 4000)
    with pytest.raises(Refusal, match="partly paid"):
        till.stripe.post(f"/v1/invoices/{made['id']}/void")
    lost = till.stripe.post(f"/v1/invoices/{made['id']}/mark_uncollectible")
    assert (lost["status"], lost["amount_remaining"]) == ("uncollectible", 6000)
    assert till.stripe.post(f"/v1/invoices/{made['id']}/pay")["status"] == "paid"


def test_a_revision_takes_the_place_of_the_original_when_it_is_finalized() -> None:
    till = Till()
    till.balance(-600)
    rate = till.tax("10")
    original = till.open(2000, 3000, default_tax_rates=[rate], description="First")
    draft = till.stripe.post(
        "/v1/invoices", from_invoice={"action": "revision", "invoice": original["id"]}, description="Second"
    )
    assert (draft["total"], till.invoice(original["id"])["latest_revision"]) == (5500, None)
    first, second = till.lines(draft)
    till.stripe.post(f"/v1/invoices/{draft['id']}/lines/{first['id']}", amount=1000, description="Less")
    till.stripe.post(f"/v1/invoices/{draft['id']}/remove_lines", lines=[{"id": second["id"]}])
    done = till.stripe.post(f"/v1/invoices/{draft['id']}/finalize")
    assert (done["total"], done["starting_balance"], done["amount_due"]) == (1100, -600, 500)
    assert done["from_invoice"] == {"action": "revision", "invoice": original["id"]}
    former = till.invoice(original["id"])
    assert (former["status"], former["latest_revision"]) == ("void", done["id"])
    assert [line["amount"] for line in till.lines(original)] == [2000, 3000]
    assert till.told("invoice.voided", "invoice.finalized") == [
        "invoice.finalized",
        "invoice.voided",
        "invoice.finalized",
    ]


def test_only_an_open_invoice_can_be_revised() -> None:
    till = Till()
    given = {"action": "revision", "invoice": till.paid(2000)["id"]}
    with pytest.raises(Refusal, match="open"):
        till.stripe.post("/v1/invoices", from_invoice=given)
    made = till.open(2000)
    draft = till.stripe.post("/v1/invoices", from_invoice={"action": "revision", "invoice": made["id"]})
    till.stripe.post(f"/v1/invoices/{made['id']}/pay")
    with pytest.raises(Refusal, match="paid, not open"):
        till.stripe.post(f"/v1/invoices/{draft['id']}/finalize")
