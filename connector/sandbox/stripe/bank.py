"""What banks, card networks and Stripe itself do to the money, without any request."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from . import application_fees, captures, clearing, disputes, payouts, refunds, topups
from .amounts import currency_of
from .payments import cancel_intent
from .store import Store
from .terms import Settlement
from .transactions import Fee, Worth, record

Working = Callable[[str], AbstractContextManager[Store]]


class Bank:
    """Steps that a story takes for the outside world; all amounts are minor units.

    Refusal when Stripe would not let it happen in the state that things are in.
    """

    def __init__(self, working: Working) -> None:
        """`working(subject)` locks the account and lends its store, at the time of the subject."""
        self._working = working

    def clear(self, charge: str) -> None:
        """The money of a pending charge has come."""
        with self._working(charge) as store:
            clearing.clear(store, store.get("charge", charge))

    def bounce(self, charge: str, code: str = "insufficient_funds") -> None:
        """The payer's bank refuses a pending charge (a code of `clearing.FAILURES`)."""
        with self._working(charge) as store:
            clearing.bounce(store, store.get("charge", charge), code)

    def expire(self, charge: str) -> None:
        """An authorization runs out before it was captured."""
        with self._working(charge) as store:
            row = store.get("charge", charge)
            captures.release(store, row, expired=True)
            intent = store.lookup(row["payment_intent"] or "")
            if intent:
                cancel_intent(store, intent, "automatic")

    def finish_refund(self, refund: str) -> None:
        """A refund that waited goes through."""
        with self._working(refund) as store:
            refunds.finish(store, store.get("refund", refund))

    def fail_refund(self, refund: str, reason: str = "expired_or_canceled_card") -> None:
        """A refund comes back, even one that had succeeded (a reason of `refunds.FAILURES`)."""
        with self._working(refund) as store:
            refunds.fail(store, store.get("refund", refund), reason)

    def dispute(
        self, charge: str, amount: int | None = None, reason: str = "fraudulent", *, inquiry: bool = False
    ) -> str:
        """A payer disputes a charge, whole or over an amount; returns the id. An inquiry moves no money."""
        with self._working(charge) as store:
            row = store.get("charge", charge)
            disputed = row["amount"] if amount is None else amount
            return str(disputes.open_dispute(store, row, disputed, reason, inquiry=inquiry)["id"])

    def escalate(self, dispute: str) -> None:
        """An inquiry becomes a dispute: the money is taken."""
        self._with_dispute(disputes.escalate, dispute)

    def close_inquiry(self, dispute: str) -> None:
        """An inquiry ends without a dispute."""
        self._with_dispute(disputes.close_inquiry, dispute)

    def win(self, dispute: str, *, fee_back: bool = True) -> None:
        """A dispute is won: the money comes back, and the fee unless Stripe keeps it."""
        with self._working(dispute) as store:
            disputes.win(store, store.get("dispute", dispute), fee_back=fee_back)

    def lose(self, dispute: str) -> None:
        """A dispute is lost."""
        self._with_dispute(disputes.lose, dispute)

    def reinstate(self, dispute: str) -> None:
        """The money of a dispute comes back before it is decided."""
        self._with_dispute(disputes.reinstate, dispute)

    def withdraw_again(self, dispute: str) -> None:
        """Money that had come back, even after a win, is taken once more."""
        self._with_dispute(disputes.withdraw_again, dispute)

    def _with_dispute(self, step: Callable[..., None], identity: str) -> None:
        with self._working(identity) as store:
            step(store, store.get("dispute", identity))

    def mark(self) -> int:
        """How many balance transactions there are, so that a payout can begin after them."""
        with self._working("") as store:
            return len(store.all("balance_transaction"))

    def pay_out(self, currency: str, since: int = 0) -> str | None:
        """The daily payout of what is available; its id, or None when that is nothing.

        `since` is an earlier `mark`: what happened before it is left for another payout.
        """
        with self._working("") as store:
            made = payouts.pay_out(store, currency, since)
            return str(made["id"]) if made else None

    def submit(self, payout: str) -> None:
        """A payout made by hand is handed to the bank and can no longer be canceled."""
        with self._working(payout) as store:
            payouts.submit(store, store.get("payout", payout))

    def arrive(self, payout: str) -> None:
        """The bank has the money of a payout."""
        with self._working(payout) as store:
            payouts.arrive(store, store.get("payout", payout))

    def reconcile(self, payout: str) -> None:
        """The transactions of an automatic payout can be listed from now on."""
        with self._working(payout) as store:
            payouts.reconcile(store, store.get("payout", payout))

    def fail_payout(self, payout: str, code: str = "account_closed") -> None:
        """The bank sends a payout back, even one that was paid (a code of `payouts.FAILURES`)."""
        with self._working(payout) as store:
            payouts.fail_payout(store, store.get("payout", payout), code)

    def top_up(self, topup: str) -> None:
        """The money of a top-up has come."""
        with self._working(topup) as store:
            topups.come_in(store, store.get("topup", topup))

    def reverse_top_up(self, topup: str) -> None:
        """The bank takes a top-up back."""
        with self._working(topup) as store:
            topups.take_back(store, store.get("topup", topup))

    def earn_fee(self, amount: int, currency: str = "usd", account: str = "acct_1SBX000009") -> str:
        """The account earns an application fee as a platform; returns its id."""
        with self._working("") as store:
            return str(application_fees.take_fee(store, amount, currency, account)["id"])

    def book(
        self,
        kind: str,
        amount: int,
        currency: str = "usd",
        *,
        fee: int = 0,
        tax: int = 0,
        category: str | None = None,
        description: str | None = None,
        source: str | None = None,
    ) -> str:
        """Stripe moves money by a transaction of any type, even one that nobody knows; returns its id."""
        with self._working("") as store:
            worth = Worth(amount, currency_of(currency))
            fees = [Fee(fee, "Stripe processing fees"), Fee(tax, "VAT", "tax")]
            words = {"category": category, "description": description, "source": source}
            return str(record(store, kind, worth, fees=fees, available_on=store.now(), **words)["id"])

    @contextmanager
    def terms(self, *, settles: dict[str, tuple[str, str]] | None = None, **changed: Any) -> Iterator[None]:
        """Let other terms hold for a while (see `Terms`).

        `settles` is by charged currency: the currency it is turned into, and the rate, such as
        `{"nok": ("eur", "0.0862")}`.
        """
        if settles is not None:
            rates = {code: Settlement(into, Decimal(rate)) for code, (into, rate) in settles.items()}
            changed["settles"] = rates
        with self._working("") as store:
            before, store.terms = store.terms, replace(store.terms, **changed)
        try:
            yield
        finally:
            store.terms = before
