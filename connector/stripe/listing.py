"""Listing: everything of a kind that Stripe has in a period, oldest first, a page at a time.

Stripe lists the newest first and pages by cursor, and a cursor dies with the object it names. So a
period is walked in spans of time instead: a span whose first page holds all of it is handed on turned
round, a longer list makes the span shorter. No more than a page is ever held, and a walk that was
cut off goes on from the moment that it had reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from connector.errors import UnknownAnswer
from connector.stripe.balance import Payout
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, Price
from connector.stripe.reversals import Dispute, Refund
from connector.stripe.shape import Json, required, understood

Kind = Literal["customer", "price", "invoice", "charge", "refund", "dispute", "credit_note", "payout"]
"""What can be listed, by Stripe's word for one of it."""


@dataclass(frozen=True, slots=True)
class Unread:
    """An object that is not shaped as Stripe promises. It must not keep the others of its page back."""

    id: str


Listed = Customer | Price | Invoice | Charge | Refund | Dispute | CreditNote | Payout | Unread
FEW = 25
"""A span that holds fewer is followed by one twice as long."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind is listed: the moment that Stripe filters by, what to expand, how one is read."""

    moment: str
    read: Callable[[Json], Listed]
    expand: tuple[str, ...] = ()


SHAPES: Mapping[Kind, Shape] = {
    "customer": Shape("created", Customer.from_stripe),
    "price": Shape("created", Price.from_stripe, Price.EXPAND),
    "invoice": Shape("created", Invoice.from_stripe),
    "charge": Shape("created", Charge.from_stripe),
    "refund": Shape("created", Refund.from_stripe, Refund.EXPAND),
    "dispute": Shape("created", Dispute.from_stripe),
    "credit_note": Shape("created", CreditNote.from_stripe),
    "payout": Shape("arrival_date", Payout.from_stripe),
}
"""Payouts are listed by the day on which they arrive, which is the day of their deposit (PO-H1).

Of long invoices and credit notes Stripe embeds the first lines only: to book one, fetch it.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, newest first; `more` says that Stripe has further ones after `last`, its last id."""

    objects: tuple[Listed, ...]
    more: bool
    last: str = ""


def page_of(kind: Kind, answer: Json) -> Page:
    """Stripe's answer as a page."""
    found = answer["data"]
    objects = tuple(_one(kind, data) for data in found)
    return Page(objects, bool(answer.get("has_more")), found[-1]["id"] if found else "")


def _one(kind: Kind, data: Json) -> Listed:
    try:
        return understood(SHAPES[kind].read, data)
    except UnknownAnswer:
        return Unread(required(data, "id"))


def params(kind: Kind, since: int, until: int) -> dict[str, Any]:
    """What asks Stripe for a kind from `since` up to but not including `until`, in Unix seconds."""
    shape = SHAPES[kind]
    asked: dict[str, Any] = {shape.moment: {"gte": since, "lt": until}}
    return asked | ({"expand": [f"data.{path}" for path in shape.expand]} if shape.expand else {})


Fetch = Callable[[Kind, int, int, str], Page]
"""A page of a kind from one Unix second up to another, after an id or from the top."""


def walk(kind: Kind, since: datetime, until: datetime, fetch: Fetch) -> Iterator[tuple[datetime, Page]]:
    """Every page with the moment up to which all has been handed on after it, oldest span first.

    Within the one second that holds more than a page, the newest come first.
    """
    start, end = int(since.timestamp()), _ceiling(until)
    span = end - start
    while start < end:
        stop = min(start + span, end)
        page = fetch(kind, start, stop, "")
        if page.more and stop - start > 1:
            span = (stop - start) // 2
            continue
        while page.more:
            yield datetime.fromtimestamp(start, UTC), page
            page = fetch(kind, start, stop, page.last)
        yield datetime.fromtimestamp(stop, UTC), Page(page.objects[::-1], more=False)
        start, span = stop, span * 2 if len(page.objects) < FEW else span


def _ceiling(moment: datetime) -> int:
    """The first whole second that is not before `moment`: Stripe's moments are whole."""
    seconds = int(moment.timestamp())
    return seconds + (moment.timestamp() > seconds)
