"""Payouts of the practice Stripe: what is in them, when they arrive, and how the balance adds up."""

import typing
from collections import Counter
from datetime import UTC, datetime

import pytest
import stripe

from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.sandbox.stripe import Refusal
from connector.sandbox.world import World
from tests.sandbox.money import Row, Till, net
from tests.sandbox.test_stripe_api import client_of

TYPES = typing.get_args(typing.get_args(stripe.BalanceTransaction.__annotations__["type"])[0])


def daily(till: Till, currency: str = "usd") -> Row:
    """The daily payout, three days on, that has arrived and can be listed."""
    till.wait(days=3)
    made = till.bank.pay_out(currency)
    assert made is not None
    till.bank.arrive(made)
    till.bank.reconcile(made)
    return payout(till, made)


def payout(till: Till, identity: str) -> Row:
    return till.stripe.get(f"/v1/payouts/{identity}")


def by_hand(till: Till, amount: int, **terms: str) -> Row:
    till.wait(days=3)
    return till.stripe.post("/v1/payouts", amount=amount, currency="usd", **terms)


def test_a_daily_payout_holds_what_is_available() -> None:
    till = Till()
    early = till.pay()
    till.refund(early, amount=1_000)
    till.wait(days=3)
    till.pay(50_000)
    made = till.bank.pay_out("usd")
    assert made is not None
    till.bank.arrive(made)
    till.bank.reconcile(made)
    row = payout(till, made)
    assert (row["amount"], row["automatic"], row["status"], row["method"]) == (
        8_680,
        True,
        "paid",
        "standard",
    )
    assert till.movements(payout=made) == [
        ("charge", 10_000, 320),
        ("refund", -1_000, 0),
        ("payout", -8_680, 0),
    ]
    assert till.balance() == (0, 48_520)


def test_a_daily_payout_goes_through_its_states() -> None:
    till = Till()
    till.pay()
    till.wait(days=3)
    heard = till.so_far()
    made = till.bank.pay_out("usd")
    assert made is not None
    row = payout(till, made)
    assert (row["status"], row["reconciliation_status"]) == ("in_transit", "in_progress")
    assert till.movements(payout=made) == []
    till.bank.arrive(made)
    till.bank.reconcile(made)
    assert till.told(heard) == [
        "balance.available",
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.updated",
        "payout.reconciliation_completed",
    ]
    assert payout(till, made)["trace_id"]["status"] == "supported"


def test_a_payout_arrives_at_midnight_of_a_business_day() -> None:
    till = Till()
    till.pay()
    made = daily(till)
    assert datetime.fromtimestamp(made["created"], UTC) == datetime(2026, 11, 5, 9, tzinfo=UTC)
    assert datetime.fromtimestamp(made["arrival_date"], UTC) == datetime(2026, 11, 9, tzinfo=UTC)


def test_each_currency_is_paid_out_to_its_own_bank_account() -> None:
    till = Till()
    till.pay(), till.pay(currency="eur")
    dollars, euros = daily(till), daily(till, "eur")
    assert (dollars["currency"], euros["currency"]) == ("usd", "eur")
    assert dollars["destination"] != euros["destination"]
    account = till.stripe.get(f"/v1/payouts/{euros['id']}", expand=["destination"])["destination"]
    assert (account["object"], account["currency"]) == ("bank_account", "eur")


def test_what_is_paid_out_once_is_not_paid_out_again() -> None:
    till = Till()
    till.pay()
    daily(till)
    assert till.bank.pay_out("usd") is None


def test_a_payout_can_begin_after_a_mark() -> None:
    till = Till()
    till.pay()
    mark = till.bank.mark()
    till.pay(20_000)
    till.wait(days=3)
    made = till.bank.pay_out("usd", mark)
    assert payout(till, str(made))["amount"] == 19_390


