"""The evidence of a month close: what was found, who ticked it, and every payout and record behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils import timezone

from connector.engine import month_close as engine
from connector.engine.months import Figure, Item, Look, Month, asking, drifts_of
from connector.failures import describe
from connector.models import MonthClose
from connector.money import Amount
from dashboard import month_close, payout_sheets, payouts
from dashboard.exports import Cell, Sheet
from dashboard.links import console_link
from dashboard.selection import exact

AT_ONCE = 500


def of_month(month: Month, found: Look, ticks: Sequence[MonthClose]) -> list[Sheet]:
    """The sheets of the workbook, the page's own order. Moments are in the account's time zone."""
    wanted = payouts.Wanted(month.account, "", month.first, month.last)
    listed = payouts.listed(wanted).order_by("-arrival_date", "-pk")
    tables = payout_sheets.of_all(listed, [month.account])
    changed = drifts_of(month).select_related("record", "account__netsuite_account")
    return [
        Sheet("Month close", ("What", "Is"), _head(month, found, ticks)),
        Sheet("Checklist", ITEM_HEADS, _items(month, found.items)),
        Sheet("Figures", FIGURE_HEADS, _figures(found.figures)),
        Sheet("Needs somebody", ASKING_HEADS, _asking(month)),
        tables["payouts"],
        tables["differences"],
        tables["balances"],
        Sheet("Changed in NetSuite", payout_sheets.CHANGED_HEADS, payout_sheets.changed_rows(changed)),
        Sheet("Ticks", _tick_heads(month.account.zone.key), _ticks(month, ticks)),
    ]


def _head(month: Month, found: Look, ticks: Sequence[MonthClose]) -> Iterator[Sequence[Cell]]:
    zone = month.account.zone
    tick = next((one for one in ticks if one.ended_at is None), None)
    yield "Account", month.account.name
    yield "Month", month_close.name_of(month.first)
    yield "First day", month.first
    yield "Last day", month.last
    yield "Time zone", zone.key
    yield "Made at", timezone.now().astimezone(zone)
    yield "Stands as", month_close.standing_of(tick, found).word
    if tick:
        yield "Ticked by", tick.who
        yield "Ticked at", tick.at.astimezone(zone)
        yield "Reason", tick.reason
        for sentence in month_close.change_sentences(engine.changes(tick, found)):
            yield "Changed since", sentence


ITEM_HEADS = ("What", "Stands", "Says", "Open", "Currency", "Amount open")


def _items(month: Month, items: Sequence[Item]) -> Iterator[Sequence[Cell]]:
    """A line for each currency of what is open, so that currencies stay apart."""
    for line, item in zip(month_close.lines(month, items), items, strict=True):
        for currency, value in sorted(item.money.items()) or [("", "")]:
            stands = "Done" if item.done else "Open"
            yield line.title, stands, line.says, item.count, currency, _read(value, currency)


FIGURE_HEADS = ("What", "Currency", "Count", "Sum")


def _figures(found: Sequence[Figure]) -> Iterator[Sequence[Cell]]:
    for one in found:
        yield month_close.what_words(one.what), one.currency, one.count, _read(one.sum, one.currency)


ASKING_HEADS = (
    "Stripe id",
    "Record",
    "Customer",
    "Currency",
    "Amount",
    "State",
    "Why",
    "Particulars",
    "Page",
)


def _asking(month: Month) -> Iterator[Sequence[Cell]]:
    for job in asking(month).order_by("created_at", "pk").iterator(AT_ONCE):
        amount = exact(job.amount, job.currency) if job.amount is not None and job.currency else None
        state = job.get_status_display()
        head = (job.subject, str(job), job.customer_name, job.currency, amount)
        yield (*head, state, describe(job.code).title, job.message, console_link(job.subject))


def _tick_heads(zone: str) -> tuple[str, ...]:
    at = [f"{what} at ({zone})" for what in ("Ticked", "Changed", "Ended")]
    return (at[0], "Ticked by", "Reason", "Open then", at[1], at[2], "Ended by", "Why ended")


def _ticks(month: Month, ticks: Sequence[MonthClose]) -> Iterator[Sequence[Cell]]:
    zone = month.account.zone
    for one in ticks:
        left = [month_close.TITLES[item.key] for item in engine.items_of(one.facts) if not item.done]
        yield (
            one.at.astimezone(zone),
            one.who,
            one.reason,
            "; ".join(left),
            one.reopened_at.astimezone(zone) if one.reopened_at else None,
            one.ended_at.astimezone(zone) if one.ended_at else None,
            one.ended_by,
            one.ended_why,
        )


def _read(value: str, currency: str) -> Amount | None:
    return Amount(Decimal(value), currency) if value else None
