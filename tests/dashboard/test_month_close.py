"""Month close: what a month lacks, who ticked it, what has changed since, and the evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from connector import tasks
from connector.engine import month_close, months
from connector.engine.months import Month
from connector.failures import describe
from connector.models import (
    AuditEntry,
    BalanceCheck,
    Drift,
    DriftCheck,
    Job,
    MonthClose,
    Payout,
    StripeAccount,
    TieOut,
)
from tests.crowd import at_once
from tests.dashboard.test_help import said
from tests.dashboard.test_payouts import changed, compared, payout_of
from tests.factories import (
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    NetSuiteAccountFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]
PAGE = "/month-close/acme/2026-11/"
NOVEMBER = date(2026, 11, 1)
IN_NOVEMBER = datetime(2026, 11, 18, 14, 12, tzinfo=UTC)
TALLY = datetime(2026, 12, 2, 8, 10, tzinfo=UTC)


@pytest.fixture
def december() -> Any:
    with time_machine.travel(datetime(2026, 12, 3, 14, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def approver(db: None) -> Client:
    """Bob's browser: he may close months."""
    bob: User = UserFactory.create(username="bob")
    bob.groups.add(Group.objects.get(name="approver"))
    client = Client()
    client.force_login(bob)
    return client


def tallied(account: StripeAccount, at: datetime = TALLY, currency: str = "USD") -> None:
    """The nightly look found all as it should be."""
    BalanceCheck.objects.create(
        account=account,
        currency=currency,
        available=0,
        pending=0,
        in_transit=0,
        undeposited=0,
        unexplained=0,
        compared_at=at,
    )
    DriftCheck.objects.create(account=account, started_at=at, finished_at=at + timedelta(minutes=1))


@pytest.fixture
def whole(acme: StripeAccount) -> StripeAccount:
    """November is complete: an invoice, and a payout that ties out."""
    tallied(acme)
    MappedRecordFactory.create(
        job=JobFactory.create(account=acme, status=Job.Status.SUCCESSFUL), tran_date=date(2026, 11, 18)
    )
    compared(payout_of(acme), compared_at=TALLY)
    return acme


def asking(account: StripeAccount, moment: datetime = IN_NOVEMBER, **fields: Any) -> Job:
    """A record that needs somebody, of which Stripe told at this moment."""
    given = {"status": Job.Status.NEEDS_ATTENTION, "code": "invoice_already_paid"}
    job = JobFactory.create(account=account, **(given | fields))
    EventFactory.create(job=job, created=moment)
    return job


def page(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return said(answer.content.decode())


def seen(account: StripeAccount) -> str:
    month = Month(account, NOVEMBER)
    return month_close.seen(months.look(month), month_close.standing_tick(month))


def press(client: Client, account: StripeAccount, button: str = "tick", **typed: str) -> str:
    """What the page says after a button was pressed."""
    typed = {"seen": seen(account)} | typed
    return said(client.post(f"{PAGE}{button}/", typed, follow=True).content.decode())


def open_items(account: StripeAccount, first: date = NOVEMBER) -> list[str]:
    return [item.key for item in months.look(Month(account, first)).items if not item.done]


# What it takes


def test_a_month_that_lacks_nothing_is_ready_and_says_what_was_looked_at(
    console: Client, whole: StripeAccount
) -> None:
    text = page(console)
    for words in (
        "November 2026",
        "1 Nov 2026 to 30 Nov 2026 in New York",
        "Ready to tick",
        "1 payout, and nothing differs.",
        "Explained to the cent in 1 currency. Compared 2 Dec 2026, 03:10.",
        "Every record stands as booked.",
        "Nothing of it is on its way any more.",
        "Invoice 1 US$120.00",
        "Payout 1 US$575.40",
    ):
        assert words in text


def test_each_item_is_open_for_its_own_reason(console: Client, whole: StripeAccount) -> None:
    assert open_items(whole) == []
    job = asking(whole)
    assert open_items(whole) == ["records"]
    assert "1 record needs somebody, over US$120.00." in page(console)
    assert f"{describe(job.code).title} {job.message}" in page(console)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.READY)
    assert open_items(whole) == ["last_day"]
    Job.objects.filter(pk=job.pk).update(status=Job.Status.SUCCESSFUL)
    TieOut.objects.update(settled=False)
    assert open_items(whole) == ["payouts"]
    assert "1 of 1 payout cannot be ticked off yet, over US$575.40." in page(console)
    TieOut.objects.update(settled=True)
    BalanceCheck.objects.update(unexplained=Decimal("0.01"))
    assert open_items(whole) == ["balances"]
    BalanceCheck.objects.update(unexplained=0)
    drift = changed(whole)
    Job.objects.update(status=Job.Status.SUCCESSFUL)
    drift.record.tran_date = date(2026, 11, 30)
    drift.record.save()
    assert open_items(whole) == ["changed"]
    assert "1 record stands in NetSuite otherwise than booked." in page(console)
    drift.record.tran_date = date(2026, 12, 1)
    drift.record.save()
    assert open_items(whole) == []


