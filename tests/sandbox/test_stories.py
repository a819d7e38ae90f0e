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


def test_the_stories_are_these_in_this_order() -> None:
    assert list(stories.STORIES) == list(MADE)


@pytest.mark.parametrize("name", stories.STORIES)
def test_a_story_has_a_one_sentence_title_and_makes_its_objects(name: str) -> None:
    played = stories.play(World(), name)
    assert played.title.endswith(".")
    assert "\n" not in played.title
    assert Counter(one.split("_")[0] for one in played.objects) == Counter(MADE[name].split())


def test_the_same_play_makes_the_same_world() -> None:
    worlds = [World(), World()]
    for world in worlds:
        for name in stories.STORIES:
            stories.play(world, name)
    first, second = ([(e["id"], e["created"], e["data"]) for e in world.stripe.events()] for world in worlds)
    assert first == second


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
