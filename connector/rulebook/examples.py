"""Worked entries: small Stripe objects as they come over the wire, booked by the real translation.

Nothing here is written by hand but what Stripe says; what NetSuite is to hold is asked of
`connector.translation` each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import Coupon
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, InvoicePayment, Price
from connector.stripe.reversals import Dispute, Refund
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import discount as discounts
from connector.translation import invoice as invoices
from connector.translation import price as prices
from connector.translation import reversals
from connector.translation.plan import Plan
from connector.translation.settings import Settings
from connector.translation.takeback import Settled, Standing

Json = dict[str, Any]

NAMES: Mapping[str, str] = {
    "1": "Accounts Receivable",
    "2": "Undeposited Funds",
    "3": "Income",
    "4": "Sales Tax Payable",
}
"""The ledger accounts of the examples, by internal id."""

SETTINGS = Settings(
    receivables_account="1",
    undeposited_funds_account="2",
    income_account="3",
    tax_account="4",
    currencies={"USD": "1", "JPY": "2"},
)


@dataclass(frozen=True, slots=True)
class Example:
    """One case: `story` says what happened in Stripe, `plan` is what becomes of it."""

    area: str
    title: str
    story: str
    make: Callable[[], Plan]

    @property
    def plan(self) -> Plan:
        """The NetSuite records that the translation makes of it now."""
        return self.make()


def _at(month: int, day: int) -> int:
    return int(datetime(2026, month, day, 12, tzinfo=UTC).timestamp())


DAY = _at(11, 3)


def _line(amount: int, **more: Any) -> Json:
    """A line over `amount` minor units; it sells the price of the Team plan."""
    return {
        "id": "il_1",
        "object": "line_item",
        "amount": amount,
        "currency": "usd",
        "description": "Team plan",
        "quantity": 1,
        "pricing": {"price_details": {"price": "price_team"}},
        **more,
    }


def _of_subscription(amount: int, start: int, end: int, **more: Any) -> Json:
    parent = {
        "type": "subscription_item_details",
        "subscription_item_details": {"subscription": "sub_1"},
    }
    return _line(amount, parent=parent, period={"start": start, "end": end}, **more)


def _invoice(*lines: Json, **more: Any) -> Json:
    """A paid invoice; unless `more` says otherwise, all of it was paid with money."""
    total = more.get("total", sum(line["amount"] for line in lines))
    return {
        "id": "in_1",
        "object": "invoice",
        "status": "paid",
        "currency": "usd",
        "created": DAY,
        "total": total,
        "amount_due": total,
        "amount_paid": total,
        "amount_remaining": 0,
        "starting_balance": 0,
        "ending_balance": 0,
        "lines": {"data": list(lines)},
        "number": "ACME-0001",
        "customer": "cus_1",
        "customer_name": "Acme Inc.",
        "status_transitions": {"finalized_at": DAY, "paid_at": DAY},
        **more,
    }


def _charge(amount: int, **more: Any) -> Json:
    """A card payment that is on Stripe's balance."""
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "disputed": False,
        "currency": "usd",
        "status": "succeeded",
        "captured": True,
        "paid": True,
        "created": DAY,
        "customer": "cus_1",
        "payment_intent": "pi_1",
        "balance_transaction": "txn_1",
        **more,
    }


def _paid_with(amount: int, currency: str = "usd") -> InvoicePayment:
    charge = _charge(amount, currency=currency)
    return InvoicePayment.from_stripe(
        {
            "id": "inpay_1",
            "object": "invoice_payment",
            "invoice": "in_1",
            "status": "paid",
            "currency": currency,
            "amount_paid": amount,
            "payment": {"type": "payment_intent", "payment_intent": {"latest_charge": charge}},
        }
    )


def _booked(invoice: Json, *payments: InvoicePayment, notes: tuple[CreditNote, ...] = ()) -> Plan:
    return invoices.translate(Invoice.from_stripe(invoice), payments, {}, SETTINGS, notes)


def _coupon() -> Json:
    return {"id": "SPRING", "object": "coupon", "name": "Spring offer", "metadata": {}}


def _note(amount: int, **more: Any) -> CreditNote:
    """A credit note over a part of the one line of in_1."""
    line = {"id": "cnli_1", "amount": amount, "invoice_line_item": "il_1", "description": "Team plan"}
    note = {"id": "cn_1", "object": "credit_note", "invoice": "in_1", "status": "issued", "currency": "usd"}
    made = {"created": _at(11, 10), "amount": amount, "lines": {"data": [line]}}
    return CreditNote.from_stripe({**note, **made, **more})


