"""Two accounts of one Stripe account that keep the same books: both hear of all, and it is booked once."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.core.management import call_command

from connector.engine import jobs, sync
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from tests.crowd import at_once
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def test_twins_that_book_the_same_at_the_same_moment_book_it_once(
    sandbox: Server, account: StripeAccount
) -> None:
    call_command("account", "twin", sandbox=sandbox.url, netsuite="acme", verbosity=0)
    twin = StripeAccount.objects.get(name="twin")
    assert twin.netsuite_account_id == account.netsuite_account_id
    played = stories.play(sandbox.world, "daily_payout")
    stage = Stage(sandbox.world, account)
    (payout,) = [key for key in played.objects if key.startswith("po_")]
    charges = [one["id"] for one in sandbox.world.stripe.store.all("charge")]

    for key in (charges[0], payout):
        if key == payout:
            jobs.enqueue_all(account, charges)
            stage.run_jobs()
        made = [jobs.enqueue_all(one, [key], wake=False)[0] for one in (account, twin)]
        at_once(*[partial(sync.run, job.pk) for job in made])
        stage.run_jobs()

    # Who comes between the other's deposit and its row finds the payments deposited, and asks a person.
    ended = Job.objects.exclude(account=twin, subject=payout, code="payment_not_depositable")
    assert {*ended.values_list("status", flat=True)} <= {Job.Status.SUCCESSFUL, Job.Status.SKIPPED}
    assert {*MappedRecord.objects.values_list("state", flat=True)} == {MappedRecord.State.MAPPED}
    assert disagreements(sandbox.world) == []
    records = sandbox.world.netsuite.books()["records"]
    assert max(Counter(one["external_id"] for one in records if one["external_id"]).values()) == 1
