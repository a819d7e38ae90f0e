"""Stories of money: what each leaves behind in the practice Stripe."""

import pytest

from connector.sandbox import stories
from connector.sandbox.world import World

KINDS = {"charge": "ch", "refund": "re", "dispute": "du", "payout": "po"}

LEFT = {
    "debit_comes_after_days": "ch succeeded 84000",
    "debit_pending": "ch pending 50000",
    "booked_debit_bounced": "ch failed 50000",
    "booked_debit_comes": "ch succeeded 50000",
    "standalone_debit_bounced": "ch failed 31000",
    "debit_bounced_that_never_held_money": "ch failed 12600, ch succeeded 12600",
    "several_charges_on_one_invoice": "ch succeeded 100000, ch succeeded 50000, ch succeeded 30000",
    "duplicate_payment": "ch succeeded 27500, ch succeeded 27500",
    "netsuite_invoice_paid": "ch succeeded 14500",
    "netsuite_invoice_paid_twice": "ch succeeded 8800, ch succeeded 8800",
    "netsuite_invoice_paid_twice_as_allowed": "ch succeeded 31000, ch succeeded 31000",
    "several_netsuite_invoices_paid": "ch succeeded 15000",
    "sales_order_deposit": "ch succeeded 40000",
    "payment_of_a_netsuite_customer": "ch succeeded 6400",
    "partial_capture": "ch succeeded 50000, re succeeded 13500",
    "authorization_expires": "ch succeeded 22000, re succeeded 22000",
    "paid_by_many_methods": (
        "ch succeeded 5900, ch succeeded 5900, ch succeeded 5900, ch succeeded 5900, ch succeeded 5900, "
        "ch succeeded 7200, ch succeeded 7200, ch succeeded 7200"
    ),
    "invoice_refunded_in_full": "ch succeeded 24900, re succeeded 24900",
    "several_lines_refunded_in_full": "ch succeeded 54000, re succeeded 54000",
    "one_line_refunded_in_part": "ch succeeded 30000, re succeeded 7550",
    "several_lines_refunded_in_part": "ch succeeded 65000, re succeeded 10000",
    "refunded_three_times": "ch succeeded 20000, re succeeded 5000, re succeeded 12000, re succeeded 3000",
    "standalone_charge_refunded": "ch succeeded 16000, re succeeded 4000, re succeeded 12000",
    "refund_over_several_invoices": "ch succeeded 20000, re succeeded 11000",
    "debit_refunded_after_days": "ch succeeded 48000, re succeeded 9000",
    "refund_pending": "ch succeeded 48000, re pending 15000",
    "booked_refund_fails": "ch succeeded 48000, re failed 15000",
    "refund_comes_back": "ch succeeded 33000, re failed 11000",
    "refund_needs_the_customers_bank": "ch succeeded 25000, re succeeded 25000",
    "refund_called_off": "ch succeeded 18000, re canceled 18000",
    "refund_waits_for_funds": "ch succeeded 14000, re succeeded 14000",
    "refund_of_a_pending_debit": "ch succeeded 21000, re succeeded 21000",
    "refund_with_its_fee": "ch succeeded 10000, re succeeded 10000",
    "dispute_opened": "ch succeeded 26000, du needs_response 26000",
    "booked_dispute_won": "ch succeeded 26000, du won 26000",
    "booked_dispute_lost": "ch succeeded 26000, du lost 26000",
    "dispute_won": "ch succeeded 50000, du won 50000",
    "dispute_won_without_the_fee": "ch succeeded 9900, du won 9900",
    "dispute_lost": "ch succeeded 38500, du lost 38500",
    "dispute_accepted": "ch succeeded 12000, du lost 12000",
    "dispute_reinstated": "ch succeeded 61000, du needs_response 61000",
    "dispute_taken_again_after_a_win": "ch succeeded 72000, du lost 72000",
    "inquiry_closed": "ch succeeded 17000, du warning_closed 17000",
    "inquiry_becomes_a_dispute": "ch succeeded 19500, du needs_response 19500",
    "one_line_disputed_in_part": "ch succeeded 50000, du needs_response 20000",
    "several_lines_disputed_in_part": "ch succeeded 50000, du needs_response 12345",
    "dispute_larger_than_the_charge": "ch succeeded 80000, du needs_response 81250",
    "daily_payout": (
        "ch succeeded 45000, ch succeeded 12000, ch succeeded 98750, re succeeded 4000, du "
        "needs_response 12000, po paid 133643"
    ),
    "payout_on_its_way": "ch succeeded 52000, po in_transit 50462",
    "booked_payout_arrives": "ch succeeded 52000, po paid 50462",
    "booked_payout_fails": (
        "ch succeeded 45000, ch succeeded 12000, ch succeeded 98750, re succeeded 4000, du "
        "needs_response 12000, po failed 133643"
    ),
    "payout_of_a_won_dispute": (
        "ch succeeded 34000, ch succeeded 58000, du won 34000, po paid 53772, po paid 35500"
    ),
    "payout_with_a_bounced_debit": (
        "ch failed 29000, ch succeeded 41000, ch succeeded 66000, po paid 68549, po paid 35288"
    ),
    "payout_converted_to_euros": (
        "ch succeeded 25000, ch succeeded 100000, ch succeeded 18000, re succeeded 5000, po paid 43219"
    ),
    "payouts_in_two_currencies": "ch succeeded 15000, ch succeeded 23000, po paid 14535, po paid 22308",
    "negative_payout": (
        "ch succeeded 90000, ch succeeded 10000, re succeeded 90000, po paid 87360, po paid -80320"
    ),
    "manual_payout": "ch succeeded 70000, po paid 50000",
    "instant_payout": "ch succeeded 64000, po paid 30000",
    "manual_payout_canceled": "ch succeeded 55000, po canceled 40000",
    "manual_payout_reversed": "ch succeeded 47000, po paid 25000, po paid -25000",
    "payout_fails_after_it_was_paid": (
        "ch succeeded 37000, ch succeeded 21000, po failed 35897, po paid 56258"
    ),
    "payout_with_other_money": "ch succeeded 83000, po paid 71158",
    "payout_with_topup_and_transfers": "ch succeeded 24000, po paid 88274",
    "payout_of_a_connected_account": "ch succeeded 45000, ch succeeded 25000, po paid 7410",
    "payout_under_interchange_plus": "ch succeeded 120000, po paid 117600",
    "payout_with_an_unknown_type": "ch succeeded 31000, po paid 29596",
}
"""State and amount (minor units) of the charges, refunds, disputes and payouts of each story."""


