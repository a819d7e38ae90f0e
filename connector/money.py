"""Amount: a decimal with its currency, read from Stripe's minor units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Stripe's own table, not ISO's: ISK and UGX are sent with two decimals although
# they have none (docs.stripe.com/currencies, "special cases").
_ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies were to be added or compared."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared.")


def decimals(currency: str) -> int:
    """How many decimals an amount of this currency has (0, 2 or 3). Source: MC-9, MC-H3."""
    code = currency.upper()
    if code in _ZERO_DECIMAL:
        return 0
    return 3 if code in _THREE_DECIMAL else 2


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: `value` in whole units of `currency` (upper-case ISO code), at the currency's decimals."""

    value: Decimal
    currency: str

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Amount:
        """Read Stripe's integer: 1999 and "usd" give 19.99 USD, 500 and "jpy" give 500 JPY.

        ValueError for anything but a whole number.
        """
        code = currency.upper()
        if minor != int(minor):
            raise ValueError(f"{minor} is not a whole number of minor units of {code}.")
        return cls(Decimal(minor).scaleb(-decimals(code)), code)

    @classmethod
    def zero(cls, currency: str) -> Amount:
        """Nothing, in `currency`."""
        return cls.from_minor(0, currency)

    @property
    def minor(self) -> int:
        """The amount in Stripe's minor units. ValueError when it is finer than one of them."""
        scaled = self.value.scaleb(decimals(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.value} {self.currency} is not a whole number of minor units.")
        return int(scaled)

    def __add__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.value + other.value, self.currency)

    def __sub__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.value - other.value, self.currency)

    def __neg__(self) -> Amount:
        return Amount(-self.value, self.currency)

    def __lt__(self, other: Amount) -> bool:
        self._same(other)
        return self.value < other.value

    def __le__(self, other: Amount) -> bool:
        self._same(other)
        return self.value <= other.value

    def __bool__(self) -> bool:
        return self.value != 0

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    @property
    def text(self) -> str:
        """The number alone, with the currency's decimals: `19.90`, `500`, `1.250`."""
        return f"{self.value:.{decimals(self.currency)}f}"

    def _same(self, other: Amount) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)


def total(amounts: list[Amount] | tuple[Amount, ...], currency: str) -> Amount:
    """The sum of `amounts`, all of `currency`; zero when there are none."""
    result = Amount.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