def _paid_invoice() -> Plan:
    return _booked(_invoice(_line(12000)), _paid_with(12000))


def _unpaid(**more: Any) -> Json:
    """An invoice over 120.00 that nobody has paid."""
    ends = {"status": "open", "amount_paid": 0, "amount_remaining": 12000}
    due = {"due_date": _at(12, 3), "status_transitions": {"finalized_at": DAY}}
    return _invoice(_line(12000), **{**ends, **due, **more})


def _open_invoice() -> Plan:
    return _booked(_unpaid())


def _uncollectible() -> Plan:
    days = {"finalized_at": DAY, "marked_uncollectible_at": _at(12, 20)}
    return _booked(_unpaid(status="uncollectible", status_transitions=days))


def _revised() -> Plan:
    days = {"finalized_at": DAY, "voided_at": _at(11, 9)}
    return _booked(_unpaid(status="void", status_transitions=days, latest_revision="in_2"))


def _discounted() -> Plan:
    discount = {"id": "di_1", "source": {"type": "coupon", "coupon": _coupon()}}
    line = _line(12000, discount_amounts=[{"discount": "di_1", "amount": 2400}])
    taken = [{"discount": discount, "amount": 2400}]
    coupon = discounts.translate(Coupon.from_stripe(_coupon()), SETTINGS)
    return _booked(_invoice(line, total=9600, total_discount_amounts=taken), _paid_with(9600)).after(coupon)


def _tax(amount: int, behavior: str, rate: str) -> Json:
    return {"amount": amount, "tax_behavior": behavior, "tax_rate_details": {"tax_rate": rate}}


def _tax_on_top() -> Plan:
    line = _line(12000, taxes=[_tax(990, "exclusive", "txr_state"), _tax(60, "exclusive", "txr_city")])
    return _booked(_invoice(line, total=13050), _paid_with(13050))


def _tax_included() -> Plan:
    line = _line(12000, taxes=[_tax(2000, "inclusive", "txr_vat")])
    return _booked(_invoice(line), _paid_with(12000))


def _shipped() -> Plan:
    cost = {"amount_subtotal": 500, "amount_tax": 0, "amount_total": 500}
    return _booked(_invoice(_line(12000), total=12500, shipping_cost=cost), _paid_with(12500))


def _balance_used() -> Plan:
    used = {"starting_balance": -3000, "amount_due": 9000, "amount_paid": 9000}
    return _booked(_invoice(_line(12000), **used), _paid_with(9000))


def _debit_collected() -> Plan:
    owed = {"starting_balance": 30, "amount_due": 12030, "amount_paid": 12030}
    return _booked(_invoice(_line(12000), **owed), _paid_with(12030))


def _downgrade() -> Plan:
    middle, end = _at(11, 18), _at(12, 3)
    unused = _of_subscription(-6000, middle, end, description="Unused time on Team plan")
    starter = {"price_details": {"price": "price_starter"}}
    remaining = _of_subscription(
        2000, middle, end, id="il_2", description="Remaining time on Starter plan", pricing=starter
    )
    nothing = {"amount_due": 0, "amount_paid": 0, "ending_balance": -4000}
    return _booked(_invoice(unused, remaining, **nothing))


def _note_on_open_invoice() -> Plan:
    less = _unpaid(amount_remaining=8000, amount_due=8000, pre_payment_credit_notes_amount=4000)
    return _booked(less, notes=(_note(4000, pre_payment_amount=4000),))


def _note_with_refund() -> Plan:
    refunds = [{"amount_refunded": 4000, "refund": "re_1", "type": "refund"}]
    note = _note(4000, post_payment_amount=4000, refunds=refunds)
    bill = _invoice(_line(12000), post_payment_credit_notes_amount=4000)
    return _booked(bill, _paid_with(12000), notes=(note,))


def _movement(amount: int, day: int) -> Json:
    money = {"amount": amount, "fee": 0, "net": amount, "currency": "usd", "created": day}
    return {"id": "txn_9", "type": "refund", "reporting_category": "refund", **money}


