"""Requests about invoices: drafted, changed, finalized, paid, voided or given up."""

from .amounts import currency_of
from .billing import finalize, inherit_discount, make_invoice, set_figures, set_terms, set_texts
from .collection import ON_ITS_WAY, attach, collect, give_up, pay_out_of_band, void
from .errors import declined, invalid, required
from .forms import flag, mapping, text
from .lines import add_line
from .operations import operation
from .revisions import copy_lines, copy_terms
from .shapes import invoice_view
from .store import Row, Store
from .totals import retotal

FIGURES = ("default_tax_rates", "discounts", "shipping_cost")


@operation(
    "POST",
    "/v1/invoices",
    "auto_advance collection_method currency custom_fields customer days_until_due default_payment_method "
    "default_tax_rates description discounts due_date effective_at footer from_invoice metadata "
    "pending_invoice_items_behavior shipping_cost statement_descriptor",
)
def create_invoice(store: Store, params: Row) -> Row:
    """A draft invoice; `pending_invoice_items_behavior=include` puts the customer's waiting items on it.

    `from_invoice` makes it a revision, with the lines and terms of an open invoice.
    """
    if params.get("from_invoice"):
        return _revise(store, params)
    if not params.get("customer"):
        raise required("customer")
    customer = store.get("customer", params["customer"], param="customer")
    pending = _pending_items(store, customer, params)
    usual = pending[0]["currency"] if pending else customer["currency"] or "usd"
    invoice = make_invoice(store, customer, currency_of(params.get("currency") or usual), "manual")
    set_terms(store, invoice, params)
    set_texts(invoice, params)
    inherit_discount(store, invoice, customer)
    set_figures(store, invoice, params)
    retotal(store, store.insert(invoice))
    for item in pending:
        add_line(store, invoice, item)
    store.emit("invoice.created", invoice_view(store, invoice))
    return invoice


def _revise(store: Store, params: Row) -> Row:
    given = mapping(params["from_invoice"], "from_invoice")
    if given.get("action") != "revision":
        raise invalid("Invalid from_invoice[action]: must be revision", param="from_invoice[action]")
    original = store.get("invoice", given.get("invoice"), param="from_invoice[invoice]")
    if original["status"] != "open" or original["amount_paid"]:
        raise invalid(f"You can only revise open invoices. This one is {original['status']}.")
    customer = store.get("customer", original["customer"])
    invoice = make_invoice(store, customer, original["currency"], original["billing_reason"])
    copy_terms(original, invoice)
    set_terms(store, invoice, {"collection_method": original["collection_method"], **_due(params)})
    set_texts(invoice, params)
    set_figures(store, invoice, params)
    copy_lines(store, original, store.insert(invoice))
    retotal(store, invoice)
    store.emit("invoice.created", invoice_view(store, invoice))
    return invoice


def _due(params: Row) -> Row:
    names = ("auto_advance", "days_until_due", "default_payment_method", "due_date", "effective_at")
    return {name: params[name] for name in names if name in params}


@operation(
    "POST",
    "/v1/invoices/{id}",
    "auto_advance custom_fields default_payment_method default_tax_rates description discounts due_date "
    "effective_at footer metadata shipping_cost statement_descriptor",
)
def update_invoice(store: Store, params: Row, identity: str) -> Row:
    """Change an invoice; most fields only while it is a draft, metadata always."""
    invoice = store.get("invoice", identity)
    frozen = [name for name in params if name not in ("metadata", "auto_advance", "default_payment_method")]
    if frozen and invoice["status"] != "draft":
        raise invalid("Finalized invoices can't be updated in this way", code="invoice_not_editable")
    names = (*params, "due_date")
    before = {name: invoice[name] for name in names}
    set_terms(store, invoice, {"collection_method": invoice["collection_method"], **params})
    set_texts(invoice, params)
    if set(FIGURES) & params.keys():
        set_figures(store, invoice, params)
        retotal(store, invoice)
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


@operation("POST", "/v1/invoices/{id}/pay", "off_session paid_out_of_band payment_method")
def pay_invoice(store: Store, params: Row, identity: str) -> Row:
    """Pay an open or uncollectible invoice by card, or mark it paid outside Stripe (`paid_out_of_band`).

    Refusal 402 when the card is declined.
    """
    invoice = store.get("invoice", identity)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] == "void":
        raise invalid("This invoice is void and can't be paid.")
    if invoice["status"] == "draft":
        finalize(store, invoice)
    if not invoice["amount_remaining"]:
        return invoice
    if flag(params.get("paid_out_of_band", False)):
        pay_out_of_band(store, invoice)
        return invoice
    charge = collect(store, invoice, text(params.get("payment_method")))
    if charge["status"] == "failed":
        intent = store.get("payment_intent", charge["payment_intent"])
        raise declined(charge["id"], dict(intent), charge["outcome"]["reason"])
    return invoice


@operation("POST", "/v1/invoices/{id}/attach_payment", "payment_intent payment_record")
def attach_payment(store: Store, params: Row, identity: str) -> Row:
    """Count a payment intent, or a payment record, towards an open invoice.

    An intent that is still processing is linked now and counted when its money has come.
    """
    invoice = store.get("invoice", identity)
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"You can only attach payments to open invoices. This one is {invoice['status']}.")
    if params.get("payment_record"):
        record = store.get("payment_record", params["payment_record"], param="payment_record")
        amount = record["amount_guaranteed"]
        link = {"payment_record": record["id"], "type": "payment_record"}
        received = True
    else:
        intent = store.get("payment_intent", params.get("payment_intent"), param="payment_intent")
        if intent["status"] not in ON_ITS_WAY:
            raise invalid("This practice world attaches only payment intents that were confirmed.")
        received = intent["status"] == "succeeded"
        taken = intent["amount_received"] if received else intent["amount"]
        amount = {"currency": intent["currency"], "value": taken}
        link = {"payment_intent": intent["id"], "type": "payment_intent"}
    if amount["currency"] != invoice["currency"]:
        raise invalid(f"The currency of the invoice is {invoice['currency']}, not {amount['currency']}.")
    attach(store, invoice, link, amount["value"], received=received)
    return invoice


@operation("POST", "/v1/invoices/{id}/void")
def void_invoice(store: Store, params: Row, identity: str) -> Row:
    """Cancel an open or uncollectible invoice as if it had never been owed."""
    invoice = store.get("invoice", identity)
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"You can only void open invoices. This one is {invoice['status']}.")
    if invoice["amount_paid"]:
        raise invalid("You can't void an invoice that is partly paid; mark it uncollectible or credit it.")
    void(store, invoice)
    return invoice


@operation("POST", "/v1/invoices/{id}/mark_uncollectible")
def mark_uncollectible(store: Store, params: Row, identity: str) -> Row:
    """Give up an open invoice as bad debt; it may still be paid later."""
    invoice = store.get("invoice", identity)
    if invoice["status"] != "open":
        raise invalid(f"You can only mark open invoices uncollectible. This one is {invoice['status']}.")
    give_up(store, invoice, "user_forgiven")
    return invoice


def _pending_items(store: Store, customer: Row, params: Row) -> list[Row]:
    """The customer's waiting items, newest first, when the new invoice is to include them."""
    behavior = params.get("pending_invoice_items_behavior", "exclude")
    if behavior not in ("include", "exclude"):
        raise invalid("Invalid pending_invoice_items_behavior: must be one of exclude or include")
    waiting = store.where("invoiceitem", customer=customer["id"], invoice=None)
    return waiting[::-1] if behavior == "include" else []