def test_a_negative_payout_takes_money_from_the_bank() -> None:
    till = Till()
    made = till.pay()
    daily(till)
    till.refund(made)
    back = daily(till)
    assert back["amount"] == -10_000
    assert till.movements(payout=back["id"]) == [("refund", -10_000, 0), ("payout", 10_000, 0)]
    assert till.balance() == (0, 0)


def test_a_payout_that_fails_is_paid_out_with_the_next_one() -> None:
    till = Till()
    till.pay()
    failing = daily(till)
    heard = till.so_far()
    till.bank.fail_payout(failing["id"], "no_account")
    path = f"/v1/payouts/{failing['id']}"
    row = till.stripe.get(path, expand=["failure_balance_transaction"])
    assert (row["status"], row["failure_code"]) == ("failed", "no_account")
    assert row["failure_balance_transaction"]["reporting_category"] == "payout_reversal"
    assert till.told(heard) == ["payout.failed"]
    again = daily(till)
    assert again["amount"] == failing["amount"]
    assert till.movements(payout=again["id"])[0] == ("payout_failure", 9_680, 0)
    with pytest.raises(Refusal):
        till.bank.fail_payout(failing["id"])


def test_a_payout_by_hand_cannot_be_listed_by_its_transactions() -> None:
    till = Till()
    till.pay()
    made = by_hand(till, 5_000, description="Rent")
    assert (made["automatic"], made["reconciliation_status"]) == (False, "not_applicable")
    assert (made["status"], made["description"]) == ("pending", "Rent")
    with pytest.raises(Refusal) as caught:
        till.stripe.get("/v1/balance_transactions", payout=made["id"])
    assert caught.value.status == 400
    assert till.balance() == (4_680, 0)


def test_an_instant_payout_costs_a_fee() -> None:
    till = Till()
    till.pay()
    made = by_hand(till, 5_000, method="instant")
    assert (made["method"], made["arrival_date"]) == ("instant", made["created"])
    assert till.movements(type="payout") == [("payout", -5_000, 50)]
    with pytest.raises(Refusal):
        till.stripe.get("/v1/balance_transactions", payout=made["id"])


def test_no_more_can_be_paid_out_than_is_available() -> None:
    till = Till()
    till.pay()
    for amount in (0, 1):
        with pytest.raises(Refusal):
            till.stripe.post("/v1/payouts", amount=amount, currency="usd")


def test_only_a_pending_payout_by_hand_can_be_canceled() -> None:
    till = Till()
    till.pay(50_000)
    made = by_hand(till, 5_000)
    heard = till.so_far()
    canceled = till.stripe.post(f"/v1/payouts/{made['id']}/cancel")
    assert canceled["status"] == "canceled"
    assert till.told(heard) == ["payout.canceled"]
    assert till.movements()[-1] == ("payout_cancel", 5_000, 0)
    for fixed in (made["id"], daily(till)["id"]):
        with pytest.raises(Refusal):
            till.stripe.post(f"/v1/payouts/{fixed}/cancel")


def test_a_paid_payout_can_be_reversed_once() -> None:
    till = Till()
    till.pay()
    made = by_hand(till, 5_000)
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/payouts/{made['id']}/reverse")
    till.bank.arrive(made["id"])
    back = till.stripe.post(f"/v1/payouts/{made['id']}/reverse")
    assert (back["amount"], back["original_payout"]) == (-5_000, made["id"])
    assert payout(till, made["id"])["reversed_by"] == back["id"]
    assert till.balance() == (9_680, 0)
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/payouts/{made['id']}/reverse")


def test_metadata_of_a_payout_can_be_changed() -> None:
    till = Till()
    till.pay()
    made = daily(till)["id"]
    heard = till.so_far()
    changed = till.stripe.post(f"/v1/payouts/{made}", metadata={"netsuite_deposit_id": "77"})
    assert changed["metadata"] == {"netsuite_deposit_id": "77"}
    assert till.told(heard) == ["payout.updated"]


