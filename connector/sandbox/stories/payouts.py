"""Stories of payouts: what is in them, how they arrive, and how they fail."""

from datetime import timedelta

from ..world import World
from .props import LYON, PORTLAND
from .telling import Story, money
from .till import SETTLED, arrived, buyer_of, charge_of, charged, paid_out, refund, sale


@money(2)
def daily_payout(world: World) -> None:
    """A daily payout holds three payments, a partial refund, a dispute with its fee, and the fees."""
    mark = world.stripe.bank.mark()
    made = [charge_of(world, sale(world, name, amount)) for name, amount in _SALES]
    refund(world, made[0], 4_000)
    world.stripe.bank.dispute(made[1])
    paid_out(world, "usd", mark)


_SALES = (("Ashgrove Clinic", 45_000), ("Birchwood Toys", 12_000), ("Cedar Point Marina", 98_750))


@money(2)
def payout_on_its_way(world: World) -> None:
    """A daily payout was made and has not arrived yet."""
    mark = world.stripe.bank.mark()
    sale(world, "Dunlin Shipping", 52_000)
    world.clock.advance(SETTLED)
    world.stripe.bank.pay_out("usd", mark)


@money(9)
def booked_payout_arrives(world: World) -> None:
    """The latest payout that is on its way arrives."""
    arrived(world, _latest(world, "in_transit", payout_on_its_way))


@money(13)
def booked_payout_fails(world: World) -> None:
    """The bank sends the latest payout back days after it was booked as paid."""
    world.stripe.bank.fail_payout(_latest(world, "paid", daily_payout), "account_closed")


def _latest(world: World, status: str, first_act: Story) -> str:
    """The payout that waits for its second act; the first act is played when there is none."""
    waiting = [row for row in world.stripe.store.all("payout") if row["status"] == status]
    if not waiting:
        first_act(world)
        return _latest(world, status, first_act)
    return str(waiting[-1]["id"])


@money(3)
def payout_of_a_won_dispute(world: World) -> None:
    """One payout takes a disputed payment, the next one brings it back with the fee."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    dispute = bank.dispute(charge_of(world, sale(world, "Eider Down Company", 34_000)))
    sale(world, "Falcon Crest Tools", 58_000)
    paid_out(world, "usd", mark)
    mark = bank.mark()
    bank.win(dispute)
    paid_out(world, "usd", mark)


@money(3)
def payout_with_a_bounced_debit(world: World) -> None:
    """A payout holds a payment by card and a bank debit, and the next one takes the debit back."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    customer = buyer_of(world, "Greywacke Quarries", card="pm_us_bank_account")
    debit = charged(world, 29_000, customer=customer, description="Gravel")
    world.clock.advance(timedelta(days=3))
    sale(world, "Hawthorn Dairy", 41_000)
    paid_out(world, "usd", mark)
    mark = bank.mark()
    bank.bounce(debit)
    sale(world, "Ivy House School", 66_000)
    paid_out(world, "usd", mark)


@money(4)
def payout_converted_to_euros(world: World) -> None:
    """Payments in dollars and Norwegian kroner are settled in euros and paid out with one in euros."""
    mark = world.stripe.bank.mark()
    settles = {"usd": ("eur", "0.9215"), "nok": ("eur", "0.0862")}
    with world.stripe.bank.terms(settles=settles):
        dollars = sale(world, "Juniper Bay Foods", 25_000)
        refund(world, charge_of(world, dollars), 5_000)
        for amount, currency in ((100_000, "nok"), (18_000, "eur")):
            customer = buyer_of(world, "Kvist Design AS", LYON)
            charged(world, amount, currency, customer=customer, description=f"Sold in {currency.upper()}")
    paid_out(world, "eur", mark)


@money(4)
def payouts_in_two_currencies(world: World) -> None:
    """Dollars and euros are each paid out to their own bank account."""
    mark = world.stripe.bank.mark()
    sale(world, "Linnet Music Co", 15_000)
    sale(world, "Mistral Voiles SARL", 23_000, currency="eur", place=LYON)
    for currency in ("usd", "eur"):
        paid_out(world, currency, mark)


