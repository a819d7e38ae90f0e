"""What a person does to records that need somebody: try again, settle outside, undo; and news after that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from connector.engine import actions, causes, decisions, jobs, settlements, sync
from connector.models import Action, AuditEntry, Cause, Decision, Event, Job, Settlement, StripeAccount
from tests.crowd import at_once
from tests.factories import AttemptFactory, EventFactory, JobFactory, StripeAccountFactory
from tests.rings import rings

S, Kind = Job.Status, Settlement.Kind
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAUSE, PAID = "period_closed", "invoice_already_paid"

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def acme() -> StripeAccount:
    return StripeAccountFactory.create(name="acme")


@pytest.fixture
def asking(acme: StripeAccount) -> list[Job]:
    """Two records that wait for a person, and one for an engineer, for one cause."""
    states = (S.NEEDS_ATTENTION, S.NEEDS_ATTENTION, S.FAILED)
    return [
        JobFactory.create(
            account=acme, subject=f"in_{place}", status=state, code=CAUSE, message=f"October {place}."
        )
        for place, state in enumerate(states)
    ]


def pks(chosen: list[Job]) -> list[int]:
    return [job.pk for job in chosen]


def stand(chosen: list[Job]) -> list[str]:
    for job in chosen:
        job.refresh_from_db()
    return [job.status for job in chosen]


def again(chosen: list[Job]) -> Action:
    return actions.try_again(pks(chosen), actions.version(chosen), who="alice")


def test_only_documents_of_a_closed_period_are_dated_anew(asking: list[Job]) -> None:
    Job.objects.update(code=PAID)
    with pytest.raises(actions.Stale):
        actions.date_anew(pks(asking), actions.version(asking), who="alice", why="Why not.")
    assert not Decision.objects.exists()
    assert not Action.objects.exists()
    Job.objects.update(code=CAUSE)
    actions.date_anew(pks(asking), actions.version(asking), who="alice", why="Agreed.")
    assert Decision.objects.count() == len(asking)


def skip(chosen: list[Job], kind: Settlement.Kind = Kind.SKIPPED) -> Action:
    seen = actions.version(chosen)
    return actions.settle(pks(chosen), seen, kind, who="alice", why="Paid by check.", internal_id="")


def told(subject: str) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(subject=subject).order_by("pk")
    return list(rows.values_list("who", "verb", "reason"))


# Trying again


def test_what_is_tried_again_begins_only_when_the_ten_seconds_are_over(asking: list[Job]) -> None:
    Job.objects.update(tries=5, delayed_since=NOON - timedelta(hours=20))
    with time_machine.travel(NOON, tick=False) as clock:
        again(asking)
        assert stand(asking) == [S.READY] * 3
        assert {(job.tries, job.delayed_since) for job in asking} == {(0, None)}, "its patience begins anew"
        for seconds, begins in ((9, False), (3, True)):
            clock.shift(timedelta(seconds=seconds))
            assert (jobs.lease(asking[0].pk, "host:1") is not None) is begins
    assert told("in_0") == [("alice", "try_again", "")]
    assert sorted(rings()) == pks(asking)


def test_undone_in_time_each_record_is_as_it_was(asking: list[Job]) -> None:
    action = again(asking)
    assert actions.undo(action.pk, who="bob") == actions.Undone(3, 0)
    assert stand(asking) == [S.NEEDS_ATTENTION, S.NEEDS_ATTENTION, S.FAILED]
    assert [job.message for job in asking] == ["October 0.", "October 1.", "October 2."]
    assert told("in_0")[-1] == ("bob", "undo", "")
    assert actions.undo(action.pk, who="bob") == actions.Undone(0, 0)
    assert actions.already(action.seen) is None


def test_a_second_decision_of_the_same_kind_that_is_undone_is_written_down_too(asking: list[Job]) -> None:
    (job, *_) = asking
    Job.objects.filter(pk=job.pk).update(code=decisions.PERIOD_CLOSED)
    for _ in range(2):  # the first decision goes on standing
        job.refresh_from_db()
        action = actions.date_anew([job.pk], actions.version([job]), who="alice", why="Agreed.")
        Job.objects.filter(pk=job.pk).update(status=S.NEEDS_ATTENTION, code=decisions.PERIOD_CLOSED)
    Job.objects.filter(pk=job.pk).update(status=S.READY)
    assert actions.undo(action.pk, who="bob").back == 1
    assert [verb for _, verb, _ in told("in_0")] == ["next_open_period", "next_open_period", "undo"]
    assert Decision.objects.get().withdrawn_at is None


@pytest.mark.parametrize("kind", [None, *Kind])
def test_undone_too_late_everything_stands(asking: list[Job], kind: Settlement.Kind | None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        action = skip(asking, kind) if kind else again(asking)
        after = stand(asking)
        clock.shift(timedelta(seconds=11))
        with pytest.raises(actions.TooLate):
            actions.undo(action.pk, who="alice")
    assert stand(asking) == after


def test_what_news_from_stripe_has_set_going_is_not_undone(acme: StripeAccount, asking: list[Job]) -> None:
    action = again(asking)
    jobs.enqueue_all(acme, ["in_0"])
    assert actions.undo(action.pk, who="alice") == actions.Undone(2, 1)
    assert stand(asking) == [S.READY, S.NEEDS_ATTENTION, S.FAILED]


def test_a_second_press_or_person_finds_that_it_is_done(asking: list[Job]) -> None:
    seen = actions.version(asking)
    first = again(asking)
    with pytest.raises(actions.Stale):
        actions.try_again(pks(asking), seen, who="bob")
    with pytest.raises(actions.Stale):
        actions.settle(pks(asking), seen, Kind.SKIPPED, who="bob", why="No.")
    assert actions.already(seen) == first
    assert not Settlement.objects.exists()


@pytest.mark.parametrize(
    "change", [{"status": S.READY}, {"status": S.FAILED}, {"fence": 7}, {"code": "other_code"}]
)
def test_a_page_that_is_stale_in_one_record_does_nothing_to_any(asking: list[Job], change: object) -> None:
    seen = actions.version(asking)
    Job.objects.filter(pk=asking[1].pk).update(**change)  # type: ignore[arg-type]
    with pytest.raises(actions.Stale):
        actions.try_again(pks(asking), seen, who="alice")
    asking[0].refresh_from_db()
    assert asking[0].status == S.NEEDS_ATTENTION


def test_what_has_news_on_its_way_is_not_tried_again_besides(acme: StripeAccount, asking: list[Job]) -> None:
    jobs.enqueue_all(acme, ["in_1"])
    with pytest.raises(actions.Stale):
        again(asking)
    assert stand(asking) == [S.NEEDS_ATTENTION, S.NEEDS_ATTENTION, S.FAILED]
    assert (Action.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("state", [S.READY, S.RUNNING, S.SUCCESSFUL, S.SKIPPED])
def test_nothing_is_done_to_a_record_that_needs_nobody_whatever_page_shows_it(
    acme: StripeAccount, state: Job.Status
) -> None:
    chosen = [JobFactory.create(account=acme, status=state, code=CAUSE)]
    for press in (again, skip):
        with pytest.raises(actions.Stale):
            press(chosen)
    assert (stand(chosen), Action.objects.count(), AuditEntry.objects.count()) == ([state], 0, 0)


# Duplicates allowed


@pytest.fixture
def paid_twice(acme: StripeAccount) -> list[Job]:
    """Three payments that their invoices did not take."""
    return [
        JobFactory.create(account=acme, subject=f"ch_{place}", status=S.NEEDS_ATTENTION, code=PAID)
        for place in range(3)
    ]


def pair(job: Job) -> actions.Pair:
    return actions.Pair(job.pk, actions.version([job]), job.subject)


def allow(chosen: list[Job]) -> Action:
    action, left = actions.allow([pair(job) for job in chosen], who="alice", why="Paid twice.")
    assert left == []
    return action


def test_a_duplicate_that_is_allowed_begins_after_ten_seconds_and_is_told_to_stripe_then(
    paid_twice: list[Job],
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        allow(paid_twice[:2])
        assert stand(paid_twice) == [S.READY, S.READY, S.NEEDS_ATTENTION]
        for seconds, begins in ((9, False), (3, True)):
            clock.shift(timedelta(seconds=seconds))
            assert decisions.sweep() == 0
            assert (jobs.lease(paid_twice[0].pk, "host:1") is not None) is begins
    assert sorted(rings()) == pks(paid_twice[:2])
    for decision in Decision.objects.order_by("stripe_id"):
        assert (decision.who, decision.why, decision.decided_at) == ("alice", "Paid twice.", NOON)
        assert (decision.noted, decision.note_after) == ("due", NOON + actions.UNDO + jobs.CLOCK_SLACK)
        assert told(decision.stripe_id) == [("alice", "allow_duplicate", "Paid twice.")]


def test_undone_in_time_no_decision_counts_and_its_history_stays(paid_twice: list[Job]) -> None:
    action = allow(paid_twice[:2])
    assert actions.undo(action.pk, who="bob") == actions.Undone(2, 0)
    assert stand(paid_twice) == [S.NEEDS_ATTENTION] * 3
    assert set(Decision.objects.values_list("who", "withdrawn_by", "noted")) == {("alice", "bob", "")}
    assert told("ch_0") == [("alice", "allow_duplicate", "Paid twice."), ("bob", "undo", "")]
    assert [decisions.asked_of(job) for job in paid_twice] == [["ch_0"], ["ch_1"], ["ch_2"]]
    assert actions.undo(action.pk, who="bob") == actions.Undone(0, 0)
    allow(paid_twice[:1])
    assert Decision.objects.filter(stripe_id="ch_0").count() == 2


def test_of_several_those_that_have_changed_are_left_out(acme: StripeAccount, paid_twice: list[Job]) -> None:
    other = JobFactory.create(account=acme, subject="ch_9", status=S.NEEDS_ATTENTION, code="amount_differs")
    pairs = [pair(job) for job in (*paid_twice, other)]
    Job.objects.filter(pk=paid_twice[0].pk).update(fence=7)
    jobs.enqueue_all(acme, ["ch_2"])  # news, not heard yet
    _, left = actions.allow(pairs, who="alice", why="Paid twice.")
    assert [one.charge for one in left] == ["ch_0", "ch_2", "ch_9"]
    assert list(Decision.objects.values_list("stripe_id", flat=True)) == ["ch_1"]
    with pytest.raises(actions.Stale):
        actions.allow(pairs[:2], who="bob", why="Again.")
    assert AuditEntry.objects.filter(verb="allow_duplicate").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_press_different_buttons_at_once_one_does(asking: list[Job]) -> None:
    seen = actions.version(asking)

    def press(deed: Callable[[], Action]) -> bool:
        try:
            return bool(deed())
        except actions.Stale:
            return False

    once_more = partial(actions.try_again, pks(asking), seen, who="alice")
    left_out = partial(actions.settle, pks(asking), seen, Kind.SKIPPED, who="bob", why="Paid by check.")
    assert sorted(at_once(partial(press, once_more), partial(press, left_out))) == [False, True]
    assert (Action.objects.count(), AuditEntry.objects.count()) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_allow_one_at_once_one_does(paid_twice: list[Job]) -> None:
    asked = [pair(paid_twice[0])]

    def press(who: str) -> bool:
        try:
            return bool(actions.allow(asked, who=who, why="Paid twice."))
        except actions.Stale:
            return False

    assert sorted(at_once(partial(press, "alice"), partial(press, "bob"))) == [False, True]
    assert Decision.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_undo_at_once_one_does(paid_twice: list[Job]) -> None:
    action = allow(paid_twice[:1])
    undone = at_once(*(partial(actions.undo, action.pk, who=who) for who in ("alice", "bob")))
    assert sorted((one.back, one.begun) for one in undone) == [(0, 0), (1, 0)]
    assert AuditEntry.objects.filter(verb="undo").count() == 1


def test_too_late_the_decision_holds(paid_twice: list[Job]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        action = allow(paid_twice[:1])
        clock.shift(timedelta(seconds=11))
        with pytest.raises(actions.TooLate):
            actions.undo(action.pk, who="alice")
    assert Decision.objects.get().withdrawn_at is None


# Settled outside


@pytest.mark.parametrize("kind", Kind)
def test_what_a_person_settles_is_left_out_with_their_reason(
    acme: StripeAccount, asking: list[Job], kind: Settlement.Kind
) -> None:
    action = skip(asking, kind)
    assert stand(asking) == [S.SKIPPED] * 3
    assert {(job.code, job.finished_at) for job in asking} == {(kind.value, action.made_at)}
    assert "alice" in asking[0].message
    assert asking[0].message.endswith("Paid by check.")
    assert set(settlements.in_force(acme, ["in_0", "in_1", "in_2"])) == {"in_0", "in_1", "in_2"}
    assert actions.undo(action.pk, who="alice").back == 3
    assert stand(asking) == [S.NEEDS_ATTENTION, S.NEEDS_ATTENTION, S.FAILED]
    assert ({job.code for job in asking}, asking[2].message) == ({CAUSE}, "October 2.")
    assert settlements.in_force(acme, ["in_0", "in_1", "in_2"]) == {}


def test_what_waits_for_it_is_looked_at_once_it_can_not_be_undone(
    acme: StripeAccount, asking: list[Job]
) -> None:
    with time_machine.travel(NOON, tick=False):
        hour = NOON + timedelta(hours=1)
        payout = JobFactory.create(account=acme, subject="po_1", waiting_for="in_0", run_after=hour)
        soon = JobFactory.create(account=acme, subject="po_3", waiting_for="in_1", run_after=NOON)
        other = JobFactory.create(account=acme, subject="po_2", waiting_for="in_9", run_after=hour)
        twin = JobFactory.create(subject="po_1", waiting_for="in_0", run_after=hour)
        skip(asking)
        for job in (payout, soon, other, twin):
            job.refresh_from_db()
    assert payout.run_after == NOON + actions.UNDO + jobs.CLOCK_SLACK
    assert (soon.run_after, other.run_after, twin.run_after) == (NOON, hour, hour)


def test_what_a_person_does_in_one_account_leaves_its_twin_of_the_same_stripe_ids_as_it_is(
    acme: StripeAccount, asking: list[Job], paid_twice: list[Job]
) -> None:
    twin = StripeAccountFactory.create(netsuite_account=acme.netsuite_account)
    states = {"account": twin, "status": S.NEEDS_ATTENTION}
    theirs = [JobFactory.create(subject=job.subject, code=CAUSE, **states) for job in asking]
    charge = JobFactory.create(subject="ch_0", code=PAID, **states)
    with time_machine.travel(NOON, tick=False) as clock:
        mine, others = skip(asking), skip(theirs)
        clock.shift(timedelta(seconds=1))
        actions.undo(mine.pk, who="alice")
        assert settlements.in_force(acme, ["in_0", "in_1"]) == {}
        assert set(settlements.in_force(twin, ["in_0", "in_1"])) == {"in_0", "in_1"}
        actions.undo(others.pk, who="bob")
        allow(paid_twice[:1])
        assert decisions.of_charge(twin, "ch_0") is None
        assert decisions.asked_of(charge) == ["ch_0"]


def test_rung_by_others_a_settled_document_stays_settled_and_nothing_is_asked_of_stripe(
    acme: StripeAccount, asking: list[Job]
) -> None:
    skip(asking)
    (job,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    assert sync.run(job.pk) == S.SKIPPED
    job.refresh_from_db()
    assert (job.code, job.amount, job.title) == (Kind.SKIPPED, Decimal("120"), asking[0].title)
    assert job.message == "alice skipped it: Paid by check."


def test_news_from_stripe_asks_a_person_again_and_writes_nothing(
    acme: StripeAccount, asking: list[Job]
) -> None:
    skip(asking)
    (job,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    EventFactory.create(job=job, object_id="in_0")
    assert sync.run(job.pk) == S.NEEDS_ATTENTION
    job.refresh_from_db()
    assert (job.code, "Paid by check." in job.message) == ("settled_outside_has_news", True)
    # Asked for by a payout or the clock it still asks: the news is not forgotten.
    (later,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    assert sync.run(later.pk) == S.NEEDS_ATTENTION


def test_what_was_told_before_the_decision_is_no_news(acme: StripeAccount, asking: list[Job]) -> None:
    EventFactory.create(job=asking[0], object_id="in_0")
    skip(asking)
    (job,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    Event.objects.update(job=job)
    assert sync.run(job.pk) == S.SKIPPED


@pytest.mark.parametrize("delayed", [False, True])
def test_what_came_in_while_the_person_decided_and_nobody_had_read_is_news(
    acme: StripeAccount, asking: list[Job], delayed: bool
) -> None:
    (unread,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    EventFactory.create(job=unread, object_id="in_0")
    if delayed:  # its run came to no end, because NetSuite was busy
        AttemptFactory.create(job=unread, fence=0, finished_at=timezone.now(), outcome=S.READY)
    skip(asking)
    assert sync.run(unread.pk) == S.NEEDS_ATTENTION
    unread.refresh_from_db()
    assert unread.code == "settled_outside_has_news"


def test_undone_after_a_run_went_by_it_a_document_is_looked_at_again(
    acme: StripeAccount, asking: list[Job]
) -> None:
    action = skip(asking)
    (job,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    assert sync.run(job.pk) == S.SKIPPED
    assert actions.undo(action.pk, who="alice") == actions.Undone(3, 0)
    newest = Job.objects.get(subject="in_0", newest=True)
    assert newest.status == S.READY
    assert rings() == [newest.pk]


def test_news_of_a_part_is_news_of_the_document_that_it_is_booked_with(
    acme: StripeAccount, asking: list[Job]
) -> None:
    skip(asking)
    refund = JobFactory.create(account=acme, subject="re_1")
    settlements.hear_of_roots(refund, ["in_0"])
    assert settlements.in_force(acme, ["in_0"])["in_0"].news_at is None
    EventFactory.create(job=refund, object_id="re_1")
    settlements.hear_of_roots(refund, ["in_0"])
    assert settlements.in_force(acme, ["in_0"])["in_0"].news_at is not None


def test_decided_anew_after_news_the_newer_decision_holds_and_undo_gives_the_older_back(
    acme: StripeAccount, asking: list[Job]
) -> None:
    (job, *_) = asking
    skip([job])
    (back,) = jobs.enqueue_all(acme, ["in_0"], wake=False)
    EventFactory.create(job=back, object_id="in_0")
    sync.run(back.pk)
    back.refresh_from_db()
    action = skip([back], Kind.BY_HAND)
    assert settlements.in_force(acme, ["in_0"])["in_0"].kind == Kind.BY_HAND
    actions.undo(action.pk, who="alice")
    assert settlements.in_force(acme, ["in_0"])["in_0"].kind == Kind.SKIPPED
    back.refresh_from_db()
    assert back.code == "settled_outside_has_news"
    again([back])
    assert settlements.in_force(acme, ["in_0"]) == {}


def test_taken_back_a_document_is_brought_and_the_second_press_says_so(
    acme: StripeAccount, asking: list[Job]
) -> None:
    skip(asking)
    new = settlements.take_back(asking[0], who="bob", why="It was the other one.")
    assert (new.subject, settlements.in_force(acme, ["in_0"])) == ("in_0", {})
    assert told("in_0")[-1] == ("bob", "take_up", "It was the other one.")
    with pytest.raises(settlements.NotSettled):
        settlements.take_back(asking[0], who="bob", why="Again.")


# Causes


def test_a_cause_that_was_settled_and_returns_came_back(acme: StripeAccount, asking: list[Job]) -> None:
    def came_back() -> bool:
        causes.sweep()
        return Cause.objects.get(account=acme, code=CAUSE).came_back_at is not None

    assert not came_back()
    again(asking)
    assert not came_back()
    Job.objects.update(status=S.SUCCESSFUL, code="")
    assert not came_back()
    Job.objects.filter(pk=asking[0].pk).update(status=S.NEEDS_ATTENTION, code=CAUSE)
    assert came_back()
    Job.objects.update(status=S.SUCCESSFUL, code="")
    assert not came_back()


def test_a_cause_tried_again_in_vain_did_not_come_back(acme: StripeAccount, asking: list[Job]) -> None:
    causes.sweep()
    again(asking)
    causes.sweep()
    Job.objects.update(status=S.NEEDS_ATTENTION)
    causes.sweep()
    assert Cause.objects.get().came_back_at is None


def test_a_change_of_a_cause_by_a_stale_page_is_refused(acme: StripeAccount) -> None:
    causes.note(acme, CAUSE, "Asked Dana to open October.", seen=0, who="alice")
    with pytest.raises(actions.Stale):
        causes.note(acme, CAUSE, "Something else.", seen=0, who="bob")
    assert Cause.objects.get().note == "Asked Dana to open October."
    assert told(CAUSE) == [("alice", "note", "")]


@pytest.mark.parametrize(
    ("until", "count", "have", "is_aside"),
    [
        (1, None, 5, True),
        (-1, None, 5, False),
        (None, 15, 14, True),
        (None, 15, 15, False),
        (None, None, 5, False),
    ],
)
def test_a_cause_is_aside_until_its_day_or_its_number(
    acme: StripeAccount, until: int | None, count: int | None, have: int, is_aside: bool
) -> None:
    moment = timezone.now() + timedelta(days=until) if until else None
    causes.put_aside(acme, CAUSE, until=moment, count=count, seen=0, who="alice")
    assert Cause.objects.get().is_aside(have) is is_aside
    causes.take_up(acme, CAUSE, seen=1, who="alice")
    assert not Cause.objects.get().is_aside(have)
