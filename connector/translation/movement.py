"""Movement: what a balance transaction of Stripe's is in the books of a payout.

Most movements have a record of ours that stands for them: a charge its payment, a refund or
dispute its customer refund. The deposit takes that record to the bank. Every other movement, and
what each costs, is a line of the deposit on a ledger account:

    txn_1  charge     120.00, fee 3.78    the payment of ch_1, and 3.78 of processing fees
    txn_2  stripe_fee  -7.00              7.00 on the account for Stripe's fees
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connector.money import Amount, total
from connector.stripe.balance import BalanceTransaction
from connector.translation.settings import Settings


class Role(StrEnum):
    """What a movement needs in NetSuite."""

    RECORD = "record"
    """A record in Undeposited Funds: of a charge, refund, dispute or failed bank debit."""
    REFUND_BACK = "refund_back"
    """A refund that failed after its money had left: the customer has a credit again (RF-H2)."""
    DISPUTE_BACK = "dispute_back"
    """Money of a dispute that came back (DS-5)."""
    PAYOUT = "payout"
    """Another payout, made by hand or sent back by the bank (PO-H5)."""
    OTHER = "other"
    """Whatever else has an account of its own (PO-H3)."""


CHARGES = frozenset({"charge", "payment"})
REFUNDS = frozenset({"refund", "payment_refund"})
FAILED_DEBITS = frozenset({"payment_failure_refund", "payment_reversal"})
PAYOUTS = frozenset({"payout", "payout_cancel", "payout_failure"})
PARTIAL_CAPTURE = "partial_capture_reversal"


def role_of(movement: BalanceTransaction) -> Role:
    """Which of them it is. Stripe's category tells an adjustment for a dispute from all others."""
    if movement.kind in CHARGES | REFUNDS | FAILED_DEBITS:
        return Role.RECORD
    if movement.kind == "refund_failure":
        return Role.REFUND_BACK
    if movement.kind in PAYOUTS:
        return Role.PAYOUT
    if movement.kind == "adjustment" and _is_of_dispute(movement):
        return Role.RECORD if movement.amount.value < 0 else Role.DISPUTE_BACK
    return Role.OTHER


def _is_of_dispute(movement: BalanceTransaction) -> bool:
    return movement.category in ("dispute", "dispute_reversal") or movement.source_id.startswith(
        ("du_", "dp_")
    )


def is_partial_capture(movement: BalanceTransaction) -> bool:
    """Whether it takes back what was authorised and never captured: a part of its charge (CH-H1)."""
    return movement.kind in REFUNDS and movement.category == PARTIAL_CAPTURE


def record_key(movement: BalanceTransaction) -> str:
    """The external id of the record that stands for it, as far as the movement itself tells (K16)."""
    if movement.kind in FAILED_DEBITS:
        return f"ns_refund:{movement.source_id}"
    return movement.source_id


def subject_of(key: str) -> str:
    """The Stripe object whose job makes the record of this external id."""
    return key.removeprefix("ns_refund:").partition(":")[0]


# What movements cost


@dataclass(frozen=True, slots=True)
class FeeKind:
    """A category of fees, one line of a deposit each (PO-H2); `setting` names its account."""

    title: str
    setting: str
    rules: tuple[str, ...]

    def account(self, settings: Settings) -> str:
        """The ledger account chosen for it; most fees fall to the payment fees account (PO-9)."""
        return getattr(settings, self.setting) or settings.payment_fees_account


PROCESSING = FeeKind("Stripe processing fees", "payment_fees_account", ("PO-4",))
REFUNDING = FeeKind("Stripe fees for refunds", "payment_fees_account", ("PO-4", "RF-H4"))
CONVERSION = FeeKind("Stripe fees for currency conversion", "conversion_fees_account", ("PO-4", "MC-7"))
DISPUTES = FeeKind("Stripe fees for disputes", "dispute_fees_account", ("PO-4", "DS-3"))
NETWORK = FeeKind("Network fees", "network_fees_account", ("PO-9",))
APPLICATION = FeeKind("Application fees", "application_fees_account", ("PO-9",))
TAX = FeeKind("Taxes on Stripe fees", "fee_tax_account", ("PO-9",))
PRODUCTS = FeeKind("Stripe fees", "stripe_fees_account", ("PO-9",))

_BY_DETAIL = {
    "application_fee": APPLICATION,
    "payment_method_passthrough_fee": NETWORK,
    "tax": TAX,
    "withheld_tax": TAX,
}


def costs(movement: BalanceTransaction) -> list[tuple[FeeKind, Amount]]:
    """The parts of the movement's fee, negative when given back; what is not itemised is for processing."""
    parts = [(_kind_of(one.kind, one.description, movement), one.amount) for one in movement.fees]
    rest = movement.fee - total([amount for _, amount in parts], movement.fee.currency)
    if rest:
        parts.append((_kind_of("stripe_fee", "", movement), rest))
    return parts


def _kind_of(detail: str, description: str, movement: BalanceTransaction) -> FeeKind:
    if detail in _BY_DETAIL:
        return _BY_DETAIL[detail]
    if movement.kind == "adjustment" and _is_of_dispute(movement):
        return DISPUTES
    if "conversion" in description.lower():
        return CONVERSION
    if role_of(movement) is not Role.RECORD:
        return PRODUCTS
    return REFUNDING if movement.kind in REFUNDS and not is_partial_capture(movement) else PROCESSING


_FEE_KINDS = {"stripe_fx_fee": CONVERSION, "tax_fee": TAX}


def fee_kind(movement: BalanceTransaction) -> FeeKind | None:
    """Of a movement that is itself a fee, such as for Radar or Billing, its category."""
    if movement.kind == "stripe_fee":
        return NETWORK if movement.category == "network_cost" else PRODUCTS
    return _FEE_KINDS.get(movement.kind)


def account_of(movement: BalanceTransaction, settings: Settings) -> str:
    """The ledger account of a movement that no record stands for; empty when nobody has chosen one.

    An account chosen for the very type goes first.
    """
    role, chosen = role_of(movement), settings.balance_accounts.get(movement.kind, "")
    if role is Role.REFUND_BACK:
        return settings.receivables_account
    if role is Role.DISPUTE_BACK:
        return settings.dispute_reversals_account or settings.income_account
    if chosen:
        return chosen
    if role is Role.PAYOUT:
        return settings.payout_clearing_account
    if kind := fee_kind(movement):
        return kind.account(settings)
    return settings.adjustments_account if movement.kind == "adjustment" else ""
