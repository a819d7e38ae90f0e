"""Refund -> customer refund, and a credit memo for what its payment settles (`takeback`).

A refund is booked as soon as its money has left Stripe's balance; one that waits, or never left,
makes nothing. One that failed after it had left stays booked, with its memo: the money comes back
on a payout as the customer's open credit, and somebody is told (RF-H2). Fees are no part of it
(RF-8, RF-H4).
"""

from __future__ import annotations

from connector.money import Amount
from connector.netsuite.records import Application, Ref, is_internal_id
from connector.stripe.objects import Charge
from connector.stripe.reversals import Refund
from connector.translation import items
from connector.translation.customer import not_an_internal_id
from connector.translation.gate import blocked
from connector.translation.plan import Link, Problem, Summary
from connector.translation.portion import Terms
from connector.translation.rate import exchange_rate
from connector.translation.settings import Settings
from connector.translation.takeback import Takeback

REFUND_KEY = "netsuite_customer_refund_id"
MEMO_KEY = "netsuite_credit_memo_id"
CASH_REFUND_KEY = "netsuite_cash_refund_id"
LINK_KEYS = (REFUND_KEY, MEMO_KEY, CASH_REFUND_KEY)
RELEASE = "partial_capture_reversal"
"""The reporting category of what Stripe calls a refund and is the rest of a capture (CH-H1)."""


def summarise(refund: Refund) -> Summary:
    """Refund and its amount."""
    return Summary(f"Refund {refund.id}", amount=refund.amount)


def is_booked(refund: Refund, settings: Settings) -> bool:
    """Whether it is to stand in NetSuite: its money has left, and nobody holds it by its mark (SY-1)."""
    left = refund.movement is not None and refund.movement.category != RELEASE
    return left and not blocked(refund.id, refund.metadata, settings)


def has_failed(refund: Refund) -> bool:
    """Whether nothing was given back in the end."""
    return refund.status in ("failed", "canceled")


def link_of(refund: Refund) -> Link | None:
    """The refund that somebody entered in NetSuite, when the metadata names it (ME-1, PO-14)."""
    named = {key: refund.metadata.get(key, "").strip() for key in (REFUND_KEY, CASH_REFUND_KEY)}
    if named[REFUND_KEY]:
        return Link("customerRefund", refund.id, named[REFUND_KEY], REFUND_KEY, ("ME-1", "RF-9", "PO-14"))
    if named[CASH_REFUND_KEY]:
        return Link("cashRefund", refund.id, named[CASH_REFUND_KEY], CASH_REFUND_KEY, ("ME-1", "PO-14"))
    return None


def memo_of(refund: Refund) -> Link | None:
    """The credit memo that somebody wants it to settle (RF-9)."""
    named = refund.metadata.get(MEMO_KEY, "").strip()
    return Link("creditMemo", f"ns_memo:{refund.id}", named, MEMO_KEY, ("ME-1", "RF-9")) if named else None


def problem_of(refund: Refund, charge: Charge, *, of_invoice: bool, noted: bool) -> Problem | None:
    """Why its metadata cannot be followed (RF-9).

    A memo may be named for charges of Stripe's invoices alone, and not where a credit note has one.
    """
    for key in LINK_KEYS:
        named = refund.metadata.get(key, "").strip()
        if named and not is_internal_id(named):
            return not_an_internal_id(refund.id, key, named)
    if memo_of(refund) and not of_invoice:
        text = f"{refund.id} carries {MEMO_KEY}, and its charge {charge.id} pays no invoice of Stripe’s."
        return Problem("metadata_not_supported", text)
    if memo_of(refund) and noted:
        text = f"{refund.id} carries {MEMO_KEY}, and a credit note has made its memo."
        return Problem("metadata_not_supported", text)
    return None


def takeback(
    refund: Refund, charge: Charge, credits: tuple[Application, ...], settings: Settings
) -> Takeback:
    """What the refund takes back. `credits` are memos that credit notes have made for it (K24)."""
    if (named := memo_of(refund)) is not None:
        credits = (Application(Ref("creditMemo", named.key, named.internal_id), refund.amount.value),)
    settled = -refund.movement.amount if refund.movement else refund.amount
    return Takeback(
        external_id=refund.id,
        stripe_id=refund.id,
        amount=refund.amount,
        at=refund.created,
        memo=f"Stripe: {refund.id}. Refund of {charge.id}.",
        terms=_terms(settings),
        beyond=items.REFUND,
        rules=_rules(refund, charge, settled),
        code=refund.id,
        credits=credits,
        exchange_rate=exchange_rate(refund.amount, settled, settings.base_currency),
        failed=has_failed(refund),
    )


def failure(refund: Refund) -> Problem:
    """That it is booked although it failed, for somebody to settle with the customer (RF-H2)."""
    why = refund.failure_reason.replace("_", " ") or refund.status
    text = f"{refund.id} over {refund.amount} came back ({why}) after its money had left Stripe’s balance."
    return Problem("refund_came_back", text)


def _terms(settings: Settings) -> Terms:
    return Terms(
        own=items.chosen(settings.refund_item),
        several=items.PARTIAL_REFUND,
        taxed=True,
        words="Refund",
        tax_account=settings.tax_account,
        whole_rules=("RF-3",),
        own_rules=("RF-4",),
        one_rules=("RF-5",),
        several_rules=("RF-6", "RR-9"),
    )


def _rules(refund: Refund, charge: Charge, settled: Amount) -> tuple[str, ...]:
    rules = ["RF-H6"] if refund.amount < charge.amount_captured else []
    rules += ["RF-9"] if memo_of(refund) else []
    rules += ["RF-H2"] if has_failed(refund) else []
    rules += ["MC-H2"] if settled.currency != refund.amount.currency else []
    return tuple(rules)
