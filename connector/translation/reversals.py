"""Reversals -> all that was taken back of one charge, by refunds and disputes, in the order of time.

Each is planned on what the ones before it have left (`takeback`). One that NetSuite holds already
is never planned anew; one that cannot be booked is told, and keeps nothing else out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from connector.money import Amount, total
from connector.netsuite.records import Application, Ref
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge
from connector.stripe.reversals import Dispute, Refund
from connector.translation import credit_note as credit_notes
from connector.translation import dispute as disputes
from connector.translation import refund as refunds
from connector.translation import takeback as takebacks
from connector.translation.plan import Link, Plan, Planned, Problem
from connector.translation.settings import Settings
from connector.translation.takeback import Standing, Takeback, Taken


@dataclass(frozen=True, slots=True)
class Reversals:
    """A charge with all refunds and disputes of it, and the credit notes of the invoice that it pays."""

    charge: Charge
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    notes: tuple[CreditNote, ...] = ()
    of_invoice: bool = False

    def links(self, settings: Settings) -> tuple[Link, ...]:
        """The records of NetSuite that people named for them."""
        given = [refunds.link_of(one) for one in self._refunds(settings)]
        given += [disputes.link_of(one) for one in self._disputes() if any(_withdrawn(one))]
        memos = [refunds.memo_of(one) for one in self._refunds(settings) if not refunds.link_of(one)]
        return tuple(link for link in (*given, *memos) if link)

    def takebacks(self, settings: Settings) -> list[Takeback]:
        """Each time that money left, oldest first, linked ones included."""
        made = [
            refunds.takeback(one, self.charge, self._credits(one), settings)
            for one in self._refunds(settings)
        ]
        for one in self._disputes():
            made += disputes.takebacks(one, self.charge, settings)
        return sorted(made, key=lambda one: (one.at, one.external_id))

    def problems(self, settings: Settings) -> list[Problem]:
        """What of them cannot be booked, whatever NetSuite holds."""
        told = [self._problem(one) for one in self.refunds if refunds.is_booked(one, settings)]
        told += [disputes.problem_of(one, self.charge) for one in self.disputes if any(_withdrawn(one))]
        return [problem for problem in told if problem]

    def failures(self, booked: Mapping[str, Decimal], settings: Settings) -> list[Problem]:
        """Refunds that came back and are booked all the same (RF-H2)."""
        failed = [one for one in self._refunds(settings) if refunds.has_failed(one)]
        return [refunds.failure(one) for one in failed if not refunds.link_of(one) or one.id in booked]

    @property
    def regained(self) -> Amount:
        """What banks gave back after disputes."""
        return total([disputes.regained(one) for one in self._disputes()], self.charge.amount.currency)

    def _refunds(self, settings: Settings) -> list[Refund]:
        return [one for one in self.refunds if refunds.is_booked(one, settings) and not self._problem(one)]

    def _disputes(self) -> list[Dispute]:
        return [one for one in self.disputes if not disputes.problem_of(one, self.charge)]

    def _problem(self, refund: Refund) -> Problem | None:
        noted = any(refund.id in note.refunds for note in self.notes)
        return refunds.problem_of(refund, self.charge, of_invoice=self.of_invoice, noted=noted)

    def _credits(self, refund: Refund) -> tuple[Application, ...]:
        """The memos of credit notes that name the refund, each with its part of it (K24, CN-H1)."""
        return tuple(
            Application(Ref("creditMemo", credit_notes.external_id(note)), note.refunds[refund.id].value)
            for note in self.notes
            if refund.id in note.refunds
        )


@dataclass(frozen=True, slots=True)
class Booked:
    """What our map says of a charge's takebacks.

    `refunds` are those in NetSuite, by external id, each with what memos cover of it. `memos` are
    those whose refund is still to be written, by takeback. `sent` are refunds whose answer was lost:
    what they were set against, so that the same is asked for again.
    """

    refunds: Mapping[str, Decimal] = field(default_factory=dict)
    memos: Mapping[str, tuple[Application, ...]] = field(default_factory=dict)
    sent: Mapping[str, tuple[Application, ...]] = field(default_factory=dict)


def pending(reversals: Reversals, booked: Booked, settings: Settings) -> list[Takeback]:
    """What is still to be written."""
    linked = {link.key for link in reversals.links(settings) if link.type != "creditMemo"}
    known = linked | set(booked.refunds)
    return [one for one in reversals.takebacks(settings) if one.external_id not in known]


def added(
    plan: Plan, reversals: Reversals, standing: Standing | None, booked: Booked, settings: Settings
) -> Plan:
    """The plan of a charge or its invoice with what was taken back of the charge.

    `standing` is None when nothing is to be written, or the payment itself is not booked yet.
    """
    told = reversals.problems(settings)
    made: list[Planned] = []
    later = None
    if standing is not None:
        made, more, later = _planned(reversals, standing, booked, settings)
        told += more
    alerts = reversals.failures(booked.refunds, settings)
    return replace(
        plan,
        links=plan.links + reversals.links(settings),
        records=tuple(sorted((*plan.records, *made), key=lambda planned: planned.record.WAVE)),
        attention=plan.attention or next(iter(told), None),
        alert=plan.alert or next(iter(alerts), None),
        later=plan.later or later,
    )


def _planned(
    reversals: Reversals, standing: Standing, booked: Booked, settings: Settings
) -> tuple[list[Planned], list[Problem], Problem | None]:
    wanted, left = reversals.takebacks(settings), pending(reversals, booked, settings)
    standing = standing.spent(_by_memos(wanted, left, standing, booked))
    made: list[Planned] = []
    told: list[Problem] = []
    for each in left:
        if applied := booked.sent.get(each.external_id):
            made.append(_again(each, applied, standing, settings))
            unsure = Problem("unconfirmed", f"NetSuite may hold {each.external_id} already.")
            return made, told, unsure if each != left[-1] else None
        one = _with_memos(each, booked)
        taken = takebacks.take(one, standing)
        if problem := _refusal(one, taken, wanted, standing, reversals):
            told.append(problem)
            continue
        made += takebacks.records_of(one, taken, standing, settings)
        standing = takebacks.after(one, taken, standing)
    return made, told, None


def _by_memos(
    wanted: Sequence[Takeback], left: Sequence[Takeback], standing: Standing, booked: Booked
) -> Decimal:
    """What memos have taken of the payment's invoices up to now, and nobody has given back."""
    done = [one for one in wanted if one not in left]
    gone = sum((one.amount.value for one in done), Decimal(0)) - standing.given_back
    back = (booked.refunds.get(one.external_id, Decimal(0)) for one in done if one.returned)
    return gone - sum(back, Decimal(0))


