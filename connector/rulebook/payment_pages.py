"""Payment pages: where customers pay NetSuite's invoices themselves."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import both, docs

AREA = "payment_pages"


def _rule(id: str, statement: str, source: str) -> Rule:
    return Rule(id, AREA, statement, source, why_not=reasons.PAYMENT_PAGES)


RULES = (
    _rule(
        "IP-1",
        "Each new invoice has a link on which its amount due is paid, once.",
        docs("invoice payment page"),
    ),
    _rule(
        "IP-2", "The link names the Stripe account, the mode and the invoice.", docs("payment link", "errors")
    ),
    _rule("IP-3", "Only new invoices of more than 0.50 have one.", docs("invoice payment page", "errors")),
    _rule("IP-4", "What is paid there is applied to the invoice at once.", docs("invoice payment page")),
    _rule("IP-5", "The means of payment is kept only by setting.", docs("invoice payment page")),
    _rule(
        "IP-6",
        "On the customer's page any part of what is owed can be paid; the payment stays unapplied.",
        docs("customer payment page", "errors"),
    ),
    _rule("IP-7", "The free link takes payments and books nothing.", docs("payment link")),
    _rule("IP-8", "The invoice form has to show currency and amount due.", docs("errors")),
    _rule("IP-9", "Stripe or NetSuite sends the receipt.", docs("invoice payment page")),
    _rule("IP-10", "The older page took sales orders as well.", both("business payments", "errors")),
)
