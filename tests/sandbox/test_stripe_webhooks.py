"""Webhooks of the practice Stripe: signed, repeated, reordered, dropped, tried again."""

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
import stripe

from connector.sandbox import stories
from connector.sandbox.server import Server

INVOICE_EVENTS = ("invoice.created", "invoice.finalized", "invoice.paid")


class Receiver:
    """A webhook endpoint that keeps what it gets; `answers` are the next statuses, then always 200."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def events(self, secret: str) -> list[stripe.Event]:
        """The events received, each verified by Stripe's library."""
        return [stripe.Webhook.construct_event(body, header, secret) for body, header in self.got]

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Generator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def received(sandbox: Server, receiver: Receiver) -> list[stripe.Event]:
    """All that arrived once nothing is left to deliver."""
    assert sandbox.world.stripe.wait_delivered(15)
    return receiver.events(sandbox.world.stripe.webhook_secret)


def test_every_event_arrives_signed_and_in_order(sandbox: Server, receiver: Receiver) -> None:
    sandbox.world.stripe.deliver_to(receiver.url)
    played = stories.play(sandbox.world, "standalone_invoice_paid")
    assert [event.id for event in received(sandbox, receiver)] == played.events
    assert {event["pending_webhooks"] for event in sandbox.world.stripe.events()} == {0}


def test_an_altered_body_or_another_secret_is_not_verified(sandbox: Server, receiver: Receiver) -> None:
    sandbox.world.stripe.deliver_to(receiver.url)
    stories.play(sandbox.world, "charge_without_customer")
    received(sandbox, receiver)
    body, header = receiver.got[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", header, sandbox.world.stripe.webhook_secret)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, "whsec_other")


def test_an_endpoint_gets_only_the_events_it_asked_for(sandbox: Server, receiver: Receiver) -> None:
    client = stripe.StripeClient(
        sandbox.world.stripe.api_key,
        base_addresses={"api": sandbox.url},
        http_client=stripe.RequestsClient(timeout=10),
    )
    endpoint = client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["charge.succeeded", "invoice.paid"]}
    )
    stories.play(sandbox.world, "standalone_invoice_paid")
    secret = endpoint.secret or ""
    assert secret.startswith("whsec_")
    assert secret != sandbox.world.stripe.webhook_secret
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)
    assert sandbox.world.stripe.wait_delivered(15)
    told = receiver.events(secret)
    assert [event.type for event in told] == ["charge.succeeded", "invoice.paid"]


def test_without_an_endpoint_events_are_only_kept(sandbox: Server) -> None:
    played = stories.play(sandbox.world, "charge_without_customer")
    kept = sandbox.world.stripe.get("/v1/events")["data"]
    assert [event["id"] for event in kept] == played.events[::-1]
    assert sandbox.world.stripe.wait_delivered(0)


def test_a_refused_delivery_is_tried_again(sandbox: Server, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    sandbox.world.stripe.deliver_to(receiver.url, events=["charge.succeeded"])
    stories.play(sandbox.world, "charge_without_customer")
    first, *again = received(sandbox, receiver)
    assert [event.id for event in again] == [first.id, first.id]


def test_what_has_not_arrived_can_be_listed(sandbox: Server, receiver: Receiver) -> None:
    half = sandbox.world.stripe
    half.deliver_to(receiver.url)
    half.hold_deliveries()
    played = stories.play(sandbox.world, "charge_without_customer")
    half.release_deliveries(drop=played.events[:1])
    assert [event.id for event in received(sandbox, receiver)] == played.events[1:]
    missed = half.get("/v1/events", delivery_success="false")["data"]
    assert [event["id"] for event in missed] == played.events[:1]
    assert missed[0]["pending_webhooks"] == 1


def test_held_events_are_released_in_any_order_and_number(sandbox: Server, receiver: Receiver) -> None:
    half = sandbox.world.stripe
    half.deliver_to(receiver.url)
    half.hold_deliveries()
    played = stories.play(sandbox.world, "charge_without_customer")
    assert receiver.got == []
    half.release_deliveries(sorted, times=2)
    expected = [event for event in sorted(played.events) for _ in range(2)]
    assert [event.id for event in received(sandbox, receiver)] == expected


def test_the_story_of_disorder_delivers_backwards_and_twice(sandbox: Server, receiver: Receiver) -> None:
    sandbox.world.stripe.deliver_to(receiver.url, events=INVOICE_EVENTS)
    stories.play(sandbox.world, "webhooks_out_of_order_and_twice")
    arrived = [event.type for event in received(sandbox, receiver)]
    assert arrived == [kind for kind in INVOICE_EVENTS[::-1] for _ in range(2)]


def test_all_events_can_be_delivered_again(sandbox: Server, receiver: Receiver) -> None:
    sandbox.world.stripe.deliver_to(receiver.url)
    played = stories.play(sandbox.world, "charge_without_customer")
    received(sandbox, receiver)
    assert sandbox.world.stripe.redeliver_all() == len(played.events)
    assert [event.id for event in received(sandbox, receiver)] == played.events * 2


def test_a_reset_forgets_endpoints_and_what_was_on_its_way(sandbox: Server, receiver: Receiver) -> None:
    half = sandbox.world.stripe
    half.deliver_to(receiver.url)
    half.hold_deliveries()
    stories.play(sandbox.world, "charge_without_customer")
    sandbox.world.reset()
    half.release_deliveries()
    stories.play(sandbox.world, "charge_without_customer")
    assert half.wait_delivered(1)
    assert receiver.got == []


def test_one_event_can_be_delivered_again_from_its_page(sandbox: Server, receiver: Receiver) -> None:
    sandbox.world.stripe.deliver_to(receiver.url)
    played = stories.play(sandbox.world, "charge_without_customer")
    received(sandbox, receiver)
    url = f"{sandbox.url}/events/redeliver"
    assert requests.post(url, data={"event": played.events[0]}, timeout=10).ok
    assert [event.id for event in received(sandbox, receiver)] == [*played.events, played.events[0]]
    assert requests.post(url, data={"event": "ch_3SBX000001"}, timeout=10).status_code == 404