def test_the_records_of_former_books_are_none_of_this_month(console: Client, whole: StripeAccount) -> None:
    """Those of another NetSuite, which the account was kept in before, beside what was brought over."""
    former, then = NetSuiteAccountFactory.create(), datetime(2026, 12, 3, tzinfo=UTC)
    payout, before = Payout.objects.get(), months.look(Month(whole, NOVEMBER))
    MappedRecordFactory.create(netsuite_account=former, job__account=whole, tran_date=date(2026, 11, 18))
    MappedRecordFactory.create(
        netsuite_account=former,
        job__account=whole,
        record_type="deposit",
        stripe_id=payout.payout_id,
        mapped_at=then,
    )
    record = changed(whole).record
    Job.objects.update(status=Job.Status.SUCCESSFUL)
    record.netsuite_account, record.tran_date = former, date(2026, 11, 30)
    record.save()

    assert months.look(Month(whole, NOVEMBER)) == before
    assert before.complete
    assert list(payout.records) == []
    assert not Drift.standing([whole]).exists()


def test_what_was_compared_before_the_month_was_over_proves_nothing(
    console: Client, acme: StripeAccount
) -> None:
    assert open_items(acme) == ["balances", "changed"]
    tallied(acme, datetime(2026, 12, 1, 4, 59, tzinfo=UTC))  # 23:59 of 30 November in New York
    assert open_items(acme) == ["balances", "changed"]
    assert "before the month was over" in page(console)
    tallied(acme, currency="EUR")
    assert open_items(acme) == ["balances"]  # of two currencies the one that is behind counts


@pytest.mark.parametrize(
    ("fields", "settled"),
    [
        ({"standing": TieOut.Standing.ON_ITS_WAY}, False),
        ({"standing": TieOut.Standing.NOTHING}, True),
        ({"standing": TieOut.Standing.BY_HAND}, True),
        ({"standing": TieOut.Standing.DIFFERS}, False),
    ],
)
def test_a_payout_is_settled_once_nothing_of_it_is_to_come(
    whole: StripeAccount, fields: dict[str, Any], settled: bool
) -> None:
    payout = payout_of(whole, "po_2", "10.00")
    assert open_items(whole) == ["payouts"]  # never compared
    compared(payout, compared_at=TALLY, **fields)
    assert (open_items(whole) == []) is settled


def test_a_payout_booked_after_it_was_compared_is_to_be_compared_anew(whole: StripeAccount) -> None:
    payout = Payout.objects.get()
    MappedRecordFactory.create(
        job=JobFactory.create(account=whole, status=Job.Status.SUCCESSFUL),
        stripe_id=payout.payout_id,
        record_type="deposit",
        mapped_at=TALLY + timedelta(hours=1),
    )
    assert open_items(whole) == ["payouts"]


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), NOVEMBER),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), date(2026, 10, 1)),
    ],
)
def test_a_record_belongs_to_the_month_of_its_message_in_the_accounts_zone(
    acme: StripeAccount, moment: datetime, month: date
) -> None:
    asking(acme, moment)
    months = (date(2026, 10, 1), NOVEMBER, date(2026, 12, 1))
    assert [first for first in months if "records" in open_items(acme, first)] == [month]