@money(4)
def negative_payout(world: World) -> None:
    """More was refunded than came in, so Stripe takes money from the bank account."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    charge = charge_of(world, sale(world, "Nettle Bank Spirits", 90_000))
    paid_out(world, "usd", mark)
    mark = bank.mark()
    refund(world, charge)
    sale(world, "Osier Baskets", 10_000)
    paid_out(world, "usd", mark)


@money(5)
def manual_payout(world: World) -> None:
    """A person pays out an amount by hand; what is behind it cannot be listed."""
    _available(world, "Pinewood Lodge", 70_000)
    arrived(world, _by_hand(world, 50_000))


@money(5)
def instant_payout(world: World) -> None:
    """A person has an amount paid out at once, for a fee."""
    _available(world, "Quayside Books", 64_000)
    made = _by_hand(world, 30_000, method="instant")
    world.stripe.bank.submit(made)
    arrived(world, made)


@money(5)
def manual_payout_canceled(world: World) -> None:
    """A payout made by hand is called back before it reaches the bank."""
    _available(world, "Rowan Tree Inn", 55_000)
    world.stripe.post(f"/v1/payouts/{_by_hand(world, 40_000)}/cancel")


@money(5)
def manual_payout_reversed(world: World) -> None:
    """A payout made by hand has arrived and is taken back from the bank."""
    _available(world, "Sorrel Kitchens", 47_000)
    made = arrived(world, _by_hand(world, 25_000))
    back = world.stripe.post(f"/v1/payouts/{made}/reverse")["id"]
    arrived(world, back)


def _available(world: World, name: str, amount: int) -> None:
    """A sale whose money can be paid out."""
    sale(world, name, amount)
    world.clock.advance(SETTLED)


def _by_hand(world: World, amount: int, **terms: str) -> str:
    row = world.stripe.post("/v1/payouts", amount=amount, currency="usd", **terms)
    return str(row["id"])


@money(6)
def payout_fails_after_it_was_paid(world: World) -> None:
    """The bank sends a payout back two days after it was paid; the next one takes the money along."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    sale(world, "Tamarind House", 37_000)
    failing = paid_out(world, "usd", mark)
    mark = bank.mark()
    world.clock.advance(timedelta(days=2))
    bank.fail_payout(failing, "account_closed")
    sale(world, "Upland Wool", 21_000)
    paid_out(world, "usd", mark)


@money(9)
def payout_with_other_money(world: World) -> None:
    """A payout holds fees of Billing and Radar, taxes, reserves, adjustments and a platform's earnings."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    customer = buyer_of(world, "Verbena Soap Works", PORTLAND)
    charged(world, 83_000, customer=customer, application_fee_amount=2_490, description="Soap, wholesale")
    bank.book("stripe_fee", -1_245, description="Billing - Usage Fee (2026-11-08)")
    bank.book("stripe_fee", -700, description="Radar for Fraud Teams (2026-11-08)")
    bank.book("stripe_fee", -310, category="network_cost", description="Card network costs (2026-11-08)")
    bank.book("stripe_fx_fee", -150, description="Foreign exchange fee (2026-11-08)")
    bank.book("tax_fee", -260, description="VAT on Stripe fees (2026-11-08)")
    bank.book("adjustment", 500, description="Goodwill for an outage")
    bank.book("reserved_funds", -8_000, description="Rolling reserve")
    bank.book("reserved_funds", 3_000, description="Release of rolling reserve")
    bank.book("reserve_transaction", -1_000, description="Reserve for connected accounts")
    bank.book("contribution", -250, description="Stripe Climate contribution")
    fee = bank.earn_fee(1_800)
    world.stripe.post(f"/v1/application_fees/{fee}/refunds", amount=300)
    paid_out(world, "usd", mark)


@money(9)
def payout_with_topup_and_transfers(world: World) -> None:
    """The bank tops up the balance, and money goes to a connected account and partly comes back."""
    stripe, mark = world.stripe, world.stripe.bank.mark()
    topup = stripe.post("/v1/topups", amount=100_000, currency="usd", description="For transfers")["id"]
    world.clock.advance(timedelta(days=1))
    stripe.bank.top_up(topup)
    given = {"amount": 40_000, "currency": "usd", "destination": "acct_1SBX000009"}
    transfer = stripe.post("/v1/transfers", **given, description="Vendor share, November")["id"]
    stripe.post(f"/v1/transfers/{transfer}/reversals", amount=5_000)
    sale(world, "Willet Charters", 24_000)
    paid_out(world, "usd", mark)


@money(9)
def payout_of_a_connected_account(world: World) -> None:
    """A shop sells through us: what it earned goes on to it at once, and the platform keeps a fee."""
    mark = world.stripe.bank.mark()
    customer = buyer_of(world, "Xanthe Glass", PORTLAND)
    shop = {"destination": "acct_1SBX000009"}
    terms = {"customer": customer, "description": "Vases"}
    charged(world, 45_000, **terms, transfer_data=shop, application_fee_amount=4_500)
    charged(world, 25_000, **terms, transfer_data={**shop, "amount": 20_000})
    paid_out(world, "usd", mark)


@money(9)
def payout_under_interchange_plus(world: World) -> None:
    """Charges carry no fee; what the networks and Stripe cost comes as transactions of its own."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    with bank.terms(interchange_plus=True):
        sale(world, "Yew Tree Surgery", 120_000)
    bank.book("stripe_fee", -2_040, category="network_cost", description="Interchange and scheme fees")
    bank.book("stripe_fee", -360, description="Stripe processing fees")
    paid_out(world, "usd", mark)


@money(9)
def payout_with_an_unknown_type(world: World) -> None:
    """A payout holds a movement of a type that nobody has heard of."""
    bank, mark = world.stripe.bank, world.stripe.bank.mark()
    sale(world, "Zephyr Kites", 31_000)
    bank.book("stellar_dust_levy", -475, description="A charge that Stripe has just invented")
    paid_out(world, "usd", mark)
