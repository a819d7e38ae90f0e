"""Money: Stripe's minor units and decimals, there and back, never across currencies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Amount, CurrencyMismatchError, decimals, total

rule = pytest.mark.rule
ZERO_DECIMAL = [
    *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
    *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
]
THREE_DECIMAL = ["BHD", "JOD", "KWD", "OMR", "TND"]
TWO_DECIMAL = ["USD", "EUR", "GBP", "CHF", "NOK", "ISK", "UGX", "HUF", "TWD"]
CURRENCIES = st.sampled_from([*ZERO_DECIMAL, *THREE_DECIMAL, *TWO_DECIMAL])
MINOR = st.integers(-(10**14), 10**14)


@rule("MC-9")
@rule("MC-H3")
@pytest.mark.parametrize(
    ("minor", "currency", "value", "text"),
    [
        (1999, "usd", "19.99", "19.99"),
        (1990, "USD", "19.9", "19.90"),
        (-5, "eur", "-0.05", "-0.05"),
        (500, "jpy", "500", "500"),
        (1250, "kwd", "1.25", "1.250"),
        (1, "bhd", "0.001", "0.001"),
        (0, "usd", "0", "0.00"),
    ],
)
def test_minor_units_are_read_by_the_decimals_of_their_currency(
    minor: int, currency: str, value: str, text: str
) -> None:
    amount = Amount.from_minor(minor, currency)
    assert (amount.value, amount.currency) == (Decimal(value), currency.upper())
    assert (amount.text, str(amount)) == (text, f"{text} {currency.upper()}")


@rule("MC-9")
@pytest.mark.parametrize("currency", ["ISK", "UGX"])
def test_stripe_sends_two_decimals_for_two_currencies_that_have_none(currency: str) -> None:
    assert Amount.from_minor(50_000, currency).value == 500


@rule("MC-9")
@rule("MC-H3")
def test_the_tables_of_decimals_are_stripes() -> None:
    assert {decimals(code) for code in ZERO_DECIMAL} == {0}
    assert {decimals(code) for code in THREE_DECIMAL} == {3}
    assert {decimals(code) for code in TWO_DECIMAL} == {2}
    assert decimals("jpy") == 0


@given(MINOR, CURRENCIES)
def test_minor_units_come_back_as_they_went(minor: int, currency: str) -> None:
    amount = Amount.from_minor(minor, currency)
    assert amount.minor == minor
    assert Amount(Decimal(amount.text), currency) == amount


@given(st.lists(MINOR, max_size=30), CURRENCIES)
def test_sums_are_exact(minors: list[int], currency: str) -> None:
    assert total([Amount.from_minor(each, currency) for each in minors], currency).minor == sum(minors)


@given(MINOR, MINOR, CURRENCIES)
def test_amounts_of_one_currency_calculate_and_compare_as_numbers_do(
    one: int, other: int, currency: str
) -> None:
    left, right = Amount.from_minor(one, currency), Amount.from_minor(other, currency)
    assert (left + right).minor == one + other
    assert (left - right).minor == one - other
    assert (-left).minor == -one
    assert (left < right, left <= right, left > right, left >= right, left == right) == (
        one < other,
        one <= other,
        one > other,
        one >= other,
        one == other,
    )
    assert bool(left) == bool(one)


def test_equal_amounts_are_equal_however_they_are_written() -> None:
    assert Amount(Decimal("5.0"), "USD") == Amount.from_minor(500, "usd")
    assert hash(Amount(Decimal("5.0"), "USD")) == hash(Amount.from_minor(500, "usd"))
    assert Amount.zero("usd") != Amount.zero("eur")


def test_amounts_of_two_currencies_are_never_mixed() -> None:
    dollars, euros = Amount.from_minor(100, "usd"), Amount.from_minor(100, "eur")
    for mix in (
        lambda: dollars + euros,
        lambda: dollars - euros,
        lambda: dollars < euros,
        lambda: dollars <= euros,
        lambda: dollars > euros,
        lambda: min(dollars, euros),
        lambda: total([dollars, euros], "usd"),
        lambda: total([euros], "usd"),
    ):
        with pytest.raises(CurrencyMismatchError, match=r"(USD and EUR|EUR and USD) cannot"):
            mix()


def test_an_amount_finer_than_a_minor_unit_is_not_cut_in_silence() -> None:
    with pytest.raises(ValueError, match=r"19\.999 USD is not a whole number of minor units"):
        _ = Amount(Decimal("19.999"), "USD").minor
    assert Amount(Decimal("19.990"), "USD").minor == 1999


def test_nothing_adds_up_to_zero_of_the_currency() -> None:
    assert total([], "usd") == Amount(Decimal(0), "USD")
