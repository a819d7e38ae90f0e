"""Payments of the practice Stripe: debits that take days, captures, fees, and every way to pay."""

import pytest

from connector.sandbox.stripe import Refusal
from connector.sandbox.stripe.methods import WAYS
from tests.sandbox.money import Till
from tests.sandbox.test_stripe_shapes import api_faults


def test_a_bank_debit_is_pending_until_its_money_has_come() -> None:
    till = Till()
    made = till.pay(method="pm_us_bank_account")
    assert till.told(0, "charge", "payment_intent") == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.updated",
    ]
    pending = till.charge(made)
    assert (pending["status"], pending["paid"], pending["captured"]) == ("pending", False, True)
    assert made.startswith("py_")
    assert till.movements() == [("payment", 10_000, 80)]
    heard = till.so_far()
    till.wait(days=4)
    till.bank.clear(made)
    assert till.told(heard) == ["payment_intent.succeeded", "charge.succeeded"]
    assert (till.charge(made)["status"], till.charge(made)["paid"]) == ("succeeded", True)
    assert till.movements() == [("payment", 10_000, 80)]


def test_a_refused_debit_gives_its_money_and_its_fee_back() -> None:
    till = Till()
    made = till.pay(method="pm_sepa_debit", currency="eur")
    heard = till.so_far()
    till.bank.bounce(made, "account_closed")
    failed = till.stripe.get(f"/v1/charges/{made}", expand=["failure_balance_transaction"])
    back = failed["failure_balance_transaction"]
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    assert failed["failure_message"]
    assert (back["type"], back["reporting_category"]) == ("payment_failure_refund", "charge_failure")
    assert (back["amount"], back["fee"], back["source"]) == (-10_000, -80, made)
    assert till.told(heard) == ["charge.failed", "payment_intent.payment_failed"]
    assert till.balance("eur") == (0, 0)


def test_a_debit_that_never_held_money_fails_without_a_movement() -> None:
    till = Till()
    made = till.pay(method="pm_acss_debit")
    assert till.charge(made)["balance_transaction"] is None
    till.bank.bounce(made)
    assert till.charge(made)["failure_balance_transaction"] is None
    assert till.movements() == []


def test_a_debit_that_holds_no_money_while_pending_gets_it_when_it_is_good() -> None:
    till = Till()
    made = till.pay(method="pm_acss_debit")
    till.bank.clear(made)
    assert till.movements() == [("payment", 10_000, 80)]
    assert till.charge(made)["balance_transaction"]


def test_only_a_pending_charge_can_come_in_or_be_refused() -> None:
    till = Till()
    made = till.pay()
    for step in (till.bank.clear, till.bank.bounce):
        with pytest.raises(Refusal):
            step(made)


def test_an_invoice_paid_by_debit_is_open_until_the_money_has_come() -> None:
    till = Till()
    invoice = till.open_invoice(30_000, card="pm_us_bank_account")
    till.stripe.post(f"/v1/invoices/{invoice}/pay")
    assert till.stripe.get(f"/v1/invoices/{invoice}")["status"] == "open"
    assert till.payments(invoice) == [("open", None)]
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/invoices/{invoice}/pay")
    till.bank.clear(till.latest_charge())
    paid = till.stripe.get(f"/v1/invoices/{invoice}")
    assert (paid["status"], paid["amount_paid"]) == ("paid", 30_000)
    assert till.payments(invoice) == [("paid", 30_000)]


def test_an_invoice_whose_debit_is_refused_stays_open_and_can_be_paid() -> None:
    till = Till()
    invoice = till.open_invoice(30_000, card="pm_us_bank_account")
    till.stripe.post(f"/v1/invoices/{invoice}/pay")
    heard = till.so_far()
    till.bank.bounce(till.latest_charge())
    assert "invoice.payment_failed" in till.told(heard)
    assert till.stripe.get(f"/v1/invoices/{invoice}")["status"] == "open"
    paid = till.stripe.post(f"/v1/invoices/{invoice}/pay", payment_method="pm_card_visa")
    assert (paid["status"], paid["amount_paid"]) == ("paid", 30_000)


def test_a_second_payment_of_a_paid_invoice_is_too_much() -> None:
    till = Till()
    invoice = till.open_invoice(20_000)
    customer = till.stripe.get(f"/v1/invoices/{invoice}")["customer"]
    debit = till.pay(20_000, "pm_us_bank_account", customer=customer)
    till.stripe.post(
        f"/v1/invoices/{invoice}/attach_payment", payment_intent=till.charge(debit)["payment_intent"]
    )
    till.stripe.post(f"/v1/invoices/{invoice}/pay")
    heard = till.so_far()
    till.bank.clear(debit)
    paid = till.stripe.get(f"/v1/invoices/{invoice}")
    assert (paid["status"], paid["amount_paid"], paid["amount_overpaid"]) == ("paid", 40_000, 20_000)
    assert sorted(till.payments(invoice)) == [("paid", 20_000), ("paid", 20_000)]
    assert till.told(heard, "invoice.") == ["invoice.overpaid", "invoice.updated"]
    assert till.stripe.get(f"/v1/customers/{customer}")["balance"] == -20_000


