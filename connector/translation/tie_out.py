"""Tie-out: a payout as Stripe made it, as we booked it and as NetSuite holds it, side by side.

payout po_1 over 575.40       Stripe     our map    NetSuite
    ch_1                      450.00     450.00     450.00
    ch_2                      120.00     120.00          -   not on the deposit any more
    fees and other lines      -13.35     -13.35     -13.35
    deposit                   575.40     575.40     455.40   differs by -120.00
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connector.money import Amount
from connector.translation.plan import Problem


@dataclass(frozen=True, slots=True)
class Part:
    """What of a payout one NetSuite record stands for: `worth` is Stripe's sum of it, by its external id.

    `lacking` is why there is no record, or why it cannot be deposited.
    """

    key: str
    worth: Decimal
    internal_id: str = ""
    lacking: Problem | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A payout as Stripe made it: `others` is what no record stands for, fees included."""

    payout_id: str
    amount: Amount
    day: date
    parts: Sequence[Part] = ()
    others: Decimal = Decimal(0)

    @property
    def sum(self) -> Decimal:
        """What its parts come to."""
        return sum((part.worth for part in self.parts), self.others)


@dataclass(frozen=True, slots=True)
class Booked:
    """What we wrote for it: the sum, the day and the bank account (internal id)."""

    total: Decimal
    account: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What NetSuite holds of it now, all its deposits together.

    `funds` are its records by internal id; None for a journal entry, which holds none. `others` is the
    sum of its other lines, `gone` the deposits that are not there any more.
    """

    total: Decimal
    others: Decimal = Decimal(0)
    funds: Mapping[str, Decimal] | None = field(default_factory=dict)
    days: frozenset[date] = frozenset()
    accounts: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that does not tie out; an amount is None where that side has no such line."""

    problem: Problem
    key: str = ""
    internal_id: str = ""
    stripe: Decimal | None = None
    mapped: Decimal | None = None
    netsuite: Decimal | None = None


def compare(split: Split, booked: Booked, held: Held) -> tuple[Difference, ...]:
    """Every line in which the three differ, records first; empty when the payout ties out."""
    found = [
        *_gone(booked, held),
        *_records(split, held),
        *_other_lines(split, held),
        *_heads(split, booked, held),
    ]
    if held.total != split.amount.value and not found:
        text = f"The deposit comes to {_money(held.total, split)} and the payout to {split.amount}."
        found.append(
            Difference(
                Problem("held_deposit_differs", text),
                split.payout_id,
                stripe=split.amount.value,
                mapped=booked.total,
                netsuite=held.total,
            )
        )
    return tuple(found)


def lacking(split: Split) -> tuple[Difference, ...]:
    """What keeps a payout from being booked: each record that is missing or refused."""
    return tuple(
        Difference(part.lacking, part.key, part.internal_id, stripe=part.worth)
        for part in split.parts
        if part.lacking
    )


def _gone(booked: Booked, held: Held) -> Iterator[Difference]:
    for number in held.gone:
        text = f"NetSuite has no deposit {number} any more."
        yield Difference(Problem("deposit_gone", text), internal_id=number, mapped=booked.total)


def _records(split: Split, held: Held) -> Iterator[Difference]:
    if held.funds is None or held.gone:
        return
    for part in split.parts:
        there = held.funds.get(part.internal_id)
        if there is None and part.worth:
            text = f"{part.key} over {_money(part.worth, split)} is not on the deposit."
            yield _of_part(Problem("record_not_on_deposit", text), part, there)
        elif there is not None and there != part.worth:
            amounts = _money(there, split), _money(part.worth, split)
            text = f"{part.key} is {amounts[0]} on the deposit and {amounts[1]} in Stripe."
            yield _of_part(Problem("record_differs_on_deposit", text), part, there)
    ours = {part.internal_id for part in split.parts}
    for number, amount in held.funds.items():
        if number not in ours:
            text = f"Record {number} over {_money(amount, split)} is on the deposit, not in the payout."
            yield Difference(Problem("record_not_of_payout", text), internal_id=number, netsuite=amount)


def _of_part(problem: Problem, part: Part, there: Decimal | None) -> Difference:
    return Difference(problem, part.key, part.internal_id, part.worth, part.worth, there)


def _other_lines(split: Split, held: Held) -> Iterator[Difference]:
    if held.funds is None or held.gone or held.others == split.others:
        return
    text = (
        f"Fees and other lines come to {_money(held.others, split)} on the deposit and to "
        f"{_money(split.others, split)} in Stripe."
    )
    yield Difference(
        Problem("deposit_lines_differ", text),
        stripe=split.others,
        mapped=split.others,
        netsuite=held.others,
    )


def _heads(split: Split, booked: Booked, held: Held) -> Iterator[Difference]:
    if held.days - {split.day}:
        told = ", ".join(day.isoformat() for day in sorted(held.days))
        text = f"The deposit is dated {told}, the bank statement {split.day.isoformat()}."
        yield Difference(Problem("deposit_date_differs", text), split.payout_id)
    if booked.account and held.accounts - {booked.account}:
        told = ", ".join(sorted(held.accounts))
        text = f"The deposit is on account {told}, and was booked on {booked.account}."
        yield Difference(Problem("deposit_account_differs", text), split.payout_id)


def _money(value: Decimal, split: Split) -> Amount:
    return Amount(value, split.amount.currency)
