"""Writing back: the internal id of a NetSuite record goes into the metadata of its Stripe object (OM-2).

    record mapped, its row says "due" -> job ends -> Stripe write -> the row says "done"

The booking never depends on it. It happens after the job has ended, outside any transaction, and
whatever it meets ends here: Stripe busy or a permission missing leaves the row due for a later
sweep, and an object that Stripe will not change is given up with the reason on its row. A write
that is repeated carries the same idempotency key and the same value; one that points back to an
earlier record carries another key, since Stripe would only repeat its answer to the first.

Stripe tells us of the change (`invoice.updated`, `charge.updated`). The job that this rings finds
everything booked and every row done, and writes nothing to either side. It must not take our own
key for a person's, who with the same key would have us leave the record alone (ME-1): so before an
object is translated, `without_our_ids` takes out what says no more than our own map. One Stripe
account may feed the books of two NetSuite companies: what we wrote for the other one is no person's
word either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from connector.engine import doors
from connector.errors import NeedsAttention, RetryLater, Verdict
from connector.models import Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.netsuite.gateway import Gateway
from connector.netsuite.records import RecordType
from connector.stripe.balance import Payout
from connector.stripe.billing import Coupon
from connector.stripe.client import Noting
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, InvoicePayment, Price
from connector.stripe.reversals import Dispute, Refund
from connector.translation.charge import LINKS, link_of
from connector.translation.credit_note import external_id
from connector.translation.plan import Link

log = structlog.get_logger("suitesync.engine")
Noted = MappedRecord.Noted

KEYS: Mapping[str, tuple[Noting, str]] = {
    "customer": ("customer", "netsuite_customer_id"),
    "serviceSaleItem": ("price", "netsuite_service_sale_item_id"),
    "discountItem": ("coupon", "netsuite_discount_item_id"),
    "invoice": ("invoice", "netsuite_invoice_id"),
    "customerPayment": ("charge", "netsuite_customer_payment_id"),
    "customerDeposit": ("charge", "netsuite_customer_deposit_id"),
    "creditMemo": ("credit_note", "netsuite_credit_memo_id"),
    "deposit": ("payout", "netsuite_deposit_id"),
}
"""By record type: the Stripe object behind it and the key (rulebook section 23).

