"""Short words for the cash side of the practice NetSuite: orders, deposits, refunds, funds, searches."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.conftest import Shop
from tests.sandbox.soap_client import NetSuiteRefused

AR, CASH, BANK = "Accounts Receivable", "Undeposited Funds", "Bank USD"
LIABILITY, FX = "Customer Deposits", "Realised FX Gain/Loss"


def bank(shop: Shop, currency: str = "USD") -> Any:
    """A reference to the bank account of a currency."""
    banks: Any = shop.settings["bank_accounts"]
    return shop.soap.ref(banks[currency])


def refusal(action: Any, *arguments: Any, **fields: Any) -> str:
    """The code and message with which NetSuite refuses an action."""
    with pytest.raises(NetSuiteRefused) as caught:
        action(*arguments, **fields)
    return f"{caught.value.code}: {caught.value.message}"


def order(shop: Shop, *amounts: str, **fields: Any) -> int:
    """A sales order with a line for each amount."""
    lines = [{"item": shop.item, "amount": Decimal(amount), "quantity": 1} for amount in amounts]
    given = {"entity": shop.soap.ref(shop.customer), **fields}
    return shop.soap.add("salesOrder", itemList=shop.soap.lines("SalesOrder", *lines), **given)


def bill(shop: Shop, order_id: int, **fields: Any) -> int:
    """An invoice made from an order."""
    given = {"entity": shop.soap.ref(shop.customer), "createdFrom": shop.soap.ref(order_id), **fields}
    return shop.soap.add("invoice", **given)


def customer_deposit(shop: Shop, amount: str, order_id: int | None = None, **fields: Any) -> int:
    """Money taken in advance, on an order or only from the customer."""
    if order_id is not None:
        fields["salesOrder"] = shop.soap.ref(order_id)
    received = {"customer": shop.soap.ref(shop.customer), "payment": Decimal(amount)}
    return shop.soap.add("customerDeposit", **{**received, **fields})


def apply_deposit(shop: Shop, deposit: int, *applied: tuple[int, str], **fields: Any) -> int:
    """A deposit application entered by hand."""
    lines = [{"doc": doc, "amount": Decimal(amount)} for doc, amount in applied]
    given = {"deposit": shop.soap.ref(deposit), **fields}
    return shop.soap.add(
        "depositApplication", applyList=shop.soap.applies("DepositApplication", *lines), **given
    )


def refund_deposit(shop: Shop, deposit: int, amount: str | None = None, **fields: Any) -> int:
    """A customer refund of a customer deposit; without an amount of all that is left."""
    soap = shop.soap
    wanted = {"amount": Decimal(amount)} if amount else {}
    line = soap.make("customers:CustomerRefundDeposit", apply=True, doc=deposit, **wanted)
    chosen = soap.make("customers:CustomerRefundDepositList", customerRefundDeposit=[line])
    given = {"account": shop.account("undeposited_funds_account"), **fields}
    return soap.add("customerRefund", customer=soap.ref(shop.customer), depositList=chosen, **given)


def refund(shop: Shop, *documents: int, **fields: Any) -> int:
    """A customer refund of open credit memos and unapplied payments."""
    applied = shop.soap.applies("CustomerRefund", *({"doc": each} for each in documents))
    given = {"account": shop.account("undeposited_funds_account"), **fields}
    return shop.soap.add("customerRefund", customer=shop.soap.ref(shop.customer), applyList=applied, **given)


def bank_deposit(shop: Shop, *funds: int, to: str = "USD", **fields: Any) -> int:
    """A bank deposit of funds by their internal ids."""
    soap = shop.soap
    lines = [soap.make("bank:DepositPayment", deposit=True, id=each) for each in funds]
    listed = soap.make("bank:DepositPaymentList", depositPayment=lines)
    return soap.add("deposit", **{"account": bank(shop, to), "paymentList": listed, **fields})


def journal(shop: Shop, *lines: tuple[str, str, str], **fields: Any) -> int:
    """A journal entry; each line is (setting of the account, debit, credit)."""
    soap = shop.soap
    made = [
        soap.make(
            "general:JournalEntryLine",
            account=shop.account(setting),
            **({"debit": Decimal(debit)} if debit else {"credit": Decimal(credit)}),
        )
        for setting, debit, credit in lines
    ]
    given = {"subsidiary": shop.account("subsidiary"), **fields}
    return soap.add("journalEntry", lineList=soap.make("general:JournalEntryLineList", line=made), **given)


def found(shop: Shop, **criteria: Any) -> list[int]:
    """Internal ids of the transactions that meet search criteria (see `select`, `choose`, `number`)."""
    return ids(shop.soap.search(basic(shop, **criteria)))


def joined(shop: Shop, **searches: Any) -> list[int]:
    """Internal ids of the transactions that meet a search with joins."""
    return ids(shop.soap.search(shop.soap.make("sales:TransactionSearch", **searches)))


def ids(result: Any) -> list[int]:
    """Internal ids of a search's result."""
    records = result.recordList.record if result.recordList else None
    return [int(each.internalId) for each in records or []]


def basic(shop: Shop, **criteria: Any) -> Any:
    """A basic search of transactions, for a join."""
    return shop.soap.make("common:TransactionSearchBasic", **criteria)


def select(shop: Shop, *internal_ids: object, operator: str = "anyOf") -> Any:
    """A criterion: one of these records."""
    refs = [shop.soap.ref(each) for each in internal_ids]
    return shop.soap.make("core:SearchMultiSelectField", operator=operator, searchValue=refs)


def choose(shop: Shop, *values: str) -> Any:
    """A criterion: one of these words of an enumeration."""
    return shop.soap.make("core:SearchEnumMultiSelectField", operator="anyOf", searchValue=list(values))


def number(shop: Shop, operator: str, value: str) -> Any:
    """A criterion on money."""
    return shop.soap.make("core:SearchDoubleField", operator=operator, searchValue=Decimal(value))
