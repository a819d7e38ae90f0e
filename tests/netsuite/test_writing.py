"""What leaves our door is what NetSuite's schema wants and what the record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from connector.netsuite.gateway import FieldValue
from connector.netsuite.lengths import BYTES, fitted
from connector.netsuite.records import Address, Application, Customer, Record, Ref
from connector.netsuite.soap import SoapGateway
from connector.netsuite.soap.countries import country
from connector.netsuite.soap.writing import midnight, money
from tests.netsuite import samples
from tests.netsuite.schemas import assert_valid, real_wsdl
from tests.netsuite.wire import OK, Stub, added, not_saved, saved, soap

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def sent(netsuite: Stub, nth: int = -1) -> etree._Element:
    """The record in a request."""
    envelope = etree.fromstring(netsuite.requests[nth])
    return next(envelope.iter("{*}record"))


def values(element: etree._Element, name: str) -> list[str | None]:
    """The texts of all elements of that name."""
    return [part.text for part in element.iter(f"{{*}}{name}")]


@pytest.mark.parametrize("record", samples.EVERY_KIND, ids=lambda record: type(record).__name__)
def test_every_record_that_we_write_is_valid_against_the_real_schemas(
    record: Record, door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    assert door.create(record).internal_id == "42"
    assert_valid(netsuite.requests[0])
    assert sent(netsuite).get("externalId") == record.external_id
    assert netsuite.actions == ['"add"']


def test_a_list_of_every_kind_is_valid_and_answered_in_order(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(added(*(saved(str(n)) for n in range(1, len(samples.EVERY_KIND) + 1))))
    outcomes = door.create_many(samples.EVERY_KIND)
    assert_valid(netsuite.requests[0])
    expected = [str(n) for n in range(1, len(samples.EVERY_KIND) + 1)]
    assert [getattr(outcome, "internal_id", None) for outcome in outcomes] == expected


@pytest.mark.rule("PI-14")
@pytest.mark.rule("PI-15")
def test_a_discount_item_posts_to_its_account_or_not_by_itself(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers += [soap("add", saved("42")), soap("add", saved("43"))]
    door.create(samples.DISCOUNT)
    assert (values(sent(netsuite), "nonPosting"), values(sent(netsuite), "rate")) == (["true"], ["0.00"])
    assert list(sent(netsuite).iter("{*}account")) == []
    door.create(samples.POSTING_DISCOUNT)
    assert values(sent(netsuite), "nonPosting") == ["false"]
    assert [part.get("internalId") for part in sent(netsuite).iter("{*}account")] == ["54"]


@pytest.mark.rule("PI-18")
@pytest.mark.rule("RR-2")
def test_an_item_carries_its_deferred_account_and_its_revenue_rule(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(samples.ITEM)
    carried = {
        name: [part.get("internalId") for part in sent(netsuite).iter(f"{{*}}{name}")]
        for name in ("deferredRevenueAccount", "revenueRecognitionRule")
    }
    assert carried == {"deferredRevenueAccount": ["54"], "revenueRecognitionRule": ["2"]}


def test_an_invoice_line_says_amount_and_custom_price_and_leaves_the_rate_to_netsuite(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(samples.INVOICE)
    invoice = sent(netsuite)
    assert values(invoice, "amount") == ["149.85", "-9.90", "0.00"]
    assert [price.get("internalId") for price in invoice.iter("{*}price")] == ["-1", "-1", "-1"]
    assert values(invoice, "rate") == []
    assert values(invoice, "quantity") == ["3"]
    assert [part.get("replaceAll") for part in invoice.iter("{*}itemList")] == ["true"]


@pytest.mark.rule("RR-3")
def test_only_lines_with_days_of_service_carry_them(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(samples.INVOICE)
    fields = list(sent(netsuite).iter("{*}customField"))
    assert [(field.get("scriptId"), values(field, "value")) for field in fields] == [
        ("custcol_suitesync_rev_rec_start", ["2026-03-08T00:00:00-08:00"]),
        ("custcol_suitesync_rev_rec_end", ["2026-04-07T00:00:00-07:00"]),
    ]


def test_a_payment_names_its_account_and_its_invoice(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(samples.PAYMENT)
    payment = sent(netsuite)
    assert [part.get("internalId") for part in payment.iter("{*}account")] == ["122"]
    assert values(payment, "undepFunds") == ["false"]
    assert values(payment, "autoApply") == ["false"]
    apply = next(part for part in payment.iter("{*}apply") if len(part))
    assert [(etree.QName(part).localname, part.text) for part in apply] == [
        ("apply", "true"),
        ("doc", "9001"),
        ("amount", "139.95"),
    ]


@pytest.mark.rule("CU-11")
def test_a_country_becomes_netsuites_word_and_a_wrong_one_is_left_out(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    addresses = (Address("gb", city="London"), Address("Elbonia", city="Mudville"), Address("XX"))
    door.create(Customer("cus_1", addresses=addresses))
    assert values(sent(netsuite), "country") == ["_unitedKingdom"]
    assert values(sent(netsuite), "city") == ["London", "Mudville"]


@pytest.mark.rule("CU-11")
def test_our_country_table_and_netsuites_list_are_the_same() -> None:
    types = etree.parse(str(real_wsdl() / "xsd" / "platform.commonTypes.xsd"))
    (countries,) = types.iterfind(".//{*}simpleType[@name='Country']")
    listed = [str(word.get("value")) for word in countries.iter("{*}enumeration")]
    codes = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    ours = [word for word in map(country, codes) if word]
    assert sorted(ours) == sorted(listed)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 7), "2026-03-07T00:00:00-08:00"),
        (date(2026, 3, 8), "2026-03-08T00:00:00-08:00"),  # the clock moves at two in the morning
        (date(2026, 3, 9), "2026-03-09T00:00:00-07:00"),
        (date(2026, 10, 31), "2026-10-31T00:00:00-07:00"),
        (date(2026, 11, 1), "2026-11-01T00:00:00-07:00"),
        (date(2026, 11, 2), "2026-11-02T00:00:00-08:00"),
        (date(2026, 12, 31), "2026-12-31T00:00:00-08:00"),
    ],
)
def test_a_date_is_midnight_pacific_with_that_days_own_offset(day: date, words: str) -> None:
    assert midnight(day).isoformat() == words


def test_yen_have_no_decimals_and_a_fraction_of_a_cent_is_never_sent(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(samples.MEMO)
    assert values(sent(netsuite), "amount") == ["500", "500"]
    assert str(money(Decimal("1E+3"), samples.JPY)) == "1000"
    with pytest.raises(ValueError, match="more decimals"):
        money(Decimal("1.005"), samples.USD)


def test_an_update_sends_only_the_named_fields_and_keeps_the_other_lines(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.extend([soap("update", saved("9"))] * 2)
    unapply = Application(Ref("invoice", internal_id="8"), Decimal(0))
    door.update("customerPayment", "9", {"memo": "moved", "checkNum": None, "applyList": (unapply,)})
    assert_valid(netsuite.requests[0])
    payment = sent(netsuite)
    assert [etree.QName(part).localname for part in payment] == ["nullFieldList", "memo", "applyList"]
    assert payment.get("internalId") == "9"
    assert values(payment, "name") == ["checkNum"]
    assert [part.get("replaceAll") for part in payment.iter("{*}applyList")] == ["false"]
    assert values(next(payment.iter("{*}applyList")), "doc") == ["8"]

    changes: dict[str, FieldValue] = {
        "comments": "Stripe customer cus_ada",
        "currencyList": (samples.JPY,),
        "isInactive": False,
        "custentity_a": "text",
        "custentity_b": True,
        "custentity_c": date(2026, 1, 2),
        "custentity_d": Decimal("1.5"),
        "custentity_e": 7,
        "custentity_f": Ref("customer", internal_id="3"),
    }
    door.update("customer", "9", changes, replace=True)
    assert_valid(netsuite.requests[1])
    kinds = [str(part.get(XSI_TYPE)).rpartition(":")[2] for part in sent(netsuite).iter("{*}customField")]
    assert kinds == [
        f"{kind}CustomFieldRef" for kind in ("String", "Boolean", "Date", "Double", "Long", "Select")
    ]
    assert [part.get("replaceAll") for part in sent(netsuite).iter("{*}currencyList")] == ["true"]


def test_a_link_whose_internal_id_nobody_knows_goes_by_external_id_where_netsuite_allows_it(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(replace(samples.INVOICE, customer=Ref("customer", "cus_ada")))
    assert [dict(part.attrib) for part in sent(netsuite).iter("{*}entity")] == [{"externalId": "cus_ada"}]
    with pytest.raises(ValueError, match="internal id"):
        door.create(replace(samples.INVOICE, currency=Ref("currency", "USD")))
    apply_to_unknown = (Application(Ref("invoice", "in_1"), Decimal(1)),)
    with pytest.raises(ValueError, match="internal id"):
        door.create(replace(samples.PAYMENT, applied=apply_to_unknown))


def test_more_than_netsuite_takes_at_once_is_refused_before_anything_is_sent(
    door: SoapGateway, netsuite: Stub
) -> None:
    with pytest.raises(ValueError, match="200 at once"):
        door.create_many([samples.INVOICE] * 201)
    assert door.create_many([]) == []
    assert netsuite.requests == []


def test_text_that_xml_cannot_carry_is_cleaned_and_long_text_is_cut(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(added(saved("1"), not_saved("DUP_RCRD", "This record already exists")))
    long = "é" * 600
    door.create_many(
        [replace(samples.INVOICE, memo=f"a\x00b\x0b {long}"), replace(samples.INVOICE, memo="\x1f")]
    )
    memos = values(etree.fromstring(netsuite.requests[0]), "memo")
    assert len(memos) == 1
    assert str(memos[0]).startswith("ab éé")
    assert str(memos[0]).endswith("é…")
    assert len(str(memos[0]).encode()) <= 999


@given(some.sampled_from(sorted(BYTES)), some.text(max_size=6000))
def test_fitted_text_is_never_longer_than_netsuites_field(field: str, text: str) -> None:
    kept = fitted(field, text)
    assert len(kept.encode()) <= BYTES[field]
    if len(text.encode("utf-8", "ignore")) <= BYTES[field] and text.isprintable():
        assert kept == text.strip()


@pytest.mark.parametrize("field", ["entityId", "itemId", "email"])
def test_what_identifies_is_never_cut(field: str) -> None:
    assert fitted(field, "x" * 5000) == "x" * 5000


def test_preferences_go_only_where_they_are_declared(door: SoapGateway, netsuite: Stub) -> None:
    nothing_found = (
        f"<platformCore:searchResult>{OK}<platformCore:totalRecords>0</platformCore:totalRecords>"
        "<platformCore:totalPages>0</platformCore:totalPages><platformCore:recordList/></platformCore:searchResult>"
    )
    time = (
        f"<platformCore:getServerTimeResult>{OK}<platformCore:serverTime>2026-11-21T01:00:00.000-08:00"
        "</platformCore:serverTime></platformCore:getServerTimeResult>"
    )
    netsuite.answers.extend(
        [soap("add", saved("1")), soap("search", nothing_found), soap("getServerTime", time)]
    )
    door.create(samples.INVOICE)
    door.fetch_accounts()
    door.fetch_server_time()
    for request in netsuite.requests:
        assert_valid(request)
    headers = [
        [etree.QName(part).localname for part in etree.fromstring(request)[0]]
        for request in netsuite.requests
    ]
    assert headers == [
        ["tokenPassport", "preferences"],
        ["tokenPassport", "searchPreferences"],
        ["tokenPassport"],
    ]
    assert values(etree.fromstring(netsuite.requests[0]), "warningAsError") == ["false"]
