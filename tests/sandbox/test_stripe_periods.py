"""Subscriptions of the practice Stripe through their periods: changes, trials, discounts, test clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.sandbox.stripe.errors import Refusal
from tests.sandbox.billing import Row, Till

DAY = 86_400
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def till() -> Till:
    till = Till()
    till.world.clock.set(NOVEMBER)
    return till


def subscribed(till: Till, *prices: str, quantity: int = 1, **terms: Any) -> Row:
    items = [{"price": price, "quantity": quantity} for price in prices]
    return till.stripe.post("/v1/subscriptions", customer=till.customer, items=items, **terms)


def change(till: Till, subscription: Row, item: Row, **terms: Any) -> Row:
    given = {"id": subscription["items"]["data"][0]["id"], **item}
    return till.stripe.post(f"/v1/subscriptions/{subscription['id']}", items=[given], **terms)


def latest(till: Till, subscription: Row) -> Row:
    now = till.stripe.get(f"/v1/subscriptions/{subscription['id']}")
    return till.invoice(now["latest_invoice"])


def test_an_upgrade_credits_the_unused_time_and_charges_the_rest(till: Till) -> None:
    made = subscribed(till, till.plan(3000))
    first = till.lines(latest(till, made))[0]
    till.world.clock.advance(timedelta(days=10))
    change(till, made, {"price": till.plan(9000)}, proration_behavior="always_invoice")
    invoice = latest(till, made)
    assert (invoice["billing_reason"], invoice["status"], invoice["total"]) == (
        "subscription_update",
        "paid",
        4000,
    )
    rest, unused = till.lines(invoice)
    assert (rest["amount"], rest["description"]) == (6000, "Remaining time on Plan after 11 Nov 2026")
    assert (unused["amount"], unused["description"]) == (-2000, "Unused time on Plan after 11 Nov 2026")
    details = unused["parent"]["subscription_item_details"]
    assert details["proration"]
    assert details["proration_details"]["credited_items"] == {
        "invoice": first["invoice"],
        "invoice_line_items": [first["id"]],
    }
    assert rest["parent"]["subscription_item_details"]["proration_details"] == {"credited_items": None}
    assert unused["period"] == {"start": first["period"]["start"] + 10 * DAY, "end": first["period"]["end"]}
    item = till.stripe.get(f"/v1/invoiceitems/{details['invoice_item']}")
    assert (item["proration"], item["parent"]["subscription_details"]["subscription"]) == (True, made["id"])


def test_changes_wait_for_the_next_period_unless_billed_at_once(till: Till) -> None:
    made = subscribed(till, till.plan(3000))
    till.world.clock.advance(timedelta(days=15))
    change(till, made, {"quantity": 2})
    change(till, made, {"quantity": 1})
    draft = till.invoice(till.stripe.renew(made["id"]))
    assert [line["amount"] for line in till.lines(draft)] == [1500, -3000, 3000, -1500, 3000]
    assert draft["total"] == 3000


def test_nothing_is_prorated_when_that_is_asked_for(till: Till) -> None:
    made = subscribed(till, till.plan(3000))
    change(till, made, {"quantity": 5}, proration_behavior="none")
    assert [line["amount"] for line in till.lines({"id": till.stripe.renew(made["id"])})] == [15_000]


def test_a_downgrade_gives_credit_and_the_next_period_uses_it(till: Till) -> None:
    made = subscribed(till, till.plan(9000))
    till.world.clock.advance(timedelta(days=10))
    change(till, made, {"price": till.plan(3000)}, proration_behavior="always_invoice")
    invoice = latest(till, made)
    assert (invoice["total"], invoice["status"], invoice["ending_balance"]) == (-4000, "paid", -4000)
    draft = till.stripe.renew(made["id"])
    done = till.stripe.post(f"/v1/invoices/{draft}/finalize")
    assert (done["total"], done["amount_due"], done["status"], till.balance()) == (3000, 0, "paid", -1000)


def test_a_discount_is_credited_as_it_was_given(till: Till) -> None:
    coupon = till.coupon(percent_off=50, duration="forever")
    made = subscribed(till, till.plan(3000), discounts=[coupon])
    till.world.clock.advance(timedelta(days=15))
    change(till, made, {"price": till.plan(6000)}, proration_behavior="always_invoice")
    lines = till.lines(latest(till, made))
    assert [(line["amount"], line["discount_amounts"]) for line in lines] == [(1500, []), (-750, [])]


def test_an_item_can_be_added_and_another_ended(till: Till) -> None:
    made = subscribed(till, till.plan(3000))
    till.world.clock.advance(timedelta(days=15))
    items: list[Row] = [{"id": made["items"]["data"][0]["id"], "deleted": True}, {"price": till.plan(500)}]
    till.stripe.post(f"/v1/subscriptions/{made['id']}", items=items, proration_behavior="always_invoice")
    assert [line["amount"] for line in till.lines(latest(till, made))] == [250, -1500]


def test_another_billing_interval_is_refused(till: Till) -> None:
    made = subscribed(till, till.plan(3000))
    yearly = till.plan(30_000, recurring={"interval": "year"})
    with pytest.raises(Refusal, match="interval"):
        change(till, made, {"price": yearly})


def test_a_trial_begins_with_an_invoice_over_nothing(till: Till) -> None:
    made = subscribed(till, till.plan(3000), trial_period_days=7)
    invoice = latest(till, made)
    (line,) = till.lines(invoice)
    assert (made["status"], invoice["status"], invoice["total"]) == ("trialing", "paid", 0)
    assert line["description"] == "Trial period for Plan"
    assert line["period"]["end"] == made["trial_end"] == made["trial_start"] + 7 * DAY
    draft = till.stripe.renew(made["id"])
    assert till.invoice(draft)["total"] == 3000
    assert till.stripe.get(f"/v1/subscriptions/{made['id']}")["status"] == "active"


@pytest.mark.parametrize(
    ("terms", "totals"),
    [
        ({"duration": "once"}, [1500, 3000, 3000]),
        ({"duration": "repeating", "duration_in_months": 2}, [1500, 1500, 3000]),
        ({"duration": "forever"}, [1500, 1500, 1500]),
    ],
)
def test_a_discount_lasts_as_long_as_its_coupon_says(
    till: Till, terms: dict[str, Any], totals: list[int]
) -> None:
    made = subscribed(till, till.plan(3000), discounts=[till.coupon(percent_off=50, **terms)])
    found = [latest(till, made)["total"]]
    for month in (12, 13):
        till.world.clock.set(datetime(2026 + month // 13, (month - 1) % 12 + 1, 1, tzinfo=UTC))
        found.append(till.invoice(till.stripe.renew(made["id"]))["total"])
    assert found == totals


def clocked(start: datetime) -> tuple[Till, str]:
    """A till whose customer lives on a test clock."""
    till = Till()
    clock = till.stripe.post("/v1/test_helpers/test_clocks", frozen_time=int(start.timestamp()))["id"]
    made = till.stripe.post("/v1/customers", name="Clocked", payment_method="pm_card_visa", test_clock=clock)
    till.customer = made["id"]
    return till, clock


def advance(till: Till, clock: str, to: datetime) -> Row:
    moment = int(to.timestamp())
    return till.stripe.post(f"/v1/test_helpers/test_clocks/{clock}/advance", frozen_time=moment)


def test_a_test_clock_bills_every_period_that_passes() -> None:
    till, clock = clocked(datetime(2026, 1, 31, 12, tzinfo=UTC))
    made = subscribed(till, till.plan(3000))
    done = advance(till, clock, datetime(2026, 4, 2, tzinfo=UTC))
    assert (done["status"], done["frozen_time"]) == (
        "ready",
        int(datetime(2026, 4, 2, tzinfo=UTC).timestamp()),
    )
    invoices = till.stripe.get("/v1/invoices", subscription=made["id"])["data"][::-1]
    assert {one["status"] for one in invoices} == {"paid"}
    days = [datetime.fromtimestamp(one["status_transitions"]["paid_at"], UTC) for one in invoices]
    assert [f"{day:%d %b %H:%M}" for day in days] == ["31 Jan 12:00", "28 Feb 13:00", "31 Mar 13:00"]
    assert {one["test_clock"] for one in invoices} == {clock}


def test_a_test_clock_runs_dunning_to_its_end() -> None:
    till, clock = clocked(datetime(2026, 1, 10, tzinfo=UTC))
    made = subscribed(till, till.plan(3000))
    card = {"default_payment_method": "pm_card_chargeCustomerFail"}
    till.stripe.post(f"/v1/customers/{till.customer}", invoice_settings=card)
    advance(till, clock, datetime(2026, 2, 28, tzinfo=UTC))
    invoice = latest(till, made)
    assert (invoice["status"], invoice["attempt_count"]) == ("uncollectible", 4)
    assert till.stripe.get(f"/v1/subscriptions/{made['id']}")["status"] == "past_due"


def test_a_subscription_ends_with_its_period_when_told_so() -> None:
    till, clock = clocked(datetime(2026, 1, 10, tzinfo=UTC))
    made = subscribed(till, till.plan(3000))
    till.stripe.post(f"/v1/subscriptions/{made['id']}", cancel_at_period_end=True)
    advance(till, clock, datetime(2026, 4, 1, tzinfo=UTC))
    ended = till.stripe.get(f"/v1/subscriptions/{made['id']}")
    assert (ended["status"], len(till.stripe.get("/v1/invoices")["data"])) == ("canceled", 1)
    assert ended["ended_at"] == int(datetime(2026, 2, 10, tzinfo=UTC).timestamp())


def test_a_refused_subscription_or_invoice_leaves_nothing_behind(till: Till) -> None:
    with pytest.raises(Refusal):
        subscribed(till, till.plan(3000), discounts=[{"coupon": "none"}])
    with pytest.raises(Refusal):
        till.draft(1000, discounts=[{"coupon": "none"}])
    with pytest.raises(Refusal):
        till.draft(1000, collection_method="send_invoice")
    assert till.stripe.get("/v1/subscriptions")["data"] == till.stripe.get("/v1/invoices")["data"] == []


def test_a_test_clock_never_goes_back() -> None:
    till, clock = clocked(datetime(2026, 1, 10, tzinfo=UTC))
    with pytest.raises(Refusal, match="forward"):
        advance(till, clock, datetime(2026, 1, 9, tzinfo=UTC))
