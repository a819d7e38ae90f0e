"""Where a Stripe object and a NetSuite record can be looked at."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from connector.models import NetSuiteAccount, StripeAccount

STRIPE_PAGES = {
    "in": "invoices",
    "ch": "payments",
    "py": "payments",
    "pi": "payments",
    "cus": "customers",
    "price": "prices",
    "prod": "products",
    "sub": "subscriptions",
    "po": "payouts",
    "du": "disputes",
    "dp": "disputes",
}
NETSUITE_PERIODS = "/app/setup/period/fiscalperiods.nl"
NETSUITE_ENTITY = "/app/common/entity/custjob.nl"
NETSUITE_ITEM = "/app/common/item/item.nl"
NETSUITE_TRANSACTION = "/app/accounting/transactions/transaction.nl"


def is_practice(account: StripeAccount) -> bool:
    """Whether the account's Stripe is a practice world, not Stripe itself."""
    host = urlsplit(account.stripe_api_base).hostname or "api.stripe.com"
    return not (host == "stripe.com" or host.endswith(".stripe.com"))


def is_test(account: StripeAccount) -> bool:
    """Whether the account's key is one of Stripe's test mode; unknown keys count as test."""
    try:
        return not account.is_live
    except ImproperlyConfigured:  # the key cannot be decrypted: doctor says so, and pages stay readable
        return True


def stripe_link(account: StripeAccount, stripe_id: str) -> str:
    """The page of a Stripe object; empty for no id, a search for a kind without a page of its own."""
    if not stripe_id:
        return ""
    home = stripe_home(account)
    if is_practice(account):
        return f"{home}#{stripe_id}"
    page = STRIPE_PAGES.get(stripe_id.partition("_")[0])
    return f"{home}{page}/{stripe_id}" if page else f"{home}search?query={stripe_id}"


def netsuite_link(account: NetSuiteAccount, record_type: str, internal_id: str) -> str:
    """The page of a NetSuite record; empty while nobody knows its internal id."""
    if not internal_id:
        return ""
    if books := _practice_books(account):
        return f"{books}#{record_type}-{internal_id}"
    return f"{_company(account)}{_netsuite_page(record_type)}?id={internal_id}"


def console_link(stripe_id: str) -> str:
    """Where an object's own page is on this console, from outside, as in a file; empty for no id."""
    return f"{settings.CONSOLE_URL}{reverse('dashboard:find', args=[stripe_id])}" if stripe_id else ""


def stripe_home(account: StripeAccount) -> str:
    """The front page of the account in Stripe's Dashboard, or of its practice world."""
    if is_practice(account):
        return f"{account.stripe_api_base.rstrip('/')}/"
    return "https://dashboard.stripe.com/" + ("test/" if is_test(account) else "")


def netsuite_home(account: NetSuiteAccount) -> str:
    """The front page of the company in NetSuite, or its practice books; empty before it is named."""
    return _practice_books(account) or (f"{_company(account)}/" if account.netsuite_account_id else "")


def netsuite_periods(account: NetSuiteAccount) -> str:
    """The page on which posting periods are opened and closed; of a practice NetSuite its books."""
    return _practice_books(account) or f"{_company(account)}{NETSUITE_PERIODS}"


def _practice_books(account: NetSuiteAccount) -> str:
    """Where the books of a practice NetSuite are shown; empty for NetSuite itself."""
    base = urlsplit(account.netsuite_base_url)
    host = base.hostname or ""
    if not host or host == "netsuite.com" or host.endswith(".netsuite.com"):
        return ""
    return f"{base.scheme}://{base.netloc}/books"


def _company(account: NetSuiteAccount) -> str:
    name = account.netsuite_account_id.lower().replace("_", "-")
    return f"https://{name}.app.netsuite.com"


def _netsuite_page(record_type: str) -> str:
    if record_type == "customer":
        return NETSUITE_ENTITY
    return NETSUITE_ITEM if record_type.lower().endswith("item") else NETSUITE_TRANSACTION
