"""Entries: whatever is planned posts in balance, and to the cent what Stripe says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import Invoice, InvoicePayment
from connector.translation import customer as customers
from connector.translation import price as prices
from connector.translation.entries import INCOME, Entry, entries
from connector.translation.invoice import translate
from tests.translation.builders import charge, customer, invoice, line, only, paid_by, price, settings

rule = pytest.mark.rule
NAMES = {"119": "Accounts Receivable", "122": "Undeposited Funds"}
ZERO = Decimal(0)
CREDIT_MEMO = records.CreditMemo(
    external_id="ns_memo:re_1",
    customer=Ref("customer", "cus_1"),
    currency=Ref("currency", "USD"),
    tran_date=date(2026, 11, 3),
    receivables_account=Ref("account", internal_id="119"),
    lines=(
        records.Line(Ref("item", "price_1"), Decimal("30.00")),
        records.Line(Ref("item", "price_2"), Decimal("-10.00")),
    ),
)


def entry(account: str, debit: str = "", credit: str = "") -> Entry:
    return Entry(account, Decimal(debit or 0), Decimal(credit or 0))


@rule("IN-3")
def test_an_invoice_debits_receivables_and_credits_income_line_by_line() -> None:
    lines = [line("100.00"), line("20.00", id="il_2")]
    bill = only(translate(invoice(lines), (), {}, settings()), records.Invoice)
    assert entries(bill, NAMES) == (
        entry("Accounts Receivable", debit="120.00"),
        entry(INCOME, credit="100.00"),
        entry(INCOME, credit="20.00"),
    )


@rule("PI-H3")
def test_a_negative_line_debits_income_and_debits_stand_first() -> None:
    lines = [line("100.00"), line("-20.00", id="il_2")]
    bill = only(translate(invoice(lines), (), {}, settings()), records.Invoice)
    assert entries(bill, NAMES) == (
        entry("Accounts Receivable", debit="80.00"),
        entry(INCOME, debit="20.00"),
        entry(INCOME, credit="100.00"),
    )


@rule("CH-3")
def test_a_payment_debits_undeposited_funds_and_credits_receivables() -> None:
    plan = translate(invoice(), (paid_by(charge()),), {}, settings())
    assert entries(only(plan, records.CustomerPayment), NAMES) == (
        entry("Undeposited Funds", debit="120.00"),
        entry("Accounts Receivable", credit="120.00"),
    )


def test_a_credit_memo_is_an_invoice_the_other_way_round() -> None:
    assert entries(CREDIT_MEMO, NAMES) == (
        entry(INCOME, debit="30.00"),
        entry("Accounts Receivable", credit="20.00"),
        entry(INCOME, credit="10.00"),
    )


def test_customers_and_items_post_nothing() -> None:
    for plan in (customers.translate(customer(), settings()), prices.translate(price(), settings())):
        assert [entries(planned.record, NAMES) for planned in plan.records] == [()]


def test_an_account_without_a_name_is_called_by_its_number() -> None:
    plan = translate(invoice(), (), {}, settings())
    assert entries(only(plan, records.Invoice), {})[0].account == "account 119"


# Any lawful invoice


@st.composite
def lawful(draw: st.DrawFn) -> tuple[Invoice, tuple[InvoicePayment, ...]]:
    """An invoice in any of our currencies, its lines of either sign, paid in parts by several charges."""
    currency = draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
    minors = draw(st.lists(st.integers(-(10**9), 10**11), min_size=1, max_size=12))
    if sum(minors) < 0:
        minors = [-minor for minor in minors]
    parts: list[int] = []
    left = sum(minors)
    for _ in range(draw(st.integers(0, 4))):
        part = draw(st.integers(0, left))
        parts += [part] if part else []
        left -= part
    lines = [line(Amount.from_minor(m, currency), id=f"il_{n}") for n, m in enumerate(minors)]
    bill = invoice(lines, status="open", amount_remaining=Amount.from_minor(left, currency))
    payments = []
    for number, part in enumerate(parts):
        applied = Amount.from_minor(part, currency)
        more = Amount.from_minor(draw(st.integers(0, 500)), currency)
        payments.append(paid_by(charge(applied + more, id=f"ch_{number}"), applied, id=f"inpay_{number}"))
    return bill, tuple(payments)


@rule("CH-2")
@rule("CH-H2")
@rule("IN-3")
@rule("IN-H3")
@given(lawful())
def test_every_lawful_invoice_is_booked_in_balance_and_to_the_cent(
    case: tuple[Invoice, tuple[InvoicePayment, ...]],
) -> None:
    bill, payments = case
    plan = translate(bill, payments, {}, settings(sync_trial_invoices=True))
    assert plan.problems == ()
    balance: Counter[str] = Counter()
    for planned in plan.records:
        posted = entries(planned.record, NAMES)
        assert sum(each.debit for each in posted) == sum(each.credit for each in posted)
        assert all(min(each.debit, each.credit) == ZERO <= max(each.debit, each.credit) for each in posted)
        assert [bool(each.debit) for each in posted] == sorted((bool(e.debit) for e in posted), reverse=True)
        for each in posted:
            balance[each.account] += each.debit - each.credit  # type: ignore[assignment]
    received = sum((one.charge.amount.value for one in payments if one.charge), ZERO)
    assert balance["Undeposited Funds"] == received
    assert balance[INCOME] == -bill.total.value
    assert balance["Accounts Receivable"] == bill.total.value - received


@rule("CH-14")
@given(lawful())
def test_no_more_is_ever_applied_than_is_owed(case: tuple[Invoice, tuple[InvoicePayment, ...]]) -> None:
    bill, payments = case
    plan = translate(bill, payments, {}, settings(sync_trial_invoices=True))
    made = [planned.record for planned in plan.records]
    applied = sum(
        (
            each.amount
            for record in made
            if isinstance(record, records.CustomerPayment)
            for each in record.applied
        ),
        ZERO,
    )
    assert applied + bill.amount_remaining.value == bill.total.value


@given(lawful())
def test_every_lawful_invoice_gives_the_same_plan_twice(
    case: tuple[Invoice, tuple[InvoicePayment, ...]],
) -> None:
    bill, payments = case
    one, other = (translate(bill, payments, {}, settings(sync_trial_invoices=True)) for _ in range(2))
    assert one == other


@rule("IN-H3")
@given(lawful(), st.integers(1, 10**6), st.booleans())
def test_an_invoice_whose_lines_and_total_differ_is_never_booked(
    case: tuple[Invoice, tuple[InvoicePayment, ...]], off: int, more: bool
) -> None:
    bill, payments = case
    difference = Amount.from_minor(off, bill.currency)
    wrong = replace(bill, total=bill.total + difference if more else bill.total - difference)
    plan = translate(wrong, payments, {}, settings(sync_trial_invoices=True))
    assert plan.records == ()
    assert {problem.code for problem in plan.problems} <= {"totals_differ", "invoice_not_supported"}
    assert plan.problems