A credit note has no key there; it gets the one of a refund. Taxes, items for all and memos that an
invoice itself causes have no object of their own to be written on.
"""
TAKEN_BACK: Mapping[str, Noting] = {"re": "refund", "pyr": "refund", "du": "dispute", "dp": "dispute"}
"""What a customer refund stands for, by the beginning of its Stripe id."""
REFUND_KEYS: dict[RecordType, str] = {
    "customerRefund": "netsuite_customer_refund_id",
    "creditMemo": "netsuite_credit_memo_id",
}
"""The keys on a refund: of itself, and of its first memo (RF-9). A dispute has the first of them alone."""

RECORDS: Mapping[str, list[str]] = {
    key: [one for one, (_, ours) in KEYS.items() if ours == key]
    + [one for one, ours in REFUND_KEYS.items() if ours == key]
    for key in {*(key for _, key in KEYS.values()), *REFUND_KEYS.values()}
}
"""By key: the record types whose internal ids we write under it."""

PATIENCE = timedelta(minutes=2)
"""How long a write is left to whoever began it."""
BUSY, NOT_ALLOWED = timedelta(minutes=15), timedelta(hours=1)
SWEEP_BATCH = 200


def kinds() -> list[Noting]:
    """The kinds of Stripe objects in which we write, each once."""
    named = [kind for kind, _ in KEYS.values()]
    return list(dict.fromkeys([*named, *TAKEN_BACK.values()]))


def intend(row: MappedRecord, *, given: bool) -> None:
    """Say on a row that is about to be saved as mapped whether Stripe is to hear of it."""
    if given:
        row.noted = Noted.GIVEN
    elif row.account.write_ids_to_stripe and _address(row):
        row.noted, row.note_after, row.note_refusal = Noted.DUE, timezone.now(), ""


def anew(row: MappedRecord) -> dict[str, object]:
    """The values of a row that was pointed at another record: Stripe is to hear of that one (OM-11)."""
    if not (row.account.write_ids_to_stripe and _address(row)):
        return {"noted": Noted.NOT, "note_after": None, "note_refusal": ""}
    return {"noted": Noted.DUE, "note_after": timezone.now(), "note_refusal": ""}


def of_job(job: Job) -> None:
    """Write what a job that has ended left due. Raises nothing."""
    _write(MappedRecord.objects.filter(job=job, note_after__lte=timezone.now()))


def sweep() -> int:
    """Write what nobody has written for a while; returns how many rows were looked at. Raises nothing."""
    due = MappedRecord.objects.filter(note_after__lte=timezone.now() - PATIENCE)
    return _write(due.filter(account__paused_at=None))


def _write(due: QuerySet[MappedRecord]) -> int:
    rows = list(due.filter(noted=Noted.DUE).select_related("account").order_by("note_after")[:SWEEP_BATCH])
    for row in rows:
        try:
            if not _is_put_off(row) and _take(row):
                _write_one(row)
        except Exception:
            log.exception("id not written to stripe", record=str(row))
    return len(rows)


def _take(row: MappedRecord) -> bool:
    """Have the row for a while, unless somebody else has taken it since it was read."""
    taken = MappedRecord.objects.filter(pk=row.pk, noted=Noted.DUE, note_after=row.note_after)
    return bool(taken.update(note_after=timezone.now() + PATIENCE))


def _write_one(row: MappedRecord) -> None:
    address = _address(row)
    if not (row.account.write_ids_to_stripe and address):
        _end(row, Noted.NOT)
        return
    kind, key = address
    try:
        doors.stripe_client(row.account).write_metadata(
            kind,
            row.stripe_id,
            {key: row.internal_id},
            idempotency_key=f"suitesync-{row.stripe_id}-{key}-{row.internal_id}-{len(row.exchanged)}",
        )
    except RetryLater as verdict:
        _put_off(row, verdict, BUSY)
    except NeedsAttention as verdict:  # the key, or what it may do: a person mends that for all of them
        _put_off(row, verdict, NOT_ALLOWED)
    except Verdict as verdict:
        _end(row, Noted.REFUSED, verdict.message)
        log.warning("stripe refused the id", record=str(row), code=verdict.code)
    else:
        _end(row, Noted.DONE)


def _end(row: MappedRecord, noted: Noted, refusal: str = "") -> None:
    """Keep what became of it; a row that was pointed at another record meanwhile is still due."""
    same = MappedRecord.objects.filter(pk=row.pk, noted=Noted.DUE, internal_id=row.internal_id)
    same.update(noted=noted, note_after=None, note_refusal=refusal)


def _put_off(row: MappedRecord, verdict: Verdict, delay: timedelta) -> None:
    """This row and all that wait with it: one refused request an hour is enough."""
    _alike(row).update(note_after=timezone.now() + delay, note_refusal=verdict.message)
    log.info("ids are written to stripe later", account=row.account.name, code=verdict.code)


def _is_put_off(row: MappedRecord) -> bool:
    """Whether others of its kind wait for the same refusal to be mended; then it waits with them."""
    waiting = _alike(row).filter(note_after__gt=timezone.now()).exclude(note_refusal="")
    first = waiting.exclude(pk=row.pk).order_by("note_after").first()
    if first is None:
        return False
    _alike(row).filter(pk=row.pk).update(note_after=first.note_after, note_refusal=first.note_refusal)
    return True


def _alike(row: MappedRecord) -> QuerySet[MappedRecord]:
    return MappedRecord.objects.filter(account=row.account, record_type=row.record_type, noted=Noted.DUE)


def _address(row: MappedRecord) -> tuple[Noting, str] | None:
    """Where the row's record is named: on the Stripe object whose id it bears, or that its memo is of.

    Not the further deposits of a payout, nor the invoice that we made for a charge.
    """
    if row.record_type == "creditMemo":
        return _address_of_memo(row)
    if row.external_id != row.stripe_id:
        return None
    if row.record_type == "customerRefund":
        kind = TAKEN_BACK.get(row.stripe_id.partition("_")[0])
        return (kind, REFUND_KEYS["customerRefund"]) if kind else None
    return KEYS.get(row.record_type)


def _address_of_memo(row: MappedRecord) -> tuple[Noting, str] | None:
    """A credit note names its memo, a refund the first of its own (RF-9)."""
    of = row.stripe_id.partition("_")[0]
    if of == "cn":
        return KEYS["creditMemo"]
    first = row.external_id == f"ns_memo:{row.stripe_id}"
    return ("refund", REFUND_KEYS["creditMemo"]) if first and TAKEN_BACK.get(of) == "refund" else None


def refusals(account: StripeAccount) -> list[str]:
    """Why Stripe does not take ids of this account at present, each reason once."""
    told = MappedRecord.objects.filter(account=account, noted__in=(Noted.DUE, Noted.REFUSED))
    return list(told.exclude(note_refusal="").order_by().values_list("note_refusal", flat=True).distinct())


# What we wrote ourselves, taken out again before anything is translated


def invoice_without_our_ids(invoice: Invoice, account: NetSuiteAccount, gateway: Gateway) -> Invoice:
    """The invoice as people left it. A revision carries a copy of what we wrote on the original."""
    known = (invoice.id, invoice.revises)
    return replace(invoice, metadata=_left(invoice.metadata, "invoice", invoice.id, known, account, gateway))


def charge_without_our_ids(charge: Charge, account: NetSuiteAccount, gateway: Gateway) -> Charge:
    """The charge as people left it."""
    metadata, known = charge.metadata, (charge.id,)
    kinds: tuple[RecordType, ...] = ("customerPayment", "customerDeposit")
    for record_type in kinds:
        metadata = _left(metadata, record_type, charge.id, known, account, gateway)
    left = replace(charge, metadata=metadata)
    if (link := link_of(left)) and (other := _booked_otherwise(link, account)):
        text = f"{link.metadata_key} of {charge.id} is {link.internal_id}, and it is booked as {other}."
        raise NeedsAttention("metadata_names_another", text)
    return left


def _booked_otherwise(link: Link, account: NetSuiteAccount) -> str:
    """As what other type of record a charge is booked; empty if as none."""
    others = [kind for kind in LINKS.values() if kind != link.type]
    rows = MappedRecord.objects.filter(netsuite_account=account, record_type__in=others, external_id=link.key)
    row = rows.filter(state=MappedRecord.State.MAPPED).first()
    return f"{row.record_type} {row.internal_id}" if row else ""


def payment_without_our_ids(
    payment: InvoicePayment, account: NetSuiteAccount, gateway: Gateway
) -> InvoicePayment:
    """An invoice's payment with its charge as people left it."""
    if payment.charge is None:
        return payment
    return replace(payment, charge=charge_without_our_ids(payment.charge, account, gateway))


