"""Payouts: Stripe's balance goes to the bank, by itself each day or on request."""

from .account import balance, held
from .amounts import INSTANT_RATE, currency_of, rounded
from .bank_accounts import bank_account
from .errors import invalid
from .forms import merged_metadata, text, whole
from .operations import operation
from .periods import business_day
from .store import Row, Store
from .transactions import Fee, Worth, record

ARRIVAL_DAYS = 2

FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debit transactions are not approved on your bank account.",
    "insufficient_funds": "Your bank account has insufficient funds to cover this debit.",
    "no_account": "The bank account could not be located.",
}
"""Why a bank refuses a payout, by Stripe's code."""


@operation(
    "POST", "/v1/payouts", "amount currency description destination metadata method statement_descriptor"
)
def create_payout(store: Store, params: Row) -> Row:
    """A payout by hand, standard or instant; the transactions behind it cannot be listed."""
    currency = currency_of(params.get("currency"))
    amount = whole(params.get("amount", ""), "amount")
    method = text(params.get("method")) or "standard"
    if method not in ("instant", "standard"):
        raise invalid("Invalid method: must be one of instant or standard", param="method")
    available = held(store, "available")[currency]
    if not 0 < amount <= available:
        raise invalid(
            f"You have insufficient funds in your Stripe account for this transfer: {available} available.",
            code="balance_insufficient",
        )
    payout = _payout(store, amount, currency, automatic=False, method=method)
    payout.update({name: text(params.get(name)) for name in ("description", "statement_descriptor")})
    payout["metadata"] = merged_metadata({}, params.get("metadata"))
    if method == "instant":
        payout["arrival_date"] = store.now()
    return _send(store, payout)


@operation("POST", "/v1/payouts/{id}", "metadata")
def update_payout(store: Store, params: Row, identity: str) -> Row:
    """Change a payout's metadata."""
    payout = store.get("payout", identity)
    before = {"metadata": payout["metadata"]}
    payout["metadata"] = merged_metadata(payout["metadata"], params.get("metadata", {}))
    if payout["metadata"] != before["metadata"]:
        store.emit("payout.updated", payout, before)
    return payout


@operation("POST", "/v1/payouts/{id}/cancel")
def cancel_payout(store: Store, params: Row, identity: str) -> Row:
    """Call back a payout that was made by hand and is still pending."""
    payout = store.get("payout", identity)
    if payout["automatic"] or payout["status"] != "pending":
        raise invalid("You can only cancel a pending payout that was not made automatically.")
    _give_back(store, payout, "payout_cancel")
    payout["status"] = "canceled"
    store.emit("payout.canceled", payout, {"status": "pending"})
    return payout


@operation("POST", "/v1/payouts/{id}/reverse", "metadata")
def reverse_payout(store: Store, params: Row, identity: str) -> Row:
    """Take a paid payout back from the bank, by a new payout the other way."""
    original = store.get("payout", identity)
    if original["status"] != "paid" or original["reversed_by"] or original["amount"] < 0:
        raise invalid("You can only reverse a payout that was paid and has not been reversed.")
    back = _payout(store, -original["amount"], original["currency"], automatic=False)
    back["original_payout"] = identity
    back["metadata"] = merged_metadata({}, params.get("metadata"))
    _send(store, back)
    original["reversed_by"] = back["id"]
    store.emit("payout.updated", original, {"reversed_by": None})
    return back


def pay_out(store: Store, currency: str, since: int = 0) -> Row | None:
    """Stripe's own daily payout of all that is available in a currency; None when that is nothing.

    `since` leaves out the first so many balance transactions of the account. When more went out than
    came in, the payout is negative: the bank account is debited.
    """
    rows = [row for row in store.all("balance_transaction")[since:] if _payable(store, row, currency)]
    amount = sum(row["net"] for row in rows)
    if not amount:
        return None
    store.emit("balance.available", balance(store, {}))
    payout = _payout(store, amount, currency, automatic=True)
    for row in rows:
        store.keep_aside(row, payout=payout["id"])
    _send(store, payout)
    return submit(store, payout)


