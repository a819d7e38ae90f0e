"""What the practice NetSuite sends and takes on the wire: searches, pages, references, dates, doubles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from zeep.exceptions import Fault

from connector.sandbox.netsuite.values import double_text
from tests.sandbox import real_xsd
from tests.sandbox.conftest import CURRENCIES, Shop
from tests.sandbox.soap_client import NetSuiteRefused, SoapClient

PACIFIC = ZoneInfo("America/Los_Angeles")


def _transactions(soap: SoapClient, **criteria: Any) -> Any:
    search = soap.make("sales:TransactionSearch")
    search.basic = soap.make("common:TransactionSearchBasic", **criteria)
    return search


def _external_ids(soap: SoapClient, search: Any, **preferences: Any) -> list[str]:
    records = soap.search(search, **preferences).recordList
    return [each.externalId for each in records.record]


def any_of(*values: Any) -> dict[str, Any]:
    return {"operator": "anyOf", "searchValue": list(values)}


# Searching


def test_transactions_are_found_by_external_ids(shop: Shop) -> None:
    soap = shop.soap
    for key in ("in_1", "in_2", "in_3"):
        shop.invoice("1.00", externalId=key)
    wanted = any_of(soap.ref(external_id="in_3"), soap.ref(external_id="IN_1"), soap.ref(external_id="none"))
    assert _external_ids(soap, _transactions(soap, externalId=wanted)) == ["in_1", "in_3"]
    text = {"operator": "startsWith", "searchValue": "in_2"}
    assert _external_ids(soap, _transactions(soap, externalIdString=text)) == ["in_2"]


def test_transactions_are_found_by_type_status_entity_and_date(shop: Shop) -> None:
    soap = shop.soap
    paid = shop.invoice("5.00", externalId="in_paid")
    shop.payment("5.00", (paid, "5.00"), externalId="ch_1")
    shop.invoice("6.00", externalId="in_open", tranDate=datetime(2026, 2, 3, tzinfo=PACIFIC))
    other = shop.new_customer("Other")
    shop.invoice("7.00", externalId="in_other", entity=soap.ref(other))
    invoices = {"type": any_of("_invoice")}
    assert _external_ids(soap, _transactions(soap, **invoices, status=any_of("_invoicePaidInFull"))) == [
        "in_paid"
    ]
    assert _external_ids(soap, _transactions(soap, type=any_of("_customerPayment"))) == ["ch_1"]
    assert _external_ids(soap, _transactions(soap, entity=any_of(soap.ref(other)))) == ["in_other"]
    after = {"operator": "onOrAfter", "searchValue": datetime(2026, 2, 1, tzinfo=PACIFIC)}
    assert _external_ids(soap, _transactions(soap, tranDate=after)) == ["in_open"]
    apart = {"operator": "noneOf", "searchValue": ["_invoice"]}
    assert _external_ids(soap, _transactions(soap, type=apart, mainLine={"searchValue": True})) == ["ch_1"]
    amount = {"operator": "between", "searchValue": Decimal("5.5"), "searchValue2": Decimal("6.5")}
    assert _external_ids(soap, _transactions(soap, **invoices, amount=amount)) == ["in_open"]


def test_changed_records_are_found_by_their_moment(shop: Shop) -> None:
    soap = shop.soap
    shop.invoice("1.00", externalId="in_old")
    shop.soap.world.clock.advance(timedelta(hours=1))
    shop.invoice("1.00", externalId="in_new")
    since = {"operator": "after", "searchValue": datetime(2026, 1, 15, 20, 30, tzinfo=UTC)}
    assert _external_ids(soap, _transactions(soap, lastModifiedDate=since)) == ["in_new"]


def test_customers_items_and_accounts_are_found(shop: Shop) -> None:
    soap = shop.soap
    shop.new_customer("Mailed", email="A@x.example", externalId="cus_m")
    customers = soap.make("relationships:CustomerSearch")
    customers.basic = soap.make(
        "common:CustomerSearchBasic", email={"operator": "is", "searchValue": "a@X.example"}
    )
    assert _external_ids(soap, customers) == ["cus_m"]
    items = soap.make("common:ItemSearchBasic", itemId={"operator": "is", "searchValue": "Pro plan"})
    found = soap.search(items).recordList.record
    assert [type(each).__name__ for each in found] == ["ServiceSaleItem"]
    accounts = soap.make("common:AccountSearchBasic", type=any_of("_bank"))
    assert soap.search(accounts).totalRecords == 5
    units = soap.search(soap.make("common:SubsidiarySearchBasic")).recordList.record
    assert [each.name for each in units] == ["Parent Company"]


def test_searches_come_in_pages_until_they_expire(shop: Shop) -> None:
    soap = shop.soap
    soap.add_list([shop.invoice_record("1.00", externalId=f"in_{number:02}") for number in range(12)])
    first = soap.search(_transactions(soap, type=any_of("_invoice")), pageSize=5)
    assert (first.totalRecords, first.totalPages, first.pageIndex, len(first.recordList.record)) == (
        12,
        3,
        1,
        5,
    )
    last = soap.call("searchMoreWithId", first.searchId, 3).searchResult
    assert [each.externalId for each in last.recordList.record] == ["in_10", "in_11"]
    beyond = soap.call("searchMoreWithId", first.searchId, 4).searchResult
    assert beyond.status.statusDetail[0].code == "INVALID_SEARCH_PAGE_INDEX"
    soap.world.clock.advance(timedelta(minutes=16))
    late = soap.call("searchMoreWithId", first.searchId, 2).searchResult
    assert late.status.statusDetail[0].code == "EXPIRED_SEARCH_CRITERIA"


def test_sublists_come_only_when_asked_for(shop: Shop) -> None:
    soap = shop.soap
    shop.invoice("1.00")
    search = _transactions(soap, type=any_of("_invoice"))
    assert soap.search(search).recordList.record[0].itemList is None
    whole = soap.search(search, bodyFieldsOnly=False).recordList.record[0]
    assert whole.itemList.item[0].item.name == "Pro plan"


def test_an_empty_search_has_no_page(soap: SoapClient) -> None:
    result = soap.search(_transactions(soap))
    assert (result.totalRecords, result.totalPages, result.pageIndex) == (0, 0, None)


@pytest.mark.parametrize(
    ("criteria", "preferences", "code"),
    [
        ({}, {"pageSize": 3}, "INVALID_SEARCH_PAGE_SIZE"),
        ({"customForm": any_of()}, {}, "INVALID_SEARCH"),
        ({"memo": {"searchValue": "x"}}, {}, "INVALID_SEARCH_OPERATOR"),
    ],
)
def test_a_search_that_cannot_be_run_is_refused(
    criteria: dict[str, Any], preferences: dict[str, Any], code: str, shop: Shop
) -> None:
    shop.invoice("1.00", memo="x")
    with pytest.raises(NetSuiteRefused, match=code):
        shop.soap.search(_transactions(shop.soap, **criteria), **preferences)


def test_all_currencies_are_listed(soap: SoapClient) -> None:
    asked = soap.make("core:GetAllRecord", recordType="currency")
    found = soap.call("getAll", asked).getAllResult.recordList.record
    assert {each.symbol: int(each.internalId) for each in found} == CURRENCIES
    assert [each.symbol for each in found if each.isBaseCurrency] == ["USD"]
    other = soap.call("getAll", soap.make("core:GetAllRecord", recordType="state")).getAllResult
    assert other.status.statusDetail[0].code == "INVALID_RCRD_TYPE"


def test_exchange_rates_are_told(soap: SoapClient) -> None:
    asked = {"baseCurrency": soap.ref(1), "fromCurrency": soap.ref(CURRENCIES["EUR"])}
    result = soap.call("getCurrencyRate", asked).getCurrencyRateResult
    assert [each.exchangeRate for each in result.currencyRateList.currencyRate] == [1.1]


def test_many_records_are_read_at_once_each_with_its_own_status(shop: Shop) -> None:
    soap = shop.soap
    shop.invoice("1.00", externalId="in_1")
    wanted = [soap.ref(kind="invoice", external_id=key) for key in ("in_1", "in_9")]
    answers = soap.call("getList", wanted).readResponseList.readResponse
    assert [each.status.isSuccess for each in answers] == [True, False]
    assert answers[0].record.externalId == "in_1"


# The wire


def _exchange(shop: Shop, operation: str, *arguments: Any) -> str:
    """The raw answer of one call."""
    seen: list[bytes] = []
    stop = shop.netsuite.on_request(lambda asked, answer, name: seen.append(answer))
    shop.soap.call(operation, *arguments)
    stop()
    return seen[0].decode()


def test_answers_are_worded_as_netsuite_words_them(shop: Shop) -> None:
    invoice = shop.invoice("20.00", externalId="in_1", tranDate=datetime(2026, 3, 28, tzinfo=PACIFIC))
    raw = _exchange(shop, "get", shop.soap.ref(invoice, "invoice"))
    for part in (
        f'<record xsi:type="tranSales:Invoice" internalId="{invoice}" externalId="in_1">'.replace(
            "<", "<platformMsgs:"
        ),
        "<tranSales:tranDate>2026-03-28T00:00:00.000-07:00</tranSales:tranDate>",
        "<tranSales:total>20.0</tranSales:total>",
        f'<tranSales:entity internalId="{shop.customer}"><platformCore:name>CUST1 Acme Ltd<',
        '<tranSales:postingPeriod internalId="27"><platformCore:name>Mar 2026</platformCore:name>',
        "<tranSales:status>Open</tranSales:status>",
        "<platformMsgs:nsId>WEBSERVICES_SANDBOX_SB1_",
    ):
        assert part in raw


def test_a_write_answers_with_its_reference(shop: Shop) -> None:
    raw = _exchange(shop, "add", shop.invoice_record("1.00", externalId="in_1"))
    assert "<platformCore:afterSubmitFailed>false</platformCore:afterSubmitFailed>" in raw
    assert 'xsi:type="platformCore:RecordRef"' in raw
    assert 'externalId="in_1" type="invoice"' in raw


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-01-05T00:00:00", "2026-01-05"),
        ("2026-01-05T00:00:00-08:00", "2026-01-05"),
        ("2026-01-05T00:00:00Z", "2026-01-04"),
        ("2026-07-05T00:00:00-08:00", "2026-07-05"),
        ("2026-07-05T23:30:00-08:00", "2026-07-06"),
    ],
)
def test_dates_are_read_in_pacific_time(sent: str, day: str, shop: Shop) -> None:
    invoice = shop.invoice("1.00", tranDate=datetime.fromisoformat(sent))
    assert shop.soap.get("invoice", invoice)["tranDate"].date().isoformat() == day


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("20", "20.0"),
        ("149.85", "149.85"),
        ("0", "0.0"),
        ("12345678.9", "1.23456789E7"),
        ("10000000", "1.0E7"),
    ],
)
def test_doubles_are_printed_as_java_prints_them(value: str, text: str) -> None:
    assert double_text(Decimal(value)) == text


def test_large_amounts_survive_the_wire(shop: Shop) -> None:
    invoice = shop.invoice("12345678.91")
    assert shop.soap.get("invoice", invoice)["total"] == 12345678.91


def _raw_add(soap: SoapClient, record: str) -> requests.Response:
    passport = soap.passport()
    body = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:any"><s:Header><tokenPassport>
      <signature algorithm="HMAC-SHA256">{passport.signature._value_1}</signature>
      <account>{passport.account}</account><consumerKey>{passport.consumerKey}</consumerKey>
      <token>{passport.token}</token><nonce>{passport.nonce}</nonce><timestamp>{passport.timestamp}</timestamp>
      </tokenPassport></s:Header><s:Body><add>{record}</add></s:Body></s:Envelope>"""
    return requests.post(f"{soap.base}/services/NetSuitePort_2025_2", data=body.encode(), timeout=5)