def note_without_our_ids(note: CreditNote, account: NetSuiteAccount, gateway: Gateway) -> CreditNote:
    """The credit note as people left it."""
    known = (external_id(note),)
    return replace(note, metadata=_left(note.metadata, "creditMemo", known[0], known, account, gateway))


def refund_without_our_ids(refund: Refund, account: NetSuiteAccount, gateway: Gateway) -> Refund:
    """The refund as people left it."""
    own = {"customerRefund": refund.id, "creditMemo": f"ns_memo:{refund.id}"}
    metadata = refund.metadata
    for record_type, key in REFUND_KEYS.items():
        mine = own[record_type]
        metadata = _left(metadata, record_type, mine, (mine,), account, gateway, key)
    return replace(refund, metadata=metadata)


def payout_without_our_ids(payout: Payout, account: NetSuiteAccount, gateway: Gateway) -> Payout:
    """The payout as people left it."""
    metadata = _left(payout.metadata, "deposit", payout.id, (payout.id,), account, gateway)
    return replace(payout, metadata=metadata)


def dispute_without_our_ids(dispute: Dispute, account: NetSuiteAccount, gateway: Gateway) -> Dispute:
    """The dispute as people left it."""
    key, known = REFUND_KEYS["customerRefund"], (dispute.id,)
    metadata = _left(dispute.metadata, "customerRefund", dispute.id, known, account, gateway, key)
    return replace(dispute, metadata=metadata)


