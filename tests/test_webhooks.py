"""The door for Stripe's messages: who is let in, who is turned away, and what either leaves behind."""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.models import Event, Job, RefusedWebhook, StripeAccount
from tests.crowd import at_once
from tests.factories import MappedRecordFactory, StripeAccountFactory
from tests.full_disk import no_room_for_events
from tests.rings import rings
from tests.signed import SECRET, event, packed, post, signature

OLD_SECRET = "whsec_before_the_rotation"
TAKEN, TAKEN_BEFORE = {"received": True}, {"received": True, "duplicate": True}

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def make_account() -> StripeAccount:
    return StripeAccountFactory.create(
        name="acme", stripe_api_key="rk_test_throwaway", stripe_webhook_secret=SECRET
    )


@pytest.fixture
def acme() -> StripeAccount:
    return make_account()


def rows() -> dict[str, int]:
    """How many rows each table holds, the counter of refusals apart."""
    kept = [model for model in apps.get_models() if model is not RefusedWebhook]
    return {model._meta.label: model._default_manager.count() for model in kept}


def refusals() -> dict[str, int]:
    return dict(RefusedWebhook.objects.values_list("reason", "count"))


def let_in(answer: tuple[int, Any]) -> None:
    assert answer == (HTTPStatus.OK, TAKEN)


# Let in


def test_a_well_signed_event_is_kept_and_rung_for(acme: StripeAccount) -> None:
    let_in(post(packed(event())))
    kept = Event.objects.get()
    assert (kept.account, kept.body) == (acme, event())
    assert rings() == [kept.job_id]
    assert refusals() == {}


def test_both_secrets_are_good_during_a_rotation_and_the_old_one_not_after_it(acme: StripeAccount) -> None:
    acme.stripe_webhook_secret_previous = OLD_SECRET
    acme.save()
    for number, secret in enumerate([SECRET, OLD_SECRET]):
        body = packed(event(number=number))
        let_in(post(body, header=signature(body, secret)))
    acme.stripe_webhook_secret_previous = ""
    acme.save()
    body = packed(event(number=3))
    assert post(body, header=signature(body, OLD_SECRET))[0] == HTTPStatus.BAD_REQUEST


def test_a_header_that_carries_signatures_of_two_secrets_is_good(acme: StripeAccount) -> None:
    body = packed(event())
    other = signature(body, "whsec_of_somebody_else").split(",")[1]
    stamp, good, *rest = signature(body).split(",")
    let_in(post(body, header=",".join([stamp, other, good, *rest])))


def test_a_message_is_good_until_its_tolerance_ends(acme: StripeAccount) -> None:
    body = packed(event())
    let_in(post(body, header=signature(body, age=290)))


def test_the_signature_holds_for_the_bytes_as_they_came_not_for_what_they_mean(acme: StripeAccount) -> None:
    body = packed(event())
    compact = json.dumps(event()).encode()
    assert post(compact, header=signature(body))[0] == HTTPStatus.BAD_REQUEST
    let_in(post(compact))


def test_text_in_any_script_is_kept_as_it_came(acme: StripeAccount) -> None:
    thing = {"id": "in_1", "object": "invoice", "description": "Ünïcode – 請求書 – 🧾"}
    let_in(post(json.dumps(event(thing=thing), ensure_ascii=False).encode()))
    assert Event.objects.get().body["data"]["object"] == thing


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"], ids=["NUL", "half a character"])
def test_what_the_database_cannot_hold_in_a_text_does_not_keep_the_event_out(
    acme: StripeAccount, text: str
) -> None:
    thing = {"id": "in_1", "object": "invoice", "description": "TEXT", "lines": [{"TEXT": "é\\u00e9"}]}
    let_in(post(packed(event(thing=thing)).replace(b"TEXT", text.encode())))
    Event.objects.get()
    assert Job.objects.get().subject == "in_1"


def test_a_live_event_is_taken_by_a_live_account(acme: StripeAccount) -> None:
    acme.stripe_api_key = "sk_live_throwaway"
    acme.save()
    let_in(post(packed(event(livemode=True))))


