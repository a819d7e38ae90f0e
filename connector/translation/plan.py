"""Plan: what should stand in NetSuite for a Stripe document, and why.

A plan is either whole or nothing: with any problem in it, none of its records is
written. Records stand in writing order; each names the rules of the rulebook that
made it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector.money import Amount
from connector.netsuite.records import Record, RefType


@dataclass(frozen=True, slots=True)
class Planned:
    """One record to write, the Stripe object that it stands for, and the rules applied.

    `alone` is the memo under which a payment or deposit may be written by itself, where NetSuite
    does not take it on the invoice or order that it names (CH-18, CH-22); empty where it may not.
    `taken_off` says that all that it is applied to must be taken off it, before anything in this
    plan rests on it (CH-27). `rests_on` is the external id of a record that this one was planned
    upon as it is planned here, without a link to it: a memo of what its payment settles (RF-1).
    """

    record: Record
    stripe_id: str
    rules: tuple[str, ...]
    alone: str = ""
    taken_off: bool = False
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An existing NetSuite record; it is looked at, never created.

    `metadata_key` is where a person named it, empty when it was found by comparing fields; `note`
    is what else is to be known of it.
    """

    type: RefType
    key: str
    internal_id: str
    metadata_key: str
    rules: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why this cannot be booked: a code of the catalogue and the particulars."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing to book, and that is right."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the document is, for people: `Invoice ACME-0001`, its customer, its money."""

    title: str
    customer: str = ""
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Links and records in order, or problems, or a reason to skip.

    `later` says that the plan is right but not yet complete: something in Stripe is
    still on its way, and the document has to be looked at again. `alert` says that all of it
    is booked, and that somebody should know or do something besides. `attention` says that
    the rest is booked, and that a person must mend one thing first, by hand, in NetSuite.
    `waiting` says that nothing is booked yet, and that only time is needed: somebody has to do
    in NetSuite what they would do anyway, or what `waits_for` names by its Stripe id comes first.
    """

    summary: Summary
    links: tuple[Link, ...] = ()
    records: tuple[Planned, ...] = ()
    problems: tuple[Problem, ...] = ()
    skip: Skip | None = None
    later: Problem | None = None
    alert: Problem | None = None
    attention: Problem | None = None
    waiting: Problem | None = None
    waits_for: str = ""

    def after(self, parents: Plan) -> Plan:
        """This plan with what it rests on in front; the summary stays this one's.

        All problems are told at once, and with any of them no record is left. What rests
        on something that is held is held with it (SY-2).
        """
        skip = self.skip or parents.skip
        if skip:
            return Plan(self.summary, skip=skip)
        problems = tuple(dict.fromkeys(parents.problems + self.problems))
        return replace(
            self,
            links=() if problems else parents.links + self.links,
            records=() if problems else parents.records + self.records,
            problems=problems,
        )
