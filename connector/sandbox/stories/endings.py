"""Stories of how an invoice ends: voided, given up, edited, paid late, in parts or outside Stripe."""

from datetime import timedelta

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    LYON,
    MUNICH,
    PORTLAND,
    Line,
    line_ids,
    new_customer,
    new_payment,
    new_plan,
    new_price,
    open_invoice,
    subscribe,
)
from .telling import billing

DECLINED = "pm_card_chargeCustomerFail"


@billing(9)
def invoice_voided(world: World) -> None:
    """An open invoice of two lines turns out to be a mistake and is voided."""
    customer = new_customer(world, "Heron Street Clinic", "ap@heronstreet.example", BOSTON)
    visit, kit = new_price(world, "Service visit", 19_500), new_price(world, "Filter kit", 4_275)
    lines: list[Line] = [{"pricing": {"price": visit}}, {"pricing": {"price": kit}, "quantity": 2}]
    made = open_invoice(world, customer, lines)
    world.clock.advance(timedelta(days=2))
    world.stripe.post(f"/v1/invoices/{made}/void")


@billing(9)
def invoice_voided_after_using_balance(world: World) -> None:
    """An open invoice that used some of the customer's balance is voided; the balance comes back."""
    customer = new_customer(world, "Slate Quarry Works", "ap@slatequarry.example", DENVER)
    address = f"/v1/customers/{customer}/balance_transactions"
    world.stripe.post(address, amount=-4_000, currency="usd")
    price = new_price(world, "Saw blade", 13_000)
    made = open_invoice(world, customer, [{"pricing": {"price": price}}])
    world.stripe.post(f"/v1/invoices/{made}/void")


@billing(9)
def invoice_uncollectible(world: World) -> None:
    """An open invoice is given up as uncollectible."""
    customer = new_customer(world, "Paper Kite Studios", "ap@paperkite.example", PORTLAND, card=DECLINED)
    price = new_price(world, "Render hours", 550)
    made = open_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 40}])
    world.stripe.collect(made)
    world.clock.advance(timedelta(days=9))
    world.stripe.post(f"/v1/invoices/{made}/mark_uncollectible")


@billing(9)
def given_up_after_all_attempts(world: World) -> None:
    """The card of a subscription is declined four times, and its invoice becomes uncollectible."""
    customer = new_customer(world, "Vesper Cycle Hire", "ap@vespercycle.example", LYON, card=DECLINED)
    plan = new_plan(world, "Fleet plan", 8_800, "eur")
    made = subscribe(world, customer, [{"price": plan}], pay=False)
    for _ in range(3):
        world.clock.advance(timedelta(days=3))
        world.stripe.collect(made["latest_invoice"])


@billing(9)
def partly_paid_then_uncollectible(world: World) -> None:
    """A part of an invoice is paid; the rest never comes and is given up."""
    customer = new_customer(world, "Bluestem Seed Exchange", "ap@bluestem.example", DENVER)
    seed, bag = new_price(world, "Prairie seed mix", 21_000), new_price(world, "Burlap bag", 350)
    lines: list[Line] = [
        {"pricing": {"price": seed}, "quantity": 2},
        {"pricing": {"price": bag}, "quantity": 10},
    ]
    made = open_invoice(world, customer, lines)
    intent = new_payment(world, 20_000, "usd", customer=customer, description="First part")
    world.stripe.post(f"/v1/invoices/{made}/attach_payment", payment_intent=intent)
    world.clock.advance(timedelta(days=12))
    world.stripe.post(f"/v1/invoices/{made}/mark_uncollectible")


@billing(9)
def paid_in_three_parts(world: World) -> None:
    """Two payments by card and one by bank transfer outside Stripe pay one invoice together."""
    stripe = world.stripe
    customer = new_customer(world, "Alder Grove School", "office@aldergrove.example", BOSTON)
    price = new_price(world, "Science kits, class set", 45_000)
    made = open_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 2}])
    record = stripe.post(
        "/v1/payment_records/report_payment",
        amount_requested={"currency": "usd", "value": 25_000},
        customer_details={"customer": customer},
        processor_details={"type": "custom", "custom": {"payment_reference": "Transfer 88-1204"}},
    )
    stripe.post(f"/v1/invoices/{made}/attach_payment", payment_record=record["id"])
    world.clock.advance(timedelta(days=1))
    intent = new_payment(world, 30_000, "usd", customer=customer, description="Parents' association")
    stripe.post(f"/v1/invoices/{made}/attach_payment", payment_intent=intent)
    world.clock.advance(timedelta(days=1))
    stripe.post(f"/v1/invoices/{made}/pay")


