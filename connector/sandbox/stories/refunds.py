"""Stories of refunds: in full and in part, once and often, at once and after days, and back."""

from datetime import timedelta

from ..world import World
from .props import MUNICH, PORTLAND
from .telling import money
from .till import Ledger, buyer_of, charge_of, charged, refund, sale

ACH = "pm_us_bank_account"


@money(9)
def invoice_refunded_in_full(world: World) -> None:
    """A paid invoice of one line is refunded in full, with a reason and metadata."""
    made = sale(world, "Aster Lane Florists", 24_900)
    world.clock.advance(timedelta(days=1))
    charge = charge_of(world, made)
    refund(world, charge, reason="requested_by_customer", metadata={"ticket": "AL-17"})


@money(9)
def several_lines_refunded_in_full(world: World) -> None:
    """A paid invoice of three lines is refunded in full."""
    made = sale(world, "Burdock Brewery", 40_000, 12_500, 1_500)
    world.clock.advance(timedelta(days=1))
    refund(world, charge_of(world, made), reason="duplicate")


@money(9)
def one_line_refunded_in_part(world: World) -> None:
    """A part of a paid invoice of one line is refunded."""
    made = sale(world, "Clover Mill Bakery", 30_000)
    world.clock.advance(timedelta(days=1))
    refund(world, charge_of(world, made), 7_550)


@money(9)
def several_lines_refunded_in_part(world: World) -> None:
    """A part of a paid invoice of three lines is refunded."""
    made = sale(world, "Dogwood Surveyors", 55_000, 8_000, 2_000)
    world.clock.advance(timedelta(days=1))
    refund(world, charge_of(world, made), 10_000)


@money(9)
def refunded_three_times(world: World) -> None:
    """An invoice is refunded in three parts that come to all of it."""
    made = sale(world, "Elderflower Cordials", 20_000)
    charge = charge_of(world, made)
    for amount in (5_000, 12_000, 3_000):
        world.clock.advance(timedelta(days=1))
        refund(world, charge, amount)


@money(9)
def standalone_charge_refunded(world: World) -> None:
    """A payment without an invoice is refunded in part, then the rest."""
    customer = buyer_of(world, "Ferry Road Cycles", PORTLAND)
    charge = charged(world, 16_000, customer=customer, description="Bicycle service")
    for amount in (4_000, None):
        world.clock.advance(timedelta(days=1))
        refund(world, charge, amount)


@money(10)
def refund_over_several_invoices(world: World) -> None:
    """A charge pays three NetSuite invoices; more than the first of them is refunded."""
    ledger = Ledger(world, "Gatehouse Security")
    numbers = [ledger.invoice(amount)[1] for amount in ("60.00", "90.00", "50.00")]
    metadata = {"apply_to_invoices": ",".join(numbers), "netsuite_customer_id": str(ledger.customer)}
    charge = charged(world, 20_000, description="Three invoices at once", metadata=metadata)
    world.clock.advance(timedelta(days=1))
    refund(world, charge, 11_000)


@money(10)
def debit_refunded_after_days(world: World) -> None:
    """A refund to a bank account is pending for three days."""
    charge = _cleared_debit(world, "Harrier Couriers")
    made = refund(world, charge, 9_000)
    world.clock.advance(timedelta(days=3))
    world.stripe.bank.finish_refund(made)


@money(10)
def refund_pending(world: World) -> None:
    """A refund to a bank account is on its way."""
    refund(world, _cleared_debit(world, "Ibis Pond Nursery"), 15_000)


def _cleared_debit(world: World, name: str) -> str:
    customer = buyer_of(world, name, card=ACH)
    charge = charged(world, 48_000, customer=customer, description="Paid from a bank account")
    world.clock.advance(timedelta(days=2))
    world.stripe.bank.clear(charge)
    return charge


@money(13)
def booked_refund_fails(world: World) -> None:
    """The latest refund comes back days after it was booked."""
    live = [row for row in world.stripe.store.all("refund") if row["status"] in ("pending", "succeeded")]
    if live:
        world.stripe.bank.fail_refund(live[-1]["id"], "declined")
    else:
        refund_pending(world)
        booked_refund_fails(world)


@money(10)
def refund_comes_back(world: World) -> None:
    """A refund to a card that has since been canceled comes back four days later."""
    made = sale(world, "Jackdaw Studios", 33_000)
    failing = refund(world, charge_of(world, made), 11_000)
    world.clock.advance(timedelta(days=4))
    world.stripe.bank.fail_refund(failing, "expired_or_canceled_card")


@money(10)
def refund_needs_the_customers_bank(world: World) -> None:
    """A bank transfer is refunded when the customer has named a bank account."""
    customer = buyer_of(world, "Kingfisher Verlag", MUNICH, card="pm_customer_balance")
    charge = charged(world, 25_000, "eur", customer=customer, description="Vorkasse")
    made = refund(world, charge, instructions_email="kasse@kingfisher.example")
    world.clock.advance(timedelta(days=2))
    world.stripe.bank.finish_refund(made)


@money(11)
def refund_called_off(world: World) -> None:
    """A refund that waits for the customer to name a bank account is called off."""
    customer = buyer_of(world, "Lapwing Reisen", MUNICH, card="pm_customer_balance")
    charge = charged(world, 18_000, "eur", customer=customer, description="Anzahlung")
    made = refund(world, charge)
    world.clock.advance(timedelta(days=2))
    world.stripe.post(f"/v1/refunds/{made}/cancel")


@money(11)
def refund_waits_for_funds(world: World) -> None:
    """There is too little on Stripe's balance for a refund; it is done two days later."""
    made = sale(world, "Merlin Falconry", 14_000)
    with world.stripe.bank.terms(refunds_wait=True):
        waiting = refund(world, charge_of(world, made))
    world.clock.advance(timedelta(days=2))
    world.stripe.bank.finish_refund(waiting)


@money(11)
def refund_of_a_pending_debit(world: World) -> None:
    """A bank debit is refunded before its money has come; the refund waits for it."""
    customer = buyer_of(world, "Nightjar Lighting", card=ACH)
    charge = charged(world, 21_000, customer=customer, description="Stage lights")
    refund(world, charge)
    world.clock.advance(timedelta(days=4))
    world.stripe.bank.clear(charge)


@money(11)
def refund_with_its_fee(world: World) -> None:
    """Stripe returns the processing fee with a refund."""
    made = sale(world, "Oriole Records", 10_000)
    with world.stripe.bank.terms(fees_come_back=True):
        refund(world, charge_of(world, made))
