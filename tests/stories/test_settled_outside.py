"""A person settles a document outside: what its payout, its refund and news from Stripe then find."""

from __future__ import annotations

from django.utils import timezone

from connector.engine import actions
from connector.models import Job, MappedRecord, Payout, PayoutLine, Settlement
from connector.sandbox.stories.till import charge_of, paid_out, refund, sale
from tests.stories.stage import Stage
from tests.stories.test_payouts import choose, job_of

S = Job.Status


def skip(subject: str) -> None:
    """What the button of the console does."""
    job = job_of(subject)
    kind = Settlement.Kind.SKIPPED
    actions.settle([job.pk], actions.version([job]), kind, who="alice", why="Settled by check.")
    Job.objects.filter(status=S.READY).update(run_after=timezone.now())


def test_a_payout_that_holds_a_skipped_payment_asks_at_once_and_news_of_it_asks_too(stage: Stage) -> None:
    choose(stage.account, receivables_account="")
    world = stage.world
    invoice = sale(world, "Borealis Ltd", 12_000)
    stage.settle()
    assert job_of(invoice).status == S.NEEDS_ATTENTION
    payout = paid_out(world, "usd", 0)
    stage.settle()
    assert job_of(payout).status == S.READY
    assert PayoutLine.objects.get(source_id=charge_of(world, invoice)).waits_for == invoice

    skip(invoice)
    stage.run_jobs()

    asking = job_of(payout)
    assert (asking.status, asking.code) == (S.NEEDS_ATTENTION, "payout_holds_settled_outside")
    assert "alice skipped it: Settled by check." in asking.message
    assert Payout.objects.get().waiting_since is not None
    choose(stage.account, receivables_account="119")
    stage.enqueue(invoice)
    stage.enqueue(charge_of(world, invoice))
    stage.run_jobs()
    assert (job_of(invoice).status, job_of(invoice).code) == (S.SKIPPED, "skipped_by_person")
    assert not MappedRecord.objects.filter(record_type__in=("invoice", "customerPayment")).exists()

    refund(world, charge_of(world, invoice))
    stage.settle()

    back = job_of(invoice)
    assert (back.status, back.code) == (S.NEEDS_ATTENTION, "settled_outside_has_news")
    assert not MappedRecord.objects.filter(record_type__in=("invoice", "customerPayment")).exists()
