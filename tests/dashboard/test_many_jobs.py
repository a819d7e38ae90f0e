"""Records and Needs you with more rows than can be counted, summed and sorted at a glance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from connector.models import Cause, Job, StripeAccount
from dashboard import needs, selection
from tests.dashboard.test_job import words
from tests.dashboard.test_jobs import listed
from tests.factories import JobFactory, MappedRecordFactory

pytestmark = pytest.mark.django_db
S = Job.Status
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def some(account: StripeAccount, count: int, **fields: object) -> list[Job]:
    """Jobs in_0, in_1, …; each changed a minute after the one before."""
    return [
        JobFactory.create(
            account=account,
            subject=f"in_{number}",
            amount=Decimal(10 + number),
            updated_at=NOON + timedelta(minutes=number),
            **fields,
        )
        for number in range(count)
    ]


def test_of_very_many_the_last_are_listed_without_a_sum_and_the_page_says_so(
    console: Client, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(acme, 5)
    assert "5 records, US$60.00" in words(console.get("/jobs/").content.decode())
    monkeypatch.setattr(selection, "MOST_COUNTED", 4)
    page = words(console.get("/jobs/").content.decode())
    assert "More than 4 records. The 4 records that changed last are listed;" in page
    assert "US$60.00" not in page
    assert listed(console) == listed(console, "sort=amount") == ["in_4", "in_3", "in_2", "in_1"]
    assert listed(console, "sort=updated_at") == ["in_0", "in_1", "in_2", "in_3"]
    assert "that need somebody or changed last" in words(console.get("/jobs/?first=on").content.decode())
    assert "longest ago" in words(console.get("/jobs/?sort=updated_at").content.decode())
    assert listed(console, "kind=invoice&sort=amount&from=2026-11-19") == []


def test_of_very_many_that_a_search_finds_those_that_changed_last_are_listed_and_sorted(
    console: Client, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(acme, 5, customer_name="Cobalt Ltd")
    assert "5 records, US$60.00" in words(console.get("/jobs/?q=cobalt").content.decode())
    monkeypatch.setattr(selection, "MOST_FOUND", 3)
    page = words(console.get("/jobs/?q=cobalt").content.decode())
    assert "More than 3 records. The 3 records that changed last are listed;" in page
    assert listed(console, "q=cobalt&sort=amount") == ["in_2", "in_3", "in_4"]
    assert listed(console, "q=in_0") == ["in_0"]


def test_in_pages_of_very_many_what_needs_somebody_comes_first_and_no_row_is_lost(
    console: Client, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = some(acme, 110)
    Job.objects.filter(pk__in=[job.pk for job in jobs[10:70]]).update(status=S.FAILED)
    monkeypatch.setattr(selection, "MOST_FOUND", 20)
    pages = [listed(console, f"first=on&page={page}") for page in (1, 2, 3)]
    expected = [*range(69, 9, -1), *range(109, 69, -1), *range(9, -1, -1)]
    assert [subject for page in pages for subject in page] == [f"in_{number}" for number in expected]


def test_an_amount_that_very_many_records_have_is_looked_for_among_documents_and_the_page_says_so(
    console: Client, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for job in some(acme, 3)[:2]:
        MappedRecordFactory.create(job=job, amount=Decimal("12.00"))
    assert sorted(listed(console, "q=12.00")) == ["in_0", "in_1", "in_2"]
    monkeypatch.setattr(selection, "MOST_OVER", 1)
    assert listed(console, "q=12.00") == ["in_2"]
    assert "Very many records in NetSuite are over this amount" in console.get("/jobs/?q=12").content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no index of words")
@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("o'neill", True), ("neill & s", True), ("(EU)", True), ("eu", True), ("STRASSE", True),
        ("ブルー", True), ("Größe", True),
        ("invoice inv-10", True), ("1042", True), ("0", False), ("eill", False),
        ("neill sons", False), ("sons o'neill", False), ("'", False), ("& | !", False), ("neill:*", False),
        ("\\", False), ("inv-1042 o", False),
    ],
)  # fmt: skip
def test_text_is_found_in_what_a_record_is_and_whose_from_the_beginning_of_a_word(
    console: Client, acme: StripeAccount, text: str, is_found: bool
) -> None:
    JobFactory.create(
        account=acme,
        subject="in_1",
        title="Invoice INV-1042",
        customer_name="O'Neill & Sons (EU) Strasse Größe ブルー",
    )
    assert listed(console, f"q={quote(text)}") == (["in_1"] if is_found else [])


def test_many_causes_stand_on_pages_and_what_is_put_aside_on_the_last(
    console: Client, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = ("period_closed", "amount_differs", "too_long", "record_locked", "source_closed")
    for number, code in enumerate(codes):
        JobFactory.create(
            account=acme, status=S.NEEDS_ATTENTION, code=code, title=f"Number {number}", amount=100 - number
        )
    Cause.objects.create(account=acme, code=codes[0], aside_until=NOON + timedelta(days=9000))
    monkeypatch.setattr(needs, "CARDS", 2)
    first, last = (words(console.get(f"/needs-you/?page={page}").content.decode()) for page in (1, 9))
    for page, shown in ((first, {1, 2}), (last, {0, 3, 4})):
        assert {number for number in range(5) if f"Number {number}" in page} == shown
        assert "4 records" in page
    assert "Page 1 of 2" in first
    assert "Put aside" in last
    assert "Put aside" not in first.replace("put aside", "")
