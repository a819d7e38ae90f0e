"""The door to Stripe against the practice Stripe: every object whole, every page, patience and its end."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests
import stripe

from connector.errors import NeedsAttention, NotThere, RetryLater
from connector.money import Amount
from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.stripe.client import API_VERSION, TRIES, Client
from connector.stripe.objects import Price
from tests.stripe.stub import Answer, Stub

CUSTOMER = {"id": "cus_1", "object": "customer", "created": 1_700_000_000, "metadata": {}}


def play(sandbox: Server, name: str) -> dict[str, list[str]]:
    """Play a story; the ids of what it made, by prefix."""
    made: dict[str, list[str]] = {}
    for identity in stories.play(sandbox.world, name).objects:
        made.setdefault(identity.partition("_")[0], []).append(identity)
    return made


def set_faults(sandbox: Server, spec: str) -> None:
    requests.post(f"{sandbox.url}/faults", data={"spec": spec}, timeout=10).raise_for_status()


def asked(sandbox: Server, path: str) -> int:
    return int(sandbox.world.stripe.calls[f"GET {path}"])


def long_invoice(sandbox: Server, lines: int) -> str:
    """A draft invoice with as many lines, of 1, 2, 3… cents."""
    half = sandbox.world.stripe
    customer = half.post("/v1/customers", name="Long Ltd")["id"]
    draft = str(half.post("/v1/invoices", customer=customer, currency="usd")["id"])
    entries = [{"amount": cents, "description": f"Line {cents}"} for cents in range(1, lines + 1)]
    half.post(f"/v1/invoices/{draft}/add_lines", lines=entries)
    return draft


@pytest.mark.parametrize("name", sorted(stories.STORIES))
def test_every_object_of_every_story_can_be_read(sandbox: Server, client: Client, name: str) -> None:
    if name == "required_field_mended":
        play(sandbox, "netsuite_requires_a_field")
    made = play(sandbox, name)
    for customer in made.get("cus", []):
        assert client.fetch_customer(customer).id == customer
    for price in made.get("price", []):
        assert client.fetch_price(price).product_name
    for charge in made.get("ch", []):
        assert client.fetch_charge(charge).id == charge
    for invoice in made.get("in", []):
        read = client.fetch_invoice(invoice)
        assert sum(line.amount.minor for line in read.lines) == read.total.minor
        assert {one.invoice_id for one in client.fetch_payments_of_invoice(invoice)} <= {invoice}


def test_a_paid_subscription_invoice_leads_to_its_charge_and_back(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "subscription_invoice_paid")
    invoice = client.fetch_invoice(made["in"][0])
    assert (invoice.status, invoice.total, invoice.billing_reason) == (
        "paid",
        Amount(Decimal("245.00"), "USD"),
        "subscription_create",
    )
    (line,) = invoice.lines
    assert line.quantity == 5
    assert (line.subscription_id, line.price_id) == (made["sub"][0], made["price"][0])
    assert line.period_start == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert line.period_end == datetime(2026, 12, 2, 9, tzinfo=UTC)
    (payment,) = client.fetch_payments_of_invoice(invoice.id)
    assert payment.charge is not None
    assert (payment.amount, payment.status) == (invoice.total, "paid")
    assert (payment.charge.amount, payment.charge.status, payment.charge.captured) == (
        invoice.total,
        "succeeded",
        True,
    )
    assert payment.charge.balance_transaction_id.startswith("txn_")
    assert client.fetch_invoice_ids_of_charge(payment.charge) == (invoice.id,)
    intent = payment.charge.payment_intent_id
    assert client.fetch_charge_id_of_payment_intent(intent) == payment.charge.id


def test_a_customer_is_read_with_its_addresses(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "subscription_invoice_paid")
    customer = client.fetch_customer(made["cus"][0])
    assert (customer.name, customer.email) == ("Larkspur Analytics GmbH", "rechnung@larkspur.example")
    assert customer.phone == "+1 555 0100"
    assert customer.address is not None
    assert customer.shipping is not None
    assert (customer.address.city, customer.address.country) == ("Munich", "DE")
    assert customer.shipping.name == "Larkspur Analytics GmbH"


def test_a_deleted_customer_is_read_as_deleted(sandbox: Server, client: Client) -> None:
    half = sandbox.world.stripe
    identity = half.post("/v1/customers", name="Gone Ltd")["id"]
    half.request("DELETE", f"/v1/customers/{identity}")
    gone = client.fetch_customer(identity)
    assert (gone.id, gone.deleted, gone.name) == (identity, True, "")


def test_a_price_made_for_one_invoice_tells_itself_from_the_others(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "standalone_invoice_paid")
    read = [client.fetch_price(identity) for identity in made["price"]]
    assert {price.product_name: price.used_once for price in read} == {
        "Onboarding workshop": False,
        "Training seat": False,
        "Travel and lodging": True,
    }


def test_a_declined_payment_is_read_with_its_failed_charge(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "invoice_left_open")
    (payment,) = client.fetch_payments_of_invoice(made["in"][0])
    assert (payment.status, payment.amount) == ("open", None)
    assert payment.charge is not None
    assert (payment.charge.status, payment.charge.balance_transaction_id) == ("failed", "")
    assert payment.charge.failure_message


def test_a_standalone_charge_pays_no_invoice(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "standalone_charge")
    charge = client.fetch_charge(made["ch"][0])
    assert client.fetch_invoice_ids_of_charge(charge) == ()
    assert charge.description == "Order 10482: two spray decks"
    assert charge.method == "Visa 4242"


def test_a_charge_without_a_payment_intent_is_standalone(sandbox: Server, client: Client) -> None:
    row = sandbox.world.stripe.post("/v1/charges", amount=900, currency="usd", source="tok_visa")
    charge = client.fetch_charge(row["id"])
    assert (charge.payment_intent_id, client.fetch_invoice_ids_of_charge(charge)) == ("", ())


def test_a_payment_intent_that_nobody_tried_to_pay_has_no_charge(sandbox: Server, client: Client) -> None:
    row = sandbox.world.stripe.post("/v1/payment_intents", amount=900, currency="usd")
    assert client.fetch_charge_id_of_payment_intent(row["id"]) == ""


def test_quantities_keep_their_decimals(sandbox: Server, client: Client) -> None:
    half = sandbox.world.stripe
    customer = half.post("/v1/customers", name="Ann")["id"]
    product = {"name": "Message"}
    price = half.post("/v1/prices", currency="usd", unit_amount_decimal="0.125", product_data=product)["id"]
    draft = half.post("/v1/invoices", customer=customer)["id"]
    line = {"pricing": {"price": price}, "quantity_decimal": "1000.5"}
    half.post(f"/v1/invoices/{draft}/add_lines", lines=[line])
    (read,) = client.fetch_invoice(draft).lines
    assert (read.quantity, read.amount) == (Decimal("1000.5"), Amount(Decimal("1.25"), "USD"))


@pytest.mark.parametrize(("lines", "pages"), [(1, 0), (10, 0), (11, 1), (100, 1), (101, 2), (250, 3)])
def test_a_long_invoice_is_read_to_its_last_line(
    sandbox: Server, client: Client, lines: int, pages: int
) -> None:
    invoice = client.fetch_invoice(long_invoice(sandbox, lines))
    assert sorted(line.amount.minor for line in invoice.lines) == list(range(1, lines + 1))
    assert invoice.total.minor == sum(range(1, lines + 1))
    assert asked(sandbox, "/v1/invoices/{id}/lines") == pages


def test_the_account_itself_can_be_read(client: Client) -> None:
    account = client.fetch_account()
    assert (account["country"], account["settings"]["dashboard"]["timezone"]) == ("US", "Etc/UTC")


def test_prices_are_read_with_their_product_in_one_request(sandbox: Server, client: Client) -> None:
    made = play(sandbox, "invoice_left_open")
    assert Price.EXPAND == ("product",)
    assert client.fetch_price(made["price"][0]).product_name == "Archive access, one year"
    assert asked(sandbox, "/v1/products/{id}") == 0


# Patience


@pytest.mark.parametrize("fault", ["stripe-429", "stripe-500"])
def test_a_busy_stripe_is_asked_again_after_growing_pauses(
    sandbox: Server, client: Client, pauses: list[float], fault: str
) -> None:
    made = play(sandbox, "standalone_charge")
    set_faults(sandbox, f"{fault}:{TRIES - 1}")
    assert client.fetch_charge(made["ch"][0]).id == made["ch"][0]
    assert len(pauses) == TRIES - 1
    for pause, (shortest, longest) in zip(pauses, [(0.1, 0.3), (0.2, 0.6), (0.4, 1.2)], strict=True):
        assert shortest <= pause <= longest


@pytest.mark.parametrize(
    ("fault", "code"), [("stripe-429", "stripe_busy"), ("stripe-500", "stripe_unavailable")]
)
def test_a_stripe_that_stays_busy_is_left_for_later(
    sandbox: Server, client: Client, fault: str, code: str
) -> None:
    made = play(sandbox, "standalone_charge")
    set_faults(sandbox, f"{fault}:{TRIES}")
    with pytest.raises(RetryLater) as caught:
        client.fetch_charge(made["ch"][0])
    assert (caught.value.code, caught.value.delay) == (code, None)
    assert client.fetch_charge(made["ch"][0]).id == made["ch"][0]


def test_a_page_in_the_middle_of_a_list_is_asked_again_too(stub: Stub) -> None:
    lines: list[dict[str, Any]] = [
        {"id": f"il_{n}", "object": "line_item", "amount": n, "currency": "usd", "metadata": {}}
        for n in (1, 2)
    ]
    invoice = {
        "id": "in_1",
        "object": "invoice",
        "status": "open",
        "currency": "usd",
        "created": 1_700_000_000,
        "total": 3,
        "amount_due": 3,
        "lines": {"object": "list", "data": lines[:1], "has_more": True},
    }
    busy = Answer(429, {"error": {"type": "invalid_request_error", "message": "Slow down."}})
    page = {"object": "list", "has_more": True, "data": lines[:1]}
    last = {"object": "list", "has_more": False, "data": lines[1:]}
    stub.will_answer(Answer(body=invoice), Answer(body=page), busy, Answer(body=last))
    read = Client("sk_test_1", api_base=stub.url).fetch_invoice("in_1")
    assert [line.id for line in read.lines] == ["il_1", "il_2"]
    assert [path.partition("?")[2] for path in stub.paths] == [
        "expand%5B0%5D=total_discount_amounts.discount.source.coupon",
        "limit=100",
        "limit=100&starting_after=il_1",
        "limit=100&starting_after=il_1",
    ]


# Keys and versions


def test_every_request_carries_the_pinned_version_and_the_key(stub: Stub) -> None:
    stub.will_answer(Answer(body=CUSTOMER))
    Client("sk_test_1", api_base=f"{stub.url}/").fetch_customer("cus_1")
    (headers,) = stub.headers
    assert (headers["Stripe-Version"], headers["Authorization"]) == (API_VERSION, "Bearer sk_test_1")
    assert stub.paths == ["/v1/customers/cus_1"]


def test_the_pinned_version_is_the_one_that_the_library_was_made_for() -> None:
    assert API_VERSION == stripe.api_version == "2026-10-28.endive"


def test_a_wrong_key_needs_a_person(sandbox: Server) -> None:
    with pytest.raises(NeedsAttention) as caught:
        Client("sk_test_wrong", api_base=sandbox.url).fetch_customer("cus_1")
    assert caught.value.code == "stripe_key_refused"


def test_space_around_a_copied_key_is_taken_off(sandbox: Server) -> None:
    key = sandbox.world.stripe.api_key
    assert Client(f" {key}\r\n", api_base=sandbox.url).fetch_account()["country"] == "US"


@pytest.mark.parametrize(
    "key", ["", "  ", "sk_test_a b", "sk_test_é", "sk_test_a\nb", "sk_test_\N{EURO SIGN}"]
)
def test_what_cannot_be_a_key_is_refused_before_anything_is_sent(stub: Stub, key: str) -> None:
    with pytest.raises(NeedsAttention) as caught:
        Client(key, api_base=stub.url)
    assert caught.value.code == "stripe_key_refused"
    assert not key.strip() or key.strip() not in str(caught.value)
    assert stub.paths == []


@pytest.mark.parametrize("fetch", ["customer", "price", "charge", "invoice"])
def test_a_missing_object_is_not_there(client: Client, fetch: str) -> None:
    with pytest.raises(NotThere) as caught:
        getattr(client, f"fetch_{fetch}")("xx_none")
    assert caught.value.code == "stripe_object_missing"
    assert "xx_none" in caught.value.message


def test_the_payments_of_no_invoice_are_none_or_not_there(client: Client) -> None:
    with pytest.raises(NotThere):
        client.fetch_charge_id_of_payment_intent("pi_none")