def test_requests_are_read_by_local_name_in_any_order(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(lawful=False)
    shop = Shop(soap, soap.world.netsuite)
    record = f"""<record xsi:type="x:Invoice" x:externalId="in_1"><itemList><replaceAll>true</replaceAll>
      <item><amount>5</amount><item internalId="{shop.item}"/></item></itemList>
      <memo>first the lines</memo><entity internalId="{shop.customer}"/></record>"""
    assert 'isSuccess="true"' in _raw_add(soap, record).text
    assert soap.get("invoice", external_id="in_1")["memo"] == "first the lines"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ('<record xsi:type="x:Invoice"><colour>red</colour></record>', "Invalid element in Invoice - colour"),
        ('<record xsi:type="x:VendorBill"/>', "UNKNOWN_RCRD_TYPE"),
        ("<record/>", "Must submit a non-abstract instance of record"),
    ],
)
def test_unknown_fields_and_types_are_refused(
    record: str, words: str, open_netsuite: Callable[..., SoapClient]
) -> None:
    answer = _raw_add(open_netsuite(lawful=False), record)
    assert words in answer.text


def test_texts_are_blanked_and_references_nulled(shop: Shop) -> None:
    soap = shop.soap
    department = soap.ref(soap.add("department", name="Sales"))
    invoice = shop.invoice("1.00", memo="Old", otherRefNum="PO 7", department=department)
    nulls = soap.make("core:NullField", name=["department", "memo"])
    soap.update("invoice", invoice, otherRefNum="", nullFieldList=nulls)
    shown = soap.get("invoice", invoice)
    assert (shown["memo"], shown["otherRefNum"], shown["department"]) == (None, None, None)
    wrong = soap.make("core:NullField", name=["colour"])
    with pytest.raises(NetSuiteRefused, match="INVALID_FIELD_NAME_FOR_NULL"):
        soap.update("invoice", invoice, nullFieldList=wrong)


