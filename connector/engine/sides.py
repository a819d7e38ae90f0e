"""Sides: a document in Stripe beside its records in NetSuite, both as they are now; row against row.

Only for looking: each side is asked through its door and nothing is kept. A side that cannot be
asked is said to be so, and the other one is shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from connector.engine import choices, doors, drift, family, leases
from connector.engine.known import REF_TYPES
from connector.errors import NotThere, Verdict
from connector.models import Job, MappedRecord, StripeAccount
from connector.money import Amount
from connector.netsuite.gateway import Gateway, Snapshot
from connector.stripe.client import Client
from connector.translation.invoice import posting_day
from connector.translation.settings import Settings

MOST_PAIRS = 12
"""Each costs a request to Stripe; NetSuite is asked once for each type of record."""
Value = Amount | date | str | None
Agreement = Literal["", "same", "booked", "differs"]
"""Empty: not to be compared. `booked`: not the same, and NetSuite holds what we booked on purpose."""
GONE = "NetSuite has no such record any more, or our role may not see it."
NOT_THERE = "It is not in NetSuite."


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that either side says."""

    what: str
    stripe: Value
    netsuite: Value
    agreement: Agreement = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A Stripe object and the record that stands for it. `told` says why one of them is not shown."""

    stripe_id: str
    record_type: str
    internal_id: str
    rows: tuple[Row, ...]
    told: str = ""

    @property
    def differing(self) -> int:
        """How many rows differ although nobody booked them so."""
        return sum(row.agreement == "differs" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Sides:
    """Pairs in the order of the document; `troubles` say which side could not be asked, in words."""

    pairs: tuple[Pair, ...]
    troubles: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def differing(self) -> int:
        """Of all pairs."""
        return sum(pair.differing for pair in self.pairs)

    @property
    def absent(self) -> int:
        """How many of the pairs have no record in NetSuite now."""
        return sum(bool(pair.told) for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Facts:
    """What Stripe says of an object. `due` is None where Stripe's word is not NetSuite's open amount."""

    number: str = ""
    customer_id: str = ""
    name: str = ""
    email: str = ""
    day: date | None = None
    amount: Amount | None = None
    due: Amount | None = None
    status: str = ""


def read(job: Job) -> Sides:
    """Ask both sides about a job's document."""
    members = family.members(job, family.jobs_of(job))
    rows = list({row.pk: row for row in (*family.customers(job, members), *members)}.values())
    rows = [row for row in rows if REF_TYPES[row.record_type] != "item" or row.stripe_id == job.subject]
    shown = sorted(rows, key=lambda row: row.stripe_id != job.subject)[:MOST_PAIRS]
    stripe, netsuite = StripeSide(job.account), NetSuiteSide(job.account)
    netsuite.ask(shown)
    pairs = [_pair(row, stripe, netsuite) for row in shown]
    if not any(row.stripe_id == job.subject for row in rows):
        pairs.insert(0, _alone(job.subject, stripe))
    troubles = tuple(one for one in (stripe.trouble, netsuite.trouble) if one)
    return Sides(tuple(pairs), troubles, len(rows) - len(shown))


def beside(row: MappedRecord, target: Snapshot) -> tuple[Pair, tuple[str, ...]]:
    """A row's Stripe object beside a record that it might be linked to, and what could not be asked."""
    stripe, netsuite = StripeSide(row.account), NetSuiteSide(row.account)
    netsuite.take(row.record_type, target)
    facts = stripe.facts(row.stripe_id)
    pair = Pair(
        row.stripe_id, row.record_type, target.internal_id, tuple(_rows(row, facts, target, netsuite))
    )
    return pair, tuple(one for one in (stripe.trouble, netsuite.trouble) if one)


class StripeSide:
    """Stripe, asked for one object after another until it does not answer."""

    def __init__(self, account: StripeAccount) -> None:
        self.account = account
        self.settings = choices.settings_of(account)
        self.trouble = ""
        self._seen: dict[str, Facts | None] = {}

    def facts(self, stripe_id: str) -> Facts | None:
        """What Stripe says of the object now; None when it is not there, or nobody can tell."""
        if stripe_id not in self._seen:
            self._seen[stripe_id] = self._read(stripe_id)
        return self._seen[stripe_id]

    def _read(self, stripe_id: str) -> Facts | None:
        reader = READERS.get(stripe_id.partition("_")[0])
        if reader is None or self.trouble:
            return None
        try:
            return reader(doors.stripe_client(self.account), stripe_id, self.settings)
        except NotThere:
            return None
        except Verdict as verdict:
            self.trouble = f"Stripe cannot be asked now. {verdict.message}"
        return None


