"""The life of an invoice up to its finalization, when it gets its number and asks for money."""

from . import shipping
from .amounts import chargeable
from .balance import apply_to
from .collection import paid, prepare_payment, void
from .customers import method_for
from .discounts import in_force, redeem
from .errors import invalid
from .forms import flag, mapping, merged_metadata, text, whole
from .periods import DAY
from .shapes import invoice_view
from .store import ACCOUNT_ID, Row, Store, nothing
from .taxes import rates
from .totals import retotal
from .turns import turn


def finalize(store: Store, invoice: Row) -> None:
    """Give the invoice its number and dates, let it use the customer's balance, and prepare its payment."""
    customer = store.get("customer", invoice["customer"])
    _take_customer_details(invoice, customer)
    retotal(store, invoice)
    _check_chargeable(invoice)
    _replace_original(store, invoice)
    apply_to(store, invoice, customer)
    if invoice["amount_due"]:
        prepare_payment(store, invoice)
    invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    _remember_currency(store, customer, invoice["currency"])
    invoice["hosted_invoice_url"] = f"https://invoice.stripe.com/i/{ACCOUNT_ID}/{invoice['id']}"
    invoice["invoice_pdf"] = f"https://pay.stripe.com/invoice/{ACCOUNT_ID}/{invoice['id']}/pdf"
    invoice["effective_at"] = invoice["effective_at"] or store.now()
    invoice["automatically_finalizes_at"] = None
    turn(store, invoice, "open", "finalized_at", quiet=True)
    store.emit("invoice.finalized", invoice_view(store, invoice))
    if not invoice["amount_due"]:
        paid(store, invoice)


def _check_chargeable(invoice: Row) -> None:
    """Refuse what no card can be charged, before anything is changed."""
    if invoice["amount_due"]:
        chargeable(invoice["amount_due"], invoice["currency"])


def _replace_original(store: Store, invoice: Row) -> None:
    """A revision takes the place of the invoice that it was made from, which becomes void."""
    if not invoice["from_invoice"]:
        return
    original = store.get("invoice", invoice["from_invoice"]["invoice"])
    if original["status"] != "open":
        raise invalid(f"The invoice that this one revises is {original['status']}, not open.")
    original["latest_revision"] = invoice["id"]
    void(store, original)


def make_invoice(store: Store, customer: Row, currency: str, billing_reason: str) -> Row:
    """An empty draft for a customer, still to be kept."""
    invoice: Row = {
        "id": store.new_id("invoice"),
        "object": "invoice",
        **nothing(
            "account_tax_ids application automatically_finalizes_at custom_fields customer_account "
            "default_payment_method default_source description due_date effective_at ending_balance "
            "footer from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
            "next_payment_attempt number on_behalf_of parent receipt_number rendering shipping_cost "
            "shipping_details statement_descriptor status_details webhooks_delivered_at"
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
        "test_clock": customer["test_clock"],
        **_no_amounts(),
    }
    _take_customer_details(invoice, customer)
    return invoice


def inherit_discount(store: Store, invoice: Row, customer: Row) -> None:
    """An invoice without discounts of its own takes over the one of its customer."""
    held = customer["discount"]
    invoice["discounts"] = in_force(store, [held["id"]]) if held else []


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


def set_terms(store: Store, invoice: Row, params: Row) -> None:
    """Set how and when an invoice is to be paid."""
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


def set_figures(store: Store, invoice: Row, params: Row) -> None:
    """Set what changes a draft's totals besides its lines: discounts, default taxes and shipping."""
    if "discounts" in params:
        owner = {"currency": invoice["currency"], "customer": invoice["customer"], "invoice": invoice["id"]}
        invoice["discounts"] = redeem(store, params["discounts"], **owner)
    if "default_tax_rates" in params:
        invoice["default_tax_rates"] = rates(store, params["default_tax_rates"], "default_tax_rates")
    if "shipping_cost" in params:
        shipping.choose(store, invoice, params["shipping_cost"])


def set_texts(invoice: Row, params: Row) -> None:
    """Set the words on an invoice, its custom fields and its metadata."""
    for name in ("description", "footer", "statement_descriptor"):
        if name in params:
            invoice[name] = text(params[name])
    if "custom_fields" in params:
        fields = [mapping(entry, "custom_fields") for entry in params["custom_fields"] or []]
        named = [{"name": text(one.get("name")), "value": text(one.get("value"))} for one in fields]
        invoice["custom_fields"] = named or None
    if "metadata" in params:
        invoice["metadata"] = merged_metadata(invoice["metadata"], params["metadata"])


def _remember_currency(store: Store, customer: Row, currency: str) -> None:
    if customer["currency"] is None:
        customer["currency"] = currency
        store.emit("customer.updated", customer, {"currency": None})
