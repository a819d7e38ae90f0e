"""The practice Stripe, spoken to by Stripe's own library over HTTP."""

from decimal import Decimal
from typing import Any

import pytest
import requests
import stripe

from connector.sandbox import stories
from connector.sandbox.server import Server

VERSION = "2026-10-28.endive"


def client_of(sandbox: Server, key: str | None = None) -> stripe.StripeClient:
    return stripe.StripeClient(
        key or sandbox.world.stripe.api_key,
        stripe_version=VERSION,
        base_addresses={"api": sandbox.url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=10),
    )


@pytest.fixture
def client(sandbox: Server) -> stripe.StripeClient:
    return client_of(sandbox)


def raw(sandbox: Server, method: str, path: str, **given: Any) -> requests.Response:
    """A request without the library, to see its status and headers."""
    headers = {"Authorization": f"Bearer {sandbox.world.stripe.api_key}", **given.pop("headers", {})}
    return requests.request(method, sandbox.url + path, headers=headers, timeout=10, **given)


def invoice_of(client: stripe.StripeClient, amounts: list[int], card: str = "pm_card_visa") -> stripe.Invoice:
    """A draft invoice with a line for each amount, for a new customer with a card."""
    customer = client.v1.customers.create({"name": "Ann Example", "payment_method": card})
    draft = client.v1.invoices.create({"customer": customer.id, "currency": "usd"})
    for amount in amounts:
        client.v1.invoice_items.create(
            {"customer": customer.id, "invoice": draft.id, "amount": amount, "currency": "usd"}
        )
    return client.v1.invoices.retrieve(draft.id)


def test_an_invoice_goes_from_draft_to_open_to_paid(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [1500, 2500])
    assert (draft.status, draft.number, draft.total) == ("draft", None, 4000)
    opened = client.v1.invoices.finalize_invoice(draft.id)
    assert (opened.status, opened.number) == ("open", "SBX00001-0001")
    assert opened.status_transitions.finalized_at == opened.effective_at
    paid = client.v1.invoices.pay(draft.id)
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 4000, 0)
    assert paid.status_transitions.paid_at is not None


def test_the_payment_of_an_invoice_leads_to_its_charge_and_money(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [10_000])
    client.v1.invoices.pay(draft.id)
    payments = client.v1.invoice_payments.list(
        {"invoice": draft.id, "expand": ["data.payment.payment_intent.latest_charge"]}
    )
    (payment,) = payments.data
    intent = payment.payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (payment.status, payment.amount_paid, charge.amount, charge.status) == (
        "paid",
        10_000,
        10_000,
        "succeeded",
    )
    transaction = client.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    assert (transaction.amount, transaction.fee, transaction.net) == (10_000, 320, 9_680)
    assert transaction.source == charge.id


def test_a_declined_card_leaves_the_invoice_open(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [5000], card="pm_card_chargeCustomerFail")
    client.v1.invoices.finalize_invoice(draft.id)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.invoices.pay(draft.id)
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    left = client.v1.invoices.retrieve(draft.id)
    assert (left.status, left.amount_remaining, left.attempt_count) == ("open", 5000, 1)
    (charge,) = client.v1.charges.list().data
    assert (charge.status, charge.balance_transaction) == ("failed", None)


