"""Payout -> deposit: what Stripe sent to the bank, as the bank statement shows it.

Records that wait in Undeposited Funds go to the bank, fees and whatever else moved are lines: money
out is Cash Back, money in is Other Deposits (K2). The sum is the payout, to the cent (PO-H7):

    po_1, 575.40 USD, arrives on 2026-11-12
        ch_1 450.00, ch_2 120.00, ch_3 98.75   payments      Undeposited Funds    668.75
        re_1 -40.00                            refund        Undeposited Funds    -40.00
        fees of the three charges              Cash Back     Payment fees         -53.35
                                               Bank                               575.40

NetSuite holds no deposit of zero or less. A payout that takes money from the bank is a journal
entry with the same lines, its records as one line on Undeposited Funds (PO-H4, PO-12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from connector.money import Amount, total
from connector.netsuite.records import (
    Deposit,
    DepositLine,
    Fund,
    JournalEntry,
    JournalLine,
    Ref,
    is_internal_id,
)
from connector.stripe.balance import BalanceTransaction, Payout
from connector.translation.movement import FeeKind, Role, account_of, costs, fee_kind, role_of
from connector.translation.plan import Link, Plan, Planned, Problem, Skip, Summary
from connector.translation.settings import Settings, account_ref, currency_ref

MOST_FUNDS = 10_000
"""Records on one deposit (PO-10)."""
LINK_KEY = "netsuite_deposit_id"
BASE_RULES = ("OM-4", "OM-5", "PO-1", "PO-2", "PO-3", "PO-H1", "PO-H7", "MC-4")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a payout settles, and where each part of it stands.

    `keys` is the external id of the record behind a movement, by the movement's id; `found` the
    record in NetSuite, by external id. `before_start` are movements from before the start date, which
    have none; `customers` the customer of a refund that came back, by the movement's id.
    """

    movements: Sequence[BalanceTransaction]
    keys: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Ref] = field(default_factory=dict)
    before_start: AbstractSet[str] = frozenset()
    customers: Mapping[str, Ref] = field(default_factory=dict)

    def record_of(self, movement: BalanceTransaction) -> Ref | None:
        """The NetSuite record that stands for a movement."""
        return self.found.get(self.keys.get(movement.id, ""))

    def funds(self) -> dict[Ref, Decimal]:
        """What each record is worth in the payout, in the payout's currency (CH-H1: parts of one are one)."""
        sums: dict[Ref, Decimal] = {}
        for movement in self.movements:
            if ref := self.record_of(movement):
                sums[ref] = sums.get(ref, Decimal(0)) + movement.amount.value
        return sums


def summarise(payout: Payout) -> Summary:
    """Payout, its day and its amount."""
    day = payout.arrival_date
    return Summary(f"Payout of {day.day} {day:%b %Y}", amount=payout.amount)


def left_alone(payout: Payout) -> Skip | None:
    """Why a payout makes no deposit: Stripe does not say what is in it, or it never reached the bank."""
    if payout.status == "canceled":
        return Skip("payout_canceled", f"{payout.id} was called back before it reached the bank.")
    if not payout.automatic and payout.method == "instant":
        return Skip("instant_payout", f"{payout.id} over {payout.amount} was paid out at once on request.")
    if not payout.automatic:
        return Skip("manual_payout", f"{payout.id} over {payout.amount} was started by hand.")
    return None


def link_of(payout: Payout) -> Link | Problem | None:
    """The deposit that NetSuite holds already, when the payout's metadata names it (ME-1)."""
    named = payout.metadata.get(LINK_KEY, "").strip()
    if not named:
        return None
    if not is_internal_id(named):
        return Problem(
            "metadata_not_an_id", f"{LINK_KEY} of {payout.id} is “{named}”, which is no internal id."
        )
    return Link("deposit", payout.id, named, LINK_KEY, ("ME-1",))


