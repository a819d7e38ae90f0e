"""History: who did what, found by person, record, verb and day; as a page and as files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from connector.engine import audit, lookups
from connector.failures import describe
from connector.models import AuditEntry, StripeAccount
from connector.models.audit import Verb
from dashboard import history
from tests.factories import JobFactory, MappedRecordFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


def entry(
    who: str = "vera", verb: Verb = Verb.TRY_AGAIN, at: datetime = MORNING, **values: Any
) -> AuditEntry:
    return AuditEntry.objects.create(who=who, verb=verb, at=at, **values)


@pytest.fixture
def deeds(acme: StripeAccount) -> None:
    """Four deeds; the first is the newest."""
    job = JobFactory.create(account=acme, subject="in_1", title="Invoice INV-1042")
    MappedRecordFactory.create(job=job, stripe_id="ch_1", external_id="ch_1", internal_id="77")
    entry("otto", Verb.ALLOW_DUPLICATE, account=acme, subject="ch_1", reason="Paid twice, refunded")
    before = {"status": "needs_attention"}
    entry("vera", account=acme, subject="in_1", at=MORNING - timedelta(days=1), before=before)
    entry(
        "vera (command line)",
        Verb.CHANGE_SETTINGS,
        account=acme,
        subject="acme",
        at=MORNING - timedelta(days=2),
        before={"time_zone": "America/New_York", "stripe_api_key": "stored", "income_account": ""},
        after={"time_zone": "Asia/Tokyo", "stripe_api_key": "replaced", "income_account": "54"},
    )
    entry("otto", Verb.CHANGE_PERSON, subject="user vera", at=datetime(2026, 11, 16, 4, 59, tzinfo=UTC))


OTTO, VERA, SETTINGS = "Allowed a duplicate", "Tried again", "Changed settings"
PERSON = "Changed a person’s access"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [OTTO, VERA, SETTINGS, PERSON]),
        ("who=vera", [VERA, SETTINGS]),
        ("who=otto", [OTTO, PERSON]),
        ("verb=try_again", [VERA]),
        ("verb=nonsense", [OTTO, VERA, SETTINGS, PERSON]),
        ("record=ch_1", [OTTO, VERA]),  # the payment and its invoice are one document
        ("record=inv-1042", [OTTO, VERA]),
        ("record=77", [OTTO, VERA]),
        ("record=acme", [SETTINGS]),
        ("account=acme", [OTTO, VERA, SETTINGS]),
        ("from=2026-11-17", [OTTO, VERA]),
        ("to=2026-11-16", [SETTINGS, PERSON]),
        ("from=2026-11-15&to=2026-11-15", [PERSON]),  # 23:59 in New York
        ("who=nobody", []),
    ],
)
def test_entries_are_found_by_person_verb_record_account_and_day(
    console: Client, deeds: None, asked: str, found: list[str]
) -> None:
    rows = console.get(f"/history/?{asked}").context["rows"]
    assert [row.entry.deed for row in rows] == found
    table = console.get(f"/history/history.csv?{asked}").content.decode("utf-8-sig")
    assert [row["What"] for row in csv.DictReader(StringIO(table))] == found


def test_the_page_says_old_and_new_in_words_and_leads_to_the_record(console: Client, deeds: None) -> None:
    income = lookups.Found((lookups.Choice("54", "4000 Income"),))
    books = StripeAccount.objects.get().netsuite_account
    lookups.remember(books, {"income_account": "account"}, {"income_account": income})
    html = console.get("/history/").content.decode()
    for words in (
        "“Paid twice, refunded”",
        "<del>America/New_York</del>",
        "<ins>Asia/Tokyo</ins>",
        "<ins>another one</ins>",
        "<ins>4000 Income (54)</ins>",
        '<a href="/r/ch_1/">',
        "Times in New York",
    ):
        assert words in html
    assert '<a href="/r/acme/">' not in html
    assert "status: was <del>Needs you</del>" in html


@pytest.mark.parametrize(
    ("subject", "address"),
    [
        ("ch_1", "/r/ch_1/"),
        ("period_closed", "/help/period_closed/"),
        ("2026-09", "/month-close/acme/2026-09/"),
        ("acme, 2026-09-01 to 2026-09-30", ""),
    ],
)
def test_an_entry_leads_to_what_it_is_about(
    console: Client, acme: StripeAccount, subject: str, address: str
) -> None:
    entry(subject=subject, account=acme, after={"complete": False, "as": "skipped_by_person"})
    (row,) = console.get("/history/").context["rows"]
    assert row.link == address
    assert row.about == {"period_closed": describe("period_closed").title, "2026-09": "September 2026"}.get(
        subject, ""
    )
    assert {change.new for change in row.changes} == {"no", describe("skipped_by_person").title}


def test_a_filter_that_finds_nothing_says_what_to_loosen(console: Client, deeds: None) -> None:
    assert "Loosen a filter: Person." in console.get("/history/?who=nobody").content.decode()


def test_an_empty_history_says_so(console: Client) -> None:
    assert "Nobody has done anything yet" in console.get("/history/").content.decode()


def test_pages_follow_each_other_without_gap_or_repeat(
    console: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(2 * history.PER_PAGE + 1):
        entry(subject=f"in_{number}")  # all at the same moment
    seen, address = [], "/history/?who=vera"
    while address:
        with django_assert_max_num_queries(12):
            page = console.get(address).context
        seen += [row.entry.subject for row in page["rows"]]
        address = f"/history/?{page['query']}&older={page['last']}" if page["last"] else ""
    assert seen == [f"in_{number}" for number in reversed(range(2 * history.PER_PAGE + 1))]


@pytest.mark.parametrize("older", ["x", "0", "9" * 30, "-1"])
def test_an_odd_place_to_go_on_from_is_the_beginning(console: Client, deeds: None, older: str) -> None:
    assert len(console.get(f"/history/?older={older}").context["rows"]) == 4


def test_the_files_are_typed_and_no_program_runs_what_is_in_them(console: Client) -> None:
    entry("=cmd()", Verb.NOTE, subject="in_1", reason="+1", after={"note": "=1+1"})
    row = next(csv.DictReader(StringIO(console.get("/history/history.csv").content.decode("utf-8-sig"))))
    assert (row["Who"], row["Reason"], row["After"]) == ("'=cmd()", "'+1", "note: =1+1")
    book = load_workbook(BytesIO(console.get("/history/history.xlsx").content))
    cells = next(iter(book["History"].iter_rows(min_row=2)))
    assert (cells[0].value, cells[1].value) == (MORNING.replace(tzinfo=None), "=cmd()")
    assert [cell.data_type for cell in cells[:2]] == ["d", "s"]


def test_a_file_says_when_there_is_more_than_it_takes(
    console: Client, deeds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_ROWS", 3)
    rows = list(csv.reader(StringIO(console.get("/history/history.csv").content.decode())))
    assert len(rows) == 1 + 3 + 1
    assert rows[-1][1].startswith("There are older entries")


def test_a_file_of_another_name_is_not_there(console: Client) -> None:
    assert console.get("/history/history.pdf").status_code == 404


def test_what_comes_from_outside_is_text_and_never_markup(console: Client) -> None:
    entry("<b>", Verb.NOTE, subject="<i>", reason="<u>", after={"<s>": "<script>"})
    html = console.get("/history/?who=%3Cb%3E").content.decode()
    assert not any(tag in html for tag in ("<b>", "<i>", "<u>", "<s>", "<script>"))


def test_a_recorded_deed_is_on_the_page(console: Client, acme: StripeAccount) -> None:
    audit.record("vera", Verb.NOTE, account=acme, subject="in_5", reason="Asked the customer")
    html = console.get("/history/").content.decode()
    assert "Asked the customer" in html
