"""Messages and tries of one job, ready to be read on its page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from connector.failures import Failure, describe
from connector.models import Attempt, Event, Job
from dashboard.links import stripe_link
from dashboard.standing import ENDED, WAITING, WORKING, Standing

MESSAGES = {
    "invoice.finalized": "The invoice was finalized",
    "invoice.paid": "The invoice was paid",
    "invoice.payment_succeeded": "A payment of the invoice succeeded",
    "invoice.payment_failed": "A payment of the invoice failed",
    "invoice.updated": "The invoice was changed",
    "invoice.voided": "The invoice was voided",
    "invoice.marked_uncollectible": "The invoice was marked uncollectible",
    "invoice.overpaid": "The invoice was overpaid",
    "invoice_payment.paid": "A payment was applied to the invoice",
    "charge.pending": "A payment began",
    "charge.succeeded": "A payment succeeded",
    "charge.captured": "A payment was captured",
    "charge.updated": "A payment was changed",
    "charge.failed": "A payment failed",
    "price.created": "The price was made",
    "customer.created": "The customer was made",
    "refund.created": "A refund was made",
    "refund.updated": "A refund was changed",
    "refund.failed": "A refund failed",
    "credit_note.created": "A credit note was made",
    "credit_note.updated": "A credit note was changed",
    "credit_note.voided": "A credit note was voided",
    "charge.dispute.created": "A payment was disputed",
    "charge.dispute.updated": "A dispute was changed",
    "charge.dispute.closed": "A dispute was closed",
    "charge.dispute.funds_withdrawn": "A dispute took money back",
    "charge.dispute.funds_reinstated": "A dispute gave money back",
    "payout.created": "The payout was made",
    "payout.updated": "The payout was changed",
    "payout.canceled": "The payout was canceled",
    "payout.reconciliation_completed": "Stripe has listed what is in the payout",
    "payout.paid": "The payout arrived",
    "payout.failed": "The payout failed",
}
"""Stripe's event types in words; one that is missing is shown by its own name."""

REQUEST_ID = re.compile(r"<(?:\w+:)?nsId(?:\s[^>]*)?>([^<]{1,200})<")


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One message from Stripe."""

    event: Event
    words: str
    link: str
    body: str
    request_id: str
    """Stripe's name of the request that caused it; empty where nobody's request did."""


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """One question to NetSuite and its answer, as they went over the wire."""

    operation: str
    seconds: str
    sent: str
    answered: str
    request_id: str
    """NetSuite's own name of the request, which its support asks for; empty where it gave none."""


@dataclass(frozen=True, slots=True)
class ShownAttempt:
    """One try."""

    number: int
    attempt: Attempt
    standing: Standing
    failure: Failure | None
    exchanges: tuple[ShownExchange, ...]


def shown_event(event: Event) -> ShownEvent:
    """A message, in words and whole."""
    return ShownEvent(
        event=event,
        words=MESSAGES.get(event.type, event.type),
        link=stripe_link(event.account, event.object_id),
        request_id=_cause(event.body),
        body=json.dumps(event.body, indent=2, ensure_ascii=False, sort_keys=True),
    )


def _cause(body: Any) -> str:
    request = body.get("request") if isinstance(body, Mapping) else None
    return str(request.get("id") or "") if isinstance(request, Mapping) else ""


def shown_attempt(number: int, attempt: Attempt) -> ShownAttempt:
    """A try, with what was sent and answered."""
    return ShownAttempt(
        number=number,
        attempt=attempt,
        standing=_outcome(attempt),
        failure=describe(attempt.code) if attempt.code else None,
        exchanges=tuple(_exchange(exchange) for exchange in attempt.exchanges),
    )


def _outcome(attempt: Attempt) -> Standing:
    if not attempt.outcome:
        return WORKING if attempt.finished_at is None else Standing("Cut off", "rest", "–")
    if attempt.outcome == Job.Status.READY:
        return Standing("To be tried again", WAITING.tone, WAITING.shape)
    return ENDED.get(Job.Status(attempt.outcome), WAITING)


def _exchange(exchange: Mapping[str, Any]) -> ShownExchange:
    return ShownExchange(
        operation=str(exchange.get("operation", "")),
        seconds=str(exchange.get("seconds", "")),
        sent=readable(str(exchange.get("sent") or "")),
        answered=readable(str(exchange.get("answered") or "")),
        request_id=_request_id(str(exchange.get("answered") or "")),
    )


def _request_id(answered: str) -> str:
    """Read even from an answer that was cut off for its length: it stands in the head."""
    found = REQUEST_ID.search(answered)
    return found[1].strip() if found else ""


def readable(text: str) -> str:
    """XML with one element to a line; what is no XML stays as it came."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return text
    return etree.tostring(root, pretty_print=True, encoding="unicode")
