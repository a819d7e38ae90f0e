"""The customer's balance in the practice Stripe: credit used up, debt added, and both undone."""

import pytest

from connector.sandbox.stripe.errors import Refusal
from tests.sandbox.billing import Till


def test_credit_pays_an_invoice_as_far_as_it_goes() -> None:
    till = Till()
    till.balance(-5000)
    first = till.open(3000)
    assert (first["status"], first["amount_due"], first["amount_paid"]) == ("paid", 0, 0)
    assert (first["starting_balance"], first["ending_balance"]) == (-5000, -2000)
    second = till.paid(2500)
    assert (second["amount_due"], second["amount_paid"], second["total"]) == (500, 500, 2500)
    assert till.movements() == [
        ("adjustment", -5000, -5000),
        ("applied_to_invoice", 3000, -2000),
        ("applied_to_invoice", 2000, 0),
    ]


def test_debt_is_added_to_what_the_next_invoice_asks_for() -> None:
    till = Till()
    till.balance(700)
    made = till.paid(1000)
    assert (made["total"], made["amount_due"], made["amount_paid"], made["ending_balance"]) == (
        1000,
        1700,
        1700,
        0,
    )


def test_a_negative_invoice_is_paid_and_becomes_credit() -> None:
    till = Till()
    made = till.open(1000, -4000)
    assert (made["status"], made["total"], made["amount_due"]) == ("paid", -3000, 0)
    assert (made["starting_balance"], made["ending_balance"], till.balance()) == (0, -3000, -3000)


def test_what_is_too_small_to_charge_is_carried_forward_as_debt() -> None:
    till = Till()
    small = till.open(30)
    assert (small["status"], small["total"], small["amount_due"], small["ending_balance"]) == (
        "paid",
        30,
        0,
        30,
    )
    assert till.movements() == [("invoice_too_small", 30, 30)]
    assert till.paid(1000)["amount_paid"] == 1030


def test_a_voided_invoice_gives_back_the_balance_that_it_used() -> None:
    till = Till()
    till.balance(-400)
    made = till.open(1000)
    till.stripe.post(f"/v1/invoices/{made['id']}/void")
    assert till.balance() == -400
    assert till.movements()[-1] == ("unapplied_from_invoice", -400, -400)


def test_a_draft_tells_what_it_would_ask_for() -> None:
    till = Till()
    till.balance(-400)
    draft = till.draft(1000)
    assert (draft["starting_balance"], draft["ending_balance"], draft["amount_due"]) == (-400, None, 600)


def test_the_balance_is_left_alone_by_an_invoice_in_another_currency() -> None:
    till = Till()
    till.balance(-400)
    made = till.open({"amount": 1000, "currency": "eur"}, currency="eur")
    assert (made["amount_due"], till.balance()) == (1000, -400)
    with pytest.raises(Refusal, match="currency"):
        till.stripe.post(f"/v1/customers/{till.customer}/balance_transactions", amount=-1, currency="eur")


def test_every_movement_is_told_by_an_event_about_the_customer() -> None:
    till = Till()
    till.balance(-400)
    till.paid(1000)
    told = [
        event["data"]["previous_attributes"]
        for event in till.stripe.events()
        if event["type"] == "customer.updated"
    ]
    assert told == [{"balance": 0, "currency": None}, {"balance": -400}]


def test_a_movement_is_read_by_its_id_and_its_words_can_be_changed() -> None:
    till = Till()
    till.balance(-400)
    address = f"/v1/customers/{till.customer}/balance_transactions"
    identity = till.stripe.get(address)["data"][0]["id"]
    till.stripe.post(f"{address}/{identity}", description="Goodwill", metadata={"case": "7"})
    seen = till.stripe.get(f"{address}/{identity}")
    assert (seen["description"], seen["metadata"], seen["amount"]) == ("Goodwill", {"case": "7"}, -400)
    other = till.stripe.post("/v1/customers", name="Bea")["id"]
    with pytest.raises(Refusal):
        till.stripe.get(f"/v1/customers/{other}/balance_transactions/{identity}")
