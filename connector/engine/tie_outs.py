"""Tie-outs: each payout of a period as Stripe, our map and NetSuite have it; kept, so that pages can show it.

Stripe's list says which payouts there are, also those that no message told us of. NetSuite's deposits
are read by number, a few in one request. Only reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone

from connector.engine import payout_rows, payouts
from connector.engine.source import Source
from connector.models import Job, MappedRecord, PayoutLine, TieOut
from connector.models import Payout as Row
from connector.money import Amount
from connector.netsuite.gateway import Criterion, Snapshot
from connector.netsuite.records import RecordType
from connector.stripe import listing
from connector.stripe.balance import Payout
from connector.translation.plan import Problem
from connector.translation.tie_out import Booked, Difference, Held, Part, Split, compare, lacking

AT_ONCE = 20
"""Deposits in one request: each may hold ten thousand records."""
BY_HAND_WITHIN = timedelta(days=14)
"""So long after a payout made by hand a person's deposit of its amount is taken for it."""
State, Standing = MappedRecord.State, TieOut.Standing


def compare_all(source: Source, first: date, last: date) -> list[TieOut]:
    """The tie-out of every payout that arrives from `first` to `last`, the newest first."""
    listed = list(_payouts(source, first, last))
    for payout in listed:
        payout_rows.keep_head(payout, source)
        _learn_parts(payout, source)
    records = _records(source, listed)
    held = _held(records, source)
    ids = [payout.id for payout in listed]
    rows = {row.payout_id: row for row in Row.objects.filter(account=source.account, payout_id__in=ids)}
    by_hand = _deposits_by_hand([payout for payout in listed if not payout.automatic], source)
    made = [
        _tie_out(rows[payout.id], payout, records.get(payout.id, []), held, by_hand, source)
        for payout in listed
    ]
    return sorted(made, key=lambda one: (one.payout.arrival_date, one.payout.pk), reverse=True)


def _payouts(source: Source, first: date, last: date) -> Iterator[Payout]:
    since = datetime.combine(first, time.min, UTC)
    until = datetime.combine(last + timedelta(days=1), time.min, UTC)
    for _, page in listing.walk("payout", since, until, source.client.fetch_page):
        yield from (one for one in page.objects if isinstance(one, Payout))


def _learn_parts(payout: Payout, source: Source) -> None:
    """Of a payout whose parts nobody has looked at yet, ask Stripe for them."""
    known = PayoutLine.objects.filter(payout__account=source.account, payout__payout_id=payout.id)
    if payout.reconciled and payout.status not in ("canceled", "failed") and not known.exists():
        payout_rows.keep(payout, payouts.contents_of(payout, source), source)


def _records(source: Source, listed: Sequence[Payout]) -> dict[str, list[MappedRecord]]:
    """What we booked for each payout, its return included."""
    found: dict[str, list[MappedRecord]] = {}
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite,
        account=source.account,
        stripe_id__in=[payout.id for payout in listed],
        record_type__in=("deposit", "journalEntry"),
        state=State.MAPPED,
    )
    for row in rows:
        found.setdefault(row.stripe_id, []).append(row)
    return found


def _held(
    records: Mapping[str, Sequence[MappedRecord]], source: Source
) -> dict[tuple[str, str], Snapshot | None]:
    """NetSuite's side of what we booked, by type and internal id; None for what is gone."""
    numbers: dict[str, list[str]] = {}
    for row in (row for rows in records.values() for row in rows):
        numbers.setdefault(row.record_type, []).append(row.internal_id)
    held: dict[tuple[str, str], Snapshot | None] = {}
    for kind, wanted in numbers.items():
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            for number, there in zip(
                part, source.gateway.get_many(cast(RecordType, kind), part), strict=True
            ):
                held[kind, number] = there
    return held


def _deposits_by_hand(payouts_by_hand: Sequence[Payout], source: Source) -> list[Snapshot]:
    """The deposits of the days after payouts that were made by hand: a person's may be among them."""
    if not payouts_by_hand:
        return []
    first = min(payout.arrival_date for payout in payouts_by_hand)
    last = max(payout.arrival_date for payout in payouts_by_hand) + BY_HAND_WITHIN
    found = source.gateway.search("deposit", [Criterion("tranDate", "within", (first, last))])
    numbers = {one.internal_id: one for one in found}
    ours = MappedRecord.objects.filter(
        netsuite_account=source.netsuite, record_type="deposit", internal_id__in=numbers, found=False
    )
    for number in ours.values_list("internal_id", flat=True):
        del numbers[number]
    return list(numbers.values())


