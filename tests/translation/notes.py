"""Credit notes as values, lawful as they stand; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connector.money import Amount, total
from connector.netsuite import records
from connector.stripe.credit_note import CreditNote, CreditNoteLine
from connector.stripe.objects import Invoice, InvoicePayment
from connector.translation.invoice import translate
from connector.translation.plan import Plan, Planned
from connector.translation.settings import Settings
from tests.translation.builders import settings, usd

NOTED = datetime(2026, 11, 10, 12, tzinfo=UTC)


def note_line(amount: Amount | str = "40.00", **changes: Any) -> CreditNoteLine:
    """A line that takes back a part of il_1."""
    money = usd(amount) if isinstance(amount, str) else amount
    given = {"id": "cnli_1", "invoice_line_id": "il_1", "quantity": Decimal(1), **changes}
    return CreditNoteLine(amount=money, **given)


def note(lines: Iterable[CreditNoteLine] | None = None, **changes: Any) -> CreditNote:
    """A note over 40.00 USD on in_1 while it was open; its parts follow from what a test says of it."""
    kept = (note_line(),) if lines is None else tuple(lines)
    currency = kept[0].amount.currency if kept else "USD"
    amount = changes.pop("amount", None) or total([each.amount for each in kept], currency)
    nothing = Amount.zero(currency)
    after = any(name in changes for name in ("post_payment", "refunded", "out_of_band"))
    given: dict[str, Any] = {
        "id": "cn_1",
        "invoice_id": "in_1",
        "status": "issued",
        "created": NOTED,
        "amount": amount,
        "pre_payment": nothing if after else amount,
        "post_payment": amount if after else nothing,
        "refunded": nothing,
        "out_of_band": nothing,
        "lines": kept,
        "balance_movement_id": "cbtxn_1" if after else "",
    }
    return CreditNote(**{**given, **changes})


def plan_of(
    bill: Invoice,
    *payments: InvoicePayment,
    notes: Iterable[CreditNote] = (),
    account: Settings | None = None,
    booked: bool = True,
) -> Plan:
    """The plan of an invoice with its payments and notes."""
    counted = total([one.amount for one in notes if one.status == "issued"], bill.currency)
    bill = replace(bill, credit_notes=counted)
    return translate(bill, payments, {}, account or settings(), tuple(notes), booked=booked)


def memos_of(plan: Plan) -> dict[str, Planned]:
    """The planned credit memos by external id; nothing may speak against the plan."""
    assert (plan.problems, plan.skip) == ((), None)
    return {
        planned.record.external_id: planned
        for planned in plan.records
        if isinstance(planned.record, records.CreditMemo)
    }


def memo_of(plan: Plan) -> records.CreditMemo:
    """The one planned credit memo."""
    (planned,) = memos_of(plan).values()
    assert isinstance(planned.record, records.CreditMemo)
    return planned.record


def open_amount(plan: Plan) -> Decimal:
    """What NetSuite shows as open on in_1 once the plan stands there; nothing may be applied twice over."""
    (bill,) = (planned.record for planned in plan.records if isinstance(planned.record, records.Invoice))
    left = bill.total
    for record in (planned.record for planned in plan.records):
        if isinstance(record, records.CustomerPayment | records.CreditMemo):
            applied = sum((one.amount for one in record.applied), Decimal(0))
            assert all(one.amount > 0 for one in record.applied)
            assert applied <= record.total
            left -= applied
            assert left >= 0
    return left
