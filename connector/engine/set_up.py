"""Set-up: an account connected to both sides, step by step. Each step keeps what it learns on the account.

Nothing is stored that Stripe or NetSuite has refused. Each function asks first, outside any transaction,
and then stores with its audit entry. It raises Refused with what the two sides, or we, have against it, and
`account_settings.Stale` when the settings have changed since they were looked at (`seen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from connector.engine import (
    account_settings,
    accounts,
    audit,
    doorkeeper,
    doors,
    identity,
    leases,
    practice,
)
from connector.engine.account_settings import Stale
from connector.engine.identity import Identity
from connector.engine.inbox import ASKED_FOR
from connector.errors import NeedsAttention, NotThere, Verdict
from connector.models import Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.models.audit import Verb
from connector.stripe import permissions
from connector.stripe.client import API_VERSION, Client
from connector.stripe.objects import Invoice
from connector.stripe.permissions import ENDPOINTS, READING
from connector.stripe.webhook_endpoint import WebhookEndpoint

REASON = "Set-up"
MESSAGE_VERSION = API_VERSION
"""The version of Stripe's API in which its messages are to come."""
NEW = "new"
"""No account has this name: it is part of an address."""


P = ParamSpec("P")
T = TypeVar("T")
END_OF_TIME = 4_102_444_800
"""The year 2100, in Unix seconds: the clock of a practice Stripe may be ahead of ours."""
SAMPLE = "sample"
SAMPLE_CONNECTION = (
    "stripe_api_key",
    "stripe_api_base",
    "netsuite_account_id",
    "netsuite_consumer_key",
    "netsuite_consumer_secret",
    "netsuite_token_id",
    "netsuite_token_secret",
    "netsuite_base_url",
)
"""What of the sample company is filled in. The rest is chosen step by step, as with one's own company."""


class Refused(Exception):
    """It cannot be done: a code of the catalogue, and the particulars of this case."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NameTaken(Exception):
    """There is an account of this name."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What came of making the webhook endpoint: its id, and how many others of ours it replaced."""

    id: str
    replaced: int = 0
    stood: bool = False
    """Whether it was there already, whole and with its secret."""


def _telling(ask: Callable[P, T]) -> Callable[P, T]:
    """Raise Refused for the verdict of a side."""

    @wraps(ask)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return ask(*args, **kwargs)
        except Verdict as verdict:
            raise Refused(verdict.code, verdict.message) from None

    return told


def is_booked(account: StripeAccount) -> bool:
    """Whether anything of the account stands in NetSuite, or may."""
    return MappedRecord.objects.filter(account=account).exists()


# Stripe


def to_tick() -> tuple[list[str], list[str]]:
    """What a restricted key has to be allowed, in the words of Stripe's page: to read, and to write."""
    return [one.row for one in READING], [ENDPOINTS.row]


def key_page(*, live: bool) -> str:
    """Stripe's page for a new restricted key, with these ticked."""
    return permissions.page(live=live)


@_telling
def add(name: str, values: Mapping[str, Any], *, who: str) -> StripeAccount:
    """Make the account `name` with a Stripe key that Stripe accepts. Raises NameTaken, BadSetting."""
    if name == NEW or StripeAccount.objects.filter(name=name).exists():
        raise NameTaken
    draft = StripeAccount(
        name=name,
        stripe_api_key=values["stripe_api_key"],
        stripe_api_base=values.get("stripe_api_base", ""),
    )
    whose = identity.of(doors.stripe_client(draft))
    _refuse_twice(draft, whose)
    try:
        with transaction.atomic():
            if StripeAccount.objects.filter(name=name).exists():
                raise NameTaken
            account = accounts.configure(name, {**_zone_of(whose), **values}, who=who)
            _keep_identity(account, whose)
    except IntegrityError:  # somebody else was a moment faster
        raise NameTaken from None
    return account


@_telling
def load_sample(*, who: str) -> StripeAccount:
    """Connect the sample company, with a few invoices to bring if it has none. Loaded twice, it is one.

    Raises NameTaken when another account is called so, and `practice.Away`.
    """
    known = practice.settings_at(practice.address())
    if there := StripeAccount.objects.filter(name=SAMPLE).first():
        if there.stripe_api_base != known["stripe_api_base"]:
            raise NameTaken
        return there
    values = {name: known[name] for name in SAMPLE_CONNECTION}
    account = add(SAMPLE, values, who=who)
    if not newest_invoices(account):
        practice.make_documents(practice.address())
    return account