def submit(store: Store, payout: Row) -> Row:
    """A pending payout is handed to the bank."""
    _check(payout, "in_transit", "pending")
    payout["status"] = "in_transit"
    store.emit("payout.updated", payout, {"status": "pending"})
    return payout


def arrive(store: Store, payout: Row) -> None:
    """The bank has the money, or gave it when the payout is negative."""
    _check(payout, "paid", "in_transit", "pending")
    trace = {"status": "supported", "value": f"SBXTRACE{payout['id'][-6:]}"}
    before = {"status": payout["status"], "trace_id": payout["trace_id"]}
    payout.update(status="paid", trace_id=trace)
    store.emit("payout.paid", payout, before)


def reconcile(store: Store, payout: Row) -> None:
    """The transactions behind an automatic payout can be listed from now on."""
    if payout["reconciliation_status"] != "in_progress":
        raise invalid(f"Payout {payout['id']} is not being reconciled.")
    payout["reconciliation_status"] = "completed"
    store.emit("payout.updated", payout, {"reconciliation_status": "in_progress"})
    store.emit("payout.reconciliation_completed", payout)


def fail_payout(store: Store, payout: Row, code: str) -> None:
    """The bank sends the money back, perhaps days after it was paid; it is on the balance again."""
    _check(payout, "failed", "pending", "in_transit", "paid")
    before = payout["status"]
    _give_back(store, payout, "payout_failure")
    payout.update(status="failed", failure_code=code, failure_message=FAILURES[code])
    store.emit("payout.failed", payout, {"status": before})


def _payable(store: Store, row: Row, currency: str) -> bool:
    available = row["available_on"] <= store.now() or row["type"] == "payout"
    return row["currency"] == currency and available and not store.held(row, "payout")


def _check(payout: Row, wanted: str, *states: str) -> None:
    if payout["status"] not in states:
        raise invalid(f"Payout {payout['id']} is {payout['status']}, which cannot become {wanted}.")


def _send(store: Store, payout: Row) -> Row:
    """Keep a payout and take its money off the balance."""
    fee = rounded(INSTANT_RATE * payout["amount"]) if payout["method"] == "instant" else 0
    transaction = record(
        store,
        "payout",
        Worth(-payout["amount"], payout["currency"]),
        source=payout["id"],
        fees=[Fee(fee, "Instant payout fee")],
        description="STRIPE PAYOUT",
        available_on=payout["arrival_date"],
    )
    payout["balance_transaction"] = transaction["id"]
    if payout["automatic"]:
        store.keep_aside(transaction, payout=payout["id"])
    store.emit("payout.created", payout)
    return payout


def _give_back(store: Store, payout: Row, kind: str) -> None:
    transaction = record(
        store,
        kind,
        Worth(payout["amount"], payout["currency"]),
        source=payout["id"],
        description=f"{kind.replace('_', ' ').upper()} ({payout['id']})",
        available_on=store.now(),
    )
    payout["failure_balance_transaction"] = transaction["id"]


def _payout(store: Store, amount: int, currency: str, *, automatic: bool, method: str = "standard") -> Row:
    return store.insert(
        {
            "id": store.new_id("payout"),
            "object": "payout",
            "amount": amount,
            "application_fee": None,
            "application_fee_amount": None,
            "arrival_date": business_day(store.now(), ARRIVAL_DAYS),
            "automatic": automatic,
            "balance_transaction": None,
            "created": store.now(),
            "currency": currency,
            "description": "STRIPE PAYOUT" if automatic else None,
            "destination": bank_account(store, currency)["id"],
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "livemode": False,
            "metadata": {},
            "method": method,
            "original_payout": None,
            "payout_method": None,
            "reconciliation_status": "in_progress" if automatic else "not_applicable",
            "reversed_by": None,
            "source_type": "card",
            "statement_descriptor": None,
            "status": "pending",
            "trace_id": {"status": "pending", "value": None},
            "type": "bank_account",
        }
    )
