"""What a month is held to: its own days, its own account, each currency by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.engine import month_close, months
from connector.engine.months import Item, Month
from connector.models import Backfill, Job, MappedRecord, MonthClose, StripeAccount
from dashboard import month_close as words
from tests.dashboard import test_month_close as pages
from tests.dashboard.test_month_close import NOVEMBER, TALLY, asking, open_items, seen
from tests.dashboard.test_payouts import changed, compared, payout_of
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]
december, whole = pages.december, pages.whole


@pytest.fixture
def twin(acme: StripeAccount) -> StripeAccount:
    """Another Stripe account on the same books, with the same ids."""
    twin: StripeAccount = StripeAccountFactory.create(netsuite_account=acme.netsuite_account)
    return twin


def item_of(account: StripeAccount, key: str) -> Item:
    return next(one for one in months.look(Month(account, NOVEMBER)).items if one.key == key)


def test_its_payouts_are_those_of_its_first_to_its_last_day_summed_by_currency(
    acme: StripeAccount, twin: StripeAccount
) -> None:
    days = ((10, 31), (11, 1), (11, 30), (12, 1))
    for number, (month, day) in enumerate(days):
        payout_of(acme, f"po_{number}", "100.00", arrival_date=date(2026, month, day))
    payout_of(acme, "po_eur", "7.00", currency="EUR")
    payout_of(acme, "po_more", "7.50", currency="EUR")
    compared(payout_of(acme, "po_ties", "50.00"), compared_at=TALLY)
    payout_of(twin, "po_theirs")
    found = months.look(Month(acme, NOVEMBER))
    payouts = item_of(acme, "payouts")
    assert (payouts.count, payouts.of, payouts.money) == (4, 5, {"EUR": "14.50", "USD": "200.00"})
    figures = [(one.what, one.currency, one.count, one.sum) for one in found.figures]
    assert figures == [("payout", "EUR", 2, "14.50"), ("payout", "USD", 3, "250.00")]


def test_its_figures_count_what_stands_in_netsuite_of_its_own_account(
    acme: StripeAccount, twin: StripeAccount
) -> None:
    def booked(account: StripeAccount, day: date, key: str, **fields: Any) -> None:
        MappedRecordFactory.create(
            job=JobFactory.create(account=account), stripe_id=key, tran_date=day, **fields
        )

    for number, day in enumerate((date(2026, 10, 31), NOVEMBER, date(2026, 11, 30), date(2026, 12, 1))):
        booked(acme, day, f"in_d{number}")
    booked(acme, NOVEMBER, "in_refused", state="refused")
    booked(acme, NOVEMBER, "in_yen", currency="JPY", amount=Decimal(900))
    booked(twin, NOVEMBER, "in_theirs")
    found = months.look(Month(acme, NOVEMBER)).figures
    assert [(one.currency, one.count, one.sum) for one in found] == [("JPY", 1, "900"), ("USD", 2, "240.00")]


def test_what_needs_somebody_is_summed_by_currency_without_what_is_another_accounts_or_documents(
    acme: StripeAccount, twin: StripeAccount
) -> None:
    asking(acme)
    asking(acme, amount=Decimal("0.50"))
    asking(acme, amount=Decimal(900), currency="JPY")
    asking(acme, amount=None)
    asking(acme, code="part_of_another")
    asking(twin)
    records = item_of(acme, "records")
    assert (records.count, records.money) == (4, {"JPY": "900", "USD": "120.50"})


def test_what_settles_the_twin_of_a_document_settles_not_this_one(
    acme: StripeAccount, twin: StripeAccount
) -> None:
    first = asking(acme, status=Job.Status.SKIPPED, code="superseded")
    JobFactory.create(account=twin, subject=first.subject, status=Job.Status.SUCCESSFUL)
    asking(acme, datetime(2026, 12, 2, tzinfo=UTC), subject=first.subject)
    assert item_of(acme, "records").count == 1
    later = asking(acme, datetime(2026, 12, 2, tzinfo=UTC), subject="in_later")
    asking(twin, subject=later.subject, status=Job.Status.SKIPPED, code="superseded")
    JobFactory.create(account=twin, subject=later.subject, status=Job.Status.FAILED)
    assert item_of(acme, "records").count == 1


def test_what_was_changed_by_hand_is_its_own_until_it_is_put_right(
    acme: StripeAccount, twin: StripeAccount
) -> None:
    def dated(key: str, day: date | None, account: StripeAccount = acme, **fields: Any) -> None:
        drift = changed(account, key, **fields)
        MappedRecord.objects.filter(pk=drift.record_id).update(tran_date=day)

    for number, day in enumerate((date(2026, 10, 31), NOVEMBER, date(2026, 11, 30), date(2026, 12, 1))):
        dated(f"ch_{number}", day)
    dated("ch_put_right", NOVEMBER, settled_at=TALLY)
    dated("ch_theirs", NOVEMBER, twin)
    dated("cus_undated", None)  # mapped on 18 November
    assert item_of(acme, "changed").count == 3


def test_more_that_is_open_or_another_figure_reopens_its_own_month_and_less_reopens_none(
    whole: StripeAccount, twin: StripeAccount
) -> None:
    waits = asking(whole)
    for account in (whole, whole, twin):
        asking(account)
        month_close.tick(Month(account, NOVEMBER), who="bob", reason="Immaterial.", seen_then=seen(account))
    replaced, stands, theirs = MonthClose.objects.order_by("pk")
    Job.objects.filter(pk=waits.pk).update(status=Job.Status.SUCCESSFUL)
    assert month_close.reopen_changed(whole) == 0
    MappedRecordFactory.create(job=waits, record_type="creditMemo", tran_date=NOVEMBER)
    (change,) = month_close.changes(stands, months.look(Month(whole, NOVEMBER)))
    assert (change.what, change.before, change.after) == ("creditMemo", (0, ""), (1, "120.00"))
    assert words.standing_of(stands, months.look(Month(whole, NOVEMBER))) == words.CHANGED
    assert month_close.reopen_changed(whole) == 1
    for tick, is_reopened in ((replaced, False), (stands, True), (theirs, False)):
        tick.refresh_from_db()
        assert (tick.reopened_at is not None) is is_reopened


def test_a_page_that_shows_an_earlier_tick_takes_back_none(whole: StripeAccount) -> None:
    month, ticks = Month(whole, NOVEMBER), list[str]()
    for _ in range(2):
        made = month_close.tick(month, who="bob", reason="", seen_then=seen(whole))
        ticks.append(str(made.pk))
        if len(ticks) == 1:
            month_close.take_back(month, who="bob", reason="Too early.", seen_then=ticks[0])
    for stale in (ticks[0], ""):
        with pytest.raises(month_close.Stale):
            month_close.take_back(month, who="eve", reason="Too early.", seen_then=stale)
    month_close.take_back(month, who="bob", reason="Too early.", seen_then=ticks[1])
    ((_, (listed, *_)),) = words.months_of([whole], NOVEMBER)
    assert (listed.month, listed.tick, listed.standing) == (month, None, words.OPEN)


@pytest.mark.parametrize(
    ("first", "last", "state", "held"),
    [
        ("2026-10-01", None, "running", True),
        ("2026-11-30", "2026-12-02", "running", True),
        ("2026-10-01", "2026-11-01", "running", True),
        ("2026-10-01", "2026-10-31", "running", False),
        ("2026-12-01", None, "running", False),
        ("2026-10-01", None, "complete", False),
    ],
)
def test_past_records_of_its_days_hold_it_open_while_they_are_brought(
    whole: StripeAccount, first: str, last: str | None, state: str, held: bool
) -> None:
    Backfill.objects.create(
        account=whole, date_from=first, date_to=last, state=state, kinds=["invoices"], started_at=TALLY
    )
    assert open_items(whole) == (["last_day"] if held else [])


def test_a_month_that_is_not_over_is_not_complete(acme: StripeAccount) -> None:
    last_day = {one.key: one for one in months.look(Month(acme, date(2026, 12, 1))).items}["last_day"]
    assert (last_day.done, last_day.count, last_day.also) == (False, 0, "not over")
