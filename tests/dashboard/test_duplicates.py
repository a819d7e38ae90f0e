"""Duplicate payments on the console: the list, both payments side by side, and the button."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from connector.models import AuditEntry, Decision, Job, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.till import Ledger, charged
from tests.dashboard.test_job import words
from tests.factories import UserFactory
from tests.stories.stage import Stage

BUTTON = "Allow Duplicate Transaction"
WHY = "The customer paid twice; one is refunded in Stripe."


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """An invoice of NetSuite's that one charge paid, and a second charge that pays it once more."""
    stage = Stage(sandbox.world, account)
    ledger = Ledger(stage.world, "Ochre Lane Pottery")
    invoice, _ = ledger.invoice("88.00")
    for payer in ("first", "second"):
        named = {"netsuite_invoice_id": str(invoice)}
        stage.bring(charged(stage.world, 8_800, description=f"The {payer} time", metadata=named))
    return stage


@pytest.fixture
def refused(stage: Stage) -> Job:
    return Job.objects.get(code="invoice_already_paid")


@pytest.fixture
def approver(alice: User) -> Client:
    """Alice, who may decide."""
    alice.user_permissions.add(Permission.objects.get(codename="add_decision"))
    client = Client()
    client.force_login(alice)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def address(job: Job) -> str:
    return f"/jobs/{job.pk}/allow/{job.subject}/"


def press(client: Client, job: Job, **changes: str) -> str:
    """Press the button as the page showed it; what the next page says."""
    given = {"seen": f"{job.status}.{job.fence}", "why": WHY, **changes}
    return words(client.post(address(job), given, follow=True).content.decode())


@pytest.mark.rule("CH-19")
def test_both_payments_stand_side_by_side_with_what_allowing_does(approver: Client, refused: Job) -> None:
    page = text(approver, address(refused))
    waits, _, paid = page.partition("This paid the invoice already")
    assert "US$88.00" in waits
    assert "The second time" in waits
    assert refused.subject in waits
    assert "INV1 ↗ , US$0.00 due" in waits
    assert "US$88.00 same amount" in paid
    assert "same day" in paid
    assert "ch_3SBX000001" in paid
    assert "Stripe Payment Error: could not apply to invoice INV1" in paid
    assert "Undeposited Funds US$88.00" in paid
    assert not Decision.objects.exists()


@pytest.mark.rule("CH-18", "CH-19")
def test_the_button_lets_the_payment_over_and_the_list_says_who_and_why(
    approver: Client, refused: Job, stage: Stage
) -> None:
    assert BUTTON in text(approver, f"/jobs/{refused.pk}/")
    listed = text(approver, "/duplicates/")
    assert "Stripe Duplicate Invoice Payments" in listed
    assert refused.subject in listed

    assert "It is allowed." in press(approver, refused)
    stage.run_jobs()

    refused.refresh_from_db()
    assert refused.status == Job.Status.SUCCESSFUL
    assert (Decision.objects.get().who, Decision.objects.get().why) == ("alice", WHY)
    entry = AuditEntry.objects.get(verb="allow_duplicate")
    assert (entry.who, entry.reason, entry.subject) == ("alice", WHY, Decision.objects.get().stripe_id)
    listed = text(approver, "/duplicates/")
    assert "Stripe Payment Error: could not apply to invoice INV1 alice, " in listed
    assert WHY in listed
    assert "Waiting for a decision None." in listed


def test_pressed_twice_it_decides_once(approver: Client, refused: Job, stage: Stage) -> None:
    press(approver, refused)
    assert "alice has allowed it already." in press(approver, refused, why="Again.")
    stage.run_jobs()
    assert "alice has allowed it already." in press(approver, refused)
    assert Decision.objects.get().why == WHY
    assert Job.objects.filter(subject=refused.subject).count() == 1


def test_a_stale_page_is_told_and_nothing_is_decided(approver: Client, refused: Job) -> None:
    assert "This record has changed" in press(approver, refused, seen="needs_attention.0")
    Job.objects.filter(pk=refused.pk).update(status=Job.Status.RUNNING)
    assert "This record has changed" in press(approver, refused)
    assert "This record has changed" in text(approver, address(refused))
    assert not Decision.objects.exists()


@pytest.mark.parametrize("why", ["", "   "])
def test_a_decision_needs_a_reason(approver: Client, refused: Job, why: str) -> None:
    assert "Say why, in a few words." in press(approver, refused, why=why)
    assert not Decision.objects.exists()


def test_who_may_not_decide_sees_the_record_and_no_button(console: Client, refused: Job) -> None:
    assert f"{BUTTON} Approvers can do this." in text(console, f"/jobs/{refused.pk}/")
    assert console.get(address(refused)).status_code == 403
    assert console.post(address(refused), {"why": WHY}).status_code == 403
    assert "Compare" not in text(console, "/duplicates/")
    assert not Decision.objects.exists()


def test_a_stranger_and_somebody_who_is_not_staff_decide_nothing(client: Client, refused: Job) -> None:
    assert client.post(address(refused), {"why": WHY}).status_code == 302
    client.force_login(UserFactory.create(is_staff=False))
    assert client.post(address(refused), {"why": WHY}).status_code == 403
    assert not Decision.objects.exists()


def test_another_charge_than_the_one_that_waits_cannot_be_allowed(approver: Client, refused: Job) -> None:
    other = f"/jobs/{refused.pk}/allow/ch_3SBX000001/"
    answer = approver.post(other, {"seen": f"{refused.status}.{refused.fence}", "why": WHY}, follow=True)
    assert "This record has changed" in words(answer.content.decode())
    assert not Decision.objects.exists()


def test_while_one_side_cannot_be_asked_nothing_can_be_decided(
    approver: Client, refused: Job, stage: Stage
) -> None:
    stage.world.stripe.store.all("charge")[1]["object"] = "charge"
    StripeAccount.objects.update(stripe_api_base="http://127.0.0.1:9")
    page = text(approver, address(refused))
    assert "Both payments cannot be shown now" in page
    assert "Why is it right?" not in page
