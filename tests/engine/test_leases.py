"""Leases: never more requests at NetSuite than allowed, and one writer for each customer."""

from __future__ import annotations

import threading
import time
from contextvars import Context
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from connector.engine import leases
from connector.engine.leases import DatabaseSlots, held
from connector.errors import RetryLater
from connector.models import Lease, NetSuiteAccount
from connector.netsuite.slots import CALM, GROW_AFTER
from tests.crowd import at_once
from tests.factories import NetSuiteAccountFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def books() -> NetSuiteAccount:
    return NetSuiteAccountFactory.create(netsuite_concurrency=4)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds nothing free gives up after a moment."""
    monkeypatch.setattr(leases, "PATIENCE_SECONDS", 0.1)


class Room:
    """Counts who is inside, and remembers the most there ever were."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.inside = self.most = self.visits = 0

    def stay(self) -> None:
        with self._lock:
            self.inside += 1
            self.visits += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        with self._lock:
            self.inside -= 1


def in_use(account: NetSuiteAccount) -> int:
    taken = Lease.objects.filter(netsuite_account=account, expires_at__gt=timezone.now())
    return taken.exclude(holder="").count()


def learn(account: NetSuiteAccount, *, busy: bool, times: int = 1) -> int:
    """Report to the slots, and say how many there are now."""
    for _ in range(times):
        DatabaseSlots(account, "job:1").report(busy=busy)
    account.refresh_from_db()
    return account.slots_now


# Slots


def visit(account: NetSuiteAccount, room: Room, times: int, job: int) -> None:
    slots = DatabaseSlots(account, f"job:{job}")
    for _ in range(times):
        with slots.take():
            room.stay()


@pytest.mark.django_db(transaction=True)
def test_twelve_jobs_never_have_more_than_four_requests_open() -> None:
    books, room = NetSuiteAccountFactory.create(netsuite_concurrency=4), Room()
    at_once(*[partial(visit, books, room, 4, job) for job in range(12)])
    assert room.visits == 48
    assert 2 <= room.most <= 4
    assert in_use(books) == 0


@pytest.mark.django_db(transaction=True)
def test_a_limit_that_has_shrunk_holds_for_all() -> None:
    books, room = NetSuiteAccountFactory.create(netsuite_concurrency=4, slots_now=1), Room()
    at_once(*[partial(visit, books, room, 2, job) for job in range(6)])
    assert (room.visits, room.most) == (12, 1)


def test_netsuite_accounts_have_slots_of_their_own(books: NetSuiteAccount, impatient: None) -> None:
    others = NetSuiteAccountFactory.create(netsuite_concurrency=1)
    with DatabaseSlots(others, "job:1").take(), DatabaseSlots(books, "job:2").take():
        assert (in_use(others), in_use(books)) == (1, 1)


def test_who_finds_no_free_slot_makes_way_and_comes_back_soon(
    books: NetSuiteAccount, impatient: None
) -> None:
    books.netsuite_concurrency = 1
    books.save()
    with DatabaseSlots(books, "job:1").take():
        with pytest.raises(RetryLater) as refused, DatabaseSlots(books, "job:2").take():
            pass
        assert (refused.value.code, refused.value.delay) == ("netsuite_busy", timedelta(seconds=5))
    with DatabaseSlots(books, "job:2").take():
        pass


def test_a_request_that_fails_gives_its_slot_back(books: NetSuiteAccount) -> None:
    with pytest.raises(ConnectionError), DatabaseSlots(books, "job:1").take():
        raise ConnectionError
    assert in_use(books) == 0


def test_the_slots_of_a_dead_job_are_free_again_when_they_expire(
    books: NetSuiteAccount, impatient: None
) -> None:
    books.netsuite_concurrency = 1
    books.save()
    with time_machine.travel(NOON, tick=True) as clock:
        dead = DatabaseSlots(books, "job:1").take()
        dead.__enter__()
        with pytest.raises(RetryLater), DatabaseSlots(books, "job:2").take():
            pass
        clock.shift(leases.SLOT_SECONDS + 1)
        with DatabaseSlots(books, "job:2").take():
            assert Lease.objects.get().holder == "job:2"


def test_a_job_that_comes_back_takes_over_its_own_slot_at_once(
    books: NetSuiteAccount, impatient: None
) -> None:
    books.netsuite_concurrency = 1
    books.save()
    dead = DatabaseSlots(books, "job:1").take()
    dead.__enter__()
    with DatabaseSlots(books, "job:1").take():
        assert in_use(books) == 1
    assert in_use(books) == 0


def test_who_was_too_slow_does_not_give_back_what_another_holds_now(
    books: NetSuiteAccount, impatient: None
) -> None:
    books.netsuite_concurrency = 1
    books.save()
    with time_machine.travel(NOON, tick=True) as clock:
        slow = DatabaseSlots(books, "job:1").take()
        slow.__enter__()
        clock.shift(leases.SLOT_SECONDS + 1)
        with DatabaseSlots(books, "job:2").take():
            slow.__exit__(None, None, None)
            assert Lease.objects.get().holder == "job:2"


def test_the_calls_of_a_page_keep_one_slot_whichever_gateway_makes_them(
    books: NetSuiteAccount, impatient: None
) -> None:
    books.netsuite_concurrency = 1
    books.save()
    with leases.one_slot(), leases.one_slot():
        assert in_use(books) == 0
        for gateway in (DatabaseSlots(books, "look:1"), DatabaseSlots(books, "preview:1")):
            for _ in range(2):
                with gateway.take():
                    assert in_use(books) == 1
                with pytest.raises(RetryLater):
                    Context().run(visit, books, Room(), 1, 2)
    assert in_use(books) == 0


