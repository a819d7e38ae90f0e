"""Refunds, disputes and how their payment stands, as values; a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Line, Ref
from connector.stripe.balance import BalanceTransaction
from connector.stripe.objects import Charge
from connector.stripe.reversals import Dispute, Refund
from connector.translation.plan import Plan, Summary
from connector.translation.reversals import Booked, Reversals, added
from connector.translation.settings import Settings
from connector.translation.takeback import Settled, Standing
from tests.translation.builders import charge, settings, usd

GIVEN_BACK = datetime(2026, 11, 10, 12, tzinfo=UTC)
IN_1, CH_1 = Ref("invoice", "in_1"), Ref("customerPayment", "ch_1")
ACME = Ref("customer", "cus_1")
TAX = Ref("account", internal_id="57")


def moved(amount: Amount, at: datetime = GIVEN_BACK, **changes: Any) -> BalanceTransaction:
    """A movement on the balance without a fee; money that left is negative."""
    given = {"id": "txn_9", "kind": "refund", "category": "refund", "fee": Amount.zero(amount.currency)}
    return BalanceTransaction(**{**given, "amount": amount, "net": amount, "created": at, **changes})


def refund(amount: Amount | str = "120.00", **changes: Any) -> Refund:
    """A refund of ch_1 whose money has left the balance."""
    money = usd(amount) if isinstance(amount, str) else amount
    given: dict[str, Any] = {
        "id": "re_1",
        "status": "succeeded",
        "created": GIVEN_BACK,
        "charge_id": "ch_1",
        "movement": moved(-money),
    }
    return Refund(amount=money, **{**given, **changes})


def dispute(amount: Amount | str = "120.00", *days: int, **changes: Any) -> Dispute:
    """A dispute of ch_1; its money leaves on the first of these days of November, returns on the next…"""
    money = usd(amount) if isinstance(amount, str) else amount
    movements = tuple(
        moved(money if turn % 2 else -money, datetime(2026, 11, day, 12, tzinfo=UTC), id=f"txn_{turn}")
        for turn, day in enumerate(days or (10,))
    )
    given: dict[str, Any] = {
        "id": "du_1",
        "status": "needs_response",
        "created": GIVEN_BACK,
        "charge_id": "ch_1",
        "reason": "fraudulent",
        "movements": movements,
    }
    return Dispute(amount=money, **{**given, **changes})


def sold(*amounts: str, tax: str = "") -> tuple[Line, ...]:
    """An invoice's lines in NetSuite: one of each price, and a tax."""
    lines = [
        Line(Ref("item", f"price_{at}"), Decimal(amount), Decimal(1), f"Thing {at}", source=f"il_{at}")
        for at, amount in enumerate(amounts, start=1)
    ]
    taxes = [Line(Ref("item", "txr_1"), Decimal(tax), account=TAX)] if tax else []
    return (*lines, *taxes)


def settles(lines: tuple[Line, ...], amount: str = "", invoice: Ref = IN_1) -> Settled:
    """An invoice with these lines, settled in full unless a test says how far."""
    whole = sum((line.amount for line in lines), Decimal(0))
    return Settled(invoice, Decimal(amount) if amount else whole, lines)


def standing(*settled: Settled, unapplied: str = "0.00", **changes: Any) -> Standing:
    """How ch_1 stands in NetSuite: what it settles, and what is left of it."""
    left = Decimal(unapplied)
    held = left + sum((one.amount for one in settled), Decimal(0))
    given = {"record": CH_1, "total": held, "customer": ACME, "unapplied": left, "settled": settled}
    return Standing(**{**given, **changes})


PAID = standing(settles(sold("120.00")))
UNAPPLIED = standing(unapplied="120.00")


def taken_back(
    *back: Refund | Dispute,
    stands: Standing | None = PAID,
    of: Charge | None = None,
    booked: Booked | None = None,
    account: Settings | None = None,
    notes: tuple[Any, ...] = (),
    plan: Plan | None = None,
) -> Plan:
    """The plan of what was taken back of ch_1."""
    refunds = tuple(one for one in back if isinstance(one, Refund))
    disputes = tuple(one for one in back if isinstance(one, Dispute))
    found = Reversals(of or charge(), refunds, disputes, notes, of_invoice=True)
    start = plan or Plan(Summary("Invoice ACME-0001"))
    return added(start, found, stands, booked or Booked(), account or settings())


def refunds_of(plan: Plan) -> dict[str, records.CustomerRefund]:
    """The planned customer refunds by external id."""
    made = (planned.record for planned in plan.records)
    return {one.external_id: one for one in made if isinstance(one, records.CustomerRefund)}


def memos_of(plan: Plan) -> dict[str, records.CreditMemo]:
    """The planned credit memos by external id."""
    made = (planned.record for planned in plan.records)
    return {one.external_id: one for one in made if isinstance(one, records.CreditMemo)}


def lines_of(memo: records.CreditMemo) -> list[tuple[str, str]]:
    """What a memo takes back: items and amounts."""
    return [(one.item.key or one.item.internal_id, str(one.amount)) for one in memo.lines]


def applied(refund: records.CustomerRefund) -> list[tuple[str, str]]:
    """What a refund is set against, and with how much."""
    return [(one.doc.key or one.doc.internal_id, str(one.amount)) for one in refund.applied + refund.deposits]


def rules_on(plan: Plan, key: str) -> set[str]:
    """The rules that made a record."""
    return {rule for one in plan.records if one.record.external_id == key for rule in one.rules}


def attention(plan: Plan) -> str:
    """The code of what a person has to mend, empty for nothing."""
    return plan.attention.code if plan.attention else ""


def elsewhere(one: Standing, *settled: Settled, unapplied: str = "0.00") -> Standing:
    """The same payment after a person has applied it otherwise in NetSuite."""
    return replace(one, settled=settled, unapplied=Decimal(unapplied))