def test_news_of_a_later_month_opens_no_earlier_one_that_was_booked(acme: StripeAccount) -> None:
    booked = JobFactory.create(account=acme, status=Job.Status.SUCCESSFUL)
    EventFactory.create(job=booked, created=IN_NOVEMBER)
    asking(acme, datetime(2026, 12, 2, tzinfo=UTC), subject=booked.subject)
    assert "records" not in open_items(acme)
    assert "records" in open_items(acme, date(2026, 12, 1))


def test_an_unsettled_month_stays_open_when_later_news_fails_too(acme: StripeAccount) -> None:
    first = asking(acme)
    asking(acme, datetime(2026, 12, 2, tzinfo=UTC), subject=first.subject)
    Job.objects.filter(pk=first.pk).update(status=Job.Status.SKIPPED, code="superseded")
    assert "records" in open_items(acme)


def test_what_stripe_never_told_of_counts_for_every_month_before_it(acme: StripeAccount) -> None:
    JobFactory.create(account=acme, status=Job.Status.FAILED, code="internal_error")
    assert "records" in open_items(acme, date(2026, 10, 1))
    assert "records" in open_items(acme, date(2026, 12, 1))


# Ticking


def test_a_tick_is_kept_with_name_time_and_all_that_was_seen(approver: Client, whole: StripeAccount) -> None:
    assert "November 2026 is ticked, with your name and the time." in press(approver, whole)
    tick = MonthClose.objects.get()
    assert (tick.who, tick.at, tick.month, tick.reason) == ("bob", timezone.now(), NOVEMBER, "")
    assert [one.sum for one in month_close.figures_of(tick.facts)] == ["120.00", "575.40"]
    entry = AuditEntry.objects.get(verb="close_month")
    assert (entry.who, entry.account, entry.subject) == ("bob", whole, "2026-11")
    text = page(approver)
    assert "bob ticked it 3 Dec 2026, 09:00, and nothing of it has changed since." in text
    assert "Ticked bob, 3 Dec 2026, 09:00" in page(approver, "/month-close/")
    assert "has ticked it already" in press(approver, whole)
    assert MonthClose.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_with_something_open_it_takes_a_reason(approver: Client, whole: StripeAccount, reason: str) -> None:
    asking(whole)
    assert "Say why it is ticked all the same." in press(approver, whole, reason=reason)
    assert not MonthClose.objects.exists()
    press(approver, whole, reason="Immaterial; booked in December.")
    tick = MonthClose.objects.get()
    assert tick.reason == "Immaterial; booked in December."
    assert AuditEntry.objects.get().after == {"complete": False, "open": ["records"]}
    assert "Ticked with a reason" in page(approver)


def test_a_stale_page_ticks_nothing(approver: Client, whole: StripeAccount) -> None:
    before = seen(whole)
    asking(whole)
    assert "has changed since you opened this page" in press(approver, whole, seen=before, reason="All fine")
    assert not MonthClose.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_who_tick_at_once_one_does_and_the_other_is_told(whole: StripeAccount) -> None:
    clients = [Client(), Client()]
    for name, client in zip(("ann", "bob"), clients, strict=True):
        client.force_login(UserFactory.create(username=name, roles=["approver"]))
    before = seen(whole)
    told = at_once(*[partial(press, client, whole, seen=before) for client in clients])
    assert sorted("is ticked, with your name" in text for text in told) == [False, True]
    assert sorted("has changed since you opened this page" in text for text in told) == [False, True]
    tick = MonthClose.objects.get()
    assert list(AuditEntry.objects.values_list("who", "verb")) == [(tick.who, "close_month")]


