"""Credit notes on open and paid invoices, and where their money goes."""

from .balance import move
from .collection import ask_for_rest, paid
from .credit_lines import build
from .discounts import pretax, summed
from .errors import invalid, required
from .forms import mapping, merged_metadata, text, whole
from .lists import CURSORS, page
from .operations import operation
from .refunds import create_refund, refundable
from .shapes import credit_note_view, invoice_view
from .store import ACCOUNT_ID, Row, Store
from .taxes import by_rate, tax_sum, taxes_on

REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")


@operation(
    "POST",
    "/v1/credit_notes",
    "amount credit_amount effective_at email_type invoice lines memo metadata out_of_band_amount reason "
    "refund_amount refunds shipping_cost",
)
def create_credit_note(store: Store, params: Row) -> Row:
    """A credit note: it first lessens what an open invoice asks for (`pre_payment_amount`).

    What goes beyond that must be told in full: refunded, credited to the balance, or given out of band.
    """
    if not params.get("invoice"):
        raise required("invoice")
    invoice = store.get("invoice", params["invoice"], param="invoice")
    if invoice["status"] not in ("open", "paid"):
        raise invalid(f"You can only credit open or paid invoices. This one is {invoice['status']}.")
    lines = build(store, invoice, params.get("lines"))
    note = _note(store, invoice, params)
    note.update(_sums(store, invoice, lines, params))
    _check_left(store, invoice, note["total"])
    given = {name: whole(params.get(name) or 0, name) for name in ("credit_amount", "out_of_band_amount")}
    refunded = whole(params.get("refund_amount") or 0, "refund_amount")
    linked = [_linked(store, mapping(entry, "refunds")) for entry in params.get("refunds") or []]
    _split(note, invoice, refunded + sum(given.values()) + sum(one["amount_refunded"] for one in linked))
    if refunded:
        linked.append(_refund(store, invoice, refunded))
    note.update(refunds=linked, out_of_band_amount=given["out_of_band_amount"] or None)
    store.insert(note)
    store.keep_aside(note, lines=lines)
    _credit_balance(store, invoice, note, given["credit_amount"])
    store.emit("credit_note.created", credit_note_view(store, note))
    _lessen(store, invoice, note, 1)
    return note


@operation("POST", "/v1/credit_notes/{id}", "memo metadata")
def update_credit_note(store: Store, params: Row, identity: str) -> Row:
    """Change the words on a credit note."""
    note = store.get("credit_note", identity)
    before = {name: note[name] for name in params}
    if "memo" in params:
        note["memo"] = text(params["memo"])
    if "metadata" in params:
        note["metadata"] = merged_metadata(note["metadata"], params["metadata"])
    previous = {name: old for name, old in before.items() if note[name] != old}
    if previous:
        store.emit("credit_note.updated", credit_note_view(store, note), previous)
    return note


@operation("POST", "/v1/credit_notes/{id}/void")
def void_credit_note(store: Store, params: Row, identity: str) -> Row:
    """Take back a credit note on an invoice that is still open; the invoice asks for the amount again."""
    note = store.get("credit_note", identity)
    invoice = store.get("invoice", note["invoice"])
    if note["status"] != "issued" or invoice["status"] != "open" or note["type"] != "pre_payment":
        raise invalid("You can only void credit notes associated with open invoices.")
    note.update(status="void", voided_at=store.now())
    store.emit("credit_note.voided", credit_note_view(store, note))
    _lessen(store, invoice, note, -1)
    return note


@operation("GET", "/v1/credit_notes/{id}/lines", CURSORS)
def credit_note_lines(store: Store, params: Row, identity: str) -> Row:
    """The lines of a credit note."""
    note = store.get("credit_note", identity)
    return page(store.held(note, "lines"), params, f"/v1/credit_notes/{identity}/lines")


def _note(store: Store, invoice: Row, params: Row) -> Row:
    reason = text(params.get("reason"))
    if reason not in (None, *REASONS):
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    identity = store.new_id("credit_note")
    count = len(store.where("credit_note", invoice=invoice["id"])) + 1
    at = params.get("effective_at")
    return {
        "id": identity,
        "object": "credit_note",
        "created": store.now(),
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "effective_at": whole(at, "effective_at") if at else store.now(),
        "invoice": invoice["id"],
        "livemode": False,
        "memo": text(params.get("memo")),
        "metadata": merged_metadata({}, params.get("metadata")),
        "number": f"{invoice['number']}-CN-{count:02d}",
        "pdf": f"https://pay.stripe.com/credit_notes/{ACCOUNT_ID}/{identity}/pdf",
        "reason": reason,
        "status": "issued",
        "voided_at": None,
    }


