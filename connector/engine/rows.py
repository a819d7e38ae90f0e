"""Rows of MappedRecord as the writer uses them: one for each record that a plan names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from connector.models import Job, MappedRecord
from connector.netsuite.gateway import Snapshot
from connector.netsuite.records import (
    Application,
    Applying,
    CreditMemo,
    CustomerRefund,
    Deposit,
    Invoice,
    JournalEntry,
    Record,
    RecordType,
    Ref,
    Transaction,
)
from connector.translation.plan import Planned

State = MappedRecord.State
Id = tuple[str, str]
"""A record's type and external id."""


def identity(record: Record) -> tuple[RecordType, str]:
    """What tells a record from all others of a NetSuite account."""
    return record.TYPE, record.external_id


def row_of(job: Job, record_type: str, external_id: str, *, lock: bool = False) -> MappedRecord:
    """The row of a record, new and unsaved if there is none; with `lock`, nobody else's till the commit."""
    key: dict[str, Any] = {
        "netsuite_account": job.account.netsuite_account,
        "record_type": record_type,
        "external_id": external_id,
    }
    found = MappedRecord.objects.filter(**key)
    # Without a join under the lock: PostgreSQL would show the row as it is now beside the job of before.
    row = (found.select_for_update() if lock else found.select_related("job")).first()
    return row or MappedRecord(**key, account=job.account, state=State.REFUSED)


def rows_of(job: Job, records: Iterable[Record]) -> dict[Id, MappedRecord]:
    """The rows that there are, by type and external id."""
    wanted = [record.external_id for record in records]
    rows = MappedRecord.objects.filter(
        netsuite_account=job.account.netsuite_account, external_id__in=wanted
    ).select_related("job")
    return {(row.record_type, row.external_id): row for row in rows}


def keep(row: MappedRecord) -> bool:
    """Save a row whole. False when its record was mapped since it was read: then that stays as it is."""
    if row._state.adding:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return False
        return True
    values = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    return bool(MappedRecord.objects.filter(pk=row.pk).exclude(state=State.MAPPED).update(**values))


def mark(rows: Sequence[MappedRecord], state: str) -> None:
    """Give rows a state, here and in the table. A refused write was not saved, so nothing is waited for.

    What was mapped since stays mapped: by a run that took over while NetSuite was slow, or by another
    account's. Its record is there, whatever became of ours.
    """
    sent = {"sent_at": None} if state == State.REFUSED else {}
    still = MappedRecord.objects.filter(pk__in=[row.pk for row in rows]).exclude(state=State.MAPPED)
    still.update(state=state, **sent)
    for row in rows:
        row.state = state


def describe(row: MappedRecord, planned: Planned, record: Record) -> None:
    """What the row says of its record, for pages and search."""
    row.stripe_id, row.rules = planned.stripe_id, list(planned.rules)
    if isinstance(record, Transaction):
        row.amount, row.currency = record.total, record.currency.key
        row.tran_date, row.memo = record.tran_date, record.memo
        row.customer, row.ledger_account = _customer_of(record), _account_of(record)
    if isinstance(record, Applying):
        row.applied_to = [applied_json(application) for application in record.applied]
    if isinstance(record, CustomerRefund):
        row.applied_to += [applied_json(application) for application in record.deposits]


def _customer_of(record: Transaction) -> str:
    return "" if isinstance(record, Deposit | JournalEntry) else record.customer.internal_id


def _account_of(record: Transaction) -> str:
    """The account that the record itself names; of a journal entry that of its first line."""
    if isinstance(record, Invoice | CreditMemo):
        return record.receivables_account.internal_id
    return (record.lines[0] if isinstance(record, JournalEntry) else record).account.internal_id


def applied_json(application: Application) -> dict[str, str]:
    """An application as the row keeps it."""
    doc = application.doc
    return {
        "type": doc.type,
        "external_id": doc.key,
        "internal_id": doc.internal_id,
        "amount": str(application.amount),
    }


def difference(record: Record, snapshot: Snapshot) -> str:
    """How a record that NetSuite already holds differs from ours, where money depends on it; or empty.

    `record` carries internal ids. A person may have edited the memo or the lines; total, customer
    and currency must agree.
    """
    if not isinstance(record, Transaction):
        return ""
    pairs: list[tuple[str, object, object]] = [("total", record.total, snapshot.total)]
    if isinstance(record, JournalEntry):  # NetSuite gives it no total
        pairs = []
    refs: list[tuple[str, Ref, str]] = [("currency", record.currency, snapshot.currency)]
    if not isinstance(record, Deposit | JournalEntry):
        refs.append(("customer", record.customer, snapshot.customer))
    pairs += [(name, ref.internal_id, there) for name, ref, there in refs if ref.internal_id and there]
    told = [f"{name} {there} instead of {ours}" for name, ours, there in pairs if ours != there]
    return ", ".join(told)
