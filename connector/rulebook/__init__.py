"""The rulebook: what SuiteSync does and does not do with Stripe's objects in NetSuite's books, as data.

One file for each area. Translation names these rules by id on every record that it
plans, tests carry the ids that they prove, and the console shows them to
accountants. `examples` makes the worked entries with the real translation.
"""

from __future__ import annotations

from collections.abc import Mapping

from connector.rulebook import (
    balance,
    charges,
    closing,
    credit_notes,
    currencies,
    customers,
    decisions,
    discounts,
    disputes,
    editing,
    history,
    identity,
    invoices,
    items,
    metadata,
    negative,
    payment_pages,
    payouts,
    prorations,
    refunds,
    resolving,
    revenue,
    setup,
    shipping,
    subsidiaries,
    taxes,
    timing,
    trials,
)
from connector.rulebook.rule import Area, Rule

__all__ = ["AREAS", "RULES", "Area", "Rule", "not_built"]

AREAS = (
    Area(identity.AREA, "Identity, ids and dates", identity.RULES),
    Area(customers.AREA, "Customers", customers.RULES),
    Area(items.AREA, "Items and prices", items.RULES),
    Area(invoices.AREA, "Invoices", invoices.RULES),
    Area(trials.AREA, "Trial invoices", trials.RULES),
    Area(prorations.AREA, "Prorations and changes of plan", prorations.RULES),
    Area(discounts.AREA, "Discounts", discounts.RULES),
    Area(taxes.AREA, "Taxes", taxes.RULES),
    Area(shipping.AREA, "Shipping", shipping.RULES),
    Area(balance.AREA, "Customer balance", balance.RULES),
    Area(negative.AREA, "Negative invoices", negative.RULES),
    Area(editing.AREA, "Edited invoices", editing.RULES),
    Area(closing.AREA, "Unpaid, void and uncollectible invoices", closing.RULES),
    Area(revenue.AREA, "Revenue recognition", revenue.RULES),
    Area(credit_notes.AREA, "Credit notes", credit_notes.RULES),
    Area(charges.AREA, "Charges and payments", charges.RULES),
    Area(refunds.AREA, "Refunds", refunds.RULES),
    Area(disputes.AREA, "Disputes", disputes.RULES),
    Area(payouts.AREA, "Payouts and deposits", payouts.RULES),
    Area(currencies.AREA, "Currencies", currencies.RULES),
    Area(subsidiaries.AREA, "Subsidiaries", subsidiaries.RULES),
    Area(metadata.AREA, "Metadata and fields", metadata.RULES),
    Area(timing.AREA, "Timing and order", timing.RULES),
    Area(resolving.AREA, "What NetSuite refuses", resolving.RULES),
    Area(setup.AREA, "Set-up in NetSuite", setup.RULES),
    Area(history.AREA, "History", history.RULES),
    Area(payment_pages.AREA, "Payment pages", payment_pages.RULES),
    Area(decisions.AREA, "Decisions", decisions.RULES),
)


def _by_id(areas: tuple[Area, ...]) -> Mapping[str, Rule]:
    """Raises ValueError when two rules share an id."""
    rules = [rule for area in areas for rule in area.rules]
    by_id = {rule.id: rule for rule in rules}
    if len(by_id) != len(rules):
        raise ValueError("Two rules of the rulebook have the same id.")
    return by_id


RULES: Mapping[str, Rule] = _by_id(AREAS)
"""Every rule by its id, in reading order."""


def not_built() -> Mapping[str, tuple[str, ...]]:
    """The ids of the rules that are not built, by the reason."""
    reasons = dict.fromkeys(rule.why_not for rule in RULES.values() if rule.why_not)
    return {reason: tuple(rule.id for rule in RULES.values() if rule.why_not == reason) for reason in reasons}
