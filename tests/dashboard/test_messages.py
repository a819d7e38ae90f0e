"""Mails: one in the morning if something needs somebody, at once when it is urgent, and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule

from connector.engine import causes, messages
from connector.failures import describe
from connector.models import AuditEntry, Job, MappedRecord, Message, Recipient, StripeAccount
from connector.models.audit import Verb
from dashboard import mails
from tests.dashboard.test_help import said
from tests.factories import JobFactory, MappedRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 12, 5, tzinfo=UTC)  # 07:05 in New York


@pytest.fixture
def dana(acme: StripeAccount) -> User:
    """Somebody who wants the morning's mail of acme."""
    user: User = UserFactory.create(username="dana", email="dana@example.com")
    Recipient.objects.create(account=acme, user=user, morning=True)
    return user


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def asking(account: StripeAccount, **given: Any) -> Job:
    values: dict[str, Any] = {"status": Job.Status.NEEDS_ATTENTION, "code": "period_closed"} | given
    job: Job = JobFactory.create(account=account, finished_at=timezone.now(), **values)
    return job


@pytest.mark.usefixtures("dana")
def test_the_morning_has_one_mail_with_the_words_and_links_of_needs_you(
    acme: StripeAccount, monday: time_machine.Traveller, console: Client
) -> None:
    for amount in ("1200.50", "34"):
        asking(acme, amount=Decimal(amount))
    asking(acme, amount=Decimal(20), currency="EUR", code="account_missing")
    assert mails.send_due() == 1
    assert mails.send_due() == 0
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["dana@example.com"], "3 records need you: €20.00 and US$1,234.50")
    text = str(sent.body)
    page = console.get("/needs-you/").content.decode()
    for link in re.findall(r"http://127.0.0.1:8000/needs-you/#(\S+)", str(sent.body)):
        assert f'id="{link}"' in page
    assert describe("period_closed").title in text
    assert "2 records · US$1,234.50" in text
    assert "/settings/acme/messages/" in text
    assert "Borealis" not in text, "a mail names no customer"
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert 'href="http://127.0.0.1:8000/needs-you/#acme-period_closed"' in html
    monday.shift(timedelta(days=1))
    assert mails.send_due() == 1


@pytest.mark.parametrize(
    ("shift", "told"),
    [
        (timedelta(minutes=-10), 0),
        (timedelta(hours=4), 1),
        (timedelta(hours=5), 0),
        (timedelta(days=-1), 0),
        (timedelta(days=-2), 0),
        (timedelta(days=-3), 1),
    ],
    ids=["before seven", "eleven", "after noon", "Sunday", "Saturday", "Friday"],
)
@pytest.mark.usefixtures("dana")
def test_the_morning_is_one_of_a_weekday_in_the_accounts_zone(
    acme: StripeAccount, monday: time_machine.Traveller, shift: timedelta, told: int
) -> None:
    asking(acme)
    monday.shift(shift)
    assert mails.send_due() == told


@pytest.mark.usefixtures("dana", "monday")
def test_a_morning_on_which_nothing_needs_anybody_has_no_mail_later_either(acme: StripeAccount) -> None:
    assert mails.send_due() == 0
    asking(acme)
    assert mails.send_due() == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("monday")
def test_what_is_put_aside_or_not_wanted_or_not_reachable_makes_no_mail(
    acme: StripeAccount, dana: User
) -> None:
    asking(acme)
    causes.sweep()
    causes.put_aside(acme, "period_closed", until=MONDAY + timedelta(days=3), count=None, seen=0, who="dana")
    assert mails.send_due() == 0
    Message.objects.all().delete()
    asking(acme, code="account_missing")
    for unreachable in ({"email": ""}, {"is_active": False}, {"is_staff": False}):
        User.objects.filter(pk=dana.pk).update(
            **{"email": "dana@example.com", "is_active": True, "is_staff": True} | unreachable
        )
        assert mails.send_due() == 0
    assert mail.outbox == []


def test_a_broken_connection_is_told_at_once_and_once_until_something_is_written_again(
    acme: StripeAccount, dana: User, monday: time_machine.Traveller
) -> None:
    Recipient.objects.update(morning=False, at_once=True)
    monday.shift(timedelta(hours=-8))
    first = asking(acme, code="netsuite_credentials_refused")
    assert mails.send_due() == 1
    assert mail.outbox[0].subject == "Connection lost: acme"
    assert "http://127.0.0.1:8000/settings/acme/connections/" in str(mail.outbox[0].body)
    for _ in range(2):
        monday.shift(timedelta(hours=5))
        asking(acme, code="netsuite_credentials_refused")
        assert mails.send_due() == 0
    monday.shift(timedelta(hours=1))
    MappedRecordFactory.create(job=first, state=MappedRecord.State.MAPPED, mapped_at=timezone.now())
    assert mails.send_due() == 0
    monday.shift(timedelta(hours=1))
    asking(acme, code="netsuite_credentials_refused")
    assert mails.send_due() == 1


def test_money_that_waits_for_days_is_told_once_until_its_cause_comes_back(
    acme: StripeAccount, dana: User, monday: time_machine.Traveller
) -> None:
    Recipient.objects.update(morning=False, at_once=True, days=2)
    job = asking(acme, amount=Decimal(100))
    asking(acme, code="account_missing", amount=None)
    causes.sweep()
    monday.shift(timedelta(days=1, hours=23))
    assert mails.send_due() == 0
    monday.shift(timedelta(hours=2))
    assert mails.send_due() == 1
    assert mail.outbox[0].subject == "Money waits for days: US$100.00"
    monday.shift(timedelta(days=5))
    assert mails.send_due() == 0
    Job.objects.filter(pk=job.pk).update(status=Job.Status.SUCCESSFUL)
    causes.sweep()
    asking(acme, amount=Decimal(7), created_at=timezone.now() - timedelta(days=9))
    causes.sweep()
    assert mails.send_due() == 1


