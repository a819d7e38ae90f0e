"""Disputes: a payer's bank takes money back, and may have to return it."""

from .amounts import CURRENCIES
from .errors import invalid
from .forms import flag, mapping, merged_metadata, text
from .operations import operation
from .periods import DAY
from .store import Row, Store, nothing
from .transactions import Fee, Worth, record, settled, transaction_of, transaction_view, worth_of

REASONS = (
    "bank_cannot_process",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
"""Why a payer disputes, in Stripe's words."""

ANSWER_DAYS = 14
INQUIRIES = ("warning_needs_response", "warning_under_review")
DECIDABLE = ("needs_response", "under_review")

EVIDENCE_NAMES = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure "
    "cancellation_rebuttal customer_communication customer_email_address customer_name "
    "customer_purchase_ip customer_signature duplicate_charge_documentation "
    "duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy "
    "refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)
EVIDENCE = frozenset(EVIDENCE_NAMES.split())


def dispute_view(store: Store, dispute: Row) -> Row:
    """A dispute with its balance transactions whole, as Stripe sends it."""
    rows = [transaction_view(store, row) for row in dispute["balance_transactions"]]
    return {**dispute, "balance_transactions": rows}


@operation("POST", "/v1/disputes/{id}", "evidence metadata submit")
def update_dispute(store: Store, params: Row, identity: str) -> Row:
    """Give evidence or metadata; evidence is submitted to the bank unless `submit` is false."""
    dispute = store.get("dispute", identity)
    names = ("evidence", "evidence_details", "metadata", "status")
    before = {name: dispute[name] for name in names}
    if "metadata" in params:
        dispute["metadata"] = merged_metadata(dispute["metadata"], params["metadata"])
    if "evidence" in params:
        _take_evidence(dispute, mapping(params["evidence"], "evidence"))
    if flag(params.get("submit", "evidence" in params)):
        _submit(dispute)
    _tell(store, dispute, {name: old for name, old in before.items() if dispute[name] != old})
    return dispute


@operation("POST", "/v1/disputes/{id}/close")
def close_dispute(store: Store, params: Row, identity: str) -> Row:
    """Accept a dispute: it is lost."""
    dispute = store.get("dispute", identity)
    lose(store, dispute)
    return dispute


def open_dispute(store: Store, charge: Row, amount: int, reason: str, *, inquiry: bool = False) -> Row:
    """A payer disputes an amount of minor units; an inquiry moves no money yet.

    The amount may be less than the charge, or more when rates have moved.
    """
    if reason not in REASONS:
        raise ValueError(f"{reason!r} is not one of {REASONS}")
    if charge["status"] == "failed" or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} holds no money that could be disputed.")
    dispute = store.insert(_dispute(store, charge, amount, reason, inquiry=inquiry))
    disputed = charge["disputed"]
    charge["disputed"] = True
    if not inquiry:
        move(store, dispute, -1)
    store.emit("charge.dispute.created", dispute_view(store, dispute))
    if not inquiry:
        store.emit("charge.dispute.funds_withdrawn", dispute_view(store, dispute))
    if not disputed:
        store.emit("charge.updated", charge, {"disputed": False})
    return dispute


def escalate(store: Store, dispute: Row) -> None:
    """An inquiry becomes a dispute: now the money is taken."""
    _check_open(dispute, "needs_response", INQUIRIES)
    before = {name: dispute[name] for name in ("is_charge_refundable", "status")}
    dispute.update(status="needs_response", is_charge_refundable=False)
    if dispute["payment_method_details"]:
        dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    move(store, dispute, -1)
    _tell(store, dispute, before)
    store.emit("charge.dispute.funds_withdrawn", dispute_view(store, dispute))


def close_inquiry(store: Store, dispute: Row) -> None:
    """An inquiry ends without a dispute."""
    _close(store, dispute, "warning_closed", INQUIRIES)


def win(store: Store, dispute: Row, *, fee_back: bool = True) -> None:
    """The bank decides for us: the money comes back, and the fee unless Stripe keeps it."""
    _check_open(dispute, "won", DECIDABLE)
    if _outstanding(dispute):
        reinstate(store, dispute, fee_back=fee_back)
    _close(store, dispute, "won", DECIDABLE)


def lose(store: Store, dispute: Row) -> None:
    """The bank decides for the payer: the money stays gone."""
    _close(store, dispute, "lost", DECIDABLE)


