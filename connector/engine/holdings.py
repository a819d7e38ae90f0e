"""Holdings: what Stripe holds, against what waits in NetSuite's Undeposited Funds, in one currency. Pure.

The two are not the same, and that is right: payments wait gross, and Stripe's balance is net of
fees, which are booked with the payout. Every cent of the difference has a cause:

    Undeposited Funds    1,088.75
    Stripe                 936.90   available 412.00, pending 524.90, in transit 0.00
    difference             151.85
        fees, booked with the next payout       31.85
        a payout at the bank, not deposited    220.00
        a payment not in NetSuite yet         -100.00
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from connector.stripe.balance import BalanceTransaction, Payout
from connector.translation.movement import Role, role_of

MOST_EXAMPLES = 5
SETTLED = frozenset(
    {
        "fees_not_deposited",
        "movements_not_deposited",
        "history_before_start",
        "pending_at_the_bank",
        "deposited_by_hand",
    }
)
"""Causes that are as they should be: nobody has to do anything."""
ON_ITS_WAY = ("pending", "in_transit")
CALLED_OFF = ("canceled", "failed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record of ours in Undeposited Funds: its external id, and what it holds, negative for money out."""

    key: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Undeposited:
    """Movements of one currency that are on no deposit of ours, and what is known of them.

    `keys` is the external id behind each movement, `mapped` those that our map holds, `before_start`
    the movements from before the start date, `payouts` those that movements name, `booked` the
    payouts that are deposited, `by_hand` the payouts made by hand that a person has deposited, and the
    external ids of what is on those deposits, `pending` the charges that the bank has not confirmed.
    """

    movements: Sequence[BalanceTransaction]
    keys: Mapping[str, str]
    mapped: AbstractSet[str] = frozenset()
    before_start: AbstractSet[str] = frozenset()
    payouts: Mapping[str, Payout] = field(default_factory=dict)
    booked: AbstractSet[str] = frozenset()
    by_hand: AbstractSet[str] = frozenset()
    pending: AbstractSet[str] = frozenset()


@dataclass(slots=True)
class Cause:
    """A part of the difference, positive where NetSuite holds more than Stripe."""

    code: str
    amount: Decimal = Decimal(0)
    examples: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def settled(self) -> bool:
        """Whether it is as it should be."""
        return self.code in SETTLED

    def take(self, amount: Decimal, example: str) -> None:
        """One more of it."""
        self.amount += amount
        self.count += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class Explanation:
    """What explains the difference, and the money that is on its way to the bank."""

    in_transit: Decimal = Decimal(0)
    causes: dict[str, Cause] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The sum of all causes."""
        return sum((cause.amount for cause in self.causes.values()), Decimal(0))

    def add(self, code: str, amount: Decimal, example: str) -> None:
        """A part of the difference, if it is any."""
        if amount:
            self.causes.setdefault(code, Cause(code)).take(amount, example)


def explain(waiting: Iterable[Waiting], undeposited: Undeposited) -> Explanation:
    """Why Undeposited Funds differs from what Stripe holds; exact when every movement was given."""
    told = Explanation()
    left = {one.key: one for one in waiting}
    worth: dict[str, Decimal] = {}
    for movement in undeposited.movements:
        if role_of(movement) is Role.PAYOUT:
            _payout(movement, undeposited, told)
            continue
        key = undeposited.keys.get(movement.id, "")
        is_by_hand = key in undeposited.by_hand
        told.add("deposited_by_hand" if is_by_hand else "fees_not_deposited", movement.fee.value, movement.id)
        if key in left:
            worth[key] = worth.get(key, Decimal(0)) + movement.amount.value
        else:
            _without_record(movement, key, undeposited, told)
    for key, one in left.items():
        if key in worth:
            told.add("waits_with_another_amount", one.amount - worth[key], key)
        else:
            is_pending = key in undeposited.pending
            told.add("pending_at_the_bank" if is_pending else "waits_without_money", one.amount, key)
    return told


def _without_record(
    movement: BalanceTransaction, key: str, undeposited: Undeposited, told: Explanation
) -> None:
    """Stripe holds it, and nothing waits for it in NetSuite."""
    amount, example = -movement.amount.value, key or movement.id
    if movement.id in undeposited.before_start:
        told.add("history_before_start", amount, example)
    elif role_of(movement) is not Role.RECORD:
        told.add("movements_not_deposited", amount, example)
    elif key in undeposited.by_hand:
        told.add("deposited_by_hand", amount, example)
    else:
        is_mapped = key in undeposited.mapped
        told.add("not_waiting_any_more" if is_mapped else "not_in_netsuite_yet", amount, example)


def _payout(movement: BalanceTransaction, undeposited: Undeposited, told: Explanation) -> None:
    """Money that left Stripe, or that came back with a payout that the bank refused."""
    payout = undeposited.payouts.get(movement.source_id)
    if movement.kind == "payout_failure" and movement.source_id in undeposited.booked:
        told.add("movements_not_deposited", -movement.amount.value, movement.id)
    if movement.kind != "payout" or payout is None or payout.id in undeposited.booked:
        return
    if payout.status in CALLED_OFF:
        return
    if payout.status in ON_ITS_WAY:
        told.in_transit -= movement.amount.value
        told.add("fees_not_deposited", movement.fee.value, payout.id)
    elif payout.id in undeposited.by_hand:
        told.add("deposited_by_hand", -movement.net.value, payout.id)
    else:
        left, automatic = -movement.net.value, payout.automatic
        told.add("payout_not_deposited" if automatic else "payout_by_hand_not_deposited", left, payout.id)