def _sums(store: Store, invoice: Row, lines: list[Row], params: Row) -> Row:
    """The amounts of a credit note from its lines and shipping, or from a bare amount."""
    shipping, taxes = _shipping(invoice, mapping(params.get("shipping_cost"), "shipping_cost"))
    line_taxes = [tax for line in lines for tax in line["taxes"]]
    discounts = [one for line in lines for one in line["discount_amounts"]]
    if not lines and not shipping:
        return _bare(params)
    own = sum(one["amount"] for one in discounts if one["discount"] not in invoice["discounts"])
    subtotal = sum(line["amount"] for line in lines) - own
    off = sum(one["amount"] for one in discounts)
    taxes = [*line_taxes, *taxes]
    shipped = invoice["amount_shipping"] if shipping else 0
    total = subtotal + own - off + shipped + tax_sum(taxes, "exclusive")
    if "amount" in params and whole(params["amount"], "amount") != total:
        raise invalid(f"The amount must equal what the lines come to, {total}.", param="amount")
    return {
        "amount": total,
        "amount_shipping": shipped,
        "discount_amount": off,
        "discount_amounts": summed(discounts),
        "pretax_credit_amounts": pretax(summed(discounts)),
        "shipping_cost": shipping,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - tax_sum(line_taxes, "inclusive"),
        "total": total,
        "total_excluding_tax": total - sum(tax["amount"] for tax in taxes),
        "total_taxes": by_rate(taxes),
    }


def _bare(params: Row) -> Row:
    if params.get("amount") is None:
        raise required("amount")
    amount = whole(params["amount"], "amount")
    names = ("amount", "subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
    return {
        **dict.fromkeys(names, amount),
        "amount_shipping": 0,
        "discount_amount": 0,
        "discount_amounts": [],
        "pretax_credit_amounts": [],
        "shipping_cost": None,
        "total_taxes": [],
    }


def _shipping(invoice: Row, given: Row) -> tuple[Row | None, list[Row]]:
    """The invoice's shipping cost, credited whole, and its taxes."""
    if not given:
        return None, []
    cost = invoice["shipping_cost"]
    if not cost or given.get("shipping_rate") != cost["shipping_rate"]:
        raise invalid("The shipping rate must be the one of the invoice.", param="shipping_cost")
    chosen, exempt = invoice["default_tax_rates"], invoice["customer_tax_exempt"]
    return dict(cost), taxes_on(invoice["amount_shipping"], chosen, exempt)


def _check_left(store: Store, invoice: Row, total: int) -> None:
    notes = store.where("credit_note", invoice=invoice["id"], status="issued")
    left = invoice["total"] - sum(note["total"] for note in notes)
    if not 0 < total <= left:
        raise invalid(f"The credit note comes to {total}; {left} of the invoice is left to credit.")


def _linked(store: Store, entry: Row) -> Row:
    refund = store.get("refund", entry.get("refund"), param="refunds[refund]")
    amount = whole(entry.get("amount_refunded", refund["amount"]), "refunds[amount_refunded]")
    return _link(refund["id"], amount)


def _link(refund: str, amount: int) -> Row:
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund, "type": "refund"}


def _refund(store: Store, invoice: Row, amount: int) -> Row:
    """Refund the charge of the invoice that has enough left."""
    for payment in store.where("invoice_payment", invoice=invoice["id"], status="paid"):
        intent = store.lookup(payment["payment"].get("payment_intent") or "")
        charge = store.lookup(intent["latest_charge"]) if intent else None
        if charge and refundable(charge) >= amount:
            return _link(create_refund(store, {"charge": charge["id"], "amount": amount})["id"], amount)
    raise invalid("No charge of this invoice has enough left to refund.", param="refund_amount")


def _split(note: Row, invoice: Row, accounted: int) -> None:
    """What lessens the open amount, and what goes beyond it, which must be accounted for to the unit."""
    before = min(note["total"], invoice["amount_remaining"])
    after = note["total"] - before
    if accounted != after:
        raise invalid(
            f"The sum of credit_amount, refund_amount, out_of_band_amount and refunds must be {after}, the "
            f"amount of the credit note beyond what the invoice still asks for; it is {accounted}."
        )
    kind = "mixed" if before and after else "pre_payment" if before else "post_payment"
    note.update(pre_payment_amount=before, post_payment_amount=after, type=kind)


def _credit_balance(store: Store, invoice: Row, note: Row, amount: int) -> None:
    if amount:
        customer = store.get("customer", invoice["customer"])
        row = move(
            store,
            customer,
            -amount,
            "credit_note",
            invoice["currency"],
            invoice=invoice["id"],
            credit_note=note["id"],
        )
        note["customer_balance_transaction"] = row["id"]


def _lessen(store: Store, invoice: Row, note: Row, sign: int) -> None:
    """Count a note on its invoice, or with sign -1 take it back; with nothing left the invoice is paid."""
    before, after = sign * note["pre_payment_amount"], sign * note["post_payment_amount"]
    names = (
        "amount_due",
        "amount_remaining",
        "post_payment_credit_notes_amount",
        "pre_payment_credit_notes_amount",
    )
    held = {name: invoice[name] for name in names}
    invoice["pre_payment_credit_notes_amount"] += before
    invoice["post_payment_credit_notes_amount"] += after
    invoice["amount_due"] -= before
    invoice["amount_remaining"] -= before
    if before:
        ask_for_rest(store, invoice)
    previous = {name: old for name, old in held.items() if invoice[name] != old}
    store.emit("invoice.updated", invoice_view(store, invoice), previous)
    if before and not invoice["amount_remaining"]:
        paid(store, invoice)
