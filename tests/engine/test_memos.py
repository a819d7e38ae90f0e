"""A credit memo whose answer was lost is found again with what it was applied to, and not written twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from connector.engine import sync
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.translation.plan import Plan
from tests.stories.stage import Stage

State = MappedRecord.State


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.mark.rule("UN-2", "K16", "SY-H2")
def test_a_memo_that_was_saved_but_never_answered_is_found_with_its_application(stage: Stage) -> None:
    invoice = _played(stage, "invoice_uncollectible")
    stage.world.set_faults("lost:4")
    stage.bring(invoice)
    lost = MappedRecord.objects.get(state=State.UNCONFIRMED)
    assert (lost.record_type, lost.external_id) == ("creditMemo", f"ns_memo:{invoice}:uncollectible")

    stage.world.set_faults("")
    Job.objects.update(run_after=timezone.now())
    stage.run_jobs()

    assert Job.objects.get(subject=invoice).status == Job.Status.SUCCESSFUL
    lost.refresh_from_db()
    assert (lost.state, lost.found) == (State.MAPPED, True)
    assert [one["external_id"] for one in lost.applied_to] == [invoice]
    memos = [one for one in stage.world.netsuite.books()["records"] if one["type"] == "creditMemo"]
    assert [memo["unapplied"] for memo in memos] == ["0.00"]


@pytest.mark.rule("CN-10", "CB-4")
def test_the_items_of_memos_are_made_when_they_are_needed_and_only_once(stage: Stage) -> None:
    first = _played(stage, "credit_note_without_lines")
    second = _played(stage, "credit_note_without_lines")
    for invoice in (first, second):
        stage.bring(invoice)
    items = [one for one in stage.world.netsuite.books()["records"] if one["type"] == "otherChargeSaleItem"]
    assert [item["external_id"] for item in items] == ["stripe_credit_note_item"]


def test_a_preview_shows_the_memos_and_writes_nothing(stage: Stage) -> None:
    invoice = _played(stage, "invoice_uncollectible")
    plan, shown = sync.preview(stage.account, invoice)
    assert isinstance(plan, Plan)
    memo = shown["records"][-1]
    assert (memo["type"], memo["amount"], memo["applied_to"][0]["external_id"]) == (
        "creditMemo",
        "220.00",
        invoice,
    )
    assert [(entry["debit"], entry["credit"]) for entry in memo["entries"]] == [
        ("220.00", ""),
        ("", "220.00"),
    ]
    assert stage.world.netsuite.writes == 0


def _played(stage: Stage, name: str) -> str:
    played = stories.play(stage.world, name)
    return next(identity for identity in played.objects if identity.startswith("in_"))
