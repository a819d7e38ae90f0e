"""Invoices: drafted, finalized, paid, voided or given up."""

from .amounts import currency_of
from .customers import method_for
from .errors import declined, invalid, required
from .forms import flag, merged_metadata, text, whole
from .lines import add_line
from .operations import operation
from .payments import DAY, cancel_intent, charge_intent, default_method, make_intent, settle
from .shapes import invoice_view, subscription_view
from .store import ACCOUNT_ID, Row, Store, nothing

RETRY_DAYS = 3


@operation(
    "POST",
    "/v1/invoices",
    "auto_advance collection_method currency customer days_until_due default_payment_method description "
    "due_date effective_at footer metadata pending_invoice_items_behavior statement_descriptor",
)
def create_invoice(store: Store, params: Row) -> Row:
    """A draft invoice; `pending_invoice_items_behavior=include` puts the customer's waiting items on it."""
    if not params.get("customer"):
        raise required("customer")
    customer = store.get("customer", params["customer"], param="customer")
    pending = _pending_items(store, customer, params)
    usual = pending[0]["currency"] if pending else customer["currency"] or "usd"
    invoice = make_invoice(store, customer, currency_of(params.get("currency") or usual), "manual")
    _set_terms(store, invoice, params)
    _set_texts(invoice, params)
    for item in pending:
        add_line(store, invoice, item)
    store.emit("invoice.created", invoice_view(store, invoice))
    return invoice


@operation(
    "POST",
    "/v1/invoices/{id}",
    "auto_advance default_payment_method description due_date effective_at footer metadata "
    "statement_descriptor",
)
def update_invoice(store: Store, params: Row, identity: str) -> Row:
    """Change an invoice; most fields only while it is a draft, metadata always."""
    invoice = store.get("invoice", identity)
    frozen = [name for name in params if name not in ("metadata", "auto_advance", "default_payment_method")]
    if frozen and invoice["status"] != "draft":
        raise invalid("Finalized invoices can't be updated in this way", code="invoice_not_editable")
    names = (*params, "due_date")
    before = {name: invoice[name] for name in names}
    _set_terms(store, invoice, {"collection_method": invoice["collection_method"], **params})
    _set_texts(invoice, params)
    previous = {name: old for name, old in before.items() if invoice[name] != old}
    if previous:
        store.emit("invoice.updated", invoice_view(store, invoice), previous)
    return invoice


@operation("DELETE", "/v1/invoices/{id}")
def delete_invoice(store: Store, params: Row, identity: str) -> Row:
    """Delete a draft for good."""
    invoice = store.get("invoice", identity)
    if invoice["status"] != "draft":
        raise invalid("You can only delete draft invoices.", code="invoice_not_editable")
    view = invoice_view(store, invoice)
    for line in store.where("line_item", invoice=identity):
        store.remove(line)
    stub = store.remove(invoice)
    store.emit("invoice.deleted", view)
    return stub


@operation("POST", "/v1/invoices/{id}/finalize", "auto_advance")
def finalize_invoice(store: Store, params: Row, identity: str) -> Row:
    """Draft to open: number, dates and payment intent; a zero invoice is paid at once."""
    invoice = store.get("invoice", identity)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized.", code="invoice_not_editable")
    if "auto_advance" in params:
        invoice["auto_advance"] = flag(params["auto_advance"])
    finalize(store, invoice)
    return invoice


@operation("POST", "/v1/invoices/{id}/send")
def send_invoice(store: Store, params: Row, identity: str) -> Row:
    """Mail an invoice to its customer; a draft is finalized first."""
    invoice = store.get("invoice", identity)
    if invoice["collection_method"] != "send_invoice":
        raise invalid("You can only manually send an invoice whose collection_method is send_invoice.")
    if invoice["status"] == "draft":
        finalize(store, invoice)
    store.emit("invoice.sent", invoice_view(store, invoice))
    return invoice


@operation("POST", "/v1/invoices/{id}/pay", "off_session payment_method")
def pay_invoice(store: Store, params: Row, identity: str) -> Row:
    """Pay an open or uncollectible invoice by card; Refusal 402 when the card is declined."""
    invoice = store.get("invoice", identity)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] == "void":
        raise invalid("This invoice is void and can't be paid.")
    if invoice["status"] == "draft":
        finalize(store, invoice)
    if not invoice["amount_remaining"]:
        return invoice
    charge = collect(store, invoice, text(params.get("payment_method")))
    if charge["status"] == "failed":
        intent = store.get("payment_intent", charge["payment_intent"])
        raise declined(charge["id"], dict(intent), charge["outcome"]["reason"])
    return invoice