def test_a_declined_invoice_can_be_paid_with_another_card(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [5000], card="pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        client.v1.invoices.pay(draft.id)
    paid = client.v1.invoices.pay(draft.id, {"payment_method": "pm_card_mastercard"})
    assert paid.status == "paid"
    assert [charge.status for charge in client.v1.charges.list().data] == ["succeeded", "failed"]


def test_an_invoice_over_nothing_is_paid_when_it_is_finalized(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [2000, -2000])
    done = client.v1.invoices.finalize_invoice(draft.id)
    assert (done.status, done.total) == ("paid", 0)
    assert client.v1.charges.list().data == []


def test_an_open_invoice_can_be_voided_or_given_up(client: stripe.StripeClient) -> None:
    voided, lost = invoice_of(client, [700]), invoice_of(client, [800])
    for invoice in (voided, lost):
        client.v1.invoices.finalize_invoice(invoice.id)
    assert client.v1.invoices.void_invoice(voided.id).status == "void"
    assert client.v1.invoices.mark_uncollectible(lost.id).status == "uncollectible"
    (payment,) = client.v1.invoice_payments.list({"invoice": voided.id}).data
    assert payment.status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.invoices.pay(voided.id)
    assert client.v1.invoices.pay(lost.id).status == "paid"


def test_a_subscription_bills_a_period_at_a_time(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "subscription_invoice_paid")
    (subscription,) = client.v1.subscriptions.list().data
    (first,) = client.v1.invoices.list({"subscription": subscription.id}).data
    line = first.lines.data[0]
    assert subscription.status == "active"
    assert (first.billing_reason, first.total, line.quantity) == ("subscription_create", 24_500, 5)
    second = client.v1.invoices.retrieve(sandbox.world.stripe.renew(subscription.id))
    assert (second.status, second.billing_reason) == ("draft", "subscription_cycle")
    assert second.lines.data[0].period.start == line.period.end


def test_lines_beyond_the_tenth_are_on_the_next_page(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, list(range(1001, 1014)))
    assert (len(draft.lines.data), draft.lines.has_more) == (10, True)
    every = [line.amount for line in client.v1.invoices.line_items.list(draft.id).auto_paging_iter()]
    assert every == list(range(1001, 1014))


def test_lists_are_newest_first_and_paged_both_ways(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create({"name": f"Customer {n}"}).id for n in range(7)][::-1]
    first = client.v1.customers.list({"limit": 3})
    assert ([c.id for c in first.data], first.has_more, first.url) == (made[:3], True, "/v1/customers")
    last = client.v1.customers.list({"limit": 3, "starting_after": made[3]})
    assert ([c.id for c in last.data], last.has_more) == (made[4:], False)
    back = client.v1.customers.list({"limit": 2, "ending_before": made[3]})
    assert ([c.id for c in back.data], back.has_more) == (made[1:3], True)
    assert [c.id for c in client.v1.customers.list({"limit": 2}).auto_paging_iter()] == made


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_one_to_a_hundred_objects(client: stripe.StripeClient, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.list({"limit": limit})


def test_lists_are_filtered_by_creation_time(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "standalone_charge")
    stories.play(sandbox.world, "charge_without_customer")
    older, newer = sorted(charge.created for charge in client.v1.charges.list().data)
    assert [c.created for c in client.v1.charges.list({"created": {"gt": older}}).data] == [newer]
    assert [c.created for c in client.v1.charges.list({"created": {"lte": older}}).data] == [older]
    assert [c.created for c in client.v1.charges.list({"created": newer}).data] == [newer]


def test_an_unknown_filter_is_refused(sandbox: Server) -> None:
    answer = raw(sandbox, "GET", "/v1/charges", params={"invoice": "in_1"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "parameter_unknown"


def test_related_objects_are_expanded_in_place(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "standalone_invoice_paid")
    (listed,) = client.v1.invoices.list({"expand": ["data.customer", "data.payments"]}).data
    assert isinstance(listed.customer, stripe.Customer)
    assert listed.customer.name == "Tamarack Outfitters Inc."
    assert listed.payments is not None
    plain = client.v1.invoices.retrieve(listed.id)
    assert (plain.customer, hasattr(plain, "payments")) == (listed.customer.id, False)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("data.payment.payment_intent.latest_charge.balance_transaction", "property_expansion_max_depth"),
        ("data.amount_paid", None),
        ("data.nonsense", None),
    ],
)
def test_what_cannot_be_expanded_is_refused(sandbox: Server, path: str, code: str | None) -> None:
    stories.play(sandbox.world, "standalone_invoice_paid")
    answer = raw(sandbox, "GET", "/v1/invoice_payments", params={"expand[]": path})
    assert answer.status_code == 400
    assert answer.json()["error"].get("code") == code


def test_metadata_is_merged_and_unset(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"name": "Ann", "metadata": {"region": "north", "tier": "gold"}})
    changed = client.v1.customers.update(made.id, {"metadata": {"tier": "", "size": "small"}})
    assert changed.to_dict()["metadata"] == {"region": "north", "size": "small"}
    assert client.v1.customers.update(made.id, {"metadata": ""}).to_dict()["metadata"] == {}


def test_an_event_tells_of_metadata_the_keys_that_changed(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"metadata": {"region": "north", "tier": "gold", "size": "small"}})
    client.v1.customers.update(made.id, {"metadata": {"tier": "", "size": "large", "new": "yes"}})
    (event,) = client.v1.events.list({"type": "customer.updated"}).data
    changed = {"tier": "gold", "size": "small", "new": None}
    assert event.data.to_dict()["previous_attributes"] == {"metadata": changed}


def test_an_event_tells_what_changed(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"name": "Ann", "phone": "+1 555 0100"})
    client.v1.customers.update(made.id, {"phone": "+1 555 0199", "name": "Ann"})
    (event,) = client.v1.events.list({"type": "customer.updated"}).data
    assert event.data.to_dict()["previous_attributes"] == {"phone": "+1 555 0100"}
    assert event.data.object.phone == "+1 555 0199"
    assert event.request is not None
    assert str(event.request.id).startswith("req_")
    assert event.api_version == VERSION


