"""Duplicate payments on the console: the list, both payments side by side, and the button."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from connector.engine import actions
from connector.models import Action, AuditEntry, Decision, Job, StripeAccount
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
    given = {"seen": actions.version([job]), "why": WHY, **changes}
    return words(client.post(address(job), given, follow=True).content.decode())


@pytest.mark.rule("CH-19")
def test_both_payments_stand_side_by_side_with_what_allowing_does(approver: Client, refused: Job) -> None:
    page = text(approver, address(refused))
    paid, _, waits = page.partition("This payment waits")
    assert "US$88.00 same amount" in paid
    assert "same day" in paid
    assert "ch_3SBX000001" in paid
    assert "US$88.00" in waits
    assert "The second time" in waits
    assert refused.subject in waits
    assert "INV1 ↗ , US$0.00 due" in waits
    assert "Stripe Payment Error: could not apply to invoice INV1" in waits
    assert "Undeposited Funds US$88.00" in waits
    assert "Paid with Visa 4242" in waits
    assert "Paid with Visa 4242 the same one" in paid
    assert "Refund it in Stripe ↗" in waits
    choices = approver.get(address(refused)).content.decode()
    assert f'href="/needs-you/try-again/?job={refused.pk}"' in choices
    assert f'href="/needs-you/skip/?job={refused.pk}"' in choices
    assert not Decision.objects.exists()


@pytest.mark.rule("CH-18", "CH-19")
def test_the_button_lets_the_payment_over_and_the_list_says_who_and_why(
    approver: Client, refused: Job, stage: Stage
) -> None:
    assert BUTTON in text(approver, f"/jobs/{refused.pk}/")
    listed = text(approver, "/duplicates/")
    assert "Stripe Duplicate Invoice Payments" in listed
    assert refused.subject in listed

    pressed = press(approver, refused)
    assert "Allowed a duplicate: 1 record" in pressed
    assert "Will be written in 10 s" in pressed
    stage.run_jobs()
    assert "It can still be undone" in text(approver, f"/jobs/{refused.pk}/")
    stage.ten_seconds_pass()
    stage.run_jobs()
    done = text(approver, f"/needs-you/done/{Action.objects.get().pk}/")
    assert "1 In NetSuite" in done
    assert "this is final" in done

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
    stage.ten_seconds_pass()
    stage.run_jobs()
    assert "alice has allowed it already." in press(approver, refused)
    assert Decision.objects.get().why == WHY
    assert Job.objects.filter(subject=refused.subject).count() == 1


def test_undone_in_time_the_record_stands_as_before(approver: Client, refused: Job, stage: Stage) -> None:
    press(approver, refused)
    done = f"/needs-you/done/{Action.objects.get().pk}/"
    resolver = Client()
    resolver.force_login(UserFactory.create(roles=["resolver"]))
    assert resolver.post(f"{done}undo/").status_code == 403
    assert "Approvers can do this. Look again" in text(resolver, done)
    assert "Undo Look again" in text(approver, done)
    undone = approver.post(f"{done}undo/", follow=True)
    assert "Undone: 1 record is as it was." in words(undone.content.decode())
    told = AuditEntry.objects.get(verb="undo")
    assert (told.who, told.before, told.after) == ("alice", {"allowed_by": "alice"}, {"withdrawn": True})
    stage.ten_seconds_pass()
    stage.run_jobs()
    assert refused.subject in text(approver, "/duplicates/").partition("Came over unapplied")[0]
    assert BUTTON in text(approver, address(refused))


def test_a_button_that_cannot_be_pressed_is_grey_and_says_why(approver: Client, refused: Job) -> None:
    stale = approver.post(address(refused), {"seen": "x", "why": WHY})
    assert "The invoice has changed since you opened this page: reload" in words(stale.content.decode())
    assert f'disabled aria-describedby="blocked">{BUTTON}' in stale.content.decode()
    Job.objects.filter(pk=refused.pk).update(status=Job.Status.RUNNING)
    for page in (press(approver, refused), text(approver, address(refused))):
        assert "Already being worked on." in page
    Job.objects.filter(pk=refused.pk).update(status=Job.Status.SUCCESSFUL)
    assert "Nothing is to be allowed here any more." in text(approver, address(refused))
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
    answer = approver.post(other, {"seen": actions.version([refused]), "why": WHY}, follow=True)
    assert "Nothing is to be allowed here any more." in words(answer.content.decode())
    assert not Decision.objects.exists()


def test_while_one_side_cannot_be_asked_nothing_can_be_decided(
    approver: Client, refused: Job, stage: Stage
) -> None:
    stage.world.stripe.store.all("charge")[1]["object"] = "charge"
    StripeAccount.objects.update(stripe_api_base="http://127.0.0.1:9")
    page = text(approver, address(refused))
    assert "Both payments cannot be shown now" in page
    assert "Why is it right?" not in page


# Several at once

SEVERAL = "/duplicates/acme/invoice_already_paid/"


@pytest.fixture
def two_more(stage: Stage, refused: Job) -> list[Job]:
    """Two more payments of the same invoice."""
    for amount in (8_800, 1_200):
        stage.bring(charged(stage.world, amount, metadata={"netsuite_invoice_id": "2001"}))
    return list(Job.objects.filter(code="invoice_already_paid").exclude(pk=refused.pk).order_by("pk"))


def ticks(client: Client) -> dict[str, str]:
    """What each tick of the page says, by charge; none is set."""
    html = client.get(SEVERAL).content.decode()
    assert " checked" not in html
    return {value.rsplit(".", 1)[1]: value for value in re.findall(r'name="pair" value="([^"]+)"', html)}


def test_each_pair_is_listed_with_its_own_tick_and_the_sum_per_currency(
    approver: Client, refused: Job, two_more: list[Job]
) -> None:
    assert "Decide several…" in text(approver, "/duplicates/")
    assert SEVERAL in approver.get("/needs-you/").content.decode()
    page = text(approver, SEVERAL)
    assert "3 payments, US$188.00" in page
    assert page.count("ch_3SBX000001") == 3
    assert page.count("same amount") == 2
    assert set(ticks(approver)) == {refused.subject, *(job.subject for job in two_more)}
    answer = words(approver.post(SEVERAL, {"why": WHY}).content.decode())
    assert "Tick at least one payment." in answer
    assert not Decision.objects.exists()


def test_those_that_are_ticked_are_decided_one_by_one_and_undone_together(
    approver: Client, refused: Job, two_more: list[Job]
) -> None:
    said = ticks(approver)
    first, changed = two_more
    chosen = {"pair": [said[refused.subject], said[first.subject], said[changed.subject]], "why": WHY}
    lacking = approver.post(SEVERAL, chosen | {"why": ""}).content.decode()
    assert lacking.count(" checked") == 3
    Job.objects.filter(pk=changed.pk).update(fence=9)
    page = words(approver.post(SEVERAL, chosen, follow=True).content.decode())
    assert f"Left out, because changed since you opened the page: {changed} {changed.subject}." in page
    assert "Allowed a duplicate: 2 records" in page
    made = {refused.subject, first.subject}
    assert set(Decision.objects.values_list("stripe_id", flat=True)) == made
    assert set(AuditEntry.objects.values_list("subject", "reason")) >= {(one, WHY) for one in made}
    again = words(approver.post(SEVERAL, chosen, follow=True).content.decode())
    assert "alice has allowed it already." in again

    undo = f"/needs-you/done/{Action.objects.get().pk}/undo/"
    assert "Undone: 2 records are as they were." in words(approver.post(undo, follow=True).content.decode())
    assert len(ticks(approver)) == 3


def test_what_is_not_seen_on_both_sides_cannot_be_ticked(
    approver: Client, refused: Job, two_more: list[Job], sandbox: Server
) -> None:
    sandbox.world.stripe.withheld.add("charges")
    page = text(approver, SEVERAL)
    assert page.count("Cannot be shown now") == 3
    assert ticks(approver) == {}


def test_with_nothing_left_to_decide_it_leads_back(approver: Client, refused: Job) -> None:
    for cause in ("amount_differs", "rate_limited"):
        page = text(approver, f"/duplicates/acme/{cause}/")
        assert "None of these payments waits for a decision any more." in page
