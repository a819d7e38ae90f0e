"""Minor units, smallest charges and Stripe's fees for the currencies of the practice world."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from .errors import invalid
from .forms import text, whole


class Currency(NamedTuple):
    """Decimals of a currency, its smallest charge and the fixed fees of charges and disputes."""

    decimals: int
    smallest: int
    fixed_fee: int
    dispute_fee: int


CURRENCIES = {
    "usd": Currency(2, 50, 30, 1_500),
    "eur": Currency(2, 50, 25, 2_000),
    "gbp": Currency(2, 30, 20, 2_000),
    "jpy": Currency(0, 50, 40, 1_300),
    "kwd": Currency(3, 150, 100, 5_000),
    "nok": Currency(2, 300, 180, 15_000),
}
FEE_RATE = Decimal("0.029")
DEBIT_RATE, MOST_FOR_DEBIT = Decimal("0.008"), 500
CONVERSION_RATE = Decimal("0.01")
INSTANT_RATE = Decimal("0.01")


def currency_of(value: Any, param: str = "currency") -> str:
    """A supported currency in Stripe's lower-case spelling."""
    code = (text(value) or "").lower()
    if code not in CURRENCIES:
        known = ", ".join(CURRENCIES)
        raise invalid(
            f"Invalid currency: {value}. This practice account supports: {known}",
            code="parameter_invalid_string_blank" if not code else None,
            param=param,
        )
    return code


def chargeable(value: Any, currency: str) -> int:
    """An amount that Stripe can charge: at least the minimum; three-decimal amounts end in zero."""
    amount = whole(value, "amount")
    if amount < CURRENCIES[currency].smallest:
        raise invalid(
            f"Amount must be at least {CURRENCIES[currency].smallest} in {currency}",
            code="amount_too_small",
            param="amount",
        )
    if CURRENCIES[currency].decimals == 3 and amount % 10:
        raise invalid(
            f"Amounts in {currency} must be evenly divisible by 10", code="parameter_invalid", param="amount"
        )
    return amount


def rounded(value: Decimal) -> int:
    """Whole minor units, halves away from zero."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def spread(amount: int, weights: list[int]) -> list[int]:
    """An amount in whole parts by weight; the units left by rounding go to the largest remainders."""
    whole_weight = sum(weights)
    if not whole_weight:
        return [0] * len(weights)
    parts = [amount * weight // whole_weight for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: -(amount * weights[place] % whole_weight))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def extended(unit_amount: Decimal, quantity: Decimal) -> int:
    """Unit amount times quantity in whole minor units, halves away from zero."""
    return rounded(unit_amount * quantity)


def fee_on(amount: int, currency: str) -> int:
    """Stripe's processing fee in minor units: 2.9 % and a fixed part."""
    return rounded(FEE_RATE * amount) + CURRENCIES[currency].fixed_fee


def debit_fee_on(amount: int) -> int:
    """Stripe's fee for a bank debit: 0.8 %, at most 5.00."""
    return min(rounded(DEBIT_RATE * amount), MOST_FOR_DEBIT)


def converted(amount: int, currency: str, into: str, rate: Decimal) -> int:
    """Minor units of a currency in those of another; the rate is of whole units to whole units."""
    shift = CURRENCIES[into].decimals - CURRENCIES[currency].decimals
    return rounded((rate * amount).scaleb(shift))


def plain(value: Decimal) -> str:
    """A decimal as Stripe writes it: no exponent, no trailing zeros after the point."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def shown(amount: int, currency: str) -> str:
    """Minor units as people read them, for example `USD 1,234.50`."""
    decimals = CURRENCIES[currency].decimals
    return f"{currency.upper()} {Decimal(amount).scaleb(-decimals):,.{decimals}f}"
