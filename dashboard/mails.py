"""Mails: what needs somebody, in the words and with the links of Needs you.

Quiet by default. On the morning of a weekday one mail for a person, if anything needs somebody in the
accounts that they follow; at other times only when a connection is lost, or money has waited for as many
days as they said. Names of customers and credentials are in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from connector.engine import messages
from connector.models import Cause, Message, Recipient, StripeAccount
from dashboard import connection, figures, needs, reader
from dashboard.connection import Lost
from dashboard.needs import Card
from dashboard.summary import with_last_signs

log = structlog.get_logger("suitesync.mails")
MOST = 20
"""Causes that a mail names; the page has them all."""
Kind = Message.Kind


class NotSentError(Exception):
    """The mail server was not reached, or would not take a mail; the text is the kind of error alone."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: to whom, why, and what of the accounts that they follow."""

    user: User
    rows: Sequence[Recipient]
    kind: str
    cards: Sequence[Card]
    lost: Sequence[Lost] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where its times are told, if the person has no zone of their own."""
        return self.rows[0].account.zone


def is_set_up() -> bool:
    """Whether this installation can send mail."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_due() -> int:
    """Send what is due and was not told yet; every few minutes. Returns how many mails the server took.

    While the server is away nothing is claimed, and the next turn tries again.
    """
    wanted = messages.recipients() if is_set_up() else {}
    found = _found({row.account_id for rows in wanted.values() for row in rows}) if wanted else _Found([], [])
    sent, now = 0, timezone.now()
    try:
        for user, rows in wanted.items():
            sent += _at_once(user, [row for row in rows if row.at_once], found, now)
            sent += _morning(user, [row for row in rows if row.morning], found, now)
    except NotSentError as error:
        log.warning("mail server away", error=str(error))
    return sent


def send_test(user: User, account: StripeAccount) -> None:
    """Send somebody what the morning's mail would say now, whatever the hour. Raises NotSentError."""
    rows = [Recipient(user=user, account=account)]
    found = _found({account.pk})
    with _reached() as server:
        _deliver(Letter(user, rows, Kind.MORNING, found.cards_of(rows), found.lost_of(rows)), server)


# What there is to tell


@dataclass(frozen=True, slots=True)
class _Found:
    """The causes and the lost connections of all accounts that anybody follows."""

    cards: Sequence[Card]
    lost: Sequence[Lost]

    def cards_of(self, rows: Iterable[Recipient]) -> list[Card]:
        """What somebody follows, without what is put aside."""
        followed = {row.account_id for row in rows}
        return [card for card in self.cards if card.account.pk in followed and not card.is_aside]

    def lost_of(self, rows: Iterable[Recipient]) -> list[Lost]:
        """Likewise of connections."""
        followed = {row.account_id for row in rows}
        return [one for one in self.lost if one.account.pk in followed]


def _found(keys: Iterable[int]) -> _Found:
    chosen = StripeAccount.objects.filter(pk__in=keys).select_related("netsuite_account").order_by("name")
    accounts = list(with_last_signs(chosen))
    causes = Cause.objects.filter(account__in=accounts).select_related("assignee")
    cards = needs.cards(needs.open_jobs(needs.Wanted()), accounts, causes)
    return _Found(cards, connection.lost(accounts))


def _morning(user: User, rows: Sequence[Recipient], found: _Found, now: datetime) -> int:
    if not rows:
        return 0
    letter = Letter(user, rows, Kind.MORNING, found.cards_of(rows), found.lost_of(rows))
    with reader.written_for(reader.preferences_of(user)):
        zone = reader.zone(letter.zone)
    if not messages.is_morning(now, zone):
        return 0
    keys = messages.unclaimed(user, Kind.MORNING, [now.astimezone(zone).date().isoformat()])
    if letter.cards or letter.lost:
        return _send(letter, [(Kind.MORNING, key) for key in keys])
    claimed = [messages.claim(user, Kind.MORNING, key) for key in keys]
    messages.note([row for row in claimed if row], needless=True)
    return 0


