"""Sales orders, refunds, bank deposits and journal entries of the practice NetSuite."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.conftest import CURRENCIES, Shop
from tests.sandbox.soap_client import NetSuiteRefused

AR, CASH, BANK = "Accounts Receivable", "Undeposited Funds", "Bank USD"


def _bank(shop: Shop, currency: str = "USD") -> Any:
    banks: Any = shop.settings["bank_accounts"]
    return shop.soap.ref(banks[currency])


def _deposit(shop: Shop, payments: list[int], bank: str = "USD", **lists: Any) -> int:
    soap = shop.soap
    chosen = [soap.make("bank:DepositPayment", deposit=True, id=each) for each in payments]
    if chosen:
        lists["paymentList"] = soap.make("bank:DepositPaymentList", depositPayment=chosen)
    return soap.add("deposit", account=_bank(shop, bank), **lists)


def _fee(shop: Shop, amount: str) -> Any:
    soap = shop.soap
    line = soap.make(
        "bank:DepositCashBack", amount=Decimal(amount), account=shop.account("payment_fees_account")
    )
    return soap.make("bank:DepositCashBackList", depositCashBack=[line])


def _other(shop: Shop, amount: str, **fields: Any) -> Any:
    soap = shop.soap
    given = {"account": shop.account("adjustments_account"), **fields}
    return soap.make(
        "bank:DepositOtherList",
        depositOther=[soap.make("bank:DepositOther", amount=Decimal(amount), **given)],
    )


def _refund(shop: Shop, document: int, amount: str | None = None, **fields: Any) -> int:
    line: dict[str, Any] = {"doc": document} | ({"amount": Decimal(amount)} if amount else {})
    applied = shop.soap.applies("CustomerRefund", line)
    given = {"account": shop.account("undeposited_funds_account"), **fields}
    return shop.soap.add("customerRefund", customer=shop.soap.ref(shop.customer), applyList=applied, **given)


def _code(action: Any, *arguments: Any, **fields: Any) -> str:
    with pytest.raises(NetSuiteRefused) as caught:
        action(*arguments, **fields)
    return f"{caught.value.code}: {caught.value.message}"


def test_a_deposit_empties_undeposited_funds(shop: Shop) -> None:
    payments = [shop.payment("60.00"), shop.payment("40.00")]
    deposit = _deposit(shop, payments, cashBackList=_fee(shop, "3.20"))
    assert shop.soap.get("deposit", deposit)["total"] == 96.8
    assert shop.balances() == {BANK: "96.80", "Payment Fees": "3.20", AR: "-100.00"}
    assert shop.soap.get("customerPayment", payments[0])["status"] == "Deposited"


def test_a_payment_is_deposited_once(shop: Shop) -> None:
    payment = shop.payment("60.00")
    deposit = _deposit(shop, [payment])
    assert _code(_deposit, shop, [payment]) == f"USER_ERROR: Invalid id reference key {payment}"
    assert _code(shop.soap.delete, "customerPayment", payment).startswith("CANT_DELETE_TRANS")
    shop.soap.delete("deposit", deposit)
    assert shop.soap.get("customerPayment", payment)["status"] == "Not Deposited"
    assert _deposit(shop, [payment])


def test_a_payment_that_went_to_a_bank_is_not_deposited(shop: Shop) -> None:
    direct = shop.payment("1.00", account=_bank(shop), undepFunds=False)
    assert _code(_deposit, shop, [direct]) == f"USER_ERROR: Invalid id reference key {direct}"
    assert _code(_deposit, shop, [99999]).startswith("USER_ERROR: Invalid id")


def test_a_deposit_is_positive_and_has_lines(shop: Shop) -> None:
    payment = shop.payment("1.00")
    expected = "USER_ERROR: The total can not be negative"
    assert _code(_deposit, shop, [payment], cashBackList=_fee(shop, "2.00")) == expected
    assert _code(_deposit, shop, []).startswith("VALID_LINE_ITEM_REQD")
    missing = _other(shop, "1.00", account=None)
    assert _code(_deposit, shop, [], otherList=missing) == "USER_ERROR: Please enter value(s) for: Account"


def test_a_refund_waits_in_undeposited_funds_as_money_out(shop: Shop) -> None:
    payment = shop.payment("60.00")
    refund = _refund(shop, shop.memo("10.00"))
    deposit = _deposit(shop, [payment, refund], otherList=_other(shop, "1.00"))
    assert shop.soap.get("deposit", deposit)["total"] == 51.0
    assert shop.balances() == {BANK: "51.00", "Adjustments": "-1.00", "Income": "10.00", AR: "-60.00"}


def test_a_deposit_in_another_currency_goes_to_its_bank(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    payment = shop.payment("100.00", currency=shop.soap.ref(CURRENCIES["EUR"]))
    assert _code(_deposit, shop, [payment], "GBP").startswith("USER_ERROR: Invalid id")
    _deposit(shop, [payment], "EUR", exchangeRate=Decimal("1.12"))
    assert shop.balances() == {"Bank EUR": "112.00", AR: "-110.00", "Realised FX Gain/Loss": "-2.00"}


def test_a_refund_pays_back_a_credit_memo_or_an_unapplied_payment(shop: Shop) -> None:
    memo, payment = shop.memo("30.00"), shop.payment("20.00")
    _refund(shop, memo, "10.00", account=_bank(shop))
    assert shop.soap.get("creditMemo", memo)["unapplied"] == 20.0
    refund = _refund(shop, payment, account=_bank(shop))
    assert shop.soap.get("customerRefund", refund)["total"] == 20.0
    assert shop.soap.get("customerPayment", payment)["unapplied"] == 0.0
    assert shop.balances() == {BANK: "-30.00", CASH: "20.00", "Income": "30.00", AR: "-20.00"}


def test_a_refund_needs_something_open_to_pay_back(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    payment = shop.payment("10.00", (invoice, "10.00"))
    assert "Unable to find a matching line" in _code(_refund, shop, payment)
    assert "Unable to find a matching line" in _code(_refund, shop, invoice)
    assert _code(_refund, shop, shop.memo("5.00"), "6.00").startswith("INVALID_LINK_SUM")
    assert (
        _code(_refund, shop, shop.memo("5.00"), account=None)
        == "USER_ERROR: Please enter value(s) for: Account"
    )


def test_a_deleted_refund_opens_its_memo_again(shop: Shop) -> None:
    memo = shop.memo("30.00")
    refund = _refund(shop, memo)
    assert _code(shop.soap.delete, "creditMemo", memo).startswith("CANT_DELETE_TRANS")
    shop.soap.delete("customerRefund", refund)
    assert shop.soap.get("creditMemo", memo)["status"] == "Open"


def _journal(shop: Shop, debit: str, credit: str, **fields: Any) -> int:
    soap = shop.soap
    lines = [
        soap.make(
            "general:JournalEntryLine", account=shop.account("stripe_fees_account"), debit=Decimal(debit)
        ),
        soap.make("general:JournalEntryLine", account=_bank(shop), credit=Decimal(credit), memo="Fees"),
    ]
    given = {"subsidiary": shop.account("subsidiary"), **fields}
    return soap.add("journalEntry", lineList=soap.make("general:JournalEntryLineList", line=lines), **given)


def test_a_journal_entry_posts_its_lines(shop: Shop) -> None:
    entry = _journal(shop, "4.00", "4.00")
    assert shop.balances() == {BANK: "-4.00", "Stripe Fees": "4.00"}
    assert [line["line"] for line in shop.soap.get("journalEntry", entry)["lineList"]["line"]] == [1, 2]


def test_a_journal_entry_must_balance_and_have_a_subsidiary(shop: Shop) -> None:
    message = "JE_AMOUNTS_MUST_BALANCE: The amounts in a journal entry must balance"
    assert _code(_journal, shop, "4.00", "5.00") == message
    assert _code(_journal, shop, "4.00", "4.00", subsidiary=None).endswith(
        "Please enter value(s) for: Subsidiary"
    )
    assert _code(_journal, shop, "4.001", "4.001").startswith("TRANS_UNBALNCD")


def test_a_sales_order_posts_nothing_until_it_is_billed(shop: Shop) -> None:
    soap = shop.soap
    lines = soap.lines("SalesOrder", {"item": shop.item, "quantity": 2, "rate": "10.00"})
    order = soap.add("salesOrder", entity=soap.ref(shop.customer), itemList=lines)
    assert shop.balances() == {}
    assert soap.get("salesOrder", order)["status"] == "Pending Billing"
    invoice = soap.add("invoice", entity=soap.ref(shop.customer), createdFrom=soap.ref(order))
    assert soap.get("invoice", invoice)["total"] == 20.0
    assert soap.get("salesOrder", order)["orderStatus"] == "_fullyBilled"
    assert _code(soap.delete, "salesOrder", order).startswith("TRANS_IN_USE")


def test_a_closed_sales_order_cannot_be_billed(shop: Shop) -> None:
    soap = shop.soap
    lines = soap.lines("SalesOrder", {"item": shop.item, "amount": 5})
    order = soap.add("salesOrder", entity=soap.ref(shop.customer), itemList=lines)
    closed = soap.make("sales:SalesOrderItem", line=1, isClosed=True)
    soap.update(
        "salesOrder", order, itemList=soap.make("sales:SalesOrderItemList", item=[closed], replaceAll=False)
    )
    assert soap.get("salesOrder", order)["status"] == "Closed"
    code = _code(soap.add, "invoice", entity=soap.ref(shop.customer), createdFrom=soap.ref(order))
    assert (
        code
        == f"INVALID_INITIALIZE_REF: You have an invalid sales order {order} or the order is already closed."
    )


def test_every_record_reads_as_text(shop: Shop) -> None:
    _deposit(shop, [shop.payment("10.00")])
    _refund(shop, shop.memo("1.00"))
    _journal(shop, "4.00", "4.00")
    text = shop.netsuite.books_text()
    for heading in ("CUSTOMER REFUNDS", "DEPOSITS", "JOURNAL ENTRIES", "TRIAL BALANCE (USD)"):
        assert heading in text
