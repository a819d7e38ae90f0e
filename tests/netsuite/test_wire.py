"""Each request signs for itself, keeps its secrets, and shares nothing with another but the connection."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from connector.errors import AnswerLost, NeedsAttention
from connector.netsuite.gateway import Created, Credentials, Exchange
from connector.netsuite.soap import SoapGateway
from connector.netsuite.soap.passport import signature
from tests.netsuite import samples
from tests.netsuite.schemas import assert_valid
from tests.netsuite.wire import RESET, OpenSlots, Raw, Stub, added, fault, saved, soap

# Made with `openssl dgst -sha256 -hmac "cs&ts" -binary | base64` over
# "TSTDRV1_SB1&ck&tk&6obMKq0tmY8ylVOdEkA1&1439829974".
KNOWN = "roBjJQXSeepFmaBflwkWGdNQ3DtUf9f+muZKr8lqDZc="


def passport(request: bytes) -> dict[str, str]:
    """The token passport of a request."""
    element = next(etree.fromstring(request).iter("{*}tokenPassport"))
    return {etree.QName(part).localname: part.text or "" for part in element}


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    keys = Credentials("tstdrv1-sb1", "ck", "cs", "tk", "ts")
    assert signature(keys, "6obMKq0tmY8ylVOdEkA1", 1439829974) == KNOWN


def test_a_signature_holds_for_the_request_that_carries_it(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(soap("add", saved("1")))
    door.create(samples.INVOICE)
    sent = passport(netsuite.requests[0])
    assert sent["account"] == "1234567_SB1"
    assert re.fullmatch("[0-9A-Za-z]{6,64}", sent["nonce"])
    message = "&".join(sent[name] for name in ("account", "consumerKey", "token", "nonce", "timestamp"))
    assert base64.b64decode(sent["signature"]) == _hmac_sha256("consumer-secret&token-secret", message)


def _hmac_sha256(key: str, message: str) -> bytes:
    """HMAC by its definition (RFC 2104), so that our own call is not its own witness."""
    block = key.encode().ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message.encode()).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def test_no_nonce_is_used_twice_and_nothing_is_sent_again_by_itself(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.extend([RESET, soap("add", saved("1")), soap("add", saved("2"))])
    with pytest.raises(AnswerLost):
        door.create(samples.INVOICE)
    assert len(netsuite.requests) == 1
    door.create(samples.INVOICE)
    door.create(samples.INVOICE)
    assert len({passport(request)["nonce"] for request in netsuite.requests}) == 3


def test_connections_are_reused_and_cookies_are_not(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.peers.clear()
    netsuite.answers.extend(soap("add", saved(str(n))) for n in range(1, 6))
    for _ in range(5):
        door.create(samples.INVOICE)
    assert len(netsuite.peers) == 1
    assert netsuite.cookies == [""] * 5


def test_what_was_said_is_told_without_secrets(
    door: SoapGateway, netsuite: Stub, exchanges: list[Exchange], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = soap("add", saved("42"))
    netsuite.answers.extend([answer, RESET, Raw("busy", 429)])
    door.create(samples.INVOICE)
    for _ in range(2):
        with pytest.raises(Exception) as lost:  # noqa: PT011
            door.create(samples.INVOICE)
        caplog.records.append(logging.makeLogRecord({"msg": repr(lost.value) + repr(lost.value.__context__)}))
    assert [(exchange.operation, exchange.status, exchange.response) for exchange in exchanges] == [
        ("add", 200, answer.body),
        ("add", None, ""),
        ("add", 429, "busy"),
    ]
    assert exchanges[0].seconds > 0
    assert "in_1" in exchanges[0].request
    assert_valid(exchanges[0].request)
    told = repr(exchanges) + caplog.text + repr(netsuite.credentials())
    for secret in ("consumer-key", "consumer-secret", "token-id", "token-secret"):
        assert secret not in told
    assert "tokenPassport" not in told
    assert passport(netsuite.requests[0])["signature"] not in told


def test_an_archive_that_fails_does_not_lose_a_saved_record(
    netsuite: Stub, wsdl_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Exchange) -> None:
        raise OSError("disk full")

    door = SoapGateway(
        netsuite.credentials(), cache_directory=wsdl_directory, slots=OpenSlots(), on_exchange=broken
    )
    netsuite.answers.append(soap("add", saved("42")))
    assert door.create(samples.INVOICE) == Created("42")
    assert "could not be kept" in caplog.text


def test_threads_share_one_door(door: SoapGateway, netsuite: Stub) -> None:
    def echo(request: etree._Element) -> Raw:
        numbers = [str(record.get("externalId")).removeprefix("in_") for record in request.iter("{*}record")]
        return added(*(saved(number) for number in numbers))

    def write(number: int) -> list[object]:
        records = [replace(samples.INVOICE, external_id=f"in_{number}{n}") for n in (1, 2, 3)]
        return [getattr(outcome, "internal_id", outcome) for outcome in door.create_many(records)]

    netsuite.answers.extend([echo] * 40)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(1, 41)))
    assert answers == [[f"{number}{n}" for n in (1, 2, 3)] for number in range(1, 41)]
    nonces = {passport(request)["nonce"] for request in netsuite.requests}
    assert len(nonces) == 40


FORKED = """
import os, sys
from pathlib import Path
from connector.netsuite.gateway import Credentials
from connector.netsuite.soap import SoapGateway
from tests.netsuite.wire import OpenSlots
keys = Credentials("1", "a", "b", "c", "d", base_url=sys.argv[1], version="2023_2")
door = SoapGateway(keys, cache_directory=Path(sys.argv[2]), slots=OpenSlots())
door.fetch_server_time()
child = os.fork()
door.fetch_server_time()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_worker_opens_its_own_connection(netsuite: Stub, wsdl_directory: Path) -> None:
    now = (
        '<platformCore:getServerTimeResult><platformCore:status isSuccess="true"/>'
        "<platformCore:serverTime>2026-11-20T17:00:00-08:00</platformCore:serverTime>"
        "</platformCore:getServerTimeResult>"
    )
    netsuite.answers.extend([soap("getServerTime", now)] * 3)
    netsuite.peers.clear()
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", FORKED, netsuite.url, str(wsdl_directory)]
    subprocess.run(command, cwd=root, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(root)})
    assert len(netsuite.peers) == 2