class NetSuiteSide:
    """NetSuite, asked for many records in few requests, and for their customers."""

    def __init__(self, account: StripeAccount) -> None:
        self.account = account
        self.trouble = ""
        self.currencies = {number: code for code, number in account.netsuite_account.currencies.items()}
        self._held: dict[tuple[str, str], Snapshot] = {}
        self._names: dict[str, str] = {}

    def ask(self, rows: Sequence[MappedRecord]) -> None:
        """Read the records of these rows."""
        wanted: dict[str, list[str]] = {}
        for row in rows:
            if row.internal_id and row.state == MappedRecord.State.MAPPED:
                wanted.setdefault(row.record_type, []).append(row.internal_id)
        if not wanted:
            return
        try:
            gateway = self._gateway()
            for record_type, numbers in wanted.items():
                for number, held in drift.held(record_type, numbers, gateway).items():
                    self._held[record_type, number] = held
            self._name_customers(gateway)
        except Verdict as verdict:
            self.trouble = f"NetSuite cannot be asked now. {verdict.message}"

    def take(self, record_type: str, held: Snapshot) -> None:
        """Use a record that was read already."""
        self._held[record_type, held.internal_id] = held
        try:
            self._name_customers(self._gateway())
        except Verdict as verdict:
            self.trouble = f"NetSuite cannot be asked now. {verdict.message}"

    def held(self, row: MappedRecord) -> Snapshot | None:
        """The record of a row, as far as it was read."""
        return self._held.get((row.record_type, row.internal_id))

    def named(self, customer: str) -> str:
        """A customer as NetSuite calls it, with its number."""
        return f"{self._names.get(customer, '')} ({customer})".strip()

    def _gateway(self) -> Gateway:
        netsuite = self.account.netsuite_account
        gateway = doors.netsuite_gateway(netsuite, f"look:{leases.owner()}")
        if not self.currencies:
            self.currencies = {number: code for code, number in gateway.fetch_currencies().items()}
        return gateway

    def _name_customers(self, gateway: Gateway) -> None:
        numbers = {one.customer for one in self._held.values() if one.customer}
        if numbers:
            held = drift.held("customer", sorted(numbers), gateway)
            self._names |= {number: one.name or one.number for number, one in held.items()}


# One pair


def _alone(stripe_id: str, stripe: StripeSide) -> Pair:
    """An object that nothing stands for."""
    facts = stripe.facts(stripe_id)
    said = _said(facts) if facts else ()
    rows = tuple(Row(what, value, None) for what, value in said if value not in (None, ""))
    return Pair(stripe_id, "", "", rows, NOT_THERE)


def _pair(row: MappedRecord, stripe: StripeSide, netsuite: NetSuiteSide) -> Pair:
    facts, held = stripe.facts(row.stripe_id), netsuite.held(row)
    told = ""
    if row.state != MappedRecord.State.MAPPED:
        told = NOT_THERE
    elif held is None and not netsuite.trouble:
        told = GONE
    return Pair(
        row.stripe_id, row.record_type, row.internal_id, tuple(_rows(row, facts, held, netsuite)), told
    )


def _said(facts: Facts) -> Iterator[tuple[str, Value]]:
    """What Stripe says, in the order of the rows."""
    yield "Number", facts.number
    yield "Customer", _with_id(facts) if facts.customer_id or facts.amount else None
    yield "Name", facts.name if facts.amount is None else None
    yield "E-mail", facts.email
    yield "Date", facts.day
    yield "Currency", facts.amount.currency if facts.amount else None
    yield "Total", facts.amount
    yield "Open amount", facts.due
    yield "Status", facts.status


def _with_id(facts: Facts) -> str:
    return f"{facts.name} ({facts.customer_id})" if facts.customer_id else facts.name


def _rows(
    row: MappedRecord, facts: Facts | None, held: Snapshot | None, netsuite: NetSuiteSide
) -> Iterator[Row]:
    said = dict(_said(facts)) if facts else {}
    answered = dict(_answered(row, held, netsuite)) if held else {}
    for what in dict.fromkeys([*said, *answered]):
        ours, theirs = said.get(what), answered.get(what)
        if ours in (None, "") and theirs in (None, ""):
            continue
        yield Row(what, ours, theirs, _agreement(what, row, facts, held, ours, theirs))