# One payout


def _tie_out(
    row: Row,
    payout: Payout,
    records: Sequence[MappedRecord],
    held: Mapping[tuple[str, str], Snapshot | None],
    by_hand: list[Snapshot],
    source: Source,
) -> TieOut:
    made = [one for one in records if not one.external_id.endswith(":returned")]
    returned = len(made) < len(records)
    if made:
        return _of_booked(row, payout, made, held, returned=returned)
    standing, differences = _of_unbooked(row, payout)
    found = _by_hand(payout, by_hand, source) if standing == Standing.BY_HAND else None
    if found:
        by_hand.remove(found)
        differences = []
    settled = standing in (Standing.ON_ITS_WAY, Standing.NOTHING) or bool(found)
    netsuite = [("deposit", found)] if found else []
    return _kept(row, standing, settled, None, netsuite, differences)


def _of_booked(
    row: Row,
    payout: Payout,
    made: Sequence[MappedRecord],
    held: Mapping[tuple[str, str], Snapshot | None],
    *,
    returned: bool,
) -> TieOut:
    there = [(one, held[one.record_type, one.internal_id]) for one in made]
    split, mapped = _split(row, payout), _mapped_total(payout, made)
    booked = Booked(mapped, made[0].ledger_account)
    found = list(compare(split, booked, _as_held(split, there)))
    if payout.status == "failed" and not returned:
        text = f"The bank sent {payout.id} over {payout.amount} back, and its return is not booked."
        found.append(
            Difference(Problem("payout_return_missing", text), payout.id, stripe=-split.amount.value)
        )
    standing = Standing.DIFFERS if found else Standing.TIES
    netsuite = [(one.record_type, snapshot) for one, snapshot in there if snapshot]
    return _kept(row, standing, not found, mapped, netsuite, found)


def _mapped_total(payout: Payout, made: Sequence[MappedRecord]) -> Decimal:
    """What we wrote; a journal entry was written with the payout's amount on its bank line."""
    if any(one.record_type == "journalEntry" or one.amount is None for one in made):
        return payout.amount.value
    return sum((one.amount for one in made if one.amount is not None), Decimal(0))


def _split(row: Row, payout: Payout) -> Split:
    """Stripe's side: the parts by the record that stands for them, and what none stands for."""
    worth: dict[str, Decimal] = {}
    lines: dict[str, PayoutLine] = {}
    others = Decimal(0)
    for line in row.lines.all().iterator(chunk_size=2000):
        others -= line.fee
        if line.external_id and line.state != PayoutLine.State.BEFORE_START:
            worth[line.external_id] = worth.get(line.external_id, Decimal(0)) + line.amount
            lines[line.external_id] = line
        else:
            others += line.amount
    parts = [Part(key, worth[key], line.internal_id, _lacking(line)) for key, line in lines.items()]
    return Split(payout.id, payout.amount, payout.arrival_date, parts, others)


def _lacking(line: PayoutLine) -> Problem | None:
    if line.state not in (PayoutLine.State.WAITING, PayoutLine.State.REFUSED):
        return None
    text = line.message or f"{line.external_id} is not in NetSuite yet."
    return Problem(line.code if line.code else "inventorying_waiting_on_child_records", text)


def _as_held(split: Split, there: Iterable[tuple[MappedRecord, Snapshot | None]]) -> Held:
    """NetSuite's side: all deposits of a payout together, or its journal entry."""
    total, others, gone = Decimal(0), Decimal(0), []
    funds: dict[str, Decimal] | None = {}
    days, accounts = set(), set()
    for row, snapshot in there:
        if snapshot is None:
            gone.append(row.internal_id)
            continue
        days |= {snapshot.tran_date} - {None}
        if row.record_type == "journalEntry":
            mine = [line.amount for line in snapshot.ledger_lines if line.account == row.ledger_account]
            total, funds = total + sum(mine, Decimal(0)), None
            continue
        total += snapshot.total or Decimal(0)
        others += sum((line.amount for line in snapshot.ledger_lines), Decimal(0))
        accounts |= {snapshot.account} - {""}
        for one in snapshot.funds:
            funds = funds or {}
            funds[one.internal_id] = funds.get(one.internal_id, Decimal(0)) + one.amount
    if not split.parts and funds is not None:  # a person linked it: its lines are theirs
        funds, others = None, split.others
    return Held(total, others, funds, frozenset(cast(set[date], days)), frozenset(accounts), tuple(gone))


