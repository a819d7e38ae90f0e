"""Links made by hand on a page: look at both sides, show them, then link what was shown and nothing else.

`links` does the work; here a person's two steps are joined, and every refusal becomes a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connector.engine import doors, leases, links, sides
from connector.engine.links import KINDS, Linking, NotLinked
from connector.errors import Verdict
from connector.failures import describe
from connector.models import StripeAccount
from connector.netsuite.gateway import Gateway

__all__ = ["KINDS", "Look", "NotLinked", "link", "look"]


@dataclass(frozen=True, slots=True)
class Look:
    """A link as it would be. `version` changes with all that a person decides upon."""

    linking: Linking
    pair: sides.Pair
    troubles: tuple[str, ...]

    @property
    def version(self) -> str:
        """What was looked at: which row in which state, and which record over which money."""
        row, target = self.linking.row, self.linking.target
        parts = (row.pk, row.state, row.internal_id, target.type, target.internal_id, target.total)
        return ".".join(str(part) for part in parts)


def look(account: StripeAccount, key: str, internal_id: str, kind: str = "") -> Look:
    """Read both sides. Raises NotLinked, with a sentence for the person who asked."""
    with _in_words():
        return _look(account, key, internal_id, kind, _gateway(account))


def link(
    account: StripeAccount, key: str, internal_id: str, kind: str, *, version: str, who: str, why: str
) -> Linking | None:
    """Link what a page showed; None when either side is not any more as it showed them. Raises NotLinked."""
    with _in_words():
        gateway = _gateway(account)
        now = _look(account, key, internal_id, kind, gateway)
        if now.version != version:
            return None
        links.link(account, now.linking, gateway, who=who, why=why)
        return now.linking


def _look(account: StripeAccount, key: str, internal_id: str, kind: str, gateway: Gateway) -> Look:
    linking = links.prepare(account, key, internal_id, gateway, kind)
    pair, troubles = sides.beside(linking.row, linking.target)
    return Look(linking, pair, troubles)


def _gateway(account: StripeAccount) -> Gateway:
    netsuite = account.netsuite_account
    return doors.netsuite_gateway(netsuite, f"link:{leases.owner()}")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Verdict as verdict:
        raise NotLinked(f"{verdict.message} {describe(verdict.code).next_step}") from None
