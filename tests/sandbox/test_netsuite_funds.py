"""Undeposited Funds of the practice NetSuite: what waits, what a bank deposit takes, what it then keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.cash import (
    AR,
    BANK,
    CASH,
    FX,
    bank,
    bank_deposit,
    customer_deposit,
    journal,
    refund,
    refund_deposit,
    refusal,
)
from tests.sandbox.conftest import CURRENCIES, Shop

STAYS = "INSUFFICIENT_PERMISSION: You do not have permissions to set a value for element {} due to"


def _record(shop: Shop, internal_id: int) -> Any:
    rows = shop.netsuite.books()["records"]
    return next(row for row in rows if row["internal_id"] == str(internal_id))


def test_a_deposit_holds_payments_customer_deposits_refunds_and_journal_lines(shop: Shop) -> None:
    payment, advance = shop.payment("60.00"), customer_deposit(shop, "40.00")
    back = refund(shop, shop.memo("10.00"))
    entry = journal(shop, ("undeposited_funds_account", "5.00", ""), ("adjustments_account", "", "5.00"))
    deposit = bank_deposit(shop, payment, advance, back, entry)
    held = shop.soap.get("deposit", deposit)
    assert held["total"] == 95.0
    lines = held["paymentList"]["depositPayment"]
    assert [line["paymentAmount"] for line in lines] == [60.0, 40.0, -10.0, 5.0]
    assert shop.soap.get("customerDeposit", advance)["status"] == "Deposited"
    balances = shop.balances()
    assert CASH not in balances
    assert balances[BANK] == "95.00"
    assert _record(shop, payment)["deposited_on"][0]["internal_id"] == str(deposit)
    assert _record(shop, deposit)["holds"][0]["number"] == _record(shop, payment)["number"]


def test_a_journal_entry_with_two_funds_is_deposited_line_by_line(shop: Shop) -> None:
    soap = shop.soap
    entry = journal(
        shop,
        ("undeposited_funds_account", "5.00", ""),
        ("undeposited_funds_account", "7.00", ""),
        ("adjustments_account", "", "12.00"),
    )
    assert refusal(bank_deposit, shop, entry) == f"USER_ERROR: Invalid id reference key {entry}"

    def lines(*numbers: int) -> Any:
        made = [soap.make("bank:DepositPayment", deposit=True, id=entry, lineId=each) for each in numbers]
        return soap.make("bank:DepositPaymentList", depositPayment=made)

    first = soap.add("deposit", account=bank(shop), paymentList=lines(2))
    assert soap.get("deposit", first)["total"] == 7.0
    assert "Invalid id reference key" in refusal(
        soap.add, "deposit", account=bank(shop), paymentList=lines(1, 2)
    )
    assert "Invalid id reference key" in refusal(
        soap.add, "deposit", account=bank(shop), paymentList=lines(3)
    )
    soap.add("deposit", account=bank(shop), paymentList=lines(1))
    assert shop.balances() == {BANK: "12.00", "Adjustments": "-12.00"}
    assert refusal(soap.delete, "journalEntry", entry).startswith("CANT_DELETE_TRANS")


def test_a_fund_is_on_one_deposit_and_on_one_line(shop: Shop) -> None:
    payment = shop.payment("60.00")
    expected = f"USER_ERROR: Invalid id reference key {payment}"
    assert refusal(bank_deposit, shop, payment, payment) == expected
    bank_deposit(shop, payment)
    assert refusal(bank_deposit, shop, payment) == expected


def test_a_deposited_payment_keeps_its_money_but_not_its_applications(shop: Shop) -> None:
    soap = shop.soap
    invoice, other = shop.invoice("60.00"), shop.invoice("60.00")
    payment = shop.payment("60.00", (invoice, "60.00"))
    bank_deposit(shop, payment)
    amount = refusal(soap.update, "customerPayment", payment, payment=Decimal("61.00"))
    assert amount.startswith(STAYS.format("payment"))
    moved = refusal(soap.update, "customerPayment", payment, account=bank(shop), undepFunds=False)
    assert moved.startswith(STAYS.format("account"))
    soap.update(
        "customerPayment",
        payment,
        memo="moved",
        payment=Decimal("60.00"),
        applyList=soap.applies("CustomerPayment", {"doc": other}),
    )
    assert [soap.get("invoice", each)["status"] for each in (invoice, other)] == ["Open", "Paid In Full"]
    assert soap.get("customerPayment", payment)["status"] == "Deposited"


def test_all_of_a_payment_can_be_unapplied(shop: Shop) -> None:
    soap = shop.soap
    invoice = shop.invoice("60.00")
    payment = shop.payment("60.00", (invoice, "60.00"))
    assert refusal(soap.delete, "customerPayment", payment).startswith("CANT_DELETE_TRANS")
    off = soap.applies("CustomerPayment", {"doc": invoice, "apply": False})
    soap.update("customerPayment", payment, applyList=off)
    held = soap.get("customerPayment", payment)
    assert (held["applied"], held["unapplied"]) == (0.0, 60.0)
    assert soap.get("invoice", invoice)["status"] == "Open"
    refund(shop, payment)
    assert shop.balances() == {AR: "60.00", "Income": "-60.00"}


def test_a_deposited_payment_in_euros_keeps_its_rate(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    payment = shop.payment("100.00", currency=shop.soap.ref(CURRENCIES["EUR"]))
    bank_deposit(shop, payment, to="EUR")
    refused = refusal(shop.soap.update, "customerPayment", payment, exchangeRate=Decimal("1.3"))
    assert refused.startswith(STAYS.format("exchangerate"))


def test_a_deposited_refund_and_customer_deposit_keep_their_amounts(shop: Shop) -> None:
    soap = shop.soap
    memo, advance = shop.memo("10.00"), customer_deposit(shop, "40.00")
    back = refund(shop, memo)
    bank_deposit(shop, advance, back)
    less = soap.applies("CustomerRefund", {"doc": memo, "amount": Decimal(9)})
    refused = refusal(soap.update, "customerRefund", back, applyList=less)
    assert refused.startswith(STAYS.format("applylist"))
    refused = refusal(soap.update, "customerDeposit", advance, payment=Decimal(41))
    assert refused.startswith(STAYS.format("payment"))
    for kind, each in (("customerRefund", back), ("customerDeposit", advance)):
        assert refusal(soap.delete, kind, each).startswith("CANT_DELETE_TRANS")


def test_a_deposited_journal_line_keeps_its_amount(shop: Shop) -> None:
    soap = shop.soap
    entry = journal(shop, ("undeposited_funds_account", "5.00", ""), ("adjustments_account", "", "5.00"))
    bank_deposit(shop, entry)
    made = [
        soap.make("general:JournalEntryLine", line=1, debit=Decimal(6)),
        soap.make("general:JournalEntryLine", line=2, credit=Decimal(6)),
    ]
    lines = soap.make("general:JournalEntryLineList", line=made)
    assert refusal(soap.update, "journalEntry", entry, lineList=lines).startswith(STAYS.format("linelist"))


def test_a_payment_taken_off_a_deposit_waits_again(shop: Shop) -> None:
    soap = shop.soap
    first, second = shop.payment("60.00"), shop.payment("40.00")
    deposit = bank_deposit(shop, first, second)
    line = soap.make("bank:DepositPayment", deposit=False, id=first)
    off = soap.make("bank:DepositPaymentList", depositPayment=[line], replaceAll=False)
    soap.update("deposit", deposit, paymentList=off)
    assert soap.get("deposit", deposit)["total"] == 40.0
    assert soap.get("customerPayment", first)["status"] == "Not Deposited"
    assert bank_deposit(shop, first)


@pytest.mark.parametrize("way", ["delete", "void"])
def test_a_deposit_that_goes_frees_its_funds(shop: Shop, way: str) -> None:
    payment = shop.payment("60.00")
    deposit = bank_deposit(shop, payment)
    getattr(shop.netsuite.user, way)("deposit", deposit)
    assert shop.soap.get("customerPayment", payment)["status"] == "Not Deposited"
    assert shop.balances() == {CASH: "60.00", AR: "-60.00"}
    assert bank_deposit(shop, payment)


def test_a_voided_deposit_holds_nothing(shop: Shop) -> None:
    deposit = bank_deposit(shop, shop.payment("60.00"))
    shop.netsuite.user.void("deposit", deposit)
    held = shop.soap.get("deposit", deposit)
    assert (held["total"], held["memo"], held["paymentList"]) == (0.0, "VOID", None)


def test_a_deposit_in_a_closed_period_stays(shop: Shop) -> None:
    payment = shop.payment("60.00")
    deposit = bank_deposit(shop, payment)
    shop.netsuite.user.close_period("Jan 2026")
    expected = "CLOSED_TRAN_PRD: The G/L impact of a transaction in a closed period cannot be changed."
    assert refusal(shop.soap.delete, "deposit", deposit) == expected
    assert shop.soap.get("customerPayment", payment)["status"] == "Deposited"


def test_refunds_of_more_than_the_payments_are_no_deposit(shop: Shop) -> None:
    payment, back = shop.payment("10.00"), refund(shop, shop.memo("12.00"))
    assert refusal(bank_deposit, shop, payment, back) == "USER_ERROR: The total can not be negative"
    assert shop.soap.get("customerPayment", payment)["status"] == "Not Deposited"


def test_a_deposit_holds_at_most_ten_thousand_payments(shop: Shop) -> None:
    payment = shop.payment("10.00")
    refused = refusal(bank_deposit, shop, *[payment] * 10_001)
    assert refused.startswith("EXCEEDED_MAX_TRANS_LINES")
    assert shop.soap.get("customerPayment", payment)["status"] == "Not Deposited"


def test_euros_reach_a_dollar_bank_as_the_dollars_that_arrived(shop: Shop) -> None:
    soap = shop.soap
    shop.customer = shop.new_customer("Europe SA", "EUR")
    payment = shop.payment("100.00", currency=soap.ref(CURRENCIES["EUR"]), exchangeRate=Decimal("1.10"))
    line = soap.make("bank:DepositPayment", deposit=True, id=payment, paymentAmount=Decimal("108.50"))
    listed = soap.make("bank:DepositPaymentList", depositPayment=[line])
    deposit = soap.add("deposit", account=bank(shop), paymentList=listed)
    assert soap.get("deposit", deposit)["total"] == 108.5
    assert shop.balances() == {BANK: "108.50", AR: "-110.00", FX: "1.50"}


def test_a_payment_in_the_banks_currency_arrives_whole(shop: Shop) -> None:
    soap = shop.soap
    payment = shop.payment("100.00")
    line = soap.make("bank:DepositPayment", deposit=True, id=payment, paymentAmount=Decimal("99.00"))
    listed = soap.make("bank:DepositPaymentList", depositPayment=[line])
    refused = refusal(soap.add, "deposit", account=bank(shop), paymentList=listed)
    assert refused.startswith(STAYS.format("paymentamount"))


def test_a_journal_entry_that_waits_for_approval_posts_nothing(shop: Shop) -> None:
    entry = journal(
        shop,
        ("undeposited_funds_account", "5.00", ""),
        ("adjustments_account", "", "5.00"),
        approved=False,
    )
    assert shop.balances() == {}
    assert "Invalid id reference key" in refusal(bank_deposit, shop, entry)
    shop.soap.update("journalEntry", entry, approved=True)
    assert shop.balances() == {CASH: "5.00", "Adjustments": "-5.00"}


def test_a_journal_entry_in_euros_posts_dollars_and_balances(shop: Shop) -> None:
    soap = shop.soap
    lines = [
        soap.make("general:JournalEntryLine", account=bank(shop, "EUR"), debit=Decimal("10.01")),
        soap.make(
            "general:JournalEntryLine", account=shop.account("stripe_fees_account"), credit=Decimal("3.33")
        ),
        soap.make(
            "general:JournalEntryLine", account=shop.account("adjustments_account"), credit=Decimal("6.68")
        ),
    ]
    made = soap.make("general:JournalEntryLineList", line=lines)
    given = {"subsidiary": shop.account("subsidiary"), "lineList": made}
    soap.add("journalEntry", currency=soap.ref(CURRENCIES["EUR"]), exchangeRate=Decimal("1.23457"), **given)
    books = shop.netsuite.books()
    assert books["balanced"]
    [account] = [each for each in books["accounts"] if each["name"] == "Bank EUR"]
    assert (account["balance"], account["balances"]) == ("12.36", {"EUR": "10.01"})
    first = books["general_ledger"][0]
    assert (first["transaction_currency"], first["exchange_rate"]) == ("EUR", "1.23457")
    assert (first["debit"], first["foreign_debit"], first["foreign_credit"]) == ("12.36", "10.01", "")
    assert refusal(soap.add, "journalEntry", **given).startswith("TRANS_FORGN_CRNCY_MISMATCH")


def test_a_journal_line_on_receivables_names_its_customer(shop: Shop) -> None:
    lines = (("receivables_account", "5.00", ""), ("adjustments_account", "", "5.00"))
    assert refusal(journal, shop, *lines) == "USER_ERROR: Please enter value(s) for: Name"


def test_an_account_that_only_a_journal_entry_uses_is_not_deleted(shop: Shop) -> None:
    account = shop.soap.add("account", acctName="Reserve", acctType="_otherCurrentAsset")
    shop.settings["reserve"] = str(account)
    journal(shop, ("reserve", "5.00", ""), ("adjustments_account", "", "5.00"))
    assert refusal(shop.soap.delete, "account", account).startswith("CANT_DELETE_ACCT")


def test_a_refund_at_another_rate_realises_the_difference(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro = shop.soap.ref(CURRENCIES["EUR"])
    payment = shop.payment("100.00", currency=euro, exchangeRate=Decimal("1.10"))
    refund(shop, payment, currency=euro, exchangeRate=Decimal("1.16"))
    assert shop.balances() == {CASH: "-6.00", FX: "6.00"}
    advance = customer_deposit(shop, "100.00", currency=euro, exchangeRate=Decimal("1.10"))
    refund_deposit(shop, advance, currency=euro, exchangeRate=Decimal("1.16"))
    assert shop.balances() == {CASH: "-12.00", FX: "12.00"}


def test_the_rate_table_counts_for_records_entered_later(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro = shop.soap.ref(CURRENCIES["EUR"])
    before = shop.payment("1.00", currency=euro)
    shop.netsuite.user.set_exchange_rate("EUR", Decimal("1.25"))
    after = shop.payment("1.00", currency=euro)
    rates = [shop.soap.get("customerPayment", each)["exchangeRate"] for each in (before, after)]
    assert rates == [1.1, 1.25]


def test_the_books_page_shows_what_a_deposit_holds(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    payment = shop.payment("100.00", currency=shop.soap.ref(CURRENCIES["EUR"]))
    bank_deposit(shop, payment, to="EUR")
    text = shop.netsuite.books_text()
    assert "    holds        PYMT1  EUR 100.00" in text
    import requests

    page = requests.get(shop.soap.base.removesuffix("/netsuite") + "/books", timeout=10).text
    assert "Holds" in page
    assert "EUR 100.00" in page
    assert "EUR &minus;100.00" in page
