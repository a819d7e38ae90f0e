"""Stories of credit notes, on open invoices and on paid ones."""

from datetime import timedelta

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    LYON,
    PORTLAND,
    Line,
    line_ids,
    new_coupon,
    new_customer,
    new_price,
    new_tax_rate,
    open_invoice,
    paid_invoice,
)
from .telling import billing


def _seats(world: World, seats: int = 4) -> list[Line]:
    """Lines of an invoice for seats and their setup."""
    seat, setup = new_price(world, "Seat, one year", 24_000), new_price(world, "Setup", 9_900)
    return [{"pricing": {"price": seat}, "quantity": seats}, {"pricing": {"price": setup}}]


@billing(11)
def credit_note_on_open_invoice_then_paid(world: World) -> None:
    """A seat is credited on an open invoice, and the customer then pays the rest."""
    customer = new_customer(world, "Brightwater Dental", "ap@brightwater.example", DENVER)
    made = open_invoice(world, customer, _seats(world))
    seat, _ = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": seat, "quantity": 1}],
        reason="order_change",
        memo="One seat less than ordered.",
    )
    world.clock.advance(timedelta(days=1))
    world.stripe.post(f"/v1/invoices/{made}/pay")


@billing(11)
def credit_note_for_all_of_an_open_invoice(world: World) -> None:
    """An open invoice is credited in full, and so it is paid."""
    customer = new_customer(world, "Moss & Meridian", "ap@mossmeridian.example", PORTLAND)
    made = open_invoice(world, customer, _seats(world, 1))
    lines = [{"type": "invoice_line_item", "invoice_line_item": one} for one in line_ids(world, made)]
    world.stripe.post("/v1/credit_notes", invoice=made, lines=lines, reason="duplicate")


@billing(11)
def credit_note_with_refund(world: World) -> None:
    """A discounted and taxed line of a paid invoice is credited in part and refunded with the note."""
    customer = new_customer(world, "Thistle Bay Optics", "ap@thistlebay.example", BOSTON)
    tax = new_tax_rate(world, "Sales tax", "6.25", country="US", state="MA")
    coupon = new_coupon(world, "Reopening", percent_off=15)
    terms = {"default_tax_rates": [tax], "discounts": [{"coupon": coupon}]}
    made = paid_invoice(world, customer, _seats(world), **terms)
    seat, _ = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": seat, "quantity": 2}],
        refund_amount=43_350,
        reason="product_unsatisfactory",
        memo="Two seats never worked.",
        metadata={"ticket": "TB-310"},
    )


@billing(11)
def credit_note_linked_to_an_earlier_refund(world: World) -> None:
    """A charge is refunded first; the credit note for it comes an hour later and names the refund."""
    customer = new_customer(world, "Wicker Lane Interiors", "ap@wickerlane.example", DENVER)
    made = paid_invoice(world, customer, _seats(world))
    charge = world.stripe.get("/v1/charges", customer=customer)["data"][0]["id"]
    refund = world.stripe.post("/v1/refunds", charge=charge, amount=9_900)["id"]
    world.clock.advance(timedelta(hours=1))
    _, setup = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": setup}],
        refunds=[{"refund": refund}],
    )


@billing(11)
def credit_note_out_of_band(world: World) -> None:
    """A part of a paid invoice is given back outside Stripe."""
    customer = new_customer(world, "Foxglove Veterinary", "ap@foxglove.example", PORTLAND)
    made = paid_invoice(world, customer, _seats(world))
    _, setup = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": setup, "amount": 5_000}],
        out_of_band_amount=5_000,
        memo="Given back by cheque 1187.",
    )


@billing(12)
def credit_note_to_balance(world: World) -> None:
    """A seat of a paid invoice is credited to the customer's balance, which the next invoice uses."""
    customer = new_customer(world, "Pinnacle Road Cycles", "ap@pinnacleroad.example", LYON)
    made = paid_invoice(world, customer, _seats(world))
    seat, _ = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": seat, "quantity": 1}],
        credit_amount=24_000,
    )
    world.clock.advance(timedelta(days=1))
    paid_invoice(world, customer, _seats(world, 1))


@billing(12)
def credit_note_combined(world: World) -> None:
    """One credit note is partly refunded, partly credited to the balance, partly given back otherwise."""
    customer = new_customer(world, "Sable Coast Rentals", "ap@sablecoast.example", BOSTON)
    made = paid_invoice(world, customer, _seats(world))
    seat, _ = line_ids(world, made)
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[{"type": "invoice_line_item", "invoice_line_item": seat, "quantity": 2}],
        refund_amount=30_000,
        credit_amount=12_000,
        out_of_band_amount=6_000,
    )


@billing(12)
def credit_note_custom_lines(world: World) -> None:
    """A credit note on a paid invoice has lines of its own and is refunded."""
    customer = new_customer(world, "Garnet Hill Bakery", "ap@garnethill.example", DENVER)
    made = paid_invoice(world, customer, _seats(world))
    world.stripe.post(
        "/v1/credit_notes",
        invoice=made,
        lines=[
            {"type": "custom_line_item", "description": "Late delivery", "unit_amount": 2_500, "quantity": 3},
            {
                "type": "custom_line_item",
                "description": "Rounding",
                "unit_amount_decimal": "33.333333333333",
                "quantity": 3,
            },
        ],
        refund_amount=7_600,
    )


@billing(12)
def credit_note_without_lines(world: World) -> None:
    """A credit note on a paid invoice has an amount and no lines, and is refunded."""
    customer = new_customer(world, "Willow Bend Press", "ap@willowbend.example", PORTLAND)
    made = paid_invoice(world, customer, _seats(world))
    world.stripe.post("/v1/credit_notes", invoice=made, amount=15_000, refund_amount=15_000)


@billing(12)
def credit_note_voided(world: World) -> None:
    """A credit note on an open invoice is a mistake: it is voided, and the invoice is paid in full."""
    customer = new_customer(world, "Ember Street Kilns", "ap@emberstreet.example", BOSTON)
    made = open_invoice(world, customer, _seats(world))
    note = world.stripe.post("/v1/credit_notes", invoice=made, amount=9_900)["id"]
    world.clock.advance(timedelta(hours=2))
    world.stripe.post(f"/v1/credit_notes/{note}/void")
    world.clock.advance(timedelta(hours=2))
    world.stripe.post(f"/v1/invoices/{made}/pay")
