"""Stories of payments: bank debits that take days, several payments of one invoice, parts captured."""

from datetime import timedelta

from ..world import World
from .props import BOSTON, DENVER, LYON, MUNICH, PORTLAND, new_payment
from .telling import money
from .till import Ledger, buyer_of, charge_of, charged, unpaid_sale

ACH, ACSS, SEPA = "pm_us_bank_account", "pm_acss_debit", "pm_sepa_debit"


@money(2)
def debit_comes_after_days(world: World) -> None:
    """An invoice is paid by bank debit, which is pending for four days and then comes in."""
    made = unpaid_sale(world, "Marsh Hen Boats", 84_000, card=ACH)
    world.stripe.post(f"/v1/invoices/{made}/pay")
    world.clock.advance(timedelta(days=4))
    world.stripe.bank.clear(charge_of(world, made))


@money(2)
def debit_pending(world: World) -> None:
    """An invoice is paid by bank debit, and the bank has not answered yet."""
    made = unpaid_sale(world, "Rushlight Candles", 46_500, 3_500, card=ACH)
    world.stripe.post(f"/v1/invoices/{made}/pay")


@money(6)
def booked_debit_bounced(world: World) -> None:
    """The bank refuses the latest pending debit days after it was booked."""
    world.stripe.bank.bounce(_latest_pending(world), "insufficient_funds")


@money(6)
def booked_debit_comes(world: World) -> None:
    """The money of the latest pending debit comes days after it was booked."""
    world.stripe.bank.clear(_latest_pending(world))


def _latest_pending(world: World) -> str:
    """The charge that waits for its second act; the first act is played when there is none."""
    pending = [row for row in world.stripe.store.all("charge") if row["status"] == "pending"]
    if not pending:
        debit_pending(world)
        return _latest_pending(world)
    return str(pending[-1]["id"])


@money(2)
def standalone_debit_bounced(world: World) -> None:
    """A bank debit in euros without an invoice is refused because the account was closed."""
    customer = buyer_of(world, "Fassbinder Orgelbau", MUNICH, card=SEPA)
    made = charged(world, 31_000, "eur", customer=customer, description="Organ tuning")
    world.clock.advance(timedelta(days=5))
    world.stripe.bank.bounce(made, "account_closed")


@money(3)
def debit_bounced_that_never_held_money(world: World) -> None:
    """A bank debit whose money was never on Stripe's balance is refused, and paid by card afterwards."""
    made = unpaid_sale(world, "Maple Ridge Sugar", 12_600, card=ACSS)
    world.stripe.post(f"/v1/invoices/{made}/pay")
    world.clock.advance(timedelta(days=3))
    world.stripe.bank.bounce(charge_of(world, made), "debit_not_authorized")
    world.stripe.post(f"/v1/invoices/{made}/pay", payment_method="pm_card_visa")


@money(3)
def several_charges_on_one_invoice(world: World) -> None:
    """Two cards and a wallet pay one invoice together."""
    made = unpaid_sale(world, "Cairn Hill Observatory", 150_000, 30_000)
    customer = world.stripe.get(f"/v1/invoices/{made}")["customer"]
    for amount in (100_000, 50_000):
        part = new_payment(world, amount, "usd", customer=customer, description="Part of an invoice")
        world.stripe.post(f"/v1/invoices/{made}/attach_payment", payment_intent=part)
        world.clock.advance(timedelta(hours=1))
    world.stripe.post(f"/v1/invoices/{made}/pay", payment_method="pm_card_applePay")


@money(4)
def duplicate_payment(world: World) -> None:
    """While a bank debit is on its way its invoice is paid by card, and then the debit comes too."""
    made = unpaid_sale(world, "Stillwater Canoe Club", 27_500, card=ACH)
    customer = world.stripe.get(f"/v1/invoices/{made}")["customer"]
    debit = new_payment(world, 27_500, "usd", customer=customer, description="Sent twice by mistake")
    world.stripe.post(f"/v1/invoices/{made}/attach_payment", payment_intent=debit)
    world.clock.advance(timedelta(days=1))
    world.stripe.post(f"/v1/invoices/{made}/pay", payment_method="pm_card_visa")
    world.clock.advance(timedelta(days=3))
    world.stripe.bank.clear(world.stripe.get(f"/v1/payment_intents/{debit}")["latest_charge"])