@operation("POST", "/v1/invoices/{id}/void")
def void_invoice(store: Store, params: Row, identity: str) -> Row:
    """Cancel an open or uncollectible invoice as if it had never been owed."""
    invoice = store.get("invoice", identity)
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"You can only void open invoices. This one is {invoice['status']}.")
    payment = default_payment(store, invoice)
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = store.now()
    cancel_intent(store, store.get("payment_intent", payment["payment"]["payment_intent"]), "void_invoice")
    _turn(store, invoice, "void", "voided_at")
    store.emit("invoice.voided", invoice_view(store, invoice))
    return invoice


@operation("POST", "/v1/invoices/{id}/mark_uncollectible")
def mark_uncollectible(store: Store, params: Row, identity: str) -> Row:
    """Give up an open invoice as bad debt; it may still be paid later."""
    invoice = store.get("invoice", identity)
    if invoice["status"] != "open":
        raise invalid(f"You can only mark open invoices uncollectible. This one is {invoice['status']}.")
    invoice["status_details"] = {"uncollectible": {"reason": "user_forgiven"}}
    _turn(store, invoice, "uncollectible", "marked_uncollectible_at")
    store.emit("invoice.marked_uncollectible", invoice_view(store, invoice))
    return invoice


def finalize(store: Store, invoice: Row) -> None:
    """Give the invoice its number and dates, and prepare its payment."""
    if invoice["total"] < 0:
        raise invalid("This practice world has no invoices with a negative total.")
    customer = store.get("customer", invoice["customer"])
    _take_customer_details(invoice, customer)
    if invoice["amount_due"]:
        _prepare_payment(store, invoice)
    invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    _remember_currency(store, customer, invoice["currency"])
    invoice["hosted_invoice_url"] = f"https://invoice.stripe.com/i/{ACCOUNT_ID}/{invoice['id']}"
    invoice["invoice_pdf"] = f"https://pay.stripe.com/invoice/{ACCOUNT_ID}/{invoice['id']}/pdf"
    invoice["effective_at"] = invoice["effective_at"] or store.now()
    invoice["ending_balance"] = 0
    invoice["automatically_finalizes_at"] = None
    _turn(store, invoice, "open", "finalized_at", quiet=True)
    store.emit("invoice.finalized", invoice_view(store, invoice))
    if not invoice["amount_due"]:
        _paid(store, invoice)


def collect(store: Store, invoice: Row, method: str | None = None) -> Row:
    """Try to charge what remains; returns the charge, succeeded or failed."""
    chosen = _method(store, invoice, method)
    payment = default_payment(store, invoice)
    intent = store.get("payment_intent", payment["payment"]["payment_intent"])
    intent["payment_method"] = chosen["id"]
    charge = charge_intent(store, intent)
    before = {"attempt_count": invoice["attempt_count"], "attempted": invoice["attempted"]}
    invoice.update(attempt_count=invoice["attempt_count"] + 1, attempted=True)
    if charge["status"] == "failed":
        _payment_failed(store, invoice, before)
        return charge
    payment.update(status="paid", amount_paid=payment["amount_requested"])
    payment["status_transitions"]["paid_at"] = store.now()
    store.emit("invoice_payment.paid", payment)
    _paid(store, invoice)
    settle(store, charge)
    return charge


def default_payment(store: Store, invoice: Row) -> Row:
    """The invoice payment that is still open for what remains."""
    return store.where("invoice_payment", invoice=invoice["id"], is_default=True)[0]


def make_invoice(store: Store, customer: Row, currency: str, billing_reason: str) -> Row:
    """Keep an empty draft for a customer."""
    invoice: Row = {
        "id": store.new_id("invoice"),
        "object": "invoice",
        **nothing(
            "account_tax_ids application automatically_finalizes_at custom_fields customer_account "
            "default_payment_method default_source description due_date effective_at ending_balance "
            "footer from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
            "next_payment_attempt number on_behalf_of parent receipt_number rendering shipping_cost "
            "shipping_details statement_descriptor status_details test_clock webhooks_delivered_at"
        ),
        "account_country": "US",
        "account_name": "SuiteSync practice company",
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": False,
        "automatic_tax": _no_automatic_tax(),
        "billing_reason": billing_reason,
        "collection_method": "charge_automatically",
        "created": store.now(),
        "currency": currency,
        "customer": customer["id"],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "livemode": False,
        "metadata": {},
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_end": store.now(),
        "period_start": store.now(),
        "status": "draft",
        "status_transitions": dict.fromkeys(
            ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        ),
        **_no_amounts(),
    }
    _take_customer_details(invoice, customer)
    return store.insert(invoice)


def _no_automatic_tax() -> Row:
    return {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None}