def test_an_event_that_books_nothing_is_kept_without_a_job(acme: StripeAccount) -> None:
    let_in(post(packed(event("customer.updated", {"id": "cus_1", "object": "customer"}))))
    assert Event.objects.get().job is None
    assert rings() == []


def test_an_event_without_an_object_id_is_kept(acme: StripeAccount) -> None:
    let_in(post(packed(event("balance.available", {"object": "balance"}))))
    assert Event.objects.get().object_id == ""


# Sent again


def test_a_duplicate_is_answered_well_and_counted(acme: StripeAccount) -> None:
    body = packed(event())
    answers = [post(body) for _ in range(3)]
    assert answers == [(200, TAKEN), (200, TAKEN_BEFORE), (200, TAKEN_BEFORE)]
    assert Event.objects.get().duplicates == 2
    assert Job.objects.count() == len(rings()) == 1
    assert refusals() == {}


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_sixteen_threads_at_once_is_one_event_and_one_job() -> None:
    make_account()
    body = packed(event())
    answers = at_once(*[partial(post, body)] * 16)
    assert sorted(answers, key=str) == [(200, TAKEN_BEFORE)] * 15 + [(200, TAKEN)]
    assert Event.objects.get().duplicates == 15
    assert rings() == [Job.objects.get().pk]


# Turned away

SMALL = packed(event())
WRONG_SIGNATURES = {
    "altered body": signature(SMALL.replace(b"in_1", b"in_2")),
    "wrong secret": signature(SMALL, "whsec_of_somebody_else"),
    "no header": "",
    "no signature": "t=1795176720",
    "no time": "v1=" + "0" * 64,
    "old scheme": signature(SMALL).replace("v1=", "v0="),
    "noise": "t=now,v1=yes,,,=",
    "not a number": "t=1e9,v1=" + "0" * 64,
    "letters beyond ASCII": f"t=1795176720,v1={'é' * 64}",
}