def translate(payout: Payout, contents: Contents, settings: Settings) -> Plan:
    """The deposit of a payout, several when NetSuite cannot hold it in one, or a journal entry."""
    summary = summarise(payout)
    lines = _Lines.of(payout, contents, settings)
    problems = [*_missing_accounts(payout, settings), *lines.problems, *_linked_twice(contents)]
    if problems:
        return Plan(summary, problems=tuple(dict.fromkeys(problems)))
    difference = payout.amount.value - lines.sum - sum(contents.funds().values(), Decimal(0))
    note = ""
    if difference and not settings.payout_difference_account:
        parts = Amount(payout.amount.value - difference, payout.amount.currency)
        text = f"The parts of {payout.id} add up to {parts}, and it is over {payout.amount}."
        return Plan(summary, problems=(Problem("payout_difference", text),))
    if difference:
        note = f"Differs from the sum of its parts by {Amount(difference, payout.amount.currency)}."
        lines.add(settings.payout_difference_account, difference, note, rules=("K15", "PO-8"))
    return Plan(summary, records=tuple(_records(payout, contents, lines, note, settings)))


def _missing_accounts(payout: Payout, settings: Settings) -> Iterator[Problem]:
    currency = payout.amount.currency
    if currency not in settings.bank_accounts:
        text = f"No bank account is chosen for payouts in {currency}."
        yield Problem("payout_currency_account_missing", text)
    if not settings.undeposited_funds_account:
        yield Problem("undep_funds_account_not_found", "No Undeposited Funds account is chosen.")


def _linked_twice(contents: Contents) -> Iterator[Problem]:
    """Two things of Stripe's cannot be one record of NetSuite's."""
    keys: dict[Ref, str] = {}
    for key in dict.fromkeys(contents.keys.values()):
        ref = contents.found.get(key)
        if ref is None:
            continue
        number = Ref(ref.type, internal_id=ref.internal_id)
        if number in keys:
            text = f"{keys[number]} and {key} are both linked to {ref.type} {ref.internal_id}."
            yield Problem("duplicate_netsuite_record_in_payout", text)
        keys[number] = key


# The lines


