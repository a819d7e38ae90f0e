"""Today: the headline, the counts, the chart and the accounts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connector.models import Job, StripeAccount
from tests.factories import EventFactory, JobFactory, MappedRecordFactory, StripeAccountFactory

pytestmark = pytest.mark.django_db
S = Job.Status


def page(console: Client, address: str = "/") -> str:
    """The page's words, with one space between them."""
    answer = console.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_console_says_what_to_do_first(console: Client) -> None:
    text = page(console)
    assert "Connect your first account" in text
    assert "make demo" in text
    assert "manage.py doctor" in text


def test_an_account_without_messages_shows_where_stripe_has_to_send_them(
    console: Client, acme: StripeAccount
) -> None:
    text = page(console)
    assert "Nothing from Stripe yet" in text
    assert "/webhooks/stripe/ acme/" in text or "/webhooks/stripe/acme/" in text


def test_the_headline_names_who_is_needed_and_each_currency_apart(
    console: Client, acme: StripeAccount
) -> None:
    JobFactory.create_batch(2, account=acme, status=S.NEEDS_ATTENTION, amount=Decimal("120"))
    JobFactory.create(account=acme, status=S.FAILED, amount=Decimal("50000"), currency="JPY")
    text = page(console)
    assert "2 records need you and 1 needs an engineer" in text
    assert "JP¥50,000 and US$240.00 are not in NetSuite yet." in text


def test_the_headline_of_one_engineer_case_is_not_put_on_finance(
    console: Client, acme: StripeAccount
) -> None:
    JobFactory.create(account=acme, status=S.FAILED, amount=None, currency="")
    text = page(console)
    assert "1 record needs an engineer" in text
    assert "No money is held up by it." in text


def test_what_is_on_its_way_alarms_nobody(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, status=S.READY)
    JobFactory.create(account=acme, status=S.RUNNING)
    assert "2 records are on the way to NetSuite" in page(console)


def test_when_all_is_booked_the_headline_says_up_to_when(console: Client, acme: StripeAccount) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 19, 2, tzinfo=UTC), tick=False):
        EventFactory.create(job=JobFactory.create(account=acme, status=S.SUCCESSFUL))
        assert "Everything from Stripe up to 14:02 is in NetSuite" in page(console)


def test_a_message_of_another_day_is_named_with_its_day(console: Client, acme: StripeAccount) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 19, 2, tzinfo=UTC), tick=False):
        EventFactory.create(job=JobFactory.create(account=acme, status=S.SUCCESSFUL))
    with time_machine.travel(datetime(2026, 11, 20, 19, 2, tzinfo=UTC), tick=False):
        assert "up to 18 Nov 2026, 14:02 is in NetSuite" in page(console)


def test_a_job_counts_on_the_day_of_its_account_and_the_list_of_that_day_agrees(
    console: Client, acme: StripeAccount
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), tick=False):
        late_on_the_17th = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
        job = JobFactory.create(account=acme, status=S.SUCCESSFUL, updated_at=late_on_the_17th)
        answer = console.get("/").content.decode()
        assert 'aria-label="17 Nov 2026: 1 in NetSuite, 0 needing somebody"' in answer
        assert "/jobs/?from=2026-11-17&amp;to=2026-11-17" in answer
        assert job.subject in console.get("/jobs/?from=2026-11-17&to=2026-11-17").content.decode()
        assert job.subject not in console.get("/jobs/?from=2026-11-18&to=2026-11-18").content.decode()


def test_the_table_below_the_chart_says_the_same_as_the_bars(console: Client, acme: StripeAccount) -> None:
    JobFactory.create_batch(3, account=acme, status=S.SUCCESSFUL)
    JobFactory.create(account=acme, status=S.NEEDS_ATTENTION)
    html = console.get("/").content.decode()
    assert "3 in NetSuite, 1 needing somebody" in html
    assert re.search(r'</th><td class="num">3</td><td class="num">1</td></tr>', html)


def test_older_days_are_not_in_the_count_of_30_days(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, status=S.SUCCESSFUL, updated_at=timezone.now() - timedelta(days=31))
    JobFactory.create(account=acme, status=S.SUCCESSFUL, updated_at=timezone.now() - timedelta(days=3))
    assert re.search(r"In NetSuite 1 in 30 days", page(console))


def test_each_document_counts_once_as_its_newest_job_stands(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="in_1", status=S.SUCCESSFUL)
    JobFactory.create(account=acme, subject="in_1", status=S.SUCCESSFUL)
    JobFactory.create(account=acme, subject="in_2", status=S.NEEDS_ATTENTION)
    JobFactory.create(account=acme, subject="in_2", status=S.READY)
    JobFactory.create(account=acme, subject="ch_1", status=S.SKIPPED, code="part_of_another")
    text = page(console)
    assert "1 record is on the way to NetSuite US$120.00 is not in NetSuite yet." in text
    assert "In NetSuite 1 in 30 days" in text
    assert "skipped" not in text


def test_the_oldest_that_waits_is_named(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, title="Invoice NEWER")
    JobFactory.create(account=acme, title="Invoice OLDER", created_at=timezone.now() - timedelta(days=9))
    text = page(console)
    assert "Invoice OLDER" in text
    assert "Invoice NEWER" not in text


def test_each_account_shows_its_last_signs_of_life(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, status=S.SUCCESSFUL)
    with time_machine.travel(datetime(2026, 11, 18, 19, 2, tzinfo=UTC), tick=False):
        EventFactory.create(job=job)
    MappedRecordFactory.create(job=job, mapped_at=datetime(2026, 11, 18, 19, 3, tzinfo=UTC))
    assert re.search(r"acme 18 Nov 2026, 14:02 18 Nov 2026, 14:03", page(console))


def test_one_account_can_be_looked_at_alone(console: Client, acme: StripeAccount) -> None:
    other = StripeAccountFactory.create(name="other")
    JobFactory.create(account=other, status=S.NEEDS_ATTENTION)
    assert "1 record needs you" in page(console)
    assert "1 record needs you" not in page(console, "/?account=acme")


def test_an_unknown_account_is_named_kindly(console: Client, acme: StripeAccount) -> None:
    assert "There is no account “nobody”" in page(console, "/?account=nobody")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"key": "rk_live_x"}, None),
        ({"key": "rk_test_x"}, "Test mode: acme moves no real money."),
        ({"stripe_api_base": "http://127.0.0.1:1/"}, "Practice world: acme moves no real money."),
        ({"stripe_api_base": "https://api.stripe.com"}, None),
        ({"key": ""}, None),
    ],
)
def test_a_band_says_that_no_real_money_moves(
    console: Client, settings: dict[str, str], sentence: str | None
) -> None:
    StripeAccountFactory.create(name="acme", **settings)
    text = page(console)
    assert (sentence or "no real money") in text if sentence else "no real money" not in text


def test_the_page_asks_at_most_12_questions_of_the_database(
    console: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        job = JobFactory.create(status=S.NEEDS_ATTENTION)
        EventFactory.create(job=job)
        MappedRecordFactory.create(job=job)
    with django_assert_max_num_queries(12):
        console.get("/")