@pytest.mark.usefixtures("monday")
def test_a_mail_that_was_begun_is_not_sent_by_a_second_worker(
    acme: StripeAccount, dana: User, console: Client
) -> None:
    """As when the first one died between the claim and the mail server."""
    asking(acme)
    messages.claim(dana, Message.Kind.MORNING, "2026-11-16")
    assert mails.send_due() == 0
    client = Client()
    client.force_login(dana)
    assert "begun, and not known to have left" in said(
        client.get("/settings/acme/messages/").content.decode()
    )


@pytest.mark.usefixtures("dana", "monday")
def test_while_the_mail_server_is_away_nothing_is_claimed_and_the_next_turn_sends(
    acme: StripeAccount, settings: Any
) -> None:
    asking(acme)
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert mails.send_due() == 0
    assert not Message.objects.exists()
    settings.EMAIL_BACKEND = works
    assert mails.send_due() == 1


@pytest.mark.usefixtures("monday")
def test_a_mail_is_written_as_its_reader_wants_it(acme: StripeAccount, dana: User) -> None:
    asking(acme, amount=Decimal("1200.50"))
    client = Client()
    client.force_login(dana)
    client.post("/profile/look/", {"theme": "auto", "time_zone": "America/Chicago", "numbers": "de"})
    assert mails.send_due() == 0, "in Chicago it is not seven yet"
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert mails.send_due() == 1
    assert mail.outbox[0].subject == "1 record needs you: US$1.200,50"
    assert "oldest 16 Nov 2026, 06:05" in str(mail.outbox[0].body)


def test_the_mails_have_a_schedule(db: None) -> None:
    assert Schedule.objects.get(name="mails").func == "dashboard.mails.send_due"


# The tab


def chosen(client: Client, **boxes: str) -> str:
    page = client.get("/settings/acme/messages/").content.decode()
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version
    return said(
        client.post("/settings/acme/messages/", {"version": version[1]} | boxes, follow=True).content.decode()
    )


def test_one_chooses_for_oneself_and_that_is_written_down(
    console: Client, alice: User, acme: StripeAccount, dana: User
) -> None:
    mine = {f"{alice.pk}-morning": "on", f"{alice.pk}-days": "5"}
    theirs = {f"{dana.pk}-days": "9"}
    assert "It is kept who is told what." in chosen(console, **mine, **theirs)
    assert "stands so already" in chosen(console, **mine)
    assert messages.wishes(acme)[alice.pk] == messages.Wish(True, False, 5)
    assert messages.wishes(acme)[dana.pk] == messages.Wish(True, False, 3), "others are not touched"
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.account) == (Verb.CHANGE_MESSAGES, "alice", acme)
    assert (entry.before, entry.after) == ({"alice": "nothing"}, {"alice": "every morning"})
    assert "Nothing was kept" in chosen(console, **{f"{alice.pk}-days": "0"})


def test_who_may_change_settings_chooses_for_everybody_and_a_stale_page_keeps_nothing(
    acme: StripeAccount, dana: User
) -> None:
    kim: User = UserFactory.create(username="kim", roles=["settings"])
    client = Client()
    client.force_login(kim)
    boxes = {f"{user.pk}-days": "3" for user in (kim, dana)}
    chosen(client, **boxes | {f"{dana.pk}-at_once": "on"})
    assert messages.wishes(acme)[dana.pk] == messages.Wish(False, True, 3)
    stale = client.post("/settings/acme/messages/", boxes | {"version": "old"}, follow=True)
    assert "Somebody has changed this" in said(stale.content.decode())
    assert messages.wishes(acme)[dana.pk] == messages.Wish(False, True, 3)


def test_a_test_mail_says_what_the_morning_would(
    console: Client, alice: User, acme: StripeAccount, settings: Any
) -> None:
    press = "/settings/acme/messages/test/"
    assert "no e-mail address" in said(console.post(press, follow=True).content.decode())
    User.objects.filter(pk=alice.pk).update(email="alice@example.com")
    asking(acme)
    assert "on its way to alice@example.com" in said(console.post(press, follow=True).content.decode())
    assert mail.outbox[0].subject == "1 record needs you: US$120.00"
    assert not Message.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "did not take it (ConnectionRefusedError)" in said(
        console.post(press, follow=True).content.decode()
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "no mail server yet" in said(console.post(press, follow=True).content.decode())


def test_each_thing_is_told_once_to_each_person_and_needless_ones_are_not_shown(dana: User) -> None:
    eve = UserFactory.create(username="eve")
    first = messages.claim(dana, "at_once", "money in_1")
    assert first is not None
    assert messages.claim(dana, "at_once", "money in_1") is None
    assert messages.unclaimed(dana, "at_once", ["money in_1", "money in_2"]) == {"money in_2"}
    assert messages.unclaimed(eve, "at_once", ["money in_1"]) == {"money in_1"}
    assert messages.claim(eve, "at_once", "money in_1") is not None
    assert messages.last_of(dana) == [first]
    messages.note([first], needless=True)
    assert messages.last_of(dana) == []
    assert len(messages.last_of(eve)) == 1