@pytest.mark.parametrize("header", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_message_without_a_good_signature_is_turned_away(acme: StripeAccount, header: str) -> None:
    before = rows()
    status, answer = post(SMALL, header=header)
    assert (status, answer) == (400, {"error": "The signature does not match the message."})
    assert rows() == before
    assert refusals() == {"bad_signature": 1}


def test_a_message_without_any_signature_header_is_turned_away(acme: StripeAccount) -> None:
    answer = Client().post("/webhooks/stripe/acme/", SMALL, content_type="application/json")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert refusals() == {"bad_signature": 1}


def test_bytes_that_are_no_text_are_turned_away(acme: StripeAccount) -> None:
    assert post(b"\xff\xfe\x00")[0] == HTTPStatus.BAD_REQUEST
    assert refusals() == {"bad_signature": 1}


def test_a_message_with_an_old_signature_is_turned_away(acme: StripeAccount) -> None:
    before = rows()
    assert post(SMALL, header=signature(SMALL, age=310)) == (400, {"error": "The signature is too old."})
    assert rows() == before
    assert refusals() == {"stale": 1}


NO_EVENTS = {
    "nothing": b"",
    "no JSON": b"hello",
    "a list": b"[]",
    "a string": b'"evt_1"',
    "a number": b"7",
    "null": b"null",
    "another object": packed({"id": "in_1", "object": "invoice"}),
    "no type": packed({key: value for key, value in event().items() if key != "type"}),
    "an id that is no text": packed(event() | {"id": 7}),
    "a time that is no number": packed(event() | {"created": "today"}),
    "an object that is a list": packed(event() | {"data": {"object": ["id"]}}),
    "no object": packed(event() | {"data": {}}),
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", NO_EVENTS.values(), ids=NO_EVENTS)
def test_a_well_signed_message_that_is_no_event_is_turned_away(acme: StripeAccount, body: bytes) -> None:
    before = rows()
    assert post(body) == (400, {"error": "The message is not an event of Stripe."})
    assert rows() == before
    assert refusals() == {"not_an_event": 1}


def test_a_huge_message_is_turned_away_by_its_announced_length(acme: StripeAccount, settings: Any) -> None:
    settings.WEBHOOK_MAX_BYTES = len(SMALL)
    let_in(post(SMALL))
    before = rows()
    status, answer = post(SMALL + b" ")
    assert (status, refusals()) == (413, {"too_large": 1})
    assert f"larger than {len(SMALL)} bytes" in answer["error"]
    assert rows() == before


@pytest.mark.parametrize("announced", ["", "abc", "-5", "²"])
def test_a_huge_message_of_unannounced_length_is_never_kept(
    acme: StripeAccount, settings: Any, announced: str
) -> None:
    settings.WEBHOOK_MAX_BYTES = len(SMALL) - 1
    before = rows()
    status, _ = post(SMALL, CONTENT_LENGTH=announced)
    assert status in (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    assert rows() == before
    assert sum(refusals().values()) == 1


def test_an_unknown_account_is_not_found(acme: StripeAccount) -> None:
    before = rows()
    assert post(SMALL, "globex") == (404, {"error": "There is no account of this name."})
    assert rows() == before
    assert refusals() == {"unknown_account": 1}


def test_an_account_without_a_signing_secret_asks_stripe_to_come_back(acme: StripeAccount) -> None:
    acme.stripe_webhook_secret = ""
    acme.save()
    before = rows()
    status, answer = post(SMALL, header=signature(SMALL, " "))
    assert (status, answer) == (503, {"error": "This account has no webhook signing secret yet."})
    assert rows() == before
    assert refusals() == {"no_signing_secret": 1}


@pytest.mark.parametrize("livemode", [True, False], ids=["live event", "test event"])
def test_an_event_of_the_other_mode_is_turned_away(acme: StripeAccount, livemode: bool) -> None:
    acme.stripe_api_key = "rk_test_throwaway" if livemode else "rk_live_throwaway"
    acme.save()
    before = rows()
    status, answer = post(packed(event(livemode=livemode)))
    assert status == HTTPStatus.BAD_REQUEST
    assert "live mode" in answer["error"]
    assert "test mode" in answer["error"]
    assert rows() == before
    assert refusals() == {"wrong_mode": 1}


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options"])
def test_only_posting_is_allowed(acme: StripeAccount, method: str) -> None:
    before = rows()
    answer = getattr(Client(), method)("/webhooks/stripe/acme/", headers={"Stripe-Signature": "t=1"})
    assert (answer.status_code, answer.headers["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "POST")
    assert rows() == before


def test_refusals_of_a_kind_are_one_row_that_counts(acme: StripeAccount) -> None:
    for _ in range(3):
        post(SMALL, "globex")
    post(SMALL, header="")
    assert refusals() == {"unknown_account": 3, "bad_signature": 1}


@pytest.mark.django_db(transaction=True)
def test_refusals_that_come_at_once_are_all_counted() -> None:
    assert {status for status, _ in at_once(*[partial(post, SMALL, "globex")] * 12)} == {404}
    assert refusals() == {"unknown_account": 12}


def test_no_answer_and_no_log_line_carries_a_secret(
    acme: StripeAccount, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [post(SMALL), post(SMALL, header="noise"), post(SMALL, header=signature(SMALL, age=900))]
    written = "".join([str(answers), caplog.text, *capsys.readouterr()])
    assert SECRET not in written
    assert "rk_test_throwaway" not in written


# Its price, and its failures


def test_a_new_event_costs_four_statements(acme: StripeAccount) -> None:
    with CaptureQueriesContext(connection) as asked:
        let_in(post(SMALL))
    spoken = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert [sql.split()[0] for sql in spoken] == ["SELECT", "INSERT", "INSERT", "INSERT"], spoken


def test_an_event_of_a_charge_costs_five_at_most(acme: StripeAccount) -> None:
    MappedRecordFactory.create(
        job__account=acme, job__status="successful", record_type="customerPayment", stripe_id="ch_1"
    )
    with CaptureQueriesContext(connection) as asked:
        let_in(post(packed(event("charge.updated", {"id": "ch_1", "object": "charge"}))))
    assert len([q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 5


def test_when_the_rows_cannot_be_written_stripe_is_told_to_come_back_and_nothing_is_kept(
    acme: StripeAccount,
) -> None:
    before = rows()
    with no_room_for_events():
        assert post(SMALL)[0] in (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
    assert rows() == before
    let_in(post(SMALL))
