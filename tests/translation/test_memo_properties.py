"""Whatever paid, credited or closed an invoice, what is open on it in NetSuite is what Stripe says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Amount
from connector.netsuite import records
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Invoice, InvoicePayment
from tests.translation.builders import charge, invoice, line, paid_by, settings
from tests.translation.notes import note, note_line, open_amount, plan_of

rule = pytest.mark.rule
PAID, CLOSED, LATE = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (5, 9, 12))


def cents(minor: int) -> Amount:
    return Amount.from_minor(minor, "usd")


@dataclass(frozen=True)
class Life:
    """What became of an invoice: the parts of its total, in cents, and how it ended."""

    lines: tuple[int, ...]
    balance: int
    charged: int
    noted: tuple[int, ...]
    outside: int
    ending: str
    keep_open: bool

    @property
    def total(self) -> int:
        return sum(self.lines)

    @property
    def rest(self) -> int:
        return self.total - self.balance - self.charged - sum(self.noted)

    @property
    def held_back(self) -> int:
        """What CB-2 and K3 hold back until the invoice is paid."""
        return self.balance + sum(self.noted)

    @property
    def expected(self) -> int:
        """What NetSuite is to show as open."""
        if self.ending == "open" or (self.ending == "uncollectible" and self.keep_open):
            return self.rest + self.held_back
        return self.outside if self.ending == "paid" else 0

    def invoice(self) -> Invoice:
        """The invoice as Stripe has it at the end."""
        owed = self.rest if self.ending != "paid" and self.ending != "recovered" else 0
        given_up = self.ending in ("uncollectible", "recovered")
        return invoice(
            [line(cents(part), id=f"il_{number}") for number, part in enumerate(self.lines)],
            status="paid" if self.ending == "recovered" else self.ending,
            starting_balance=cents(-self.balance),
            ending_balance=cents(0),
            amount_remaining=cents(owed),
            amount_paid_off_stripe=cents(self.outside),
            paid_at=PAID,
            voided_at=CLOSED if self.ending == "void" else None,
            marked_uncollectible_at=CLOSED if given_up else None,
        )

    def payments(self) -> list[InvoicePayment]:
        """The charges that paid it; what recovers a debt comes when it was given up already."""
        late = self.rest if self.ending == "recovered" else 0
        rest = 0 if self.ending != "paid" else self.rest - self.outside
        parts = [("ch_1", self.charged, PAID), ("ch_2", rest, PAID), ("ch_3", late, LATE)]
        return [
            paid_by(charge(cents(part), id=key, created=at), cents(part), id=f"inpay_{key}", paid_at=at)
            for key, part, at in parts
            if part
        ]

    def notes(self) -> list[CreditNote]:
        """The notes that lowered what was owed."""
        return [
            note([note_line(cents(part), invoice_line_id="")], id=f"cn_{number}", created=PAID)
            for number, part in enumerate(self.noted)
            if part
        ]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Lawful lives: the parts never exceed the total."""
    lines = tuple(draw(st.lists(st.integers(1, 90_000), min_size=1, max_size=4)))
    total = sum(lines)
    balance = draw(st.integers(0, total))
    charged = draw(st.integers(0, total - balance))
    noted = draw(st.integers(0, total - balance - charged))
    split = draw(st.integers(0, noted))
    rest = total - balance - charged - noted
    ending = draw(st.sampled_from(["open", "paid", "void", "uncollectible", "recovered"]))
    outside = draw(st.integers(0, rest)) if ending == "paid" else 0
    keep_open = draw(st.booleans()) if ending == "uncollectible" else False
    return Life(lines, balance, charged, (split, noted - split), outside, ending, keep_open)


@rule("CB-2", "CN-1", "UN-2", "UN-H1", "UN-H3", "K3", "K21", "K25")
@given(life=lives())
def test_netsuite_shows_what_stripe_wants_and_what_is_held_back(life: Life) -> None:
    account = settings(keep_unpaid_invoices_open=life.keep_open)
    plan = plan_of(life.invoice(), *life.payments(), notes=life.notes(), account=account)

    assert (plan.problems, plan.skip) == ((), None)
    assert open_amount(plan) == Decimal(life.expected) / 100
    assert (plan.alert is not None) == (life.ending == "recovered" and life.rest > 0)


@given(life=lives())
def test_no_memo_is_below_zero_and_each_has_its_own_name(life: Life) -> None:
    plan = plan_of(life.invoice(), *life.payments(), notes=life.notes())
    made = [one.record for one in plan.records if isinstance(one.record, records.CreditMemo)]
    assert len({one.external_id for one in made}) == len(made)
    assert all(one.total >= 0 for one in made)