def _answered(row: MappedRecord, held: Snapshot, netsuite: NetSuiteSide) -> Iterator[tuple[str, Value]]:
    """What NetSuite says, in the same words."""
    code = netsuite.currencies.get(held.currency, "")
    total = _total(row, held)
    yield "Number", held.number
    yield "Customer", netsuite.named(held.customer) if held.customer else None
    yield "Name", held.name
    yield "E-mail", held.email
    yield "Date", held.tran_date
    yield "Currency", code if total is not None else None
    yield "Total", Amount(total, code or row.currency) if total is not None else None
    left = held.open_amount
    yield (
        "Open amount",
        Amount(left, code or row.currency) if left is not None and total is not None else None,
    )
    yield "Status", held.status


def _total(row: MappedRecord, held: Snapshot) -> Decimal | None:
    """NetSuite gives a journal entry no total: its debits are one."""
    if row.record_type != "journalEntry":
        return held.total
    return sum((line.amount for line in held.ledger_lines if line.amount > 0), Decimal(0))


def _agreement(
    what: str, row: MappedRecord, facts: Facts | None, held: Snapshot | None, ours: Value, theirs: Value
) -> Agreement:
    if held is None or facts is None or ours in (None, "") or theirs in (None, ""):
        return ""
    if what == "Customer":
        return _same_customer(row, facts, held)
    if what not in ("Date", "Currency", "Total", "Open amount") or (
        what == "Open amount" and row.record_type != "invoice"
    ):
        return ""
    if ours == theirs:
        return "same"
    booked: dict[str, Value] = {
        "Date": row.tran_date,
        "Currency": row.currency,
        "Total": Amount(row.amount, row.currency) if row.amount is not None else None,
    }
    return "booked" if booked.get(what) == theirs else "differs"


def _same_customer(row: MappedRecord, facts: Facts, held: Snapshot) -> Agreement:
    """By our map; under one customer for all, by what was booked."""
    known = MappedRecord.objects.filter(
        netsuite_account=row.netsuite_account,
        record_type="customer",
        external_id=facts.customer_id,
        state=MappedRecord.State.MAPPED,
    )
    if facts.customer_id and known.filter(internal_id=held.customer).exists():
        return "same"
    if row.customer == held.customer:
        return "booked"
    return "differs" if row.customer or known.exists() else ""


# Stripe's objects

Reader = Callable[[Client, str, Settings], Facts]


def _customer(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_customer(key)
    return Facts(name=one.name, email=one.email, status="deleted" if one.deleted else "")


def _price(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_price(key)
    return Facts(name=one.product_name or one.nickname, status="" if one.active else "archived")


def _invoice(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_invoice(key)
    return Facts(
        number=one.number,
        customer_id=one.customer_id,
        name=one.customer_name,
        day=posting_day(one, settings),
        amount=one.total,
        due=one.amount_remaining if one.status in ("open", "paid") else None,
        status=one.status,
    )


def _charge(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_charge(key)
    took_back = "disputed" if one.disputed else "refunded" if one.amount_refunded else ""
    return Facts(
        customer_id=one.customer_id,
        name=one.payer_name,
        day=settings.local_date(one.created),
        amount=one.amount_captured,
        status=", ".join(part for part in (one.status, took_back) if part),
    )


def _refund(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_refund(key)
    return Facts(day=settings.local_date(one.created), amount=one.amount, status=one.status)


def _dispute(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_dispute(key)
    return Facts(day=settings.local_date(one.created), amount=one.amount, status=one.status)


def _credit_note(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_credit_note(key)
    day = settings.local_date(one.created)
    return Facts(number=one.number, day=day, amount=one.amount, status=one.status)


def _payout(client: Client, key: str, settings: Settings) -> Facts:
    one = client.fetch_payout(key)
    return Facts(day=one.arrival_date, amount=one.amount, status=one.status)


READERS: dict[str, Reader] = {
    "cus": _customer,
    "price": _price,
    "in": _invoice,
    "ch": _charge,
    "py": _charge,
    "re": _refund,
    "pyr": _refund,
    "du": _dispute,
    "dp": _dispute,
    "cn": _credit_note,
    "po": _payout,
}
"""By how Stripe's ids begin (OM-10); a coupon's may be anything, and is shown by NetSuite alone."""
