"""Payouts: from Stripe's list of what a payout settles to the plan of its deposit.

    inventory: is every record in NetSuite?      no: have it brought, and wait (PO-13)
    validation: may each be deposited?           no: name each one, and look again hourly (PO-7)
    then the deposit, one for a payout           (PO-1)

NetSuite is asked only once everything is there, a thousand records at a time, and never again
once a deposit was sent: what is on it then is on a deposit because of us. Whose credit a refund is that
came back is asked each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from connector.engine import jobs, payout_children, payout_rows, payout_validation, writing_back
from connector.engine.payout_children import Child
from connector.engine.source import Source
from connector.errors import RetryLater
from connector.models import Job, MappedRecord
from connector.netsuite.gateway import Criterion
from connector.stripe.balance import BalanceTransaction, Payout
from connector.stripe.client import Client
from connector.translation import payout as payouts
from connector.translation.movement import FAILED_DEBITS, Role, is_partial_capture, record_key, role_of
from connector.translation.payout import Contents
from connector.translation.plan import Link, Plan, Problem, Skip

LOOK_AGAIN = timedelta(minutes=15)
RECHECK = timedelta(hours=1)
PATIENCE = timedelta(days=2)
"""So long a payout waits for its records in silence (SY-1)."""
RECHECKED_AT_ONCE = 200
State = MappedRecord.State
UNSURE = {State.INTENT, State.UNCONFIRMED}


def read(subject: str, source: Source) -> Plan:
    """The plan of a payout, which waits while records are missing. Raises verdicts."""
    payout = source.client.fetch_payout(subject)
    summary = payouts.summarise(payout)
    payout_rows.keep_head(payout, source)
    if skip := payouts.left_alone(payout):
        return Plan(summary, skip=skip)
    sent, has_failed = _sent(payout.id, source), payout.status == "failed"
    if has_failed and not sent & UNSURE:
        return _failed(payout, source, booked=State.MAPPED in sent)
    if not _is_under_way(sent):
        left = writing_back.payout_without_our_ids(payout, source.netsuite, source.gateway)
        if named := payouts.link_of(left):
            return _linked(payout, named, source)
    if not payout.reconciled:
        return _unreconciled(payout)
    contents = contents_of(payout, source)
    children: list[Child] = []
    if lacking := _lacking(contents):
        contents, children = _taken_stock(payout, contents, lacking, source)
    if children and (parent := _awaited(children, payout, source)):
        waiting = _waiting(children, len(contents.movements))
        return Plan(summary, waiting=waiting, waits_for=parent)
    plan = _planned(payout, contents, source, sent, children)
    text = f"Whether NetSuite has saved the deposit of {payout.id} is seen to before its return is booked."
    return replace(plan, later=Problem("unconfirmed", text)) if has_failed else plan


def _sent(payout_id: str, source: Source) -> set[str]:
    """How the deposits or journal entries of a payout stand that were sent to NetSuite once, or refused."""
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite,
        stripe_id=payout_id,
        record_type__in=("deposit", "journalEntry"),
    )
    return set(rows.exclude(external_id=f"{payout_id}:returned").values_list("state", flat=True))


def _is_under_way(sent: set[str]) -> bool:
    """Whether some of it is in NetSuite, or may be; its records are then on a deposit because of us."""
    return bool(sent - {State.REFUSED})


def _failed(payout: Payout, source: Source, *, booked: bool) -> Plan:
    """PO-H5. What never reached the books goes to the bank with the payout that brings it again (PO-12)."""
    summary = payouts.summarise(payout)
    why = payout.failure_message or "no reason given"
    if not booked:
        return Plan(summary, skip=Skip("payout_failed", f"The bank sent {payout.id} back: {why}"))
    back = source.client.fetch_balance_transaction(payout.failure_balance_transaction_id)
    return payouts.returned(payout, source.settings.local_date(back.created), source.settings)


def _linked(payout: Payout, named: Link | Problem, source: Source) -> Plan:
    """The deposit that a person named, once its total is the payout's."""
    summary = payouts.summarise(payout)
    if isinstance(named, Problem):
        return Plan(summary, problems=(named,))
    one = Criterion("internalId", "anyOf", (named.internal_id,))
    there = next(iter(source.gateway.search("deposit", [one])), None)
    own = source.settings.currencies.get(payout.amount.currency, "")
    if there and (there.total != payout.amount.value or there.currency not in ("", own)):
        text = (
            f"NetSuite’s deposit {named.internal_id} is over {there.total}, {payout.id} over {payout.amount}."
        )
        return Plan(summary, problems=(Problem("found_record_differs", text),))
    return Plan(summary, links=(named,))