def test_a_later_comparison_alone_makes_no_page_stale(approver: Client, whole: StripeAccount) -> None:
    before = seen(whole)
    BalanceCheck.objects.update(compared_at=timezone.now())
    press(approver, whole, seen=before)
    assert MonthClose.objects.exists()


def test_a_tick_can_be_taken_back_with_a_reason(approver: Client, whole: StripeAccount) -> None:
    press(approver, whole)
    tick = str(MonthClose.objects.get().pk)
    assert "Say why the tick is taken back." in press(approver, whole, "take-back", seen=tick)
    assert "The month is open again." in press(approver, whole, "take-back", seen=tick, reason="A late bill")
    ended = MonthClose.objects.get()
    assert (ended.ended_by, ended.ended_why, bool(ended.ended_at)) == ("bob", "A late bill", True)
    assert AuditEntry.objects.filter(verb="reopen_month", reason="A late bill").exists()
    assert "Ended by bob, 3 Dec 2026, 09:00: A late bill" in page(approver)
    assert "has changed since" in press(approver, whole, "take-back", seen=tick, reason="Once more")
    press(approver, whole)
    assert MonthClose.objects.count() == 2


# Changed since


def test_what_changes_later_reopens_the_month_and_is_told(
    approver: Client, whole: StripeAccount, december: Any
) -> None:
    press(approver, whole)
    assert month_close.reopen_changed(whole) == 0
    MappedRecordFactory.create(
        job=JobFactory.create(account=whole, status=Job.Status.SUCCESSFUL),
        tran_date=date(2026, 11, 30),
        amount=Decimal("30.00"),
    )
    asking(whole)
    text = page(approver)
    assert "Changed since" in text
    assert "Invoice: 1 over US$120.00 then, 2 over US$150.00 now" in text
    assert "Nothing dated in it needs you: 0 open then, 1 now" in text
    assert month_close.reopen_changed(whole) == 1
    assert "Changed since" in page(approver, "/month-close/")
    december.shift(60)
    press(approver, whole, reason="The late invoice is known.")
    standing = MonthClose.objects.get(ended_at=None)
    assert standing.reason == "The late invoice is known."
    assert MonthClose.objects.exclude(ended_at=None).get().ended_why == "Ticked anew."
    assert "Ticked with a reason" in page(approver)


def test_a_later_balance_reopens_nothing(whole: StripeAccount, approver: Client) -> None:
    press(approver, whole)
    BalanceCheck.objects.update(unexplained=5, compared_at=timezone.now())
    assert month_close.reopen_changed(whole) == 0


# The file


def test_the_evidence_is_a_typed_workbook_that_runs_nothing(approver: Client, whole: StripeAccount) -> None:
    asking(whole, title="=1+1", customer_name="@Mallory")
    asking(whole, amount=Decimal(50), currency="EUR", message="One too many.")
    press(approver, whole, reason="+old")
    press(approver, whole, "take-back", seen=str(MonthClose.objects.get().pk), reason="A late invoice.")
    press(approver, whole, reason="+known")
    compared(payout_of(whole, "po_2", arrival_date=date(2026, 10, 30)))
    compared(payout_of(JobFactory.create().account, "po_3"))
    changed(whole)
    changed(JobFactory.create().account, "ch_8")
    answer = approver.get(f"{PAGE}evidence.xlsx")
    assert 'filename="month-close-acme-2026-11.xlsx"' in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        "Month close",
        "Checklist",
        "Figures",
        "Needs somebody",
        "Payouts",
        "Differences",
        "Balances",
        "Changed in NetSuite",
        "Ticks",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    head = {row[0].value: row[1].value for row in book["Month close"].iter_rows()}
    assert (head["Ticked by"], head["Reason"], head["First day"]) == ("bob", "+known", datetime(2026, 11, 1))  # noqa: DTZ001
    assert head["Ticked at"] == datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001
    figures = {row[0].value: row[3] for row in book["Figures"].iter_rows(min_row=2)}
    assert (figures["Payout"].value, figures["Payout"].number_format) == (575.4, "#,##0.00")
    since = [row[1].value for row in book["Month close"].iter_rows() if row[0].value == "Changed since"]
    assert "Nothing was changed by hand in NetSuite: 0 open then, 1 now" in since
    items = [row[:2] + row[3:] for row in book["Checklist"].iter_rows(min_row=2, values_only=True)]
    assert items == [
        ("Nothing dated in it needs you", "Open", 2, "EUR", 50),
        ("Nothing dated in it needs you", "Open", 2, "USD", 120),
        ("All payouts tie out", "Done", 0, None, None),
        ("Balances are compared", "Done", 0, None, None),
        ("Nothing was changed by hand in NetSuite", "Open", 1, None, None),
        ("The last day is complete", "Open", 1, None, None),
    ]
    one, two = book["Needs somebody"].iter_rows(min_row=2, values_only=True)
    assert one[1:5] == ("=1+1", "@Mallory", "USD", 120)
    assert (two[3:5], two[7]) == (("EUR", 50), "One too many.")
    assert (book["Payouts"].max_row, book["Changed in NetSuite"].max_row) == (2, 2)
    at = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001
    assert list(book["Ticks"].iter_rows(min_row=2, values_only=True)) == [
        (at, "bob", "+known", "Nothing dated in it needs you", None, None, None, None),
        (at, "bob", "+old", "Nothing dated in it needs you", None, at, "bob", "A late invoice."),
    ]


