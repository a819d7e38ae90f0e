"""Whose key a Stripe key is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connector.errors import NeedsAttention
from connector.stripe.client import Client
from connector.stripe.shape import optional


@dataclass(frozen=True, slots=True)
class Identity:
    """A Stripe account: its id (acct_…), its name and its time zone, each empty where Stripe did not say."""

    id: str = ""
    name: str = ""
    time_zone: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id

    def __bool__(self) -> bool:
        return bool(self.id)


def of(client: Client) -> Identity:
    """Sign in and ask. A restricted key need not be allowed to: the refusal names the account, at best.

    Raises a verdict when the key is refused, or Stripe cannot be reached.
    """
    try:
        found = client.fetch_account()
    except NeedsAttention as verdict:
        if verdict.code != "stripe_permission_missing":
            raise
        named = re.search(r"\bacct_\w+", verdict.message)
        return Identity(named[0] if named else "")
    name = optional(found, "settings.dashboard.display_name") or optional(found, "business_profile.name")
    zone = optional(found, "settings.dashboard.timezone")
    return Identity(str(found.get("id") or ""), str(name or ""), str(zone or ""))