def _at_once(user: User, rows: Sequence[Recipient], found: _Found, now: datetime) -> int:
    """One mail with all that broke, or has waited too long, since the last one."""
    days = {row.account_id: timedelta(days=row.days) for row in rows}
    lost = {_key(one): one for one in found.lost_of(rows)}
    old = {
        _key(card): card
        for card in found.cards_of(rows)
        if card.sums and card.oldest and card.oldest < now - days[card.account.pk]
    }
    new_lost = messages.unclaimed(user, Kind.CONNECTION, lost) if lost else set()
    new_old = messages.unclaimed(user, Kind.WAITING, old) if old else set()
    reasons = [(Kind.CONNECTION, key) for key in lost if key in new_lost]
    reasons += [(Kind.WAITING, key) for key in old if key in new_old]
    kind = Kind.CONNECTION if new_lost else Kind.WAITING
    told = [card for key, card in old.items() if key in new_old]
    letter = Letter(user, rows, kind, told, [one for key, one in lost.items() if key in new_lost])
    return _send(letter, reasons)


def _key(one: Lost | Card) -> str:
    """What is told once: a break until something is written again, a cause until it was settled."""
    if isinstance(one, Lost):
        last: datetime | None = one.account.last_record
        return f"{one.account.pk}:{one.failure.code}:{last.isoformat() if last else 'never'}"
    back = one.cause.came_back_at if one.cause else None
    return f"{one.account.pk}:{one.failure.code}:{back.isoformat() if back else 'first'}"


# Sending


def _send(letter: Letter, reasons: Sequence[tuple[str, str]]) -> int:
    """Claim the reasons, then send the mail. Raises NotSentError, with no claim, while the server is away."""
    if not reasons:
        return 0
    with _reached() as server:
        claimed = [messages.claim(letter.user, kind, key) for kind, key in reasons]
        rows = [row for row in claimed if row]
        if not rows:
            return 0
        try:
            _deliver(letter, server)
        except NotSentError as error:
            messages.note(rows, refused=str(error))
            log.warning("mail refused", error=str(error))
            return 0
        messages.note(rows, sent_at=timezone.now())
        return 1


@contextmanager
def _reached() -> Iterator[BaseEmailBackend]:
    """The mail server, signed in to. Raises NotSentError."""
    server = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as error:
        raise NotSentError(type(error).__name__) from None
    try:
        yield server
    finally:
        server.close()


def _deliver(letter: Letter, server: BaseEmailBackend) -> None:
    with reader.written_for(reader.preferences_of(letter.user)):
        mail = written(letter)
    try:
        server.send_messages([mail])
    except (SMTPException, OSError) as error:
        raise NotSentError(type(error).__name__) from None


def written(letter: Letter) -> EmailMultiAlternatives:
    """The mail, as text and as plain HTML."""
    top = needs.headline(letter.cards)
    settings_page = reverse("dashboard:settings_messages", args=[letter.rows[0].account.name])
    preferences = f"{settings.CONSOLE_URL}{settings_page}"
    page = {
        "letter": letter,
        "top": top,
        "money": figures.money_of_each(top.amounts),
        "cards": letter.cards[:MOST],
        "more": max(len(letter.cards) - MOST, 0),
        "several": len(letter.rows) > 1,
        "zone": letter.zone,
        "base": settings.CONSOLE_URL,
        "preferences": preferences,
    }
    headers = {"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{preferences}>"}
    text = render_to_string("mail/needs_you.txt", page)
    mail = EmailMultiAlternatives(_subject(letter, top), text, None, [letter.user.email], headers=headers)
    mail.attach_alternative(render_to_string("mail/needs_you.html", page), "text/html")
    return mail


def _subject(letter: Letter, top: needs.Headline) -> str:
    names = figures.joined(sorted({one.account.name for one in letter.lost}))
    money = figures.money_of_each(top.amounts)
    if letter.lost and letter.kind == Kind.CONNECTION:
        return f"Connection lost: {names}"
    if letter.kind == Kind.WAITING:
        return f"Money waits for days: {money}"
    if not top.count:
        return "Nothing needs you"
    count = figures.counted(top.count, "record needs", "records need")
    return f"{count} you" + (f": {money}" if money else "")