def _of_unbooked(row: Row, payout: Payout) -> tuple[str, list[Difference]]:
    """How a payout stands that is on no deposit, and why."""
    if payout.status in ("canceled", "failed"):
        return Standing.NOTHING, []
    if payout.status in ("pending", "in_transit"):
        return Standing.ON_ITS_WAY, []
    if not payout.automatic:
        text = f"{payout.id} over {payout.amount} was made by hand, and no deposit of that amount was found."
        return Standing.BY_HAND, [_whole(Problem("payout_by_hand_not_deposited", text), payout)]
    found = list(lacking(_split(row, payout)))
    if why := _asking(row):
        found.insert(0, _whole(why, payout))
    elif not found:
        text = f"{payout.id} over {payout.amount} is at the bank, and NetSuite has no deposit for it yet."
        found.append(_whole(Problem("payout_not_deposited", text), payout))
    return Standing.NOT_BOOKED, found


def _whole(problem: Problem, payout: Payout) -> Difference:
    return Difference(problem, payout.id, stripe=payout.amount.value)


def _asking(row: Row) -> Problem | None:
    """What the payout's job asks a person, if it is about the payout and not about one record."""
    job = Job.objects.filter(account=row.account, subject=row.payout_id).order_by("-pk").first()
    if job is None or not job.code or job.status not in (*Job.OPEN, Job.Status.SKIPPED):
        return None
    told = set(row.lines.exclude(code="").values_list("code", flat=True))
    if job.code in told or job.code.endswith("_waiting_on_child_records"):
        return None
    return Problem(job.code, job.message)


def _by_hand(payout: Payout, deposits: Sequence[Snapshot], source: Source) -> Snapshot | None:
    """The first deposit of a person's that is over the amount of the payout, on its bank account."""
    bank = source.settings.bank_accounts.get(payout.amount.currency, "")
    last = payout.arrival_date + BY_HAND_WITHIN
    for one in deposits:
        in_time = one.tran_date is not None and payout.arrival_date <= one.tran_date <= last
        if in_time and one.total == payout.amount.value and one.account in ("", bank):
            return one
    return None


def _kept(
    row: Row,
    standing: str,
    settled: bool,
    mapped: Decimal | None,
    netsuite: Sequence[tuple[str, Snapshot]],
    differences: Iterable[Difference],
) -> TieOut:
    currency = row.currency
    values: dict[str, Any] = {
        "standing": standing,
        "settled": settled,
        "mapped": mapped,
        "netsuite": _total(netsuite, row) if netsuite else None,
        "records": [
            {"type": kind, "internal_id": one.internal_id, "amount": _text(_amount(kind, one, row), currency)}
            for kind, one in netsuite
        ],
        "differences": [_json(one, currency) for one in differences],
        "compared_at": timezone.now(),
    }
    tie_out, _ = TieOut.objects.update_or_create(payout=row, defaults=values)
    return tie_out


def _total(netsuite: Sequence[tuple[str, Snapshot]], row: Row) -> Decimal:
    return sum((_amount(kind, one, row) for kind, one in netsuite), Decimal(0))


def _amount(kind: str, one: Snapshot, row: Row) -> Decimal:
    """What the record brings to the bank; of a journal entry, what is on the bank account."""
    if kind != "journalEntry":
        return one.total or Decimal(0)
    bank = row.account.bank_accounts.get(row.currency, "")
    return sum((line.amount for line in one.ledger_lines if line.account == bank), Decimal(0))


def _json(one: Difference, currency: str) -> dict[str, str]:
    return {
        "code": one.problem.code,
        "message": one.problem.message,
        "key": one.key,
        "internal_id": one.internal_id,
        "stripe": _text(one.stripe, currency),
        "mapped": _text(one.mapped, currency),
        "netsuite": _text(one.netsuite, currency),
    }


def _text(value: Decimal | None, currency: str) -> str:
    return "" if value is None else Amount(value, currency).text
