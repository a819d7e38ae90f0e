"""The practice NetSuite's books: postings, applications, statuses, exchange differences, how they read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.sandbox.netsuite import NetSuiteHalf, ref
from tests.sandbox.conftest import CURRENCIES, TODAY, Shop

AR, CASH = "Accounts Receivable", "Undeposited Funds"


class StoppedClock:
    def now(self) -> Any:
        return TODAY


def test_an_invoice_debits_receivables_and_credits_income(shop: Shop) -> None:
    shop.invoice("100.00")
    assert shop.balances() == {AR: "100.00", "Income": "-100.00"}


def test_a_payment_moves_receivables_to_undeposited_funds(shop: Shop) -> None:
    invoice = shop.invoice("100.00")
    payment = shop.payment("100.00", (invoice, "100.00"))
    assert shop.balances() == {CASH: "100.00", "Income": "-100.00"}
    paid = shop.soap.get("invoice", invoice)
    assert (paid["status"], paid["amountRemaining"], paid["amountPaid"]) == ("Paid In Full", 0.0, 100.0)
    held = shop.soap.get("customerPayment", payment)
    assert (held["status"], held["applied"], held["unapplied"]) == ("Not Deposited", 100.0, 0.0)


def test_a_credit_memo_reverses_income_and_settles_an_invoice(shop: Shop) -> None:
    invoice = shop.invoice("100.00")
    memo = shop.memo("40.00", applyList=shop.soap.applies("CreditMemo", {"doc": invoice, "amount": 30}))
    assert shop.balances() == {AR: "60.00", "Income": "-60.00"}
    assert shop.soap.get("invoice", invoice)["amountRemaining"] == 70.0
    held = shop.soap.get("creditMemo", memo)
    assert (held["status"], held["applied"], held["unapplied"]) == ("Open", 30.0, 10.0)


def test_a_memo_made_from_an_invoice_takes_its_lines_and_settles_it(shop: Shop) -> None:
    invoice = shop.invoice("100.00")
    memo = shop.soap.add(
        "creditMemo", entity=shop.soap.ref(shop.customer), createdFrom=shop.soap.ref(invoice)
    )
    held = shop.soap.get("creditMemo", memo)
    assert (held["status"], held["total"]) == ("Fully Applied", 100.0)
    assert held["itemList"]["item"][0]["orderLine"] == 1
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"


def test_a_payment_can_use_a_credit_memo(shop: Shop) -> None:
    soap = shop.soap
    invoice, memo = shop.invoice("100.00"), shop.memo("30.00")
    credit = soap.make("customers:CustomerPaymentCredit", apply=True, doc=memo)
    credits = soap.make("customers:CustomerPaymentCreditList", credit=[credit])
    payment = shop.payment("70.00", (invoice, "100.00"), creditList=credits)
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"
    assert shop.soap.get("creditMemo", memo)["status"] == "Fully Applied"
    assert shop.soap.get("customerPayment", payment)["unapplied"] == 0.0
    assert shop.balances() == {CASH: "70.00", "Income": "-70.00"}


def test_unlisted_applies_are_unapplied_by_an_update(shop: Shop) -> None:
    soap = shop.soap
    first, second = shop.invoice("10.00"), shop.invoice("20.00")
    payment = shop.payment("30.00", (first, "10.00"), (second, "20.00"))
    soap.update("customerPayment", payment, applyList=soap.applies("CustomerPayment", {"doc": second}))
    assert [soap.get("invoice", each)["status"] for each in (first, second)] == ["Open", "Paid In Full"]
    assert soap.get("customerPayment", payment)["unapplied"] == 10.0
    again = soap.applies("CustomerPayment", {"doc": first, "amount": 4}, replace_all=False)
    soap.update("customerPayment", payment, applyList=again)
    assert [soap.get("invoice", each)["amountRemaining"] for each in (first, second)] == [6.0, 0.0]


def test_an_update_of_the_memo_leaves_applications_alone(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    payment = shop.payment("10.00", (invoice, "10.00"))
    shop.soap.update("customerPayment", payment, memo="Seen")
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"
    assert shop.soap.get("customerPayment", payment)["memo"] == "Seen"


def test_an_apply_line_without_its_mark_applies_nothing(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    unmarked = shop.soap.applies("CustomerPayment", {"doc": invoice, "amount": 10, "apply": None})
    shop.payment("10.00", applyList=unmarked)
    assert shop.soap.get("invoice", invoice)["status"] == "Open"


def test_a_discount_taken_on_payment_is_posted(shop: Shop) -> None:
    invoice = shop.invoice("100.00")
    applied = shop.soap.applies("CustomerPayment", {"doc": invoice, "amount": 95, "disc": 5})
    shop.payment("95.00", applyList=applied)
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"
    assert shop.balances() == {CASH: "95.00", "Income": "-100.00", "Discounts": "5.00"}


def test_lines_of_an_invoice_can_be_replaced_or_changed_one_by_one(shop: Shop) -> None:
    soap = shop.soap
    lines = soap.lines(
        "Invoice", {"item": shop.item, "quantity": 1, "rate": "10"}, {"item": shop.item, "amount": 5}
    )
    invoice = shop.invoice("1.00", itemList=lines)
    second = soap.make("sales:InvoiceItem", line=2, amount=Decimal(7))
    one = soap.make("sales:InvoiceItemList", item=[second], replaceAll=False)
    soap.update("invoice", invoice, itemList=one)
    assert [line["amount"] for line in soap.get("invoice", invoice)["itemList"]["item"]] == [10.0, 7.0]
    soap.update("invoice", invoice, itemList=soap.lines("Invoice", {"item": shop.item, "amount": 3}))
    assert [line["line"] for line in soap.get("invoice", invoice)["itemList"]["item"]] == [3]
    assert shop.balances()[AR] == "3.00"


def test_revenue_is_deferred_when_the_item_says_so(shop: Shop) -> None:
    deferred = shop.soap.ref(shop.netsuite.ledger_account("2300"))
    shop.item = shop.new_item("Yearly plan", deferredRevenueAccount=deferred)
    shop.invoice("120.00")
    assert shop.balances() == {AR: "120.00", "Deferred Revenue": "-120.00"}


@pytest.mark.parametrize(
    ("fields", "balances"),
    [
        ({"nonPosting": True, "rate": "-10%"}, {AR: "90.00", "Income": "-90.00"}),
        ({"rate": "-5.00"}, {AR: "95.00", "Income": "-100.00", "Discounts": "5.00"}),
    ],
)
def test_discount_items_lessen_the_line_above(
    fields: dict[str, Any], balances: dict[str, str], shop: Shop
) -> None:
    soap = shop.soap
    if not fields.get("nonPosting"):
        fields = {**fields, "account": soap.ref(shop.netsuite.ledger_account("4100"))}
    discount = soap.add("discountItem", itemId="Off", **fields)
    shop.invoice(
        "1.00", itemList=soap.lines("Invoice", {"item": shop.item, "amount": 100}, {"item": discount})
    )
    assert shop.balances() == balances


def test_foreign_money_is_booked_in_dollars(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro = {"currency": shop.soap.ref(CURRENCIES["EUR"])}
    invoice = shop.invoice("100.00", **euro)
    shop.payment("100.00", (invoice, "100.00"), **euro)
    assert shop.balances() == {CASH: "110.00", "Income": "-110.00"}


def test_a_different_rate_on_the_payment_is_a_realised_difference(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro = {"currency": shop.soap.ref(CURRENCIES["EUR"])}
    invoice = shop.invoice("100.00", exchangeRate=Decimal("1.10"), **euro)
    shop.payment("60.00", (invoice, "60.00"), exchangeRate=Decimal("1.20"), **euro)
    assert shop.balances()["Realised FX Gain/Loss"] == "-6.00"
    shop.payment("40.00", (invoice, "40.00"), exchangeRate=Decimal("1.00"), **euro)
    assert shop.balances() == {CASH: "112.00", "Income": "-110.00", "Realised FX Gain/Loss": "-2.00"}


def test_a_voided_payment_posts_nothing_and_opens_its_invoice(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    payment = shop.payment("10.00", (invoice, "10.00"))
    shop.netsuite.user.void("customerPayment", payment)
    assert shop.balances() == {AR: "10.00", "Income": "-10.00"}
    assert shop.soap.get("invoice", invoice)["status"] == "Open"
    assert shop.soap.get("customerPayment", payment)["status"] == "Voided"


def test_a_persons_edit_shows_in_the_books(shop: Shop) -> None:
    user = shop.netsuite.user
    line = {"$": "InvoiceItem", "item": ref(shop.item), "amount": Decimal("12.50")}
    lines = {"$": "InvoiceItemList", "item": [line]}
    invoice = user.create("invoice", {"entity": ref(shop.customer), "itemList": lines}, "in_hand")
    user.edit("invoice", invoice, {"memo": "By hand"})
    row = next(each for each in shop.netsuite.books()["records"] if each["external_id"] == "in_hand")
    assert (row["memo"], row["total"], row["amount_remaining"]) == ("By hand", "12.50", "12.50")
    assert user.find("invoice", "in_hand") == invoice


def test_the_books_tell_applications_both_ways(shop: Shop) -> None:
    invoice = shop.invoice("10.00", externalId="in_1")
    payment = shop.payment("10.00", (invoice, "10.00"), externalId="ch_1")
    rows = {each["external_id"]: each for each in shop.netsuite.books()["records"]}
    to = {
        "type": "invoice",
        "internal_id": str(invoice),
        "external_id": "in_1",
        "number": "INV1",
        "amount": "10.00",
    }
    assert rows["ch_1"]["applied_to"] == [to]
    assert rows["in_1"]["applied_by"][0]["internal_id"] == str(payment)
    assert rows["in_1"]["postings"] == [
        {"account": "1100 Accounts Receivable", "debit": "10.00", "credit": ""},
        {"account": "4000 Income", "debit": "", "credit": "10.00"},
    ]


def test_the_trial_balance_balances(shop: Shop) -> None:
    shop.payment("33.33", (shop.invoice("10.00"), "10.00"))
    books = shop.netsuite.books()
    assert books["balanced"]
    assert books["totals"] == {"debit": "33.33", "credit": "33.33"}


EXPECTED_TEXT = """\
CUSTOMERS
---------
CUST1 Acme Ltd  USD

