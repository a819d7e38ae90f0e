"""Money, days and moments as they are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from connector.models import Preferences
from connector.money import Amount
from dashboard import figures, reader
from dashboard.zones import place


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        ("1234.5", "USD", "US$1,234.50"),
        ("-5", "usd", "−US$5.00"),
        ("500", "JPY", "JP¥500"),
        ("1.25", "KWD", "KWD\N{NO-BREAK SPACE}1.250"),
        ("0", "EUR", "€0.00"),
        ("1234567.89", "GBP", "£1,234,567.89"),
        ("100", "ISK", "ISK\N{NO-BREAK SPACE}100.00"),
        ("1", "XYZ", "XYZ\N{NO-BREAK SPACE}1.00"),
    ],
)
def test_money_is_written_with_its_currency_and_its_decimals(value: str, currency: str, written: str) -> None:
    assert figures.money(Decimal(value), currency) == written


def test_text_that_is_no_number_is_shown_as_it_is() -> None:
    assert figures.written_money("about ten", "USD") == "about ten"


def test_nothing_is_written_as_nothing() -> None:
    assert figures.written_money(None, "USD") == figures.written_money("", "USD") == ""


def test_currencies_stand_side_by_side_and_are_never_added() -> None:
    amounts = [Amount(Decimal(10), "EUR"), Amount(Decimal(20), "JPY"), Amount(Decimal(30), "USD")]
    assert figures.money_of_each(amounts) == "€10.00, JP¥20 and US$30.00"


def test_counts_agree_with_their_noun() -> None:
    assert figures.counted(1, "record", "records") == "1 record"
    assert figures.counted(1200, "record", "records") == "1,200 records"


def test_a_moment_is_written_in_the_zone_of_the_page() -> None:
    new_york, late = ZoneInfo("America/New_York"), datetime(2026, 11, 18, 3, 12, 33, tzinfo=UTC)
    assert figures.moment(late, new_york) == "17 Nov 2026, 22:12"
    assert figures.exactly(late, new_york) == "17 Nov 2026, 22:12:33 EST (America/New_York)"
    assert figures.clock(late, new_york) == "22:12"


def test_a_day_is_written_so_that_nobody_swaps_day_and_month() -> None:
    assert figures.day(date(2026, 2, 3)) == "3 Feb 2026"


def test_a_zone_is_named_by_its_town() -> None:
    assert place(ZoneInfo("America/New_York")) == "New York"
    assert place(ZoneInfo("UTC")) == "UTC"


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("en_001", "−US$1,234,567.50"),
        ("de", "−US$1.234.567,50"),
        ("fr", "−US$1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,50"),
        ("de_CH", "−US$1’234’567.50"),
    ],
)
def test_a_reader_has_their_own_marks_and_a_file_has_none(style: str, written: str) -> None:
    with reader.written_for(Preferences(numbers=style)):
        assert figures.money(Decimal("-1234567.5"), "USD") == written
        with reader.nobody():
            assert figures.money(Decimal("-1234567.5"), "USD") == "−US$1,234,567.50"


def test_a_reader_sees_moments_in_their_own_zone_and_can_prove_them_in_the_accounts() -> None:
    new_york, late = ZoneInfo("America/New_York"), datetime(2026, 11, 18, 3, 12, 33, tzinfo=UTC)
    with reader.written_for(Preferences(time_zone="Europe/Paris")):
        assert figures.moment(late, new_york) == "18 Nov 2026, 04:12"
        assert figures.clock(late, new_york) == "04:12"
        assert figures.exactly(late, new_york) == "17 Nov 2026, 22:12:33 EST (America/New_York)"
