"""Transfers to connected accounts, and their reversals."""

from .amounts import currency_of
from .application_fees import take_fee
from .errors import invalid, required
from .forms import merged_metadata, text, whole
from .lists import CURSORS, page
from .operations import operation
from .store import Row, Store
from .transactions import Worth, record

REVERSALS = "/v1/transfers/{id}/reversals"


def transfer_view(store: Store, transfer: Row) -> Row:
    """A transfer with its reversals, newest first, as Stripe sends it."""
    rows = store.where("transfer_reversal", transfer=transfer["id"])[::-1]
    address = REVERSALS.replace("{id}", transfer["id"])
    return {**transfer, "reversals": page(rows, {}, address)}


@operation(
    "POST",
    "/v1/transfers",
    "amount currency description destination metadata source_transaction transfer_group",
)
def create_transfer(store: Store, params: Row) -> Row:
    """Send an amount of minor units to a connected account."""
    destination = text(params.get("destination"))
    if not destination:
        raise required("destination")
    currency = currency_of(params.get("currency"))
    amount = whole(params.get("amount", ""), "amount")
    if amount <= 0:
        raise invalid("A transfer must be more than nothing.", param="amount")
    charge = text(params.get("source_transaction"))
    if charge:
        store.get("charge", charge, param="source_transaction")
    return _send(store, params, amount, currency, destination, charge)


def transfer_data(params: Row) -> Row | None:
    """The connected account that a payment is made for, and its part of it in minor units if not all."""
    given = params.get("transfer_data")
    if not given:
        return None
    destination = text(given.get("destination"))
    if not destination:
        raise required("transfer_data[destination]")
    amount = given.get("amount")
    return {"amount": None if amount is None else whole(amount, "amount"), "destination": destination}


def share(store: Store, charge: Row) -> None:
    """Send a settled charge's money on to the account that it was made for, and earn the fee on it."""
    given = charge["transfer_data"]
    if not given:
        return
    amount, currency = given["amount"] or charge["amount_captured"], charge["currency"]
    sent = _send(store, {}, amount, currency, given["destination"], charge["id"])
    charge["transfer"] = sent["id"]
    if charge["application_fee_amount"]:
        fee = take_fee(store, charge["application_fee_amount"], currency, given["destination"])
        charge["application_fee"] = fee["id"]


def _send(store: Store, params: Row, amount: int, currency: str, destination: str, charge: str | None) -> Row:
    row = store.insert(
        {
            "id": store.new_id("transfer"),
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "balance_transaction": None,
            "created": store.now(),
            "currency": currency,
            "description": text(params.get("description")),
            "destination": destination,
            "destination_payment": store.new_id("payment"),
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "reversed": False,
            "source_transaction": charge,
            "source_type": "card",
            "transfer_group": text(params.get("transfer_group")),
        }
    )
    made = record(
        store, "transfer", Worth(-amount, currency), source=row["id"], description=row["description"]
    )
    row["balance_transaction"] = made["id"]
    store.emit("transfer.created", transfer_view(store, row))
    return row


@operation("POST", REVERSALS, "amount description metadata")
def reverse_transfer(store: Store, params: Row, identity: str) -> Row:
    """Get back all or part of a transfer."""
    transfer = store.get("transfer", identity)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = whole(params.get("amount", left), "amount")
    if not 0 < amount <= left:
        raise invalid(f"You cannot reverse {amount}; {left} of the transfer is left.", param="amount")
    row = store.insert(
        {
            "id": store.new_id("transfer_reversal"),
            "object": "transfer_reversal",
            "amount": amount,
            "balance_transaction": None,
            "created": store.now(),
            "currency": transfer["currency"],
            "destination_payment_refund": store.new_id("payment_refund"),
            "metadata": merged_metadata({}, params.get("metadata")),
            "source_refund": None,
            "transfer": identity,
        }
    )
    worth = Worth(amount, transfer["currency"])
    made = record(
        store,
        "transfer_refund",
        worth,
        source=row["id"],
        description=text(params.get("description")),
        available_on=store.now(),
    )
    row["balance_transaction"] = made["id"]
    before = {name: transfer[name] for name in ("amount_reversed", "reversed")}
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    changed = {name: old for name, old in before.items() if transfer[name] != old}
    store.emit("transfer.reversed", transfer_view(store, transfer), changed)
    return row


@operation("GET", REVERSALS, CURSORS)
def transfer_reversals(store: Store, params: Row, identity: str) -> Row:
    """The reversals of a transfer, newest first."""
    store.get("transfer", identity)
    rows = store.where("transfer_reversal", transfer=identity)[::-1]
    return page(rows, params, REVERSALS.replace("{id}", identity))
