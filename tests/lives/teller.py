"""The teller: plays a life from its beginning, and lets the books hear of it in one way or another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from django_q.models import OrmQ

from connector.engine import inbox, jobs
from connector.failures import FAILURES
from connector.models import Attempt, Event, Job, MappedRecord, Payout
from tests.lives.act import Act, Life, happen
from tests.lives.customer import BEGIN, CHOICES, Customer, Row
from tests.stories.stage import Stage

DEFAULTS_ON = ("discount_non_posting", "write_ids_to_stripe")
ASKED = ("object_not_supported", "credit_note_voided", "credit_note_not_supported")
"""What a life may ask of a person: to refund by hand, to void a memo, to book a note by hand."""
WAITING = ("inventorying_waiting_on_child_records", "payment_not_applied_yet")
"""What may wait for a document that asks a person."""
LATE = ("credit_note_voided",)
"""What is told after all the rest of the document was booked."""
SUBSCRIBED = inbox.BOOKED | {inbox.ON_SIGNUP}
"""What the endpoint is registered for, as the README asks."""


@dataclass(frozen=True)
class Telling:
    """After which acts the news comes in: each (None), or some of them, shuffled and `times` over.

    At the end all of it has come in.
    """

    after: frozenset[int] | None = None
    seed: int = 0
    times: int = 1


STEP_BY_STEP = Telling()
AT_ONCE = Telling(frozenset(), seed=1, times=2)


@dataclass
class Told:
    """A life that was told: its customer, which acts Stripe let happen, and what was refused of whom."""

    customer: Customer
    happened: list[Act] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def tell(stage: Stage, life: Life, telling: Telling = STEP_BY_STEP) -> Iterator[Told]:
    """Begin with an empty world and an empty map, and live; yields each time that the news was taken in."""
    _forget(stage)
    _choose(stage, life)
    news = News(stage, telling)
    with stage.world.clock.at(BEGIN):
        told = Told(Customer(stage.world, life.terms))
        for number, act in enumerate(life.acts):
            if happen(act, told.customer):
                told.happened.append(act)
            if telling.after is None or number in telling.after:
                news.come_in()
                take_in(news, told)
                yield told
        news.come_in()
        take_in(news, told)
        yield told


class News:
    """Stripe's events on their way to the inbox, as the webhook would put them there."""

    def __init__(self, stage: Stage, telling: Telling = STEP_BY_STEP) -> None:
        self.stage = stage
        self.times = telling.times
        self._shuffle = random.Random(telling.seed).sample if telling.after is not None else None
        self._heard = 0

    def come_in(self) -> None:
        """All that has happened since the last time, in the order and as often as it is told."""
        events = self.stage.world.stripe.events()[self._heard :]
        self._heard += len(events)
        wanted = [event for event in events if event["type"] in SUBSCRIBED]
        for event in self._shuffle(wanted, len(wanted)) if self._shuffle else wanted:
            for _ in range(self.times):
                self._receive(event)

    def again(self) -> None:
        """Every event once more."""
        self._heard, self._shuffle, self.times = 0, None, 1
        self.come_in()

    def settle(self) -> None:
        """Run what is due, until what we write makes no news."""
        self.stage.run_jobs()
        while self._heard != len(self.stage.world.stripe.events()):
            self.come_in()
            self.stage.run_jobs()

    def _receive(self, event: Row) -> None:
        with suppress(inbox.Duplicate):
            inbox.receive(self.stage.account, event)


def take_in(news: News, told: Told) -> None:
    """Run what the news rings for; what is refused has a reason, and nothing of it is written (I7)."""
    before = _written()
    news.settle()
    failed = Job.objects.filter(status=Job.Status.FAILED).values_list("subject", "code", "message")
    assert not failed, f"I7: {list(failed)}"
    after = _written()
    waiting = list(Job.objects.filter(status__in=(Job.Status.READY, Job.Status.RUNNING)))
    asking = list(Job.objects.filter(status=Job.Status.NEEDS_ATTENTION))
    told.refused = {job.subject: job.code for job in (*waiting, *asking)}
    for job in waiting:
        assert job.code in WAITING, f"I7: {job.subject} is {job.status}: {job.code} {job.message}"
        assert asking, f"I7: {job.subject} waits for nobody: {job.message}"
    for job in asking:
        assert job.code in ASKED, f"I7: {job.subject} asks: {job.code} {job.message}"
        assert job.code in FAILURES
        assert job.message
        if job.code not in LATE:
            assert after.get(job.subject, set()) == before.get(job.subject, set())


def second_pass(stage: Stage) -> None:
    """Every event again, and every subject again: nothing is written, and no row is new."""
    notes = (row["id"] for row in stage.world.stripe.store.all("credit_note"))
    books, writes, rows = stage.world.netsuite.books_text(), stage.world.netsuite.writes, _rows()
    news = News(stage)
    news.again()
    news.settle()
    jobs.enqueue_all(stage.account, {*Job.objects.values_list("subject", flat=True), *notes})
    stage.run_jobs()
    assert stage.world.netsuite.writes == writes, "I10: the second pass writes"
    assert stage.world.netsuite.books_text() == books, "I10: the second pass changes the books"
    assert _rows() == rows, "I10: the second pass changes our map"


def mend_by_hand(stage: Stage, told: Told) -> None:
    """A person voids the memos of voided notes, as the page asks them to, and tries again."""
    for note in told.customer.of("credit_note", status="void"):
        memo = MappedRecord.objects.filter(external_id=f"ns_memo:{note['id']}").first()
        if memo:
            stage.world.netsuite.user.void("creditMemo", memo.internal_id)
            stage.bring(note["invoice"])
    take_in(News(stage), told)
    assert "credit_note_voided" not in told.refused.values()


def _rows() -> list[tuple[object, ...]]:
    fields = ("record_type", "external_id", "internal_id", "state", "applied_to", "proven")
    return sorted(MappedRecord.objects.values_list(*fields), key=str)


def _written() -> dict[str, set[str]]:
    """The external ids of the transactions that stand for each subject."""
    found: dict[str, set[str]] = {}
    rows = MappedRecord.objects.filter(state=MappedRecord.State.MAPPED)
    for subject, key in rows.values_list("job__subject", "external_id"):
        found.setdefault(subject, set()).add(key)
    return found


def _forget(stage: Stage) -> None:
    """An empty world and an empty map, as on the first day."""
    stage.world.reset()
    for model in (Payout, MappedRecord, Attempt, Event, Job, OrmQ):
        model.objects.all().delete()


def _choose(stage: Stage, life: Life) -> None:
    """Set the account's switches and time zone as the life has them."""
    for name in CHOICES:
        setattr(stage.account, name, (name in life.terms.choices) != (name in DEFAULTS_ON))
    stage.account.time_zone = life.terms.zone
    stage.account.save()
