"""Cash: what the books must say of the money that came, was taken back, and went to the bank.

Worked out of Stripe's own objects and balance transactions, and named by the invariants of a ledger:

    I1   each thing of Stripe's that moved money has one record, and nothing else has
    I2   totals are Stripe's, in whole minor units
    I3   nothing settles more than it is over, or is settled by more
    I4   a deposit is its payout, line by line
    I5   what waits in Undeposited Funds is what Stripe has not paid out; the bank has what it has
    I6   what the customer owes in the ledger is what invoices and credits come to (see `truth`)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from connector.money import decimals
from connector.sandbox.stripe.store import Store
from tests.lives.customer import Terms

Row = dict[str, Any]
NOTHING = Decimal(0)
RECORDS = ("customerPayment", "customerRefund", "deposit", "journalEntry")
RECEIVABLES, WAITING = "Accounts Receivable", "Undeposited Funds"


class Cash:
    """The money of one life, on both sides."""

    def __init__(self, store: Store, terms: Terms, books: Row, refused: set[str]) -> None:
        self.store = store
        self.books = books
        self.refused = refused
        self.settled_in = terms.settled_in
        self.converted = terms.settled_in != terms.currency
        self.places, self.settled_places = decimals(terms.currency), decimals(self.settled_in)
        self.kept = [one for one in books["records"] if "total" in one and not one["voided"]]
        self.by_id = {(one["type"], one["external_id"]): one for one in self.kept}
        self.doubtful = {one["id"] for one in store.all("charge") if self._is_doubtful(one)}

    def hold(self) -> None:
        """Hold what stands for money against Stripe."""
        self._each_once()
        self._nothing_too_much()
        for charge in self.store.all("charge"):
            self._payment(charge)
        for key, amount, charge_id in self._takebacks():
            self._takeback(key, amount, charge_id)
        for payout in self.store.all("payout"):
            self._payout(payout)
        self._bank()
        if not self.refused:
            self._undeposited()

    @property
    def left_out(self) -> set[str]:
        """What the order of the news may decide: payouts that came back, which stand if they were booked
        before, and those that bring them again; the words on a debit that had failed before it was booked.
        """
        payouts, charges = self.store.all("payout"), self.store.all("charge")
        failed = {one["id"] for one in (*payouts, *charges) if one["status"] == "failed"}
        again = {
            one["id"]
            for one in payouts
            if any(movement["type"] == "payout_failure" for movement in self._listed(one["id"]))
        }
        return failed | again

    def unapplied(self, charge: Row, put: int) -> Decimal:
        """What is free of a charge's payment, of which so many minor units are `put` on invoices."""
        record = self.by_id.get(("customerPayment", charge["id"]))
        if record is None:
            return NOTHING
        direct = sum((Decimal(one["amount"]) for one in _to_refunds(record)), NOTHING)
        free = self._money(charge["amount_captured"] - put) - direct
        assert Decimal(record["unapplied"]) == free, (
            f"I3: {charge['id']} is unapplied over {record['unapplied']}, not {free}"
        )
        return free

    def given_back_on_deposits(self) -> Decimal:
        """Refunds that came back, and stand on Accounts Receivable by a line of a deposit (RF-H2)."""
        lines = [line for one in self.kept for name in ("others", "entries") for line in one.get(name, ())]
        return sum(
            (abs(Decimal(one["amount"])) for one in lines if one["account"].endswith(RECEIVABLES)), NOTHING
        )

    # -- what stands -------------------------------------------------------------------------------------

    def _is_doubtful(self, charge: Row) -> bool:
        """Whether it is of a document that asks a person, so that it may or may not be booked."""
        paid = self.store.all("invoice_payment")
        intent = charge["payment_intent"]
        invoices = {one["invoice"] for one in paid if one["payment"].get("payment_intent") == intent}
        return bool(({charge["id"]} | invoices) & self.refused)

    def _each_once(self) -> None:
        """I1, both ways: what must stand does, once, and nothing else does."""
        stand = Counter((one["type"], one["external_id"]) for one in self.kept if one["type"] in RECORDS)
        assert not [one for one, times in stand.items() if times > 1], "I1: a record stands twice"
        wanted, possible = self._wanted()
        assert wanted <= set(stand), f"I1: lost {wanted - set(stand)}"
        assert set(stand) <= wanted | possible, f"I1: too much {set(stand) - wanted - possible}"

    def _wanted(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """What must stand, and what may."""
        wanted: set[tuple[str, str]] = set()
        possible: set[tuple[str, str]] = set()
        for charge in self.store.all("charge"):
            if not charge["balance_transaction"]:  # never held, or not yet (CH-5, CH-28)
                continue
            mine = {("customerPayment", charge["id"])}
            if charge["status"] == "failed":
                mine.add(("customerRefund", f"ns_refund:{charge['id']}"))
            loose = charge["id"] in self.doubtful
            (possible if loose else wanted).update(mine)
        for key, _, charge_id in self._takebacks():
            loose = charge_id in self.doubtful or key.partition(":")[0] in self.refused
            (possible if loose else wanted).add(("customerRefund", key))
        for payout in self.store.all("payout"):
            kind = "deposit" if payout["amount"] > 0 else "journalEntry"
            if payout["status"] == "failed":
                possible |= {("deposit", payout["id"]), ("journalEntry", f"{payout['id']}:returned")}
            elif payout["status"] == "paid":
                (possible if payout["id"] in self.refused else wanted).add((kind, payout["id"]))
        return wanted, possible

    def _takebacks(self) -> Iterator[tuple[str, int, str]]:
        """External id, minor units and charge of each refund that left, and of each withdrawal."""
        for refund in self.store.all("refund"):
            moved = self.store.lookup(refund["balance_transaction"] or "")
            if moved and moved["reporting_category"] == "refund":
                yield refund["id"], refund["amount"], refund["charge"]
        for dispute in self.store.all("dispute"):
            taken = [one for one in dispute["balance_transactions"] if one["amount"] < 0]
            for turn, _ in enumerate(taken, 1):
                key = dispute["id"] if turn == 1 else f"{dispute['id']}:{turn}"
                yield key, dispute["amount"], dispute["charge"]

    def _nothing_too_much(self) -> None:
        for one in self.kept:
            for name in ("applied_to", "applied_by"):
                linked = sum((Decimal(each["amount"]) for each in one[name]), NOTHING)
                assert linked <= Decimal(one["total"]), f"I3: {one['external_id']} {name} {linked}"

    def _payment(self, charge: Row) -> None:
        record = self.by_id.get(("customerPayment", charge["id"]))
        if record is None:
            return
        wanted = self._money(charge["amount_captured"])
        assert Decimal(record["total"]) == wanted, f"I2: {charge['id']} is {record['total']}"
        assert record["currency"] == charge["currency"].upper(), f"I2: {charge['id']}"
        refund = self.by_id.get(("customerRefund", f"ns_refund:{charge['id']}"))
        if charge["status"] == "failed":
            assert refund, f"I1: {charge['id']} failed and is not given back"
            assert [one["external_id"] for one in record["applied_to"]] == [refund["external_id"]], (
                f"CH-27: {charge['id']} failed and still pays {record['applied_to']}"
            )

    def _takeback(self, key: str, minor: int, charge_id: str) -> None:
        """A customer refund over all of it, against the payment's rest and memos of its own, used up."""
        record = self.by_id.get(("customerRefund", key))
        if record is None:
            return
        amount = self._money(minor)
        assert Decimal(record["total"]) == amount, f"I2: {key} is {record['total']}, not {amount}"
        used = sum((Decimal(one["amount"]) for one in record["applied_by"]), NOTHING)
        assert used == amount, f"I3: {key} is applied over {used} of {amount}"
        of_notes = {one["id"] for one in self.store.all("credit_note")}
        for one in record["applied_by"]:
            if one["type"] == "customerPayment":
                assert one["external_id"] == charge_id, f"RF-1: {key} is of {one['external_id']}"
                continue
            memo = self.by_id["creditMemo", one["external_id"]]
            name = one["external_id"].removeprefix("ns_memo:")
            assert name.startswith(key.partition(":")[0]) or name in of_notes, f"K24: {key} by {name}"
            if name not in of_notes and not self._of_note(key):
                assert Decimal(memo["unapplied"]) == 0, f"I3: {memo['external_id']} is left over"

    def _of_note(self, key: str) -> bool:
        notes = self.store.all("credit_note")
        return any(one["refund"] == key for note in notes for one in note["refunds"])

    # -- payouts -----------------------------------------------------------------------------------------

    @cached_property
    def _keys(self) -> dict[str, str]:
        """The record that stands for a balance transaction, by its id."""
        keys: dict[str, str] = {}
        for charge in self.store.all("charge"):
            keys[charge["balance_transaction"]] = charge["id"]
            keys[charge["failure_balance_transaction"]] = f"ns_refund:{charge['id']}"
        for refund in self.store.all("refund"):
            moved = self.store.lookup(refund["balance_transaction"] or "")
            if moved:
                real = moved["reporting_category"] == "refund"
                keys[moved["id"]] = refund["id"] if real else refund["charge"]
        for dispute in self.store.all("dispute"):
            taken = [one["id"] for one in dispute["balance_transactions"] if one["amount"] < 0]
            for turn, moved in enumerate(taken, 1):
                keys[moved] = dispute["id"] if turn == 1 else f"{dispute['id']}:{turn}"
        keys.pop(None, None)  # type: ignore[call-overload]
        return keys

    def _listed(self, payout: str) -> list[Row]:
        rows = self.store.all("balance_transaction")
        return [one for one in rows if self.store.held(one, "payout") == payout and one["source"] != payout]

    def _booked(self, payout: str) -> Row | None:
        return self.by_id.get(("deposit", payout)) or self.by_id.get(("journalEntry", payout))

    def _parts(self, payout: str) -> Iterator[Row]:
        """What it settles; of an earlier one that came back and was never booked, its parts (PO-12)."""
        for one in self._listed(payout):
            if one["type"] == "payout_failure" and not self._booked(one["source"]):
                yield from self._parts(one["source"])
            else:
                yield one

    def _payout(self, payout: Row) -> None:
        """I4: its records, each at what Stripe moved for it; and the identity of its lines."""
        record = self._booked(payout["id"])
        if record is None:
            return
        parts = list(self._parts(payout["id"]))
        amount = self._settled(payout["amount"])
        funds: dict[str, Decimal] = {}
        others = NOTHING
        for one in parts:
            key = self._keys.get(one["id"])
            if key:
                funds[key] = funds.get(key, NOTHING) + self._settled(one["amount"])
            else:
                others += self._settled(one["amount"])
        lines = others - sum((self._settled(one["fee"]) for one in parts), NOTHING)
        assert sum(funds.values(), NOTHING) + lines == amount, "I4: Stripe's own sums"
        if record["type"] == "deposit":
            self._deposit(payout, record, funds, lines)
        else:
            self._journal(payout, record, sum(funds.values(), NOTHING), lines)

    def _deposit(self, payout: Row, record: Row, funds: dict[str, Decimal], lines: Decimal) -> None:
        name = payout["id"]
        held = {one["external_id"]: Decimal(one["amount"]) for one in record["holds"]}
        assert held == {key: amount for key, amount in funds.items() if key in held or amount}, f"I4: {name}"
        money_in, money_out = (
            sum((Decimal(one["amount"]) for one in record[side]), NOTHING) for side in ("others", "cash_back")
        )
        assert money_in - money_out == lines, f"I4: fees and other lines of {name}"
        total = sum(held.values(), NOTHING) + money_in - money_out
        assert total == Decimal(record["total"]) == self._settled(payout["amount"]), f"I4: {name} is {total}"

    def _journal(self, payout: Row, record: Row, funds: Decimal, lines: Decimal) -> None:
        sums: dict[str, Decimal] = {}
        for one in record["entries"]:
            name = one["account"].partition(" ")[2]  # without its number
            sums[name] = sums.get(name, NOTHING) + Decimal(one["amount"])
        bank = sums.pop(f"Bank {self.settled_in.upper()}")
        assert bank == self._settled(payout["amount"]), f"I4: {payout['id']} takes {bank} off the bank"
        assert sums.pop(WAITING, NOTHING) == -funds, f"I4: {payout['id']}"
        assert sum(sums.values(), NOTHING) == -lines, f"I4: fees and other lines of {payout['id']}"

    # -- the ledger --------------------------------------------------------------------------------------

    def balance(self, account: str, currency: str) -> Decimal:
        """What a ledger account holds in a currency."""
        (found,) = [one for one in self.books["accounts"] if one["name"] == account]
        return Decimal(found["balances"].get(currency.upper(), 0))

    def _bank(self) -> None:
        """I5: the payouts that were booked, but those that came back."""
        there = NOTHING
        for payout in self.store.all("payout"):
            returned = ("journalEntry", f"{payout['id']}:returned") in self.by_id
            if self._booked(payout["id"]) and not returned:
                there += self._settled(payout["amount"])
        bank = f"Bank {self.settled_in.upper()}"
        assert self.balance(bank, self.settled_in) == there, f"I5: {bank}"

    def _undeposited(self) -> None:
        """I5: gross, what Stripe has on its balance and has not paid out."""
        paid = {
            one["id"]
            for payout in self.store.all("payout")
            if self._booked(payout["id"])
            for one in self._parts(payout["id"])
        }
        movements = [one for one in self.store.all("balance_transaction") if one["id"] not in paid]
        waits = sum((self._settled(one["amount"]) for one in movements if one["id"] in self._keys), NOTHING)
        if not self.converted:
            there = self.balance(WAITING, self.settled_in)
        else:
            (found,) = [one for one in self.books["accounts"] if one["name"] == WAITING]
            there = Decimal(found["balance"])
        assert there == waits, f"I5: {WAITING} holds {there}, Stripe has not paid out {waits}"

    def _money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.places)

    def _settled(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.settled_places)


def _to_refunds(record: Row) -> list[Row]:
    return [one for one in record["applied_to"] if one["type"] == "customerRefund"]
