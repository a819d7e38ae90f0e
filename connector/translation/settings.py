"""Settings: an account's choices as a value, so that translation reads no row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from connector.netsuite.records import Ref


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one Stripe account that translation uses; ledger accounts by NetSuite's internal id."""

    time_zone: tzinfo = UTC
    sync_start_date: date | None = None
    subsidiary: str = ""
    let_netsuite_number_customers: bool = False
    add_currencies_to_new_customers: bool = True
    global_customer_workflow: bool = False
    global_item_workflow: bool = False
    global_discount_workflow: bool = False
    discount_non_posting: bool = True
    sync_trial_invoices: bool = False
    keep_unpaid_invoices_open: bool = False
    bad_debt_item: str = ""
    customer_balance_item: str = ""
    denylist_payments: bool = False
    allowlist_payments: bool = False
    auto_apply_standalone_charges: bool = False
    create_invoices_for_payments: bool = False
    undeposited_funds_account: str = ""
    receivables_account: str = ""
    income_account: str = ""
    deferred_revenue_account: str = ""
    revenue_recognition_rule: str = ""
    discount_account: str = ""
    tax_account: str = ""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """NetSuite's internal id of each active currency, by ISO code."""

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
