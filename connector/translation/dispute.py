"""Dispute -> a customer refund each time that the bank takes the money, and a memo (`takeback`).

Balance transactions decide and never the status (DS-H5): each withdrawal is booked on its own day
(DS-H2), so an inquiry makes nothing (DS-2, DS-H1) and a lost dispute nothing more (DS-7). What comes
back after a win reverses no record: it is a line of the next deposit, and so is every fee (DS-3,
DS-5). When the money is taken again, it is taken back of the invoice once more:

    du_1 over 120.00 USD, of ch_1 which paid in_1; won; taken again
        Dr  Income                 120.00    ns_memo:du_1, then ns_memo:du_1:2
        Cr  Accounts Receivable            120.00
        Dr  Accounts Receivable    120.00    du_1, then du_1:2
        Cr  Undeposited Funds              120.00
"""

from __future__ import annotations

from dataclasses import replace

from connector.money import Amount, total
from connector.netsuite.records import is_internal_id
from connector.stripe.balance import BalanceTransaction
from connector.stripe.objects import Charge
from connector.stripe.reversals import Dispute
from connector.translation import items
from connector.translation.customer import not_an_internal_id
from connector.translation.gate import blocked
from connector.translation.plan import Link, Problem, Summary
from connector.translation.portion import Terms
from connector.translation.rate import exchange_rate
from connector.translation.settings import Settings
from connector.translation.takeback import Takeback

REFUND_KEY = "netsuite_customer_refund_id"
CASH_REFUND_KEY = "netsuite_cash_refund_id"


def summarise(dispute: Dispute) -> Summary:
    """Dispute and its amount."""
    return Summary(f"Dispute {dispute.id}", amount=dispute.amount)


def link_of(dispute: Dispute) -> Link | None:
    """What somebody entered in NetSuite for the first withdrawal, when the metadata names it (ME-1)."""
    if named := dispute.metadata.get(REFUND_KEY, "").strip():
        return Link("customerRefund", dispute.id, named, REFUND_KEY, ("ME-1",))
    if named := dispute.metadata.get(CASH_REFUND_KEY, "").strip():
        return Link("cashRefund", dispute.id, named, CASH_REFUND_KEY, ("ME-1",))
    return None


def problem_of(dispute: Dispute, charge: Charge) -> Problem | None:
    """Why it cannot be booked: metadata that names no record, or a currency that its payment is not in."""
    for key in (REFUND_KEY, CASH_REFUND_KEY):
        named = dispute.metadata.get(key, "").strip()
        if named and not is_internal_id(named):
            return not_an_internal_id(dispute.id, key, named)
    if dispute.amount.currency != charge.amount.currency:
        text = f"{dispute.id} is in {dispute.amount.currency}, its payment {charge.id} in "
        return Problem("dispute_currency_differs", f"{text}{charge.amount.currency}.")
    return None


def takebacks(dispute: Dispute, charge: Charge, settings: Settings) -> list[Takeback]:
    """One for each withdrawal: `du_1`, `du_1:2`…; none while somebody holds it by its mark (SY-1)."""
    if blocked(dispute.id, dispute.metadata, settings):
        return []
    made: list[Takeback] = []
    for movement in dispute.movements:
        if movement.amount.value < 0:
            made.append(_takeback(dispute, charge, movement, len(made) + 1, settings))
        elif movement.amount and made:
            made[-1] = replace(made[-1], returned=True)
    return made


def regained(dispute: Dispute) -> Amount:
    """What came back of the disputed money, in the charge's currency, however often it went."""
    currency = dispute.amount.currency
    back = [_own(dispute, movement) for movement in dispute.movements if movement.amount.value > 0]
    return total(back, currency)


def _takeback(
    dispute: Dispute, charge: Charge, movement: BalanceTransaction, turn: int, settings: Settings
) -> Takeback:
    amount = _own(dispute, movement)
    why = dispute.reason.replace("_", " ")
    rules = ["DS-1", "DS-7", "DS-H1", "DS-H2", "DS-H5"]
    rules += ["DS-8"] if amount != charge.amount_captured else []
    rules += ["MC-H2"] if movement.amount.currency != amount.currency else []
    return Takeback(
        external_id=dispute.id if turn == 1 else f"{dispute.id}:{turn}",
        stripe_id=dispute.id,
        amount=amount,
        at=movement.created,
        memo=f"Stripe: {dispute.id}. Dispute of {charge.id}{f': {why}' if why else ''}.",
        terms=_terms(settings),
        beyond=items.DISPUTE,
        rules=tuple(rules),
        code=charge.id,
        exchange_rate=exchange_rate(amount, -movement.amount, settings.base_currency),
        may_exceed=True,
    )


def _own(dispute: Dispute, movement: BalanceTransaction) -> Amount:
    """A movement in the charge's currency; one that Stripe converted is the dispute's amount."""
    if movement.amount.currency != dispute.amount.currency:
        return dispute.amount
    return max(movement.amount, -movement.amount)


def _terms(settings: Settings) -> Terms:
    return Terms(
        own=items.chosen(settings.dispute_item),
        several=items.DISPUTE,
        taxed=False,
        words="Dispute",
        tax_account=settings.tax_account,
        whole_rules=("DS-4",),
        own_rules=("DS-4",),
        one_rules=("DS-8", "DS-H3"),
        several_rules=("DS-8", "DS-H3"),
    )
