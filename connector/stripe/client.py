"""The one door to Stripe, and the only user of its library.

Objects are read at the pinned API version, turned into plain JSON at once and
handed on as frozen values (`objects.py`). Every method may raise a verdict of
`connector.errors`.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar, cast
from urllib.parse import quote

import stripe

from connector.errors import NeedsAttention, RetryLater
from connector.stripe import errors, listing
from connector.stripe.balance import BalanceTransaction, Payout
from connector.stripe.billing import Coupon, TaxRate
from connector.stripe.credit_note import CreditNote
from connector.stripe.customer_balance import BalanceMovement
from connector.stripe.listing import Kind, Page
from connector.stripe.objects import Charge, Customer, Invoice, InvoicePayment, Price
from connector.stripe.reversals import Dispute, Refund
from connector.stripe.shape import Json, understood
from connector.stripe.webhook_endpoint import WebhookEndpoint

API_VERSION = "2026-10-28.endive"

CONNECT_SECONDS, READ_SECONDS = 5, 30
TRIES = 4
"""How often one request is sent when Stripe is busy; the library itself never resends a 429."""
PAGE = 100
T = TypeVar("T")
Noting = Literal[
    "customer", "invoice", "charge", "price", "coupon", "credit_note", "refund", "dispute", "payout"
]
"""The Stripe objects in whose metadata we write."""


class Client:
    """Stripe, for one account. Safe to share between threads.

    Raises NeedsAttention for a key that cannot be one. Space around it, as a copied line
    brings along, is taken off.
    """

    def __init__(self, api_key: str, *, api_base: str = "") -> None:
        api_key = api_key.strip()
        if not re.fullmatch(r"[!-~]+", api_key):
            # Sent in a header it would be refused by the HTTP library, which prints the header.
            raise NeedsAttention("stripe_key_refused", "The key is empty, or has characters that no key has.")
        self._raw = stripe.StripeClient(
            api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        )
        self._stripe = self._raw.v1

    def fetch_customer(self, customer_id: str) -> Customer:
        """The customer as it is now, deleted ones included."""
        return _one(Customer.from_stripe, lambda: self._stripe.customers.retrieve(customer_id))

    def fetch_customers_of_email(self, email: str) -> tuple[Customer, ...]:
        """The newest customers with exactly this e-mail address, a page of them at most."""
        found = _read(lambda: self._stripe.customers.list({"email": email, "limit": PAGE}))
        return tuple(understood(Customer.from_stripe, data) for data in found["data"])

    def fetch_price(self, price_id: str) -> Price:
        """The price, with its product."""
        expand = list(Price.EXPAND)
        return _one(Price.from_stripe, lambda: self._stripe.prices.retrieve(price_id, {"expand": expand}))

    def fetch_coupon(self, coupon_id: str) -> Coupon:
        """The coupon as it is now."""
        return _one(Coupon.from_stripe, lambda: self._stripe.coupons.retrieve(coupon_id))

    def fetch_tax_rate(self, tax_rate_id: str) -> TaxRate:
        """The tax rate, archived ones included."""
        return _one(TaxRate.from_stripe, lambda: self._stripe.tax_rates.retrieve(tax_rate_id))

    def fetch_charge(self, charge_id: str) -> Charge:
        """The charge as it is now, with its movement on the balance: one call for both."""
        expand = list(Charge.EXPAND)
        return _one(Charge.from_stripe, lambda: self._stripe.charges.retrieve(charge_id, {"expand": expand}))

    def fetch_invoice(self, invoice_id: str) -> Invoice:
        """The invoice as it is now, with all its lines (Stripe embeds only the first ones)."""
        expand = list(Invoice.EXPAND)
        data = dict(_read(lambda: self._stripe.invoices.retrieve(invoice_id, {"expand": expand})))
        if data.get("lines", {}).get("has_more"):
            data["lines"] = {"data": list(self._lines_of_invoice(invoice_id))}
        return understood(Invoice.from_stripe, data)

    def fetch_payments_of_invoice(self, invoice_id: str) -> tuple[InvoicePayment, ...]:
        """Every payment of the invoice, with its charge."""
        found = self._invoice_payments({"invoice": invoice_id})
        return tuple(
            replace(one, charge=self.fetch_charge(one.charge_id)) if one.charge_id else one for one in found
        )

    def fetch_credit_note(self, note_id: str) -> CreditNote:
        """The credit note as it is now, voided ones included, with all its lines."""
        return self._whole_note(_read(lambda: self._stripe.credit_notes.retrieve(note_id)))

    def fetch_credit_notes_of_invoice(self, invoice_id: str) -> tuple[CreditNote, ...]:
        """Every credit note of the invoice, voided ones included, oldest first."""
        params = {"invoice": invoice_id}
        pages = _pages(lambda page: self._stripe.credit_notes.list(cast(Any, {**params, **page})))
        notes = [self._whole_note(data) for data in pages]
        return tuple(sorted(notes, key=lambda note: (note.created, note.id)))

    def fetch_balance_of_customer(self, customer_id: str) -> Iterator[BalanceMovement]:
        """What changed the customer's balance, the newest first, page by page."""
        movements = self._stripe.customers.balance_transactions
        return _each(BalanceMovement.from_stripe, lambda page: movements.list(customer_id, cast(Any, page)))

    def fetch_invoice_ids_of_charge(self, charge: Charge) -> tuple[str, ...]:
        """The invoices that the charge pays; none for a standalone charge."""
        if not charge.payment_intent_id:
            return ()
        payment = {"type": "payment_intent", "payment_intent": charge.payment_intent_id}
        found = self._invoice_payments({"payment": payment})
        return tuple(dict.fromkeys(one.invoice_id for one in found))

    def fetch_refund(self, refund_id: str) -> Refund:
        """The refund as it is now."""
        expand = list(Refund.EXPAND)
        return _one(Refund.from_stripe, lambda: self._stripe.refunds.retrieve(refund_id, {"expand": expand}))

    def fetch_refunds_of_charge(self, charge_id: str) -> tuple[Refund, ...]:
        """Every refund of the charge, failed ones included, oldest first."""
        params = {"charge": charge_id, "expand": [f"data.{path}" for path in Refund.EXPAND]}
        found = _each(
            Refund.from_stripe, lambda page: self._stripe.refunds.list(cast(Any, {**params, **page}))
        )
        return tuple(sorted(found, key=lambda one: (one.created, one.id)))

    def fetch_dispute(self, dispute_id: str) -> Dispute:
        """The dispute as it is now, with its balance transactions."""
        return _one(Dispute.from_stripe, lambda: self._stripe.disputes.retrieve(dispute_id))

    def fetch_disputes_of_charge(self, charge_id: str) -> tuple[Dispute, ...]:
        """Every dispute of the charge, inquiries included, oldest first."""
        params = {"charge": charge_id}
        found = _each(
            Dispute.from_stripe, lambda page: self._stripe.disputes.list(cast(Any, {**params, **page}))
        )
        return tuple(sorted(found, key=lambda one: (one.created, one.id)))

    def fetch_payout(self, payout_id: str) -> Payout:
        """The payout as it is now."""
        return _one(Payout.from_stripe, lambda: self._stripe.payouts.retrieve(payout_id))

    def fetch_balance_transaction(self, transaction_id: str) -> BalanceTransaction:
        """One movement on the balance."""
        retrieve = self._stripe.balance_transactions.retrieve
        return _one(BalanceTransaction.from_stripe, lambda: retrieve(transaction_id))

    def fetch_balance_transactions_of_payout(self, payout_id: str) -> Iterator[BalanceTransaction]:
        """What an automatic payout settles, page by page, without the payout's own row (stripe.md 6.3)."""
        params = {"payout": payout_id}
        pages = _pages(lambda page: self._stripe.balance_transactions.list(cast(Any, {**params, **page})))
        return (
            understood(BalanceTransaction.from_stripe, data)
            for data in pages
            if data.get("source") != payout_id
        )

    def fetch_balance_transactions(
        self, currency: str, since: datetime | None = None
    ) -> Iterator[BalanceTransaction]:
        """Every movement in a currency, newest first, back to `since` or to the very first."""
        params: dict[str, Any] = {"currency": currency.lower()}
        if since:
            params["created"] = {"gte": int(since.timestamp())}
        return _each(
            BalanceTransaction.from_stripe,
            lambda page: self._stripe.balance_transactions.list(cast(Any, {**params, **page})),
        )

    def fetch_balance(self) -> Json:
        """What Stripe holds now by currency, as JSON: `available`, `pending`…"""
        return _read(self._stripe.balance.retrieve)

    def fetch_charge_id_of_payment_intent(self, payment_intent_id: str) -> str:
        """The latest charge of a payment intent; empty if it has none."""
        intent = _read(lambda: self._stripe.payment_intents.retrieve(payment_intent_id))
        return str(intent.get("latest_charge") or "")

    def fetch_page(self, kind: Kind, since: int, until: int, after: str = "") -> Page:
        """A page of what Stripe lists of a kind from `since` to before `until` (Unix seconds), newest first.

        `after` is the id that ended the page before. Whole periods are walked by `listing.walk`.
        """
        services: dict[Kind, Any] = {
            "customer": self._stripe.customers,
            "price": self._stripe.prices,
            "invoice": self._stripe.invoices,
            "charge": self._stripe.charges,
            "refund": self._stripe.refunds,
            "dispute": self._stripe.disputes,
            "credit_note": self._stripe.credit_notes,
            "payout": self._stripe.payouts,
        }
        asked = {"limit": PAGE, **listing.params(kind, since, until)}
        asked |= {"starting_after": after} if after else {}
        return listing.page_of(kind, _read(lambda: services[kind].list(asked)))

    def write_metadata(
        self, kind: Noting, object_id: str, metadata: Mapping[str, str], *, idempotency_key: str
    ) -> None:
        """Set these keys in an object's metadata; all others stay. Our only write in its documents (OM-2).

        Sent again under the same key, it changes nothing a second time.
        """
        address = f"/v1/{kind}s/{quote(object_id, safe='')}"
        params = {"metadata": dict(metadata), "idempotency_key": idempotency_key}
        # Unlike a service's update, it makes no objects of an answer that nobody reads.
        _answer(lambda: self._raw.raw_request("post", address, **params))

    def fetch_webhook_endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Every webhook endpoint of the account, without their secrets."""
        listed = self._stripe.webhook_endpoints.list
        return tuple(_each(WebhookEndpoint.from_stripe, lambda page: listed(cast(Any, page))))

    def make_webhook_endpoint(
        self, url: str, events: Iterable[str], *, idempotency_key: str
    ) -> WebhookEndpoint:
        """Have Stripe send these events to `url`, as our API version says them, and tell its secret.

        Sent again under the same key, it makes no second one. Raises NeedsAttention (`stripe_url_refused`)
        for an address that Stripe does not take.
        """
        params: Any = {
            "url": url,
            "enabled_events": sorted(events),
            "api_version": API_VERSION,
            "description": "SuiteSync",
        }
        make = self._stripe.webhook_endpoints.create
        return _one(WebhookEndpoint.from_stripe, lambda: make(params, {"idempotency_key": idempotency_key}))

    def remove_webhook_endpoint(self, endpoint_id: str) -> None:
        """Have Stripe send nothing there any more. Raises NotThere when it is gone already."""
        _read(lambda: self._stripe.webhook_endpoints.delete(endpoint_id))

    def probe(self, what: str) -> None:
        """Ask for one object of what a `permissions.Permission` covers, to learn whether the key may read it.

        Raises NeedsAttention (`stripe_permission_missing`) when it may not.
        """
        if what == "balance":
            self.fetch_balance()
        else:
            service = getattr(self._stripe, what)
            _read(lambda: service.list({"limit": 1}))

    def fetch_account(self) -> Json:
        """Stripe's own description of the account, as JSON: `id`, `country`, `settings`…"""
        return _read(self._stripe.accounts.retrieve_current)

    def _lines_of_invoice(self, invoice_id: str) -> Iterator[Json]:
        return _pages(lambda page: self._stripe.invoices.line_items.list(invoice_id, cast(Any, page)))

    def _whole_note(self, data: Json) -> CreditNote:
        if data.get("lines", {}).get("has_more"):
            items = self._stripe.credit_notes.line_items
            lines = list(_pages(lambda page: items.list(data["id"], cast(Any, page))))
            return understood(CreditNote.from_stripe, {**data, "lines": {"data": lines}})
        return understood(CreditNote.from_stripe, data)

    def _invoice_payments(self, params: dict[str, Any]) -> tuple[InvoicePayment, ...]:
        params = {**params, "expand": list(InvoicePayment.EXPAND)}
        return tuple(
            _each(
                InvoicePayment.from_stripe,
                lambda page: self._stripe.invoice_payments.list(cast(Any, {**params, **page})),
            )
        )


