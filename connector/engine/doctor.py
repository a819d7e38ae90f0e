"""The doctor: sign in to both sides, look at what the settings name, say what to mend. It writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import uuid4

from django.utils import timezone

from connector.engine import doors, identity, leases, matches, sync, writing_back
from connector.errors import NeedsAttention, NotThere, Verdict
from connector.failures import describe
from connector.models import StripeAccount
from connector.netsuite.gateway import Criterion, Gateway, LedgerAccount, SearchType
from connector.stripe.permissions import ENDPOINTS, READING, Permission

CLOCK_TOLERANCE = timedelta(minutes=5)
"""NetSuite refuses a signature that is older (netsuite.md 1.1)."""
READ_TYPES: tuple[SearchType, ...] = ("customer", "item", "invoice", "customerPayment", "creditMemo")
ACCOUNT_TYPES = {
    "undeposited_funds_account": ("otherCurrentAsset", "bank"),
    "receivables_account": ("accountsReceivable",),
    "income_account": ("income", "otherIncome", "deferredRevenue"),
}
"""The ledger accounts that we post to, and the types that NetSuite accepts there."""
BANK_TYPES = ("bank", "creditCard", "otherCurrentAsset")
OPTIONAL_ACCOUNTS = (
    "deferred_revenue_account",
    "discount_account",
    "tax_account",
    "payment_fees_account",
    "stripe_fees_account",
    "dispute_fees_account",
    "dispute_reversals_account",
    "adjustments_account",
)
ITEMS = ("bad_debt_item", "customer_balance_item", "refund_item", "dispute_item", "payment_item")
Part = Callable[[StripeAccount, Gateway], "Iterator[Finding]"]
"""One thing to look at in NetSuite."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and if not, what to do."""

    what: str
    well: bool
    mend: str = ""
    setting: str = ""
    """The setting that mends it, if one does."""
    to: str = "INTERNAL_ID"
    """What it is to be set to."""
    unknown: bool = False
    """Whether it could not be told: it may be well."""


def examine(account: StripeAccount) -> Iterator[Finding]:
    """Look at everything, one finding after the other; a side that cannot be reached ends its part."""
    yield from _stripe(account)
    yield from _netsuite(account, (*CONNECTION, *CHOSEN))


def examine_netsuite(account: StripeAccount) -> Iterator[Finding]:
    """Sign in to NetSuite, and look at what it lets us do and see, whatever the settings choose."""
    yield from _netsuite(account, CONNECTION)


def examine_books(account: StripeAccount) -> Iterator[Finding]:
    """Look at the accounts, items and fields that the settings choose in NetSuite."""
    yield from _netsuite(account, CHOSEN)


def examine_key(account: StripeAccount) -> Iterator[Finding]:
    """Sign in to Stripe and try each permission that reading takes. Reads only."""
    try:
        whose = identity.of(doors.stripe_client(account))
    except Verdict as verdict:
        yield _ill("Sign in", verdict)
        return
    mode = "live" if account.is_live else "test"
    yield Finding(f"Signed in to {whose or 'Stripe'}, {mode} mode", True)
    yield from _permissions_to_read(account, (*READING, ENDPOINTS))


def _stripe(account: StripeAccount) -> Iterator[Finding]:
    try:
        whose = identity.of(doors.stripe_client(account))
    except Verdict as verdict:
        yield _ill("Stripe: sign in", verdict)
        return
    mode = "live" if account.is_live else "test"
    yield Finding(f"Stripe: signed in, {mode} mode", True)
    if account.stripe_account_id and whose.id not in ("", account.stripe_account_id):
        mend = f"The key is of {whose}, the records are of {account.stripe_account_id}. Store its key."
        yield Finding("Stripe: whose key it is", False, mend, "stripe_api_key", "-")
    mend = "Make a webhook endpoint in Stripe (Developers > Webhooks) and store its signing secret."
    yield Finding(
        "Stripe: webhook signing secret", bool(account.webhook_secrets), mend, "stripe_webhook_secret", "-"
    )
    yield from _read_in_stripe(account)
    yield from _ids_in_stripe(account)


def _read_in_stripe(account: StripeAccount) -> Iterator[Finding]:
    """Whether the key may read all that we read, as one finding."""
    found = [one for one in _permissions_to_read(account, READING) if not one.well]
    unknown = next((one for one in found if one.unknown), None)
    forbidden = ", ".join(one.what for one in found)
    mend = (
        unknown.mend
        if unknown
        else (
            f"The key may not read {forbidden}. Edit it in Stripe (Developers > API keys) and give it "
            "read permission for them, or store another key."
        )
    )
    yield Finding("Stripe: permission to read", not found, mend)