@money(4)
def netsuite_invoice_paid(world: World) -> None:
    """A charge pays an invoice that only NetSuite has."""
    ledger = Ledger(world, "Bracken & Fern Ltd")
    invoice, _ = ledger.invoice("145.00")
    _pay_in_netsuite(world, ledger, 14_500, netsuite_invoice_id=invoice)


@money(4)
def netsuite_invoice_paid_twice(world: World) -> None:
    """Two charges name the same NetSuite invoice; the second one is too much."""
    ledger = Ledger(world, "Ochre Lane Pottery")
    invoice, _ = ledger.invoice("88.00")
    for _ in range(2):
        _pay_in_netsuite(world, ledger, 8_800, netsuite_invoice_id=invoice)
        world.clock.advance(timedelta(hours=2))


@money(4)
def netsuite_invoice_paid_twice_as_allowed(world: World) -> None:
    """Likewise, but the second charge says that a duplicate is allowed."""
    ledger = Ledger(world, "Pewter Street Garage")
    invoice, _ = ledger.invoice("310.00")
    _pay_in_netsuite(world, ledger, 31_000, netsuite_invoice_id=invoice)
    world.clock.advance(timedelta(hours=2))
    _pay_in_netsuite(world, ledger, 31_000, netsuite_invoice_id=invoice, netsuite_allow_duplicate="true")


@money(5)
def several_netsuite_invoices_paid(world: World) -> None:
    """One charge pays three invoices that only NetSuite has, named by their numbers."""
    ledger = Ledger(world, "Quarry Bank Stores")
    numbers = [ledger.invoice(amount)[1] for amount in ("50.00", "75.50", "24.50")]
    _pay_in_netsuite(world, ledger, 15_000, apply_to_invoices=",".join(numbers))


@money(5)
def sales_order_deposit(world: World) -> None:
    """A charge is a deposit on a NetSuite sales order."""
    ledger = Ledger(world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00")
    _pay_in_netsuite(world, ledger, 40_000, netsuite_sales_order_id=order)


@money(5)
def payment_of_a_netsuite_customer(world: World) -> None:
    """A charge without a Stripe customer names the NetSuite customer it belongs to."""
    _pay_in_netsuite(world, Ledger(world, "Hollow Oak Timber"), 6_400)


def _pay_in_netsuite(world: World, ledger: Ledger, amount: int, **wishes: object) -> str:
    """A charge whose metadata name NetSuite's records."""
    named = {"netsuite_customer_id": ledger.customer, **wishes}
    metadata = {name: str(value) for name, value in named.items()}
    return charged(world, amount, description="Paid at the counter", metadata=metadata)


@money(5)
def partial_capture(world: World) -> None:
    """Of an authorized amount a part is captured two days later; the rest is released."""
    customer = buyer_of(world, "Wharfside Hotel Supplies", PORTLAND)
    made = charged(world, 50_000, customer=customer, capture_method="manual", description="Linen, on account")
    world.clock.advance(timedelta(days=2))
    world.stripe.post(f"/v1/charges/{made}/capture", amount=36_500)


@money(5)
def authorization_expires(world: World) -> None:
    """An authorized amount is never captured; no money ever moves."""
    customer = buyer_of(world, "Gull Rock Charters", BOSTON)
    made = charged(world, 22_000, customer=customer, capture_method="manual")
    world.clock.advance(timedelta(days=7))
    world.stripe.bank.expire(made)


@money(6)
def paid_by_many_methods(world: World) -> None:
    """Orders are paid by wallet, bank redirect, instalments and other ways than a card."""
    ways = ("pm_card_googlePay", "pm_link", "pm_paypal", "pm_cashapp", "pm_affirm")
    for way in ways:
        customer = buyer_of(world, "Denim Alley Records", DENVER, card=way)
        charged(world, 5_900, customer=customer, description=f"Order by {way.removeprefix('pm_')}")
    for way in ("pm_ideal", "pm_bancontact", "pm_klarna"):
        customer = buyer_of(world, "Rue des Tanneurs SARL", LYON, card=way)
        charged(world, 7_200, "eur", customer=customer, description=f"Order by {way.removeprefix('pm_')}")
