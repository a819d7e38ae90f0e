"""Top-ups: money that the account's own bank adds to Stripe's balance."""

from .amounts import currency_of
from .errors import invalid
from .forms import merged_metadata, text, whole
from .operations import operation
from .periods import business_day
from .store import Row, Store
from .transactions import Worth, record

ARRIVAL_DAYS = 1


@operation("POST", "/v1/topups", "amount currency description metadata statement_descriptor transfer_group")
def create_topup(store: Store, params: Row) -> Row:
    """Ask the bank for an amount of minor units; it is pending until it has come."""
    currency = currency_of(params.get("currency"))
    amount = whole(params.get("amount", ""), "amount")
    if amount <= 0:
        raise invalid("A top-up must be more than nothing.", param="amount")
    row = store.insert(
        {
            "id": store.new_id("topup"),
            "object": "topup",
            "amount": amount,
            "balance_transaction": None,
            "created": store.now(),
            "currency": currency,
            "description": text(params.get("description")),
            "expected_availability_date": business_day(store.now(), ARRIVAL_DAYS),
            "failure_code": None,
            "failure_message": None,
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "payment_method": None,
            "source": None,
            "statement_descriptor": text(params.get("statement_descriptor")),
            "status": "pending",
            "transfer_group": text(params.get("transfer_group")),
        }
    )
    store.emit("topup.created", row)
    return row


def come_in(store: Store, topup: Row) -> None:
    """The bank sent the money."""
    _turn(topup, "pending", "succeeded")
    worth = Worth(topup["amount"], topup["currency"])
    made = record(store, "topup", worth, source=topup["id"], description=topup["description"])
    topup["balance_transaction"] = made["id"]
    store.emit("topup.succeeded", topup)


def take_back(store: Store, topup: Row) -> None:
    """The bank takes back what it had sent."""
    _turn(topup, "succeeded", "reversed")
    worth = Worth(-topup["amount"], topup["currency"])
    record(store, "topup_reversal", worth, source=topup["id"], description=topup["description"])
    store.emit("topup.reversed", topup)


def _turn(topup: Row, before: str, after: str) -> None:
    if topup["status"] != before:
        raise invalid(f"Top-up {topup['id']} is {topup['status']}, not {before}.")
    topup["status"] = after
