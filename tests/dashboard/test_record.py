"""The record's other parts: both sides compared, its family, the rules in words, what may be copied."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from connector.credentials import Secret
from connector.models import Job, MappedRecord, NetSuiteAccount, PayoutLine, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer
from connector.sandbox.stories.till import charge_of, paid_out, refund, sale, unpaid_sale
from tests.dashboard.test_job import EXCHANGE, PLAN, page, source, words
from tests.dashboard.test_payouts import payout_of
from tests.factories import AttemptFactory, EventFactory, JobFactory, MappedRecordFactory, UserFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers."""
    return Stage(sandbox.world, account)


@pytest.fixture
def booked(stage: Stage) -> Job:
    """A paid invoice that is in NetSuite."""
    return brought(stage, sale(stage.world, "Ashgrove Clinic", 45_000))


def brought(stage: Stage, subject: str) -> Job:
    stage.bring(subject)
    return Job.objects.filter(subject=subject).latest("pk")


def compared(console: Client, job: Job) -> str:
    answer = console.get(f"/jobs/{job.pk}/compare/")
    assert answer.status_code == 200
    return words(answer.content.decode())


def mapped(kind: str) -> MappedRecord:
    return MappedRecord.objects.get(record_type=kind)


# Both sides


def test_both_sides_of_a_booked_invoice_agree(console: Client, booked: Job, stage: Stage) -> None:
    writes = stage.world.netsuite.writes
    text = compared(console, booked)
    assert "Nothing differs" in text
    assert re.search(r"Total US\$450.00 US\$450.00 ✓ Same", text)
    assert re.search(r"Open amount US\$0.00 US\$0.00 ✓ Same", text)
    assert re.search(r"Customer Ashgrove Clinic \(cus_\w+\) Ashgrove Clinic \(\d+\) ✓ Same", text)
    assert re.search(r"Date (\d+ \w+ \d+) \1 ✓ Same", text)
    assert "Number SBX" in text or "Number " in text
    assert "Customer payment" in text
    assert stage.world.netsuite.writes == writes


def test_what_somebody_changed_on_either_side_is_marked(console: Client, booked: Job, stage: Stage) -> None:
    invoice, payment = mapped("invoice").internal_id, mapped("customerPayment").internal_id
    stage.world.netsuite.user.edit("invoice", invoice, {"tranDate": date(2026, 1, 5)})
    stage.world.netsuite.user.void("customerPayment", payment)
    text = compared(console, booked)
    assert "≠ 3 differences" in text
    assert re.search(r"Date \d+ \w+ \d+ 5 Jan 2026 ≠ Differs", text)
    assert "Open amount US$0.00 US$450.00 ≠ Differs" in text
    assert "Total US$450.00 US$0.00 ≠ Differs" in text


def test_a_customer_who_was_merged_into_another_differs_until_it_is_known_here(
    console: Client, booked: Job, stage: Stage
) -> None:
    customer, user = mapped("customer"), stage.world.netsuite.user
    master = held_customer(stage.world, "Ashgrove Group", "group@mail.example")
    user.merge_customers(customer.internal_id, master)
    merged = r"Customer Ashgrove Clinic \(cus_\w+\) Ashgrove Group \(\d+\) "
    assert len(re.findall(f"{merged}≠ Differs", compared(console, booked))) == 2
    MappedRecord.objects.filter(pk=customer.pk).update(internal_id=str(master))
    assert len(re.findall(f"{merged}✓ Same", compared(console, booked))) == 2


def test_what_was_booked_otherwise_on_purpose_is_said_to_be_so(
    console: Client, booked: Job, stage: Stage
) -> None:
    invoice = mapped("invoice").internal_id
    stage.world.netsuite.user.edit("invoice", invoice, {"tranDate": date(2026, 1, 5)})
    MappedRecord.objects.filter(record_type="invoice").update(tran_date=date(2026, 1, 5))
    text = compared(console, booked)
    assert re.search(r"Date \d+ \w+ \d+ 5 Jan 2026 ≈ As booked", text)
    assert "Nothing differs" in text


def test_a_document_that_is_not_in_netsuite_shows_what_stripe_says(
    console: Client, stage: Stage, account: StripeAccount
) -> None:
    invoice = unpaid_sale(stage.world, "Birchwood Toys", 12_000)
    text = compared(console, JobFactory.create(account=account, subject=invoice, status="needs_attention"))
    assert "It is not in NetSuite." in text
    assert "Total US$120.00 –" in text
    assert "Differs" not in text
    assert "Nothing differs" not in text
    assert "Not all of it is in NetSuite" in text


def test_a_record_that_is_gone_is_said_to_be_gone(console: Client, stage: Stage) -> None:
    job = brought(stage, unpaid_sale(stage.world, "Birchwood Toys", 12_000))
    stage.world.netsuite.user.delete("invoice", mapped("invoice").internal_id)
    assert "NetSuite has no such record any more" in compared(console, job)


@pytest.mark.parametrize(
    ("breaking", "sentence", "still"),
    [
        ("netsuite_token_secret", "NetSuite cannot be asked now.", "Total US$450.00 –"),
        ("stripe_api_key", "Stripe cannot be asked now.", "Total – US$450.00"),
    ],
)
def test_a_side_that_cannot_be_asked_leaves_the_other(
    console: Client, booked: Job, breaking: str, sentence: str, still: str
) -> None:
    model = NetSuiteAccount if breaking.startswith("netsuite") else StripeAccount
    model.objects.update(**{breaking: Secret.of("")})
    text = compared(console, booked)
    assert sentence in text
    assert still in text
    assert "Compared in part" in text
    assert "Nothing differs" not in text


