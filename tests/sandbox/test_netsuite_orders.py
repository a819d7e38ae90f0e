"""Sales orders and customer deposits of the practice NetSuite, and how billing applies the deposits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.sandbox.netsuite import NetSuiteHalf, ref
from tests.sandbox.cash import (
    AR,
    BANK,
    CASH,
    FX,
    LIABILITY,
    apply_deposit,
    bank,
    bank_deposit,
    bill,
    customer_deposit,
    order,
    refund_deposit,
    refusal,
)
from tests.sandbox.conftest import CURRENCIES, TODAY, Shop


class StoppedClock:
    def now(self) -> Any:
        return TODAY


def _line(shop: Shop, order_id: int, number: int, **fields: Any) -> None:
    item = shop.soap.make("sales:SalesOrderItem", line=number, **fields)
    lines = shop.soap.make("sales:SalesOrderItemList", item=[item], replaceAll=False)
    shop.soap.update("salesOrder", order_id, itemList=lines)


def _status(shop: Shop, order_id: int) -> str:
    return str(shop.soap.get("salesOrder", order_id)["status"])


def _applications(shop: Shop) -> list[int]:
    records = shop.netsuite.books()["records"]
    return [int(row["internal_id"]) for row in records if row["type"] == "depositApplication"]


# -- sales orders ------------------------------------------------------------------------------------


def test_an_order_that_waits_for_approval_cannot_be_billed(shop: Shop) -> None:
    waiting = order(shop, "10.00", orderStatus="_pendingApproval")
    assert _status(shop, waiting) == "Pending Approval"
    expected = f"INVALID_INITIALIZE_REF: You can not initialize invoice: invalid reference {waiting}."
    assert refusal(bill, shop, waiting) == expected
    shop.soap.update("salesOrder", waiting, orderStatus="_pendingFulfillment")
    assert _status(shop, waiting) == "Pending Fulfillment"
    assert bill(shop, waiting)


def test_a_billed_order_has_nothing_left_to_bill(shop: Shop) -> None:
    made = order(shop, "10.00", "5.00")
    bill(shop, made)
    assert _status(shop, made) == "Billed"
    expected = (
        f"INVALID_INITIALIZE_REF: You have an invalid sales order {made} or the order is already billed"
    )
    assert refusal(bill, shop, made) == expected


def test_an_order_is_billed_in_parts(shop: Shop) -> None:
    soap = shop.soap
    made = order(shop, "10.00", "5.00")
    part = soap.lines("Invoice", {"item": shop.item, "orderLine": 1, "amount": Decimal(10), "quantity": 1})
    assert soap.get("invoice", bill(shop, made, itemList=part))["total"] == 10.0
    held = soap.get("salesOrder", made)
    assert held["status"] == "Pending Billing"
    assert [line["quantityBilled"] for line in held["itemList"]["item"]] == [1.0, 0.0]
    assert soap.get("invoice", bill(shop, made))["total"] == 5.0
    assert _status(shop, made) == "Billed"


def test_a_closed_line_is_not_billed(shop: Shop) -> None:
    made = order(shop, "10.00", "5.00")
    _line(shop, made, 2, isClosed=True)
    assert shop.soap.get("invoice", bill(shop, made))["total"] == 10.0
    assert _status(shop, made) == "Billed"


def test_a_billed_invoice_can_still_be_edited(shop: Shop) -> None:
    made = order(shop, "10.00")
    invoice = bill(shop, made)
    changed = shop.soap.make("sales:InvoiceItem", line=1, description="Edited")
    lines = shop.soap.make("sales:InvoiceItemList", item=[changed], replaceAll=False)
    shop.soap.update("invoice", invoice, itemList=lines)
    assert shop.soap.get("invoice", invoice)["itemList"]["item"][0]["description"] == "Edited"


def test_a_cancelled_order_is_closed_for_good(shop: Shop) -> None:
    made = order(shop, "10.00", orderStatus="_pendingApproval")
    shop.soap.update("salesOrder", made, orderStatus="_cancelled")
    assert _status(shop, made) == "Cancelled"
    expected = (
        f"INVALID_INITIALIZE_REF: You have an invalid sales order {made} or the order is already closed."
    )
    assert refusal(bill, shop, made) == expected
    back = refusal(shop.soap.update, "salesOrder", made, orderStatus="_pendingFulfillment")
    assert back.startswith("INVALID_FLD_VALUE: You have entered an Invalid Field Value _pendingFulfillment")


def test_an_order_is_not_billed_by_its_status_field(shop: Shop) -> None:
    made = order(shop, "10.00")
    refused = refusal(shop.soap.update, "salesOrder", made, orderStatus="_fullyBilled")
    assert refused.startswith("INVALID_FLD_VALUE")
    shop.soap.update("salesOrder", made, orderStatus="_pendingBilling", memo="as it was")
    assert shop.soap.get("salesOrder", made)["memo"] == "as it was"


# -- customer deposits -------------------------------------------------------------------------------


def test_a_customer_deposit_is_a_liability_and_touches_no_receivables(shop: Shop) -> None:
    deposit = customer_deposit(shop, "40.00")
    assert shop.balances() == {CASH: "40.00", LIABILITY: "-40.00"}
    held = shop.soap.get("customerDeposit", deposit)
    assert (held["status"], held["payment"], held["undepFunds"]) == ("Not Deposited", 40.0, True)


def test_a_customer_deposit_to_a_bank_is_deposited_at_once(shop: Shop) -> None:
    deposit = customer_deposit(shop, "40.00", account=bank(shop), undepFunds=False)
    assert shop.soap.get("customerDeposit", deposit)["status"] == "Deposited"
    assert shop.balances() == {BANK: "40.00", LIABILITY: "-40.00"}


def test_billing_an_order_applies_its_deposit(shop: Shop) -> None:
    made = order(shop, "100.00")
    deposit = customer_deposit(shop, "40.00", made)
    invoice = bill(shop, made)
    assert shop.soap.get("invoice", invoice)["amountRemaining"] == 60.0
    [application] = _applications(shop)
    held = shop.soap.get("depositApplication", application)
    assert (held["total"], held["applied"], held["unapplied"]) == (40.0, 40.0, 0.0)
    assert held["deposit"]["internalId"] == str(deposit)
    assert [(line["doc"], line["amount"]) for line in held["applyList"]["apply"]] == [(invoice, 40.0)]
    shown = shop.soap.get("customerDeposit", deposit)["applyList"]["customerDepositApply"]
    assert [(line["doc"], line["type"]) for line in shown] == [(application, "Deposit Application")]
    assert shop.balances() == {CASH: "40.00", AR: "60.00", "Income": "-100.00"}


def test_a_larger_deposit_waits_for_the_next_invoice_of_its_order(shop: Shop) -> None:
    soap = shop.soap
    made = order(shop, "10.00", "50.00")
    deposit = customer_deposit(shop, "30.00", made)
    part = soap.lines("Invoice", {"item": shop.item, "orderLine": 1, "amount": Decimal(10), "quantity": 1})
    first = bill(shop, made, itemList=part)
    assert soap.get("invoice", first)["status"] == "Paid In Full"
    other = shop.invoice("20.00")
    assert "Unable to find a matching line" in refusal(apply_deposit, shop, deposit, (other, "20.00"))
    second = bill(shop, made)
    assert soap.get("invoice", second)["amountRemaining"] == 30.0
    assert len(_applications(shop)) == 2


def test_what_is_left_of_a_deposit_is_free_when_its_order_is_billed(shop: Shop) -> None:
    made = order(shop, "10.00")
    deposit = customer_deposit(shop, "10.00", made)
    more = customer_deposit(shop, "7.00", made)
    bill(shop, made)
    other = shop.invoice("7.00")
    apply_deposit(shop, more, (other, "7.00"))
    assert shop.soap.get("invoice", other)["status"] == "Paid In Full"
    bank_deposit(shop, deposit, more)
    assert shop.soap.get("customerDeposit", more)["status"] == "Fully Applied"
    assert shop.balances() == {BANK: "17.00", "Income": "-17.00"}


def test_a_deposit_belongs_only_on_an_open_order_of_its_customer(shop: Shop) -> None:
    billed, closed = order(shop, "1.00"), order(shop, "1.00")
    bill(shop, billed)
    _line(shop, closed, 1, isClosed=True)
    waiting = order(shop, "1.00", orderStatus="_pendingApproval")
    cancelled = order(shop, "1.00", orderStatus="_cancelled")
    card = shop.soap.add("paymentMethod", name="Card")
    by_card = order(shop, "1.00", paymentMethod=shop.soap.ref(card))
    mine = shop.customer
    for each in (billed, closed, waiting, cancelled, by_card):
        expected = f"INVALID_KEY_OR_REF: Invalid salesorder reference key {each} for customer {mine}."
        assert refusal(customer_deposit, shop, "1.00", each) == expected
    made = order(shop, "1.00")
    shop.customer = shop.new_customer("Somebody else")
    assert refusal(customer_deposit, shop, "1.00", made).startswith("INVALID_KEY_OR_REF")


def test_a_company_may_let_orders_that_wait_for_approval_take_deposits(shop: Shop) -> None:
    shop.netsuite.user.take_deposits_on_pending_orders(allowed=True)
    assert customer_deposit(shop, "1.00", order(shop, "1.00", orderStatus="_pendingApproval"))


def test_a_deposit_of_more_than_its_order_is_only_warned_about(shop: Shop) -> None:
    soap = shop.soap
    fields = {"salesOrder": soap.ref(order(shop, "10.00")), "payment": Decimal("11.00")}
    answer = soap.call("add", soap.record("customerDeposit", **fields)).writeResponse
    assert answer.status.isSuccess
    warning = answer.status.statusDetail[0]
    expected = "Payment amount is greater than Sale Order amount. Do you want to continue?"
    assert (warning.type, warning.message) == ("WARN", expected)
    held = soap.get("customerDeposit", answer.baseRef.internalId)
    assert held["customer"]["internalId"] == str(shop.customer)


def test_a_deposit_keeps_its_customer_and_its_order(shop: Shop) -> None:
    soap = shop.soap
    deposit = customer_deposit(shop, "5.00", order(shop, "10.00"))
    other = soap.ref(order(shop, "10.00"))
    assert "element salesorder" in refusal(soap.update, "customerDeposit", deposit, salesOrder=other)
    stranger = soap.ref(shop.new_customer("Somebody else"))
    assert "element customer" in refusal(soap.update, "customerDeposit", deposit, customer=stranger)
    loose = customer_deposit(shop, "5.00")
    soap.update("customerDeposit", loose, salesOrder=other)
    assert soap.get("customerDeposit", loose)["salesOrder"]["internalId"] == other.internalId


def test_a_deposit_cannot_become_smaller_than_what_is_applied(shop: Shop) -> None:
    deposit = customer_deposit(shop, "30.00")
    apply_deposit(shop, deposit, (shop.invoice("20.00"), "20.00"))
    expected = "INVALID_AMT: Amount applied greater than total payments and credits"
    assert refusal(shop.soap.update, "customerDeposit", deposit, payment=Decimal("19.99")) == expected
    shop.soap.update("customerDeposit", deposit, payment=Decimal("20.00"))
    assert refusal(customer_deposit, shop, "0.00").startswith("INVALID_FLD_VALUE")
    assert refusal(customer_deposit, shop, "-1.00").startswith("NEGATIVE_PAYMENT_DISALLWD")


# -- deposit applications ----------------------------------------------------------------------------


def test_a_deposit_is_applied_by_hand_and_not_beyond_itself(shop: Shop) -> None:
    deposit, invoice = customer_deposit(shop, "30.00"), shop.invoice("50.00")
    expected = "INVALID_AMT: Amount applied greater than total payments and credits"
    assert refusal(apply_deposit, shop, deposit, (invoice, "31.00")) == expected
    apply_deposit(shop, deposit, (invoice, "30.00"))
    assert refusal(apply_deposit, shop, deposit, (invoice, "0.01")) == expected
    assert shop.balances() == {CASH: "30.00", AR: "20.00", "Income": "-50.00"}


def test_a_deleted_application_opens_the_deposit_and_the_invoice_again(shop: Shop) -> None:
    deposit, invoice = customer_deposit(shop, "30.00"), shop.invoice("30.00")
    application = apply_deposit(shop, deposit, (invoice, "30.00"))
    for kind, each in (("customerDeposit", deposit), ("invoice", invoice)):
        assert refusal(shop.soap.delete, kind, each).startswith("CANT_DELETE_TRANS")
    shop.soap.delete("depositApplication", application)
    assert shop.soap.get("invoice", invoice)["status"] == "Open"
    assert shop.balances() == {CASH: "30.00", LIABILITY: "-30.00", AR: "30.00", "Income": "-30.00"}
    shop.soap.delete("customerDeposit", deposit)


def test_an_application_can_be_moved_to_another_invoice(shop: Shop) -> None:
    soap = shop.soap
    deposit, first, second = customer_deposit(shop, "30.00"), shop.invoice("30.00"), shop.invoice("20.00")
    application = apply_deposit(shop, deposit, (first, "30.00"))
    moved = soap.applies("DepositApplication", {"doc": second})
    soap.update("depositApplication", application, applyList=moved)
    assert [soap.get("invoice", each)["status"] for each in (first, second)] == ["Open", "Paid In Full"]
    assert soap.get("depositApplication", application)["total"] == 20.0
    apply_deposit(shop, deposit, (first, "10.00"))


def test_a_payment_can_use_a_deposit(shop: Shop) -> None:
    soap = shop.soap
    deposit, invoice = customer_deposit(shop, "30.00"), shop.invoice("100.00")
    line = soap.make("customers:CustomerPaymentDeposit", apply=True, doc=deposit)
    used = soap.make("customers:CustomerPaymentDepositList", deposit=[line])
    payment = shop.payment("70.00", (invoice, "100.00"), depositList=used)
    assert soap.get("invoice", invoice)["status"] == "Paid In Full"
    assert soap.get("customerPayment", payment)["unapplied"] == 0.0
    [application] = _applications(shop)
    assert soap.get("depositApplication", application)["applied"] == 30.0
    assert shop.balances() == {CASH: "100.00", "Income": "-100.00"}


def test_a_payment_cannot_use_a_deposit_that_waits_for_its_order(shop: Shop) -> None:
    soap = shop.soap
    deposit, invoice = customer_deposit(shop, "30.00", order(shop, "50.00")), shop.invoice("100.00")
    line = soap.make("customers:CustomerPaymentDeposit", apply=True, doc=deposit)
    used = soap.make("customers:CustomerPaymentDepositList", deposit=[line])
    expected = (
        "USER_ERROR: Unable to find a matching line for sub-list apply with key: [doc,line] "
        f"and value: [{deposit},null]."
    )
    assert refusal(shop.payment, "70.00", (invoice, "100.00"), depositList=used) == expected
    assert shop.balances() == {CASH: "30.00", LIABILITY: "-30.00", AR: "100.00", "Income": "-100.00"}


def test_a_deposit_is_refunded_through_an_application_of_the_next_id(shop: Shop) -> None:
    soap = shop.soap
    deposit = customer_deposit(shop, "30.00")
    refund = refund_deposit(shop, deposit, "12.00")
    [application] = _applications(shop)
    assert application == refund + 1
    held = soap.get("customerRefund", refund)
    assert held["total"] == 12.0
    assert not held["depositList"]
    [line] = held["applyList"]["apply"]
    assert (line["type"], line["doc"], line["amount"]) == ("Deposit Application", application, 12.0)
    assert shop.balances() == {CASH: "18.00", LIABILITY: "-18.00"}
    refund_deposit(shop, deposit)
    assert shop.balances() == {}
    assert "Unable to find a matching line" in refusal(refund_deposit, shop, deposit)
    assert refusal(refund_deposit, shop, customer_deposit(shop, "1.00"), "1.01").startswith(
        "INVALID_LINK_SUM"
    )


def test_a_deleted_refund_leaves_its_application_to_be_deleted(shop: Shop) -> None:
    soap = shop.soap
    deposit = customer_deposit(shop, "30.00")
    refund = refund_deposit(shop, deposit)
    [application] = _applications(shop)
    assert refusal(soap.delete, "depositApplication", application).startswith("CANT_DELETE_TRANS")
    soap.delete("customerRefund", refund)
    assert soap.get("depositApplication", application)["status"] == "Unapplied"
    soap.delete("depositApplication", application)
    assert shop.balances() == {CASH: "30.00", LIABILITY: "-30.00"}


def test_a_refund_can_add_a_deposit_to_what_it_pays_back(shop: Shop) -> None:
    soap = shop.soap
    first, second = customer_deposit(shop, "30.00"), customer_deposit(shop, "5.00")
    refund = refund_deposit(shop, first)
    line = soap.make("customers:CustomerRefundDeposit", apply=True, doc=second)
    more = soap.make("customers:CustomerRefundDepositList", customerRefundDeposit=[line])
    soap.update("customerRefund", refund, depositList=more)
    held = soap.get("customerRefund", refund)
    assert held["total"] == 35.0
    assert sorted(line["amount"] for line in held["applyList"]["apply"]) == [5.0, 30.0]
    assert shop.balances() == {}


def test_a_deposit_in_another_currency_is_applied_at_its_own_rate(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro = shop.soap.ref(CURRENCIES["EUR"])
    made = order(shop, "100.00", currency=euro)
    customer_deposit(shop, "100.00", made, currency=euro, exchangeRate=Decimal("1.20"))
    bill(shop, made, exchangeRate=Decimal("1.15"))
    assert shop.balances() == {CASH: "120.00", "Income": "-115.00", FX: "-5.00"}
    [application] = _applications(shop)
    assert shop.soap.get("depositApplication", application)["exchangeRate"] == 1.2
    assert shop.netsuite.books()["balanced"]


def test_thirds_of_a_deposit_leave_no_cent_behind(shop: Shop) -> None:
    shop.customer = shop.new_customer("Europe SA", "EUR")
    euro, rate = shop.soap.ref(CURRENCIES["EUR"]), Decimal("1.23457")
    deposit = customer_deposit(shop, "10.00", currency=euro, exchangeRate=rate)
    for part in ("3.33", "3.33", "3.34"):
        invoice = shop.invoice(part, currency=euro, exchangeRate=rate)
        apply_deposit(shop, deposit, (invoice, part))
    balances = shop.balances()
    assert LIABILITY not in balances
    assert AR not in balances


def test_an_order_with_a_deposit_is_not_deleted(shop: Shop) -> None:
    made = order(shop, "10.00")
    deposit = customer_deposit(shop, "5.00", made)
    assert refusal(shop.soap.delete, "salesOrder", made).startswith("TRANS_IN_USE")
    shop.soap.delete("customerDeposit", deposit)
    shop.soap.delete("salesOrder", made)
    assert shop.balances() == {}


def test_a_closed_period_keeps_applications(shop: Shop) -> None:
    deposit, invoice = customer_deposit(shop, "5.00"), shop.invoice("5.00")
    application = apply_deposit(shop, deposit, (invoice, "5.00"))
    shop.netsuite.user.close_period("Jan 2026")
    assert refusal(shop.soap.delete, "depositApplication", application).startswith("CLOSED_TRAN_PRD")
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"
    assert "not within the date range" in refusal(customer_deposit, shop, "5.00")


def test_a_person_voids_an_application_and_then_the_deposit(shop: Shop) -> None:
    user = shop.netsuite.user
    deposit = user.create("customerDeposit", {"customer": ref(shop.customer), "payment": Decimal(5)})
    application = apply_deposit(shop, deposit, (shop.invoice("5.00"), "5.00"))
    user.void("depositApplication", application)
    user.void("customerDeposit", deposit)
    assert shop.balances() == {AR: "5.00", "Income": "-5.00"}
    assert shop.soap.get("depositApplication", application)["status"] == "Voided"
    assert shop.soap.get("customerDeposit", deposit)["status"] == "Voided"


def test_deposits_and_applications_are_in_the_books(shop: Shop) -> None:
    made = order(shop, "100.00")
    customer_deposit(shop, "40.00", made)
    bill(shop, made)
    text = shop.netsuite.books_text()
    assert "CUSTOMER DEPOSITS\n" in text
    assert "DEPOSIT APPLICATIONS\n" in text
    rows = shop.netsuite.books()["records"]
    [deposit] = [row for row in rows if row["type"] == "customerDeposit"]
    assert (deposit["unapplied"], deposit["deposited_on"]) == ("0.00", [])
    assert deposit["sales_order"]["internal_id"] == str(made)


cents = st.integers(min_value=1, max_value=10**6)
rates = st.decimals(min_value="0.5", max_value="2", places=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(own=rates, uses=st.lists(st.tuples(cents, rates, st.booleans()), min_size=1, max_size=5))
def test_a_deposit_that_is_used_up_leaves_no_liability(
    own: Decimal, uses: list[tuple[int, Decimal, bool]]
) -> None:
    half = NetSuiteHalf(StoppedClock())
    user, accounts = half.user, half.settings()
    income, cash = ref(str(accounts["income_account"])), ref(str(accounts["undeposited_funds_account"]))
    item = user.create("serviceSaleItem", {"itemId": "Plan", "incomeAccount": income})
    euro = ref(CURRENCIES["EUR"])
    customer = ref(user.create("customer", {"companyName": "A", "subsidiary": ref(1), "currency": euro}))
    money = Decimal(sum(part for part, *_ in uses)) / 100
    deposit = user.create("customerDeposit", {"customer": customer, "payment": money, "exchangeRate": own})
    for part, rate, is_refund in uses:
        amount, at = Decimal(part) / 100, {"exchangeRate": rate}
        if is_refund:
            line = {"$": "CustomerRefundDeposit", "apply": True, "doc": deposit, "amount": amount}
            used = {"$": "CustomerRefundDepositList", "customerRefundDeposit": [line]}
            user.create("customerRefund", {"customer": customer, "account": cash, "depositList": used, **at})
        else:
            sold = {"$": "InvoiceItem", "item": ref(item), "amount": amount}
            items = {"$": "InvoiceItemList", "item": [sold]}
            invoice = user.create("invoice", {"entity": customer, "itemList": items, **at})
            line = {"$": "DepositApplicationApply", "apply": True, "doc": invoice, "amount": amount}
            applied = {"$": "DepositApplicationApplyList", "apply": [line]}
            user.create("depositApplication", {"deposit": ref(deposit), "applyList": applied})
    books = half.books()
    balances = {each["name"]: each["balance"] for each in books["accounts"]}
    assert (balances[AR], balances[LIABILITY]) == ("0.00", "0.00")
    assert books["balanced"]
