"""What NetSuite answers is read whole, to the cent and to the day, whatever else it says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.errors import AlreadyThere, AnswerLost, NeedsAttention, RetryLater, UnknownAnswer
from connector.netsuite.gateway import (
    Applied,
    Created,
    Criterion,
    LedgerAccount,
    LedgerLine,
    Period,
    Snapshot,
    Subsidiary,
)
from connector.netsuite.soap import SoapGateway
from connector.netsuite.soap.reading import day
from tests.netsuite import samples
from tests.netsuite.schemas import assert_valid, real_wsdl
from tests.netsuite.wire import OK, Raw, Stub, added, not_saved, refused, saved, soap

INVOICE = (
    '<{} internalId="9001" externalId="in_1" xsi:type="tranSales:Invoice">'
    "<tranSales:createdDate>2026-03-08T05:12:53.000-08:00</tranSales:createdDate>"
    '<tranSales:entity internalId="77"><platformCore:name>Ada</platformCore:name></tranSales:entity>'
    "<tranSales:tranDate>2026-03-08T00:00:00.000-08:00</tranSales:tranDate><tranSales:tranId>INV7</tranSales:tranId>"
    '<tranSales:currency internalId="1"><platformCore:name>USA</platformCore:name></tranSales:currency>'
    "<tranSales:memo>Stripe invoice in_1</tranSales:memo>"
    "<tranSales:amountRemaining>0.0</tranSales:amountRemaining>"
    "<tranSales:total>1.39950E7</tranSales:total><tranSales:status>Paid In Full</tranSales:status></{}>"
)
PAYMENT = (
    '<record internalId="9002" externalId="ch_1" xsi:type="tranCust:CustomerPayment">'
    '<tranCust:customer internalId="77"/><tranCust:payment>139.95</tranCust:payment>'
    "<tranCust:somethingOf2027>new</tranCust:somethingOf2027><tranCust:unapplied>9.95</tranCust:unapplied>"
    "<tranCust:applyList><tranCust:apply><tranCust:apply>true</tranCust:apply><tranCust:doc>9001</tranCust:doc>"
    "<tranCust:amount>130.0</tranCust:amount></tranCust:apply><tranCust:apply><tranCust:apply>false</tranCust:apply>"
    "<tranCust:doc>9003</tranCust:doc></tranCust:apply></tranCust:applyList></record>"
)


def read(*records: str) -> Raw:
    """The answer to `getList`."""
    inside = "".join(f"<readResponse>{record}</readResponse>" for record in records)
    return soap("getList", f"<readResponseList>{OK}{inside}</readResponseList>")


def page(index: int, pages: int, total: int, *records: str) -> Raw:
    """One page of a search."""
    return soap(
        "search" if index == 1 else "searchMoreWithId",
        f"<platformCore:searchResult>{OK}<platformCore:totalRecords>{total}</platformCore:totalRecords>"
        f"<platformCore:pageSize>1000</platformCore:pageSize><platformCore:totalPages>{pages}</platformCore:totalPages>"
        f"<platformCore:pageIndex>{index}</platformCore:pageIndex><platformCore:searchId>WS_1</platformCore:searchId>"
        f"<platformCore:recordList>{''.join(records)}</platformCore:recordList></platformCore:searchResult>",
    )


def test_of_a_list_some_are_saved_and_each_refusal_stays_with_its_record(
    door: SoapGateway, netsuite: Stub
) -> None:
    warning = OK.replace(
        "<platformCore:statusDetail>",
        '<platformCore:statusDetail type="WARN"><platformCore:code>WARNING</platformCore:code>'
        "<platformCore:message>The line total is not equal.</platformCore:message>"
        "</platformCore:statusDetail>"
        "<platformCore:statusDetail>",
    )
    failed_after = OK.replace("false", "true")
    netsuite.answers.append(
        added(
            saved("11"),
            not_saved("DUP_RCRD", "This record already exists"),
            saved("12", warning),
            not_saved("USER_ERROR", "Please enter value(s) for: Class"),
            saved("13", failed_after),
            "<writeResponse/>",
            saved("", OK),
        )
    )
    outcomes = door.create_many([samples.INVOICE] * 7)
    assert outcomes[0] == Created("11")
    assert isinstance(outcomes[1], AlreadyThere)
    assert outcomes[2] == Created("12", "The line total is not equal.")
    assert isinstance(outcomes[3], NeedsAttention)
    assert isinstance(outcomes[4], Created)
    assert "script" in outcomes[4].warning
    assert isinstance(outcomes[5], AnswerLost)
    assert isinstance(outcomes[6], AnswerLost)


def test_a_list_with_an_answer_too_few_is_lost_whole(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(added(saved("11")))
    with pytest.raises(AnswerLost):
        door.create_many([samples.INVOICE, samples.INVOICE])


def test_a_list_refused_as_a_whole_is_refused(door: SoapGateway, netsuite: Stub) -> None:
    refusal = refused("INSUFFICIENT_PERMISSION", "Permission Violation")
    netsuite.answers.append(soap("addList", f"<writeResponseList>{refusal}</writeResponseList>"))
    with pytest.raises(NeedsAttention):
        door.create_many([samples.INVOICE, samples.INVOICE])


def test_records_are_found_by_external_id_and_missing_ones_are_absent(
    door: SoapGateway, netsuite: Stub
) -> None:
    invoice = OK + INVOICE.format("record", "record")
    netsuite.answers.append(read(invoice, refused("INVALID_KEY_OR_REF", "The specified key is invalid.")))
    assert door.find("invoice", ["in_1", "in_2", "in_1"]) == {"in_1": "9001"}
    assert_valid(netsuite.requests[0])
    assert door.find("invoice", []) == {}


def test_another_record_than_the_one_asked_for_is_never_taken(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(read(OK + INVOICE.format("record", "record")))
    with pytest.raises(UnknownAnswer) as refusal:
        door.find("invoice", ["in_2"])
    assert refusal.value.code == "wrong_record_found"


def test_more_than_a_thousand_are_asked_for_in_portions(door: SoapGateway, netsuite: Stub) -> None:
    gone = refused("RCRD_DSNT_EXIST", "That record does not exist.")
    netsuite.answers.extend([read(*[gone] * 1000), read(gone)])
    assert door.find("invoice", [f"in_{n}" for n in range(1001)]) == {}
    assert len(netsuite.requests) == 2


def test_a_record_is_read_to_the_cent_and_to_the_day(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(read(OK + INVOICE.format("record", "record"), OK + PAYMENT))
    invoice, payment = door.get_many("invoice", ["9001", "9002"])
    assert invoice == Snapshot(
        type="invoice",
        internal_id="9001",
        external_id="in_1",
        number="INV7",
        tran_date=date(2026, 3, 8),
        customer="77",
        currency="1",
        total=Decimal("13995000"),
        open_amount=Decimal(0),
        status="Paid In Full",
        memo="Stripe invoice in_1",
    )
    assert payment is not None
    assert (payment.total, payment.open_amount) == (Decimal("139.95"), Decimal("9.95"))
    assert payment.applied == (Applied("9001", Decimal(130)),)


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("Deposit", (("otherList", "depositOther", "amount"), ("cashBackList", "depositCashBack", "amount"))),
        ("JournalEntry", (("lineList", "line", "debit"), ("lineList", "line", "credit"))),
    ],
)
def test_money_out_of_a_deposit_and_the_credits_of_an_entry_are_below_zero(
    kind: str, lists: tuple[tuple[str, str, str], ...], door: SoapGateway, netsuite: Stub
) -> None:
    inside: dict[str, str] = {}
    for account, (name, line, side) in enumerate(lists, start=60):
        text = f'<{line}><account internalId="{account}"/><{side}>4.50</{side}><memo>x</memo></{line}>'
        inside[name] = inside.get(name, "") + text
    told = "".join(f"<{name}>{text}</{name}>" for name, text in inside.items())
    netsuite.answers.append(read(f'{OK}<record internalId="5" xsi:type="tranBank:{kind}">{told}</record>'))
    (one,) = door.get_many("deposit", ["5"])
    assert one is not None
    assert one.ledger_lines == (
        LedgerLine("60", Decimal("4.50"), "x"),
        LedgerLine("61", Decimal("-4.50"), "x"),
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2014-03-28T00:00:00.000-07:00", date(2014, 3, 28)),
        ("2014-01-22T00:00:00.000-08:00", date(2014, 1, 22)),
        ("2014-01-22T08:00:00.000Z", date(2014, 1, 22)),
        ("2014-01-22T00:00:00.000+01:00", date(2014, 1, 22)),
        ("2014-01-22T00:00:00", date(2014, 1, 22)),
        ("2026-11-01T07:00:00Z", date(2026, 11, 1)),
        ("2026-11-02T08:00:00Z", date(2026, 11, 2)),
        ("2026-11-03T05:00:00Z", date(2026, 11, 2)),
        ("2026-11-02T03:00:00-05:00", date(2026, 11, 2)),
        ("", None),
    ],
)
def test_a_midnight_is_read_as_its_day(words: str, expected: date | None) -> None:
    assert day(words) == expected


def test_a_number_that_is_none_is_not_guessed(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(read(OK + PAYMENT.replace("139.95", "NaN")))
    with pytest.raises(RetryLater) as refusal:
        door.get("customerPayment", "9002")
    assert refusal.value.code == "netsuite_no_answer"


def test_a_search_reads_all_pages(door: SoapGateway, netsuite: Stub) -> None:
    record = INVOICE.format("platformCore:record", "platformCore:record")
    netsuite.answers.extend(
        [page(1, 3, 5, record, record), page(2, 3, 5, record, record), page(3, 3, 5, record)]
    )
    found = list(door.search("invoice", [Criterion("externalId", "anyOf", ("in_1", "in_2"))]))
    assert [snapshot.internal_id for snapshot in found] == ["9001"] * 5
    for request in netsuite.requests:
        assert_valid(request)


def test_a_search_that_gives_less_than_it_found_says_so(door: SoapGateway, netsuite: Stub) -> None:
    record = INVOICE.format("platformCore:record", "platformCore:record")
    netsuite.answers.append(page(1, 1, 2, record))
    with pytest.raises(RetryLater) as refusal:
        list(door.search("invoice", []))
    assert refusal.value.code == "search_incomplete"


@pytest.mark.parametrize(
    ("record_type", "criterion"),
    [
        ("customer", Criterion("email", "is", ("ada@example.com",))),
        ("customer", Criterion("custentity_stripe", "is", ("cus_1",))),
        ("customer", Criterion("isInactive", "is", (False,))),
        ("item", Criterion("itemId", "is", ("price_1",))),
        ("item", Criterion("type", "anyOf", ("_service",))),
        ("invoice", Criterion("tranDate", "within", (date(2026, 3, 1), date(2026, 3, 31)))),
        ("creditMemo", Criterion("internalId", "anyOf", ("5", "6"))),
        ("customerPayment", Criterion("amount", "equalTo", (Decimal("1.50"),))),
    ],
)
def test_each_kind_of_condition_is_valid_against_the_real_schemas(
    door: SoapGateway, netsuite: Stub, record_type: str, criterion: Criterion
) -> None:
    real_wsdl()
    netsuite.answers.append(page(1, 0, 0))
    assert list(door.search(record_type, [criterion])) == []  # type: ignore[arg-type]
    assert_valid(netsuite.requests[0])
    with pytest.raises(ValueError, match="no field 'favouriteColour'"):
        list(door.search("customer", [Criterion("favouriteColour", "is", ("blue",))]))


def test_active_currencies_are_known_by_their_symbol(door: SoapGateway, netsuite: Stub) -> None:
    def currency(internal_id: str, symbol: str, inactive: str = "false") -> str:
        return (
            f'<platformCore:record internalId="{internal_id}" xsi:type="listAcct:Currency">'
            "<listAcct:name>USA</listAcct:name>"
            f"<listAcct:symbol>{symbol}</listAcct:symbol><listAcct:isInactive>{inactive}</listAcct:isInactive>"
            "</platformCore:record>"
        )

    records = currency("1", "USD") + currency("2", "EUR") + currency("3", "DEM", "true")
    netsuite.answers.append(
        soap(
            "getAll",
            f"<platformCore:getAllResult>{OK}<platformCore:totalRecords>3</platformCore:totalRecords>"
            f"<platformCore:recordList>{records}</platformCore:recordList></platformCore:getAllResult>",
        )
    )
    assert door.fetch_currencies() == {"USD": "1", "EUR": "2"}
    assert_valid(netsuite.requests[0])


def test_the_accounts_subsidiaries_and_periods_of_the_company_are_read(
    door: SoapGateway, netsuite: Stub
) -> None:
    def record(kind: str, fields: str) -> str:
        return (
            f'<platformCore:record internalId="5" xsi:type="listAcct:{kind}">{fields}</platformCore:record>'
        )

    def period(name: str, month: int, extra: str) -> str:
        return record(
            "AccountingPeriod",
            f"<listAcct:periodName>{name}</listAcct:periodName>"
            f"<listAcct:startDate>2026-{month:02}-01T00:00:00.000-08:00</listAcct:startDate>"
            f"<listAcct:endDate>2026-{month:02}-28T00:00:00.000-08:00</listAcct:endDate>{extra}",
        )

    account = (
        "<listAcct:acctType>_otherCurrentAsset</listAcct:acctType><listAcct:acctNumber>1099</listAcct:acctNumber>"
        '<listAcct:acctName>Undeposited Funds</listAcct:acctName><listAcct:currency internalId="1"/>'
    )
    subsidiary = '<listAcct:name>Acme</listAcct:name><listAcct:currency internalId="2"/>'
    year = period("FY", 1, "<listAcct:isYear>true</listAcct:isYear>")
    quarter = period("Q1", 1, "<listAcct:isQuarter>true</listAcct:isQuarter>")
    locked = period("Feb", 2, "<listAcct:arLocked>true</listAcct:arLocked>")
    netsuite.answers.extend(
        [
            page(1, 1, 1, record("Account", account)),
            page(1, 1, 1, record("Subsidiary", subsidiary)),
            page(1, 1, 4, locked, quarter, year, period("Jan", 1, "")),
        ]
    )
    assert door.fetch_accounts() == (
        LedgerAccount("5", "1099", "Undeposited Funds", "otherCurrentAsset", currency="1"),
    )
    assert door.fetch_subsidiaries() == (Subsidiary("5", "Acme", currency="2"),)
    january, february = door.fetch_periods()
    assert january == Period("5", "Jan", date(2026, 1, 1), date(2026, 1, 28))
    assert (january.open, february.open) == (True, False)
    for request in netsuite.requests:
        assert_valid(request)


def test_netsuites_clock_is_read(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(
        soap(
            "getServerTime",
            f"<platformCore:getServerTimeResult>{OK}<platformCore:serverTime>2026-11-20T17:00:00.000-08:00"
            "</platformCore:serverTime></platformCore:getServerTimeResult>",
        )
    )
    assert door.fetch_server_time() == datetime(2026, 11, 21, 1, tzinfo=UTC)


def test_the_integrations_own_limit_comes_before_the_accounts_and_none_when_hidden(
    door: SoapGateway, netsuite: Stub
) -> None:
    def governance(subject: str, inside: str) -> Raw:
        operation = f"get{subject}GovernanceInfo"
        return soap(operation, f"<platformCore:{operation}Result>{inside}</platformCore:{operation}Result>")

    own = f"{OK}<platformCore:integrationConcurrencyLimit>3</platformCore:integrationConcurrencyLimit>"
    whole = f"{OK}<platformCore:accountConcurrencyLimit>15</platformCore:accountConcurrencyLimit>"
    hidden = refused("INSUFFICIENT_PERMISSION", "Permission Violation")
    netsuite.answers.extend(
        [
            governance("Integration", own),
            governance("Integration", hidden),
            governance("Account", whole),
            governance("Integration", hidden),
            governance("Account", hidden),
        ]
    )
    assert [door.fetch_concurrency() for _ in range(3)] == [3, 15, None]
    for request in netsuite.requests:
        assert_valid(request)
