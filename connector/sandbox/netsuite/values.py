"""How NetSuite prints and reads its simple values: doubles, dates at midnight Pacific, money by currency."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from .refusal import unreadable

PACIFIC = ZoneInfo("America/Los_Angeles")
ZERO = Decimal(0)

Data = dict[str, Any]
"""One complex value: fields by name, attributes by "@name", and under "$" the name of its concrete type."""


def double_text(value: Decimal | float | int) -> str:
    """A double as Java prints it: "20.0", "149.85", "1.0E7"."""
    number = float(value)
    if number != 0 and not 1e-3 <= abs(number) < 1e7:
        mantissa, _, exponent = f"{Decimal(repr(number)).normalize():E}".partition("E")
        whole, _, fraction = mantissa.partition(".")
        return f"{whole}.{fraction or '0'}E{int(exponent)}"
    return repr(number)


def date_text(value: date | datetime) -> str:
    """A moment in Pacific time with that date's offset; a date is its midnight."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=PACIFIC)
    local = value.astimezone(PACIFIC)
    return local.isoformat(timespec="milliseconds")


def plain_text(value: object) -> str:
    """A simple value as text for the wire."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | float):
        return double_text(value)
    if isinstance(value, date):
        return date_text(value)
    return str(value)


def read_boolean(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in {"true", "1"}:
        return True
    if lowered in {"false", "0"}:
        return False
    raise unreadable(f"org.xml.sax.SAXException: Bad boolean value: {text}")


def read_double(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise unreadable(f'java.lang.NumberFormatException: For input string: "{text}"') from None
    if not number.is_finite():
        raise unreadable(f'java.lang.NumberFormatException: For input string: "{text}"')
    return number


def read_long(text: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise unreadable(f'java.lang.NumberFormatException: For input string: "{text}"') from None


def read_moment(text: str) -> datetime:
    """A dateTime; without an offset it is Pacific (netsuite.md 3.5)."""
    try:
        moment = datetime.fromisoformat(text.strip()) if "T" in text else None
    except ValueError:
        moment = None
    if moment is None:
        raise unreadable(f"java.lang.NumberFormatException: Invalid date/time: {text}")
    return moment.replace(tzinfo=PACIFIC) if moment.tzinfo is None else moment.astimezone(PACIFIC)


def as_date(value: object) -> date:
    """The day of a stored moment or date, in Pacific time, the time zone of the sandbox's NetSuite user."""
    if isinstance(value, datetime):
        return value.astimezone(PACIFIC).date()
    if isinstance(value, date):
        return value
    raise TypeError(f"not a date: {value!r}")


def decimals(value: Decimal) -> int:
    """How many decimal places the number really uses."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def round_to(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def money_text(value: Decimal, places: int) -> str:
    """Money with its currency's decimals and no separators: "1234.50"."""
    return f"{round_to(value, places):f}"


def grouped(text: str) -> str:
    """Money as people read it: "1,234.50"; an empty text stays empty."""
    return f"{Decimal(text):,f}" if text else ""


def summed(texts: Iterable[str]) -> str:
    """The sum of money texts, with their decimals."""
    return str(total(Decimal(text) for text in texts))


def names(text: str) -> frozenset[str]:
    """The names in a text, for tables."""
    return frozenset(text.split())


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
