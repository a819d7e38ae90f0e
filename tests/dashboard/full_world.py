"""A world in which every page of the console has something to show."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from connector import tasks
from connector.engine import account_settings, actions, causes, month_close, months, past_records
from connector.models import Job, Settlement, StripeAccount
from connector.sandbox.stories import company, figures, payments, payouts, refunds
from connector.sandbox.stories.company import Days
from tests.dashboard.needing import three_closed
from tests.dashboard.test_job import EXCHANGE, PLAN
from tests.dashboard.test_payouts import payout_that_differs
from tests.factories import AttemptFactory, EventFactory, JobFactory, UserFactory
from tests.stories.stage import Stage

LIFE = (
    Days(0, 20, (refunds.one_line_refunded_in_part,), ("usd",)),
    Days(0, 9, (figures.taxed_invoice_paid, payments.netsuite_invoice_paid_twice_as_allowed)),
    Days(0, 14, (payments.netsuite_invoice_paid_twice, payments.duplicate_payment), ("usd",)),
    Days(0, 5, (payouts.payout_on_its_way,)),
)
S = Job.Status


def fill(stage: Stage) -> None:
    """Let the admin alice and the resolver bob find something on each page."""
    account = stage.account
    UserFactory.create(username="alice", is_superuser=True)
    bob = UserFactory.create(username="bob", roles=["resolver"])
    seen, why = account_settings.version(account), "To be chosen anew."
    account_settings.save(account, {"tax_account": ""}, who="alice", reason=why, seen=seen)
    today = timezone.now().date()
    for days in LIFE:
        company.live(stage.world, days, today)
    for kind in ("invoice", "charge", "payout"):
        for row in stage.world.stripe.store.all(kind):
            stage.bring(row["id"])
    closed = three_closed(account)[:1]
    why = "Entered in the year before."
    actions.settle([closed[0].pk], actions.version(closed), Settlement.Kind.SKIPPED, who="bob", why=why)
    _every_state(account)
    payout_that_differs(account)
    causes.assign(account, "tax_account_missing", bob, seen=0, who="alice")
    causes.note(account, "tax_account_missing", "Asked our accountant.", seen=1, who="bob")
    until = timezone.now() + timedelta(days=3)
    causes.put_aside(account, "netsuite_busy", until=until, count=None, seen=0, who="bob")
    _close_and_bring(account, today)


def _every_state(account: StripeAccount) -> None:
    """Records in every state, one of them with all that a record can have."""
    for status in (S.READY, S.RUNNING, S.SKIPPED, S.FAILED):
        JobFactory.create(account=account, status=status, code="netsuite_busy")
    job = JobFactory.create(
        account=account,
        subject="in_1QxT4a2eZvKYlo2C1i9dKabc",
        status=S.NEEDS_ATTENTION,
        code="required_field_missing",
        message="Please enter value(s) for: Department (USER_ERROR)",
        customer_name="Gesellschaft für außergewöhnlich lange Firmennamen und Söhne mbH & Co. KGaA",
        fence=1,
    )
    EventFactory.create(job=job)
    AttemptFactory.create(
        job=job, outcome=S.NEEDS_ATTENTION, code=job.code, message="No.", plan=PLAN, exchanges=[EXCHANGE]
    )


def _close_and_bring(account: StripeAccount, today: date) -> None:
    """Compare all, tick this month with a reason, look at past records and bring them."""
    first = today.replace(day=1)
    earlier = first - timedelta(days=40)
    tasks.compare(account.pk, earlier.isoformat(), today.isoformat())
    month = months.Month(account, first)
    seen = month_close.seen(months.look(month), None)
    month_close.tick(month, who="alice", reason="The rest is immaterial.", seen_then=seen)
    kinds = past_records.kinds_of(["invoices"])
    past_records.look(past_records.ask(account, earlier, None, kinds, who="alice")[0].pk)
    past_records.turn(past_records.start(account, earlier, None, kinds, who="alice").pk)
