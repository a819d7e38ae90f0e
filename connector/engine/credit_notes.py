"""Credit notes: which notes of an invoice are to be looked at, and which voided ones NetSuite still holds."""

from __future__ import annotations

from collections.abc import Sequence

from connector.models import MappedRecord, NetSuiteAccount
from connector.netsuite.gateway import Gateway
from connector.stripe.client import Client
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Invoice
from connector.translation.credit_note import external_id, told_apart
from connector.translation.plan import Problem

State = MappedRecord.State
PERHAPS_THERE = (State.MAPPED, State.INTENT, State.UNCONFIRMED)


def of_invoice(invoice: Invoice, client: Client, account: NetSuiteAccount) -> tuple[CreditNote, ...]:
    """The invoice's notes; Stripe is not asked where it counts none and we have written none.

    A voided note is not counted any more, and its memo may stand in NetSuite.
    """
    written = MappedRecord.objects.filter(
        netsuite_account=account,
        record_type="creditMemo",
        job__subject=invoice.id,
        stripe_id__startswith="cn_",
    )
    if not invoice.credit_notes and not written.exists():
        return ()
    return told_apart(client.fetch_credit_notes_of_invoice(invoice.id))


def may_stand(record_type: str, key: str, account: NetSuiteAccount) -> bool:
    """Whether, as far as we know, NetSuite may hold a record under this external id."""
    return MappedRecord.objects.filter(
        netsuite_account=account, record_type=record_type, external_id=key, state__in=PERHAPS_THERE
    ).exists()


def voided_but_standing(
    notes: Sequence[CreditNote], account: NetSuiteAccount, gateway: Gateway
) -> Problem | None:
    """Notes that Stripe has voided and whose memos are still open in NetSuite (CN-H3).

    A memo that a person has voided there has no open amount any more. We cannot do it: NetSuite
    lets nobody void by SOAP (netsuite.md, table X6).
    """
    voided = {external_id(note): note.id for note in notes if note.status == "void"}
    written = [key for key in voided if may_stand("creditMemo", key, account)]
    if not written:
        return None
    there = gateway.find("creditMemo", written)
    snapshots = gateway.get_many("creditMemo", list(there.values())) if there else []
    standing = [
        f"credit memo {snapshot.number or snapshot.internal_id} of {voided[key]}"
        for key, snapshot in zip(there, snapshots, strict=True)
        if snapshot and snapshot.open_amount
    ]
    if not standing:
        return None
    text = f"Stripe has voided the credit note, and NetSuite still holds the {', the '.join(standing)}."
    return Problem("credit_note_voided", text)
