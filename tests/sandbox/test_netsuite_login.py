"""Logging in to the practice NetSuite, its limits, and how it fails on request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import requests
from zeep.exceptions import Fault

from connector.sandbox.netsuite import Faults, NetSuiteHalf
from tests.sandbox.conftest import Shop
from tests.sandbox.soap_client import NetSuiteRefused, SoapClient


def _fault(soap: SoapClient, **headers: Any) -> Fault:
    with pytest.raises(Fault) as caught:
        soap.call("getServerTime", **headers)
    fault: Fault = caught.value
    return fault


def _code(fault: Fault) -> str:
    return str(next(node.text for node in fault.detail.iter() if node.tag.endswith("}code")))


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("account", "OTHER", "InvalidIdentity"),
        ("consumerKey", "x", "InvalidIdentity"),
        ("token", "x", "InvalidIdentity"),
        ("nonce", "short", "InvalidNonce"),
        ("nonce", "with-special-characters", "InvalidNonce"),
        ("algorithm", "HMAC_SHA1", "InvalidAlgorithm"),
        ("signature", {"_value_1": "AAAA", "algorithm": "HMAC_SHA256"}, "InvalidSignature"),
    ],
)
def test_a_wrong_passport_is_refused(
    part: str, value: object, reason: str, soap: SoapClient, netsuite: NetSuiteHalf
) -> None:
    fault = _fault(soap, passport=soap.passport(**{part: value}))
    assert fault.message == "Invalid login attempt."
    assert _code(fault) == "INVALID_LOGIN_CREDENTIALS"
    assert netsuite.login_audit == [reason]


@pytest.mark.parametrize("skew", [-301, 301])
def test_a_clock_more_than_five_minutes_off_is_refused(
    skew: int, soap: SoapClient, netsuite: NetSuiteHalf
) -> None:
    _fault(soap, passport=soap.passport(timestamp=int(time.time()) + skew))
    assert netsuite.login_audit == ["InvalidTimestamp"]


def test_a_passport_serves_once(soap: SoapClient, netsuite: NetSuiteHalf) -> None:
    passport = soap.passport()
    soap.call("getServerTime", passport=passport)
    _fault(soap, passport=passport)
    assert netsuite.login_audit == ["NonceUsed"]


def test_a_passport_beside_an_application_id_is_ambiguous(soap: SoapClient) -> None:
    fault = _fault(soap, applicationInfo=soap.make("messages:ApplicationInfo", applicationId="x"))
    assert fault.message == "Ambiguous authentication"
    assert _code(fault) == "USER_ERROR"


def test_data_center_urls_need_no_login(soap: SoapClient) -> None:
    answer = soap.service.getDataCenterUrls("SANDBOX_SB1").body.getDataCenterUrlsResult
    assert soap.base.startswith(answer.dataCenterUrls.webservicesDomain)
    refused = soap.service.getDataCenterUrls("").body.getDataCenterUrlsResult
    assert refused.status.statusDetail[0].code == "DATA_REQD"


def test_too_many_records_in_one_call_are_refused(shop: Shop) -> None:
    records = [shop.soap.record("customer", companyName="x") for _ in range(201)]
    with pytest.raises(Fault) as caught:
        shop.soap.call("addList", records)
    assert _code(caught.value) == "MAX_RCRDS_EXCEEDED"
    with pytest.raises(Fault):
        shop.soap.call("upsertList", records[:101])


def test_calls_over_the_concurrency_limit_are_blocked(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(concurrency=2, overhead=0.5)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            soap.call("getServerTime")
            outcomes.append("answered")
        except Fault as fault:
            outcomes.append(f"{_code(fault)} {fault.message}")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    blocked = "WS_REQUEST_BLOCKED SuiteTalk concurrent request limit exceeded. Request blocked."
    assert sorted(outcomes) == [blocked, "answered", "answered"]


def test_calls_overlap_and_take_their_time(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(concurrency=5, overhead=0.3)
    threads = [threading.Thread(target=soap.call, args=("getServerTime",)) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.3 <= time.monotonic() - began < 0.9


def _outcomes(shop: Shop, customers: list[int]) -> list[str]:
    """What becomes of one invoice for each customer, all at the same time."""
    outcomes: list[str] = []

    def bill(customer: int) -> None:
        try:
            shop.invoice("10.00", entity=shop.soap.ref(customer))
            outcomes.append("saved")
        except NetSuiteRefused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=bill, args=(customer,)) for customer in customers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_parallel_writes_for_one_customer_collide(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(overhead=0.3)
    shop = Shop(soap, soap.world.netsuite)
    assert _outcomes(shop, [shop.customer, shop.customer]) == ["RCRD_HAS_BEEN_CHANGED", "saved"]
    other = shop.new_customer("Other")
    assert _outcomes(shop, [shop.customer, other]) == ["saved", "saved"]


def test_a_list_for_one_customer_does_not_collide_with_itself(
    open_netsuite: Callable[..., SoapClient],
) -> None:
    soap = open_netsuite(per_record=0.01)
    shop = Shop(soap, soap.world.netsuite)
    answers = soap.add_list([shop.invoice_record("1.00") for _ in range(3)])
    assert [each.status.isSuccess for each in answers] == [True, True, True]


def test_a_busy_netsuite_blocks_a_share_of_calls(soap: SoapClient) -> None:
    soap.world.set_faults("busy:1")
    assert _code(_fault(soap)) == "WS_REQUEST_BLOCKED"


def test_an_answer_can_be_lost_after_saving(shop: Shop) -> None:
    shop.soap.world.set_faults("lost:2")
    shop.invoice("10.00", externalId="in_1")
    with pytest.raises(requests.ConnectionError):
        shop.invoice("20.00", externalId="in_2")
    assert shop.soap.get("invoice", external_id="in_2")["total"] == 20.0


def test_an_answer_can_be_lost_before_saving(shop: Shop) -> None:
    shop.soap.world.set_faults("lost-before:1")
    with pytest.raises(requests.ConnectionError):
        shop.invoice("20.00", externalId="in_2")
    with pytest.raises(NetSuiteRefused, match="INVALID_KEY_OR_REF"):
        shop.soap.get("invoice", external_id="in_2")
    assert shop.invoice("20.00", externalId="in_2")


def test_errors_and_maintenance_come_when_asked_for(soap: SoapClient) -> None:
    soap.world.set_faults("error:2,maintenance:1")
    answer = requests.post(f"{soap.base}/services/NetSuitePort_2025_2", data=b"", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    soap.call("getServerTime")
    fault = _fault(soap)
    assert _code(fault) == "UNEXPECTED_ERROR"
    assert str(fault.message).startswith("An unexpected error occurred. Error ID: ")
    soap.call("getServerTime")


@pytest.mark.parametrize("spec", ["wrong:1", "busy:2", "lost:x", "slow:-1"])
def test_a_bad_fault_is_refused_with_the_lawful_names(spec: str) -> None:
    with pytest.raises(ValueError, match="busy, slow, lost, lost-before, error, maintenance, stripe-429"):
        Faults().set(spec)


def test_writes_are_counted(shop: Shop) -> None:
    before = shop.netsuite.writes
    shop.invoice("1.00")
    shop.soap.call("getServerTime")
    assert shop.netsuite.writes == before + 1
    assert shop.netsuite.calls["getServerTime"] == 1
    assert shop.netsuite.books()["writes"] == shop.netsuite.writes


def test_reset_empties_the_books_and_keeps_the_keys(shop: Shop) -> None:
    shop.invoice("1.00")
    before = shop.netsuite.settings()
    shop.netsuite.reset()
    assert shop.netsuite.books()["records"] == []
    assert shop.netsuite.settings() == before
    assert shop.new_customer("Acme Ltd") == shop.customer


def test_governance_tells_the_limit(soap: SoapClient) -> None:
    account = soap.call("getAccountGovernanceInfo").getAccountGovernanceInfoResult
    integration = soap.call("getIntegrationGovernanceInfo").getIntegrationGovernanceInfoResult
    assert (account.accountConcurrencyLimit, integration.integrationConcurrencyLimit) == (5, 5)


def _post(soap: SoapClient, body: str) -> requests.Response:
    envelope = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>'
    return requests.post(f"{soap.base}/services/NetSuitePort_2025_2", data=envelope.encode(), timeout=5)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<getServerTime>\x01</getServerTime>", "An invalid XML character (Unicode: 0x1)"),
        ("<getServerTime>&#2;</getServerTime>", "An invalid XML character (Unicode: 0x2)"),
        ("<getServerTime>", "SAXParseException"),
        ("<launchRocket/>", "launchRocket"),
        ("", "Bad envelope tag"),
        ("<search><pageIndex>1</pageIndex></search>", "Invalid element in SearchRequest - pageIndex"),
        ("<searchMoreWithId><pageIndex>one</pageIndex></searchMoreWithId>", "NumberFormatException"),
    ],
)
def test_what_netsuite_cannot_read_is_a_fault(
    body: str, words: str, open_netsuite: Callable[..., SoapClient]
) -> None:
    answer = _post(open_netsuite(lawful=False), body)
    assert answer.status_code == 500
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_an_unsigned_call_is_refused(open_netsuite: Callable[..., SoapClient]) -> None:
    answer = _post(open_netsuite(lawful=False), "<getServerTime/>")
    assert (answer.status_code, "Invalid login attempt." in answer.text) == (500, True)


def test_slow_calls_still_answer(soap: SoapClient) -> None:
    soap.world.set_faults("slow:0.3")
    began = time.monotonic()
    soap.call("getServerTime")
    assert time.monotonic() - began >= 0.3


def test_a_hundred_invoices_are_booked_in_half_a_second(open_netsuite: Callable[..., SoapClient]) -> None:
    soap = open_netsuite(lawful=False)
    shop = Shop(soap, soap.world.netsuite)
    records = [shop.invoice_record("10.00", externalId=f"in_{number}") for number in range(100)]
    began = time.process_time()
    answers = shop.soap.call("addList", records).writeResponseList.writeResponse
    assert time.process_time() - began < 0.5
    assert all(each.status.isSuccess for each in answers)
    assert Decimal(shop.balances()["Income"]) == Decimal("-1000.00")
