"""Disputes of the practice Stripe, from the first question to the last withdrawal."""

import pytest

from connector.sandbox.stripe import Refusal
from tests.sandbox.money import Row, Till


def dispute(till: Till, identity: str) -> Row:
    return till.stripe.get(f"/v1/disputes/{identity}")


def moved(till: Till, identity: str) -> list[tuple[str, int, int]]:
    rows = dispute(till, identity)["balance_transactions"]
    return [(row["reporting_category"], row["amount"], row["fee"]) for row in rows]


def test_a_dispute_takes_the_money_and_a_fee_at_once() -> None:
    till = Till()
    made = till.pay()
    heard = till.so_far()
    opened = till.bank.dispute(made, reason="product_not_received")
    row = dispute(till, opened)
    assert (row["status"], row["reason"], row["amount"]) == ("needs_response", "product_not_received", 10_000)
    assert moved(till, opened) == [("dispute", -10_000, 1_500)]
    (taken,) = row["balance_transactions"]
    assert (taken["type"], taken["net"], taken["source"]) == ("adjustment", -11_500, opened)
    assert till.charge(made)["disputed"]
    assert till.told(heard) == ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.updated"]


def test_a_won_dispute_brings_money_and_fee_back() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    before = till.balance()
    heard = till.so_far()
    till.bank.win(opened)
    assert dispute(till, opened)["status"] == "won"
    assert moved(till, opened) == [("dispute", -10_000, 1_500), ("dispute_reversal", 10_000, -1_500)]
    assert till.told(heard) == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
    assert sum(till.balance()) - sum(before) == 11_500


def test_stripe_may_keep_the_fee_of_a_won_dispute() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    till.bank.win(opened, fee_back=False)
    assert moved(till, opened)[-1] == ("dispute_reversal", 10_000, 0)


def test_a_lost_dispute_moves_nothing_more() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    heard = till.so_far()
    till.bank.lose(opened)
    assert dispute(till, opened)["status"] == "lost"
    assert moved(till, opened) == [("dispute", -10_000, 1_500)]
    assert till.told(heard) == ["charge.dispute.closed"]
    with pytest.raises(Refusal):
        till.bank.win(opened)


def test_money_that_came_back_can_be_taken_again() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    till.bank.win(opened)
    heard = till.so_far()
    till.bank.withdraw_again(opened)
    assert [category for category, _, _ in moved(till, opened)] == ["dispute", "dispute_reversal", "dispute"]
    assert till.told(heard) == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    with pytest.raises(Refusal):
        till.bank.withdraw_again(opened)


def test_reinstated_money_leaves_the_dispute_open() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    till.bank.reinstate(opened)
    assert dispute(till, opened)["status"] == "needs_response"
    till.bank.win(opened)
    assert len(moved(till, opened)) == 2


def test_an_inquiry_moves_no_money_and_can_still_be_refunded() -> None:
    till = Till()
    made = till.pay()
    heard = till.so_far()
    opened = till.bank.dispute(made, inquiry=True)
    row = dispute(till, opened)
    assert (row["status"], row["is_charge_refundable"]) == ("warning_needs_response", True)
    assert moved(till, opened) == []
    assert till.told(heard) == ["charge.dispute.created", "charge.updated"]
    till.bank.close_inquiry(opened)
    assert dispute(till, opened)["status"] == "warning_closed"
    assert till.refund(made)["status"] == "succeeded"
    with pytest.raises(Refusal):
        till.bank.escalate(opened)


def test_an_inquiry_may_become_a_dispute() -> None:
    till = Till()
    made = till.pay()
    opened = till.bank.dispute(made, inquiry=True)
    heard = till.so_far()
    till.bank.escalate(opened)
    assert dispute(till, opened)["status"] == "needs_response"
    assert moved(till, opened) == [("dispute", -10_000, 1_500)]
    assert till.told(heard) == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


def test_a_disputed_charge_cannot_be_refunded() -> None:
    till = Till()
    made = till.pay()
    till.bank.dispute(made)
    with pytest.raises(Refusal) as caught:
        till.refund(made)
    assert caught.value.details["code"] == "charge_disputed"


@pytest.mark.parametrize("amount", [2_500, 10_400])
def test_a_dispute_may_be_over_less_or_more_than_the_charge(amount: int) -> None:
    till = Till()
    opened = till.bank.dispute(till.pay(), amount)
    assert moved(till, opened) == [("dispute", -amount, 1_500)]


def test_a_dispute_of_a_foreign_charge_is_taken_in_the_settled_currency() -> None:
    till = Till()
    with till.bank.terms(settles={"nok": ("eur", "0.0862")}):
        opened = till.bank.dispute(till.pay(100_000, currency="nok"))
    (taken,) = dispute(till, opened)["balance_transactions"]
    assert (taken["currency"], taken["amount"], taken["fee"]) == ("eur", -8_620, 2_000)
    assert dispute(till, opened)["currency"] == "nok"


def test_evidence_is_given_and_submitted() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    evidence = {"customer_name": "Ann Example"}
    kept = till.stripe.post(f"/v1/disputes/{opened}", evidence=evidence, submit=False)
    assert (kept["status"], kept["evidence_details"]["has_evidence"]) == ("needs_response", True)
    heard = till.so_far()
    sent = till.stripe.post(f"/v1/disputes/{opened}", evidence=evidence, metadata={"case": "9"})
    assert (sent["status"], sent["metadata"]) == ("under_review", {"case": "9"})
    assert sent["evidence_details"]["submission_count"] == 1
    assert till.told(heard) == ["charge.dispute.updated"]


def test_an_accepted_dispute_is_lost() -> None:
    till = Till()
    opened = till.bank.dispute(till.pay())
    assert till.stripe.post(f"/v1/disputes/{opened}/close")["status"] == "lost"


def test_disputes_are_listed_by_charge_intent_and_time() -> None:
    till = Till()
    first, second = till.pay(), till.pay()
    old = till.bank.dispute(first)
    till.wait(days=1)
    new = till.bank.dispute(second)
    assert [row["id"] for row in till.stripe.get("/v1/disputes")["data"]] == [new, old]
    assert [row["id"] for row in till.stripe.get("/v1/disputes", charge=first)["data"]] == [old]
    intent = till.charge(second)["payment_intent"]
    assert [row["id"] for row in till.stripe.get("/v1/disputes", payment_intent=intent)["data"]] == [new]
    since = dispute(till, new)["created"]
    assert [row["id"] for row in till.stripe.get("/v1/disputes", created={"gte": since})["data"]] == [new]
    expanded = till.stripe.get("/v1/disputes", expand=["data.charge.balance_transaction"], limit=1)["data"]
    assert expanded[0]["charge"]["balance_transaction"]["type"] == "charge"