@billing(10)
def uncollectible_then_paid(world: World) -> None:
    """An invoice that had been given up is paid after all, three weeks before anybody hoped."""
    customer = new_customer(world, "Rookery Games", "ap@rookery.example", PORTLAND, card=DECLINED)
    price = new_price(world, "Server month", 26_500)
    made = open_invoice(world, customer, [{"pricing": {"price": price}}])
    world.stripe.post(f"/v1/invoices/{made}/mark_uncollectible")
    world.clock.advance(timedelta(days=8))
    world.stripe.post(f"/v1/invoices/{made}/pay", payment_method="pm_card_visa")


@billing(10)
def invoice_edited(world: World) -> None:
    """An open invoice is edited: a revision with fewer hours takes its place and is paid."""
    stripe = world.stripe
    customer = new_customer(world, "Stonecrop Landscapes", "ap@stonecrop.example", MUNICH)
    hours, plants = new_price(world, "Gardener hour", 6_500), new_price(world, "Perennials", 1_190)
    lines: list[Line] = [
        {"pricing": {"price": hours}, "quantity": 12},
        {"pricing": {"price": plants}, "quantity": 30},
    ]
    original = open_invoice(world, customer, lines, description="Courtyard, phase one")
    world.clock.advance(timedelta(days=1))
    draft = stripe.post("/v1/invoices", from_invoice={"action": "revision", "invoice": original})["id"]
    stripe.post(f"/v1/invoices/{draft}/lines/{line_ids(world, draft)[0]}", quantity=9)
    stripe.post(f"/v1/invoices/{draft}/finalize")
    world.clock.advance(timedelta(hours=3))
    stripe.post(f"/v1/invoices/{draft}/pay")


@billing(10)
def paid_out_of_band(world: World) -> None:
    """An invoice is paid by cheque and marked as paid outside Stripe."""
    customer = new_customer(world, "Harbour Light Chandlers", "ap@harbourlight.example", BOSTON)
    price = new_price(world, "Signal lamp", 18_600)
    made = open_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 3}])
    world.clock.advance(timedelta(days=5))
    world.stripe.post(f"/v1/invoices/{made}/pay", paid_out_of_band=True)


@billing(10)
def invoice_with_due_date(world: World) -> None:
    """An invoice is mailed with thirty days to pay, and is open."""
    customer = new_customer(world, "Ironwood Theatre Trust", "ap@ironwood.example", PORTLAND)
    price = new_price(world, "Stage hire", 72_000)
    made = world.stripe.post(
        "/v1/invoices",
        customer=customer,
        currency="usd",
        collection_method="send_invoice",
        days_until_due=30,
        custom_fields=[{"name": "PO number", "value": "IT-2291"}],
    )["id"]
    world.stripe.post("/v1/invoiceitems", customer=customer, invoice=made, pricing={"price": price})
    world.stripe.post(f"/v1/invoices/{made}/send")


@billing(12)
def invoice_to_be_changed_later(world: World) -> None:
    """An invoice of two lines is finalized and left open, so that it is booked before anything happens."""
    customer = new_customer(world, "Cormorant Dry Dock", "ap@cormorant.example", BOSTON)
    slip, paint = new_price(world, "Slip, one week", 41_000), new_price(world, "Hull paint", 7_350)
    lines: list[Line] = [{"pricing": {"price": slip}}, {"pricing": {"price": paint}, "quantity": 4}]
    open_invoice(world, customer, lines)


def _latest_open(world: World) -> str:
    """The open invoice that waits for its second act; the first act is played when there is none."""
    if not world.stripe.get("/v1/invoices", status="open", limit=1)["data"]:
        invoice_to_be_changed_later(world)
    return str(world.stripe.get("/v1/invoices", status="open", limit=1)["data"][0]["id"])


@billing(13)
def booked_invoice_voided(world: World) -> None:
    """The latest open invoice is voided on a later day."""
    world.stripe.post(f"/v1/invoices/{_latest_open(world)}/void")


@billing(13)
def booked_invoice_edited(world: World) -> None:
    """The latest open invoice is edited on a later day, and its revision is paid."""
    stripe = world.stripe
    given = {"action": "revision", "invoice": _latest_open(world)}
    draft = stripe.post("/v1/invoices", from_invoice=given)["id"]
    stripe.post(f"/v1/invoices/{draft}/lines/{line_ids(world, draft)[-1]}", quantity=3)
    stripe.post(f"/v1/invoices/{draft}/finalize")
    world.clock.advance(timedelta(hours=3))
    stripe.post(f"/v1/invoices/{draft}/pay")


@billing(13)
def booked_invoice_uncollectible(world: World) -> None:
    """The latest open invoice is given up on a later day."""
    world.stripe.post(f"/v1/invoices/{_latest_open(world)}/mark_uncollectible")