def test_payouts_are_listed_by_state_and_by_day() -> None:
    till = Till()
    till.pay()
    first = daily(till)
    till.pay()
    till.wait(days=3)
    second = till.bank.pay_out("usd")
    assert [row["id"] for row in till.stripe.get("/v1/payouts")["data"]] == [second, first["id"]]
    assert [row["id"] for row in till.stripe.get("/v1/payouts", status="paid")["data"]] == [first["id"]]
    until = {"lte": first["arrival_date"]}
    assert [row["id"] for row in till.stripe.get("/v1/payouts", arrival_date=until)["data"]] == [first["id"]]
    since = {"gt": first["created"]}
    assert [row["id"] for row in till.stripe.get("/v1/payouts", created=since)["data"]] == [second]


def test_the_transactions_of_a_payout_come_in_pages() -> None:
    till = Till()
    for _ in range(7):
        till.pay()
    made = daily(till)["id"]
    seen: list[str] = []
    more = True
    while more:
        cursor = {"starting_after": seen[-1]} if seen else {}
        page = till.stripe.get("/v1/balance_transactions", payout=made, limit=3, **cursor)
        seen += [row["id"] for row in page["data"]]
        more = page["has_more"]
    assert len(seen) == len(set(seen)) == 8


def test_stripes_own_library_reads_payouts_and_disputes(sandbox: Server) -> None:
    client = client_of(sandbox)
    for name in ("daily_payout", "manual_payout"):
        stories.play(sandbox.world, name)
    by_person, automatic = client.v1.payouts.list({"status": "paid"}).data
    listed = client.v1.balance_transactions.list(
        {"payout": automatic.id, "limit": 2, "expand": ["data.source"]}
    )
    rows = [row for row in listed.auto_paging_iter() if row.type != "payout"]
    assert sum(row.net for row in rows) == automatic.amount
    assert [type(row.source) for row in rows[:2]] == [stripe.Dispute, stripe.Refund]
    (dispute,) = client.v1.disputes.list({"expand": ["data.charge"]}).data
    assert isinstance(dispute.charge, stripe.Charge)
    assert (dispute.balance_transactions[0].net, dispute.charge.amount) == (-13_500, 12_000)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list({"payout": by_person.id})


def test_balance_transactions_are_listed_by_source_type_and_currency() -> None:
    till = Till()
    made = till.pay()
    till.refund(made)
    till.pay(currency="eur")
    assert till.movements(source=made) == [("charge", 10_000, 320)]
    assert till.movements(type="refund") == [("refund", -10_000, 0)]
    assert till.movements(currency="eur") == [("charge", 10_000, 315)]
    rows = till.stripe.get("/v1/balance_transactions", expand=["data.source"])["data"]
    assert [row["source"]["object"] for row in rows] == ["charge", "refund", "charge"]


def test_a_transaction_is_pending_until_its_money_is_available() -> None:
    till = Till()
    till.pay()
    path = f"/v1/balance_transactions/{till.stripe.get('/v1/balance_transactions')['data'][0]['id']}"
    assert till.stripe.get(path)["status"] == "pending"
    assert till.balance() == (0, 9_680)
    till.wait(days=2)
    assert till.stripe.get(path)["status"] == "available"
    assert till.balance() == (9_680, 0)


