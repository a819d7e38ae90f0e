"""The truth of a life: what the books must say of it, worked out of Stripe's own figures.

Nothing here asks our own translation. An invoice in NetSuite is open over:

    open             what Stripe still wants (`amount_remaining`), and what CB-2 and K3 hold back
                     until it is paid: the balance that it used, and its credit notes; and K21's
    paid             what was paid outside Stripe, which waits for the real receipt (K21)
    void             nothing (UN-H1)
    uncollectible    what was paid outside Stripe before it was given up (UN-2, K21); or as if it
                     were open, by setting
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from connector.models import Attempt, Job
from connector.money import decimals
from connector.translation.items import DEBIT_NAME, SHIPPING_NAME
from tests.lives.cash import NOTHING, RECEIVABLES, Cash, Row
from tests.lives.teller import Told
from tests.stories.stage import Stage

DEBITS, CREDITS = ("invoice", "customerRefund"), ("customerPayment", "creditMemo")


class Truth:
    """Both sides of a life, side by side."""

    def __init__(self, stage: Stage, told: Told) -> None:
        self.store = stage.world.stripe.store
        self.books: Row = stage.world.netsuite.books()
        self.terms = told.customer.terms
        self.refused = set(told.refused)
        self.places = decimals(self.terms.currency)
        self.cash = Cash(self.store, self.terms, self.books, self.refused)
        self.kept, self.by_id = self.cash.kept, self.cash.by_id

    def hold(self) -> None:
        """Hold the books against Stripe."""
        assert self.books["balanced"]
        _every_attempt_is_kept()
        self.cash.hold()
        for record in self.kept:
            self._adds_up(record)
        sure = True
        owed = NOTHING
        for invoice in self.store.all("invoice"):
            if invoice["id"] in self.refused:
                sure = False
                continue
            record = self.by_id.get(("invoice", invoice["id"]))
            owed += self._invoice(invoice, record)
        if sure:
            self._receivables(owed)

    @property
    def left_out(self) -> set[str]:
        """The documents of which the order of the news may decide what is booked."""
        void = {one["id"] for one in self.store.all("invoice") if one["status"] == "void"}
        invoices = void | self.refused
        notes = {one["id"] for one in self.store.all("credit_note") if one["invoice"] in invoices}
        return invoices | notes | {one for note in notes for one in self._refunds(note)} | self.cash.left_out

    def facts(self, left_out: set[str]) -> dict[tuple[str, str], tuple[str, ...]]:
        """The books without the numbers that NetSuite gives in the order of writing."""
        told = {}
        for (kind, key), record in self.by_id.items():
            about = {key, *key.split(":"), *(one["external_id"] for one in record["applied_to"])}
            if not about & left_out:
                linked = sorted((one["external_id"], one["amount"]) for one in record["applied_to"])
                names = ("date", "total", "memo", "unapplied", "amount_remaining")
                lines = [{**line, "line": None} for line in record["lines"]]
                told[kind, key] = (*(str(record.get(name)) for name in names), str(linked), str(lines))
        return told

    def _refunds(self, note: str) -> list[str]:
        return [str(one["refund"]) for one in self.store.get("credit_note", note)["refunds"]]

    def _money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.places)

    # -- one record --------------------------------------------------------------------------------------

    def _adds_up(self, record: Row) -> None:
        """Lines add up to the total, in whole minor units; what is posted has two equal sides."""
        for line in record["lines"]:
            amount = Decimal(line["amount"])
            assert amount == round(amount, self.places), record
        if record["lines"]:
            lines = sum((Decimal(line["amount"]) for line in record["lines"]), NOTHING)
            assert lines == Decimal(record["total"]), record
        sides = [
            sum((Decimal(one[side] or 0) for one in record["postings"]), NOTHING)
            for side in ("debit", "credit")
        ]
        assert sides[0] == sides[1], record

    # -- invoices ----------------------------------------------------------------------------------------

    def _invoice(self, invoice: Row, record: Row | None) -> Decimal:
        """Hold one invoice against its record; what is open on it."""
        if self._is_left_out(invoice):
            assert record is None, invoice["id"]
            return NOTHING
        if record is None:
            assert invoice["status"] == "void", f"{invoice['id']} is not in NetSuite"
            job = Job.objects.filter(subject=invoice["id"]).latest("pk")
            assert job.code == "void_before_booking", job.code
            return NOTHING
        open_now = self._open(invoice)
        assert record["currency"] == invoice["currency"].upper()
        assert Decimal(record["total"]) == self._billed(invoice), f"I2: {invoice['id']}"
        assert Decimal(record["amount_remaining"]) == open_now, (
            f"I6: {invoice['id']} ({invoice['status']}) is open over {record['amount_remaining']}, "
            f"not {open_now}"
        )
        self._figures(invoice, record)
        if invoice["status"] == "void" and not invoice["status_transitions"]["marked_uncollectible_at"]:
            self._is_taken_back(invoice, record)
        return open_now

    def _is_left_out(self, invoice: Row) -> bool:
        """A draft; a trial over nothing, unless the account wants it; too small to be charged (IN-12)."""
        if invoice["status"] == "draft":
            return True
        lines = self.store.where("line_item", invoice=invoice["id"])
        if not (invoice["total"] or any(line["amount"] for line in lines) or self._asked(invoice)):
            return "sync_trial_invoices" not in self.terms.choices
        start, end = invoice["starting_balance"], invoice["ending_balance"]
        return bool(start >= 0 and invoice["total"] > 0 and end > start)

    def _asked(self, invoice: Row) -> int:
        """What Stripe asked for when the invoice was finalized."""
        return int(invoice["total"] + invoice["starting_balance"] - invoice["ending_balance"])

    def _billed(self, invoice: Row) -> Decimal:
        """The total, and a debit of the balance that the invoice collects (CB-7); never below zero (NE-1)."""
        debit = max(invoice["starting_balance"] - invoice["ending_balance"], 0)
        return self._money(max(invoice["total"] + (debit if self._asked(invoice) else 0), 0))

    def _used(self, invoice: Row) -> int:
        """What the customer's balance paid."""
        if invoice["total"] <= 0 or invoice["starting_balance"] >= 0:
            return 0
        return int(max(invoice["ending_balance"] - invoice["starting_balance"], 0))

    def _open(self, invoice: Row) -> Decimal:
        given_up = invoice["status_transitions"]["marked_uncollectible_at"]
        if "keep_unpaid_invoices_open" in self.terms.choices:
            given_up = None
        if given_up:
            return self._money(self._outside(invoice, given_up))
        if invoice["status"] == "void":
            return NOTHING
        if invoice["status"] == "paid":
            return self._money(self._outside(invoice))
        held_back = self._used(invoice) + invoice["pre_payment_credit_notes_amount"] + self._outside(invoice)
        held_back -= sum(map(self._on_its_way, self.store.where("invoice_payment", invoice=invoice["id"])))
        return self._money(invoice["amount_remaining"] + held_back)

    def _outside(self, invoice: Row, until: int | None = None) -> int:
        """What was paid outside Stripe, by a moment."""
        paid = self.store.where("invoice_payment", invoice=invoice["id"], status="paid")
        return sum(
            one["amount_paid"]
            for one in paid
            if one["payment"]["type"] == "payment_record"
            and (until is None or one["status_transitions"]["paid_at"] <= until)
        )

    def _figures(self, invoice: Row, record: Row) -> None:
        """Lines, discounts, taxes, shipping and debit are Stripe's own, each for itself."""
        if invoice["total"] < 0 and not Decimal(record["total"]):
            assert not any(Decimal(line["amount"]) for line in record["lines"])
            return
        rates, coupons = self._sums(record["lines"])
        told = Counter({one["tax_rate_details"]["tax_rate"]: one["amount"] for one in invoice["total_taxes"]})
        assert rates == {rate: self._money(amount) for rate, amount in told.items() if amount}
        off = sum(one["amount"] for one in invoice["total_discount_amounts"])
        assert -coupons == self._money(off)
        lines = self.store.where("line_item", invoice=invoice["id"])
        sold = [line["amount"] - _within(line["taxes"]) for line in lines]
        assert sorted(self._sold(record["lines"])) == sorted(map(self._money, sold))

    def _sums(self, lines: list[Row]) -> tuple[dict[str, Decimal], Decimal]:
        rates: dict[str, Decimal] = {}
        coupons = NOTHING
        for line in lines:
            amount = Decimal(line["amount"])
            if line["item"].startswith("txr_"):
                rates[line["item"]] = rates.get(line["item"], NOTHING) + amount
            elif _takes_off(line):
                coupons += amount
        return rates, coupons

    def _sold(self, lines: list[Row]) -> list[Decimal]:
        """The lines that stand for Stripe's own."""
        beside = (SHIPPING_NAME, DEBIT_NAME)
        return [
            Decimal(line["amount"])
            for line in lines
            if not (line["item"].startswith("txr_") or _takes_off(line) or line["item"] in beside)
        ]

    def _is_taken_back(self, invoice: Row, record: Row) -> None:
        """Item by item and day by day, the memos of a void invoice take back what it billed."""
        left: dict[tuple[str, ...], Decimal] = {}
        memos = [self.by_id["creditMemo", one["external_id"]] for one in record["applied_by"]]
        notes = self.store.where("credit_note", invoice=invoice["id"], status="issued")
        bare = any(not self.store.held(note, "lines") for note in notes)
        for sign, one in ((1, record), *((-1, memo) for memo in memos)):
            for line in one["lines"]:
                key = tuple(str(line.get(name)) for name in ("item", "revRecStartDate", "revRecEndDate"))
                left[key] = left.get(key, NOTHING) + sign * Decimal(line["amount"])
        assert bare or not any(left.values()), left

    # -- the customer's account --------------------------------------------------------------------------

    def _receivables(self, owed: Decimal) -> None:
        """What NetSuite says the customer owes is what its invoices and its open credits come to."""
        unapplied = NOTHING
        for charge in self.store.all("charge"):
            unapplied += self.cash.unapplied(charge, self._put_on_invoices(charge))
        for note in self.store.all("credit_note"):
            unapplied += self._note(note)
        sums = dict.fromkeys((*DEBITS, *CREDITS, "deposit", "journalEntry"), NOTHING)
        for one in self.kept:
            sums[one["type"]] += Decimal(one["total"])
        documents = sum(sums[kind] for kind in DEBITS) - sum(sums[kind] for kind in CREDITS)
        assert documents == owed - unapplied, f"I6: documents say {documents}, Stripe {owed - unapplied}"
        free = sum((Decimal(one.get("unapplied", 0)) for one in self.kept), NOTHING)
        assert free == unapplied, f"I6: {free} is unapplied, not {unapplied}"
        if not self.cash.converted:
            there = self.cash.balance(RECEIVABLES, self.terms.currency)
            wanted = documents - self.cash.given_back_on_deposits()
            assert there == wanted, f"I6: Accounts Receivable is {there}, not {wanted}"

    def _put_on_invoices(self, charge: Row) -> int:
        """What a charge put on invoices, but on those that a memo had closed (K25)."""
        put = 0
        intent = self.store.lookup(charge["payment_intent"])
        if intent is None or intent["latest_charge"] != charge["id"]:  # a failed try before it
            return put
        for one in self.store.all("invoice_payment"):
            if one["payment"].get("payment_intent") != intent["id"]:
                continue
            if one["status"] != "paid":
                put += self._on_its_way(one)
                continue
            invoice = self.store.get("invoice", one["invoice"])
            closed = invoice["status_transitions"]["marked_uncollectible_at"]
            kept_open = "keep_unpaid_invoices_open" in self.terms.choices
            if closed is None or kept_open or one["status_transitions"]["paid_at"] <= closed:
                put += one["amount_paid"]
        return put

    def _on_its_way(self, payment: Row) -> int:
        """What a pending bank debit will pay, which stands in the books once Stripe holds it (K4, CH-5)."""
        intent = self.store.lookup(payment["payment"].get("payment_intent") or "")
        if payment["status"] != "open" or not intent or intent["status"] != "processing":
            return 0
        held = self.store.get("charge", intent["latest_charge"])["balance_transaction"]
        return int(payment["amount_requested"]) if held else 0

    def _note(self, note: Row) -> Decimal:
        """Hold a credit note against its memo; what is unapplied of it."""
        invoice = self.store.get("invoice", note["invoice"])
        refunds = [one["refund"] for one in note["refunds"]]
        record = self.by_id.get(("creditMemo", f"ns_memo:{refunds[0] if len(refunds) == 1 else note['id']}"))
        if note["status"] == "void":
            assert record is None  # a person has voided it
            return NOTHING
        if ("invoice", invoice["id"]) not in self.by_id:
            assert record is None
            return NOTHING
        balance = self.store.lookup(note["customer_balance_transaction"] or "")
        credited = note["total"] + (balance["amount"] if balance else 0)
        if not credited:
            assert record is None
            return NOTHING
        assert record is not None, f"{note['id']} is not in NetSuite"
        assert Decimal(record["total"]) == self._money(credited), note["id"]
        settled = self._is_settled(invoice)
        free = self._money(credited - (note["pre_payment_amount"] if settled else 0))
        free -= self._refunded(note, record)
        assert Decimal(record["unapplied"]) == free, f"{note['id']} is unapplied over {record['unapplied']}"
        if credited == note["total"] and self.store.held(note, "lines"):
            rates, _ = self._sums(record["lines"])
            told = {one["tax_rate_details"]["tax_rate"]: one["amount"] for one in note["total_taxes"]}
            assert rates == {rate: self._money(amount) for rate, amount in told.items() if amount}
        return free

    def _refunded(self, note: Row, record: Row) -> Decimal:
        """What of a note's memo went back to the customer, all of it that Stripe refunded, or nothing yet."""
        gone = [Decimal(one["amount"]) for one in record["applied_to"] if one["type"] == "customerRefund"]
        refunds = sum(one["amount_refunded"] for one in note["refunds"])
        booked = sum(gone, NOTHING)
        assert booked in (NOTHING, self._money(refunds)), f"{note['id']} is refunded over {booked}"
        waits = {one["refund"] for one in note["refunds"]} & self.refused
        assert waits or booked == self._money(refunds), f"{note['id']} is not refunded"
        return booked

    def _is_settled(self, invoice: Row) -> bool:
        """Paid, void or closed: its credit notes are applied to it."""
        closed = invoice["status_transitions"]["marked_uncollectible_at"]
        kept_open = "keep_unpaid_invoices_open" in self.terms.choices
        return invoice["status"] in ("paid", "void") or bool(closed and not kept_open)


def _every_attempt_is_kept() -> None:
    """I8: each run ended, and each request that it sent is kept beside its answer and its time."""
    for attempt in Attempt.objects.all():
        assert attempt.finished_at, f"I8: {attempt} has not ended"
        assert attempt.worker, f"I8: {attempt}"
        assert all(one["at"] and one["sent"] and one["answered"] for one in attempt.exchanges), (
            f"I8: {attempt}"
        )


def _within(taxes: list[Row]) -> int:
    return sum(one["amount"] for one in taxes if one["tax_behavior"] == "inclusive")


def _takes_off(line: Row) -> bool:
    """Whether a line is a discount's: its item is a coupon, or the one for all coupons."""
    item: str = line["item"]
    return item.startswith("SBXC") or item == "Stripe Discount"