def _one(read: Callable[[Json], T], request: Callable[[], Any]) -> T:
    return understood(read, _read(request))


def _each(read: Callable[[Json], T], list_page: Callable[[dict[str, Any]], Any]) -> Iterator[T]:
    return (understood(read, data) for data in _pages(list_page))


def _pages(list_page: Callable[[dict[str, Any]], Any]) -> Iterator[Json]:
    """Every object of a list, page by page."""
    cursor: dict[str, str] = {}
    while True:
        params = {"limit": PAGE, **cursor}
        page = _read(lambda: list_page(params))  # noqa: B023 - called before the next turn
        yield from page["data"]
        if not page.get("has_more"):
            return
        cursor = {"starting_after": page["data"][-1]["id"]}


def _read(request: Callable[[], Any]) -> Json:
    """The JSON of what a request of the library brought."""
    return _answer(lambda: request().last_response)


def _answer(request: Callable[[], Any]) -> Json:
    """The JSON of an answer; asked again after a growing and jittered pause while Stripe is busy or away."""
    for tries_left in reversed(range(TRIES)):
        try:
            return cast(Json, request().data)
        except stripe.StripeError as error:
            verdict = errors.verdict(error)
            if not (tries_left and isinstance(verdict, RetryLater)):
                raise verdict from None  # the library's own error may repeat what was sent
        time.sleep(0.2 * 2 ** (TRIES - 1 - tries_left) * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("the last try returns or raises")