def _unreconciled(payout: Payout) -> Plan:
    text = f"Stripe does not yet say what {payout.id} is made of."
    if payout.status == "paid":
        return Plan(payouts.summarise(payout), later=Problem("payout_not_reconciled", text))
    return Plan(payouts.summarise(payout), skip=_on_its_way(payout, text))


def _on_its_way(payout: Payout, text: str) -> Skip:
    day = payout.arrival_date.isoformat()
    return Skip("payout_on_its_way", f"{text} It is expected at the bank on {day}, and is booked then.")


# What is in it


def contents_of(payout: Payout, source: Source) -> Contents:
    """What Stripe says the payout settles, and which of it NetSuite has."""
    movements = tuple(_movements(payout.id, source))
    keys = {one.id: key_of(one, source.client) for one in movements if role_of(one) is Role.RECORD}
    backs = {one.source_id for one in movements if role_of(one) is Role.REFUND_BACK}
    found = payout_rows.found(source.netsuite, {*keys.values(), *backs})
    return Contents(movements, keys, found)


def _movements(payout_id: str, source: Source) -> Iterator[BalanceTransaction]:
    """What a payout settles; of an earlier one that came back and was never booked, its parts (PO-12)."""
    for movement in source.client.fetch_balance_transactions_of_payout(payout_id):
        if movement.kind == "payout_failure" and _is_to_be_grouped(movement.source_id, source):
            yield from _movements(movement.source_id, source)
        else:
            yield movement


def _is_to_be_grouped(payout_id: str, source: Source) -> bool:
    """Whether the parts of an earlier payout are known and not on a deposit. Raises RetryLater until then.

    As one line in place of its parts it would leave those waiting in Undeposited Funds for good. Of a
    payout made by hand Stripe never tells them (PO-11).
    """
    if _is_under_way(_sent(payout_id, source)):
        return False
    earlier = source.client.fetch_payout(payout_id)
    if earlier.automatic and not earlier.reconciled:
        text = f"It brings {payout_id} again, of which Stripe does not yet say what it is made of."
        raise RetryLater("payout_not_reconciled", text, delay=LOOK_AGAIN)
    return earlier.reconciled


def key_of(movement: BalanceTransaction, client: Client) -> str:
    """The external id of the record that stands for a movement; Stripe is asked where it does not tell."""
    source_id = movement.source_id
    if is_partial_capture(movement):
        return client.fetch_refund(source_id).charge_id
    if movement.kind in FAILED_DEBITS and not source_id.startswith(("ch_", "py_")):
        return f"ns_refund:{client.fetch_refund(source_id).charge_id}"
    if movement.kind == "adjustment":
        taken = [one.id for one in client.fetch_dispute(source_id).movements if one.amount.value < 0]
        place = taken.index(movement.id) if movement.id in taken else 0
        return f"{source_id}:{place + 1}" if place else source_id
    return record_key(movement)


def _lacking(contents: Contents) -> dict[str, BalanceTransaction]:
    """The first movement of each record that NetSuite does not have, by external id."""
    lacking: dict[str, BalanceTransaction] = {}
    for movement in contents.movements:
        key = _needed(movement, contents)
        if key and key not in contents.found:
            lacking.setdefault(key, movement)
    return lacking


def _needed(movement: BalanceTransaction, contents: Contents) -> str:
    """The external id of the record that a movement rests on: of a refund that came back, the refund."""
    if role_of(movement) is Role.REFUND_BACK:
        return movement.source_id
    return contents.keys.get(movement.id, "")


def _taken_stock(
    payout: Payout, contents: Contents, lacking: dict[str, BalanceTransaction], source: Source
) -> tuple[Contents, list[Child]]:
    """The contents, and what they lack that is not older than the books."""
    start = source.settings.sync_start_date
    old = {
        key
        for key, movement in lacking.items()
        if start and source.settings.local_date(movement.created) < start
    }
    children = payout_children.of(source.account, [key for key in lacking if key not in old])
    old |= {child.key for child in children if child.code == "before_start_date"}
    left = [child for child in children if child.key not in old]
    contents = replace(
        contents,
        before_start={one.id for one in contents.movements if _needed(one, contents) in old},
    )
    if left:
        payout_rows.keep(payout, contents, source, children=left)
    return contents, left