@_telling
def replace_key(account: StripeAccount, key: str, *, who: str, seen: str) -> None:
    """Store another key of the same Stripe account and mode."""
    draft = account_settings.drafted(account, {"stripe_api_key": key})
    whose = identity.of(doors.stripe_client(draft))
    _refuse_another(account, draft, whose)
    _refuse_twice(draft, whose)
    with transaction.atomic():
        account_settings.save(account, {"stripe_api_key": key}, who=who, reason=REASON, seen=seen)
        _keep_identity(account, whose)


def _zone_of(whose: Identity) -> dict[str, str]:
    """The time zone in which Stripe shows its days, as one to begin with."""
    return {"time_zone": whose.time_zone} if whose.time_zone in available_timezones() else {}


def _refuse_another(account: StripeAccount, draft: StripeAccount, whose: Identity) -> None:
    if not account.stripe_api_key:
        return
    known = account.stripe_account_id or _identity_now(account).id
    if known and whose.id != known:
        text = (
            f"The key is of {whose}, and {account.name} is {known}. Nothing was stored."
            if whose
            else f"Stripe does not say whose key this is, so it may not be of {known}. Nothing was stored."
        )
        raise NeedsAttention("stripe_other_account", text)
    if draft.is_live != account.is_live and Job.objects.filter(account=account).exists():
        new, old = ("live", "test") if draft.is_live else ("test", "live")
        text = f"The key is of {new} mode, and the records of {account.name} are of {old} mode."
        raise NeedsAttention("stripe_other_account", f"{text} Nothing was stored.")


def _identity_now(account: StripeAccount) -> Identity:
    """Whose the stored key is, as far as Stripe still says so."""
    try:
        return identity.of(doors.stripe_client(account))
    except Verdict:
        return Identity()


def _refuse_twice(draft: StripeAccount, whose: Identity) -> None:
    """Refuse a Stripe account that another account here stands for, in the same mode."""
    others = StripeAccount.objects.filter(stripe_account_id=whose.id).exclude(pk=draft.pk) if whose else []
    for other in others:
        if other.is_live == draft.is_live:
            text = f"{whose} is here already as {other.name}. Nothing was stored."
            raise NeedsAttention("stripe_account_taken", text)


def _keep_identity(account: StripeAccount, whose: Identity) -> None:
    if whose:
        StripeAccount.objects.filter(pk=account.pk).update(stripe_account_id=whose.id)
        account.stripe_account_id = whose.id
    transaction.on_commit(doorkeeper.forget)


# Messages from Stripe


@_telling
def make_endpoint(account: StripeAccount, url: str, *, who: str, seen: str, once: str) -> Endpoint:
    """Have Stripe send what we book to `url`, and store the secret that signs it, which Stripe tells once.

    An endpoint of ours that stands with its secret is left as it is. Any other one at this address, or one
    that we made for another address, is replaced: the new one is stored first, so nothing is missed.
    Asked again with the same `once`, Stripe makes no second one.
    """
    _refuse_stale(account, seen)
    client = doors.stripe_client(account)
    there = client.fetch_webhook_endpoints()
    for one in there:
        if one.id == account.stripe_endpoint_id and one.url == url and _is_whole(account, one):
            return Endpoint(one.id, _removed(client, there, url, one.id), stood=True)
    made = client.make_webhook_endpoint(url, ASKED_FOR, idempotency_key=f"suitesync-endpoint-{once}")
    former = account.stripe_endpoint_id
    try:
        _keep_endpoint(account, made, who=who, seen=seen)
    except Stale:
        if not StripeAccount.objects.filter(pk=account.pk, stripe_endpoint_id=made.id).exists():
            client.remove_webhook_endpoint(made.id)
            raise
    replaced = _removed(client, there, url, made.id, former)
    return Endpoint(made.id, replaced)


@_telling
def remove_endpoint(account: StripeAccount, *, who: str, seen: str) -> None:
    """Have Stripe send nothing any more to the endpoint that we made, and forget its secret."""
    _refuse_stale(account, seen)
    with suppress(NotThere):
        doors.stripe_client(account).remove_webhook_endpoint(account.stripe_endpoint_id)
    wanted = {"stripe_webhook_secret": "", "stripe_webhook_secret_previous": ""}
    reason = f"Removed the address {account.stripe_endpoint_id} in Stripe"
    _keep_secret(account, wanted, "", who=who, reason=reason, seen=seen)


