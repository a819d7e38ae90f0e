"""The chart of accounts, the currencies and the calendar with which every practice company starts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One ledger account of the start; `setting` is SuiteSync's setting that names it, if there is one."""

    number: str
    name: str
    type: str
    setting: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class StartCurrency:
    """One currency of the start; `rate` is US dollars for one unit, `places` its decimals."""

    symbol: str
    name: str
    rate: Decimal
    places: int


BASE = "USD"
COMPANY = "Parent Company"
FIRST_YEAR, LAST_YEAR = 2024, 2031

CURRENCIES = (
    StartCurrency("USD", "US Dollar", Decimal("1"), 2),
    StartCurrency("EUR", "Euro", Decimal("1.1"), 2),
    StartCurrency("GBP", "British Pound", Decimal("1.25"), 2),
    StartCurrency("JPY", "Japanese Yen", Decimal("0.0065"), 0),
    StartCurrency("KWD", "Kuwaiti Dinar", Decimal("3.25"), 3),
)

ACCOUNTS = (
    LedgerAccount("1000", "Bank USD", "_bank", currency="USD"),
    LedgerAccount("1010", "Bank EUR", "_bank", currency="EUR"),
    LedgerAccount("1020", "Bank GBP", "_bank", currency="GBP"),
    LedgerAccount("1030", "Bank JPY", "_bank", currency="JPY"),
    LedgerAccount("1040", "Bank KWD", "_bank", currency="KWD"),
    LedgerAccount("1100", "Accounts Receivable", "_accountsReceivable", "receivables_account"),
    LedgerAccount("1200", "Undeposited Funds", "_otherCurrentAsset", "undeposited_funds_account"),
    LedgerAccount("2100", "Sales Tax Payable", "_otherCurrentLiability", "tax_account"),
    LedgerAccount("2200", "Customer Deposits", "_otherCurrentLiability", "customer_deposits_account"),
    LedgerAccount("2300", "Deferred Revenue", "_deferredRevenue", "deferred_revenue_account"),
    LedgerAccount("4000", "Income", "_income", "income_account"),
    LedgerAccount("4100", "Discounts", "_income", "discounts_account"),
    LedgerAccount("4900", "Realised FX Gain/Loss", "_otherIncome", "fx_account"),
    LedgerAccount("5000", "Payment Fees", "_expense", "payment_fees_account"),
    LedgerAccount("5010", "Stripe Fees", "_expense", "stripe_fees_account"),
    LedgerAccount("5020", "Dispute Fees", "_expense", "dispute_fees_account"),
    LedgerAccount("5030", "Dispute Reversals", "_expense", "dispute_reversals_account"),
    LedgerAccount("5040", "Adjustments", "_expense", "adjustments_account"),
    LedgerAccount("5050", "Bad Debt", "_expense", "bad_debt_account"),
)

PUBLISHED_SETTINGS = (
    "undeposited_funds_account",
    "receivables_account",
    "income_account",
    "tax_account",
    "payment_fees_account",
    "stripe_fees_account",
    "dispute_fees_account",
    "dispute_reversals_account",
    "adjustments_account",
)
"""The ledger accounts that SuiteSync's account settings name."""