def _refund(amount: int, **more: Any) -> Refund:
    """A refund of ch_1 on 10 November."""
    day = _at(11, 10)
    given = {"id": "re_1", "charge": "ch_1", "amount": amount, "currency": "usd", "status": "succeeded"}
    return Refund.from_stripe(
        {**given, "created": day, "balance_transaction": _movement(-amount, day), **more}
    )


def _dispute(amount: int, *days: int) -> Dispute:
    """A dispute of ch_1; its money leaves on the first day, comes back on the second, and so on."""
    moved = [_movement(amount if turn % 2 else -amount, day) for turn, day in enumerate(days)]
    given = {"id": "du_1", "charge": "ch_1", "amount": amount, "currency": "usd", "reason": "fraudulent"}
    return Dispute.from_stripe(
        {**given, "status": "needs_response", "created": days[0], "balance_transactions": moved}
    )


def _taken_back(plan: Plan, *back: Refund | Dispute) -> Plan:
    """What was taken back of ch_1, which pays the plan's invoice or stands unapplied; that part alone."""
    charge = Charge.from_stripe(_charge(12000))
    bills = [one.record for one in plan.records if isinstance(one.record, records.Invoice)]
    settled = tuple(Settled(Ref("invoice", bill.external_id), bill.total, bill.lines) for bill in bills)
    held = charge.amount.value
    unapplied = held - sum((one.amount for one in settled), Decimal(0))
    standing = Standing(Ref("customerPayment", charge.id), held, Ref("customer", "cus_1"), unapplied, settled)
    refunds = tuple(one for one in back if isinstance(one, Refund))
    disputes = tuple(one for one in back if isinstance(one, Dispute))
    found = reversals.Reversals(charge, refunds, disputes, of_invoice=bool(bills))
    return reversals.added(Plan(plan.summary), found, standing, reversals.Booked(), SETTINGS)


def _refunded() -> Plan:
    return _taken_back(_paid_invoice(), _refund(12000))


def _refunded_in_part() -> Plan:
    lines = (_line(8000), _line(4000, id="il_2"))
    return _taken_back(_booked(_invoice(*lines), _paid_with(12000)), _refund(3000))


def _refunded_unapplied() -> Plan:
    return _taken_back(_standalone_charge(), _refund(5000))


def _disputed() -> Plan:
    return _taken_back(_paid_invoice(), _dispute(12000, _at(11, 12)))


def _disputed_twice() -> Plan:
    return _taken_back(_paid_invoice(), _dispute(12000, _at(11, 12), _at(12, 1), _at(12, 20)))


def _year_in_advance() -> Plan:
    year = _of_subscription(120000, DAY, int(datetime(2027, 11, 3, 12, tzinfo=UTC).timestamp()))
    return _booked(_invoice(year), _paid_with(120000))


def _upgrade() -> Plan:
    middle, end = _at(11, 18), _at(12, 3)
    unused = _of_subscription(-6000, middle, end, description="Unused time on Team plan")
    scale = {"price_details": {"price": "price_scale"}}
    remaining = _of_subscription(
        15000, middle, end, id="il_2", description="Remaining time on Scale plan", pricing=scale
    )
    return _booked(_invoice(unused, remaining), _paid_with(9000))


def _trial() -> Plan:
    return _booked(_invoice(_of_subscription(0, DAY, _at(11, 17), description="Trial of Team plan")))


def _yen() -> Plan:
    return _booked(_invoice(_line(5000, currency="jpy"), currency="jpy"), _paid_with(5000, "jpy"))


def _standalone_charge(**more: Any) -> Plan:
    return charges.translate(Charge.from_stripe(_charge(5000, **more)), SETTINGS)


def _charge_without_customer() -> Plan:
    plan = _standalone_charge(customer=None)
    return plan.after(customers.unallocated(SETTINGS, "USD"))


def _customer() -> Plan:
    address = {"line1": "1 Main Street", "city": "Springfield", "postal_code": "12345", "country": "US"}
    acme = {
        "id": "cus_1",
        "object": "customer",
        "created": DAY,
        "name": "Acme Inc.",
        "email": "ap@acme.example",
        "currency": "usd",
        "address": address,
    }
    return customers.translate(Customer.from_stripe(acme), SETTINGS)


def _item() -> Plan:
    team = {
        "id": "price_team",
        "object": "price",
        "created": DAY,
        "type": "recurring",
        "active": True,
        "nickname": "monthly",
        "product": {"id": "prod_1", "name": "Team plan"},
    }
    return prices.translate(Price.from_stripe(team), SETTINGS)