def left_by(world: World) -> str:
    found = [
        f"{short} {row['status']} {row['amount']}"
        for kind, short in KINDS.items()
        for row in world.stripe.store.all(kind)
    ]
    return ", ".join(found)


def test_the_stories_of_money_are_these_in_this_order() -> None:
    assert list(stories.MONEY) == list(LEFT)


@pytest.mark.parametrize("name", stories.MONEY)
def test_a_story_of_money_leaves_these_behind(name: str) -> None:
    world = World()
    played = stories.play(world, name)
    assert played.title.endswith(".")
    assert "\n" not in played.title
    assert left_by(world) == LEFT[name]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("debit_pending", "booked_debit_bounced", "charge"),
        ("debit_pending", "booked_debit_comes", "charge"),
        ("refund_pending", "booked_refund_fails", "refund"),
        ("dispute_opened", "booked_dispute_won", "dispute"),
        ("dispute_opened", "booked_dispute_lost", "dispute"),
        ("payout_on_its_way", "booked_payout_arrives", "payout"),
        ("daily_payout", "booked_payout_fails", "payout"),
    ],
)
def test_a_second_act_goes_on_with_what_the_first_left(first: str, second: str, kind: str) -> None:
    world = World()
    stories.play(world, first)
    before = [dict(row) for row in world.stripe.store.all(kind)]
    stories.play(world, second)
    after = world.stripe.store.all(kind)
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert [row["status"] for row in after] != [row["status"] for row in before]


def test_the_same_play_of_money_makes_the_same_world() -> None:
    worlds = [World(), World()]
    for world in worlds:
        for name in stories.MONEY:
            stories.play(world, name)
    first, second = ([(e["id"], e["created"], e["data"]) for e in world.stripe.events()] for world in worlds)
    assert first == second


def test_a_payout_of_a_story_is_its_own_whatever_was_played_before() -> None:
    alone, after_others = World(), World()
    stories.play(alone, "negative_payout")
    for name in ("standalone_charge", "manual_payout", "negative_payout"):
        stories.play(after_others, name)
    amounts = [[row["amount"] for row in world.stripe.store.all("payout")] for world in (alone, after_others)]
    assert amounts[1][-2:] == amounts[0]