def _left(
    metadata: Mapping[str, str],
    record_type: RecordType,
    own: str,
    known: tuple[str, ...],
    account: NetSuiteAccount,
    gateway: Gateway,
    key: str = "",
) -> Mapping[str, str]:
    """The metadata without our key, if it names the record that we have for this very object.

    Raises NeedsAttention when it names the record of another object, since two cannot be one booking,
    or another record than the one that this object is booked as.
    """
    key = key or KEYS[record_type][1]
    named = metadata.get(key, "").strip()
    if not named:
        return metadata
    rows = MappedRecord.objects.filter(netsuite_account=account, record_type=record_type)
    stand = rows.filter(state=MappedRecord.State.MAPPED, internal_id=named).exclude(noted=Noted.GIVEN)
    others = list(stand.values_list("external_id", flat=True))
    booked = dict(_booked(rows, known))
    if (
        any(one in known for one in others)
        or named in _former(rows.filter(external_id__in=known))
        or _is_of_other_books(record_type, known, named, account)
        or _is_ours_there(record_type, set(known) - {*booked, ""}, named, gateway)
    ):
        return {name: value for name, value in metadata.items() if name != key}
    if others:
        text = f"{key} of {own} is {named}, and that record stands for {others[0]} already."
        raise NeedsAttention("metadata_record_taken", text)
    if booked.get(own, named) != named:
        text = f"{key} of {own} is {named}, and it is booked as {booked[own]}."
        raise NeedsAttention("metadata_names_another", text)
    return metadata


def customer_without_ids_of_others(customer: Customer, account: NetSuiteAccount) -> Customer:
    """The customer without what we wrote for the books of another NetSuite company."""
    return replace(customer, metadata=_books_left(customer.metadata, "customer", customer.id, account))


def price_without_ids_of_others(price: Price, account: NetSuiteAccount) -> Price:
    """The price without what we wrote for the books of another NetSuite company."""
    return replace(price, metadata=_books_left(price.metadata, "serviceSaleItem", price.id, account))


def coupon_without_ids_of_others(coupon: Coupon, account: NetSuiteAccount) -> Coupon:
    """The coupon without what we wrote for the books of another NetSuite company."""
    return replace(coupon, metadata=_books_left(coupon.metadata, "discountItem", coupon.id, account))


def _books_left(
    metadata: Mapping[str, str], record_type: RecordType, own: str, account: NetSuiteAccount
) -> Mapping[str, str]:
    key = KEYS[record_type][1]
    named = metadata.get(key, "").strip()
    if not (named and _is_of_other_books(record_type, (own,), named, account)):
        return metadata
    return {name: value for name, value in metadata.items() if name != key}


def _is_of_other_books(
    record_type: RecordType, known: tuple[str, ...], named: str, account: NetSuiteAccount
) -> bool:
    """Whether we wrote it ourselves for another NetSuite company, whose numbers mean nothing here."""
    rows = MappedRecord.objects.filter(record_type=record_type, external_id__in=known)
    theirs = rows.exclude(netsuite_account=account).filter(noted__in=(Noted.DUE, Noted.DONE, Noted.REFUSED))
    return theirs.filter(internal_id=named).exists() or named in _former(theirs)


def _booked(rows: QuerySet[MappedRecord], known: tuple[str, ...]) -> QuerySet[MappedRecord, tuple[str, str]]:
    """The internal ids of those that are booked, by external id."""
    booked = rows.filter(external_id__in=known, state=MappedRecord.State.MAPPED)
    return booked.values_list("external_id", "internal_id")


def _former(rows: QuerySet[MappedRecord]) -> set[str]:
    """What these rows pointed at before somebody pointed them elsewhere; Stripe may still say so."""
    pointed = rows.exclude(noted=Noted.GIVEN).values_list("exchanged", flat=True)
    return {entry["before"] for entries in pointed for entry in entries}


def _is_ours_there(record_type: RecordType, lacking: set[str], named: str, gateway: Gateway) -> bool:
    """Whether NetSuite holds it under an external id of ours that our map lacks: after a restore."""
    return bool(lacking) and named in gateway.find(record_type, sorted(lacking)).values()
