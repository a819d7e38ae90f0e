"""Payouts become deposits that are the bank statement to the minor unit, or journal entries, or a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from connector.money import Amount
from connector.netsuite.records import Deposit, JournalEntry, Ref
from connector.stripe.balance import BalanceTransaction, Fee, Payout
from connector.translation.movement import Role, is_partial_capture, record_key, role_of
from connector.translation.payout import MOST_FUNDS, Contents, translate
from connector.translation.plan import Plan
from connector.translation.settings import Settings
from tests.translation.builders import NOON, codes, only, records_of, rules_of, settings

rule = pytest.mark.rule
ARRIVES = date(2026, 11, 12)
CLEARING, DIFFERENCES = "90", "91"
OTHERS = ("topup", "transfer", "reserved_funds", "application_fee", "anticipation_repayment")


def chosen(**changes: Any) -> Settings:
    """Every account that a payout can need."""
    return settings(
        **{
            "bank_accounts": {"USD": "1", "EUR": "2", "JPY": "3", "KWD": "4"},
            "payment_fees_account": "60",
            "dispute_fees_account": "61",
            "dispute_reversals_account": "62",
            "adjustments_account": "63",
            "stripe_fees_account": "64",
            "payout_clearing_account": CLEARING,
            "base_currency": "USD",
            "balance_accounts": dict.fromkeys(OTHERS, "65"),
            **changes,
        }
    )


def moved(
    number: int, kind: str, minor: int, fee: int = 0, code: str = "usd", **more: Any
) -> BalanceTransaction:
    """A movement on the balance; a part of its fee is itemised."""
    amount, cost = Amount.from_minor(minor, code), Amount.from_minor(fee, code)
    sources = {"charge": "ch", "payment": "py", "refund": "re", "refund_failure": "re", "adjustment": "du"}
    given: dict[str, Any] = {
        "category": kind,
        "source_id": f"{sources[kind]}_{number}" if kind in sources else "",
        "fees": (Fee("stripe_fee", Amount.from_minor(fee // 2, code)),) if fee else (),
        **more,
    }
    return BalanceTransaction(
        f"txn_{number}", kind, amount=amount, fee=cost, net=amount - cost, created=NOON, **given
    )


def paid(movements: Sequence[BalanceTransaction], off: int = 0, code: str = "usd") -> Payout:
    """The payout of these movements; `off` minor units away from what they come to."""
    net = sum((one.net.value for one in movements), Decimal(0))
    amount = Amount.from_minor(off, code) + Amount(net, code.upper())
    return Payout("po_1", amount, "paid", True, "completed", ARRIVES, NOON)


def contents(movements: Sequence[BalanceTransaction], **more: Any) -> Contents:
    """With every record in NetSuite; a partial capture is a part of its charge (CH-H1)."""
    keys = {}
    for one in movements:
        if role_of(one) is Role.RECORD:
            keys[one.id] = f"ch_{one.source_id[3:]}" if is_partial_capture(one) else record_key(one)
    kinds = {"ch": "customerPayment", "py": "customerPayment"}
    found = {
        key: Ref(kinds.get(key[:2], "customerRefund"), key, str(place))  # type: ignore[arg-type]
        for place, key in enumerate(sorted(set(keys.values())), 1)
    }
    return Contents(movements, keys, found, **more)


def plan_of(movements: Sequence[BalanceTransaction], off: int = 0, code: str = "usd", **choices: Any) -> Plan:
    return translate(paid(movements, off, code), contents(movements), chosen(**choices))


def banked(plan: Plan) -> Decimal:
    """What the plan brings to the bank, or takes from it; every entry of it balances."""
    entries = records_of(plan, JournalEntry)
    assert all(sum(side.amount for side in entry.lines) == 0 for entry in entries)
    deposited = sum((one.total for one in records_of(plan, Deposit)), Decimal(0))
    banks = chosen().bank_accounts.values()
    sides = [side for one in entries for side in one.lines if side.account.internal_id in banks]
    return deposited + sum((side.amount for side in sides), Decimal(0))


# The identity


@st.composite
def balances(draw: st.DrawFn) -> tuple[str, list[BalanceTransaction]]:
    """What a payout may settle, in a currency with two, none or three decimals."""
    code = draw(st.sampled_from(["usd", "eur", "jpy", "kwd"]))
    made: list[BalanceTransaction] = []
    for number in range(draw(st.integers(1, 12))):
        minor, fee = draw(st.integers(1, 900_000)), draw(st.integers(-400, 4_000))
        match draw(st.integers(0, 6)):
            case 0 | 1:
                made.append(moved(number, draw(st.sampled_from(["charge", "payment"])), minor, fee, code))
            case 2:
                made.append(moved(number, "refund", -minor, -fee, code))
            case 3:
                made.append(moved(number, "adjustment", -minor, 1_500, code, category="dispute"))
            case 4:
                won = {"category": "dispute_reversal", "source_id": f"du_{number}"}
                made.append(moved(number, "adjustment", minor, -1_500, code, **won))
            case 5:
                sign = draw(st.sampled_from([1, -1]))
                made.append(moved(number, draw(st.sampled_from(OTHERS)), sign * minor, 0, code))
            case 6:
                made.append(moved(number, "charge", minor, fee, code))
                part = {"category": "partial_capture_reversal", "source_id": f"re_{number}"}
                back = moved(number, "refund", -draw(st.integers(1, minor)), -fee // 3, code, **part)
                made.append(replace(back, id=f"txn_{number}b"))
    return code, made


@rule("PO-H7", "PO-3", "PO-5", "PO-H1", "PO-H2", "PO-H4", "K2", "CH-H1", "MC-4")
@given(balances())
@hypothesis_settings(deadline=None)
def test_whatever_a_payout_settles_the_bank_shows_it_to_the_minor_unit(
    drawn: tuple[str, list[BalanceTransaction]],
) -> None:
    code, movements = drawn
    plan = plan_of(movements, code=code)

    payout = paid(movements, code=code)
    assert banked(plan) == payout.amount.value
    (planned,) = plan.records
    record = planned.record
    assert isinstance(record, Deposit if payout.amount.value > 0 else JournalEntry)
    assert (record.external_id, record.tran_date) == ("po_1", ARRIVES)
    if isinstance(record, Deposit):
        assert record.account.internal_id == chosen().bank_accounts[code.upper()]
        assert all(line.amount > 0 for line in (*record.other, *record.cash_back))
        refs = [fund.doc for fund in record.funds]
        assert len(refs) == len(set(refs))
        gross = sum((one.amount.value for one in movements if role_of(one) is Role.RECORD), Decimal(0))
        assert record.funds_total == gross


def test_fees_are_one_line_for_each_kind_and_direction() -> None:
    movements = [
        moved(1, "charge", 10_000, 320),
        moved(2, "charge", 5_000, 175),
        moved(3, "refund", -2_000, -60),
        moved(4, "adjustment", -3_000, 1_500, category="dispute"),
    ]
    deposit = only(plan_of(movements), Deposit)
    out = {(line.account.internal_id, line.memo): line.amount for line in deposit.cash_back}
    assert out == {
        ("60", "Stripe processing fees"): Decimal("4.95"),
        ("61", "Stripe fees for disputes"): Decimal("15.00"),
    }
    (back,) = deposit.other
    assert (back.account.internal_id, back.amount) == ("60", Decimal("0.60"))


# More than one deposit can hold


@rule("PO-H8")
@pytest.mark.parametrize(
    ("charges", "parts"), [(MOST_FUNDS, 1), (MOST_FUNDS + 1, 2), (2 * MOST_FUNDS + 1, 3)]
)
def test_more_than_ten_thousand_records_are_several_deposits_that_tie_out(charges: int, parts: int) -> None:
    movements = [moved(number, "charge", 100 + number % 7, 3) for number in range(charges - 50)]
    movements += [moved(charges + number, "refund", -9_000) for number in range(50)]

    deposits = records_of(plan := plan_of(movements), Deposit)

    assert [one.external_id for one in deposits] == ["po_1", "po_1:2", "po_1:3"][:parts]
    assert banked(plan) == paid(movements).amount.value
    assert {one.tran_date for one in deposits} == {ARRIVES}
    assert all(len(one.funds) <= MOST_FUNDS and one.total > 0 for one in deposits)
    assert len({fund.doc for one in deposits for fund in one.funds}) == charges
    assert all((f"of {paid(movements).amount}" in one.memo) == (parts > 1) for one in deposits)


@rule("PO-H8", "PO-H4")
def test_records_that_no_split_makes_positive_are_one_journal_entry() -> None:
    movements = [moved(number, "charge", 100) for number in range(MOST_FUNDS)]
    movements += [moved(MOST_FUNDS + 1, "refund", -90 * MOST_FUNDS)]
    plan = plan_of(movements)
    assert len(records_of(plan, JournalEntry)) == 1
    assert banked(plan) == paid(movements).amount.value


# What is named


@rule("K15", "PO-8")
def test_a_difference_is_never_posted_in_silence() -> None:
    movements = [moved(1, "charge", 10_000, 320)]
    assert codes(plan_of(movements, off=-7)) == ["payout_difference"]

    plan = plan_of(movements, off=-7, payout_difference_account=DIFFERENCES)
    deposit = only(plan, Deposit)
    (line,) = [one for one in deposit.cash_back if one.account.internal_id == DIFFERENCES]
    assert (line.amount, banked(plan)) == (Decimal("0.07"), Decimal("96.73"))
    assert "Differs from the sum of its parts by -0.07 USD" in deposit.memo
    assert {"K15", "PO-8"} <= rules_of(plan)


@rule("PO-H3", "PO-13")
@pytest.mark.parametrize(
    ("movement", "changes", "code", "named"),
    [
        (
            moved(9, "stellar_dust_levy", -475),
            {},
            "missing_netsuite_account_mapping",
            "type stellar_dust_levy",
        ),
        (
            moved(9, "payout", -475),
            {"payout_clearing_account": ""},
            "missing_netsuite_account_mapping",
            "clearing",
        ),
        (
            moved(9, "stripe_fee", -475),
            {"stripe_fees_account": "", "payment_fees_account": ""},
            "missing_netsuite_account_mapping",
            "payment fees",
        ),
        (moved(9, "charge", 475), {"bank_accounts": {}}, "payout_currency_account_missing", "USD"),
        (
            moved(9, "charge", 475),
            {"undeposited_funds_account": ""},
            "undep_funds_account_not_found",
            "Undeposited Funds",
        ),
    ],
)
def test_an_account_that_nobody_chose_is_asked_for_by_name(
    movement: BalanceTransaction, changes: dict[str, Any], code: str, named: str
) -> None:
    plan = plan_of([movement, moved(1, "charge", 10_000)], **changes)
    (problem,) = plan.problems
    assert problem.code == code
    assert named in problem.message
    assert plan.records == ()


@rule("PO-13")
def test_a_record_that_netsuite_lacks_and_one_that_stands_for_two_are_named() -> None:
    movements = [moved(1, "charge", 10_000), moved(2, "charge", 5_000)]
    whole = contents(movements)
    lacking = replace(whole, found={"ch_1": whole.found["ch_1"]})
    assert codes(translate(paid(movements), lacking, chosen())) == ["inventorying_waiting_on_child_records"]

    same = {key: Ref("customerPayment", key, "77") for key in whole.found}
    assert "duplicate_netsuite_record_in_payout" in codes(
        translate(paid(movements), replace(whole, found=same), chosen())
    )


@rule("RF-12", "BF-3")
def test_what_is_older_than_the_books_is_one_line_or_is_named() -> None:
    movements = [moved(1, "charge", 10_000, 320), moved(2, "refund", -2_500)]
    old = {"before_start": {"txn_2"}, "found": {"ch_1": Ref("customerPayment", "ch_1", "7")}}
    parts = replace(contents(movements), **old)  # type: ignore[arg-type]
    assert codes(translate(paid(movements), parts, chosen())) == ["payout_before_start_date"]

    plan = translate(paid(movements), parts, chosen(summarize_before_start=True))
    (line,) = [one for one in only(plan, Deposit).cash_back if "before the start date" in one.memo]
    assert (line.account.internal_id, line.amount) == (settings().income_account, Decimal("25.00"))
    assert banked(plan) == paid(movements).amount.value


@rule("RF-H2", "DS-5", "PO-H5")
def test_money_that_comes_back_stands_on_the_account_that_it_left() -> None:
    movements = [
        moved(1, "charge", 10_000),
        moved(2, "refund_failure", 2_000),
        moved(3, "adjustment", 3_000, category="dispute_reversal"),
        moved(4, "payout_failure", 4_000, source_id="po_0"),
    ]
    parts = contents(movements, customers={"txn_2": Ref("customer", internal_id="9")})
    deposit = only(translate(paid(movements), parts, chosen()), Deposit)
    lines = {one.account.internal_id: (one.amount, one.entity) for one in deposit.other}
    assert lines == {
        settings().receivables_account: (Decimal("20.00"), Ref("customer", internal_id="9")),
        "62": (Decimal("30.00"), None),
        CLEARING: (Decimal("40.00"), None),
    }


@rule("RF-H2")
@pytest.mark.parametrize(
    ("there", "code"),
    [
        ({"re_2": Ref("customerRefund", "re_2", "8")}, "deleted_netsuite_record"),
        ({}, "inventorying_waiting_on_child_records"),
    ],
    ids=["its refund is gone", "its refund never came"],
)
def test_a_refund_that_came_back_is_nobodys_credit_until_its_customer_is_known(
    there: dict[str, Ref], code: str
) -> None:
    movements = [moved(1, "charge", 10_000), moved(2, "refund_failure", 2_000)]
    parts = contents(movements)
    parts = replace(parts, found={**parts.found, **there})
    assert codes(translate(paid(movements), parts, chosen())) == [code]


@rule("K2", "PO-5")
def test_a_fee_that_is_given_back_lessens_no_line_of_those_that_were_charged() -> None:
    plan = plan_of([moved(1, "charge", 10_000, 320), moved(2, "charge", 5_000, -50)])
    deposit = only(plan, Deposit)
    assert [(one.amount, one.memo) for one in deposit.cash_back] == [
        (Decimal("3.20"), "Stripe processing fees")
    ]
    assert [(one.amount, one.memo) for one in deposit.other] == [
        (Decimal("0.50"), "Stripe processing fees, given back")
    ]


def kinds(plan: Plan) -> Iterable[str]:
    return (planned.record.TYPE for planned in plan.records)


@rule("PO-12", "PO-H4")
def test_a_payout_of_nothing_or_less_is_a_journal_entry() -> None:
    for movements in ([moved(1, "refund", -5_000)], [moved(1, "charge", 5_000), moved(2, "refund", -5_000)]):
        assert list(kinds(plan_of(movements))) == ["journalEntry"]
