"""Takeback: money that went back to a payer, taken from where its payment stands in NetSuite now.

How the payment is applied decides (RF-1, RF-2, RF-H3). What it has unapplied is given back first,
directly; the rest through a credit memo for each invoice that it settles, in order:

    ch_1 over 120.00 USD, applied to in_1 with 90.00; 100.00 of it go back by re_1
        Dr  Income                  70.00    ns_memo:re_1, of in_1
        Cr  Accounts Receivable             70.00
        Dr  Accounts Receivable    100.00    re_1, applied to ch_1 (30.00) and ns_memo:re_1 (70.00)
        Cr  Undeposited Funds              100.00

The memo is set against the refund and never against its invoice, which is paid (RF-H7). A credit
memo that is there already, of a credit note or named by a person, is used before one is made (K24).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import AUTHORIZATION_CODE, Application, Filled, Line, Ref
from connector.translation import portion
from connector.translation.plan import Planned
from connector.translation.portion import Portion, Terms
from connector.translation.settings import Settings, account_ref, currency_ref


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that a payment settles: with how much, and what the invoice sold.

    `lines` are empty when NetSuite's total is not their sum, so that a share of one cannot be told.
    `number` is what people know an invoice by that only NetSuite has.
    """

    invoice: Ref
    amount: Decimal
    lines: tuple[Line, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record of a charge stands in NetSuite: what of it is unapplied, and what it settles, in order.

    `record` is a payment, a customer deposit or somebody's cash sale.
    """

    record: Ref
    total: Decimal
    customer: Ref
    unapplied: Decimal
    settled: tuple[Settled, ...] = ()

    @property
    def given_back(self) -> Decimal:
        """What refunds have taken of the record itself, beside any memo."""
        return self.total - self.unapplied - sum((one.amount for one in self.settled), Decimal(0))

    def spent(self, amount: Decimal) -> Standing:
        """Without what earlier memos have taken back of the invoices, in their order."""
        left, settled = max(amount, Decimal(0)), []
        for one in self.settled:
            taken = min(left, one.amount)
            left -= taken
            settled.append(replace(one, amount=one.amount - taken))
        return replace(self, settled=tuple(settled))


@dataclass(frozen=True, slots=True)
class Takeback:
    """Money that left: a refund, or a withdrawal of a dispute. `amount` is in the charge's currency.

    `terms` choose the lines of its memos, `beyond` is their item where no invoice stands behind them.
    `credits` are memos that are there for it already. `exchange_rate` as on `CustomerRefund` (MC-H2).
    """

    external_id: str
    stripe_id: str
    amount: Amount
    at: datetime
    memo: str
    terms: Terms
    beyond: Ref
    rules: tuple[str, ...]
    code: str
    credits: tuple[Application, ...] = ()
    exchange_rate: Decimal | None = None
    may_exceed: bool = False
    """Whether it may be larger than what its payment holds (DS-8)."""
    returned: bool = False
    """Whether the bank has given it back since, so that the invoice may be taken back once more (DS-H5)."""
    failed: bool = False
    """Whether it came back because it never reached the payer, and is the customer's credit now (RF-H2)."""

    @property
    def memo_id(self) -> str:
        """The external id of its first memo (OM-4, K16)."""
        return f"ns_memo:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a takeback comes from: the record itself, invoices, and what neither of them covers."""

    direct: Decimal
    parts: tuple[tuple[Settled, Decimal], ...]
    beyond: Decimal


def take(takeback: Takeback, standing: Standing) -> Taken:
    """Divide what no credit covers yet: unapplied money first, then invoice by invoice."""
    left = takeback.amount.value - _total(takeback.credits)
    direct = min(left, standing.unapplied)
    left -= direct
    parts = []
    for one in standing.settled:
        amount = min(left, one.amount)
        if amount > 0:
            parts.append((one, amount))
            left -= amount
    return Taken(direct, tuple(parts), left)


def after(takeback: Takeback, taken: Taken, standing: Standing) -> Standing:
    """What is left to be taken back. What has come back since may be taken of the invoices again (DS-H5)."""
    by_memo = sum((amount for _, amount in taken.parts), _total(takeback.credits))
    rest = replace(standing, unapplied=standing.unapplied - taken.direct)
    return rest if takeback.returned else rest.spent(by_memo)


def records_of(
    takeback: Takeback, taken: Taken, standing: Standing, settings: Settings
) -> tuple[Planned, ...]:
    """The memos, then the refund that settles them."""
    memos = tuple(_memos(takeback, taken, standing, settings))
    made = tuple(_whole(planned.record) for planned in memos)
    direct = (Application(standing.record, taken.direct),) if taken.direct else ()
    deposited = standing.record.type == "customerDeposit"
    rules = [*takeback.rules, "RF-1", "RF-7", "RF-H1"]
    rules += ["RF-2"] if taken.direct else []
    rules += ["RF-11"] if taken.direct and deposited else []
    rules += ["K24", "CN-H1"] if takeback.credits else []
    refund = refund_of(
        takeback,
        standing.customer,
        takeback.credits + made + (() if deposited else direct),
        direct if deposited else (),
        settings,
        tuple(rules),
    )
    return tuple(replace(planned, rests_on=standing.record.key) for planned in (*memos, refund))


def refund_of(
    takeback: Takeback,
    customer: Ref,
    applied: tuple[Application, ...],
    deposits: tuple[Application, ...],
    settings: Settings,
    rules: tuple[str, ...],
) -> Planned:
    """The customer refund itself, out of Undeposited Funds, where its payout finds it (RF-7)."""
    record = records.CustomerRefund(
        external_id=takeback.external_id,
        customer=customer,
        currency=currency_ref(takeback.amount.currency),
        tran_date=settings.local_date(takeback.at),
        account=account_ref(settings.undeposited_funds_account),
        receivables_account=account_ref(settings.receivables_account),
        applied=applied,
        deposits=deposits,
        memo=takeback.memo,
        exchange_rate=takeback.exchange_rate,
    )
    if record.total != takeback.amount.value:
        raise ArithmeticError(f"{takeback.external_id} would give back {record.total}.")
    return Planned(record, takeback.stripe_id, ("OM-1", "OM-4", "OM-5", *rules))


def _memos(takeback: Takeback, taken: Taken, standing: Standing, settings: Settings) -> Iterator[Planned]:
    """One memo for each invoice, in order (RF-H3). What is taken beyond them goes on the last (DS-8)."""
    used = {one.doc.key for one in takeback.credits}
    parts = list(taken.parts)
    if taken.beyond and parts:
        last, amount = parts[-1]
        parts[-1] = (last, amount + taken.beyond)
    several = ("RF-H3",) if len(parts) > 1 else ()
    for settled, amount in parts:
        made = portion.of(settled.lines, amount, takeback.amount.currency, takeback.terms)
        rules = (*several, *(("RF-H8",) if standing.record.type == "customerDeposit" else ()))
        about = settled.invoice.key or f"invoice {settled.number or settled.invoice.internal_id}"
        key = _memo_id(takeback, settled.invoice.key or settled.invoice.internal_id, used)
        used.add(key)
        yield _memo(takeback, key, made, f" Of {about}.", rules, standing, settings)
    if taken.beyond and not parts:
        line = Line(takeback.beyond, taken.beyond, description=takeback.terms.words)
        made = Portion((line,), ("DS-8",))
        yield _memo(takeback, _memo_id(takeback, "beyond", used), made, "", (), standing, settings)


def _memo_id(takeback: Takeback, about: str, used: set[str]) -> str:
    """`ns_memo:re_1`; where that is taken already, with the invoice behind it."""
    return takeback.memo_id if takeback.memo_id not in used else f"{takeback.memo_id}:{about}"


def _memo(
    takeback: Takeback,
    key: str,
    made: Portion,
    about: str,
    rules: tuple[str, ...],
    standing: Standing,
    settings: Settings,
) -> Planned:
    record = records.CreditMemo(
        external_id=key,
        customer=standing.customer,
        currency=currency_ref(takeback.amount.currency),
        tran_date=settings.local_date(takeback.at),
        receivables_account=account_ref(settings.receivables_account),
        lines=made.lines,
        memo=f"{takeback.memo}{about}",
        filled=(Filled(AUTHORIZATION_CODE, takeback.code),),
    )
    rules = ("OM-1", "OM-4", "OM-5", "K16", "RF-H1", "RF-H7", *takeback.rules, *made.rules, *rules)
    return Planned(record, takeback.stripe_id, rules)


def _whole(record: records.Record) -> Application:
    """All of a memo."""
    if not isinstance(record, records.CreditMemo):
        raise TypeError(f"{record.external_id} is no credit memo")
    return Application(Ref("creditMemo", record.external_id), record.total)


def _total(applications: tuple[Application, ...]) -> Decimal:
    return sum((one.amount for one in applications), Decimal(0))