def _awaited(children: list[Child], payout: Payout, source: Source) -> str:
    """Have what is missing brought; the Stripe id of the last of it that is waited for, if any is.

    `_planned` names each to a person once nothing is under way any more and two days have passed, or at
    once when all that is missing was settled outside by a person: nothing will bring it.
    """
    wanted = [child for child in children if child.is_to_be_asked_for(RECHECK)]
    if source.keep:
        jobs.enqueue_all(source.account, [child.subject for child in wanted])
    under_way = [child for child in children if child.is_under_way] + wanted
    stuck = [child for child in children if child.is_stuck]
    is_hopeless = all(child.is_settled_outside for child in children)
    if under_way or not (is_hopeless or payout_rows.has_waited(payout, source, PATIENCE)):
        return (stuck or under_way or children)[-1].subject
    return ""


def _waiting(children: list[Child], count: int) -> Problem:
    first = [child for child in children if child.is_stuck] or children
    named = ", ".join(f"{child.key} ({child.words})" for child in first[:5])
    more = f" and {len(children) - 5} more" if len(children) > 5 else ""
    text = f"{len(children)} of {count} transactions are not in NetSuite yet: {named}{more}."
    return Problem("inventorying_waiting_on_child_records", text)


# What becomes of it


def _planned(
    payout: Payout, contents: Contents, source: Source, sent: set[str], children: list[Child]
) -> Plan:
    is_whole = sent == {State.MAPPED}
    contents = replace(contents, customers=payout_validation.customers(contents, source.gateway))
    plan = payouts.translate(payout, contents, source.settings)
    if _is_under_way(sent):  # it was checked before it was sent, and its settings may have changed since
        payout_rows.keep(payout, contents, source, plan=plan)
        return Plan(plan.summary) if plan.problems and is_whole else plan
    faults = payout_validation.faults(payout, contents, source)
    if _is_deposited(plan, faults, source):
        faults = {}
    payout_rows.keep(payout, contents, source, plan=plan, faults=faults, children=children)
    settled = [child for child in children if child.is_settled_outside]
    problems = (*_left_out(settled, payout), *plan.problems, *_told(faults, len(contents.found)))
    if problems:
        return Plan(plan.summary, problems=problems)
    if payout.status != "paid":
        text = f"All {len(contents.movements)} transactions of {payout.id} are in order."
        return Plan(plan.summary, skip=_on_its_way(payout, text))
    return plan


def _is_deposited(plan: Plan, faults: dict[str, Problem], source: Source) -> bool:
    """Whether NetSuite holds the deposit and our map forgot it, as after a restore: its records are on it."""
    if not plan.records or all(fault.code != "already_deposited" for fault in faults.values()):
        return False
    keys = [planned.record.external_id for planned in plan.records]
    return source.gateway.find("deposit", keys).keys() == set(keys)


MOST_TOLD = 50


def _left_out(settled: list[Child], payout: Payout) -> Iterator[Problem]:
    """That a person left some of it out, which the deposit cannot do without."""
    if settled:
        named = "; ".join(f"{child.key}: {child.words}" for child in settled[:5])
        more = f"; and {len(settled) - 5} more" if len(settled) > 5 else ""
        yield Problem("payout_holds_settled_outside", f"{payout.id} holds {named}{more}")


def _told(faults: dict[str, Problem], count: int) -> Iterator[Problem]:
    """Each record's problem; of several first that there are several, which is what the payout waits for."""
    if len(faults) > 1:
        text = f"{len(faults)} of {count} records cannot be deposited as they stand."
        yield Problem("validating_waiting_on_child_records", text)
    yield from list(faults.values())[:MOST_TOLD]


def recheck() -> int:
    """Look again at payouts that ask a person something, an hour after the last look; how many.

    What was mended in NetSuite tells nobody, so this is how a payout goes on by itself (PO-7).
    """
    asking = Job.objects.filter(
        status=Job.Status.NEEDS_ATTENTION,
        subject__startswith="po_",
        finished_at__lt=timezone.now() - RECHECK,
        account__paused_at=None,
    )
    return sum(jobs.retry(job) for job in asking.order_by("finished_at")[:RECHECKED_AT_ONCE])
