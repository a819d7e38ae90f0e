"""Today: the headline, the counts, the chart and the accounts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connector.models import Cause, Job, StripeAccount
from tests.dashboard.test_payouts import Standing, compared, payout_of, payout_that_differs
from tests.factories import (
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    StripeAccountFactory,
    UserFactory,
)
from tests.rings import rings

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
    assert "Set-up" in text
    assert "can do this" in text


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


def test_what_is_put_aside_is_counted_and_said_apart(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, status=S.NEEDS_ATTENTION, code="tax_account_missing")
    JobFactory.create(account=acme, status=S.NEEDS_ATTENTION, code="period_closed")
    Cause.objects.create(account=acme, code="period_closed", aside_until=timezone.now() + timedelta(days=2))
    text = page(console)
    assert "2 records need you" in text
    assert "1 of them is put aside." in text
    assert "Needs you 1 record" in text


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


def test_the_tiles_lead_to_where_each_is_settled(console: Client, acme: StripeAccount) -> None:
    html = console.get("/?account=acme").content.decode()
    for address in (
        "/needs-you/?account=acme",
        "/jobs/?state=moving&amp;account=acme",
        "/payouts/?state=open&amp;account=acme",
    ):
        assert f'href="{address}"' in html


# The grid


GRID = [
    ({"in_": [S.SUCCESSFUL, S.SUCCESSFUL]}, "Invoices", "✓ 2", "2 in NetSuite", ""),
    (
        {"ch_": [S.SUCCESSFUL, S.NEEDS_ATTENTION, S.NEEDS_ATTENTION], "py_": [S.FAILED]},
        "Payments",
        "▲ 1",
        "1 needs an engineer, 2 need you and 1 in NetSuite",
        "state=failed",
    ),
    ({"re_": [S.READY], "pyr_": [S.RUNNING]}, "Refunds", "○ 2", "2 on their way", ""),
    ({"dp_": [S.SKIPPED], "du_": [S.SUCCESSFUL]}, "Disputes", "✓ 1", "1 in NetSuite", "state=successful"),
    ({"cn_": [S.NEEDS_ATTENTION]}, "Credit notes", "● 1", "1 needs you", ""),
    ({"po_": [S.SKIPPED]}, "Payouts", "– 1", "1 skipped", ""),
    ({"cus_": [S.READY, S.SUCCESSFUL]}, "Customers", "○ 1", "1 on its way and 1 in NetSuite", "state=moving"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "kind", "shows", "says", "state"), GRID)
def test_a_field_of_the_grid_shows_the_worst_of_its_day_and_leads_to_the_list(
    console: Client,
    acme: StripeAccount,
    made: dict[str, list[str]],
    kind: str,
    shows: str,
    says: str,
    state: str,
) -> None:
    for prefix, states in made.items():
        for place, status in enumerate(states):
            JobFactory.create(account=acme, subject=f"{prefix}{place}", status=status)
    html = console.get("/").content.decode()
    row = re.search(rf'<tr><th scope="row">{kind}</th>.*?</tr>', html)
    assert row is not None
    fields = re.findall(r"<td>(.*?)</td>", row[0])
    assert len(fields) == 14
    today = fields[-1]
    assert f">{shows}<" in today
    assert says in today
    assert all(">none<" in field for field in fields[:-1])
    (address,) = re.findall(r'href="(/jobs/[^"]*)"', today)
    assert address.endswith(state)
    listed = console.get(address.replace("&amp;", "&")).content.decode()
    assert listed.count('<code class="sub">') == int(shows.split()[1])


# Money: payouts, and both sides


def test_open_payouts_and_the_month_stand_there_as_they_were_compared(
    console: Client, acme: StripeAccount
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 19, 2, tzinfo=UTC), tick=False):
        payout_that_differs(acme)  # 575.40, of which NetSuite has 455.40
        compared(payout_of(acme, "po_2", "100.00"))
        payout_of(acme, "po_3", "7.00")
        compared(payout_of(acme, "po_old", "9.00", arrival_date=date(2026, 10, 2)), Standing.DIFFERS)
        compared(payout_of(acme, "po_eur", "50.00", currency="EUR"))
        text = page(console)
    assert "Payouts open 2 US$584.40 the oldest of 2 Oct 2026 1 more not compared yet" in text
    assert "As compared 20 Nov 2026, 02:05" in text
    assert "Payouts that arrived, EUR 1 payout €50.00 €50.00 €0.00" in text
    assert (
        "Payouts that arrived, USD 3 payouts, 1 of them not compared yet and not in these sums "
        "US$675.40 US$555.40 −US$120.00 ● Needs you"
    ) in text
    assert "Not paid out yet, USD Stripe’s balance beside Undeposited Funds US$936.90 US$1,088.75" in text


def test_what_was_never_compared_is_said_to_be_so(console: Client, acme: StripeAccount) -> None:
    assert "Not compared yet: it is done every night" in page(console)
    payout_of(acme, arrival_date=acme.local_date(timezone.now()))
    assert "– – not compared yet" in page(console)


# A lost connection


@pytest.mark.parametrize(
    ("code", "hours_since_booked", "words"),
    [
        ("netsuite_credentials_refused", None, "Connection lost: acme."),
        ("stripe_key_refused", 3, "Stripe does not accept our key, since"),
        ("stripe_key_refused", 0, ""),
        ("period_closed", None, ""),
    ],
)
def test_a_refused_log_in_is_told_until_a_record_is_written_again(
    console: Client, acme: StripeAccount, code: str, hours_since_booked: int | None, words: str
) -> None:
    refused = timezone.now() - timedelta(hours=1)
    JobFactory.create(account=acme, status=S.NEEDS_ATTENTION, code=code, finished_at=refused)
    if hours_since_booked is not None:
        booked = timezone.now() - timedelta(hours=hours_since_booked)
        MappedRecordFactory.create(job=JobFactory.create(account=acme, status=S.SUCCESSFUL), mapped_at=booked)
    html = console.get("/").content.decode()
    assert ("Reconnect" in html) is bool(words)
    assert ('href="/settings/acme/connections/"' in html) is bool(words)
    assert words in page(console)


# Pausing


@pytest.fixture
def setter(db: None) -> Client:
    """Eve's browser: she may change settings."""
    client = Client()
    client.force_login(UserFactory.create(username="eve", roles=["settings"]))
    return client


