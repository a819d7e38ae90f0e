"""Linking by hand on the console: look at both, say why, confirm; and all the ways in which it is refused."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.models import AuditEntry, Job, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer
from connector.sandbox.stories.till import sale
from tests.dashboard.test_job import words
from tests.factories import JobFactory, UserFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db
WHY = "Merged on Tuesday."


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers."""
    return Stage(sandbox.world, account)


@pytest.fixture
def merged(stage: Stage) -> tuple[Job, int]:
    """A booked invoice whose customer was merged into another since, and that other one."""
    invoice = sale(stage.world, "Ashgrove Clinic", 45_000)
    stage.bring(invoice)
    customer = MappedRecord.objects.get(record_type="customer")
    master = held_customer(stage.world, "Ashgrove Group", "group@mail.example")
    stage.world.netsuite.user.merge_customers(customer.internal_id, master)
    job = Job.objects.get(subject=invoice)
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.NEEDS_ATTENTION,
        code="linked_record_gone",
        message=f"NetSuite no longer has the customer 501, which stands for {customer.stripe_id}.",
    )
    job.refresh_from_db()
    return job, master


def look(client: Client, job: Job, **query: str) -> str:
    answer = client.get(f"/jobs/{job.pk}/link/", query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def confirm(client: Client, job: Job, html: str, **changes: str) -> str:
    """Press the button as the page showed it; what the next page says."""
    given = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    given |= {"why": WHY, **changes}
    given.pop("csrfmiddlewaretoken", None)
    return words(client.post(f"/jobs/{job.pk}/link/", given, follow=True).content.decode())


def customer() -> MappedRecord:
    return MappedRecord.objects.get(record_type="customer")


@pytest.mark.rule("OM-11", "CU-19")
def test_a_person_sees_both_says_why_and_the_document_goes_on(
    console: Client, merged: tuple[Job, int], stage: Stage
) -> None:
    job, master = merged
    key = customer().stripe_id
    assert f'name="key" value="{key}"' in look(console, job)

    html = look(console, job, key=key, internal_id=str(master))
    text = words(html)
    assert "Name Ashgrove Clinic Ashgrove Group" in text
    assert "Until now it is NetSuite’s 501." in text
    assert customer().internal_id == "501"

    said = confirm(console, job, html, again="on")

    assert f"{key} is now NetSuite’s customer {master}" in said
    assert "We are trying again." in said
    row = customer()
    assert (row.internal_id, row.exchanged[-1]["by"], row.exchanged[-1]["why"]) == (str(master), "alice", WHY)
    entry = AuditEntry.objects.get(verb="link")
    assert (entry.who, entry.subject, entry.reason) == ("alice", key, WHY)
    assert (entry.before, entry.after) == (
        {"internal_id": "501"},
        {"type": "customer", "internal_id": str(master)},
    )
    stage.run_jobs()
    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL


def test_pressed_twice_it_is_linked_once(console: Client, merged: tuple[Job, int]) -> None:
    job, master = merged
    html = look(console, job, key=customer().stripe_id, internal_id=str(master))
    confirm(console, job, html)
    said = confirm(console, job, html)
    assert "Nothing was linked." in said
    assert "is linked to" in said
    assert AuditEntry.objects.filter(verb="link").count() == len(customer().exchanged) == 1


def test_a_page_that_is_not_true_any_more_links_nothing_and_shows_how_it_stands(
    console: Client, merged: tuple[Job, int], stage: Stage
) -> None:
    job, master = merged
    html = look(console, job, key=customer().stripe_id, internal_id=str(master))
    MappedRecord.objects.filter(record_type="customer").update(internal_id="777")
    said = confirm(console, job, html)
    assert "has changed since you looked" in said
    assert "Until now it is NetSuite’s 777." in said
    assert not AuditEntry.objects.filter(verb="link").exists()


def test_no_reason_no_link(console: Client, merged: tuple[Job, int]) -> None:
    job, master = merged
    html = look(console, job, key=customer().stripe_id, internal_id=str(master))
    assert "Say why, in a few words." in confirm(console, job, html, why=" ")
    assert customer().internal_id == "501"


@pytest.mark.parametrize(
    ("key", "internal_id", "kind", "told"),
    [
        ("{customer}", "987654", "", "NetSuite has no customer 987654"),
        ("{customer}", "4a", "", "An internal id is a number"),
        ("{invoice}", "{master}", "", "NetSuite has no invoice"),
        ("cus_nobody", "{master}", "customer", "No such customer"),
        ("WELCOME10", "{master}", "", "Say what WELCOME10 is in NetSuite"),
        ("", "5", "", "Say which Stripe object."),
        ("a b", "5", "", "A Stripe id has no spaces."),
        ("{customer}", "5", "rocket", "Choose one of the list."),
    ],
)
def test_what_cannot_be_linked_is_said_in_words(
    console: Client, merged: tuple[Job, int], key: str, internal_id: str, kind: str, told: str
) -> None:
    job, master = merged
    known = {"customer": customer().stripe_id, "invoice": job.subject, "master": str(master)}
    html = look(console, job, key=key.format(**known), internal_id=internal_id.format(**known), kind=kind)
    assert told in words(html)
    assert "3. Link them" not in html


def test_a_netsuite_that_is_busy_is_said_so(console: Client, merged: tuple[Job, int], stage: Stage) -> None:
    job, master = merged
    stage.world.set_faults("busy:1.0")
    text = words(look(console, job, key=customer().stripe_id, internal_id=str(master)))
    assert "These two cannot be linked." in text
    assert "tries again by itself" in text


def test_only_those_who_resolve_may_link(client: Client, merged: tuple[Job, int]) -> None:
    job, master = merged
    viewer: User = UserFactory.create(username="vera", roles=["viewer"])
    client.force_login(viewer)
    given = {"key": customer().stripe_id, "internal_id": str(master), "why": WHY}
    for answer in (client.get(f"/jobs/{job.pk}/link/"), client.post(f"/jobs/{job.pk}/link/", given)):
        assert answer.status_code == 403
        assert "can do this." in answer.content.decode()
    assert customer().internal_id == "501"


def test_the_address_answers_only_what_it_is_for(console: Client, acme: StripeAccount) -> None:
    assert console.get("/jobs/999999/link/").status_code == 404
    job = JobFactory.create(account=acme)
    assert console.put(f"/jobs/{job.pk}/link/").status_code == 405
    assert Client().get(f"/jobs/{job.pk}/link/").status_code == 302
