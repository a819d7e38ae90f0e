"""Paying: by card or outside Stripe, whole or in part, with an invoice or without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.lives.act import Act, OnInvoice
from tests.lives.customer import Customer, Row, nth

DECLINED = "pm_card_chargeCustomerFail"
DEBITS = ("pm_us_bank_account", "pm_acss_debit")
"""Bank debits: one that is on Stripe's balance while it is on its way, one that is there once it is good."""


@dataclass(frozen=True)
class Pay(OnInvoice):
    """An invoice is paid by card; also one that had been given up."""

    about = ("open", "uncollectible")

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/pay")


@dataclass(frozen=True)
class Decline(OnInvoice):
    """The card is declined."""

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/pay", payment_method=DECLINED)


@dataclass(frozen=True)
class PayOutside(OnInvoice):
    """An invoice is marked as paid outside Stripe; also one that had been given up."""

    about = ("open", "uncollectible")

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/pay", paid_out_of_band=True)


@dataclass(frozen=True)
class PayPart(OnInvoice):
    """A part of an invoice is paid, by card or outside Stripe; `share` in percent of what remains."""

    share: int = 50
    outside: bool = False
    about = ("open", "uncollectible")

    def to(self, invoice: str, customer: Customer) -> None:
        remaining = customer.invoice(invoice)["amount_remaining"]
        amount = max(remaining * self.share // 100 // customer.unit, 1) * customer.unit
        currency = customer.terms.currency
        if self.outside:
            made = customer.post(
                "/v1/payment_records/report_payment",
                amount_requested={"currency": currency, "value": amount},
                customer_details={"customer": customer.id},
            )
            customer.post(f"/v1/invoices/{invoice}/attach_payment", payment_record=made["id"])
            return
        card = customer.world.stripe.store.get("customer", customer.id)["invoice_settings"]
        made = customer.post(
            "/v1/payment_intents",
            amount=amount,
            currency=currency,
            customer=customer.id,
            payment_method=card["default_payment_method"],
            confirm=True,
        )
        customer.post(f"/v1/invoices/{invoice}/attach_payment", payment_intent=made["id"])


@dataclass(frozen=True)
class Charge(Act):
    """A payment without an invoice; of a card, `captured` in percent of what was authorised, is taken."""

    amount: int
    by: str = "pm_card_visa"
    captured: int = 100

    def play(self, customer: Customer) -> None:
        amount = self.amount * customer.unit
        part = max(self.amount * self.captured // 100, 1) * customer.unit
        made = customer.post(
            "/v1/payment_intents",
            amount=amount,
            currency=customer.terms.currency,
            customer=customer.id,
            payment_method=self.by,
            confirm=True,
            **({"capture_method": "manual"} if part < amount else {}),
        )
        if part < amount:
            customer.wait(timedelta(hours=1))
            customer.post(f"/v1/payment_intents/{made['id']}/capture", amount_to_capture=part)


@dataclass(frozen=True)
class PayByDebit(OnInvoice):
    """An invoice is paid by bank debit, which takes days and may fail."""

    by: str = DEBITS[0]

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/pay", payment_method=self.by)


@dataclass(frozen=True)
class EndDebit(Act):
    """The bank answers, days after: the money of a debit comes, or it never will."""

    which: int
    fails: bool = False

    def play(self, customer: Customer) -> None:
        charge = nth(customer.of("charge", status="pending"), self.which)["id"]
        customer.wait(timedelta(days=4))
        bank = customer.world.stripe.bank
        (bank.bounce if self.fails else bank.clear)(charge)


@dataclass(frozen=True)
class Attach(OnInvoice):
    """A payment that had come in without an invoice is counted towards one, if it is not too much."""

    charge: int = 0
    about = ("open", "uncollectible")

    def to(self, invoice: str, customer: Customer) -> None:
        linked = {
            row["payment"].get("payment_intent") for row in customer.world.stripe.store.all("invoice_payment")
        }
        remaining = customer.invoice(invoice)["amount_remaining"]
        free = [
            row["id"]
            for row in customer.of("payment_intent", status="succeeded")
            if row["id"] not in linked and row["amount"] <= remaining and not _taken_back(row, customer)
        ]
        intent = nth(free, self.charge)
        customer.post(f"/v1/invoices/{invoice}/attach_payment", payment_intent=intent)


def _taken_back(intent: Row, customer: Customer) -> bool:
    """Whether a part of a payment went back already; Stripe counts it towards no invoice."""
    charge = customer.world.stripe.store.get("charge", intent["latest_charge"])
    return bool(charge["amount_refunded"] or charge["disputed"])
