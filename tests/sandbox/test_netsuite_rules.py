"""What the practice NetSuite refuses, with NetSuite's codes and messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from zeep.exceptions import Fault

from connector.sandbox.netsuite import ref
from tests.sandbox.conftest import CURRENCIES, Shop
from tests.sandbox.soap_client import NetSuiteRefused, SoapClient

PACIFIC = ZoneInfo("America/Los_Angeles")
NOT_IN_LIST = "Unable to find a matching line for sub-list apply with key: [doc,line] and value: [{},null]."


def day(year: int, month: int, of_month: int) -> datetime:
    """A date as a careful client sends it: midnight Pacific."""
    return datetime(year, month, of_month, tzinfo=PACIFIC)


def refused(action: Callable[..., object], *arguments: Any, **fields: Any) -> tuple[str, str]:
    """Code and message of a refusal."""
    with pytest.raises(NetSuiteRefused) as caught:
        action(*arguments, **fields)
    return caught.value.code, caught.value.message


# Identity


def test_an_external_id_is_taken_once_in_its_group_whatever_its_case(shop: Shop) -> None:
    shop.invoice("10.00", externalId="ch_1")
    taken = ("DUP_RCRD", "This record already exists")
    assert refused(shop.invoice, "10.00", externalId="CH_1") == taken
    assert refused(shop.payment, "10.00", externalId="ch_1") == taken
    assert shop.new_customer("Other", externalId="ch_1")
    assert refused(shop.new_customer, "Third", externalId="ch_1") == taken


def test_a_deleted_record_frees_its_external_id(shop: Shop) -> None:
    first = shop.invoice("10.00", externalId="in_1")
    shop.soap.delete("invoice", first)
    assert shop.invoice("10.00", externalId="in_1") != first


def test_a_refused_record_takes_nothing(shop: Shop) -> None:
    assert refused(shop.invoice, "-10.00", externalId="in_1")[1] == "The total can not be negative"
    shop.invoice("10.00", externalId="in_1")
    assert shop.soap.get("invoice", external_id="in_1")["tranId"] == "INV1"


def test_an_internal_id_cannot_be_chosen(shop: Shop) -> None:
    expected = ("INVALID_INTERNALID", "The specified internal id is not allowed.")
    assert refused(shop.invoice, "10.00", internalId="7") == expected


def test_customer_ids_are_unique(shop: Shop) -> None:
    shop.new_customer("One", entityId="cus_1")
    code, message = refused(shop.new_customer, "Two", entityId="CUS_1")
    assert (code, message[:45]) == ("UNIQUE_CUST_ID_REQD", "A customer record with this ID already exists")


def test_without_auto_numbering_names_are_ids(shop: Shop) -> None:
    shop.netsuite.user.number_customers(automatically=False)
    number = shop.new_customer("Beta")
    assert shop.soap.get("customer", number)["entityId"] == "Beta"
    assert refused(shop.new_customer, "beta")[0] == "UNIQUE_CUST_ID_REQD"


def test_customers_are_numbered_unless_told_otherwise(shop: Shop) -> None:
    assert shop.soap.get("customer", shop.customer)["entityId"] == "CUST1"
    given = shop.new_customer("Beta", entityId="cus_9")
    assert shop.soap.get("customer", given)["entityId"] == "cus_9"


def test_item_names_are_unique(shop: Shop) -> None:
    assert refused(shop.new_item, "pro PLAN")[0] == "DUP_ITEM"


def test_upsert_goes_by_external_id(shop: Shop) -> None:
    soap, fields = shop.soap, {"companyName": "Up", "subsidiary": shop.account("subsidiary")}
    assert refused(soap.upsert, "customer", **fields) == (
        "USER_ERROR",
        "This operation requires a value for externalId.",
    )
    assert refused(soap.upsert, "customer", internalId="1", externalId="x", **fields)[0] == "USER_ERROR"
    first = soap.upsert("customer", externalId="cus_up", **fields)
    assert soap.upsert("customer", externalId="CUS_UP", phone="555") == first
    assert soap.get("customer", first)["phone"] == "555"


def test_update_needs_an_id_that_exists(shop: Shop) -> None:
    soap = shop.soap
    answer = soap.call("update", soap.record("customer", phone="1")).writeResponse
    assert answer.status.statusDetail[0].message == "Either internalId or externalId is required."
    assert refused(soap.update, "customer", 99999, phone="1") == (
        "RCRD_DSNT_EXIST",
        "That record does not exist.",
    )


def test_reading_what_is_not_there(shop: Shop) -> None:
    assert refused(shop.soap.get, "invoice", 1) == ("INVALID_KEY_OR_REF", "The specified key is invalid.")
    assert refused(shop.soap.get, "vendorBill", 1) == ("UNKNOWN_RCRD_TYPE", "Unknown record type")


# References and required fields


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("entity", "Invalid entity reference key 99999."),
        ("account", "Invalid account reference key 99999 for entity {customer}."),
        ("department", "Invalid department reference key 99999 for entity {customer}."),
        ("currency", "Invalid currency reference key 99999 for entity {customer}."),
    ],
)
def test_a_reference_to_nothing_is_refused(field: str, message: str, shop: Shop) -> None:
    expected = ("INVALID_KEY_OR_REF", message.format(customer=shop.customer))
    assert refused(shop.invoice, "10.00", **{field: shop.soap.ref(99999)}) == expected


def test_an_inactive_item_customer_or_account_counts_as_missing(shop: Shop) -> None:
    user = shop.netsuite.user
    user.deactivate("serviceSaleItem", shop.item)
    message = f"Invalid item reference key {shop.item} for entity {shop.customer}."
    assert refused(shop.invoice, "1.00") == ("INVALID_KEY_OR_REF", message)
    user.deactivate("customer", shop.customer)
    assert refused(shop.payment, "1.00")[1] == f"Invalid customer reference key {shop.customer}."


def test_an_unknown_external_id_is_named(shop: Shop) -> None:
    soap = shop.soap
    answer = refused(shop.invoice, "1.00", entity=soap.ref(external_id="cus_none"))
    assert answer == ("INVALID_REF_KEY", "Invalid externalId cus_none.")


def test_references_may_go_by_external_id(shop: Shop) -> None:
    shop.new_customer("Ext", externalId="cus_ext")
    invoice = shop.invoice("1.00", entity=shop.soap.ref(external_id="cus_ext"))
    assert shop.soap.get("invoice", invoice)["entity"]["name"] == "CUST2 Ext"


@pytest.mark.parametrize(
    ("kind", "fields", "labels"),
    [
        ("customer", {}, "Company Name, Subsidiary"),
        ("customer", {"isPerson": True, "firstName": "Ada"}, "Last Name, Subsidiary"),
        ("serviceSaleItem", {}, "Item Name/Number"),
        ("invoice", {}, "Customer"),
        ("customerPayment", {}, "Customer, Payment Amount"),
    ],
)
def test_required_fields_are_named_by_their_labels(
    kind: str, fields: dict[str, object], labels: str, soap: SoapClient
) -> None:
    assert refused(soap.add, kind, **fields) == ("USER_ERROR", f"Please enter value(s) for: {labels}")


def test_a_field_made_mandatory_on_the_form_is_required_until_it_is_mended(shop: Shop) -> None:
    shop.netsuite.user.require_field("invoice", "department")
    assert refused(shop.invoice, "1.00") == ("USER_ERROR", "Please enter value(s) for: Department")
    department = shop.soap.add("department", name="Sales")
    assert shop.invoice("1.00", department=shop.soap.ref(department))
    shop.netsuite.user.release_field("invoice", "department")
    assert shop.invoice("1.00")


def test_an_invoice_needs_lines_and_lines_need_items(shop: Shop) -> None:
    soap = shop.soap
    assert refused(soap.add, "invoice", entity=soap.ref(shop.customer))[0] == "VALID_LINE_ITEM_REQD"
    bare = soap.make("sales:InvoiceItemList", item=[soap.make("sales:InvoiceItem", amount=1)])
    answer = refused(soap.add, "invoice", entity=soap.ref(shop.customer), itemList=bare)
    assert answer == ("USER_ERROR", "Please enter value(s) for: Item")


def test_an_item_without_an_account_cannot_be_billed(shop: Shop) -> None:
    item = shop.soap.add("serviceSaleItem", itemId="No account")
    lines = shop.soap.lines("Invoice", {"item": item, "amount": Decimal(1)})
    assert refused(shop.invoice, "1.00", itemList=lines)[0] == "ITEM_ACCT_REQD"


@pytest.mark.parametrize("field", ["total", "status", "taxTotal", "amountRemaining", "isTaxable"])
def test_read_only_and_disabled_fields_are_refused_unless_ignored(field: str, shop: Shop) -> None:
    value: object = {"status": "Open", "isTaxable": False}.get(field, 1.0)
    code, message = refused(shop.invoice, "1.00", **{field: value})
    assert code == "INSUFFICIENT_PERMISSION"
    assert message.startswith(
        f"You do not have permissions to set a value for element {field.lower()} due to"
    )
    preferences = shop.soap.make("messages:Preferences", ignoreReadOnlyFields=True)
    record = shop.invoice_record("1.00", **{field: value})
    assert shop.soap.call("add", record, preferences=preferences).writeResponse.status.isSuccess


@pytest.mark.parametrize(
    ("field", "longest"), [("companyName", 83), ("phone", 32), ("comments", 4000), ("email", 254)]
)
def test_long_texts_are_refused(field: str, longest: int, shop: Shop) -> None:
    name = {"companyName": "Fits"} if field != "companyName" else {}
    fields = {"subsidiary": shop.account("subsidiary"), **name}
    limit = f"more than the maximum number ( {longest} ) of characters allowed."
    assert refused(shop.soap.add, "customer", **{**fields, field: "x" * (longest + 1)}) == (
        "EXCEEDED_MAX_FIELD_LENGTH",
        f"The field {field.lower()} contained {limit}",
    )
    assert shop.soap.add("customer", **{**fields, field: "x" * longest})


def test_a_long_memo_loses_the_invoice(shop: Shop) -> None:
    assert refused(shop.invoice, "1.00", memo="x" * 1000)[0] == "EXCEEDED_MAX_FIELD_LENGTH"


def test_address_text_needs_its_override(shop: Shop) -> None:
    soap = shop.soap
    address = soap.make("common:Address", country="_france", addrText="12 rue X")
    book = soap.make("relationships:CustomerAddressbook", addressbookAddress=address)
    addresses = soap.make("relationships:CustomerAddressbookList", addressbook=[book])
    code, message = refused(shop.new_customer, "Addressed", addressbookList=addresses)
    assert (code, "element addrtext due" in message) == ("INSUFFICIENT_PERMISSION", True)


def test_unknown_enumeration_values_are_a_fault(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(lawful=False)
    shop = Shop(soap, soap.world.netsuite)
    address = soap.make("common:Address", country="_atlantis")
    book = soap.make("relationships:CustomerAddressbook", addressbookAddress=address)
    addresses = soap.make("relationships:CustomerAddressbookList", addressbook=[book])
    with pytest.raises(Fault, match="_atlantis is not a legal value for Country"):
        shop.new_customer("Sunken", addressbookList=addresses)


# Amounts and currencies


@pytest.mark.parametrize(
    ("currency", "amount", "places"), [("USD", "1.001", 2), ("JPY", "100.5", 0), ("KWD", "1.0001", 3)]
)
def test_money_has_its_currencys_decimals(currency: str, amount: str, places: int, shop: Shop) -> None:
    shop.customer = shop.new_customer("Worldwide", "JPY", "KWD")
    fields = {"currency": shop.soap.ref(CURRENCIES[currency])}
    for action in (shop.invoice, shop.payment):
        code, message = refused(action, amount, **fields)
        assert code == "TRANS_UNBALNCD"
        assert message.endswith(f"a maximum of {places} decimal places.")


def test_dinars_have_three_decimals(shop: Shop) -> None:
    shop.customer = shop.new_customer("Gulf", "KWD")
    invoice = shop.invoice("12.345", currency=shop.soap.ref(CURRENCIES["KWD"]))
    assert shop.soap.get("invoice", invoice)["total"] == 12.345


def test_the_currency_must_be_the_customers(shop: Shop) -> None:
    euro = shop.soap.ref(CURRENCIES["EUR"])
    key = CURRENCIES["EUR"]
    assert refused(shop.invoice, "1.00", currency=euro) == (
        "INVALID_KEY_OR_REF",
        f"Invalid currency reference key {key} for entity {shop.customer}.",
    )
    assert refused(shop.payment, "1.00", currency=euro)[1].endswith(f"{key} for customer {shop.customer}.")


def test_a_currency_cannot_change_once_saved(shop: Shop) -> None:
    invoice = shop.invoice("1.00")
    code, message = refused(shop.soap.update, "invoice", invoice, currency=shop.soap.ref(CURRENCIES["EUR"]))
    assert (code, "element currency due" in message) == ("INSUFFICIENT_PERMISSION", True)


def test_a_line_that_is_not_rate_times_quantity_is_only_warned_about(shop: Shop) -> None:
    soap = shop.soap
    line = {"item": shop.item, "quantity": 2, "rate": "10.00", "amount": Decimal("19.00")}
    record = shop.invoice_record("1.00", itemList=soap.lines("Invoice", line))
    answer = soap.call("add", record).writeResponse
    warning = answer.status.statusDetail[0]
    assert (answer.status.isSuccess, warning.type, warning.code) == (True, "WARN", "WARNING")
    assert soap.get("invoice", answer.baseRef.internalId)["total"] == 19.0
    strict = soap.make("messages:Preferences", warningAsError=True)
    assert not soap.call("add", record, preferences=strict).writeResponse.status.isSuccess


def test_an_invoice_may_not_be_negative_but_may_be_nothing(shop: Shop) -> None:
    assert refused(shop.invoice, "-0.01") == ("USER_ERROR", "The total can not be negative")
    assert shop.soap.get("invoice", shop.invoice("0.00"))["status"] == "Paid In Full"


def test_bank_accounts_take_their_own_currency(shop: Shop) -> None:
    banks: Any = shop.settings["bank_accounts"]
    euro_bank = {"account": shop.soap.ref(banks["EUR"]), "undepFunds": False}
    assert refused(shop.payment, "1.00", **euro_bank)[0] == "TRANS_FORGN_CRNCY_MISMATCH"
    dollars = {"account": shop.soap.ref(banks["USD"]), "undepFunds": False}
    assert shop.soap.get("customerPayment", shop.payment("1.00", **dollars))["status"] == "Deposited"
    income = {"account": shop.account("income_account"), "undepFunds": False}
    assert refused(shop.payment, "1.00", **income)[0] == "INVALID_KEY_OR_REF"


def test_an_account_without_saying_that_funds_are_deposited_is_refused(shop: Shop) -> None:
    banks: Any = shop.settings["bank_accounts"]
    assert refused(shop.payment, "1.00", account=shop.soap.ref(banks["USD"]))[0] == "INSUFFICIENT_PERMISSION"


# Applying


def test_a_second_payment_on_a_paid_invoice_is_refused(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    shop.payment("10.00", (invoice, "10.00"))
    assert refused(shop.payment, "10.00", (invoice, "10.00")) == ("USER_ERROR", NOT_IN_LIST.format(invoice))


def test_another_customers_invoice_is_not_in_the_list(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    other = shop.soap.ref(shop.new_customer("Other"))
    assert refused(shop.payment, "10.00", (invoice, "10.00"), customer=other)[1] == NOT_IN_LIST.format(
        invoice
    )


def test_an_invoice_in_another_currency_is_not_in_the_list(shop: Shop) -> None:
    shop.customer = shop.new_customer("Both", "EUR")
    invoice = shop.invoice("10.00", currency=shop.soap.ref(CURRENCIES["EUR"]))
    assert refused(shop.payment, "10.00", (invoice, "10.00"))[1] == NOT_IN_LIST.format(invoice)


def test_an_invoice_of_another_receivables_account_is_not_in_the_list(shop: Shop) -> None:
    second = shop.soap.add(
        "account", acctName="Other receivables", acctType="_accountsReceivable", acctNumber="1101"
    )
    invoice = shop.invoice("10.00", account=shop.soap.ref(second))
    assert refused(shop.payment, "10.00", (invoice, "10.00"))[1] == NOT_IN_LIST.format(invoice)
    assert shop.payment("10.00", (invoice, "10.00"), arAcct=shop.soap.ref(second))


def test_a_payment_or_an_unknown_document_is_not_in_the_list(shop: Shop) -> None:
    payment = shop.payment("5.00")
    for document in (payment, 99999):
        assert refused(shop.payment, "5.00", (document, "5.00"))[1] == NOT_IN_LIST.format(document)


def test_an_invoice_cannot_be_overpaid(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    expected = ("INVALID_LINK_SUM", "Links sum to more than original transaction amount")
    assert refused(shop.payment, "20.00", (invoice, "10.01")) == expected
    assert refused(
        shop.memo, "20.00", applyList=shop.soap.applies("CreditMemo", {"doc": invoice, "amount": 11})
    ) == (expected)


def test_no_more_is_applied_than_was_paid(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    expected = ("INVALID_AMT", "Amount applied greater than total payments and credits")
    assert refused(shop.payment, "5.00", (invoice, "6.00")) == expected
    memo_lines = shop.soap.applies("CreditMemo", {"doc": invoice, "amount": 6})
    assert refused(shop.memo, "5.00", applyList=memo_lines) == expected


def test_payments_are_positive(shop: Shop) -> None:
    assert refused(shop.payment, "-1.00") == ("NEGATIVE_PAYMENT_DISALLWD", "Negative payments not allowed")
    assert refused(shop.payment, "0.00") == (
        "INVALID_FLD_VALUE",
        "Value 0.0 outside of valid min/max range for field payment",
    )


def test_automatic_and_chosen_applying_exclude_each_other(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    assert refused(shop.payment, "10.00", (invoice, "10.00"), autoApply=True)[0] == "INVALID_AUTOAPPLY_VALUE"
    shop.payment("10.00", autoApply=True)
    assert shop.soap.get("invoice", invoice)["status"] == "Paid In Full"


def test_more_credit_than_invoices_is_out_of_balance(shop: Shop) -> None:
    soap, invoice, memo = shop.soap, shop.invoice("10.00"), shop.memo("20.00")
    credit = soap.make("customers:CustomerPaymentCredit", apply=True, doc=memo, amount=20)
    credits = soap.make("customers:CustomerPaymentCreditList", credit=[credit])
    assert (
        refused(shop.payment, "5.00", (invoice, "10.00"), creditList=credits)[0]
        == "TRANS_APPLIED_AMTS_UNBALNCD"
    )


# Periods


def test_nothing_is_dated_in_a_closed_period(shop: Shop) -> None:
    invoice = shop.invoice("10.00", tranDate=day(2025, 12, 31))
    shop.netsuite.user.close_period("Dec 2025")
    outside = "The transaction date you specified is not within the date range of your accounting period."
    assert refused(shop.invoice, "10.00", tranDate=day(2025, 12, 1)) == ("USER_ERROR", outside)
    assert refused(shop.soap.update, "invoice", invoice, tranDate=day(2026, 1, 1))[0] == "CLOSED_TRAN_PRD"
    lines = shop.soap.lines("Invoice", {"item": shop.item, "amount": Decimal(11)})
    assert refused(shop.soap.update, "invoice", invoice, itemList=lines)[0] == "CLOSED_TRAN_PRD"
    assert refused(shop.soap.delete, "invoice", invoice)[0] == "CLOSED_TRAN_PRD"
    shop.soap.update("invoice", invoice, memo="Only words")
    shop.netsuite.user.open_period("Dec 2025")
    assert shop.invoice("10.00", tranDate=day(2025, 12, 1))


def test_a_posting_period_must_be_open_and_hold_the_date(shop: Shop) -> None:
    soap = shop.soap
    search = soap.make("accounting:AccountingPeriodSearch")
    search.basic = soap.make(
        "common:AccountingPeriodSearchBasic", periodName={"operator": "is", "searchValue": "Feb 2026"}
    )
    february = soap.search(search).recordList.record[0].internalId
    code, message = refused(shop.invoice, "1.00", postingPeriod=soap.ref(february))
    assert (code, message.startswith("The transaction date you specified")) == ("USER_ERROR", True)
    shop.netsuite.user.close_period("Feb 2026")
    period = {"postingPeriod": soap.ref(february), "tranDate": day(2026, 2, 3)}
    assert refused(shop.invoice, "1.00", **period)[1] == f"Invalid postingperiod reference key {february}."


def test_a_date_without_a_period_is_refused(shop: Shop) -> None:
    code, message = refused(shop.invoice, "1.00", tranDate=day(2040, 1, 2))
    assert (code, "for date - 1/2/2040." in message) == ("VALID_PRD_REQD", True)


# Deleting


def test_linked_transactions_stay(shop: Shop) -> None:
    invoice = shop.invoice("10.00")
    payment = shop.payment("10.00", (invoice, "10.00"))
    assert refused(shop.soap.delete, "invoice", invoice)[0] == "CANT_DELETE_TRANS"
    assert refused(shop.soap.delete, "customerPayment", payment)[0] == "CANT_DELETE_TRANS"
    shop.soap.update("customerPayment", payment, applyList=shop.soap.applies("CustomerPayment"))
    shop.soap.delete("customerPayment", payment)
    shop.soap.delete("invoice", invoice)
    assert shop.balances() == {}


def test_used_customers_items_and_accounts_stay(shop: Shop) -> None:
    shop.invoice("10.00")
    assert refused(shop.soap.delete, "customer", shop.customer)[0] == "CANT_DELETE_RCRD"
    assert refused(shop.soap.delete, "serviceSaleItem", shop.item)[0] == "CANT_DELETE_RCRD"
    assert refused(shop.soap.delete, "account", shop.settings["income_account"])[0] == "CANT_DELETE_ACCT"


def test_unused_records_go_and_are_remembered(shop: Shop) -> None:
    gone = shop.new_customer("Gone", externalId="cus_gone")
    shop.soap.delete("customer", gone)
    asked = {"type": {"operator": "anyOf", "searchValue": ["customer"]}}
    found = shop.soap.call("getDeleted", asked, 1).getDeletedResult
    assert [each.record.externalId for each in found.deletedRecordList.deletedRecord] == ["cus_gone"]


def test_fixed_lists_cannot_be_written(shop: Shop) -> None:
    record = shop.soap.make("accounting:Currency", name="Franc", symbol="CHF")
    answer = shop.soap.call("add", record).writeResponse
    assert answer.status.statusDetail[0].code == "INSUFFICIENT_PERMISSION"
    assert "Lists -> Currency" in answer.status.statusDetail[0].message


# Lists and failed writes


def test_a_list_is_not_all_or_nothing(shop: Shop) -> None:
    records = [shop.invoice_record("1.00", externalId=f"in_{number}") for number in (1, 1, 2)]
    answers = shop.soap.add_list(records)
    assert [each.status.isSuccess for each in answers] == [True, False, True]
    assert [each.baseRef is not None for each in answers] == [True, False, True]
    assert shop.soap.get("invoice", external_id="in_2")["tranId"] == "INV2"


def test_failed_updates_and_upserts_name_the_record(shop: Shop) -> None:
    soap, long = shop.soap, "x" * 33
    updated = soap.call(
        "update", soap.record("customer", internalId=str(shop.customer), phone=long)
    ).writeResponse
    assert updated.baseRef.internalId == str(shop.customer)
    upserted = soap.call("upsert", soap.record("customer", externalId="cus_x", phone=long)).writeResponse
    assert upserted.baseRef.externalId == "cus_x"


def test_a_person_is_held_to_the_same_rules(shop: Shop) -> None:
    from connector.sandbox.netsuite import Refused

    invoice = shop.invoice("10.00")
    shop.payment("10.00", (invoice, "10.00"))
    with pytest.raises(Refused, match="CANT_DELETE_TRANS"):
        shop.netsuite.user.delete("invoice", invoice)
    with pytest.raises(Refused, match="USER_ERROR"):
        shop.netsuite.user.create("customer", {"subsidiary": ref(1)})