def _permissions_to_read(account: StripeAccount, wanted: Iterable[Permission]) -> Iterator[Finding]:
    """Each permission by its name in Stripe. What a read cannot tell, or nobody could ask, is unknown."""
    client, away = doors.stripe_client(account), ""
    for one in wanted:
        if not away:
            try:
                for what in one.covers or ("webhook_endpoints",):
                    client.probe(what)
            except Verdict as verdict:
                if verdict.code == "stripe_permission_missing":
                    tick = "Write" if one.writes else "Read"
                    yield Finding(one.row, False, f"Tick {tick} for {one.row}. {verdict.message}")
                    continue
                away = f"{verdict.message} {describe(verdict.code).next_step}"
        told = away or ("It may look at them. Making one proves the rest." if one.writes else "")
        yield Finding(one.row, not told, told, unknown=bool(told))


def _ids_in_stripe(account: StripeAccount) -> Iterator[Finding]:
    """Whether the key may write metadata. Asked with objects that do not exist, so nothing is written."""
    if not account.write_ids_to_stripe:
        return
    client = doors.stripe_client(account)
    forbidden = []
    for kind in writing_back.kinds():
        try:
            client.write_metadata(kind, "suitesync-doctor", {}, idempotency_key=f"suitesync-{uuid4()}")
        except NotThere:
            continue
        except Verdict as verdict:
            if verdict.code != "stripe_permission_missing":
                yield _ill("Stripe: permission to write metadata", verdict)
                return
            forbidden.append(kind.replace("_", " "))
    mend = (
        f"The key may not write {', '.join(forbidden)}. Give it write permission for them in Stripe, or "
        "switch the writing off. Nothing else waits for it."
    )
    yield Finding("Stripe: permission to write metadata", not forbidden, mend, "write_ids_to_stripe", "false")
    for reason in writing_back.refusals(account):
        yield Finding("Stripe: NetSuite’s ids in metadata", False, f"Stripe did not take some: {reason}")


def _netsuite(account: StripeAccount, parts: Iterable[Part]) -> Iterator[Finding]:
    try:
        gateway = doors.netsuite_gateway(account.netsuite_account, f"doctor:{leases.owner()}")
        skew = abs(gateway.fetch_server_time() - timezone.now())
    except Verdict as verdict:
        yield _ill("NetSuite: sign in", verdict)
        return
    yield Finding("NetSuite: sign in", True)
    mend = f"The clocks differ by {skew.total_seconds():.0f} seconds. Set this machine's clock (NTP)."
    yield Finding("NetSuite: clock", skew < CLOCK_TOLERANCE, mend)
    for part in parts:
        yield from _safely(part, account, gateway)


