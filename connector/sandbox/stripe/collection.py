"""How an invoice gets its money: by card, by several payments, outside Stripe, or not at all."""

from .balance import give_back, move
from .charges import book, default_method
from .customers import method_for
from .errors import invalid
from .payment_records import report
from .payments import cancel_intent, charge_intent, make_intent, use_method
from .periods import DAY
from .shapes import invoice_view, subscription_view
from .store import Row, Store
from .turns import turn

RETRY_DAYS = 3
ON_ITS_WAY = ("processing", "succeeded")
MOST_ATTEMPTS = 4
"""After so many failed attempts on an automatic invoice it is marked uncollectible."""


def collect(store: Store, invoice: Row, method: str | None = None) -> Row:
    """Try to charge what remains; returns the charge, succeeded, pending or failed.

    Refusal when a payment of the invoice is already on its way.
    """
    chosen = _method(store, invoice, method)
    payment = default_payment(store, invoice)
    intent = store.get("payment_intent", payment["payment"]["payment_intent"])
    if intent["status"] == "processing":
        raise invalid("A payment of this invoice is processing.", code="payment_intent_unexpected_state")
    use_method(intent, chosen)
    charge = charge_intent(store, intent)
    before = {"attempt_count": invoice["attempt_count"], "attempted": invoice["attempted"]}
    invoice.update(attempt_count=invoice["attempt_count"] + 1, attempted=True)
    if charge["status"] == "failed":
        payment_failed(store, invoice, before)
        return charge
    if charge["status"] == "pending":
        book(store, charge)
        store.emit("invoice.updated", invoice_view(store, invoice), before)
        return charge
    credit(store, invoice, payment, payment["amount_requested"])
    paid(store, invoice)
    book(store, charge)
    return charge


def attach(store: Store, invoice: Row, payment: Row, amount: int, *, received: bool = True) -> None:
    """Link a payment to an invoice, and count it unless it is still on its way."""
    linked = keep_payment(store, invoice, payment, amount)
    if received:
        receive(store, invoice, linked, amount)


def receive(store: Store, invoice: Row, payment: Row, amount: int) -> None:
    """Count money that came in towards its invoice; what is too much goes to the customer's balance."""
    excess = max(amount - invoice["amount_remaining"], 0)
    before = {name: invoice[name] for name in ("amount_overpaid", "amount_paid", "amount_remaining")}
    credit(store, invoice, payment, amount)
    if excess:
        invoice["amount_overpaid"] += excess
        customer = store.get("customer", invoice["customer"])
        move(store, customer, -excess, "invoice_overpaid", invoice["currency"], invoice=invoice["id"])
        store.emit("invoice.overpaid", invoice_view(store, invoice))
    ask_for_rest(store, invoice)
    if invoice["amount_remaining"] or invoice["status"] == "paid":
        store.emit("invoice.updated", invoice_view(store, invoice), before)
    else:
        paid(store, invoice)


def pay_out_of_band(store: Store, invoice: Row) -> None:
    """Take what remains as paid outside Stripe, by a payment record."""
    amount = invoice["amount_remaining"]
    record = report(store, amount, invoice["currency"], invoice["customer"])
    attach(store, invoice, {"payment_record": record["id"], "type": "payment_record"}, amount)


def credit(store: Store, invoice: Row, payment: Row, amount: int) -> None:
    """A payment came in: count it."""
    payment.update(status="paid", amount_paid=amount)
    payment["status_transitions"]["paid_at"] = store.now()
    store.emit("invoice_payment.paid", payment)
    invoice["amount_paid"] += amount
    if payment["payment"]["type"] == "payment_record":
        invoice["amount_paid_off_stripe"] += amount
    invoice["amount_remaining"] = max(invoice["amount_remaining"] - amount, 0)


def ask_for_rest(store: Store, invoice: Row) -> None:
    """Bring the open payment in line with what remains; with nothing left it is canceled."""
    if not invoice["amount_remaining"]:
        cancel_payment(store, invoice, "abandoned")
        return
    payment = default_payment(store, invoice)
    intent = store.get("payment_intent", payment["payment"]["payment_intent"])
    if intent["status"] not in ON_ITS_WAY:
        payment["amount_requested"] = intent["amount"] = invoice["amount_remaining"]


