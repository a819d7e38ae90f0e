"""Stripe's errors: every row of the closed table by a real answer, and nothing taken for another."""

from __future__ import annotations

import traceback

import pytest
import stripe

from connector.errors import NeedsAttention, NotThere, RetryLater, UnknownAnswer, Verdict
from connector.stripe.client import TRIES, Client
from connector.stripe.errors import TABLE, verdict
from tests.stripe.stub import Answer, Stub, refusal

KEY = "sk_test_51SecretSecretSecret"
INVALID = "invalid_request_error"
BY_ROW = (
    (refusal(429, INVALID, code="rate_limit"), RetryLater, "stripe_busy"),
    (Answer(hang_up=True), RetryLater, "stripe_unavailable"),
    (refusal(401, INVALID), NeedsAttention, "stripe_key_refused"),
    (refusal(403, INVALID), NeedsAttention, "stripe_permission_missing"),
    (refusal(404, INVALID, code="resource_missing"), NotThere, "stripe_object_missing"),
    (refusal(400, INVALID, code="lock_timeout"), RetryLater, "stripe_busy"),
    (refusal(400, INVALID, code="url_invalid"), NeedsAttention, "stripe_url_refused"),
    (refusal(500, "api_error"), RetryLater, "stripe_unavailable"),
)
"""One answer for each row of the table, in its order."""


def outcome(stub: Stub, *answers: Answer) -> Verdict:
    """The verdict on what Stripe answers."""
    stub.will_answer(*answers)
    with pytest.raises(Verdict) as caught:
        Client(KEY, api_base=stub.url).fetch_customer("cus_1")
    return caught.value


@pytest.mark.parametrize("number", range(len(BY_ROW)))
def test_each_row_is_met_by_a_real_answer(stub: Stub, number: int) -> None:
    answer, kind, code = BY_ROW[number]
    found = outcome(stub, answer)
    assert (type(found), found.code) == (kind, code)
    assert len(stub.paths) == (TRIES if kind is RetryLater else 1)


def test_every_row_of_the_table_has_its_answer_here() -> None:
    assert [(kind, code) for _, kind, code in BY_ROW] == [(row.verdict, row.failure) for row in TABLE]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refusal(429, INVALID, code="lock_timeout"), RetryLater, "stripe_busy"),
        (refusal(409, "api_error"), RetryLater, "stripe_unavailable"),
        (refusal(502, "api_error"), RetryLater, "stripe_unavailable"),
        (Answer(503, "<html>Down for maintenance</html>"), RetryLater, "stripe_unavailable"),
        (Answer(200, "<html>Sign in to this network</html>"), RetryLater, "stripe_unavailable"),
    ],
)
def test_other_passing_troubles_are_waited_out_too(
    stub: Stub, answer: Answer, kind: type[Verdict], code: str
) -> None:
    found = outcome(stub, answer)
    assert (type(found), found.code) == (kind, code)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(400, INVALID, code="parameter_unknown"),
        refusal(404, INVALID, "Unrecognized request URL"),
        refusal(402, "card_error", code="card_declined"),
        refusal(400, "idempotency_error"),
    ],
)
def test_what_the_table_does_not_know_is_loud_and_not_tried_again(stub: Stub, answer: Answer) -> None:
    found = outcome(stub, answer)
    assert (type(found), found.code) == (UnknownAnswer, "stripe_unknown_error")
    assert len(stub.paths) == 1


def test_an_unknown_answer_says_its_class_its_code_and_its_words(stub: Stub) -> None:
    found = outcome(stub, refusal(400, INVALID, "Unknown parameter: x", code="parameter_unknown"))
    assert found.message == "InvalidRequestError parameter_unknown: Unknown parameter: x"


def test_a_new_subclass_of_a_known_error_is_not_taken_for_it() -> None:
    class Newer(stripe.RateLimitError):
        """Something that a later library may raise."""

    assert type(verdict(Newer("Slow down."))) is UnknownAnswer
    assert type(verdict(stripe.RateLimitError("Slow down."))) is RetryLater


def test_stripes_own_words_reach_the_person(stub: Stub) -> None:
    found = outcome(stub, refusal(403, INVALID, "The key lacks the permission rak_customer_read."))
    assert found.message == "The key lacks the permission rak_customer_read."


def test_an_error_without_words_is_called_by_its_class() -> None:
    assert verdict(stripe.RateLimitError()).message == "RateLimitError"


def test_a_page_of_html_does_not_become_a_message_of_that_length(stub: Stub) -> None:
    assert len(outcome(stub, Answer(503, "<p>" * 50_000)).message) <= 1_000


@pytest.mark.parametrize(
    "answer",
    [
        refusal(401, INVALID, f"Invalid API Key provided: {KEY}"),
        refusal(400, INVALID, f"What is {KEY}?"),
        Answer(500, f"Bearer {KEY}"),
        Answer(hang_up=True),
    ],
    ids=["refused", "unknown", "no JSON", "hung up"],
)
def test_the_key_is_in_no_text_of_an_exception(stub: Stub, answer: Answer) -> None:
    found = outcome(stub, answer)
    assert KEY not in "".join(traceback.format_exception(found))
    assert KEY not in f"{found} {found!r} {found.args} {found.message}"


@pytest.mark.parametrize("key", ["sk_live_abc123", "rk_test_abc123", "rk_live_abc123", "sk_test_abc_123"])
def test_any_kind_of_key_in_a_message_is_masked(key: str) -> None:
    found = verdict(stripe.AuthenticationError(f"Expired API Key provided: {key}."))
    assert found.message == f"Expired API Key provided: {key[:8]}…."


def test_nobody_at_the_address_is_a_passing_trouble() -> None:
    with pytest.raises(RetryLater) as caught:
        Client(KEY, api_base="http://127.0.0.1:9").fetch_customer("cus_1")
    assert caught.value.code == "stripe_unavailable"
