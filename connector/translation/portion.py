"""Portion: the lines of a credit memo that takes back an invoice, or a part of it.

    in_1: two seats 120.00 USD, set-up 30.00, 10% tax 15.00; paid with 165.00
        165.00 taken back    the invoice's own lines (RF-3)
         33.00               Stripe Partial Refund Item 30.00, tax 3.00 (RF-6, RF-H5)
    in_2: two seats 120.00 USD, 10% tax 12.00
         33.00               the seats 30.00, tax 3.00 (RF-5)

Only what was sold counts as a line, not its discounts and taxes (RF-H5). The memo copies the days
of service, so what was deferred is taken back with what was earned (RR-5, DS-9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from connector.money import decimals
from connector.netsuite.records import Line, Ref
from connector.translation.lines import days


@dataclass(frozen=True, slots=True)
class Terms:
    """How memos of one kind are made: the account's item for all of them, and that for a part of several.

    `taxed`: a part of several lines takes its share of the taxes along. `words` describe our own lines.
    """

    own: Ref | None
    several: Ref
    taxed: bool
    words: str
    tax_account: str
    whole_rules: tuple[str, ...]
    own_rules: tuple[str, ...]
    one_rules: tuple[str, ...]
    several_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """Lines that come to the amount taken back, and the rules that chose them."""

    lines: tuple[Line, ...]
    rules: tuple[str, ...]


def of(sold: Sequence[Line], amount: Decimal, currency: str, terms: Terms) -> Portion:
    """`amount` of an invoice with these lines; none are known of an invoice that NetSuite taxes itself."""
    portion = _of(sold, amount, currency, terms)
    made = sum((line.amount for line in portion.lines), Decimal(0))
    if made != amount:
        raise ArithmeticError(f"The lines come to {made} instead of {amount}.")
    return replace(portion, rules=(*portion.rules, *_of_days(portion.lines)))


def _of(sold: Sequence[Line], amount: Decimal, currency: str, terms: Terms) -> Portion:
    start, end = days(sold)
    if terms.own:
        line = Line(terms.own, amount, description=terms.words, start_date=start, end_date=end)
        return Portion((line,), terms.own_rules)
    if sold and amount == _sum(sold):
        return Portion(tuple(sold), terms.whole_rules)
    taxes = _taxes(sold, amount, currency, terms.tax_account)
    goods = _goods(sold, terms.tax_account)
    if len(goods) == 1:
        line = replace(goods[0], amount=amount - _sum(taxes), quantity=None)
        return Portion((line, *taxes), terms.one_rules + _of_taxes(taxes))
    if not terms.taxed:
        taxes = ()
    words = terms.words
    line = Line(terms.several, amount - _sum(taxes), description=words, start_date=start, end_date=end)
    return Portion((line, *taxes), terms.several_rules + _of_taxes(taxes))


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _goods(sold: Sequence[Line], tax_account: str) -> list[Line]:
    """What was sold: no taxes, and no discounts, which carry the source of what they discount."""
    positive = {line.source for line in sold if line.source and line.amount > 0}
    return [
        line
        for line in sold
        if line.amount
        and not _is_tax(line, tax_account)
        and not (line.amount < 0 and line.source in positive)
    ]


def _taxes(sold: Sequence[Line], amount: Decimal, currency: str, tax_account: str) -> tuple[Line, ...]:
    """Each tax line with the share of it that `amount` is of the whole, never more than all (RF-H5)."""
    whole = _sum(sold)
    if not whole:
        return ()
    share, unit = min(amount / whole, Decimal(1)), Decimal(1).scaleb(-decimals(currency))
    lines = [
        replace(line, amount=(line.amount * share).quantize(unit, ROUND_HALF_UP), quantity=None)
        for line in sold
        if _is_tax(line, tax_account)
    ]
    return tuple(line for line in lines if line.amount)


def _is_tax(line: Line, tax_account: str) -> bool:
    return line.account is not None and bool(tax_account) and line.account.internal_id == tax_account


def _of_taxes(taxes: Sequence[Line]) -> tuple[str, ...]:
    return ("RF-H5",) if taxes else ()


def _of_days(lines: Sequence[Line]) -> tuple[str, ...]:
    return ("RR-5", "DS-9") if any(line.start_date for line in lines) else ()
