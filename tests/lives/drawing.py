"""Drawing lives: which acts follow each other, and how large their figures are."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from hypothesis import strategies as st

from connector.sandbox.world import World
from tests.lives.act import Act, Life, Wait, happen
from tests.lives.banking import Arrive, ComeBack, Fee, PayOut
from tests.lives.billing import Balance, Bill, Cancel, Change, Edit, GiveUp, Renew, Subscribe, Void
from tests.lives.customer import BEGIN, CHOICES, Customer, Cut, Sold, Terms
from tests.lives.notes import Credit, VoidNote
from tests.lives.paying import DEBITS, Attach, Charge, Decline, EndDebit, Pay, PayByDebit, PayOutside, PayPart
from tests.lives.reversing import ENDS, Dispute, EndDispute, EndRefund, Refund

WHICH = st.integers(0, 3)
SHARE = st.sampled_from((100, 50, 33, 1, 99))
LARGE = st.integers(60, 90_000)
AMOUNTS = st.one_of(LARGE, st.sampled_from((0, 1, 7, 49, 50, 100, 333, 99_999)))
WAYS = ("out_of_band_amount", "credit_amount", "refund_amount")

CUTS = st.lists(
    st.one_of(
        st.builds(Cut, percent=st.sampled_from(("10", "12.5", "33.33", "100"))),
        st.builds(Cut, amount=st.integers(1, 5_000)),
    ),
    max_size=2,
).map(tuple)


@st.composite
def lines(draw: st.DrawFn) -> Sold:
    """A line of an invoice: mostly a price, now and then an amount of either sign."""
    if draw(st.integers(0, 3)):
        part = draw(st.sampled_from(("", "", "", "5", "123456789012")))
        tax = draw(st.sampled_from((None, None, 0, 1)))
        return Sold(draw(AMOUNTS), draw(st.integers(1, 7)), part, draw(CUTS), tax)
    return Sold(draw(st.one_of(AMOUNTS, AMOUNTS.map(lambda amount: -amount))))


PLANS = st.builds(Sold, LARGE, st.integers(1, 5))
TERMS = st.builds(
    Terms,
    currency=st.sampled_from(("usd", "usd", "eur", "jpy", "kwd")),
    converted=st.sampled_from((False, False, False, True)),
    taxes=st.lists(st.tuples(st.sampled_from(("20", "7.25", "10", "2.9")), st.booleans()), max_size=2).map(
        tuple
    ),
    exempt=st.sampled_from(("none", "none", "none", "exempt", "reverse")),
    standing=st.sampled_from((None, None, None, Cut(percent="7.5"))),
    clock=st.sampled_from((False, False, True)),
    zone=st.sampled_from(("UTC", "America/New_York", "Asia/Tokyo")),
    choices=st.frozensets(st.sampled_from(CHOICES), max_size=2),
)

BILLS: st.SearchStrategy[Act] = st.builds(
    Bill,
    lines=st.lists(lines(), min_size=1, max_size=4).map(tuple),
    cuts=CUTS,
    taxed=st.booleans(),
    shipping=st.sampled_from((0, 0, 500, 1_999)),
    days_until_due=st.sampled_from((0, 0, 30)),
)
SUBSCRIPTIONS: st.SearchStrategy[Act] = st.builds(
    Subscribe,
    items=st.lists(PLANS, min_size=1, max_size=2).map(tuple),
    cuts=CUTS,
    duration=st.sampled_from(("once", "forever")),
    taxed=st.booleans(),
    trial_days=st.sampled_from((0, 0, 0, 14)),
    pays_itself=st.booleans(),
)
CHANGES = st.builds(
    Change,
    WHICH,
    LARGE,
    st.integers(0, 6),
    st.sampled_from(("create_prorations", "always_invoice", "always_invoice", "none")),
)
ADDED = st.one_of(st.none(), st.builds(Sold, LARGE, st.just(1)))
NOTES = st.builds(
    Credit,
    WHICH,
    kind=st.sampled_from(("line", "line", "all", "bare", "custom")),
    share=SHARE,
    line=WHICH,
    shipping=st.booleans(),
    ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3, unique=True).map(tuple),
)
BILLING: tuple[tuple[int, st.SearchStrategy[Act]], ...] = (
    (5, BILLS),
    (2, SUBSCRIPTIONS),
    (3, CHANGES),
    (2, st.builds(Renew, WHICH)),
    (1, st.builds(Cancel, WHICH)),
    (2, st.builds(Balance, st.one_of(LARGE.map(lambda amount: -amount), st.integers(-40, 2_000)))),
    (5, st.builds(Pay, WHICH)),
    (1, st.builds(Decline, WHICH)),
    (1, st.builds(PayOutside, WHICH)),
    (3, st.builds(PayPart, WHICH, share=SHARE, outside=st.booleans())),
    (2, st.builds(Void, WHICH)),
    (2, st.builds(GiveUp, WHICH)),
    (2, st.builds(Edit, WHICH, WHICH, st.integers(0, 9), ADDED)),
    (6, NOTES),
    (4, st.builds(VoidNote, WHICH)),
    (2, st.builds(Charge, st.integers(60, 2_000))),
    (4, st.builds(Attach, WHICH, WHICH)),
    (3, st.builds(Wait, st.sampled_from((1, 24, 24 * 11, 24 * 31)))),
)
"""The acts of billing, and how often each is drawn."""
PLAIN: st.SearchStrategy[Act] = st.builds(
    Bill, lines=st.lists(st.builds(Sold, LARGE), min_size=1, max_size=2).map(tuple)
)
"""Bills without prices, for lives that are about the money."""
MONEY: tuple[tuple[int, st.SearchStrategy[Act]], ...] = (
    (4, PLAIN),
    (6, st.builds(Pay, WHICH)),
    (3, st.builds(PayByDebit, WHICH, st.sampled_from(DEBITS))),
    (4, st.builds(EndDebit, WHICH, st.booleans())),
    (2, st.builds(Charge, LARGE, st.sampled_from(("pm_card_visa", *DEBITS)))),
    (1, st.builds(Charge, LARGE, captured=SHARE)),
    (1, st.builds(PayPart, WHICH, share=SHARE)),
    (2, st.builds(Attach, WHICH, WHICH)),
    (1, NOTES),
    (7, st.builds(Refund, WHICH, SHARE, waits=st.sampled_from((False, False, False, True)))),
    (3, st.builds(EndRefund, WHICH, fails=st.booleans())),
    (5, st.builds(Dispute, WHICH, SHARE, inquiry=st.sampled_from((False, False, False, True)))),
    (5, st.builds(EndDispute, WHICH, st.sampled_from(ENDS))),
    (6, st.builds(PayOut, st.sampled_from((True, True, True, False)))),
    (2, st.builds(Arrive, WHICH)),
    (1, st.builds(ComeBack, WHICH)),
    (1, st.builds(Fee, st.integers(1, 5_000))),
)
"""What happens to the money, likewise."""


def _one_of(often: tuple[tuple[int, st.SearchStrategy[Act]], ...]) -> st.SearchStrategy[Act]:
    places = [place for place, (times, _) in enumerate(often) for _ in range(times)]
    return st.sampled_from(places).flatmap(lambda place: often[place][1])


BILLING_ACTS, MONEY_ACTS = _one_of(BILLING), _one_of(MONEY)
BEGINNINGS = st.one_of(PLAIN, PLAIN, st.builds(Charge, LARGE))


@st.composite
def lives(draw: st.DrawFn, shortest: int = 6, longest: int = 18) -> Life:
    """A life of billing, of money, or of both; what Stripe refuses, tried on a world beside, is left out.

    Where money is about, all that Stripe holds is paid out at the end.
    """
    terms, about = draw(TERMS), draw(st.sampled_from(("billing", "money", "money", "both")))
    first = draw(st.one_of(BILLS, SUBSCRIPTIONS) if about == "billing" else BEGINNINGS)
    then = {"billing": BILLING_ACTS, "money": MONEY_ACTS, "both": st.one_of(BILLING_ACTS, MONEY_ACTS)}[about]
    acts: list[Act] = []
    with closing(World()) as world, world.clock.at(BEGIN):
        customer = Customer(world, terms)
        for place in range(draw(st.integers(shortest, longest))):
            act = draw(then) if place else first
            if happen(act, customer):
                acts.append(act)
        if about != "billing":
            ends = (act for act in (Arrive(0), PayOut()) if happen(act, customer))
            acts.extend(ends)
    return Life(terms, tuple(acts))


def small_lives() -> st.SearchStrategy[Life]:
    """Lives that cost little: short, and without the news that our own ids make in Stripe."""
    return lives(1, 4).map(_without_our_ids)


def _without_our_ids(life: Life) -> Life:
    choices = life.terms.choices | {"write_ids_to_stripe"}
    return replace(life, terms=replace(life.terms, choices=choices))