@pytest.mark.parametrize("kind", TYPES)
def test_stripe_may_move_money_by_any_type(kind: str) -> None:
    till = Till()
    till.pay()
    till.bank.book(kind, -700, fee=30, tax=6, description="Something")
    made = daily(till)
    rows = till.stripe.get("/v1/balance_transactions", payout=made["id"])["data"]
    (row,) = [one for one in rows if one["description"] == "Something"]
    assert (row["type"], row["net"]) == (kind, -736)
    assert [one["type"] for one in row["fee_details"]] == ["stripe_fee", "tax"]
    assert made["amount"] == 9_680 - 736


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ("adjustment", "other_adjustment"),
        ("application_fee", "platform_earning"),
        ("contribution", "contribution"),
        ("payment", "charge"),
        ("payment_refund", "refund"),
        ("payout_failure", "payout_reversal"),
        ("reserve_transaction", "connect_reserved_funds"),
        ("reserved_funds", "risk_reserved_funds"),
        ("stripe_fee", "fee"),
        ("tax_fee", "tax"),
        ("topup", "topup"),
        ("transfer_refund", "transfer_reversal"),
    ],
)
def test_a_type_belongs_to_a_reporting_category(kind: str, category: str) -> None:
    till = Till()
    made = till.bank.book(kind, 100)
    assert till.stripe.get(f"/v1/balance_transactions/{made}")["reporting_category"] == category


def test_a_top_up_comes_in_and_may_be_taken_back() -> None:
    till = Till()
    made = till.stripe.post("/v1/topups", amount=20_000, currency="usd")["id"]
    assert till.movements() == []
    till.bank.top_up(made)
    till.bank.reverse_top_up(made)
    assert till.movements() == [("topup", 20_000, 0), ("topup_reversal", -20_000, 0)]
    assert till.told(0, "topup") == ["topup.created", "topup.succeeded", "topup.reversed"]
    assert till.stripe.get(f"/v1/topups/{made}")["status"] == "reversed"


def test_a_transfer_goes_out_and_comes_back_in_part() -> None:
    till = Till()
    given = {"amount": 9_000, "currency": "usd", "destination": "acct_2"}
    made = till.stripe.post("/v1/transfers", **given)["id"]
    back = till.stripe.post(f"/v1/transfers/{made}/reversals", amount=2_000)
    row = till.stripe.get(f"/v1/transfers/{made}")
    assert (row["amount_reversed"], row["reversed"]) == (2_000, False)
    assert [one["id"] for one in row["reversals"]["data"]] == [back["id"]]
    assert till.movements() == [("transfer", -9_000, 0), ("transfer_refund", 2_000, 0)]
    assert till.told(0, "transfer") == ["transfer.created", "transfer.reversed"]
    with pytest.raises(Refusal):
        till.stripe.post(f"/v1/transfers/{made}/reversals", amount=7_001)


def test_a_platform_earns_a_fee_and_gives_some_back() -> None:
    till = Till()
    made = till.bank.earn_fee(500)
    till.stripe.post(f"/v1/application_fees/{made}/refunds", amount=100)
    row = till.stripe.get(f"/v1/application_fees/{made}")
    assert (row["amount_refunded"], row["refunded"]) == (100, False)
    assert till.movements() == [("application_fee", 500, 0), ("application_fee_refund", -100, 0)]


def _check_sums(world: World) -> None:
    """The balance is the sum of all transactions; an automatic payout that of its own."""
    rows = world.stripe.store.all("balance_transaction")
    totals = Counter[str]()
    for row in rows:
        assert row["net"] == row["amount"] - row["fee"]
        assert row["fee"] == sum(one["amount"] for one in row["fee_details"])
        totals[row["currency"]] += row["net"]
    body = world.stripe.get("/v1/balance")
    held = Counter[str]()
    for part in (*body["available"], *body["pending"]):
        held[part["currency"]] += part["amount"]
    assert held == totals
    for made in world.stripe.store.all("payout"):
        if made["automatic"] and made["reconciliation_status"] == "completed":
            found = world.stripe.get("/v1/balance_transactions", payout=made["id"], limit=100)["data"]
            assert net([one for one in found if one["source"] != made["id"]]) == made["amount"]
            assert net(found) == 0


def test_balance_and_payouts_add_up_after_every_story() -> None:
    world = World()
    for name in (*stories.STORIES, *stories.BILLING, *stories.MONEY):
        stories.play(world, name)
        _check_sums(world)