def test_the_page_itself_asks_nobody_and_the_comparison_comes_into_it(
    console: Client, booked: Job, stage: Stage
) -> None:
    stage.world.set_faults("stripe-429:1000,busy:1")
    html = source(console, booked)
    assert f'href="/jobs/{booked.pk}/compare/" hx-get="/jobs/{booked.pk}/compare/"' in html
    stage.world.set_faults("")
    part = console.get(f"/jobs/{booked.pk}/compare/", headers=HTMX).content.decode()
    assert part.strip().startswith('<section class="card" id="sides"')
    assert "<nav" not in part
    assert console.get("/jobs/999999/compare/").status_code == 404


# Family


def test_the_family_hangs_together_from_customer_to_payout(console: Client, stage: Stage) -> None:
    mark = stage.world.stripe.bank.mark()
    invoice = sale(stage.world, "Cedar Point Marina", 98_750)
    charge = charge_of(stage.world, invoice)
    refund(stage.world, charge, 4_000)
    payout = paid_out(stage.world, "usd", mark)
    job = brought(stage, invoice)
    stage.bring(payout)
    html = source(console, job)
    tree = html[html.index('id="records"') : html.index('id="story"')]
    depth, seen = 0, []
    for tag, name in re.findall(r'<(/?ul)|class="member">\s*<span>(?:<a[^>]*>)?([A-Za-z ]+)', tree):
        depth += {"ul": 1, "/ul": -1}.get(tag, 0)
        seen += [(depth, name.strip())] if name else []
    assert seen[:4] == [(1, "Customer"), (2, "Invoice"), (3, "Customer payment"), (4, "Payout")]
    text = words(tree)
    assert "On the bank deposit" in text
    assert payout in text
    assert "US$40.00" in text
    assert 'class="here"' in tree


def test_what_is_only_planned_stands_in_the_family_too(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, subject="in_1", status="needs_attention")
    AttemptFactory.create(job=job, plan=PLAN)
    MappedRecordFactory.create(job=job, internal_id="4472")
    html = source(console, job)
    tree = words(html[html.index('id="records"') : html.index('id="story"')])
    assert re.search(r"Invoice 4472 ↗ .* Customer payment .* ch_1 .* US\$120.00 ● Refused by NetSuite", tree)


def test_a_payment_whose_payout_waits_says_so(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, subject="ch_1", status="successful")
    MappedRecordFactory.create(job=job, record_type="customerPayment")
    payout = payout_of(acme, "po_1", "120.00")
    PayoutLine.objects.create(
        payout=payout,
        transaction_id="txn_1",
        type="charge",
        source_id="ch_1",
        created=timezone.now(),
        amount=Decimal(120),
        fee=Decimal(0),
        net=Decimal(120),
        record_type="customerPayment",
        external_id="ch_1",
        state=PayoutLine.State.WAITING,
    )
    text = page(console, job)
    assert re.search(r"Payout po_1 · arrives on .* US\$120.00 ○ The payout waits", text)


def test_a_document_of_very_many_records_shows_the_first(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, subject="in_1")
    for number in range(45):
        MappedRecordFactory.create(job=job, stripe_id=f"ch_{number}", record_type="customerPayment")
    html = source(console, job)
    assert "The first of its records." in html
    assert html.count('class="member"') == 40


# Evidence and rules


def test_the_rules_of_each_entry_stand_there_in_words(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme)
    AttemptFactory.create(job=job, plan=PLAN)
    text = page(console, job)
    _, _, told = text.partition("Why: the rules in words")
    assert "CH-17" in told
    assert "payment" in told[:400]


ANSWER = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
    '<p:documentInfo xmlns:p="urn:messages"><p:nsId>WEBSERVICES_7_ab</p:nsId></p:documentInfo></e:Header>'
)


@pytest.mark.parametrize("answered", [f"{ANSWER}<e:Body/></e:Envelope>", ANSWER])
def test_the_request_ids_of_both_sides_can_be_copied(
    console: Client, acme: StripeAccount, answered: str
) -> None:
    job = JobFactory.create(account=acme)
    AttemptFactory.create(job=job, exchanges=[EXCHANGE | {"answered": answered}])
    EventFactory.create(job=job, body={"request": {"id": "req_9"}})
    html = source(console, job)
    assert '<code class="copy">WEBSERVICES_7_ab</code>' in html
    assert '<code class="copy">req_9</code>' in html


def test_no_credential_stands_in_what_was_sent_and_answered(
    console: Client, booked: Job, account: StripeAccount
) -> None:
    html, netsuite = source(console, booked), account.netsuite_account
    assert "What we sent and what NetSuite answered" in html
    assert 'class="copy"' in html
    for name in ("consumer_key", "consumer_secret", "token_id", "token_secret"):
        assert getattr(netsuite, f"netsuite_{name}").reveal() not in html
    assert account.stripe_api_key.reveal() not in html
    assert "tokenPassport" not in html


def test_who_may_not_link_is_told_who_can(client: Client, acme: StripeAccount) -> None:
    client.force_login(UserFactory.create(username="vera"))
    job = JobFactory.create(account=acme)
    html = source(client, job)
    assert f"/jobs/{job.pk}/link/" not in html
    assert "can do this." in html