SERVICE ITEMS
-------------
Pro plan  4000 Income

INVOICES
--------
INV1  2026-01-15  CUST1 Acme Ltd  USD 100.00  open 40.00  Open
    external id  in_1
    memo         Stripe: in_1
    1 x Pro plan                                                            100.00
    settled by   PYMT1  USD 60.00
    Dr  1100 Accounts Receivable                                            100.00
        Cr  4000 Income                                                                   100.00

CUSTOMER PAYMENTS
-----------------
PYMT1  2026-01-15  CUST1 Acme Ltd  USD 60.00  unapplied 0.00  Not Deposited
    external id  ch_1
    applied to   INV1  USD 60.00
    Dr  1200 Undeposited Funds                                               60.00
        Cr  1100 Accounts Receivable                                                       60.00

TRIAL BALANCE (USD)
-------------------
1100 Accounts Receivable                                               40.00
1200 Undeposited Funds                                                 60.00
4000 Income                                                                           100.00
Total                                                                 100.00          100.00
"""


def test_the_books_read_as_text(shop: Shop) -> None:
    invoice = shop.invoice("100.00", externalId="in_1", memo="Stripe: in_1")
    shop.payment("60.00", (invoice, "60.00"), externalId="ch_1")
    assert shop.netsuite.books_text() == EXPECTED_TEXT


def test_the_books_page_shows_them(shop: Shop) -> None:
    import requests

    invoice = shop.invoice("1234.50", externalId="in_1", memo="Stripe: in_1")
    shop.payment("60.00", (invoice, "60.00"), externalId="ch_1")
    page = requests.get(shop.soap.base.replace("/netsuite", "/books"), timeout=5)
    assert page.status_code == 200
    for shown in ("INV1", "1,234.50", "1,174.50", "Acme Ltd", "Undeposited Funds", "Trial balance", "in_1"):
        assert shown in page.text


cents = st.integers(min_value=1, max_value=10**7)
rates = st.decimals(min_value="0.5", max_value="2", places=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(amount=cents, invoice_rate=rates, parts=st.lists(st.tuples(cents, rates), min_size=1, max_size=5))
def test_receivables_are_nothing_when_every_invoice_is_settled(
    amount: int, invoice_rate: Decimal, parts: list[tuple[int, Decimal]]
) -> None:
    half = NetSuiteHalf(StoppedClock())
    user, euro = half.user, ref(CURRENCIES["EUR"])
    income = ref(str(half.settings()["income_account"]))
    item = user.create("serviceSaleItem", {"itemId": "Plan", "incomeAccount": income})
    customer = user.create("customer", {"companyName": "A", "subsidiary": ref(1), "currency": euro})
    total = sum(part for part, _ in parts) + amount
    line = {"$": "InvoiceItem", "item": ref(item), "amount": Decimal(total) / 100}
    sale = {
        "entity": ref(customer),
        "itemList": {"$": "InvoiceItemList", "item": [line]},
        "exchangeRate": invoice_rate,
    }
    invoice = user.create("invoice", sale)
    for part, rate in [*parts, (amount, invoice_rate)]:
        apply = {"$": "CustomerPaymentApply", "apply": True, "doc": invoice, "amount": Decimal(part) / 100}
        applied = {"$": "CustomerPaymentApplyList", "apply": [apply]}
        paid = {"customer": ref(customer), "payment": Decimal(part) / 100, "exchangeRate": rate}
        user.create("customerPayment", {**paid, "applyList": applied})
    books = half.books()
    balances = {each["name"]: each["balance"] for each in books["accounts"]}
    assert balances[AR] == "0.00"
    assert books["balanced"]
