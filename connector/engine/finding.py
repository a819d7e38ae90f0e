"""Finding: what our tables do not hold is asked of both sides: an e-mail address, NetSuite's own numbers.

Nothing is kept. A side that cannot be asked is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector.engine import doors, leases
from connector.errors import Verdict
from connector.models import NetSuiteAccount, StripeAccount
from connector.netsuite.gateway import Criterion, SearchType, Snapshot

NUMBERED: tuple[SearchType, ...] = (
    "invoice",
    "customerPayment",
    "customerDeposit",
    "creditMemo",
    "customerRefund",
    "deposit",
)
MOST = 20
MOST_ACCOUNTS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a side holds: a Stripe object, or a NetSuite record."""

    netsuite: NetSuiteAccount
    account: StripeAccount | None
    stripe_id: str = ""
    record_type: str = ""
    internal_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and in words which side could not be asked."""

    found: tuple[Found, ...]
    troubles: tuple[str, ...]


def ask(text: str) -> Answer:
    """Customers with an e-mail address, on both sides; or NetSuite's documents with a number."""
    accounts = list(StripeAccount.objects.select_related("netsuite_account").order_by("name")[:MOST_ACCOUNTS])
    found: list[Found] = []
    troubles: list[str] = []
    for ask_one in _questions(text, accounts):
        try:
            found += ask_one
        except Verdict as verdict:
            troubles.append(verdict.message)
    return Answer(tuple(found[:MOST]), tuple(dict.fromkeys(troubles)))


def _questions(text: str, accounts: Iterable[StripeAccount]) -> Iterator[Iterator[Found]]:
    """One for each side of each account; each may raise a verdict."""
    books = {account.netsuite_account_id: account.netsuite_account for account in accounts}
    if "@" in text:
        yield from (_stripe_customers(account, text) for account in accounts)
        yield from (_records(netsuite, ("customer",), "email", text) for netsuite in books.values())
    else:
        yield from (_records(netsuite, NUMBERED, "tranId", text) for netsuite in books.values())


def _stripe_customers(account: StripeAccount, email: str) -> Iterator[Found]:
    for one in doors.stripe_client(account).fetch_customers_of_email(email):
        yield Found(account.netsuite_account, account, stripe_id=one.id, name=one.name or one.email)


def _records(
    netsuite: NetSuiteAccount, types: Iterable[SearchType], field: str, text: str
) -> Iterator[Found]:
    gateway = doors.netsuite_gateway(netsuite, f"find:{leases.owner()}")
    for record_type in types:
        for one in gateway.search(record_type, [Criterion(field, "is", (text,))]):
            yield _record(netsuite, record_type, one)


def _record(netsuite: NetSuiteAccount, record_type: str, one: Snapshot) -> Found:
    name = one.name or one.number
    return Found(netsuite, None, record_type=record_type, internal_id=one.internal_id, name=name)
