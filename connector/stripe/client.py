"""The one door to Stripe, and the only user of its library.

Objects are read at the pinned API version, turned into plain JSON at once and
handed on as frozen values (`objects.py`). Every method may raise a verdict of
`connector.errors`.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import stripe

from connector.errors import NeedsAttention, RetryLater
from connector.stripe import errors
from connector.stripe.billing import TaxRate
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, InvoicePayment, Price
from connector.stripe.shape import Json

API_VERSION = "2026-10-28.endive"

CONNECT_SECONDS, READ_SECONDS = 5, 30
TRIES = 4
"""How often one request is sent when Stripe is busy; the library itself never resends a 429."""
PAGE = 100


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
        self._stripe = stripe.StripeClient(
            api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        ).v1

    def fetch_customer(self, customer_id: str) -> Customer:
        """The customer as it is now, deleted ones included."""
        return Customer.from_stripe(_read(lambda: self._stripe.customers.retrieve(customer_id)))

    def fetch_price(self, price_id: str) -> Price:
        """The price, with its product."""
        expand = list(Price.EXPAND)
        return Price.from_stripe(_read(lambda: self._stripe.prices.retrieve(price_id, {"expand": expand})))

    def fetch_tax_rate(self, tax_rate_id: str) -> TaxRate:
        """The tax rate, archived ones included."""
        return TaxRate.from_stripe(_read(lambda: self._stripe.tax_rates.retrieve(tax_rate_id)))

    def fetch_charge(self, charge_id: str) -> Charge:
        """The charge as it is now."""
        return Charge.from_stripe(_read(lambda: self._stripe.charges.retrieve(charge_id)))

    def fetch_invoice(self, invoice_id: str) -> Invoice:
        """The invoice as it is now, with all its lines (Stripe embeds only the first ones)."""
        expand = list(Invoice.EXPAND)
        data = dict(_read(lambda: self._stripe.invoices.retrieve(invoice_id, {"expand": expand})))
        if data.get("lines", {}).get("has_more"):
            data["lines"] = {"data": list(self._lines_of_invoice(invoice_id))}
        return Invoice.from_stripe(data)

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

    def fetch_invoice_ids_of_charge(self, charge: Charge) -> tuple[str, ...]:
        """The invoices that the charge pays; none for a standalone charge."""
        if not charge.payment_intent_id:
            return ()
        payment = {"type": "payment_intent", "payment_intent": charge.payment_intent_id}
        found = self._invoice_payments({"payment": payment})
        return tuple(dict.fromkeys(one.invoice_id for one in found))

    def fetch_charge_id_of_payment_intent(self, payment_intent_id: str) -> str:
        """The latest charge of a payment intent; empty if it has none."""
        intent = _read(lambda: self._stripe.payment_intents.retrieve(payment_intent_id))
        return str(intent.get("latest_charge") or "")

    def fetch_account(self) -> Json:
        """Stripe's own description of the account, as JSON: `id`, `country`, `settings`…"""
        return _read(self._stripe.accounts.retrieve_current)

    def _lines_of_invoice(self, invoice_id: str) -> Iterator[Json]:
        return _pages(lambda page: self._stripe.invoices.line_items.list(invoice_id, cast(Any, page)))

    def _whole_note(self, data: Json) -> CreditNote:
        if data.get("lines", {}).get("has_more"):
            items = self._stripe.credit_notes.line_items
            lines = list(_pages(lambda page: items.list(data["id"], cast(Any, page))))
            return CreditNote.from_stripe({**data, "lines": {"data": lines}})
        return CreditNote.from_stripe(data)

    def _invoice_payments(self, params: dict[str, Any]) -> tuple[InvoicePayment, ...]:
        params = {**params, "expand": list(InvoicePayment.EXPAND)}
        pages = _pages(lambda page: self._stripe.invoice_payments.list(cast(Any, {**params, **page})))
        return tuple(InvoicePayment.from_stripe(data) for data in pages)


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
    """The JSON of a read, asked again after a growing and jittered pause while Stripe is busy or away."""
    for tries_left in reversed(range(TRIES)):
        try:
            return cast(Json, request().last_response.data)
        except stripe.StripeError as error:
            verdict = errors.verdict(error)
            if not (tries_left and isinstance(verdict, RetryLater)):
                raise verdict from None  # the library's own error may repeat what was sent
        time.sleep(0.2 * 2 ** (TRIES - 1 - tries_left) * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("the last try returns or raises")
