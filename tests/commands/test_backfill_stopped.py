"""A backfill that is stopped or joined by others goes on; nothing is half-written or doubled."""

from __future__ import annotations

import os
import signal
import socket
from datetime import date, timedelta
from threading import Thread

import pytest
from django.core.management import CommandError
from django.db import connections
from django.utils import timezone

from connector.models import Backfill, Event, Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.sandbox.stories.till import charged
from tests.commands.backfilled import backfill, counts, row_of, when
from tests.commands.numberless import numberless
from tests.stories.expected import BOOKS
from tests.stories.stage import Stage

pytestmark = pytest.mark.usefixtures("later")


def test_news_that_comes_while_a_backfill_runs_doubles_nothing(
    sandbox: Server, account: StripeAccount, web_address: str, transactional_db: None
) -> None:
    """Every event of a past arrives, and a worker takes its jobs, from the first plan on."""
    stories.play(sandbox.world, "daily_payout")
    stage = Stage(sandbox.world, account, web_address)
    workers: list[Thread] = []

    def work() -> None:
        try:
            stage.world.stripe.redeliver_all()
            stage.settle()
        finally:
            connections.close_all()

    def begin() -> None:
        workers.append(Thread(target=work))
        workers[0].start()

    with when("planned", begin):
        told, status = backfill()
    workers[0].join(60)
    stage.settle()

    assert Event.objects.exists()
    assert (status, told["complete"]) == (0, True)
    live = (BOOKS / "daily_payout.txt").read_text()
    assert numberless(stage.world.netsuite.books_text()) == numberless(live)
    assert not Job.objects.filter(status__in=Job.OPEN).exists()


@pytest.mark.parametrize(("step", "presses"), [("intent", 1), ("planned", 2)])
def test_a_run_stopped_from_the_keyboard_leaves_nothing_half_written_and_goes_on(
    step: str, presses: int, sandbox: Server, account: StripeAccount
) -> None:
    """The first press lets the document in hand end, the second stops at once."""
    stories.play(sandbox.world, "cycles_on_a_test_clock")

    def press() -> None:
        for _ in range(presses):
            os.kill(os.getpid(), signal.SIGINT)

    with when(step, press):
        told, status = backfill("--kind", "invoices", "charges")
    assert (told, status) == ({}, 130)
    (run,) = Backfill.objects.all()
    assert (run.state, run.ended_at is not None) == (Backfill.State.INTERRUPTED, True)
    assert not MappedRecord.objects.exclude(state=MappedRecord.State.MAPPED).exists()
    assert sandbox.world.netsuite.books()["balanced"]

    told, status = backfill("--kind", "invoices", "charges")
    assert (status, told["resumed"], told["complete"]) == (0, True, True)
    assert Backfill.objects.count() == 1
    live = (BOOKS / "cycles_on_a_test_clock.txt").read_text()
    assert numberless(sandbox.world.netsuite.books_text()) == numberless(live)


def test_one_account_has_one_run_at_a_time_until_its_holder_is_silent(account: StripeAccount) -> None:
    now = timezone.now()
    elsewhere = Backfill.objects.create(
        account=account,
        date_from=date(2026, 10, 1),
        kinds=["customers"],
        state=Backfill.State.RUNNING,
        started_at=now,
        holder="another-machine:77:abcd",
        lease_expires_at=now + timedelta(minutes=5),
        started_by="Ada",
    )
    with pytest.raises(CommandError, match=r"is under way since .* \(by Ada, .*process another-machine:77\)"):
        backfill("--kind", "customers")
    assert backfill("--kind", "customers", "--dry-run")[1] == 0  # a look is allowed

    Backfill.objects.update(lease_expires_at=now - timedelta(seconds=1))
    told, status = backfill("--kind", "customers")
    assert (status, told["resumed"]) == (0, True)
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.holder.split(":")[0]) == ("complete", socket.gethostname()[:60])


def test_a_busy_stripe_is_waited_for(
    sandbox: Server, account: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.engine.backfill.PAUSES", (0, 0, 0))
    charged(sandbox.world, 1_000)
    sandbox.world.set_faults("stripe-500:4")
    told, status = backfill("--kind", "charges")
    assert (status, counts(row_of(told, "charges"))) == (0, {"netsuite": 1})