def test_the_same_idempotency_key_acts_once(sandbox: Server, client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "order-1"}
    first = client.v1.customers.create({"name": "Ann"}, options)
    again = client.v1.customers.create({"name": "Ann"}, options)
    assert first.id == again.id
    assert len(client.v1.customers.list().data) == 1
    replay = raw(
        sandbox, "POST", "/v1/customers", data={"name": "Ann"}, headers={"Idempotency-Key": "order-1"}
    )
    assert replay.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Bea"}, options)


def test_a_decline_is_replayed_under_its_idempotency_key(client: stripe.StripeClient) -> None:
    draft = invoice_of(client, [5000], card="pm_card_chargeCustomerFail")
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.invoices.pay(draft.id, options={"idempotency_key": "pay-1"})
    assert len(client.v1.charges.list().data) == 1


def test_refusals_have_stripes_own_classes(sandbox: Server, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.AuthenticationError):
        client_of(sandbox, "sk_test_wrong").v1.customers.list()
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.invoices.retrieve("in_none")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.invoices.create({"customer": "cus_none"})
    assert (unknown.value.http_status, unknown.value.param) == (400, "customer")
    with pytest.raises(stripe.PermissionError):
        client.v1.accounts.retrieve("acct_other")
    assert client.v1.accounts.retrieve_current().id == "acct_1SBX000001"


def test_every_answer_carries_request_id_and_version(sandbox: Server) -> None:
    answer = raw(sandbox, "GET", "/v1/balance")
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == VERSION
    assert answer.json()["livemode"] is False


def test_the_key_is_also_taken_by_basic_authentication(sandbox: Server) -> None:
    key = sandbox.world.stripe.api_key
    assert requests.get(f"{sandbox.url}/v1/balance", auth=(key, ""), timeout=10).status_code == 200
    assert requests.get(f"{sandbox.url}/v1/balance", timeout=10).status_code == 401


def test_another_api_version_is_refused(sandbox: Server) -> None:
    answer = raw(sandbox, "GET", "/v1/balance", headers={"Stripe-Version": "2024-06-20"})
    assert answer.status_code == 400


def test_an_unknown_address_is_not_found(sandbox: Server) -> None:
    answer = raw(sandbox, "POST", "/v1/payouts/po_1/pay")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


def test_rate_limits_and_failures_happen_on_request(sandbox: Server, client: stripe.StripeClient) -> None:
    sandbox.world.set_faults("stripe-429:1,stripe-500:1")
    with pytest.raises(stripe.RateLimitError):
        client.v1.customers.create({"name": "Ann"})
    with pytest.raises(stripe.APIError):
        client.v1.customers.create({"name": "Ann"})
    assert client.v1.customers.create({"name": "Ann"}).id == "cus_SBX000001"


def test_a_refund_gives_back_part_of_a_charge(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "standalone_charge")
    (charge,) = client.v1.charges.list().data
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 900})
    transaction = client.v1.balance_transactions.retrieve(str(refund.balance_transaction))
    assert (transaction.amount, transaction.fee, transaction.type) == (-900, 0, "refund")
    after = client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (after.amount_refunded, after.refunded) == (900, False)
    assert after.refunds is not None
    assert [one.id for one in after.refunds.data] == [refund.id]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": charge.id, "amount": 24_001})


@pytest.mark.parametrize(
    ("currency", "unit", "quantity", "total", "fee"),
    [("usd", 1999, 3, 5997, 204), ("jpy", 98_000, 1, 98_000, 2882), ("kwd", 45_750, 2, 91_500, 2754)],
)
def test_amounts_are_minor_units_of_their_currency(
    client: stripe.StripeClient, currency: str, unit: int, quantity: int, total: int, fee: int
) -> None:
    customer = client.v1.customers.create({"payment_method": "pm_card_visa"})
    price = client.v1.prices.create(
        {"currency": currency, "unit_amount": unit, "product_data": {"name": "Thing"}}
    )
    draft = client.v1.invoices.create({"customer": customer.id, "currency": currency})
    client.v1.invoices.add_lines(
        draft.id, {"lines": [{"pricing": {"price": price.id}, "quantity": quantity}]}
    )
    paid = client.v1.invoices.pay(draft.id)
    (transaction,) = client.v1.balance_transactions.list().data
    assert (paid.total, transaction.fee, transaction.currency) == (total, fee, currency)


def test_waiting_items_go_on_the_next_invoice_newest_first(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ann"}).id
    for amount in (100, 200):
        client.v1.invoice_items.create({"customer": customer, "amount": amount, "currency": "eur"})
    draft = client.v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})
    assert (draft.currency, [line.amount for line in draft.lines.data]) == ("eur", [200, 100])


