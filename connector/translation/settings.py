"""Settings: an account's choices as a value, so that translation reads no row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from connector.netsuite.records import Ref


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one Stripe account that translation uses; ledger accounts by NetSuite's internal id."""

    time_zone: tzinfo = UTC
    sync_start_date: date | None = None
    subsidiary: str = ""
    let_netsuite_number_customers: bool = False
    add_currencies_to_new_customers: bool = True
    create_customers_on_signup: bool = False
    global_customer_workflow: bool = False
    customer_match_stripe_field: str = ""
    customer_match_netsuite_field: str = ""
    global_customer_without_match: bool = False
    global_item_workflow: bool = False
    item_match_stripe_field: str = ""
    item_match_netsuite_field: str = ""
    global_item_without_match: bool = False
    global_discount_workflow: bool = False
    discount_non_posting: bool = True
    sync_trial_invoices: bool = False
    keep_unpaid_invoices_open: bool = False
    bad_debt_item: str = ""
    customer_balance_item: str = ""
    refund_item: str = ""
    dispute_item: str = ""
    """The item of every memo of its kind: an internal id, or the name of ours; empty: the invoice's items."""
    denylist_payments: bool = False
    allowlist_payments: bool = False
    sync_pending_payments: bool = True
    allow_duplicate_payments: bool = False
    find_sales_orders: bool = True
    auto_apply_standalone_charges: bool = False
    create_invoices_for_payments: bool = False
    payment_item: str = ""
    payment_match_stripe_field: str = ""
    payment_match_netsuite_field: str = ""
    undeposited_funds_account: str = ""
    receivables_account: str = ""
    income_account: str = ""
    deferred_revenue_account: str = ""
    revenue_recognition_rule: str = ""
    discount_account: str = ""
    tax_account: str = ""
    payment_fees_account: str = ""
    conversion_fees_account: str = ""
    stripe_fees_account: str = ""
    network_fees_account: str = ""
    application_fees_account: str = ""
    fee_tax_account: str = ""
    dispute_fees_account: str = ""
    dispute_reversals_account: str = ""
    adjustments_account: str = ""
    payout_clearing_account: str = ""
    payout_difference_account: str = ""
    summarize_before_start: bool = False
    balance_accounts: Mapping[str, str] = field(default_factory=dict)
    """The ledger account of each further type of Stripe's balance transactions (PO-H3)."""
    bank_accounts: Mapping[str, str] = field(default_factory=dict)
    """The bank account of each payout currency (MC-4)."""
    base_currency: str = ""
    """The currency in which the subsidiary keeps its books; empty until somebody has asked NetSuite."""
    field_defaults: Mapping[str, Any] = field(default_factory=dict)
    field_mappings: Mapping[str, Any] = field(default_factory=dict)
    """Fixed values and Stripe paths for fields of NetSuite records, as people write them (FM-1)."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """NetSuite's internal id of each active currency, by ISO code."""

    @property
    def matches_products(self) -> bool:
        """Whether items are found by the product, which prices made for one invoice have as well (PI-7)."""
        return self.item_match_stripe_field.startswith("product.") and bool(self.item_match_netsuite_field)

    def local_date(self, moment: datetime) -> date:
        """The posting date of a moment (K17)."""
        return moment.astimezone(self.time_zone).date()

    def last_day(self, end: datetime, start: date) -> date:
        """The last day that an exclusive period end covers, never before `start` (K1)."""
        return max(self.local_date(end) - timedelta(days=1), start)

    @property
    def subsidiary_ref(self) -> Ref | None:
        """The subsidiary of new customers and items; None lets NetSuite decide."""
        return Ref("subsidiary", internal_id=self.subsidiary) if self.subsidiary else None


def account_ref(internal_id: str) -> Ref:
    """A link to a ledger account."""
    return Ref("account", internal_id=internal_id)


def currency_ref(code: str) -> Ref:
    """A link to a currency by its ISO code."""
    return Ref("currency", code)
