"""Money, dates and moments as the console writes them, for whoever reads the page (`dashboard.reader`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_symbol

from connector.money import Amount, decimals
from dashboard import reader

LOCALE = "en_001"
"""English that names the dollar's country (US$, A$) and writes 18 Nov 2026."""


def money(value: Decimal, currency: str) -> str:
    """`US$1,234.50`, `−US$5.00`, `KWD 1.250`: the symbol, then the currency's own decimals."""
    places = decimals(currency)
    symbol = get_currency_symbol(currency.upper(), locale=LOCALE)
    gap = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return f"{sign}{symbol}{gap}{format_decimal(abs(value), format=pattern, locale=reader.numbers())}"


def written_money(value: Decimal | str | None, currency: str) -> str:
    """Like `money`, for a value that was stored as text. Empty for nothing; text that is no number stays."""
    if value is None or value == "":
        return ""
    try:
        return money(Decimal(value), currency)
    except InvalidOperation:
        return str(value)


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def money_of_each(amounts: Iterable[Amount]) -> str:
    """One sum for each currency, joined by words; currencies are never added together."""
    return joined([money(amount.value, amount.currency) for amount in amounts])


def counted(number: int, one: str, many: str) -> str:
    """`1 record`, `1,200 records`."""
    return f"{format_decimal(number, locale=reader.numbers())} {one if number == 1 else many}"


def day(value: date) -> str:
    """`18 Nov 2026`."""
    return str(format_date(value, "d MMM y", locale=LOCALE))


def clock(value: datetime, zone: ZoneInfo) -> str:
    """`14:05` in the reader's own zone, or in `zone`."""
    return str(format_datetime(value.astimezone(reader.zone(zone)), "HH:mm", locale=LOCALE))


def moment(value: datetime, zone: ZoneInfo) -> str:
    """`18 Nov 2026, 09:12` in the reader's own zone, or in `zone`."""
    return str(format_datetime(value.astimezone(reader.zone(zone)), "d MMM y, HH:mm", locale=LOCALE))


def exactly(value: datetime, zone: ZoneInfo) -> str:
    """`18 Nov 2026, 09:12:33 EST (America/New_York)`, in `zone` whoever reads: for proof."""
    local = value.astimezone(zone)
    return f"{format_datetime(local, 'd MMM y, HH:mm:ss', locale=LOCALE)} {local:%Z} ({zone.key})"
