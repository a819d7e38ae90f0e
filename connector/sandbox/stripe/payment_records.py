"""Payment records: money that came in outside Stripe and was reported to it."""

from typing import Any

from .amounts import currency_of
from .forms import mapping, merged_metadata, text, whole
from .operations import operation
from .store import Row, Store

MOMENTS = ("authorized", "canceled", "failed", "guaranteed", "refunded", "requested")


@operation(
    "POST",
    "/v1/payment_records/report_payment",
    "amount_requested customer_details description guaranteed initiated_at metadata outcome "
    "payment_method_details processor_details",
)
def report_payment(store: Store, params: Row) -> Row:
    """Report a payment that was made outside Stripe, for example by cheque."""
    amount = mapping(params.get("amount_requested"), "amount_requested")
    customer = mapping(params.get("customer_details"), "customer_details").get("customer")
    details = mapping(params.get("processor_details"), "processor_details")
    record = report(
        store,
        whole(amount.get("value", ""), "amount_requested[value]"),
        currency_of(amount.get("currency"), "amount_requested[currency]"),
        customer,
        reference=text(mapping(details.get("custom"), "custom").get("payment_reference")),
    )
    record["description"] = text(params.get("description"))
    record["metadata"] = merged_metadata({}, params.get("metadata"))
    return record


def report(store: Store, amount: int, currency: str, customer: Any, *, reference: str | None = None) -> Row:
    """Keep the record of an amount of minor units that is safely in."""
    owner = store.lookup(str(customer)) if customer else None
    sums = {f"amount_{name}": {"currency": currency, "value": 0} for name in MOMENTS}
    come = {"currency": currency, "value": amount}
    return store.insert(
        {
            "id": store.new_id("payment_record"),
            "object": "payment_record",
            **sums,
            "amount": dict(come),
            "amount_guaranteed": dict(come),
            "amount_requested": dict(come),
            "application": None,
            "created": store.now(),
            "customer_details": _details(owner) if owner else None,
            "customer_presence": None,
            "description": None,
            "latest_payment_attempt_record": None,
            "livemode": False,
            "metadata": {},
            "payment_method_details": None,
            "processor_details": {"custom": {"payment_reference": reference}, "type": "custom"},
            "reported_by": "self",
            "shipping_details": None,
        }
    )


def _details(owner: Row) -> Row:
    return {"customer": owner["id"], **{name: owner.get(name) for name in ("email", "name", "phone")}}
