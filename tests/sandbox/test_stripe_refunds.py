"""Refunds of the practice Stripe: at once or after days, and those that come back."""

import pytest

from connector.sandbox.stripe import Refusal
from tests.sandbox.money import Till


def test_a_refund_to_a_card_is_done_at_once() -> None:
    till = Till()
    made = till.pay()
    heard = till.so_far()
    refund = till.refund(made, amount=4_000, metadata={"ticket": "7"})
    assert (refund["status"], refund["pending_reason"], refund["metadata"]) == (
        "succeeded",
        None,
        {"ticket": "7"},
    )
    assert till.movements(type="refund") == [("refund", -4_000, 0)]
    assert till.told(heard) == ["refund.created", "charge.refunded"]


def test_refunds_add_up_to_the_charge_and_no_further() -> None:
    till = Till()
    made = till.pay()
    for amount in (2_500, 2_500, 5_000):
        assert not till.charge(made)["refunded"]
        till.refund(made, amount=amount)
    assert till.charge(made)["refunded"]
    with pytest.raises(Refusal):
        till.refund(made, amount=1)


def test_a_refund_to_a_bank_account_takes_days() -> None:
    till = Till()
    made = till.pay(method="pm_us_bank_account")
    till.bank.clear(made)
    refund = till.refund(made)
    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    assert till.movements(type="payment_refund") == [("payment_refund", -10_000, 0)]
    heard = till.so_far()
    till.bank.finish_refund(refund["id"])
    after = till.stripe.get(f"/v1/refunds/{refund['id']}")
    assert (after["status"], after["pending_reason"]) == ("succeeded", None)
    assert after["balance_transaction"] == refund["balance_transaction"]
    assert till.told(heard) == ["refund.updated", "charge.refund.updated"]


def test_a_refund_that_comes_back_puts_the_money_on_the_balance_again() -> None:
    till = Till()
    made = till.pay()
    refund = till.refund(made)["id"]
    heard = till.so_far()
    till.wait(days=4)
    till.bank.fail_refund(refund, "lost_or_stolen_card")
    after = till.stripe.get(f"/v1/refunds/{refund}", expand=["failure_balance_transaction"])
    back = after["failure_balance_transaction"]
    assert (after["status"], after["failure_reason"]) == ("failed", "lost_or_stolen_card")
    assert (back["type"], back["amount"], back["source"]) == ("refund_failure", 10_000, refund)
    charge = till.charge(made)
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert till.told(heard) == ["refund.failed", "refund.updated", "charge.refund.updated", "charge.updated"]
    with pytest.raises(Refusal):
        till.bank.fail_refund(refund)
    assert till.refund(made)["amount"] == 10_000


def test_a_refund_that_needs_the_customer_can_be_called_off() -> None:
    till = Till()
    made = till.pay(method="pm_customer_balance")
    refund = till.refund(made, instructions_email="ann@example.com")
    assert refund["status"] == "requires_action"
    assert refund["next_action"]["display_details"]["email_sent"]["email_sent_to"] == "ann@example.com"
    canceled = till.stripe.post(f"/v1/refunds/{refund['id']}/cancel")
    assert (canceled["status"], canceled["next_action"]) == ("canceled", None)
    assert [amount for _, amount, _ in till.movements()] == [10_000, -10_000, 10_000]
    assert till.charge(made)["amount_refunded"] == 0


def test_a_refund_to_a_card_cannot_be_called_off() -> None:
    till = Till()
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/refunds/{till.refund(till.pay())['id']}/cancel")


def test_a_refund_waits_for_money_on_the_balance() -> None:
    till = Till()
    made = till.pay()
    with till.bank.terms(refunds_wait=True):
        refund = till.refund(made)
    assert (refund["status"], refund["pending_reason"]) == ("pending", "insufficient_funds")
    assert refund["balance_transaction"] is None
    till.bank.finish_refund(refund["id"])
    assert till.movements(type="refund") == [("refund", -10_000, 0)]


def test_a_refund_of_a_pending_debit_shares_its_fate() -> None:
    till = Till()
    good, bad = (till.pay(method="pm_us_bank_account") for _ in range(2))
    refunds = [till.refund(made) for made in (good, bad)]
    assert {one["pending_reason"] for one in refunds} == {"charge_pending"}
    till.bank.clear(good)
    till.bank.bounce(bad)
    states = [till.stripe.get(f"/v1/refunds/{one['id']}")["status"] for one in refunds]
    assert states == ["succeeded", "canceled"]
    assert till.movements(type="payment_refund") == [("payment_refund", -10_000, 0)]


def test_a_refund_returns_its_share_of_the_fee_when_that_is_agreed() -> None:
    till = Till()
    made = till.pay()
    with till.bank.terms(fees_come_back=True):
        till.refund(made, amount=5_000)
    assert till.movements(type="refund") == [("refund", -5_000, -160)]


def test_a_refund_of_a_foreign_charge_uses_the_rate_of_its_own_day() -> None:
    till = Till()
    with till.bank.terms(settles={"nok": ("eur", "0.0862")}):
        made = till.pay(100_000, currency="nok")
    till.refund(made, amount=50_000)
    with till.bank.terms(settles={"nok": ("eur", "0.0900")}):
        till.refund(made, amount=50_000)
    assert till.movements(type="refund") == [("refund", -4_310, 0), ("refund", -4_500, 0)]


def test_refunds_are_listed_by_charge_and_by_time() -> None:
    till = Till()
    made = till.pay()
    first = till.refund(made, amount=1_000)
    till.wait(hours=1)
    second = till.refund(made, amount=1_000)
    till.refund(till.pay())
    listed = till.stripe.get("/v1/refunds", charge=made)["data"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    later = till.stripe.get("/v1/refunds", charge=made, created={"gt": first["created"]})["data"]
    assert [one["id"] for one in later] == [second["id"]]
