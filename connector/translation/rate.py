"""Rate: the exchange rate at which a transaction posts exactly what Stripe settled (MC-6, MC-H1, MC-H2)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from connector.money import Amount, decimals

PLACES = (8, 10, 12, 14)
"""Decimals of a rate, the fewest that are exact first; NetSuite keeps rates as doubles."""


def exchange_rate(own: Amount, settled: Amount, base: str) -> Decimal | None:
    """Units of the base currency for one of `own`, so that `own` posts as `settled` to the cent.

    None where NetSuite's own rate holds: Stripe converted nothing, or into another currency than
    the subsidiary's (`base`, an ISO code, empty when it is not known). Both amounts are positive.
    """
    if settled.currency == own.currency or settled.currency != base or not own:
        return None
    unit, exact = Decimal(1).scaleb(-decimals(base)), settled.value / own.value
    for places in PLACES:
        rate = exact.quantize(Decimal(1).scaleb(-places))
        if (own.value * rate).quantize(unit, ROUND_HALF_UP) == settled.value:
            return rate
    return None
