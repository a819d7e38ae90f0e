"""Every refusal of NetSuite becomes the right verdict, read from a real SOAP answer."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from connector.errors import AnswerLost, NeedsAttention, NotThere, RetryLater, UnknownAnswer, Verdict
from connector.netsuite.errors import HTTP_ROWS, ROWS, Refusal
from connector.netsuite.soap import SoapGateway
from tests.netsuite import samples
from tests.netsuite.refusals import FAULTS, STATUSES
from tests.netsuite.schemas import assert_valid
from tests.netsuite.wire import OK, RESET, OpenSlots, Raw, Stub, fault, not_saved, refused, soap

HTML = "<html><body>We are down for maintenance.</body></html>"


@pytest.mark.parametrize(("code", "words", "failure", "verdict"), STATUSES)
def test_a_records_refusal_becomes_its_verdict(
    door: SoapGateway, netsuite: Stub, code: str, words: str, failure: str, verdict: type[Verdict]
) -> None:
    netsuite.answers.append(soap("add", not_saved(code, escape(words))))
    with pytest.raises(Verdict) as refusal:
        door.create(samples.INVOICE)
    assert type(refusal.value) is verdict
    assert refusal.value.code == failure
    assert code in refusal.value.message
    assert " ".join(words.split()) in refusal.value.message


@pytest.mark.parametrize(("name", "code", "words", "failure", "verdict"), FAULTS)
@pytest.mark.parametrize("status", [500, 200])
def test_a_fault_becomes_its_verdict_whatever_the_http_status(
    door: SoapGateway,
    netsuite: Stub,
    name: str,
    code: str,
    words: str,
    failure: str,
    verdict: type[Verdict],
    status: int,
) -> None:
    netsuite.answers.append(fault(name, code, escape(words), status))
    with pytest.raises(Verdict) as refusal:
        door.create_many([samples.INVOICE])
    assert type(refusal.value) is verdict
    assert refusal.value.code == failure


def test_no_row_of_the_table_is_without_an_example() -> None:
    examples = [Refusal(code, words) for code, words, _, _ in STATUSES]
    examples += [Refusal(code, words, name) for name, code, words, _, _ in FAULTS]
    fitting = {next((row for row in ROWS if row.fits(example)), None) for example in examples}
    unproven = [row for row in ROWS if row not in fitting]
    assert unproven == []


def test_our_examples_of_faults_and_statuses_are_lawful_answers() -> None:
    for code, words, *_ in STATUSES:
        if code in ("A_NEW_CODE", "SSS_REQUEST_LIMIT_EXCEEDED"):
            continue  # not NetSuite's, on purpose
        assert_valid(soap("add", not_saved(code, escape(words))).body)


@pytest.mark.rule("ER-1", "ER-2", "ER-3", "ER-4", "ER-5")
def test_the_documented_errors_keep_their_particulars(door: SoapGateway, netsuite: Stub) -> None:
    apply_key = "[doc,line] and value: [12345,null]."
    documented = {
        f"Unable to find a matching line for sub-list apply with key: {apply_key}": "12345",
        "Please enter values for: Department.": "Department",
        "You have entered an Invalid Field Value 17 for the following field: location": "location",
        "Invalid record referenced in metadata key netsuite_metadata_id (012345).": "012345",
        "Charge amount 100.0 is different than the amount due on the corresponding invoice. Transaction"
        " ID:INV12345 (ID 1234567) amount due: 99.0.": "INV12345",
    }
    netsuite.answers.extend(soap("add", not_saved("USER_ERROR", words)) for words in documented)
    for particular in documented.values():
        with pytest.raises(NeedsAttention, match=particular):
            door.create(samples.INVOICE)


def test_an_internal_error_of_netsuite_is_only_a_reason_to_read_again(
    door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(
        fault("unexpectedErrorFault", "UNEXPECTED_ERROR", "An unexpected error occurred.")
    )
    with pytest.raises(RetryLater) as refusal:
        door.get("invoice", "1")
    assert refusal.value.code == "netsuite_internal_error"


# Between us and NetSuite

ON_THE_WIRE = [
    ("maintenance page", Raw(HTML, 503, "text/html"), RetryLater, RetryLater, "netsuite_unavailable"),
    ("too many requests", Raw("", 429), RetryLater, RetryLater, "netsuite_busy"),
    ("bad gateway", Raw(HTML, 502, "text/html"), AnswerLost, RetryLater, "netsuite_internal_error"),
    ("gateway timeout", Raw(HTML, 504, "text/html"), AnswerLost, RetryLater, "netsuite_internal_error"),
    ("plain 500", Raw("oops", 500), AnswerLost, RetryLater, "netsuite_internal_error"),
    ("request timeout", Raw("", 408), AnswerLost, RetryLater, "netsuite_unavailable"),
    ("page instead of an answer", Raw(HTML), AnswerLost, RetryLater, "netsuite_answer_unreadable"),
    ("empty answer", Raw(""), AnswerLost, RetryLater, "netsuite_answer_unreadable"),
    (
        "half an answer",
        Raw(soap("add", "<a>").body[:-30]),
        AnswerLost,
        RetryLater,
        "netsuite_answer_unreadable",
    ),
    ("dropped in the answer", Raw(HTML, cut=10), AnswerLost, RetryLater, "netsuite_no_answer"),
    ("dropped before the answer", RESET, AnswerLost, RetryLater, "netsuite_no_answer"),
    ("too slow", Raw(HTML, delay=1.3), AnswerLost, RetryLater, "netsuite_no_answer"),
    ("answer to another question", soap("delete", ""), AnswerLost, RetryLater, "netsuite_no_answer"),
    ("redirect", Raw("", 302), NeedsAttention, NeedsAttention, "netsuite_address_wrong"),
    ("not found", Raw(HTML, 404, "text/html"), NeedsAttention, NeedsAttention, "netsuite_address_wrong"),
    (
        "forbidden",
        Raw(HTML, 403, "text/html"),
        NeedsAttention,
        NeedsAttention,
        "netsuite_credentials_refused",
    ),
    ("gone", Raw("", 410), NeedsAttention, NeedsAttention, "netsuite_version_retired"),
    ("too large", Raw("", 413), UnknownAnswer, UnknownAnswer, "request_too_large"),
    ("teapot", Raw("", 418), UnknownAnswer, UnknownAnswer, "netsuite_unknown_error"),
]


@pytest.mark.parametrize(
    ("answer", "on_write", "on_read", "failure"),
    [row[1:] for row in ON_THE_WIRE],
    ids=[str(row[0]) for row in ON_THE_WIRE],
)
def test_an_answer_that_is_none_is_lost_for_a_write_and_asked_again_for_a_read(
    door: SoapGateway,
    netsuite: Stub,
    answer: Raw,
    on_write: type[Verdict],
    on_read: type[Verdict],
    failure: str,
) -> None:
    netsuite.answers.extend([answer, answer])
    with pytest.raises(Verdict) as written:
        door.create_many([samples.INVOICE])
    with pytest.raises(Verdict) as read:
        door.get("invoice", "1")
    assert (type(written.value), type(read.value)) == (on_write, on_read)
    assert written.value.code == ("netsuite_answer_lost" if on_write is AnswerLost else failure)
    assert read.value.code == failure


def test_every_http_row_has_an_example() -> None:
    statuses = {answer.status for _, answer, *_ in ON_THE_WIRE}
    for row in HTTP_ROWS:
        assert any(row.first <= status <= row.last for status in statuses), row


def test_a_write_that_never_left_is_tried_again(netsuite: Stub, door: SoapGateway) -> None:
    netsuite.answers.append(soap("add", not_saved("USER_ERROR", "x")))
    with pytest.raises(Verdict):
        door.create(samples.INVOICE)  # the WSDL is known now
    door._endpoint = "http://127.0.0.1:9/services"  # nobody listens there
    with pytest.raises(RetryLater) as refusal:
        door.create(samples.INVOICE)
    assert refusal.value.code == "netsuite_unreachable"


def test_a_missing_permission_is_never_taken_for_a_missing_record(door: SoapGateway, netsuite: Stub) -> None:
    def read(*responses: str) -> Raw:
        inside = "".join(f"<readResponse>{response}</readResponse>" for response in responses)
        return soap("getList", f"<readResponseList>{OK}{inside}</readResponseList>")

    gone = refused("RCRD_DSNT_EXIST", "That record does not exist.")
    unknown = refused("INVALID_KEY_OR_REF", "The specified key is invalid.")
    hidden = refused("INSUFFICIENT_PERMISSION", "Permission Violation")
    netsuite.answers.extend([read(gone, unknown), read(gone), read(gone, hidden)])
    assert door.find("invoice", ["in_1", "in_2"]) == {}
    with pytest.raises(NotThere):
        door.get("invoice", "1")
    with pytest.raises(NeedsAttention) as refusal:
        door.find("invoice", ["in_1", "in_2"])
    assert refusal.value.code == "permission_missing"


def test_changing_a_record_that_is_gone_says_that_it_is_gone(door: SoapGateway, netsuite: Stub) -> None:
    netsuite.answers.append(soap("update", not_saved("RCRD_DSNT_EXIST", "That record does not exist.")))
    with pytest.raises(NotThere):
        door.update("invoice", "9", {"memo": "x"})


def test_only_a_busy_answer_shrinks_the_slots(door: SoapGateway, netsuite: Stub, slots: OpenSlots) -> None:
    busy = fault("exceededConcurrentRequestLimitFault", "WS_REQUEST_BLOCKED", "Request blocked.")
    netsuite.answers.extend([busy, soap("add", not_saved("DUP_RCRD", "This record already exists")), RESET])
    for _ in range(3):
        with pytest.raises(Verdict):
            door.create(samples.INVOICE)
    assert slots.reports == [True, False, False]
    assert slots.taken == 3