def _with_memos(one: Takeback, booked: Booked) -> Takeback:
    """The takeback with the memos that an earlier run wrote for it, before it was cut off."""
    more = [memo for memo in booked.memos.get(one.external_id, ()) if memo not in one.credits]
    return replace(one, credits=(*one.credits, *more))


def _again(
    one: Takeback, applied: tuple[Application, ...], standing: Standing, settings: Settings
) -> Planned:
    """A refund whose answer was lost, as it was sent."""
    deposits = tuple(each for each in applied if each.doc.type == "customerDeposit")
    rest = tuple(each for each in applied if each.doc.type != "customerDeposit")
    return takebacks.refund_of(one, standing.customer, rest, deposits, settings, (*one.rules, "RF-1", "RF-7"))


def _refusal(
    one: Takeback, taken: Taken, wanted: Sequence[Takeback], standing: Standing, reversals: Reversals
) -> Problem | None:
    """Why a takeback must not be booked, although Stripe is clear about it."""
    if standing.record.type == "cashSale":  # K11
        text = f"{one.external_id} takes back {reversals.charge.id}, which NetSuite holds as a cash sale."
        return Problem("refund_of_cash_sale", text)
    came_back = next((each for each in wanted if each.failed and each.at <= one.at and each != one), None)
    if came_back and not one.may_exceed:
        text = (
            f"{one.external_id} follows {came_back.external_id}, which came back and left {came_back.amount} "
            "of credit with the customer. Whether it gives the same money back, Stripe does not say."
        )
        return Problem("refund_after_one_that_failed", text)
    if taken.beyond > 0 and not one.may_exceed and taken.beyond > reversals.regained.value:
        covered = Amount(one.amount.value - taken.beyond, one.amount.currency)
        text = f"{one.external_id} is over {one.amount}. NetSuite’s record of {reversals.charge.id} "
        return Problem("refund_exceeds_payment", f"{text}has {covered} left to give back.")
    return None


def _withdrawn(dispute: Dispute) -> list[bool]:
    return [movement.amount.value < 0 for movement in dispute.movements]
