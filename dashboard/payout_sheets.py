"""What the Payouts pages export: their figures, a table each, for whoever closes the month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import QuerySet

from connector.models import Drift, Payout, PayoutLine, StripeAccount
from connector.money import Amount
from dashboard import payouts
from dashboard.exports import Cell, Sheet
from dashboard.links import console_link
from dashboard.payouts import Listed
from dashboard.postings import record_words
from dashboard.selection import exact

AT_ONCE = 500


def of_all(found: QuerySet[Listed], accounts: Sequence[StripeAccount]) -> dict[str, Sheet]:
    """The tables of the list, by the name that their CSV file has."""
    return {
        "payouts": Sheet("Payouts", PAYOUT_HEADS, (_payout(one) for one in found.iterator(AT_ONCE))),
        "differences": Sheet("Differences", DIFFERENCE_HEADS, _differences(found.iterator(AT_ONCE))),
        "balances": Sheet("Balances", BALANCE_HEADS, _balances(accounts)),
        "changed": Sheet("Changed in NetSuite", CHANGED_HEADS, changed_rows(payouts.changed_in(accounts))),
    }


def of_one(payout: Listed) -> dict[str, Sheet]:
    """The tables of one payout, likewise."""
    return {
        "payout": Sheet("Payout", PAYOUT_HEADS, [_payout(payout)]),
        "lines": Sheet("Lines", LINE_HEADS, _lines(payout)),
        "differences": Sheet("Differences", DIFFERENCE_HEADS, _differences([payout])),
    }


PAYOUT_HEADS = (
    "Arrival",
    "Payout",
    "Account",
    "Started",
    "Stripe says",
    "Currency",
    "Stripe",
    "Our records",
    "NetSuite",
    "Difference",
    "Standing",
    "NetSuite records",
    "Compared at (UTC)",
    "Page",
)


def _payout(one: Listed) -> Sequence[Cell]:
    compared = payouts.is_compared(one)
    return (
        one.arrival_date,
        one.payout_id,
        one.account.name,
        one.get_kind_display(),
        one.status,
        one.currency,
        payouts.money_in(one, one.amount),
        payouts.money_in(one, payouts.tie_out(one).mapped) if compared else None,
        payouts.money_in(one, payouts.tie_out(one).netsuite) if compared else None,
        payouts.money_in(one, one.gap),
        payouts.shape(one).word,
        ", ".join(
            f"{record_words(each['type'])} {each['internal_id']}" for each in payouts.tie_out(one).records
        )
        if compared
        else "",
        payouts.tie_out(one).compared_at.astimezone(UTC) if compared else None,
        console_link(one.payout_id),
    )


DIFFERENCE_HEADS = (
    "Arrival",
    "Payout",
    "Account",
    "Currency",
    "Stripe id",
    "NetSuite id",
    "Stripe",
    "Our records",
    "NetSuite",
    "What",
    "Cause",
    "What to do",
)


def _differences(found: Iterable[Listed]) -> Iterator[Sequence[Cell]]:
    for one in found:
        for odd in payouts.odd_lines(one):
            sides = [_read(text, one.currency) for _, text in odd.sides]
            head = (one.arrival_date, one.payout_id, one.account.name, one.currency)
            yield (*head, odd.key, odd.internal_id, *sides, odd.message, odd.cause, odd.action)


LINE_HEADS = (
    "Transaction",
    "Created (UTC)",
    "Kind",
    "Stripe id",
    "Description",
    "Currency",
    "Amount",
    "Fee",
    "Net",
    "NetSuite record",
    "NetSuite id",
    "Standing",
    "What is odd",
    "Page",
)


def _lines(payout: Listed) -> Iterator[Sequence[Cell]]:
    odd = payouts.odd_messages(payout)
    for line in payouts.lines_of(payout).iterator(AT_ONCE):
        yield _line(line, payout, odd.get(line.external_id, line.message))


def _line(line: PayoutLine, payout: Payout, odd: str) -> Sequence[Cell]:
    return (
        line.transaction_id,
        line.created.astimezone(UTC),
        payouts.category_words(line.category or line.type),
        line.source_id,
        line.description,
        payout.currency,
        exact(line.amount, payout.currency),
        exact(-line.fee, payout.currency),
        exact(line.net, payout.currency),
        record_words(line.record_type),
        line.internal_id,
        line.get_state_display(),
        odd,
        console_link(line.external_id),
    )


BALANCE_HEADS = (
    "Account",
    "Currency",
    "What",
    "Amount",
    "Records",
    "Examples",
    "What to do",
    "Compared at (UTC)",
)


def _balances(accounts: Sequence[StripeAccount]) -> Iterator[Sequence[Cell]]:
    """Undeposited Funds, less Stripe's balance, is the difference; the causes after it add up to it."""
    for one in payouts.balances_of(accounts):
        for what, amount, count, examples, action in _steps(one):
            yield (
                one.check.account.name,
                one.check.currency,
                what,
                amount,
                count,
                examples,
                action,
                one.check.compared_at.astimezone(UTC),
            )


Step = tuple[str, Amount, int | None, str, str]


def _steps(one: payouts.Balance) -> Iterator[Step]:
    yield "Undeposited Funds", one.undeposited, None, "", ""
    for words, amount in one.parts:
        yield f"Stripe: {words}", amount, None, "", ""
    yield "Difference", one.difference, None, "", ""
    for cause in one.causes:
        amount = Amount(Decimal(cause["amount"]), one.check.currency)
        yield cause["message"], amount, cause["count"], ", ".join(cause["examples"]), cause["action"]
    yield "Not explained", one.unexplained, None, "", ""


CHANGED_HEADS = (
    "First seen (UTC)",
    "Account",
    "Record",
    "NetSuite id",
    "Stripe id",
    "Currency",
    "Amount",
    "What",
    "Field",
    "Booked",
    "Now",
    "What to do",
)


def changed_rows(drifts: QuerySet[Drift]) -> Iterator[Sequence[Cell]]:
    """A line for each difference, so that each can be ticked off."""
    for drift in drifts.iterator(AT_ONCE):
        one, row = payouts.changed(drift), drift.record
        head = (_utc(drift.first_seen), drift.account.name, one.words, drift.internal_id, row.external_id)
        for each in drift.differences or [{"what": "", "ours": "", "theirs": ""}]:
            sides = (each["what"], each["ours"], each["theirs"])
            yield (*head, row.currency, one.amount, one.message, *sides, one.action)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _read(text: str, currency: str) -> Amount | None:
    return Amount(Decimal(text), currency) if text else None
