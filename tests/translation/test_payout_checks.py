"""A record goes on a deposit only where NetSuite holds it as what Stripe paid out of it (PO-6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connector.netsuite.records import Ref
from connector.translation.payout_checks import Rules, Seen, fault
from tests.translation.builders import settings

rule = pytest.mark.rule
FUNDS = "118"
CURRENCIES = {"USD": "1", "EUR": "2", "JPY": "3"}
REF = Ref("customerPayment", "ch_1", "7")
HELD = Seen(Decimal("120.00"), "1", FUNDS, "5")


def told(worth: str, seen: Seen | None, currency: str = "USD", base: str = "USD") -> str:
    """The code of what speaks against it; empty when nothing does."""
    chosen = settings(undeposited_funds_account=FUNDS, currencies=CURRENCIES, base_currency=base)
    found = fault(REF, "ch_1", Decimal(worth), seen, Rules(chosen, currency, frozenset({"5"})))
    return found.code if found else ""


@rule("PO-6", "SU-2")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"account": "119"}, "undep_funds_account_mismatch"),
        ({"deposited": True}, "already_deposited"),
        ({"subsidiary": "6"}, "invalid_subsidiary"),
        ({"total": Decimal("120.01")}, "unequal_amounts"),
        ({"currency": "9"}, "payout_currency_not_depositable"),
    ],
)
def test_a_record_is_deposited_only_as_it_was_booked(changes: dict[str, Any], code: str) -> None:
    assert told("120.00", replace(HELD, **changes)) == code


@rule("PO-6")
def test_a_record_that_netsuite_does_not_hold_is_told_as_deleted() -> None:
    assert told("120.00", None) == "deleted_netsuite_record"


@rule("PO-6")
def test_money_given_back_is_compared_without_its_sign() -> None:
    assert told("-120.00", HELD) == ""


@rule("MC-5", "MC-H1")
@pytest.mark.parametrize(
    ("worth", "rate", "currency", "base", "code"),
    [
        ("108.12", "0.901", "USD", "USD", ""),
        ("108.11", "0.901", "USD", "USD", "unequal_amounts"),
        ("108", "0.9004", "JPY", "JPY", ""),
        ("108.12", "0.901", "USD", "JPY", "payout_currency_not_depositable"),
        ("108.12", None, "USD", "USD", "payout_currency_not_depositable"),
    ],
    ids=["to the cent", "a cent off", "whole yen", "another bank than the books'", "at no rate"],
)
def test_a_foreign_record_is_worth_its_own_rate_in_the_currency_of_the_books(
    worth: str, rate: str | None, currency: str, base: str, code: str
) -> None:
    held = replace(HELD, currency="2", exchange_rate=Decimal(rate) if rate else None)
    assert told(worth, held, currency, base) == code
