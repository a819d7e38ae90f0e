"""One record: its words, its evidence, its button, its live state."""

from __future__ import annotations

import html as entities
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connector.engine.inbox import ASKED_FOR
from connector.failures import describe
from connector.models import AuditEntry, Job, MappedRecord, StripeAccount
from connector.netsuite.records import Record
from dashboard.awaited import WAITING_CODES, button
from dashboard.postings import field_words
from dashboard.setting_tabs import TAB_OF
from dashboard.timeline import MESSAGES
from tests.factories import (
    AttemptFactory,
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    NetSuiteAccountFactory,
)

pytestmark = pytest.mark.django_db
S = Job.Status

PLAN: dict[str, Any] = {
    "records": [
        {
            "type": "customerPayment",
            "external_id": "ch_1",
            "internal_id": "",
            "stripe_id": "ch_1",
            "rules": ["CH-17"],
            "date": "2026-11-02",
            "currency": "USD",
            "amount": "120.00",
            "memo": "Stripe payment",
            "applied_to": [
                {"type": "invoice", "external_id": "in_1", "internal_id": "4472", "amount": "120.00"}
            ],
            "fields": {"tranDate": "2026-11-02"},
            "lines": [{"item": "Pro plan", "description": "November", "quantity": "1", "amount": "120.00"}],
            "entries": [
                {"account": "Undeposited Funds", "debit": "120.00", "credit": ""},
                {"account": "Accounts Receivable", "debit": "", "credit": "100.00"},
                {"account": "Deferred Revenue", "debit": "", "credit": "20.00"},
            ],
            "state": "refused",
        }
    ],
    "problems": [],
}
EXCHANGE = {
    "at": "2026-11-21T09:00:00Z",
    "operation": "addList",
    "seconds": "0.12",
    "sent": "<a><b>sent</b></a>",
    "answered": "no XML <at all>",
}