# Comparing now


def test_comparing_now_rings_once_and_its_task_ties_the_month_out(
    approver: Client, account: StripeAccount
) -> None:
    address = "/month-close/acme/2026-11/compare/"
    for words in ("We are comparing.", "A comparison was asked for a moment ago."):
        assert words in said(approver.post(address, follow=True).content.decode())
    assert OrmQ.objects.count() == 1
    assert tasks.compare(account.pk, "2026-11-01", "2026-11-30") == "finished"
    assert "balances" not in open_items(account)
    assert "changed" not in open_items(account)


# Who and where


@pytest.mark.parametrize("button", ["tick", "take-back", "compare"])
def test_every_button_is_for_approvers_and_only_pressed(
    console: Client, approver: Client, client: Client, whole: StripeAccount, button: str
) -> None:
    answer = console.post(f"{PAGE}{button}/", {"seen": seen(whole), "reason": "Because"})
    assert answer.status_code == 403
    assert "Approvers can do this." in answer.content.decode()
    assert client.post(f"{PAGE}{button}/").status_code == 302
    assert approver.get(f"{PAGE}{button}/").status_code == 405
    assert approver.post(f"/month-close/nobody/2026-11/{button}/").status_code == 404
    assert not MonthClose.objects.exists()
    assert "Approvers can do this." in page(console)


@pytest.mark.parametrize("month", ["2026-13", "2027-01", "november", "1999-01"])
def test_a_month_that_is_not_there_is_said_to_be_unknown(
    console: Client, acme: StripeAccount, month: str
) -> None:
    answer = console.get(f"/month-close/acme/{month}/")
    assert answer.status_code == 404
    assert ("January 2027 has not begun" in answer.content.decode()) is (month == "2027-01")
    assert "Stripe shows it" not in answer.content.decode()
    assert console.get(f"/month-close/acme/{month}/evidence.xlsx").status_code == 404


def test_the_list_goes_back_to_the_start_of_the_books(console: Client, acme: StripeAccount) -> None:
    StripeAccount.objects.update(sync_start_date=date(2025, 6, 15))
    text = page(console, "/month-close/")
    assert "December 2026 ○ Open" in text
    assert "December 2025" in text
    assert "November 2025" not in text
    older = page(console, "/month-close/?until=2025-11")
    assert "June 2025" in older
    assert "May 2025" not in older


def test_the_pages_ask_few_questions(
    approver: Client, whole: StripeAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        asking(whole)
    press(approver, whole, reason="Known.")
    for address in (PAGE, "/month-close/"):
        with django_assert_max_num_queries(12):
            approver.get(address)