def _no_amounts() -> Row:
    zeros = (
        "amount_due amount_overpaid amount_paid amount_paid_off_stripe amount_remaining amount_shipping "
        "post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance subtotal "
        "subtotal_excluding_tax total total_excluding_tax"
    )
    lists = ("total_discount_amounts", "total_pretax_credit_amounts", "total_taxes")
    return {**dict.fromkeys(zeros.split(), 0), **{name: [] for name in lists}}


def _take_customer_details(invoice: Row, customer: Row) -> None:
    for name in ("address", "email", "name", "phone", "shipping", "tax_exempt"):
        invoice[f"customer_{name}"] = customer[name]
    invoice["customer_tax_ids"] = []


def _pending_items(store: Store, customer: Row, params: Row) -> list[Row]:
    """The customer's waiting items, newest first, when the new invoice is to include them."""
    behavior = params.get("pending_invoice_items_behavior", "exclude")
    if behavior not in ("include", "exclude"):
        raise invalid("Invalid pending_invoice_items_behavior: must be one of exclude or include")
    waiting = store.where("invoiceitem", customer=customer["id"], invoice=None)
    return waiting[::-1] if behavior == "include" else []


def _set_terms(store: Store, invoice: Row, params: Row) -> None:
    method = params.get("collection_method", "charge_automatically")
    if method not in ("charge_automatically", "send_invoice"):
        raise invalid("Invalid collection_method: must be one of charge_automatically or send_invoice")
    if "days_until_due" in params:
        invoice["due_date"] = invoice["created"] + whole(params["days_until_due"], "days_until_due") * DAY
    if "due_date" in params:
        invoice["due_date"] = whole(params["due_date"], "due_date")
    if (method == "send_invoice") != (invoice["due_date"] is not None):
        raise invalid(
            "Give days_until_due or due_date with collection_method=send_invoice, and only then.",
            param="days_until_due",
        )
    invoice["collection_method"] = method
    if "auto_advance" in params:
        invoice["auto_advance"] = flag(params["auto_advance"])
    if "effective_at" in params:
        invoice["effective_at"] = whole(params["effective_at"], "effective_at")
    if params.get("default_payment_method"):
        chosen = method_for(store, str(params["default_payment_method"]), invoice["customer"])
        invoice["default_payment_method"] = chosen["id"]


def _set_texts(invoice: Row, params: Row) -> None:
    for name in ("description", "footer", "statement_descriptor"):
        if name in params:
            invoice[name] = text(params[name])
    if "metadata" in params:
        invoice["metadata"] = merged_metadata(invoice["metadata"], params["metadata"])


def _remember_currency(store: Store, customer: Row, currency: str) -> None:
    if customer["currency"] is None:
        customer["currency"] = currency
        store.emit("customer.updated", customer, {"currency": None})


def _prepare_payment(store: Store, invoice: Row) -> None:
    names = {"subscription_create": "Subscription creation", "subscription_cycle": "Subscription update"}
    description = names.get(invoice["billing_reason"], "Payment for Invoice")
    wanted = {name: invoice[name] for name in ("currency", "customer")}
    intent = make_intent(store, {**wanted, "amount": invoice["amount_due"], "description": description})
    store.insert(
        {
            "id": store.new_id("invoice_payment"),
            "object": "invoice_payment",
            "amount_paid": None,
            "amount_requested": invoice["amount_due"],
            "created": store.now(),
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": False,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
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


def _payment_failed(store: Store, invoice: Row, before: Row) -> None:
    if invoice["auto_advance"]:
        before = {**before, "next_payment_attempt": invoice["next_payment_attempt"]}
        invoice["next_payment_attempt"] = store.now() + RETRY_DAYS * DAY
    view = invoice_view(store, invoice)
    store.emit("invoice.updated", view, before)
    store.emit("invoice.payment_failed", view)
    _subscription_turns(store, invoice, {"active": "past_due"})


def _paid(store: Store, invoice: Row) -> None:
    invoice.update(
        amount_paid=invoice["amount_due"], amount_remaining=0, attempted=True, next_payment_attempt=None
    )
    _turn(store, invoice, "paid", "paid_at")
    view = invoice_view(store, invoice)
    store.emit("invoice.paid", view)
    store.emit("invoice.payment_succeeded", view)
    _subscription_turns(store, invoice, {"incomplete": "active", "past_due": "active"})


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


def _turn(store: Store, invoice: Row, status: str, moment: str, *, quiet: bool = False) -> None:
    """Change the state and note when; `invoice.updated` says so unless quiet."""
    before = {"status": invoice["status"], "status_transitions": dict(invoice["status_transitions"])}
    invoice["status"] = status
    invoice["status_transitions"][moment] = store.now()
    if not quiet:
        store.emit("invoice.updated", invoice_view(store, invoice), before)
