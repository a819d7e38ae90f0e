"""Items -> other charge items: the taxes, shipping and old debits that stand beside what is sold.

Each is made once, when the first invoice needs it, and never changed by us afterwards.
"""

from __future__ import annotations

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.translation.plan import Plan, Planned, Problem, Summary
from connector.translation.settings import Settings, account_ref

SHIPPING_KEY, SHIPPING_NAME = "stripe_shipping", "Stripe Shipping"
TAX_KEY, TAX_NAME = "stripe_tax", "Stripe Tax"
DEBIT_KEY, DEBIT_NAME = "stripe_customer_balance_debit_item", "Stripe Customer Balance Debit Item"

SHIPPING, TAX, DEBIT = (Ref("item", key) for key in (SHIPPING_KEY, TAX_KEY, DEBIT_KEY))
"""The links of lines to them: shipping (SH-1), a tax without a rate, a debit of the balance (CB-7)."""

CUSTOM_KEY = "stripe_custom_credit_note_line_item"
UNALLOCATED_KEY = "stripe_unallocated_invoice_item"
BALANCE, BAD_DEBT, CREDIT_NOTE = (
    Ref("item", key)
    for key in ("stripe_customer_balance_item", "stripe_bad_debt_item", "stripe_credit_note_item")
)
REFUND, DISPUTE, PARTIAL_REFUND = (
    Ref("item", key) for key in ("stripe_refund_item", "stripe_dispute_item", "stripe_partial_refund_item")
)
REFUND_NAME, DISPUTE_NAME = "Stripe Refund Item", "Stripe Dispute Item"
PARTIAL_REFUND_NAME = "Stripe Partial Refund Item"
GENERIC = Ref("item", "stripe_generic_line_item")
GENERIC_NAME = "Stripe Generic Line Item"
MEMO_ITEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    BALANCE.key: ("Stripe Customer Balance Item", ("CB-4",)),
    BAD_DEBT.key: ("Stripe Bad Debt Item", ("UN-6", "UN-H3")),
    CREDIT_NOTE.key: ("Stripe Credit Note Item", ("CN-10",)),
    CUSTOM_KEY: ("Stripe Custom Credit Note Line Item", ("CN-9",)),
    UNALLOCATED_KEY: ("Stripe Unallocated Invoice Item", ("CN-8",)),
    REFUND.key: (REFUND_NAME, ("RF-4",)),
    DISPUTE.key: (DISPUTE_NAME, ("DS-4", "DS-8")),
}
"""The items of memo lines, by external id: their names and the rules that ask for them.

The documentation does not name the bad-debt item and the credit note item; these names are ours.
"""


def shipping(settings: Settings) -> Plan:
    """Plan "Stripe Shipping", which earns income (SH-1)."""
    return _income(SHIPPING_KEY, SHIPPING_NAME, settings, ("SH-1", "OM-3"))


def debit(settings: Settings) -> Plan:
    """Plan "Stripe Customer Balance Debit Item" (CB-7).

    It earns income: such a debit comes from invoices that were too small to be collected, and
    those were not booked (IN-12).
    """
    return _income(DEBIT_KEY, DEBIT_NAME, settings, ("CB-7", "OM-3"))


def for_memo(key: str, settings: Settings) -> Plan:
    """Plan the item of a memo line that stands for no single thing sold (section 22 of the rulebook)."""
    name, rules = MEMO_ITEMS[key]
    return _income(key, name, settings, (*rules, "OM-3"))


def chosen(setting: str) -> Ref | None:
    """The item that a setting names: by internal id, or one of ours by its name; None when it names none."""
    ours = {name: Ref("item", key) for key, (name, _) in MEMO_ITEMS.items()}
    return ours.get(setting) or (Ref("item", internal_id=setting) if setting else None)


def generic(settings: Settings) -> Plan:
    """Plan "Stripe Generic Line Item", what an invoice that we make for a payment sells (CH-11)."""
    return _income(GENERIC.key, GENERIC_NAME, settings, ("CH-11", "OM-3"))


def partial_refund(settings: Settings) -> Plan:
    """Plan "Stripe Partial Refund Item" (RF-6), with the account's revenue schedule, if it has one (RR-9)."""
    summary = Summary(f"Item {PARTIAL_REFUND_NAME}")
    if not settings.income_account:
        return Plan(summary, problems=(_no_income_account(PARTIAL_REFUND_NAME),))
    deferred, schedule = settings.deferred_revenue_account, settings.revenue_recognition_rule
    record = records.NonInventorySaleItem(
        external_id=PARTIAL_REFUND.key,
        item_id=PARTIAL_REFUND_NAME,
        display_name=PARTIAL_REFUND_NAME,
        sales_description=PARTIAL_REFUND_NAME,
        income_account=account_ref(settings.income_account),
        deferred_revenue_account=account_ref(deferred) if deferred else None,
        revenue_recognition_rule=(Ref("revenueRecognitionRule", internal_id=schedule) if schedule else None),
        subsidiary=settings.subsidiary_ref,
    )
    rules = ("RF-6", "OM-3", *(("RR-9",) if deferred or schedule else ()))
    return Plan(summary, records=(Planned(record, "", rules),))


def tax(external_id: str, stripe_id: str, name: str, settings: Settings) -> Plan:
    """Plan the item of a tax, which posts to what is owed to the authorities (TX-H1)."""
    summary = Summary(f"Tax {name}")
    if not settings.tax_account:
        return Plan(summary, problems=(no_tax_account(),))
    item_id = external_id if stripe_id else name
    return _charge(
        external_id, stripe_id, item_id, name, settings.tax_account, settings, summary, ("TX-H1", "OM-3")
    )


def no_tax_account() -> Problem:
    """The document has a tax, and nobody has chosen where taxes post."""
    return Problem("tax_account_missing", "No tax account is chosen.")


def _income(key: str, name: str, settings: Settings, rules: tuple[str, ...]) -> Plan:
    summary = Summary(f"Item {name}")
    if not settings.income_account:
        return Plan(summary, problems=(_no_income_account(name),))
    return _charge(key, "", name, name, settings.income_account, settings, summary, rules)


def _no_income_account(name: str) -> Problem:
    return Problem("income_account_missing", f"No income account is chosen, and {name} needs one.")


def _charge(
    external_id: str,
    stripe_id: str,
    item_id: str,
    name: str,
    account: str,
    settings: Settings,
    summary: Summary,
    rules: tuple[str, ...],
) -> Plan:
    record = records.OtherChargeSaleItem(
        external_id=external_id,
        item_id=item_id,
        display_name=name,
        sales_description=name,
        income_account=account_ref(account),
        subsidiary=settings.subsidiary_ref,
    )
    return Plan(summary, records=(Planned(record, stripe_id, rules),))