def press(client: Client, typed: dict[str, str], name: str = "acme") -> str:
    answer = client.post(f"/pause/{name}/", typed, follow=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_paused_account_is_named_on_every_page_until_it_is_resumed(
    console: Client, setter: Client, acme: StripeAccount
) -> None:
    assert "nothing is lost, and all of it is brought when you resume" in page(setter, "/pause/acme/")
    assert "Say why, in a few words." in press(setter, {"do": "pause", "why": " ", "seen": "0"})
    pause = {"do": "pause", "why": "NetSuite moves.", "seen": "0"}
    assert "acme is paused." in press(setter, pause)
    assert "Somebody has paused or resumed acme since" in press(setter, pause), "pressed twice"
    for address in ("/", "/jobs/", "/help/", "/payouts/"):
        assert re.search(r"acme is paused since .* by eve: “NetSuite moves.”", page(console, address))
    assert "‖ Paused since" in page(console)
    assert 'href="/pause/acme/"' not in console.get("/").content.decode(), "not for resolvers"
    job = JobFactory.create(account=acme)
    resume = {"do": "resume", "seen": "1"}
    assert "acme goes on. Work has begun on 1 record." in press(setter, resume)
    assert "Somebody has paused or resumed acme since" in press(setter, resume), "pressed twice"
    assert "Somebody has paused or resumed acme since" in press(setter, pause), "a stale page"
    assert "is paused since" not in page(console)
    assert rings() == [job.pk]


def test_pausing_is_for_those_who_set_up(console: Client, setter: Client, acme: StripeAccount) -> None:
    answer = console.post("/pause/acme/", {"do": "pause", "why": "x", "seen": "0"})
    assert answer.status_code == 403
    assert setter.post("/pause/nobody/", {"do": "resume"}).status_code == 404
    assert setter.post("/pause/acme/", {"do": "explode"}).status_code == 200
    acme.refresh_from_db()
    assert acme.pause_version == 0


def test_the_page_asks_at_most_12_questions_of_the_database(
    console: Client, acme: StripeAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        job = JobFactory.create(
            status=S.NEEDS_ATTENTION, code="stripe_key_refused", finished_at=timezone.now()
        )
        EventFactory.create(job=job)
        MappedRecordFactory.create(job=job)
    payout_that_differs(acme)
    with django_assert_max_num_queries(12):
        console.get("/")