def source(console: Client, job: Job) -> str:
    answer = console.get(f"/jobs/{job.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    """What a page says, with one space between words."""
    return entities.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def page(console: Client, job: Job) -> str:
    return words(source(console, job))


@pytest.fixture
def refused(acme: StripeAccount) -> Job:
    """An invoice whose payment NetSuite refused."""
    job = JobFactory.create(
        account=acme,
        subject="in_1",
        title="Invoice INV-1042",
        status=S.NEEDS_ATTENTION,
        code="invoice_already_paid",
        message="NetSuite has nothing left to pay on INV-1042.",
        fence=2,
        created_at=datetime(2026, 11, 18, 14, 12, tzinfo=UTC),
    )
    EventFactory.create(job=job, duplicates=2)
    AttemptFactory.create(job=job, fence=1, outcome=S.READY, code="netsuite_busy", finished_at=timezone.now())
    AttemptFactory.create(
        job=job,
        fence=2,
        outcome=S.NEEDS_ATTENTION,
        code="invoice_already_paid",
        message="Unable to find a matching line for sub-list apply.",
        plan=PLAN,
        exchanges=[EXCHANGE],
        finished_at=timezone.now(),
    )
    MappedRecordFactory.create(job=job, internal_id="4472")
    return job


def test_the_page_says_what_it_is_in_words(console: Client, refused: Job) -> None:
    text = page(console, refused)
    assert "Invoice INV-1042 Borealis Ltd · US$120.00 · 18 Nov 2026, 09:12 (New York)" in text


def test_the_failure_has_what_why_what_to_do_and_who(console: Client, refused: Job) -> None:
    text = page(console, refused)
    for part in ("NetSuite has nothing left to pay on INV-1042.", "Why ", "What to do ", "Who can "):
        assert part in text
    assert "all records that stand so invoice_already_paid" in text


def test_netsuites_own_words_are_quoted(console: Client, refused: Job) -> None:
    assert "<blockquote>Unable to find a matching line for sub-list apply.</blockquote>" in source(
        console, refused
    )


def test_several_problems_are_named_all_at_once(console: Client, refused: Job) -> None:
    refused.problems = [
        {"code": "a", "message": "No income account.", "next_step": "Choose one."},
        {"code": "b", "message": "October is closed.", "next_step": "Open it."},
    ]
    refused.save()
    text = page(console, refused)
    assert "No income account. Choose one." in text
    assert "October is closed. Open it." in text


def test_the_plan_is_shown_as_entries_that_balance(console: Client, refused: Job) -> None:
    text = page(console, refused)
    assert "Undeposited Funds US$120.00" in text
    assert "Accounts Receivable US$100.00" in text
    assert "Total US$120.00 US$120.00" in text
    assert "Settles US$120.00 of invoice in_1" in text
    assert "CH-17" in text
    assert "Posts on 2 Nov 2026" in text


def test_what_is_not_ours_is_named_by_netsuites_number_and_types_and_days_in_words(
    console: Client, acme: StripeAccount
) -> None:
    job = JobFactory.create(account=acme)
    settles = {"type": "invoice", "external_id": "", "internal_id": "2053", "amount": "88.00"}
    funds = {"item": "customerPayment", "start_date": "2026-09-02", "end_date": "2026-10-01"}
    record = {"type": "customerPayment", "currency": "USD", "applied_to": [settles], "lines": [funds]}
    AttemptFactory.create(job=job, plan={"records": [record]})
    text = page(console, job)
    assert "Settles US$88.00 of invoice 2053 ↗" in text
    assert "Customer payment 2 Sept 2026 to 1 Oct 2026" in text


def test_every_field_that_we_send_has_words_and_netsuites_own_names_stay() -> None:
    ours = {field.name for record in get_args(Record) for field in fields(record)}
    assert not {name for name in ours if "_" in field_words(name)}
    assert [field_words(name) for name in ("tran_date", "due_date", "receivables_account", "customer")] == [
        "Date",
        "Due date",
        "A/R account",
        "Customer",
    ]
    assert [field_words(name) for name in ("custbody_region", "salesRep")] == ["custbody_region", "salesRep"]


def test_every_message_that_we_ask_for_has_words() -> None:
    assert MESSAGES.keys() >= ASKED_FOR


@pytest.mark.parametrize("code", sorted({code for codes in WAITING_CODES.values() for code in codes}))
def test_what_waits_for_a_setting_leads_to_that_setting(acme: StripeAccount, code: str) -> None:
    assert "settings" in describe(code).actions
    _, address = button(acme, code)
    key, _, name = address.removeprefix("/settings/acme/").partition("/#")
    assert code in WAITING_CODES[name]
    assert TAB_OF[name].key == key


def test_a_record_that_waits_for_an_account_offers_to_choose_it(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, status="needs_attention", code="tax_account_missing")
    html = console.get(f"/jobs/{job.pk}/").content.decode()
    assert '<a class="btn" href="/settings/acme/accounts/#tax_account">Choose the account</a>' in html


def test_a_plan_without_some_keys_still_shows(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme)
    AttemptFactory.create(job=job, plan={"records": [{"type": "invoice"}]})
    assert "Invoice" in page(console, job)


def test_an_amount_that_cannot_be_read_gives_no_total(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme)
    entries = [{"account": "Income", "debit": "", "credit": "many"}]
    record = {"type": "invoice", "currency": "USD", "date": "soon", "entries": entries}
    AttemptFactory.create(job=job, plan={"records": [record]})
    text = page(console, job)
    assert "Income many Total US$0.00" in text
    assert "Posts on soon" in text


def test_the_newest_plan_is_shown(console: Client, refused: Job) -> None:
    AttemptFactory.create(job=refused, fence=3)
    assert "Undeposited Funds" in page(console, refused)


def test_what_was_sent_and_answered_is_one_click_away(console: Client, refused: Job) -> None:
    html = source(console, refused)
    assert "What we sent and what NetSuite answered" in html
    assert "&lt;a&gt;\n  &lt;b&gt;sent&lt;/b&gt;\n&lt;/a&gt;" in html
    assert "no XML &lt;at all&gt;" in html


def test_an_answer_that_never_came_is_said_to_be_so(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme)
    AttemptFactory.create(job=job, exchanges=[EXCHANGE | {"answered": ""}])
    assert "No answer came." in page(console, job)


def test_records_link_to_both_sides(console: Client, refused: Job) -> None:
    html = source(console, refused)
    assert "https://dashboard.stripe.com/invoices/in_1" in html
    assert "https://1234567-sb1.app.netsuite.com/app/accounting/transactions/transaction.nl?id=4472" in html


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MappedRecord.State.INTENT, "Being written"),
        (MappedRecord.State.UNCONFIRMED, "Checking whether it arrived"),
        (MappedRecord.State.MAPPED, "In NetSuite"),
        (MappedRecord.State.REFUSED, "Refused by NetSuite"),
    ],
)
def test_each_record_says_how_sure_we_are(
    console: Client, acme: StripeAccount, state: str, sentence: str
) -> None:
    job = JobFactory.create(account=acme, status=S.FAILED)
    MappedRecordFactory.create(job=job, state=state)
    assert sentence in page(console, job)


def test_records_that_another_job_wrote_are_shown_when_the_plan_names_them(
    console: Client, refused: Job
) -> None:
    other = JobFactory.create(account=refused.account, subject="cus_1")
    MappedRecordFactory.create(job=other, stripe_id="ch_1", record_type="customerPayment", internal_id="9001")
    assert "Customer payment 9001" in page(console, refused)


def test_another_companys_records_are_never_mixed_in(console: Client, refused: Job) -> None:
    stranger = JobFactory.create(subject="in_1", account__netsuite_account=NetSuiteAccountFactory.create())
    MappedRecordFactory.create(job=stranger, internal_id="666")
    assert "666" not in page(console, refused)


def test_the_five_steps_stop_where_the_job_stopped(console: Client, refused: Job) -> None:
    text = page(console, refused)
    for step in (
        "Done: Stripe told us about it",
        "Done: We looked it up in Stripe",
        "Done: We worked out the entries",
        "Done: We sent it to NetSuite",
        "Stopped here: Not in NetSuite yet",
    ):
        assert step in text


def test_the_five_steps_of_a_booked_record_are_all_done(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, status=S.SUCCESSFUL, finished_at=timezone.now())
    AttemptFactory.create(job=job, outcome=S.SUCCESSFUL, plan=PLAN, finished_at=timezone.now())
    text = page(console, job)
    assert "Done: Nothing had to be sent" in text
    assert "Done: It is in NetSuite" in text
    assert "To come" not in text


def test_reading_from_netsuite_is_not_taken_for_writing(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, status=S.FAILED)
    AttemptFactory.create(job=job, plan=PLAN, exchanges=[EXCHANGE | {"operation": "getList"}])
    assert "Stopped here: Send it to NetSuite" in page(console, job)


def test_a_booked_record_says_what_somebody_should_know_besides(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(
        account=acme, status=S.SUCCESSFUL, code="paid_after_closing", message="ch_9 is not applied."
    )
    page = console.get(f"/jobs/{job.pk}/").content.decode()
    assert "Booked, and one payment is not applied" in page
    assert "ch_9 is not applied." in page
    assert "Try again" not in page


def test_a_skipped_record_says_why(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(
        account=acme, status=S.SKIPPED, code="before_start_date", finished_at=timezone.now()
    )
    AttemptFactory.create(job=job, outcome=S.SKIPPED, code="before_start_date")
    html = source(console, job)
    assert "Skipped on purpose" in words(html)
    assert "Try again" not in html


def test_a_waiting_record_says_when_it_is_tried_again(console: Client, acme: StripeAccount) -> None:
    at = timezone.now() + timedelta(minutes=7)
    job = JobFactory.create(account=acme, code="netsuite_busy", run_after=at)
    assert f"Trying again at {at.astimezone(acme.zone):%H:%M}" in page(console, job)


def test_a_record_that_waits_for_another_links_to_it(console: Client, acme: StripeAccount) -> None:
    parent = JobFactory.create(account=acme, subject="cus_1", title="Customer Borealis Ltd")
    html = source(console, JobFactory.create(account=acme, waiting_for="cus_1"))
    assert f'<a href="/jobs/{parent.pk}/">Customer Borealis Ltd</a>' in html


def test_yesterdays_failure_is_not_shown_while_it_is_tried_again(console: Client, refused: Job) -> None:
    refused.status = S.RUNNING
    refused.save()
    assert "What to do" not in page(console, refused)


def test_other_jobs_of_the_same_document_are_linked(console: Client, refused: Job) -> None:
    other = JobFactory.create(account=refused.account, subject="in_1", title="Invoice INV-1042 again")
    assert f'<a href="/jobs/{other.pk}/">Invoice INV-1042 again</a>' in source(console, refused)


def test_messages_from_stripe_are_kept_whole(console: Client, refused: Job) -> None:
    text = page(console, refused)
    assert "The invoice was paid" in text
    assert "sent 2 more times" in text
    assert '"object": "event"' in text


def test_no_word_of_the_engine_room_is_on_the_page(console: Client, refused: Job) -> None:
    html = re.sub(r"<pre.*?</pre>", "", source(console, refused), flags=re.DOTALL)
    said = words(html).lower()
    for word in (
        "queue",
        "task",
        "worker",
        "exception",
        "soap",
        "webhook",
        "payload",
        "lease",
        "fence",
        "idempot",
    ):
        assert word not in said


def test_what_comes_from_outside_is_text_and_never_markup(console: Client, acme: StripeAccount) -> None:
    evil = "<script>alert(1)</script>"
    job = JobFactory.create(
        account=acme, title=evil, customer_name=evil, status=S.FAILED, code="x", message=evil
    )
    EventFactory.create(job=job, body={"x": evil}, type=evil)
    AttemptFactory.create(
        job=job,
        message=evil,
        exchanges=[EXCHANGE | {"sent": evil, "answered": evil}],
        plan={"records": [{"type": evil, "memo": evil, "rules": [evil], "fields": {evil: evil}}]},
    )
    MappedRecordFactory.create(job=job, record_type="customerPayment", memo=evil, stripe_id='"><script>')
    assert "<script>" not in source(console, job)


def test_a_record_that_does_not_exist_is_said_to_be_unknown(console: Client) -> None:
    for address in ("/jobs/1/", "/jobs/1/live/"):
        answer = console.get(address)
        assert answer.status_code == 404
        assert "We know nothing of “record 1”" in answer.content.decode()
    assert console.post("/jobs/1/retry/").status_code == 404


def test_the_page_asks_few_questions_however_long_the_story(
    console: Client, refused: Job, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        EventFactory.create(job=refused)
        AttemptFactory.create(job=refused, fence=10 + number, plan=PLAN)
        MappedRecordFactory.create(job=refused, stripe_id=f"ch_{number}")
    with django_assert_max_num_queries(12):
        source(console, refused)


# Try again


def press(console: Client, job: Job, seen: str) -> str:
    answer = console.post(f"/jobs/{job.pk}/retry/", {"seen": seen}, follow=True)
    job.refresh_from_db()
    return words(answer.content.decode())


@pytest.mark.parametrize("status", [S.NEEDS_ATTENTION, S.FAILED])
def test_try_again_puts_it_on_its_way(console: Client, acme: StripeAccount, status: str) -> None:
    job = JobFactory.create(account=acme, status=status, code="x", fence=2, amount=Decimal("9"))
    html = source(console, job)
    version = re.search(r'name="seen" value="([^"]+)"', html)
    assert version
    assert "We are trying again." in press(console, job, version[1])
    assert job.status == S.READY
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.verb, entry.subject) == ("alice", "try_again", job.subject)
    assert entry.before == {"status": status, "code": "x"}


def test_pressed_twice_does_no_harm(console: Client, refused: Job) -> None:
    press(console, refused, "needs_attention.2")
    assert "already on its way" in press(console, refused, "needs_attention.2")
    assert Job.objects.filter(subject="in_1").count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_button_of_an_older_state_asks_to_look_again(console: Client, refused: Job) -> None:
    refused.fence = 3
    refused.save()
    assert "has changed since you opened the page" in press(console, refused, "needs_attention.2")
    assert refused.status == S.NEEDS_ATTENTION


@pytest.mark.parametrize("status", [S.SUCCESSFUL, S.SKIPPED])
def test_what_is_settled_cannot_be_tried_again(console: Client, acme: StripeAccount, status: str) -> None:
    job = JobFactory.create(account=acme, status=status)
    assert "Try again" not in source(console, job)
    press(console, job, f"{status}.0")
    assert job.status == status


def test_news_from_stripe_makes_the_button_needless(console: Client, refused: Job) -> None:
    JobFactory.create(account=refused.account, subject="in_1")
    assert "already on its way" in press(console, refused, "needs_attention.2")
    assert refused.status == S.NEEDS_ATTENTION


# Live state


@pytest.mark.parametrize("status", [S.READY, S.RUNNING])
def test_a_moving_record_is_asked_about_and_changes_nothing_while_it_stands(
    console: Client, acme: StripeAccount, status: str
) -> None:
    job = JobFactory.create(account=acme, status=status)
    html = source(console, job)
    asked = re.search(r'hx-get="([^"]+)" hx-trigger="every 2s"', html)
    assert asked
    assert console.get(asked[1]).status_code == 204


def test_a_moving_record_that_changed_is_shown_anew_and_asked_about_further(
    console: Client, acme: StripeAccount
) -> None:
    job = JobFactory.create(account=acme, status=S.RUNNING, fence=1)
    answer = console.get(f"/jobs/{job.pk}/live/?seen=ready.0")
    assert answer.status_code == 200
    assert 'hx-trigger="every 2s"' in answer.content.decode()


def test_a_settled_record_is_shown_once_more_and_no_longer_asked_about(
    console: Client, acme: StripeAccount
) -> None:
    job = JobFactory.create(account=acme, status=S.SUCCESSFUL, fence=1)
    answer = console.get(f"/jobs/{job.pk}/live/?seen=running.1")
    html = answer.content.decode()
    assert answer.status_code == 286
    assert "every 2s" not in html
    assert 'role="status"' in html
    assert "<nav" not in html
    assert "every 2s" not in source(console, job)