def _safely(part: Part, account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    try:
        yield from part(account, gateway)
    except Verdict as verdict:
        yield _ill(f"NetSuite: {part.__name__.strip('_')}", verdict)


def _permissions(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    nobody = Criterion("externalId", "anyOf", ("suitesync-doctor",))
    for record_type in READ_TYPES:
        try:
            list(gateway.search(record_type, [nobody]))
        except Verdict as verdict:
            yield _ill(f"NetSuite: permission to read {record_type}", verdict)
        else:
            yield Finding(f"NetSuite: permission to read {record_type}", True)


def _currencies(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    sync.refresh_currencies(account, gateway)
    codes = ", ".join(sorted(account.netsuite_account.currencies))
    yield Finding(
        f"NetSuite: currencies {codes}", bool(codes), "Add a currency under Lists > Accounting > Currencies."
    )


def _company(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    """Whose books they are: the subsidiaries that the role may see, each with its currency."""
    codes = {number: code for code, number in account.netsuite_account.currencies.items()}
    try:
        found = gateway.fetch_subsidiaries()
    except NeedsAttention:  # our role may not see them, or there are none
        return
    for one in found:
        if not one.inactive:
            kept = f", books in {codes[one.currency]}" if one.currency in codes else ""
            yield Finding(f"NetSuite: subsidiary {one.name}{kept}", True)


def _ledger(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    chart = {ledger.internal_id: ledger for ledger in gateway.fetch_accounts()}
    for name, types in ACCOUNT_TYPES.items():
        yield _ledger_account(name, getattr(account, name), chart, types)
    for name in OPTIONAL_ACCOUNTS:
        if chosen := getattr(account, name):
            yield _ledger_account(name, chosen, chart, ())
    for currency, chosen in sorted(account.bank_accounts.items()):
        yield _bank_account(account, currency, chosen, chart)


def _ledger_account(
    setting: str, chosen: str, chart: dict[str, LedgerAccount], types: tuple[str, ...], name: str = ""
) -> Finding:
    found, what = chart.get(chosen), f"Account {name or setting}"
    if not chosen:
        return Finding(what, False, "Choose one.", setting)
    if found is None or found.inactive:
        state = "inactive" if found else "not to be seen with this role"
        return Finding(what, False, f"Account {chosen} is {state}. Choose another one, or mend it.", setting)
    fits = not types or found.type in types
    mend = f"{found.name} is of type {found.type}; choose one of type {' or '.join(types)}."
    return Finding(f"{what}: {found.number} {found.name}".rstrip(), fits, mend, setting)


def _bank_account(
    account: StripeAccount, currency: str, chosen: str, chart: dict[str, LedgerAccount]
) -> Finding:
    finding = _ledger_account("bank_accounts", chosen, chart, BANK_TYPES, f"bank_accounts {currency}")
    wanted = account.netsuite_account.currencies.get(currency)
    if finding.well and chart[chosen].currency not in ("", wanted):
        mend = f"Account {chosen} is not kept in {currency}. Choose one that is."
        return Finding(finding.what, False, mend, "bank_accounts")
    return finding


def _subsidiary(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    active = {one.internal_id: one.name for one in gateway.fetch_subsidiaries() if not one.inactive}
    if account.subsidiary:
        mend = f"Subsidiary {account.subsidiary} is inactive, or this role may not see it."
        what, well = f"Subsidiary {active.get(account.subsidiary, '')}".rstrip(), account.subsidiary in active
        yield Finding(what if well else f"Subsidiary {account.subsidiary}", well, mend, "subsidiary")
    elif active:  # where there is even one, NetSuite wants it on every new customer and item
        choices = ", ".join(f"{internal_id} {name}" for internal_id, name in sorted(active.items()))
        mend = f"The company keeps its books by subsidiary; choose one: {choices}."
        yield Finding("Subsidiary", False, mend, "subsidiary")


def _items(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    named = {name: getattr(account, name) for name in ITEMS}
    chosen = {name: value for name, value in named.items() if value.isdigit()}  # else it is an item of ours
    if not chosen:
        return
    wanted = cast(tuple[str, ...], tuple(set(chosen.values())))
    found = {item.internal_id for item in gateway.search("item", [Criterion("internalId", "anyOf", wanted)])}
    for name, internal_id in chosen.items():
        mend = f"NetSuite has no item {internal_id}. Choose another one."
        yield Finding(f"Item {name}", internal_id in found, mend, name)


def _compared(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    """Whether NetSuite can be searched by the fields that are compared (CU-15, PI-4)."""
    chosen: dict[SearchType, str] = {
        "customer": account.customer_match_netsuite_field,
        "item": account.item_match_netsuite_field,
    }
    for kind, field in chosen.items():
        if not field:
            continue
        what = f"NetSuite: {kind}s are found by {field}"
        try:
            list(gateway.search(kind, [matches.condition(field, "0")]))
        except Verdict as verdict:
            yield _ill(what, verdict)
        else:
            yield Finding(what, True)


def _period(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    today = account.local_date(timezone.now())
    current = next((one for one in gateway.fetch_periods() if one.start <= today <= one.end), None)
    mend = "Open it under Setup > Accounting > Manage G/L > Manage Accounting Periods."
    name = current.name if current else f"for {today.isoformat()}"
    yield Finding(f"Posting period {name}", bool(current and current.open), mend)


def _concurrency(account: StripeAccount, gateway: Gateway) -> Iterator[Finding]:
    allowed, ours = gateway.fetch_concurrency(), account.netsuite_account.netsuite_concurrency
    if allowed is not None:
        what = f"NetSuite: {ours} of {allowed} requests at once"
        mend = f"NetSuite allows {allowed} requests at once to all. Take no more."
        yield Finding(what, ours <= allowed, mend, "netsuite_concurrency", str(allowed))


CONNECTION: tuple[Part, ...] = (_permissions, _currencies, _company, _period, _concurrency)
CHOSEN: tuple[Part, ...] = (_ledger, _subsidiary, _items, _compared)


def _ill(what: str, verdict: Verdict) -> Finding:
    return Finding(what, False, f"{verdict.message} {describe(verdict.code).next_step}")
