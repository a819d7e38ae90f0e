"""Notes: what is credited of an invoice, and taken back again."""

from __future__ import annotations

from dataclasses import dataclass

from connector.sandbox.stripe.errors import Refusal
from tests.lives.act import Act, OnInvoice
from tests.lives.customer import Customer, Row, nth


@dataclass(frozen=True)
class Credit(OnInvoice):
    """A credit note over a share of one line or of all, of the bare total, or over lines of its own.

    What goes beyond what the invoice still asks for goes back as `ways` say, in equal parts:
    refunded, to the balance, or outside Stripe.
    """

    kind: str = "line"
    share: int = 50
    line: int = 0
    shipping: bool = False
    ways: tuple[str, ...] = ("out_of_band_amount",)
    about = ("open", "paid")

    def to(self, invoice: str, customer: Customer) -> None:
        terms = {"invoice": invoice, **self._what(invoice, customer)}
        row = customer.invoice(invoice)
        if self.shipping and row["shipping_cost"] and "lines" in terms:
            terms["shipping_cost"] = {"shipping_rate": row["shipping_cost"]["shipping_rate"]}
        total = self._total(terms, customer)
        beyond = max(total - row["amount_remaining"], 0)
        parts = {way: beyond // len(self.ways) for way in self.ways[1:]}
        parts[self.ways[0]] = beyond - sum(parts.values())
        customer.post("/v1/credit_notes", **terms, **{way: part for way, part in parts.items() if part})

    def _what(self, invoice: str, customer: Customer) -> Row:
        lines = customer.lines(invoice)
        if self.kind == "bare":
            return {"amount": customer.invoice(invoice)["total"] * self.share // 100}
        if self.kind == "custom":
            unit = customer.invoice(invoice)["total"] * self.share // 200
            own = {"type": "custom_line_item", "description": "Sorry", "unit_amount": unit, "quantity": 2}
            return {"lines": [own]}
        if self.kind == "all":
            return {"lines": [_credited(line, line["amount"]) for line in lines]}
        line = nth(lines, self.line)
        return {"lines": [_credited(line, line["amount"] * self.share // 100)]}

    def _total(self, terms: Row, customer: Customer) -> int:
        """What the note would come to: the refusal of a wrong sum tells it, as a preview would."""
        if "amount" in terms:
            return int(terms["amount"])
        try:
            customer.post("/v1/credit_notes", **terms, amount=-1)
        except Refusal as refusal:
            words = refusal.message.split("come to, ")
            if len(words) == 2:
                return int(words[1].rstrip("."))
            raise
        raise AssertionError("a note over less than nothing was made")


def _credited(line: Row, amount: int) -> Row:
    return {"type": "invoice_line_item", "invoice_line_item": line["id"], "amount": amount}


@dataclass(frozen=True)
class VoidNote(Act):
    """A credit note is taken back."""

    which: int

    def play(self, customer: Customer) -> None:
        standing = customer.of("credit_note", status="issued")
        note = nth([one for one in standing if one["type"] == "pre_payment"], self.which)
        customer.post(f"/v1/credit_notes/{note['id']}/void")
