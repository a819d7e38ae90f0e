"""Sales order: a charge that is paid on an order of NetSuite's becomes a customer deposit (CH-20 to CH-25).

    ch_1 over 400.00 USD, for sales order 9001
        Dr  Undeposited Funds      400.00
        Cr  Customer Deposits              400.00    a debt to the customer until the order is billed

NetSuite applies the deposit when it bills the order. An order that takes no deposits (closed,
cancelled, billed, or with a payment method) leaves it to the customer, without the order; one that
waits for approval is waited for. Where a deposit belongs cannot be changed once it is booked (CH-23).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import Charge
from connector.translation import payment_memo
from connector.translation.customer import LINK_KEY as CUSTOMER_KEY
from connector.translation.plan import Planned, Problem
from connector.translation.settings import Settings, account_ref, currency_ref

ORDER_KEY = "netsuite_sales_order_id"
PENDING_APPROVAL, BILLED = "_pendingApproval", "_fullyBilled"
FINISHED = {BILLED: "billed", "_closed": "closed", "_cancelled": "cancelled"}


@dataclass(frozen=True, slots=True)
class Order:
    """A sales order as it is now, all ids internal; `state` is NetSuite's own word, like `_closed`."""

    internal_id: str
    number: str
    state: str
    customer: str
    currency: str
    has_payment_method: bool = False

    @property
    def obstacle(self) -> str:
        """Why it takes no deposits, in words; empty when it does (CH-22)."""
        if self.state in FINISHED:
            return f"is {FINISHED[self.state]}"
        return "has a payment method" if self.has_payment_method else ""


def order_named(charge: Charge) -> str:
    """The internal id of the order that the charge names, or empty (CH-H4, K23)."""
    return charge.metadata.get(ORDER_KEY, "").strip()


def waiting(charge: Charge, order: Order) -> Problem | None:
    """That the order is still to be approved; then its deposit waits."""
    if order.state != PENDING_APPROVAL:
        return None
    text = f"{charge.id} is paid on sales order {order.number} (ID {order.internal_id})."
    return Problem("sales_order_pending_approval", text)


def problems(charge: Charge, order: Order, settings: Settings) -> list[Problem]:
    """Why the charge cannot be the order's money: another currency, or another customer."""
    found = []
    if order.currency and order.currency != settings.currencies.get(charge.amount.currency, ""):
        text = f"{charge.id} is in {charge.amount.currency}, sales order {order.number} is not."
        found.append(Problem("payment_currency_differs", text))
    named = charge.metadata.get(CUSTOMER_KEY, "").strip()
    if named and named != order.customer:
        text = f"{charge.id} names customer {named}, and sales order {order.number} is of {order.customer}."
        found.append(Problem("applied_records_differ", text))
    return found


def deposit(charge: Charge, order: Order, settings: Settings, rate: Decimal | None = None) -> Planned:
    """The customer deposit of a charge, on the order as far as that takes it."""
    if obstacle := order.obstacle:
        return _deposit(charge, order, settings, rate, None, _memo_without(charge, order, obstacle))
    planned = _deposit(
        charge,
        order,
        settings,
        rate,
        Ref("salesOrder", internal_id=order.internal_id),
        payment_memo.of(charge, described=True),
    )
    return Planned(
        planned.record,
        planned.stripe_id,
        planned.rules,
        alone=_memo_without(charge, order, "was refused by NetSuite"),
    )


def _deposit(
    charge: Charge, order: Order, settings: Settings, rate: Decimal | None, on: Ref | None, memo: str
) -> Planned:
    record = records.CustomerDeposit(
        external_id=charge.id,
        customer=Ref("customer", internal_id=order.customer),
        currency=currency_ref(charge.amount.currency),
        tran_date=settings.local_date(charge.created),
        account=account_ref(settings.undeposited_funds_account),
        payment=charge.amount_captured.value,
        sales_order=on,
        memo=memo,
        exchange_rate=rate,
    )
    rules = ("OM-1", "OM-4", "OM-5", "OM-8", "CH-2", "CH-3", "CH-20", "CH-21", "CH-23", "CH-H4", "K23")
    return Planned(record, charge.id, (*rules, *(payment_memo.rules(charge) if on else ("CH-22",))))


def _memo_without(charge: Charge, order: Order, obstacle: str) -> str:
    return f"Stripe: {charge.id}. Not on sales order {order.number}, which {obstacle}."
