"""Stories of disputes: won, lost, reinstated, taken again, and inquiries that may come to nothing."""

from datetime import timedelta

from ..world import World
from .props import PORTLAND
from .telling import money
from .till import buyer_of, charge_of, charged, sale


def _answer(world: World, dispute: str) -> None:
    """We answer within three days; the bank takes two more."""
    world.clock.advance(timedelta(days=3))
    evidence = {"product_description": "Delivered and signed for", "customer_name": "Ann Example"}
    world.stripe.post(f"/v1/disputes/{dispute}", evidence=evidence, submit=True)
    world.clock.advance(timedelta(days=2))


@money(9)
def dispute_opened(world: World) -> None:
    """The payer of an invoice of one line disputes all of it, and the bank takes the money."""
    made = sale(world, "Pelican Bay Rentals", 26_000)
    world.clock.advance(timedelta(days=1))
    world.stripe.bank.dispute(charge_of(world, made))


def _latest_open(world: World) -> str:
    """The dispute that waits for its second act; the first act is played when there is none."""
    states = ("needs_response", "under_review")
    waiting = [row for row in world.stripe.store.all("dispute") if row["status"] in states]
    if not waiting:
        dispute_opened(world)
        return _latest_open(world)
    return str(waiting[-1]["id"])


@money(13)
def booked_dispute_won(world: World) -> None:
    """The latest open dispute is won days after it was booked."""
    world.stripe.bank.win(_latest_open(world))


@money(13)
def booked_dispute_lost(world: World) -> None:
    """The latest open dispute is lost days after it was booked."""
    world.stripe.bank.lose(_latest_open(world))


@money(9)
def dispute_won(world: World) -> None:
    """A dispute over an invoice of two lines is answered and won: the money and the fee come back."""
    made = sale(world, "Quail Hollow Farm", 44_000, 6_000)
    dispute = world.stripe.bank.dispute(charge_of(world, made), reason="product_not_received")
    _answer(world, dispute)
    world.stripe.bank.win(dispute)


@money(9)
def dispute_won_without_the_fee(world: World) -> None:
    """A dispute is won, but Stripe keeps its fee."""
    made = sale(world, "Raven Hill Press", 9_900)
    dispute = world.stripe.bank.dispute(charge_of(world, made))
    _answer(world, dispute)
    world.stripe.bank.win(dispute, fee_back=False)


@money(9)
def dispute_lost(world: World) -> None:
    """A dispute is answered and lost."""
    made = sale(world, "Sandpiper Surf", 38_500)
    dispute = world.stripe.bank.dispute(charge_of(world, made), reason="product_unacceptable")
    _answer(world, dispute)
    world.stripe.bank.lose(dispute)


@money(9)
def dispute_accepted(world: World) -> None:
    """We accept a dispute of a payment without an invoice, and it is lost at once."""
    customer = buyer_of(world, "Tern Island Tours", PORTLAND)
    charge = charged(world, 12_000, customer=customer, description="Boat tour for four")
    dispute = world.stripe.bank.dispute(charge, reason="duplicate")
    world.clock.advance(timedelta(days=1))
    world.stripe.post(f"/v1/disputes/{dispute}/close")


@money(10)
def dispute_reinstated(world: World) -> None:
    """The bank gives the disputed money back before it has decided anything."""
    made = sale(world, "Umber Road Motors", 61_000)
    dispute = world.stripe.bank.dispute(charge_of(world, made), reason="credit_not_processed")
    world.clock.advance(timedelta(days=2))
    world.stripe.bank.reinstate(dispute)


@money(10)
def dispute_taken_again_after_a_win(world: World) -> None:
    """A dispute is won, then the payer's bank takes the money once more, and it is lost."""
    made = sale(world, "Vireo Instruments", 72_000)
    dispute = world.stripe.bank.dispute(charge_of(world, made))
    _answer(world, dispute)
    world.stripe.bank.win(dispute)
    world.clock.advance(timedelta(days=2))
    world.stripe.bank.withdraw_again(dispute)
    world.clock.advance(timedelta(days=1))
    world.stripe.bank.lose(dispute)


@money(10)
def inquiry_closed(world: World) -> None:
    """A payer asks the bank about a charge; nothing comes of it and no money moves."""
    made = sale(world, "Warbler Audio", 17_000)
    inquiry = world.stripe.bank.dispute(charge_of(world, made), reason="unrecognized", inquiry=True)
    _answer(world, inquiry)
    world.stripe.bank.close_inquiry(inquiry)


@money(10)
def inquiry_becomes_a_dispute(world: World) -> None:
    """A payer asks the bank about a charge and then disputes it."""
    made = sale(world, "Xylem Gardens", 19_500)
    inquiry = world.stripe.bank.dispute(charge_of(world, made), reason="unrecognized", inquiry=True)
    world.clock.advance(timedelta(days=3))
    world.stripe.bank.escalate(inquiry)


@money(11)
def one_line_disputed_in_part(world: World) -> None:
    """A part of an invoice of one line is disputed."""
    made = sale(world, "Yarrow Textiles", 50_000)
    world.stripe.bank.dispute(charge_of(world, made), 20_000, "product_unacceptable")


@money(11)
def several_lines_disputed_in_part(world: World) -> None:
    """A part of an invoice of three lines is disputed."""
    made = sale(world, "Zinnia Nurseries", 30_000, 15_000, 5_000)
    world.stripe.bank.dispute(charge_of(world, made), 12_345, "product_not_received")


@money(11)
def dispute_larger_than_the_charge(world: World) -> None:
    """The payer's bank takes more than was charged, because rates have moved."""
    made = sale(world, "Almond Street Imports", 80_000)
    world.stripe.bank.dispute(charge_of(world, made), 81_250, "general")
