"""Records: finding, filtering, sorting and turning pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from connector.models import Job, MappedRecord, Preferences, SavedView, StripeAccount
from dashboard import reader
from dashboard.selection import read_amount
from tests.factories import EventFactory, JobFactory, MappedRecordFactory, StripeAccountFactory, UserFactory

pytestmark = pytest.mark.django_db
S = Job.Status


def listed(console: Client, query: str = "", **headers: str) -> list[str]:
    """The Stripe ids of the rows, from top to bottom."""
    answer = console.get(f"/jobs/?{query}", headers=headers)
    assert answer.status_code == 200
    return re.findall(r'<code class="sub">(\w+)</code>', answer.content.decode())


@pytest.fixture
def borealis(acme: StripeAccount) -> Job:
    """An invoice of Borealis with its payment, both in NetSuite, and two that have nothing to do with it."""
    job = JobFactory.create(
        account=acme,
        subject="in_borealis",
        title="Invoice INV-1042",
        customer_name="Borealis Ltd",
        amount=Decimal("1234.50"),
        status=S.SUCCESSFUL,
    )
    MappedRecordFactory.create(job=job, internal_id="4471", amount=Decimal("1234.50"))
    MappedRecordFactory.create(
        job=job,
        record_type="customerPayment",
        stripe_id="ch_part",
        external_id="ch_part",
        internal_id="4472",
        amount=Decimal("34.50"),
    )
    MappedRecordFactory.create(
        job=job, record_type="creditMemo", stripe_id="re_1", external_id="ns_memo:re_1", internal_id="4473"
    )
    EventFactory.create(job=job, object_id="ch_heard")
    for name in ("Cobalt", "Delta"):
        JobFactory.create(account=acme, customer_name=name, title=f"Invoice of {name}", amount=Decimal("7"))
    return job


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "text",
    [
        "in_borealis", "ch_part", "ch_heard", "4471", "4472", "ns_memo:re_1",
        "borealis", "Ltd", "INV-1042", "inv-10", "1234.50", "1,234.50", "1234.5", "US$1,234.50", "34.50",
    ],
)  # fmt: skip
def test_a_record_is_found_by_id_name_number_or_amount(console: Client, borealis: Job, text: str) -> None:
    assert listed(console, f"q={quote(text)}") == ["in_borealis"]


@pytest.mark.parametrize("text", ["4471 ", " in_borealis"])
def test_spaces_around_a_pasted_id_do_no_harm(console: Client, borealis: Job, text: str) -> None:
    assert listed(console, f"q={quote(text)}") == ["in_borealis"]


@pytest.mark.parametrize(
    "text", ["in_bor", "447", "1234", "999999999999999", "%", "_", "' OR 1=1 --", "9" * 200]
)
def test_a_search_finds_nothing_that_it_should_not(console: Client, borealis: Job, text: str) -> None:
    assert listed(console, f"q={quote(text)}") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("120", "120"), ("120.00", "120.00"), ("1,234.5", "1234.5"), ("US$5", "5"), ("€ 7.25", "7.25"),
        ("KWD 1.250", "1.250"), ("1.2345", None), ("12,34", "12.34"), ("1.234,50", "1234.50"),
        ("1 234,5 €", "1234.5"), ("899.00 USD", "899.00"), ("1,234", "1234"), ("1.234.567", "1234567"),
        ("1,234,5", None), ("1.234.56", None), ("7 days", None), ("INV-1042", None), ("", None),
        ("１２", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, amount: str | None) -> None:
    assert read_amount(text) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(("text", "amount"), [("1.250", "1250"), ("1,250", "1.250"), ("1.250,5", "1250.5")])
def test_what_can_be_two_numbers_is_the_one_of_the_readers_style(text: str, amount: str) -> None:
    with reader.written_for(Preferences(numbers=Preferences.Numbers.CONTINENTAL)):
        assert read_amount(text) == Decimal(amount)


def test_filters_narrow_the_list_together(console: Client, acme: StripeAccount) -> None:
    other = StripeAccountFactory.create(name="other")
    JobFactory.create(account=acme, subject="in_1", status=S.NEEDS_ATTENTION)
    JobFactory.create(account=acme, subject="ch_1", status=S.NEEDS_ATTENTION)
    JobFactory.create(account=acme, subject="in_2", status=S.SUCCESSFUL)
    JobFactory.create(account=other, subject="in_3", status=S.NEEDS_ATTENTION)
    assert listed(console, "account=acme&state=needs_attention&kind=invoice") == ["in_1"]


def test_needs_somebody_means_finance_or_an_engineer(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="in_1", status=S.NEEDS_ATTENTION)
    JobFactory.create(account=acme, subject="in_2", status=S.FAILED)
    JobFactory.create(account=acme, subject="in_3", status=S.READY)
    assert sorted(listed(console, "state=open")) == ["in_1", "in_2"]


def test_a_payment_is_told_by_any_of_its_prefixes(console: Client, acme: StripeAccount) -> None:
    for subject in ("ch_1", "py_1", "in_1", "chx_1", "cus_1"):
        JobFactory.create(account=acme, subject=subject)
    assert sorted(listed(console, "kind=payment")) == ["ch_1", "py_1"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("account=nobody", "There is no such account"),
        ("state=perfect", "There is no such state"),
        ("kind=rocket", "There is no such type"),
        ("from=yesterday", "Write the day like 2026-11-21"),
        ("to=0001-01-01", "Choose a day after 1999"),
        ("to=9999-12-31", "Choose a day before 2100"),
        ("q=" + "x" * 300, "at most 255 characters"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_left_out(
    console: Client, acme: StripeAccount, query: str, sentence: str
) -> None:
    JobFactory.create(account=acme, subject="in_1")
    answer = console.get(f"/jobs/?{query}")
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert listed(console, query) == ["in_1"]


@pytest.mark.parametrize(
    "query", ["sort=password", "sort=account__stripe_api_key", "sort=-", "sort=", "sort=why"]
)
def test_only_columns_that_are_offered_sort(console: Client, acme: StripeAccount, query: str) -> None:
    old = timezone.now() - timedelta(days=1)
    JobFactory.create(account=acme, subject="in_old", updated_at=old)
    JobFactory.create(account=acme, subject="in_new")
    assert listed(console, query) == ["in_new", "in_old"]


def test_amounts_sort_within_their_currency(console: Client, acme: StripeAccount) -> None:
    rows = [("in_a", "5", "USD"), ("in_b", "50000", "JPY"), ("in_c", "70", "USD"), ("in_d", None, "USD")]
    for subject, amount, currency in rows:
        JobFactory.create(
            account=acme, subject=subject, amount=Decimal(amount) if amount else None, currency=currency
        )
    assert listed(console, "sort=amount") == ["in_b", "in_a", "in_c", "in_d"]
    assert listed(console, "sort=-amount") == ["in_b", "in_c", "in_a", "in_d"]


def test_what_needs_somebody_can_stand_first_whatever_the_order(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="in_a", status=S.SUCCESSFUL, customer_name="A")
    JobFactory.create(account=acme, subject="in_b", status=S.FAILED, customer_name="B")
    JobFactory.create(account=acme, subject="in_c", status=S.NEEDS_ATTENTION, customer_name="C")
    assert listed(console, "sort=customer_name") == ["in_a", "in_b", "in_c"]
    assert listed(console, "sort=customer_name&first=on") == ["in_b", "in_c", "in_a"]


def test_fifty_stand_on_a_page_and_odd_pages_give_the_nearest(console: Client, acme: StripeAccount) -> None:
    JobFactory.create_batch(60, account=acme)
    assert len(listed(console)) == 50
    assert len(listed(console, "page=2")) == len(listed(console, "page=99999999999999999999")) == 10
    assert len(listed(console, "page=-3")) == 10
    assert listed(console, "page=two") == listed(console, "page=1")
    assert len(listed(console, "per_page=100000")) == 50


def test_no_row_is_lost_or_shown_twice_between_pages(console: Client, acme: StripeAccount) -> None:
    same = datetime(2026, 11, 18, tzinfo=UTC)
    for _ in range(55):
        JobFactory.create(account=acme, updated_at=same)
    assert len({*listed(console), *listed(console, "page=2")}) == 55


def test_turning_a_page_keeps_filters_and_order(console: Client, acme: StripeAccount) -> None:
    JobFactory.create_batch(60, account=acme, status=S.FAILED)
    html = console.get("/jobs/?state=failed&sort=amount").content.decode()
    next_page = re.search(r'href="([^"]+)">Next page', html)
    assert next_page
    assert {"state=failed", "sort=amount", "page=2"} == set(next_page[1].lstrip("?").split("&amp;"))


def test_a_column_head_sorts_up_then_down_and_starts_at_the_first_page(
    console: Client, acme: StripeAccount
) -> None:
    JobFactory.create(account=acme)
    for before, after in (("", "customer_name"), ("sort=customer_name", "-customer_name")):
        html = console.get(f"/jobs/?page=1&{before}").content.decode()
        assert re.search(rf'href="\?sort={after}">Customer', html)


def test_htmx_gets_the_results_alone_and_a_short_address(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="in_1", status=S.FAILED)
    answer = console.get("/jobs/?q=&state=failed&from=", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.lstrip().startswith('<div id="results">')
    assert "<nav" not in html
    assert answer["HX-Push-Url"] == "/jobs/?state=failed"
    assert "HX-Request" in answer["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(console: Client, acme: StripeAccount) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<nav" in console.get("/jobs/", headers=headers).content.decode()


def test_the_money_of_what_is_listed_stands_above_it(console: Client, acme: StripeAccount) -> None:
    JobFactory.create_batch(2, account=acme, status=S.FAILED, amount=Decimal("10"))
    JobFactory.create(account=acme, status=S.FAILED, amount=Decimal("5"), currency="EUR")
    JobFactory.create(account=acme, amount=Decimal("1000"))
    assert "3 records, €5.00 and US$20.00" in console.get("/jobs/?state=failed").content.decode()


def test_a_document_has_one_row_and_a_charge_of_an_invoice_none_of_its_own(
    console: Client, acme: StripeAccount
) -> None:
    JobFactory.create(account=acme, subject="in_1", status=S.SUCCESSFUL)
    JobFactory.create(account=acme, subject="in_1", status=S.SUCCESSFUL)
    JobFactory.create(account=acme, subject="ch_1", status=S.SKIPPED, code="part_of_another")
    assert listed(console) == ["in_1"]
    assert "1 record, US$120.00" in console.get("/jobs/").content.decode()


def test_a_record_of_which_nothing_is_known_yet_goes_by_its_id(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(
        account=acme, subject="in_1", title="", customer_name="", amount=None, currency=""
    )
    assert f'<a href="/jobs/{job.pk}/">in_1</a>' in console.get("/jobs/").content.decode()


def test_an_id_that_only_an_earlier_job_saw_finds_the_document(console: Client, acme: StripeAccount) -> None:
    earlier = JobFactory.create(account=acme, subject="in_1", status=S.SUCCESSFUL)
    EventFactory.create(job=earlier, object_id="ch_1")
    JobFactory.create(account=acme, subject="in_1")
    assert listed(console, "q=ch_1") == ["in_1"]


def test_each_state_is_shown_by_a_word_and_a_shape(console: Client, acme: StripeAccount) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    JobFactory.create(account=acme, status=S.READY)
    JobFactory.create(account=acme, status=S.READY, code="netsuite_busy", run_after=soon)
    JobFactory.create(account=acme, status=S.READY, waiting_for="cus_1")
    lost = JobFactory.create(account=acme, status=S.READY, run_after=soon)
    MappedRecordFactory.create(job=lost, state=MappedRecord.State.UNCONFIRMED)
    for status in (S.RUNNING, S.SUCCESSFUL, S.SKIPPED, S.NEEDS_ATTENTION, S.FAILED):
        JobFactory.create(account=acme, status=status)
    html = console.get("/jobs/").content.decode()
    for words in (
        "○</span><span>Waiting</span>",
        "○</span><span>Trying again at",
        "○</span><span>Waiting for another record</span>",
        "?</span><span>Checking whether it arrived</span>",
        "↻</span><span>Working</span>",
        "✓</span><span>In NetSuite</span>",
        "–</span><span>Skipped</span>",
        "●</span><span>Needs you</span>",
        "▲</span><span>Needs an engineer</span>",
    ):
        assert words in html


def test_a_waiting_record_names_what_it_waits_for(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="cus_1", title="Customer Borealis Ltd")
    JobFactory.create(account=acme, waiting_for="cus_1")
    assert "Waits for Customer Borealis Ltd" in console.get("/jobs/").content.decode()


def test_names_from_stripe_are_text_and_never_markup(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, customer_name="<script>alert(1)</script>", title="<b>INV</b>")
    html = console.get("/jobs/").content.decode()
    assert "<script>alert" not in html
    assert "<b>INV" not in html


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No records yet"), ("state=open", "No records yet")],
)
def test_an_empty_console_says_how_records_come(console: Client, query: str, words: str) -> None:
    assert words in console.get(f"/jobs/?{query}").content.decode()


def test_an_empty_result_says_which_filter_to_loosen(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme)
    html = console.get("/jobs/?kind=customer&q=nobody").content.decode()
    assert "Loosen a filter: Find and Type." in html


def test_nothing_that_needs_anybody_is_good_news(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme)
    assert "Nothing needs you" in console.get("/jobs/?state=open").content.decode()


@pytest.mark.parametrize("rows", [1, 50])
def test_the_page_asks_at_most_12_questions_however_many_rows(
    console: Client, acme: StripeAccount, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        job = JobFactory.create(account=acme, waiting_for=f"cus_{number}")
        MappedRecordFactory.create(job=job, state=MappedRecord.State.UNCONFIRMED)
    with django_assert_max_num_queries(12):
        console.get("/jobs/?q=Borealis&first=on&account=acme")


# Kinds, columns, views, files


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("refund", {"re_1", "pyr_1"}), ("dispute", {"dp_1", "du_1"}), ("credit_note", {"cn_1"}),
        ("payout", {"po_1"}), ("customer", {"cus_1"}), ("price", {"price_1", "plan_1"}),
    ],
)  # fmt: skip
def test_every_kind_can_be_listed_alone(
    console: Client, acme: StripeAccount, kind: str, found: set[str]
) -> None:
    ids = ("re_1", "pyr_1", "dp_1", "du_1", "cn_1", "po_1", "cus_1", "price_1", "plan_1", "in_1", "reX1")
    for subject in ids:
        JobFactory.create(account=acme, subject=subject)
    assert set(listed(console, f"kind={kind}")) == found


def test_what_is_on_its_way_waits_or_is_being_worked_on(console: Client, acme: StripeAccount) -> None:
    for status in S.values:
        JobFactory.create(account=acme, subject=f"in_{status.replace('_', '')}", status=status)
    assert sorted(listed(console, "state=moving")) == ["in_ready", "in_running"]


@pytest.mark.parametrize(
    ("query", "heads"),
    [
        ("", ["What", "Customer", "Amount", "State", "Why", "Updated (New York)"]),
        ("column=amount&column=kind&column=account", ["What", "Amount", "Account", "Type"]),
        ("column=created_at", ["What", "Since (New York)"]),
        ("column=password", ["What", "Customer", "Amount", "State", "Why", "Updated (New York)"]),
    ],
)
def test_the_columns_are_chosen_and_stand_in_the_address(
    console: Client, acme: StripeAccount, query: str, heads: list[str]
) -> None:
    JobFactory.create(account=acme, subject="cn_1")
    html = console.get(f"/jobs/?{query}").content.decode()
    assert re.findall(r'<th [^>]*scope="col"[^>]*>(?:<a [^>]*>)?([^<]+?) *<', html) == heads
    assert ("Credit note</span>" in html) is ("kind" in query)
    assert html.count('name="column"') == 8
    assert html.count('name="column" value=') == 8
    assert len(re.findall(r'name="column"[^>]*checked', html)) == len(heads) - 1


def test_a_view_of_the_records_is_kept_opened_by_others_and_forgotten(
    console: Client, alice: User, acme: StripeAccount
) -> None:
    filters = "account=acme&state=failed&column=amount&nonsense=1"
    saved = console.post(f"/jobs/views/?{filters}", {"name": "Ours"})
    view = SavedView.objects.get()
    assert (view.page, view.query) == ("jobs", "account=acme&state=failed&column=amount")
    assert saved["Location"] == f"/jobs/views/{view.pk}/"
    other = Client()
    other.force_login(UserFactory.create())
    assert other.get(saved["Location"])["Location"] == f"/jobs/?{view.query}"
    other.post("/jobs/views/", {"name": "Ours"})
    assert SavedView.objects.get(owner=alice).query == view.query
    assert ">Ours</a>" in console.get("/jobs/").content.decode()
    assert ">Ours</a>" not in console.get("/needs-you/").content.decode()
    assert other.get(f"/needs-you/views/{view.pk}/").status_code == 404
    for client, left in ((other, 1), (console, 0), (console, 0)):
        assert client.post(f"/jobs/views/{view.pk}/remove/").status_code == 302
        assert SavedView.objects.filter(owner=alice).count() == left


MOMENTS = {"created_at": 18, "updated_at": 19}
"""On which days of November, by UTC: in New York it is still the evening before."""


def test_the_records_come_as_typed_files_with_the_filters_of_the_page(
    console: Client, alice: User, acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = {"status": S.FAILED, "code": "internal_error", "message": "=1+1"}
    moments = {name: datetime(2026, 11, day, 3, 0, tzinfo=UTC) for name, day in MOMENTS.items()}
    invoice = {"title": "Invoice INV-1", "amount": Decimal("12.5")}
    JobFactory.create(account=acme, subject="in_1", **invoice, **failed, **moments)
    soon = {"code": "rate_limited", "run_after": datetime(2099, 1, 1, 3, 0, tzinfo=UTC)}
    JobFactory.create(account=acme, subject="in_2", **soon)
    Preferences.objects.create(user=alice, time_zone="Asia/Tokyo")
    assert "Trying again at 22:00" in console.get("/jobs/records.csv").content.decode()
    html = console.get("/jobs/?state=failed").content.decode()
    assert 'href="/jobs/records.xlsx?state=failed"' in html
    csv = console.get("/jobs/records.csv?state=failed").content.decode()
    (head, row) = csv.splitlines()
    assert "Since (America/New_York)" in head
    assert row.startswith("Invoice INV-1,Invoice,Borealis Ltd,12.50,USD,Needs an engineer,")
    assert ",'=1+1,acme,in_1," in row
    assert row.endswith(f",2026-11-17 22:00,2026-11-18 22:00,{settings.CONSOLE_URL}/r/in_1/")
    assert len(console.get("/jobs/records.csv?q=in_1").content.decode().splitlines()) == 2
    book = load_workbook(BytesIO(console.get("/jobs/records.xlsx").content))
    assert len(list(book["Records"].iter_rows(min_row=2))) == 2
    monkeypatch.setattr("dashboard.views.jobs.MOST_EXPORTED", 1)
    answer = console.get("/jobs/records.csv?column=amount", follow=True)
    assert "A file holds up to 1 record." in answer.content.decode()
    assert answer.redirect_chain[0][0] == "/jobs/?column=amount"
