"""Searches that the cash side needs of the practice NetSuite, and what it tells of deleted records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.sandbox.cash import (
    apply_deposit,
    bank,
    bank_deposit,
    basic,
    bill,
    choose,
    customer_deposit,
    found,
    joined,
    journal,
    number,
    order,
    refund,
    select,
)
from tests.sandbox.conftest import TODAY, Shop


def test_an_open_invoice_is_found_by_customer_and_amount_due(shop: Shop) -> None:
    wanted, paid = shop.invoice("50.00"), shop.invoice("50.00")
    shop.invoice("50.06")
    shop.payment("50.00", (paid, "50.00"))
    partly = shop.invoice("80.00")
    shop.payment("30.00", (partly, "30.00"))
    mine = shop.customer
    shop.customer = shop.new_customer("Somebody else")
    shop.invoice("50.00")
    criteria: dict[str, Any] = {"type": choose(shop, "_invoice"), "entity": select(shop, mine)}
    criteria["status"] = choose(shop, "_invoiceOpen")
    assert found(shop, amount=number(shop, "equalTo", "50.00"), **criteria) == [wanted]
    due = shop.soap.make("core:SearchDoubleField", operator="between", searchValue=49.95, searchValue2=50.05)
    assert found(shop, amountRemaining=due, **criteria) == [wanted, partly]


def test_what_waits_in_undeposited_funds_is_found(shop: Shop) -> None:
    payment, advance = shop.payment("10.00"), customer_deposit(shop, "5.00")
    back = refund(shop, shop.memo("1.00"))
    entry = journal(shop, ("undeposited_funds_account", "5.00", ""), ("adjustments_account", "", "5.00"))
    bank_deposit(shop, shop.payment("20.00"))
    shop.payment("30.00", account=bank(shop), undepFunds=False)
    funds = shop.settings["undeposited_funds_account"]
    waiting = {"account": select(shop, funds), "depositTransaction": select(shop, "@NONE@")}
    kinds = choose(shop, "_customerPayment", "_customerDeposit", "_customerRefund", "_journal")
    assert found(shop, type=kinds, **waiting) == sorted([payment, advance, back, entry])
    empty = shop.soap.make("core:SearchDateField", operator="empty")
    assert found(shop, type=kinds, account=select(shop, funds), depositDate=empty) == sorted(
        [payment, advance, back, entry]
    )
    states = choose(shop, "_paymentNotDeposited", "_customerDepositNotDeposited")
    assert found(shop, status=states) == sorted([payment, advance])


def test_a_payment_is_found_by_the_bank_deposit_that_holds_it(shop: Shop) -> None:
    payment = shop.payment("10.00")
    deposit = bank_deposit(shop, payment)
    assert found(shop, depositTransaction=select(shop, deposit)) == [payment]
    named = basic(shop, internalId=select(shop, deposit))
    assert joined(shop, depositTransactionJoin=named) == [payment]


def test_applications_are_found_from_both_ends(shop: Shop) -> None:
    invoice = shop.invoice("50.00", externalId="inv-1")
    payment = shop.payment("30.00", (invoice, "30.00"))
    deposit = customer_deposit(shop, "20.00")
    application = apply_deposit(shop, deposit, (invoice, "20.00"))
    assert found(shop, appliedToTransaction=select(shop, invoice)) == [payment, application]
    assert found(shop, applyingTransaction=select(shop, payment)) == [invoice]
    assert found(shop, applyingTransaction=select(shop, deposit)) == [application]
    by_name = shop.soap.make("core:SearchStringField", operator="is", searchValue="inv-1")
    named = basic(shop, externalIdString=by_name)
    payments = basic(shop, type=choose(shop, "_customerPayment"))
    assert joined(shop, basic=payments, appliedToTransactionJoin=named) == [payment]
    assert joined(shop, applyingTransactionJoin=payments) == [invoice]
    lists = {"bodyFieldsOnly": False}
    result = shop.soap.search(basic(shop, internalId=select(shop, payment)), **lists)
    [line] = result.recordList.record[0].applyList.apply
    assert (line.doc, line.amount) == (invoice, 30.0)


def test_deposits_and_invoices_of_an_order_are_found(shop: Shop) -> None:
    made = order(shop, "50.00")
    deposit = customer_deposit(shop, "20.00", made)
    assert found(shop, salesOrder=select(shop, made)) == [deposit]
    assert found(shop, status=choose(shop, "_salesOrderPendingBilling")) == [made]
    invoice = bill(shop, made)
    assert found(shop, createdFrom=select(shop, made)) == [invoice]
    assert found(shop, status=choose(shop, "_salesOrderBilled")) == [made]
    orders = basic(shop, status=choose(shop, "_salesOrderBilled"))
    assert joined(shop, createdFromJoin=orders) == [invoice]


def test_the_main_line_leaves_out_the_other_accounts(shop: Shop) -> None:
    invoice = shop.invoice("50.00")
    income = select(shop, shop.settings["income_account"])
    assert found(shop, account=income) == [invoice]
    main = shop.soap.make("core:SearchBooleanField", searchValue=True)
    assert found(shop, account=income, mainLine=main) == []
    receivables = select(shop, shop.settings["receivables_account"])
    assert found(shop, account=receivables, mainLine=main) == [invoice]


def test_what_changed_since_yesterday_is_found(shop: Shop) -> None:
    payment = shop.payment("10.00")
    invoice = shop.invoice("10.00")
    later = TODAY + timedelta(days=1)
    shop.soap.world.clock.set(later)
    since = shop.soap.make("core:SearchDateField", operator="onOrAfter", searchValue=later)
    assert found(shop, lastModifiedDate=since) == []
    applied = shop.soap.applies("CustomerPayment", {"doc": invoice})
    shop.soap.update("customerPayment", payment, applyList=applied)
    assert found(shop, lastModifiedDate=since) == [payment]


def test_a_journal_entry_is_found_by_whether_it_is_approved(shop: Shop) -> None:
    lines = (("stripe_fees_account", "5.00", ""), ("adjustments_account", "", "5.00"))
    waiting, posted = journal(shop, *lines, approved=False), journal(shop, *lines)
    assert found(shop, status=choose(shop, "_journalPendingApproval")) == [waiting]
    assert found(shop, status=choose(shop, "_journalApprovedForPosting")) == [posted]
    is_posting = shop.soap.make("core:SearchBooleanField", searchValue=True)
    assert found(shop, posting=is_posting) == [posted]


def test_deleted_cash_records_are_told(shop: Shop) -> None:
    soap = shop.soap
    deposit = bank_deposit(shop, shop.payment("10.00"))
    advance = customer_deposit(shop, "5.00", externalId="dep-1")
    soap.delete("deposit", deposit)
    soap.delete("customerDeposit", advance)
    kinds = choose(shop, "deposit", "customerDeposit", "customerRefund", "depositApplication")
    since = soap.make("core:SearchDateField", operator="onOrAfter", searchValue=TODAY)
    asked = soap.make("core:GetDeletedFilter", deletedDate=since, type=kinds)
    result = soap.call("getDeleted", asked, 1).getDeletedResult
    told = [each.record for each in result.deletedRecordList.deletedRecord]
    assert [(each.type, int(each.internalId)) for each in told] == [
        ("deposit", deposit),
        ("customerDeposit", advance),
    ]
    assert told[1].externalId == "dep-1"
    again = customer_deposit(shop, "5.00", externalId="dep-1")
    assert again > advance