def cancel_payment(store: Store, invoice: Row, reason: str) -> None:
    """Withdraw the open payment of an invoice, if it has one; what is on its way cannot be called back."""
    for payment in store.where("invoice_payment", invoice=invoice["id"], is_default=True, status="open"):
        intent = store.get("payment_intent", payment["payment"]["payment_intent"])
        if intent["status"] not in ON_ITS_WAY:
            payment["status"] = "canceled"
            payment["status_transitions"]["canceled_at"] = store.now()
            cancel_intent(store, intent, reason)


def default_payment(store: Store, invoice: Row) -> Row:
    """The invoice payment for what remains."""
    return store.where("invoice_payment", invoice=invoice["id"], is_default=True)[0]


def paid(store: Store, invoice: Row) -> None:
    """Nothing remains: the invoice is paid."""
    invoice.update(amount_remaining=0, attempted=True, next_payment_attempt=None)
    turn(store, invoice, "paid", "paid_at")
    view = invoice_view(store, invoice)
    store.emit("invoice.paid", view)
    store.emit("invoice.payment_succeeded", view)
    _subscription_turns(store, invoice, {"incomplete": "active", "past_due": "active"})


def void(store: Store, invoice: Row) -> None:
    """Cancel an invoice as if it had never been owed; the balance that it used comes back."""
    cancel_payment(store, invoice, "void_invoice")
    give_back(store, invoice)
    turn(store, invoice, "void", "voided_at")
    store.emit("invoice.voided", invoice_view(store, invoice))


def give_up(store: Store, invoice: Row, reason: str) -> None:
    """Mark an open invoice uncollectible, by a person or after the last attempt."""
    invoice["status_details"] = {"uncollectible": {"reason": reason}}
    turn(store, invoice, "uncollectible", "marked_uncollectible_at")
    store.emit("invoice.marked_uncollectible", invoice_view(store, invoice))


def prepare_payment(store: Store, invoice: Row) -> None:
    """Make the payment intent for what is due, and the payment that links it to the invoice."""
    names = {"subscription_create": "Subscription creation", "subscription_cycle": "Subscription update"}
    description = names.get(invoice["billing_reason"], "Payment for Invoice")
    wanted = {name: invoice[name] for name in ("currency", "customer")}
    intent = make_intent(store, {**wanted, "amount": invoice["amount_due"], "description": description})
    keep_payment(store, invoice, {"payment_intent": intent["id"], "type": "payment_intent"})


def keep_payment(store: Store, invoice: Row, payment: Row, amount: int | None = None) -> Row:
    """Link a payment to an invoice: the default one for all that is due, or one over an amount."""
    return store.insert(
        {
            "id": store.new_id("invoice_payment"),
            "object": "invoice_payment",
            "amount_paid": None,
            "amount_requested": invoice["amount_due"] if amount is None else amount,
            "created": store.now(),
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": amount is None,
            "livemode": False,
            "payment": payment,
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        }
    )


def _method(store: Store, invoice: Row, given: str | None) -> Row:
    if given:
        return method_for(store, given, invoice["customer"])
    if invoice["default_payment_method"]:
        return store.get("payment_method", invoice["default_payment_method"])
    return default_method(store, invoice["customer"])


def payment_failed(store: Store, invoice: Row, before: Row) -> None:
    """An attempt failed: when the next one is due, and what becomes of invoice and subscription."""
    last = invoice["attempt_count"] >= MOST_ATTEMPTS
    if invoice["auto_advance"]:
        before = {**before, "next_payment_attempt": invoice["next_payment_attempt"]}
        invoice["next_payment_attempt"] = None if last else store.now() + RETRY_DAYS * DAY
    view = invoice_view(store, invoice)
    store.emit("invoice.updated", view, before)
    store.emit("invoice.payment_failed", view)
    _subscription_turns(store, invoice, {"active": "past_due"})
    if last and invoice["auto_advance"] and invoice["status"] == "open":
        give_up(store, invoice, "max_payment_attempts")


def _subscription_turns(store: Store, invoice: Row, changes: dict[str, str]) -> None:
    """Bring the state of the invoice's subscription, if it has one, in line with its payment."""
    if not invoice["parent"]:
        return
    subscription = store.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    before = subscription["status"]
    if before in changes:
        subscription["status"] = changes[before]
        view = subscription_view(store, subscription)
        store.emit("customer.subscription.updated", view, {"status": before})