def test_a_slot_is_held_for_the_request_and_no_longer(netsuite: Stub, wsdl_directory: Path) -> None:
    held = threading.Event()
    seen: list[bool] = []

    class Watched(OpenSlots):
        @contextmanager
        def take(self) -> Iterator[None]:
            held.set()
            yield
            held.clear()

    door = SoapGateway(
        netsuite.credentials(),
        cache_directory=wsdl_directory,
        slots=Watched(),
        on_exchange=lambda _: seen.append(held.is_set()),
    )

    def answer(_: etree._Element) -> Raw:
        seen.append(held.is_set())
        return fault("invalidCredentialsFault", "INVALID_LOGIN_ATTEMPT", "Invalid login attempt.")

    netsuite.answers.append(answer)
    with pytest.raises(NeedsAttention):
        door.create(samples.INVOICE)
    assert seen == [True, False]


@pytest.mark.parametrize(
    ("account_id", "account", "base"),
    [
        ("1234567", "1234567", "https://1234567.suitetalk.api.netsuite.com"),
        ("1234567_SB1", "1234567_SB1", "https://1234567-sb1.suitetalk.api.netsuite.com"),
        (" tstdrv123-sb1 ", "TSTDRV123_SB1", "https://tstdrv123-sb1.suitetalk.api.netsuite.com"),
    ],
)
def test_an_account_id_has_one_form_to_sign_and_one_to_call(account_id: str, account: str, base: str) -> None:
    keys = Credentials(account_id, "a", "b", "c", "d")
    assert (keys.account, keys.base) == (account, base)


def test_an_address_that_is_none_is_a_persons_to_mend(wsdl_directory: Path, netsuite: Stub) -> None:
    door = SoapGateway(netsuite.credentials(), cache_directory=wsdl_directory, slots=OpenSlots())
    netsuite.answers.append(soap("add", saved("1")))
    door.create(samples.INVOICE)
    door._endpoint = "nonsense"
    with pytest.raises(NeedsAttention) as refusal:
        door.create(samples.INVOICE)
    assert refusal.value.code == "netsuite_address_wrong"