def test_a_slot_that_is_kept_for_long_is_renewed_before_the_next_call(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock, leases.one_slot():
        slots = DatabaseSlots(books, "look:1")
        for _ in range(4):
            with slots.take():
                assert Lease.objects.get().expires_at - timezone.now() > timedelta(seconds=130)
            clock.shift(leases.LASTING * 1.1)


def test_a_page_that_waits_for_a_customer_leaves_its_slot_to_whoever_writes_for_them(
    books: NetSuiteAccount,
) -> None:
    """With one slot in all, each would wait for the other until both gave up."""
    slots = DatabaseSlots(books, "look:1")
    with leases.one_slot():
        with slots.take():
            soon = timezone.now() + timedelta(seconds=0.2)
            Lease.objects.create(
                netsuite_account=books, key="customer:cus_1", holder="job:1", expires_at=soon
            )
        with held(books, "customer:cus_1", "link:vera", 600):
            assert in_use(books) == 1
            with slots.take():
                assert in_use(books) == 2
    assert in_use(books) == 0


def test_what_a_page_hears_of_netsuite_the_limit_learns_all_the_same(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False), leases.one_slot():
        slots = DatabaseSlots(books, "look:1")
        for busy in (False, True, *[False] * GROW_AFTER):
            with slots.take():
                pass
            slots.report(busy=busy)
    books.refresh_from_db()
    assert books.slots_now == 3


# How the limit learns


def test_the_limit_is_halved_when_netsuite_is_busy_and_never_below_one(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        seen = []
        for _ in range(4):
            seen.append(learn(books, busy=True))
            clock.shift(CALM)
    assert seen == [2, 1, 1, 1]


def test_refusals_of_one_crowd_shrink_the_limit_once(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False):
        assert learn(books, busy=True, times=5) == 2


def test_the_limit_grows_by_one_after_a_calm_run_and_never_beyond_the_accounts_own(
    books: NetSuiteAccount,
) -> None:
    with time_machine.travel(NOON, tick=False):
        learn(books, busy=True)
        assert learn(books, busy=False, times=GROW_AFTER - 1) == 2
        assert learn(books, busy=False) == 3
        assert learn(books, busy=False, times=GROW_AFTER) == 4
        assert learn(books, busy=False, times=3 * GROW_AFTER) == 4


def test_a_refusal_ends_the_calm_run(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False):
        learn(books, busy=True)
        learn(books, busy=False, times=GROW_AFTER - 1)
        learn(books, busy=True)
        assert learn(books, busy=False, times=GROW_AFTER - 1) == 2


def test_a_lower_concurrency_in_the_settings_holds_at_once(books: NetSuiteAccount, impatient: None) -> None:
    learn(books, busy=True)
    learn(books, busy=False, times=GROW_AFTER)
    NetSuiteAccount.objects.update(netsuite_concurrency=1)
    with (
        DatabaseSlots(books, "job:1").take(),
        pytest.raises(RetryLater),
        DatabaseSlots(books, "job:2").take(),
    ):
        pass


def test_answers_at_the_full_limit_change_no_row(books: NetSuiteAccount) -> None:
    learn(books, busy=False, times=3)
    assert (books.slots_now, books.slots_calm_run) == (0, 0)


# One writer for each customer


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("CU-H3")
def test_one_job_at_a_time_writes_for_a_customer() -> None:
    books, room = NetSuiteAccountFactory.create(), Room()

    def write(job: int) -> None:
        with held(books, "customer:cus_1", f"job:{job}", 600):
            room.stay()

    at_once(*[partial(write, job) for job in range(8)])
    assert (room.visits, room.most) == (8, 1)


def test_customers_do_not_hold_each_other_up(books: NetSuiteAccount, impatient: None) -> None:
    with held(books, "customer:cus_1", "job:1", 600), held(books, "customer:cus_2", "job:2", 600):
        assert in_use(books) == 2


def test_who_finds_the_customer_taken_makes_way_for_a_while(books: NetSuiteAccount, impatient: None) -> None:
    with (
        held(books, "customer:cus_1", "job:1", 600),
        pytest.raises(RetryLater),
        held(books, "customer:cus_1", "job:2", 600),
    ):
        pass


def test_a_job_that_comes_back_takes_over_its_own_customer_and_others_when_the_lease_expires(
    books: NetSuiteAccount, impatient: None
) -> None:
    with time_machine.travel(NOON, tick=True) as clock:
        dead = held(books, "customer:cus_1", "job:1", 600)
        dead.__enter__()
        again = held(books, "customer:cus_1", "job:1", 600)
        again.__enter__()
        with pytest.raises(RetryLater), held(books, "customer:cus_1", "job:2", 600):
            pass
        clock.shift(601)
        with held(books, "customer:cus_1", "job:2", 600):
            assert Lease.objects.get().holder == "job:2"


def test_who_holds_on_is_not_overtaken_and_who_was_overtaken_is_told(books: NetSuiteAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock, held(books, "drift:1", "night:1", 900):
        clock.shift(800)
        leases.hold_on(books, "drift:1", "night:1", 900)
        clock.shift(800)
        assert Lease.objects.get(key="drift:1").expires_at > timezone.now()
        Lease.objects.update(holder="command:2")
        with pytest.raises(RetryLater):
            leases.hold_on(books, "drift:1", "night:1", 900)