def test_a_debit_on_its_way_is_not_called_back_when_its_invoice_is_paid_otherwise() -> None:
    till = Till()
    invoice = till.open_invoice(20_000, card="pm_us_bank_account")
    till.stripe.post(f"/v1/invoices/{invoice}/pay")
    debit = till.latest_charge()
    customer = till.stripe.get(f"/v1/invoices/{invoice}")["customer"]
    for amount in (5_000, 15_000):
        card = till.charge(till.pay(amount, customer=customer))["payment_intent"]
        till.stripe.post(f"/v1/invoices/{invoice}/attach_payment", payment_intent=card)
    assert till.stripe.get(f"/v1/invoices/{invoice}")["status"] == "paid"
    assert till.charge(debit)["status"] == "pending"
    till.bank.clear(debit)
    paid = till.stripe.get(f"/v1/invoices/{invoice}")
    assert (paid["amount_paid"], paid["amount_overpaid"]) == (40_000, 20_000)
    assert sorted(till.payments(invoice)) == [("paid", 5_000), ("paid", 15_000), ("paid", 20_000)]


def test_a_part_that_is_captured_leaves_the_rest_released() -> None:
    till = Till()
    made = till.pay(50_000, capture_method="manual")
    assert till.movements() == []
    assert (till.charge(made)["captured"], till.charge(made)["amount_captured"]) == (False, 0)
    intent = till.charge(made)["payment_intent"]
    heard = till.so_far()
    till.wait(days=1)
    done = till.stripe.post(f"/v1/payment_intents/{intent}/capture", amount_to_capture=36_500)
    assert (done["status"], done["amount_received"]) == ("succeeded", 36_500)
    charge = till.charge(made)
    assert (charge["amount_captured"], charge["amount_refunded"], charge["refunded"]) == (
        36_500,
        13_500,
        False,
    )
    assert till.movements() == [("charge", 50_000, 1_480), ("refund", -13_500, -391)]
    (released,) = till.stripe.get("/v1/balance_transactions", type="refund")["data"]
    assert released["reporting_category"] == "partial_capture_reversal"
    assert till.told(heard) == [
        "charge.captured",
        "payment_intent.succeeded",
        "charge.updated",
        "refund.created",
        "charge.refunded",
    ]
    assert sum(amount - fee for _, amount, fee in till.movements()) == 36_500 - (1_059 + 30)
    with pytest.raises(Refusal):
        till.refund(made, amount=36_501)


@pytest.mark.parametrize("expired", [False, True])
def test_an_authorization_that_is_given_up_moves_no_money(expired: bool) -> None:
    till = Till()
    made = till.pay(capture_method="manual")
    heard = till.so_far()
    if expired:
        till.bank.expire(made)
    else:
        till.stripe.post(f"/v1/payment_intents/{till.charge(made)['payment_intent']}/cancel")
    charge = till.charge(made)
    assert (charge["refunded"], charge["captured"], charge["balance_transaction"]) == (True, False, None)
    assert ("charge.expired" in till.told(heard)) is expired
    assert "payment_intent.canceled" in till.told(heard)
    assert till.movements() == []


def test_a_charge_without_an_intent_can_be_captured_once() -> None:
    till = Till()
    made = till.stripe.post("/v1/charges", amount=9_000, currency="usd", source="tok_visa", capture=False)[
        "id"
    ]
    assert till.movements() == []
    assert till.stripe.post(f"/v1/charges/{made}/capture")["amount_captured"] == 9_000
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/charges/{made}/capture")


@pytest.mark.parametrize("kind", WAYS)
def test_every_way_to_pay_shows_what_the_library_knows(kind: str) -> None:
    till = Till()
    charge = till.charge(till.pay(method=f"pm_{kind}", currency="eur"))
    assert charge["payment_method_details"]["type"] == kind
    method = till.stripe.get(f"/v1/payment_methods/{charge['payment_method']}")
    intent = till.stripe.get(f"/v1/payment_intents/{charge['payment_intent']}")
    assert [fault for one in (charge, method, intent) for fault in api_faults(one)] == []
    refund = till.refund(charge["id"])
    assert [*api_faults(refund)] == []
    assert refund["id"].startswith("pyr_")


def test_a_wallet_shows_on_its_card() -> None:
    till = Till()
    charge = till.charge(till.pay(method="pm_card_applePay"))
    assert charge["id"].startswith("ch_")
    assert charge["payment_method_details"]["card"]["wallet"]["type"] == "apple_pay"
    assert [*api_faults(charge)] == []


def test_a_platform_takes_its_fee_off_a_charge() -> None:
    till = Till()
    made = till.pay(application_fee_amount=250)
    assert till.charge(made)["application_fee_amount"] == 250
    (moved,) = till.stripe.get("/v1/balance_transactions")["data"]
    parts = {one["type"]: one["amount"] for one in moved["fee_details"]}
    assert parts == {"stripe_fee": 320, "application_fee": 250}
    assert (moved["fee"], moved["net"]) == (570, 9_430)


def test_a_foreign_charge_is_settled_at_a_rate_for_a_fee() -> None:
    till = Till()
    with till.bank.terms(settles={"nok": ("eur", "0.0862"), "jpy": ("usd", "0.0066")}):
        kroner, yen = till.pay(100_000, currency="nok"), till.pay(98_000, currency="jpy")
    rows = {row["source"]: row for row in till.stripe.get("/v1/balance_transactions")["data"]}
    assert (rows[kroner]["amount"], rows[kroner]["currency"]) == (8_620, "eur")
    assert rows[kroner]["exchange_rate"] == 0.0862
    assert [one["amount"] for one in rows[kroner]["fee_details"]] == [275, 86]
    assert (rows[yen]["amount"], rows[yen]["currency"]) == (64_680, "usd")
    assert till.charge(kroner)["currency"] == "nok"


def test_interchange_plus_pricing_leaves_the_charge_without_a_fee() -> None:
    till = Till()
    with till.bank.terms(interchange_plus=True):
        till.pay()
    till.pay()
    assert till.movements() == [("charge", 10_000, 0), ("charge", 10_000, 320)]
