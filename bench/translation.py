"""Pure translation: from Stripe's values of a paid invoice to its plan, in processor time."""

from __future__ import annotations

from statistics import median

from bench.client_cpu import cpu_ms
from bench.results import Measure, at_most
from bench.stage import Stage
from connector.engine import choices, doors
from connector.translation import invoice as invoices

LINES = 10
TURNS = 50
SAMPLES = 9
GOAL_MS = 2


def measure(stage: Stage) -> list[Measure]:
    """Milliseconds for one invoice of ten lines with its payment."""
    customer, prices = stage.shop.new_customer("Ten Lines Inc."), stage.shop.new_prices(LINES)
    identity = stage.shop.new_paid_invoice(customer, prices)
    client = doors.stripe_client(stage.account)
    invoice, payments = client.fetch_invoice(identity), client.fetch_payments_of_invoice(identity)
    stage.book(identity)  # so that the account knows NetSuite's currencies
    stage.account.refresh_from_db()
    settings = choices.settings_of(stage.account)

    def translate() -> None:
        for _ in range(TURNS):
            plan = invoices.translate(invoice, payments, {}, settings)
            assert len(plan.records) == 2

    each = median(cpu_ms(translate) for _ in range(SAMPLES)) / TURNS
    title = f"Pure translation of a paid invoice, {LINES} lines, CPU"
    return [at_most("translation_cpu_ms", title, each, GOAL_MS, "ms", "invoice and payment, nothing read")]