@dataclass(slots=True)
class _Lines:
    """The lines of a deposit beside its records: account, signed amount, memo, entity."""

    currency: str
    made: list[tuple[str, Decimal, str, Ref | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rules: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, payout: Payout, contents: Contents, settings: Settings) -> _Lines:
        lines = cls(payout.amount.currency)
        for movement in contents.movements:
            if contents.record_of(movement) is None and movement.id not in contents.before_start:
                lines._movement(movement, contents, settings)
        lines._before_start(contents, settings)
        lines._fees(contents.movements, settings)
        return lines

    @property
    def sum(self) -> Decimal:
        """What the lines add to the deposit."""
        return sum((amount for _, amount, _, _ in self.made), Decimal(0))

    def add(
        self, account: str, amount: Decimal, memo: str, entity: Ref | None = None, *, rules: tuple[str, ...]
    ) -> None:
        """One more line; a positive amount is money in."""
        self.made.append((account, amount, memo, entity))
        self.rules.update(dict.fromkeys((*rules, "PO-5", "K2")))

    def _movement(self, movement: BalanceTransaction, contents: Contents, settings: Settings) -> None:
        role, account = role_of(movement), account_of(movement, settings)
        if role is Role.RECORD:
            self.problems.append(
                Problem("inventorying_waiting_on_child_records", _not_there(movement, contents))
            )
            return
        if not account:
            self.problems.append(_unmapped(movement))
            return
        if not movement.amount:
            return
        entity = contents.customers.get(movement.id)
        if role is Role.REFUND_BACK and entity is None:
            self.problems.append(_of_nobody(movement, contents))
            return
        memo = f"Stripe: {movement.id}. {movement.description or movement.kind.replace('_', ' ')}"
        self.add(account, movement.amount.value, memo, entity, rules=_rules_of(movement))

    def _before_start(self, contents: Contents, settings: Settings) -> None:
        """RF-12: what is older than the books, in one line on the income account, or named."""
        old = [one for one in contents.movements if one.id in contents.before_start]
        if not old:
            return
        amount = total([one.amount for one in old], self.currency)
        many = f"{len(old)} transactions" if len(old) > 1 else old[0].source_id
        if not settings.summarize_before_start:
            text = f"{many} over {amount} are from before the start date."
            self.problems.append(Problem("payout_before_start_date", text))
        elif not settings.income_account:
            text = f"{many} over {amount} need an income account."
            self.problems.append(Problem("income_account_missing", text))
        elif amount:
            memo = f"From before the start date: {many}."
            self.add(settings.income_account, amount.value, memo, rules=("RF-12", "BF-3"))

    def _fees(self, movements: Iterable[BalanceTransaction], settings: Settings) -> None:
        """One line for each category and direction (PO-H2, K2)."""
        sums: dict[tuple[FeeKind, bool], Decimal] = {}
        for movement in movements:
            for kind, amount in costs(movement):
                place = (kind, amount.value > 0)
                sums[place] = sums.get(place, Decimal(0)) + amount.value
        for (kind, charged), cost in sums.items():
            account = kind.account(settings)
            if not account:
                text = f"No account is chosen for “{kind.title}”: payment fees."
                self.problems.append(Problem("missing_netsuite_account_mapping", text))
            elif cost:
                memo = kind.title if charged else f"{kind.title}, given back"
                self.add(account, -cost, memo, rules=(*kind.rules, "PO-H2"))


def _not_there(movement: BalanceTransaction, contents: Contents) -> str:
    return f"{contents.keys.get(movement.id, movement.source_id)} over {movement.amount} is not in NetSuite."


def _of_nobody(movement: BalanceTransaction, contents: Contents) -> Problem:
    """A refund that came back is its customer's credit, and nothing tells whose (RF-H2)."""
    key = movement.source_id
    if key not in contents.found:
        text = f"{key} is not in NetSuite, whose {movement.amount} came back."
        return Problem("inventorying_waiting_on_child_records", text)
    ref = contents.found[key]
    text = f"{key} ({ref.type} {ref.internal_id}) is not in NetSuite any more. {movement.amount} came back."
    return Problem("deleted_netsuite_record", text)


def _unmapped(movement: BalanceTransaction) -> Problem:
    needed = {
        Role.PAYOUT: "payout clearing",
        Role.REFUND_BACK: "Accounts Receivable",
        Role.DISPUTE_BACK: "dispute reversals",
    }
    name = needed.get(role_of(movement), f"the type {movement.kind}")
    if fee_kind(movement):
        name = "payment fees"
    elif movement.kind == "adjustment" and role_of(movement) is Role.OTHER:
        name = "adjustments"
    text = f"No account is chosen for {name}, which {movement.id} over {movement.amount} needs."
    return Problem("missing_netsuite_account_mapping", text)


def _rules_of(movement: BalanceTransaction) -> tuple[str, ...]:
    by_role = {
        Role.REFUND_BACK: ("RF-H2",),
        Role.DISPUTE_BACK: ("DS-5", "DS-6"),
        Role.PAYOUT: ("PO-H5",),
    }
    return by_role.get(role_of(movement), ("PO-H3",))


# The records


def _records(
    payout: Payout, contents: Contents, lines: _Lines, note: str, settings: Settings
) -> Iterator[Planned]:
    funds = [
        Fund(Ref(ref.type, internal_id=ref.internal_id), amount) for ref, amount in contents.funds().items()
    ]
    memo = " ".join(filter(None, (f"Stripe: {payout.id}.", payout.description, note)))
    rules = (*BASE_RULES, *lines.rules, *_more_rules(contents, payout))
    parts = _parts(funds, lines.sum)
    if payout.amount.value <= 0 or not parts:
        yield Planned(_journal(payout, funds, lines, memo, settings), payout.id, (*rules, "PO-H4", "PO-12"))
        return
    whole = _deposit(payout, lines, memo, settings)
    if len(parts) == 1:
        yield Planned(replace(whole, funds=tuple(funds)), payout.id, rules)
        return
    for number, part in enumerate(parts, 1):
        first = number == 1
        record = replace(
            whole,
            external_id=part_key(payout.id, number),
            funds=tuple(part),
            other=whole.other if first else (),
            cash_back=whole.cash_back if first else (),
            memo=f"{memo} Part {number} of {len(parts)} of {payout.amount}.",
        )
        yield Planned(record, payout.id, (*rules, "PO-H8"))


def part_key(payout_id: str, number: int) -> str:
    """The external id of a part of a payout; the first has the payout's own."""
    return payout_id if number == 1 else f"{payout_id}:{number}"


def _more_rules(contents: Contents, payout: Payout) -> Iterator[str]:
    if any(one.exchange_rate is not None for one in contents.movements):
        yield "MC-5"
    if any(one.kind == "payout_failure" for one in contents.movements):
        yield "PO-H5"


def _parts(funds: Sequence[Fund], lines: Decimal) -> list[list[Fund]]:
    """The records of each deposit; none when a part would be zero or less, which NetSuite does not save.

    They are dealt out like cards, the largest first, so that no part has all the refunds.
    """
    count = max(-(-len(funds) // MOST_FUNDS), 1)
    if count == 1:
        return [list(funds)]
    dealt = sorted(funds, key=lambda fund: fund.amount, reverse=True)
    parts = [dealt[place::count] for place in range(count)]
    sums = [sum((fund.amount for fund in part), Decimal(0)) for part in parts]
    return parts if sums[0] + lines > 0 and min(sums) > 0 else []


def _deposit(payout: Payout, lines: _Lines, memo: str, settings: Settings) -> Deposit:
    sides = [
        (amount > 0, DepositLine(account_ref(account), abs(amount), text, entity))
        for account, amount, text, entity in lines.made
    ]
    return Deposit(
        external_id=payout.id,
        tran_date=payout.arrival_date,
        account=account_ref(settings.bank_accounts[payout.amount.currency]),
        currency=currency_ref(payout.amount.currency),
        funds_account=account_ref(settings.undeposited_funds_account),
        other=tuple(line for is_in, line in sides if is_in),
        cash_back=tuple(line for is_in, line in sides if not is_in),
        memo=memo,
    )


def _journal(
    payout: Payout, funds: Sequence[Fund], lines: _Lines, memo: str, settings: Settings
) -> JournalEntry:
    """Cr bank, and the other side of every line; the records together, on Undeposited Funds."""
    bank = account_ref(settings.bank_accounts[payout.amount.currency])
    waiting = sum((fund.amount for fund in funds), Decimal(0))
    sides = [
        JournalLine(bank, payout.amount.value, memo),
        JournalLine(account_ref(settings.undeposited_funds_account), -waiting, memo),
        *(JournalLine(account_ref(each), -amount, text, entity) for each, amount, text, entity in lines.made),
    ]
    return JournalEntry(
        external_id=payout.id,
        tran_date=payout.arrival_date,
        currency=currency_ref(payout.amount.currency),
        lines=tuple(side for side in sides if side.amount),
        subsidiary=settings.subsidiary_ref,
        memo=memo,
    )


# A payout that came back


def returned(payout: Payout, day: date, settings: Settings) -> Plan:
    """The money of a booked payout that the bank sent back, until another payout brings it (PO-H5).

    Dr payout clearing, Cr bank. Its deposit stays, for the bank statement shows both.
    """
    summary, currency = summarise(payout), payout.amount.currency
    bank, clearing = settings.bank_accounts.get(currency, ""), settings.payout_clearing_account
    if not bank:
        text = f"No bank account is chosen for payouts in {currency}."
        return Plan(summary, problems=(Problem("payout_currency_account_missing", text),))
    if not clearing:
        text = f"No payout clearing account is chosen, which the return of {payout.id} needs."
        return Plan(summary, problems=(Problem("missing_netsuite_account_mapping", text),))
    why = payout.failure_message or "no reason given"
    memo = f"Stripe: {payout.id}. Sent back by the bank: {why}"
    record = JournalEntry(
        external_id=f"{payout.id}:returned",
        tran_date=day,
        currency=currency_ref(currency),
        lines=(
            JournalLine(account_ref(clearing), payout.amount.value, memo),
            JournalLine(account_ref(bank), -payout.amount.value, memo),
        ),
        subsidiary=settings.subsidiary_ref,
        memo=memo,
    )
    alert = Problem("payout_failed_after_paid", f"The bank sent {payout.id} over {payout.amount} back: {why}")
    planned = Planned(record, payout.id, ("OM-4", "OM-5", "PO-H5"))
    return Plan(summary, records=(planned,), alert=alert)
