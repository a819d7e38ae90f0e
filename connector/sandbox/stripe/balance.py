"""The balance of a customer: credit and debt that the next invoices take into account."""

from .amounts import currency_of
from .errors import invalid, missing
from .forms import merged_metadata, text, whole
from .lists import CURSORS, page
from .operations import operation
from .store import Row, Store
from .totals import after_balance, balance_for

ADDRESS = "/v1/customers/{id}/balance_transactions"
OF_INVOICE = ("applied_to_invoice", "invoice_too_small", "unapplied_from_invoice")


@operation("POST", ADDRESS, "amount currency description metadata")
def create_balance_transaction(store: Store, params: Row, identity: str) -> Row:
    """Adjust a customer's balance: a negative amount is credit, a positive one debt (minor units)."""
    customer = store.get("customer", identity)
    currency = currency_of(params.get("currency"))
    amount = whole(params.get("amount", ""), "amount")
    if customer["currency"] not in (None, currency):
        raise invalid(f"The currency of this customer is {customer['currency']}.", param="currency")
    description = text(params.get("description"))
    row = move(store, customer, amount, "adjustment", currency, description=description)
    row["metadata"] = merged_metadata({}, params.get("metadata"))
    return row


@operation("POST", f"{ADDRESS}/{{id}}", "description metadata")
def update_balance_transaction(store: Store, params: Row, identity: str, transaction: str) -> Row:
    """Change the words on a balance transaction; amounts never change."""
    row = balance_transaction(store, {}, identity, transaction)
    if "description" in params:
        row["description"] = text(params["description"])
    if "metadata" in params:
        row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
    return row


@operation("GET", f"{ADDRESS}/{{id}}")
def balance_transaction(store: Store, params: Row, identity: str, transaction: str) -> Row:
    """One movement of a customer's balance."""
    row = store.get("customer_balance_transaction", transaction)
    if row["customer"] != identity:
        raise missing("customer_balance_transaction", transaction)
    return row


@operation("GET", ADDRESS, f"{CURSORS} invoice")
def balance_transactions(store: Store, params: Row, identity: str) -> Row:
    """The movements of a customer's balance, newest first."""
    store.get("customer", identity)
    wanted = {"invoice": params["invoice"]} if params.get("invoice") else {}
    rows = store.where("customer_balance_transaction", customer=identity, **wanted)[::-1]
    return page(rows, params, f"/v1/customers/{identity}/balance_transactions")


def move(
    store: Store,
    customer: Row,
    amount: int,
    kind: str,
    currency: str,
    *,
    invoice: str | None = None,
    credit_note: str | None = None,
    description: str | None = None,
) -> Row:
    """Change a customer's balance and keep why; negative gives credit, positive uses it up or adds debt."""
    before = {name: customer[name] for name in ("balance", "currency")}
    customer["balance"] += amount
    customer["currency"] = customer["currency"] or currency
    row = store.insert(
        {
            "id": store.new_id("customer_balance_transaction"),
            "object": "customer_balance_transaction",
            "amount": amount,
            "checkout_session": None,
            "created": store.now(),
            "credit_note": credit_note,
            "currency": currency,
            "customer": customer["id"],
            "customer_account": None,
            "description": description,
            "ending_balance": customer["balance"],
            "invoice": invoice,
            "livemode": False,
            "metadata": {},
            "type": kind,
        }
    )
    previous = {name: old for name, old in before.items() if customer[name] != old}
    if previous:
        store.emit("customer.updated", customer, previous)
    return row


def apply_to(store: Store, invoice: Row, customer: Row) -> None:
    """Let an invoice that is being finalized use the customer's balance, or add to it."""
    start = balance_for(store, invoice)
    due, left = after_balance(invoice["total"], start, invoice["currency"])
    invoice.update(starting_balance=start, ending_balance=left, amount_due=due, amount_remaining=due)
    if left != start:
        kind = "invoice_too_small" if left > 0 else "applied_to_invoice"
        move(store, customer, left - start, kind, invoice["currency"], invoice=invoice["id"])


def give_back(store: Store, invoice: Row) -> None:
    """Undo what an invoice did to the balance, because it is void."""
    rows = store.where("customer_balance_transaction", customer=invoice["customer"], invoice=invoice["id"])
    moved = sum(row["amount"] for row in rows if row["type"] in OF_INVOICE)
    if moved:
        customer = store.get("customer", invoice["customer"])
        move(store, customer, -moved, "unapplied_from_invoice", invoice["currency"], invoice=invoice["id"])
