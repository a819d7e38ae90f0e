"""Doors: an account's way to Stripe and to NetSuite, made from its row.

The only place where credentials leave the database, and the only one that knows
which transport carries us to NetSuite.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from connector.engine import leases
from connector.errors import NeedsAttention
from connector.models import NetSuiteAccount, StripeAccount
from connector.netsuite.gateway import Credentials, ExchangeObserver, Gateway
from connector.netsuite.soap import SoapGateway
from connector.stripe.client import Client


def stripe_client(account: StripeAccount) -> Client:
    """The account's Stripe. Raises NeedsAttention when no key is stored."""
    if not account.stripe_api_key:
        raise NeedsAttention("stripe_key_missing", f"The account {account.name} has no Stripe key.")
    return _client(account.stripe_api_key.reveal(), account.stripe_api_base)


@lru_cache(maxsize=64)
def _client(api_key: str, api_base: str) -> Client:
    return Client(api_key, api_base=api_base)


def netsuite_gateway(
    account: NetSuiteAccount, holder: str, observer: ExchangeObserver | None = None
) -> Gateway:
    """The account's NetSuite; `holder` takes its slots. Raises NeedsAttention if a credential is missing."""
    needed = {
        "account ID": account.netsuite_account_id,
        "consumer key": account.netsuite_consumer_key,
        "consumer secret": account.netsuite_consumer_secret,
        "token ID": account.netsuite_token_id,
        "token secret": account.netsuite_token_secret,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        text = f"The NetSuite account {account.name} has no {' and no '.join(missing)}."
        raise NeedsAttention("netsuite_credentials_missing", text)
    credentials = Credentials(
        account_id=account.netsuite_account_id,
        consumer_key=account.netsuite_consumer_key.reveal(),
        consumer_secret=account.netsuite_consumer_secret.reveal(),
        token_id=account.netsuite_token_id.reveal(),
        token_secret=account.netsuite_token_secret.reveal(),
        base_url=account.netsuite_base_url,
        version=account.netsuite_version,
    )
    return SoapGateway(
        credentials,
        cache_directory=Path(settings.WSDL_CACHE_DIR),
        slots=leases.DatabaseSlots(account, holder),
        on_exchange=observer,
    )