def store_signing_secret(account: StripeAccount, secret: str, *, who: str, seen: str) -> None:
    """Store the signing secret of an endpoint that a person made in Stripe. The old one holds a while."""
    wanted = {
        "stripe_webhook_secret": secret,
        "stripe_webhook_secret_previous": account.stripe_webhook_secret,
    }
    _keep_secret(account, wanted, "", who=who, reason=REASON, seen=seen)


def _is_whole(account: StripeAccount, one: WebhookEndpoint) -> bool:
    """Whether it still sends all that we book, as we read it, signed with the secret that is stored."""
    asks_all = one.events >= ASKED_FOR or "*" in one.events
    return bool(account.stripe_webhook_secret) and one.enabled and asks_all and one.api_version == API_VERSION


def _removed(client: Client, there: Iterable[WebhookEndpoint], url: str, kept: str, former: str = "") -> int:
    """Remove the other endpoints at this address, and the former one of ours; how many there were."""
    others = [one.id for one in there if one.id != kept and (one.url == url or one.id == former)]
    for other in others:
        with suppress(NotThere):
            client.remove_webhook_endpoint(other)
    return len(others)


def _keep_endpoint(account: StripeAccount, made: WebhookEndpoint, *, who: str, seen: str) -> None:
    wanted = {
        "stripe_webhook_secret": made.secret,
        "stripe_webhook_secret_previous": account.stripe_webhook_secret,
    }
    reason = f"Made the address {made.id} in Stripe: {made.url}"
    _keep_secret(account, wanted, made.id, who=who, reason=reason, seen=seen)


def _keep_secret(
    account: StripeAccount, wanted: Mapping[str, Any], endpoint: str, *, who: str, reason: str, seen: str
) -> None:
    with transaction.atomic():
        account_settings.save(account, wanted, who=who, reason=reason, seen=seen)
        StripeAccount.objects.filter(pk=account.pk).update(stripe_endpoint_id=endpoint)
        transaction.on_commit(doorkeeper.forget)


def _refuse_stale(account: StripeAccount, seen: str) -> None:
    if account_settings.version(account) != seen:
        raise Stale


# NetSuite


def share_netsuite(account: StripeAccount, name: str, *, who: str, seen: str) -> None:
    """Have the account's books kept in the NetSuite account `name`, with the credentials that it has.

    Its own one, if it never was of use to anybody, goes. Not once something of the account is booked, nor
    while something is being brought, which goes where its run began.
    """
    with transaction.atomic():
        now = StripeAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        _refuse_stale(now, seen)
        if is_booked(now) or Job.objects.filter(account=now, status=Job.Status.RUNNING).exists():
            raise Stale
        former = now.netsuite_account
        accounts.configure(now.name, {}, who=who, netsuite=name)
        unused = not former.netsuite_account_id and not former.stripe_accounts.exists()
        if unused:
            audit.record(who, Verb.REMOVE_ACCOUNT, subject=former.name, reason=REASON)
            former.delete()


@_telling
def store_token(account: StripeAccount, wanted: Mapping[str, Any], *, who: str, seen: str) -> None:
    """Store what signs us in to NetSuite, once it has. Raises ValidationError for what cannot be it."""
    _refuse_stale(account, seen)
    draft = account_settings.drafted(account, wanted)
    doors.netsuite_gateway(draft.netsuite_account, f"set-up:{leases.owner()}").fetch_server_time()
    account_settings.save(account, wanted, who=who, reason=REASON, seen=seen)


def netsuite_accounts(account: StripeAccount) -> list[NetSuiteAccount]:
    """The other NetSuite accounts that have credentials and could keep its books."""
    known = NetSuiteAccount.objects.exclude(pk=account.netsuite_account_id).exclude(netsuite_account_id="")
    return list(known.order_by("name"))


# The first invoice


@_telling
def newest_invoices(account: StripeAccount, most: int = 5) -> list[Invoice]:
    """The newest invoices in Stripe that are no drafts, newest first."""
    page = doors.stripe_client(account).fetch_page("invoice", 0, END_OF_TIME)
    found = [one for one in page.objects if isinstance(one, Invoice) and one.status != "draft"]
    return found[:most]
