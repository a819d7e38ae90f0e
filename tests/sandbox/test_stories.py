"""Stories of the practice world: what each makes, the same in every world."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from connector.sandbox import stories
from connector.sandbox.world import World

MADE = {
    "subscription_invoice_paid": "cus prod price sub in inpay pi ch txn",
    "standalone_invoice_paid": "cus prod prod prod price price price in inpay pi ch txn",
    "invoice_left_open": "cus prod price in inpay pi ch",
    "standalone_charge": "cus pi ch txn",
    "charge_without_customer": "pi ch txn",
    "webhooks_out_of_order_and_twice": "cus prod price in inpay pi ch txn",
    "netsuite_requires_a_field": "cus prod price in inpay pi ch txn",
    "required_field_mended": "",
    "invoice_in_euros_paid": "cus prod price in inpay pi ch txn",
    "invoice_in_yen_paid": "cus prod price in inpay pi ch txn",
    "invoice_in_dinars_paid": "cus prod price in inpay pi ch txn",
    "two_invoices_for_one_customer": "cus prod price in in inpay inpay pi pi ch ch txn txn",
}


LEFT = {
    "discounted_invoice_paid": ["paid 78700 78700"],
    "taxed_invoice_paid": ["paid 14031 14031"],
    "inclusive_tax_invoice_paid": ["paid 27355 27355"],
    "invoice_with_shipping": ["paid 16086 16086"],
    "free_by_coupon": ["paid 0 0"],
    "invoice_with_zero_and_negative_lines": ["paid 78000 78000"],
    "tiered_and_fractional_prices": ["paid 13778 13778", "paid 129454 129454"],
    "standing_discount_of_a_customer": ["paid 12024 12024"],
    "upgrade_in_mid_period": ["paid 8700 8700", "paid 13999 13999"],
    "quantity_changes_billed_with_the_next_period": ["paid 8496 8496", "paid 17700 17700"],
    "trial_started": ["paid 0 0"],
    "trial_ended_and_paid": ["paid 0 0", "paid 12000 12000"],
    "cycles_on_a_test_clock": ["paid 3300 3300"] * 3,
    "downgrade_to_balance_then_next_invoice": ["paid 60000 60000", "paid -8998 0", "paid 15000 6002"],
    "balance_pays_one_line_and_several": ["paid 32000 0", "paid 41000 23000"],
    "balance_left_over_pays_the_next_invoice": ["paid 32000 0", "paid 25000 7000"],
    "debit_balance_on_next_invoice": ["paid 24000 25250"],
    "invoice_too_small_to_charge": ["paid 35 0", "paid 1400 1435"],
    "negative_invoice_in_yen": ["paid -8000 0"],
    "overpaid_by_a_second_payment": ["paid 30000 33000", "paid 30000 27000"],
    "invoice_voided": ["void 28050 0"],
    "invoice_voided_after_using_balance": ["void 13000 0"],
    "invoice_uncollectible": ["uncollectible 22000 0"],
    "given_up_after_all_attempts": ["uncollectible 8800 0"],
    "partly_paid_then_uncollectible": ["uncollectible 45500 20000"],
    "paid_in_three_parts": ["paid 90000 90000"],
    "uncollectible_then_paid": ["paid 26500 26500"],
    "invoice_edited": ["void 113700 0", "paid 94200 94200"],
    "paid_out_of_band": ["paid 55800 55800"],
    "invoice_with_due_date": ["open 72000 0"],
    "invoice_to_be_changed_later": ["open 70400 0"],
    "booked_invoice_voided": ["void 70400 0"],
    "booked_invoice_edited": ["void 70400 0", "paid 63050 63050"],
    "booked_invoice_uncollectible": ["uncollectible 70400 0"],
    "credit_note_on_open_invoice_then_paid": ["paid 105900 81900"],
    "credit_note_for_all_of_an_open_invoice": ["paid 33900 0"],
    "credit_note_with_refund": ["paid 95641 95641"],
    "credit_note_linked_to_an_earlier_refund": ["paid 105900 105900"],
    "credit_note_out_of_band": ["paid 105900 105900"],
    "credit_note_to_balance": ["paid 105900 105900", "paid 33900 9900"],
    "credit_note_combined": ["paid 105900 105900"],
    "credit_note_custom_lines": ["paid 105900 105900"],
    "credit_note_without_lines": ["paid 105900 105900"],
    "credit_note_voided": ["paid 105900 105900"],
    "customer_and_item_known_to_netsuite": ["paid 39000 39000"],
    "metadata_for_fields": ["paid 162000 162000"],
}
"""State, total and amount paid (minor units) of every invoice that a story of billing leaves behind."""


def test_the_stories_are_these_in_this_order() -> None:
    assert list(stories.STORIES) == list(MADE)
    assert list(stories.BILLING) == list(LEFT)


@pytest.mark.parametrize("name", stories.BILLING)
def test_a_story_of_billing_leaves_its_invoices_behind(name: str) -> None:
    world = World()
    played = stories.play(world, name)
    assert played.title.endswith(".")
    assert "\n" not in played.title
    assert len([one for one in played.objects if one.startswith("cus_")]) == 1
    left = world.stripe.get("/v1/invoices", limit=100)["data"][::-1]
    assert [f"{one['status']} {one['total']} {one['amount_paid']}" for one in left] == LEFT[name]


@pytest.mark.parametrize("name", stories.STORIES)
def test_a_story_has_a_one_sentence_title_and_makes_its_objects(name: str) -> None:
    played = stories.play(World(), name)
    assert played.title.endswith(".")
    assert "\n" not in played.title
    assert Counter(one.split("_")[0] for one in played.objects) == Counter(MADE[name].split())


def test_the_same_play_makes_the_same_world() -> None:
    worlds = [World(), World()]
    for world in worlds:
        for name in (*stories.STORIES, *stories.BILLING):
            stories.play(world, name)
    first, second = ([(e["id"], e["created"], e["data"]) for e in world.stripe.events()] for world in worlds)
    assert first == second


@pytest.mark.parametrize("second", ["booked_invoice_voided", "booked_invoice_edited"])
def test_a_second_act_goes_on_with_the_invoice_of_the_first(second: str) -> None:
    world = World()
    first = stories.play(world, "invoice_to_be_changed_later")
    stories.play(world, second)
    (invoice,) = [one for one in first.objects if one.startswith("in_")]
    assert world.stripe.get(f"/v1/invoices/{invoice}")["status"] == "void"
    assert len(world.stripe.get("/v1/customers")["data"]) == 1


def test_a_story_played_again_makes_new_objects() -> None:
    world = World()
    first, second = (stories.play(world, "standalone_invoice_paid") for _ in range(2))
    assert len(first.objects) == len(second.objects)
    assert not set(first.objects) & set(second.objects)


def test_a_story_happens_on_its_own_day_whatever_the_day_is() -> None:
    world = World()
    stories.play(world, "subscription_invoice_paid")
    (invoice,) = world.stripe.get("/v1/invoices")["data"]
    times = invoice["status_transitions"]
    assert datetime.fromtimestamp(times["finalized_at"], UTC) == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert datetime.fromtimestamp(times["paid_at"], UTC) == datetime(2026, 11, 2, 9, 2, tzinfo=UTC)
    period = invoice["lines"]["data"][0]["period"]
    assert datetime.fromtimestamp(period["end"], UTC) == datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert abs(world.clock.now() - datetime.now(UTC)).total_seconds() < 5


def test_money_is_in_the_minor_units_of_each_currency() -> None:
    world = World()
    totals = {}
    for name in ("invoice_in_euros_paid", "invoice_in_yen_paid", "invoice_in_dinars_paid"):
        stories.play(world, name)
        invoice = world.stripe.get("/v1/invoices", limit=1)["data"][0]
        totals[invoice["currency"]] = (invoice["total"], invoice["status"])
    assert totals == {"eur": (38_985, "paid"), "jpy": (98_000, "paid"), "kwd": (91_500, "paid")}


def test_the_mend_undoes_what_the_user_did() -> None:
    world = World()
    stories.play(world, "netsuite_requires_a_field")
    stories.play(world, "required_field_mended")
    stories.play(world, "standalone_invoice_paid")
    assert len(world.stripe.get("/v1/invoices", status="paid")["data"]) == 2