def test_custom_fields_are_kept_one_by_one(shop: Shop) -> None:
    soap = shop.soap

    def custom(**values: str) -> Any:
        made = [
            soap.make("core:StringCustomFieldRef", scriptId=key, value=value) for key, value in values.items()
        ]
        return soap.make("core:CustomFieldList", customField=made)

    invoice = shop.invoice("1.00", customFieldList=custom(custbody_charge="ch_1", custbody_note="a"))
    soap.update("invoice", invoice, customFieldList=custom(custbody_note="b"))
    shown = soap.get("invoice", invoice)["customFieldList"]["customField"]
    assert {each["scriptId"]: each["value"] for each in shown} == {
        "custbody_charge": "ch_1",
        "custbody_note": "b",
    }
    with pytest.raises(NetSuiteRefused, match="custentity_x"):
        shop.invoice("1.00", customFieldList=custom(custentity_x="1"))


def test_a_customers_address_and_currencies_come_back(shop: Shop) -> None:
    soap = shop.soap
    address = soap.make("common:Address", country="_france", addr1="1 rue X", city="Lyon", zip="69001")
    book = soap.make("relationships:CustomerAddressbook", defaultBilling=True, addressbookAddress=address)
    addresses = soap.make("relationships:CustomerAddressbookList", addressbook=[book])
    shown = soap.get("customer", shop.new_customer("Lyon SA", "EUR", addressbookList=addresses))
    assert shown["defaultAddress"] == "1 rue X\nLyon\n69001\nFrance"
    assert [each["currency"]["name"] for each in shown["currencyList"]["currency"]] == ["US Dollar", "Euro"]