def reinstate(store: Store, dispute: Row, *, fee_back: bool = True) -> None:
    """The money comes back; when nothing is decided yet, the dispute stays open."""
    move(store, dispute, 1, fee_back=fee_back)
    store.emit("charge.dispute.funds_reinstated", dispute_view(store, dispute))


def withdraw_again(store: Store, dispute: Row) -> None:
    """The payer's bank does not accept that the money came back: it is taken once more."""
    if not dispute["balance_transactions"]:
        raise invalid(f"The money of dispute {dispute['id']} was never taken.")
    before = {"status": dispute["status"]}
    move(store, dispute, -1)
    dispute["status"] = "needs_response"
    _tell(store, dispute, before)
    store.emit("charge.dispute.funds_withdrawn", dispute_view(store, dispute))


def move(store: Store, dispute: Row, sign: int, *, fee_back: bool = True) -> None:
    """Take the disputed amount off the balance with the fee (-1), or give it back (1)."""
    if bool(_outstanding(dispute)) == (sign < 0):
        raise invalid(f"The money of dispute {dispute['id']} has been moved already.")
    charge = store.get("charge", dispute["charge"])
    taken = _outstanding(dispute)
    if taken is None:
        worth = settled(store, -dispute["amount"], dispute["currency"], transaction_of(store, charge))
        fees = [Fee(CURRENCIES[worth.currency].dispute_fee, "Dispute fee")]
    else:
        worth = worth_of(taken, -1)
        fees = [Fee(-taken["fee"], "Dispute fee")] if fee_back else []
    dispute["balance_transactions"] = [
        *dispute["balance_transactions"],
        _record(store, dispute, worth, fees),
    ]


def _record(store: Store, dispute: Row, worth: Worth, fees: list[Fee]) -> Row:
    out = worth.amount < 0
    words = "withdrawal" if out else "reversal"
    return record(
        store,
        "adjustment",
        worth,
        source=dispute["id"],
        fees=fees,
        category="dispute" if out else "dispute_reversal",
        description=f"Chargeback {words} for {dispute['charge']}",
    )


def _outstanding(dispute: Row) -> Row | None:
    """The transaction that took the money, if it has not been given back since."""
    rows = dispute["balance_transactions"]
    return rows[-1] if rows and rows[-1]["amount"] < 0 else None


def _take_evidence(dispute: Row, given: Row) -> None:
    for name, value in given.items():
        if name not in EVIDENCE:
            raise invalid(f"Received unknown parameter: evidence[{name}]", code="parameter_unknown")
        dispute["evidence"] = {**dispute["evidence"], name: text(value)}
    dispute["evidence_details"] = {**dispute["evidence_details"], "has_evidence": True}


def _submit(dispute: Row) -> None:
    status = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
    if dispute["status"] not in status:
        raise invalid("This dispute is already closed or under review.", code="dispute_already_submitted")
    dispute["status"] = status[dispute["status"]]
    details = dispute["evidence_details"]
    dispute["evidence_details"] = {
        **details,
        "submission_count": details["submission_count"] + 1,
        "submission_method": "manual",
    }


def _check_open(dispute: Row, status: str, open_states: tuple[str, ...]) -> None:
    if dispute["status"] not in open_states:
        raise invalid(f"Dispute {dispute['id']} is {dispute['status']}, which cannot become {status}.")


def _close(store: Store, dispute: Row, status: str, open_states: tuple[str, ...]) -> None:
    _check_open(dispute, status, open_states)
    before = {"status": dispute["status"]}
    dispute["status"] = status
    store.emit("charge.dispute.closed", dispute_view(store, dispute), before)


def _tell(store: Store, dispute: Row, previous: Row) -> None:
    if previous:
        store.emit("charge.dispute.updated", dispute_view(store, dispute), previous)


def _dispute(store: Store, charge: Row, amount: int, reason: str, *, inquiry: bool) -> Row:
    return {
        "id": store.new_id("dispute"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": store.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**nothing(EVIDENCE_NAMES), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": store.now() + ANSWER_DAYS * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4" if reason == "fraudulent" else None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _paid_by(charge, inquiry=inquiry),
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _paid_by(charge: Row, *, inquiry: bool) -> Row | None:
    card = charge["payment_method_details"].get("card")
    if not card:
        return None
    case = "inquiry" if inquiry else "chargeback"
    network = {"brand": card["brand"], "case_type": case, "network": card["network"]}
    return {"card": {**network, "network_reason_code": None}, "type": "card"}
