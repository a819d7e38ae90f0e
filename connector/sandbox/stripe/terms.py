"""How Stripe serves this account: settlement currencies, pricing, and what happens to refunds."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Settlement(NamedTuple):
    """The currency that Stripe turns another one into, and the rate of whole units to whole units."""

    currency: str
    rate: Decimal


@dataclass(frozen=True)
class Terms:
    """What a story may change for a while.

    `settles` is by charged currency; a currency that is not in it is settled as it is. With
    `interchange_plus` charges carry no fee, and the costs come later as transactions of their own.
    With `refunds_wait` new refunds wait for money on the balance; with `fees_come_back` a refund
    returns its share of the fee.
    """

    settles: dict[str, Settlement] = field(default_factory=dict)
    interchange_plus: bool = False
    refunds_wait: bool = False
    fees_come_back: bool = False