def test_the_real_dump_of_a_payment_can_be_sent_back(shop: Shop) -> None:
    soap = shop.soap
    invoice = shop.invoice("10.00")
    payment = shop.payment("10.00", (invoice, "10.00"))
    fetched = soap.call("get", soap.ref(payment, "customerPayment")).readResponse.record
    with pytest.raises(NetSuiteRefused, match="INSUFFICIENT_PERMISSION"):
        _check_update(soap, fetched)
    preferences = soap.make("messages:Preferences", ignoreReadOnlyFields=True)
    _check_update(soap, fetched, preferences=preferences)
    assert soap.get("invoice", invoice)["status"] == "Paid In Full"


def _check_update(soap: SoapClient, record: Any, **headers: Any) -> None:
    status = soap.call("update", record, **headers).writeResponse.status
    if not status.isSuccess:
        raise NetSuiteRefused(status.statusDetail[0].code, status.statusDetail[0].message)


def test_an_operation_that_is_not_there_is_a_fault(soap: SoapClient) -> None:
    with pytest.raises((Fault, AttributeError)):
        soap.call("asyncAddList", [])


def test_lists_of_updates_upserts_and_deletes_answer_one_by_one(shop: Shop) -> None:
    soap = shop.soap
    number = shop.new_customer("Listed", externalId="cus_l")
    changes = [soap.record("customer", internalId=str(key), phone="1") for key in (number, 99999)]
    updated = soap.call("updateList", changes).writeResponseList.writeResponse
    assert [each.status.isSuccess for each in updated] == [True, False]
    changes = [soap.record("customer", externalId="cus_l", phone="2"), soap.record("customer", phone="3")]
    upserted = soap.call("upsertList", changes).writeResponseList.writeResponse
    assert [each.status.isSuccess for each in upserted] == [True, False]
    assert soap.get("customer", number)["phone"] == "2"
    gone = [soap.ref(key, "customer") for key in (number, 99999)]
    deleted = soap.call("deleteList", gone).writeResponseList.writeResponse
    assert [each.status.isSuccess for each in deleted] == [True, False]


def test_the_real_schemas_notice_what_is_wrong() -> None:
    if real_xsd.folder() is None:
        pytest.skip(real_xsd.ABSENT)
    core = "urn:core_2025_2.platform.webservices.netsuite.com"
    messages = "urn:messages_2025_2.platform.webservices.netsuite.com"
    status = f'<status xmlns="{core}" isSuccess="true"/>'
    for content, faults in ((status, 0), ("<status/>", 1), (status.replace("true", "yes"), 1)):
        body = f'<writeResponse xmlns="{messages}">{content}</writeResponse>'
        envelope = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>'
        assert len(real_xsd.errors(envelope.encode())) == faults