def test_a_mailed_invoice_has_a_due_date(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ann", "email": "ann@example.com"}).id
    draft = client.v1.invoices.create(
        {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30}
    )
    client.v1.invoice_items.create(
        {"customer": customer, "invoice": draft.id, "amount": 900, "currency": "usd"}
    )
    sent = client.v1.invoices.send_invoice(draft.id)
    assert (sent.status, sent.due_date) == ("open", draft.created + 30 * 86_400)


def test_a_finalized_invoice_keeps_its_lines(client: stripe.StripeClient) -> None:
    opened = client.v1.invoices.finalize_invoice(invoice_of(client, [900]).id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.add_lines(opened.id, {"lines": [{"amount": 100}]})
    assert caught.value.code == "invoice_not_editable"


def test_a_deleted_customer_is_a_stub(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ann"})
    client.v1.customers.delete(customer.id)
    assert client.v1.customers.retrieve(customer.id).deleted is True
    assert client.v1.customers.list().data == []


def test_a_payment_intent_is_made_confirmed_and_settled(client: stripe.StripeClient) -> None:
    waiting = client.v1.payment_intents.create({"amount": 4200, "currency": "eur", "description": "Order 7"})
    assert waiting.status == "requires_payment_method"
    paid = client.v1.payment_intents.confirm(waiting.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_received) == ("succeeded", 4200)
    charge = client.v1.charges.retrieve(str(paid.latest_charge))
    assert (charge.description, charge.customer, charge.payment_intent) == ("Order 7", None, paid.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.confirm(paid.id)


def test_a_declined_payment_intent_says_why(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create(
            {
                "amount": 4200,
                "currency": "usd",
                "confirm": True,
                "payment_method": "pm_card_chargeDeclinedInsufficientFunds",
            }
        )
    assert caught.value.error is not None
    assert caught.value.error.decline_code == "insufficient_funds"
    (intent,) = client.v1.payment_intents.list().data
    assert (intent.status, intent.last_payment_error is not None) == ("requires_payment_method", True)
    assert client.v1.payment_intents.cancel(intent.id).status == "canceled"


def test_money_appears_on_the_balance_less_the_fee(sandbox: Server, client: stripe.StripeClient) -> None:
    client.v1.charges.create({"amount": 10_000, "currency": "gbp", "source": "tok_visa"})
    pending = {part.currency: part.amount for part in client.v1.balance.retrieve().pending}
    assert pending == {"gbp": 9_690, "usd": 0}


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "usd", "amount_too_small"), (45_755, "kwd", "parameter_invalid"), (500, "xyz", None)],
)
def test_what_stripe_cannot_charge_is_refused(
    client: stripe.StripeClient, amount: int, currency: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({"amount": amount, "currency": currency})
    assert caught.value.code == code


def test_a_price_keeps_fractions_of_a_minor_unit(client: stripe.StripeClient) -> None:
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount_decimal": Decimal("0.125"), "product_data": {"name": "Message"}}
    )
    assert (price.unit_amount, price.unit_amount_decimal) == (None, Decimal("0.125"))
    customer = client.v1.customers.create({"name": "Ann"}).id
    draft = client.v1.invoices.create({"customer": customer})
    client.v1.invoices.add_lines(
        draft.id, {"lines": [{"pricing": {"price": price.id}, "quantity_decimal": Decimal("1000.5")}]}
    )
    (line,) = client.v1.invoices.line_items.list(draft.id).data
    assert (line.amount, line.quantity, line.quantity_decimal) == (125, 1000, Decimal("1000.5"))


def test_an_archived_price_is_refused_on_an_invoice(client: stripe.StripeClient) -> None:
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 100, "product_data": {"name": "Old thing"}}
    )
    client.v1.prices.update(price.id, {"active": False})
    customer = client.v1.customers.create({"name": "Ann"}).id
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        client.v1.invoice_items.create({"customer": customer, "pricing": {"price": price.id}})


def test_the_money_of_a_charge_comes_after_the_charge(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "charge_without_customer")
    (first,) = client.v1.events.list({"type": "charge.succeeded"}).data
    (later,) = client.v1.events.list({"type": "charge.updated"}).data
    assert first.data.object.balance_transaction is None
    assert later.data.object.balance_transaction == "txn_3SBX000001"
    assert later.data.to_dict()["previous_attributes"] == {"balance_transaction": None}


def test_events_are_listed_by_types_and_by_pattern(sandbox: Server, client: stripe.StripeClient) -> None:
    stories.play(sandbox.world, "standalone_invoice_paid")
    chosen = client.v1.events.list({"types": ["invoice.paid", "charge.succeeded"]}).data
    assert [event.type for event in chosen] == ["invoice.paid", "charge.succeeded"]
    invoice_events = client.v1.events.list({"type": "invoice.*"}).data
    assert {event.type.split(".")[0] for event in invoice_events} == {"invoice"}