EXAMPLES = (
    Example("customers", "A new customer", "Acme Inc. buys for the first time.", _customer),
    Example("items", "A new price", "The product “Team plan” has a monthly price.", _item),
    Example(
        "invoices",
        "An invoice, paid by card",
        "One line over 120.00, finalized and paid on 3 November.",
        _paid_invoice,
    ),
    Example("trials", "A trial", "The first invoice of a free trial: one line over 0.00.", _trial),
    Example(
        "prorations",
        "An upgrade in mid-month",
        "On 18 November Acme changes to the Scale plan: 60.00 of the Team plan are unused, "
        "150.00 of the new one remain.",
        _upgrade,
    ),
    Example(
        "discounts",
        "A coupon of 20 per cent",
        "120.00 less the coupon SPRING, which is used for the first time; 96.00 are paid by card.",
        _discounted,
    ),
    Example(
        "taxes",
        "Two taxes on top",
        "120.00, and on top of it 9.90 for the state and 0.60 for the city.",
        _tax_on_top,
    ),
    Example("taxes", "A tax that the price includes", "120.00, of which 20.00 are VAT.", _tax_included),
    Example("shipping", "Shipping", "120.00 and 5.00 for shipping.", _shipped),
    Example(
        "balance",
        "An invoice that the balance pays in part",
        "Acme has a credit of 30.00, which the invoice over 120.00 uses; the rest is paid by card.",
        _balance_used,
    ),
    Example(
        "balance",
        "A debit that an invoice collects",
        "Acme owes 0.30 from an invoice that was too small to be charged; this one collects 120.30.",
        _debit_collected,
    ),
    Example(
        "negative",
        "A downgrade in mid-month",
        "Acme goes back to the Starter plan: 60.00 are unused, 20.00 are due. "
        "The invoice over -40.00 becomes a credit of its balance.",
        _downgrade,
    ),
    Example(
        "editing",
        "An invoice that was corrected",
        "On 9 November in_1 is replaced by a revision, in_2, which is booked like any other invoice.",
        _revised,
    ),
    Example(
        "closing",
        "An invoice that is not paid yet",
        "120.00, due in 30 days; no payment has succeeded.",
        _open_invoice,
    ),
    Example(
        "closing",
        "An invoice that is given up",
        "On 20 December Stripe marks the unpaid invoice as uncollectible.",
        _uncollectible,
    ),
    Example(
        "revenue",
        "A year in advance",
        "A subscription over 1,200.00 a year, from 3 November 2026 up to 3 November 2027.",
        _year_in_advance,
    ),
    Example(
        "credit_notes",
        "A credit note on an open invoice",
        "On 10 November 40.00 of the unpaid invoice are credited. The memo is applied once it is paid.",
        _note_on_open_invoice,
    ),
    Example(
        "credit_notes",
        "A credit note that refunds",
        "40.00 of the paid invoice are credited and refunded.",
        _note_with_refund,
    ),
    Example("charges", "A payment without an invoice", "Acme pays 50.00 by card.", _standalone_charge),
    Example(
        "charges",
        "A payment without a customer",
        "Somebody whom Stripe does not name pays 50.00 by card.",
        _charge_without_customer,
    ),
    Example(
        "refunds",
        "A refund of a paid invoice",
        "On 10 November all of the 120.00 that paid in_1 are refunded.",
        _refunded,
    ),
    Example(
        "refunds",
        "A refund of a part",
        "in_1 has two lines, over 80.00 and 40.00; 30.00 of its payment are refunded.",
        _refunded_in_part,
    ),
    Example(
        "refunds",
        "A refund of an unapplied payment",
        "A payment without an invoice over 120.00; 50.00 of it are refunded.",
        _refunded_unapplied,
    ),
    Example(
        "disputes",
        "A dispute",
        "On 12 November a bank takes back the 120.00 that paid in_1. If the dispute is lost, nothing more "
        "is booked; if it is won, the money is a line of the next deposit.",
        _disputed,
    ),
    Example(
        "disputes",
        "A dispute that is won, and taken up again",
        "The bank takes 120.00 on 12 November, gives them back on 1 December, and takes them again on the "
        "20th.",
        _disputed_twice,
    ),
    Example("currencies", "Yen", "An invoice over 5,000 yen, which have no decimals, paid by card.", _yen),
)
