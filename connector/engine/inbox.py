"""The inbox: an event comes in, is kept, and rings for its subject, all in one short transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from connector.engine import jobs
from connector.engine.inserting import insert
from connector.engine.writing_back import RECORDS
from connector.models import Event, Job, MappedRecord, StripeAccount

BOOKED = frozenset(
    {
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice.payment_failed",
        "invoice.updated",
        "invoice.voided",
        "invoice.marked_uncollectible",
        "invoice.overpaid",
        "invoice_payment.paid",
        "charge.pending",
        "charge.succeeded",
        "charge.captured",
        "charge.updated",
        "charge.failed",
        "price.created",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "credit_note.created",
        "credit_note.updated",
        "credit_note.voided",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.failed",
        "payout.canceled",
        "payout.reconciliation_completed",
    }
)
"""The events that can change the books (section 24 of the rulebook). Every other one is only kept."""

ON_SIGNUP = "customer.created"
ASKED_FOR = BOOKED | {ON_SIGNUP}
"""The events that our webhook endpoint asks Stripe for."""

_APPLIED_TO = f"""
    SELECT applied_to FROM {MappedRecord._meta.db_table}
    WHERE netsuite_account_id = %s AND record_type = 'customerPayment' AND external_id = %s
"""  # noqa: S608
"""What a charge's payment settles. Plain, as in `inserting`: the ORM takes longer than the database."""


class Duplicate(Exception):
    """Stripe has sent this event before."""


def receive(account: StripeAccount, body: Mapping[str, Any]) -> Event:
    """Keep the event and ring for its subject. Raises Duplicate, after counting it."""
    subject = subject_of(account, body)
    try:
        if not subject:
            return _keep(account, body)
        with transaction.atomic():
            return _keep(account, body, jobs.enqueue(account, subject))
    except IntegrityError:
        known = Event.objects.filter(account=account, event_id=body["id"])
        if known.update(duplicates=F("duplicates") + 1):
            raise Duplicate from None
        raise


def _keep(account: StripeAccount, body: Mapping[str, Any], job: Job | None = None) -> Event:
    event = Event(
        account=account,
        event_id=body["id"],
        type=body["type"],
        object_id=body["data"]["object"].get("id") or "",
        api_version=body.get("api_version") or "",
        created=datetime.fromtimestamp(body["created"], UTC),
        received_at=timezone.now(),
        body=body,
        job=job,
    )
    (event.pk,) = insert(event, returning="id")
    return event


def subject_of(account: StripeAccount, body: Mapping[str, Any]) -> str:
    """The Stripe id of the document that an event is about; empty when nothing is to be booked.

    An invoice, its charges and its credit notes share one subject, so that they never run
    at once. A charge that we have booked with an invoice rings for that invoice.
    """
    kind, thing = body["type"], body["data"]["object"]
    if kind == ON_SIGNUP:
        return str(thing["id"]) if account.create_customers_on_signup else ""
    if kind == "price.created" and account.global_item_workflow:
        return ""
    if kind not in BOOKED or _tells_what_we_wrote(account, body):
        return ""
    if kind.startswith(("invoice_payment.", "credit_note.")):
        return str(thing["invoice"])
    if kind == "charge.failed":  # the charge itself undoes what was booked of it (CH-27)
        return str(thing["id"])
    if kind.startswith("charge.") and not kind.startswith("charge.dispute."):
        return _root_of_charge(account, str(thing["id"]))
    return str(thing["id"])


def _tells_what_we_wrote(account: StripeAccount, body: Mapping[str, Any]) -> bool:
    """Whether nothing changed but one key of metadata, to what our own map says of this object (OM-2)."""
    before, thing = body["data"].get("previous_attributes"), body["data"]["object"]
    match before:
        case {"metadata": dict(changed), **rest} if len(changed) == 1 and not rest:
            (key,) = changed
        case _:
            return False
    return MappedRecord.objects.filter(
        netsuite_account=account.netsuite_account_id,
        record_type__in=RECORDS.get(key, []),
        stripe_id=thing.get("id") or "",
        internal_id=(thing.get("metadata") or {}).get(key) or "",
        state=MappedRecord.State.MAPPED,
    ).exists()


def _root_of_charge(account: StripeAccount, charge_id: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_APPLIED_TO, [account.netsuite_account_id, charge_id])
        found = cursor.fetchone()
    applied = json.loads(found[0]) if found else []
    keys = [str(one["external_id"]) for one in applied if one["type"] == "invoice"]
    return next((key for key in keys if key.startswith("in_")), charge_id)  # else it is NetSuite's own
