"""Lives that are told in every run, whatever else is drawn."""

from __future__ import annotations

from tests.lives.act import Life, Wait
from tests.lives.banking import Arrive, ComeBack, Fee, PayOut
from tests.lives.billing import Balance, Bill, Change, Edit, GiveUp, Subscribe, Void
from tests.lives.customer import Cut, Sold, Terms
from tests.lives.notes import Credit, VoidNote
from tests.lives.paying import DEBITS, Charge, EndDebit, Pay, PayByDebit, PayPart
from tests.lives.reversing import Dispute, EndDispute, EndRefund, Refund

SETTLED_IN_EVERY_WAY = Life(
    Terms("kwd", taxes=(("20", True),), zone="Asia/Tokyo"),
    (
        Balance(-500),
        Bill(
            (Sold(900, 2, cuts=(Cut("10"),)), Sold(-100)), cuts=(Cut(amount=200),), taxed=True, shipping=500
        ),
        Bill((Sold(700, 3, tax=0),)),
        Bill((Sold(800, 1), Sold(0, 1))),
        Bill((Sold(1_000, 1),)),
        Pay(0),
        Edit(0, quantity=2, added=Sold(300, 1)),
        PayPart(0, share=50, outside=True),
        GiveUp(0),
        Void(1),
        Pay(1),
        Balance(90),
        Bill((Sold(400, 1),)),
    ),
)
"""Paid, edited, void, given up after a part was paid outside Stripe; credit and debit of the balance."""

CREDITED_BEFORE_AND_AFTER = Life(
    Terms("jpy", taxes=(("7.25", False),), clock=True),
    (
        Subscribe((Sold(9_000, 2), Sold(500, 1)), cuts=(Cut("33.33"),), duration="forever", taxed=True),
        Credit(0, share=33),
        VoidNote(0),
        Credit(0, share=50),
        Pay(0),
        Credit(0, kind="custom", share=33, ways=("refund_amount", "credit_amount", "out_of_band_amount")),
        Change(0, 4_000, 1, "always_invoice"),
        Change(0, 30_000, 2, "create_prorations"),
        Wait(24 * 31),
        Bill((Sold(7_000, 3),)),
        Credit(2, kind="all"),
        Bill((Sold(2_000, 3), Sold(10, 1))),
        Credit(3, share=99),
        Void(0),
        Bill((Sold(6_000, 1),)),
        Credit(3, share=50),
    ),
)
"""Credit notes of each kind, on open, part paid and paid invoices; a subscription goes up and down."""

PAID_AND_TAKEN_BACK = Life(
    Terms("jpy"),
    (
        Bill((Sold(5_000, 2), Sold(1_200, 1))),
        PayByDebit(0),
        Bill((Sold(800, 3),)),
        Pay(1),
        EndDebit(0, fails=True),
        PayByDebit(0, DEBITS[1]),
        Charge(900, captured=60),
        Refund(0, share=50),
        PayOut(),
        EndDebit(0),
        Refund(1, share=33, waits=True),
        EndRefund(1),
        Dispute(1, share=50),
        PayOut(arrives=False),
        EndDispute(0, "win"),
        Arrive(0),
        EndRefund(0, fails=True),
        EndDispute(0, "withdraw_again"),
        Fee(300),
        PayOut(),
        ComeBack(0),
        PayOut(),
    ),
)
"""Debits that fail and come; refunds that wait, go and come back; a dispute; payouts either way."""

TURNED_INTO_DOLLARS = Life(
    Terms("eur", converted=True),
    (
        Bill((Sold(12_345, 1), Sold(99, 7))),
        Pay(0),
        Charge(4_999),
        Refund(0, share=33),
        PayOut(),
        Dispute(0),
        PayOut(),
        Refund(1),
        Charge(777),
        PayOut(),
    ),
)
"""What Stripe converts stands in the books at what it settled; a payout takes money off the bank."""

EVERY = (SETTLED_IN_EVERY_WAY, CREDITED_BEFORE_AND_AFTER, PAID_AND_TAKEN_BACK, TURNED_INTO_DOLLARS)
