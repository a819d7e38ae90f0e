"""What the Payouts pages say is of the account, the books and the days that they show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django_q.models import OrmQ

from connector.engine import comparing
from connector.models import BalanceCheck, Drift, MappedRecord, StripeAccount
from dashboard import payouts as shown
from tests.dashboard.test_payouts import NOW, Standing, changed, compared, payout_of, payout_that_differs
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def globex(db: None) -> StripeAccount:
    """Another company, on books of its own."""
    return StripeAccountFactory.create(name="globex")


def test_balances_and_changes_are_of_the_accounts_that_are_shown(
    acme: StripeAccount, globex: StripeAccount
) -> None:
    for account in (acme, globex):
        sums = {"available": 1, "pending": 2, "in_transit": 4, "undeposited": 10, "unexplained": 0}
        BalanceCheck.objects.create(account=account, currency="USD", compared_at=NOW, **sums)
        changed(account)
    (balance,) = shown.balances_of([acme])
    assert (balance.check.account, str(balance.stripe), str(balance.difference)) == (
        acme,
        "7.00 USD",
        "3.00 USD",
    )
    assert [one.account for one in shown.changed_in([acme])] == [acme]


def test_to_a_record_that_is_gone_no_link_leads(acme: StripeAccount) -> None:
    links = {kind: shown.changed(changed(acme, f"ch_{kind}", kind=kind)).link for kind in Drift.Kind}
    assert [kind for kind, link in links.items() if not link] == [Drift.Kind.DELETED]


def test_fees_lessen_what_a_kind_comes_to(acme: StripeAccount) -> None:
    for kind in shown.kinds_of(payout_that_differs(acme)):
        assert kind.amount + kind.less == kind.net


@pytest.mark.parametrize(
    ("standing", "netsuite", "gap"),
    [
        (Standing.DIFFERS, "500.00", "-75.40"),
        (Standing.NOT_BOOKED, None, "-575.40"),
        (Standing.ON_ITS_WAY, None, "None"),
        (Standing.NOTHING, None, "None"),
    ],
)
def test_a_payout_lacks_money_only_where_it_is_to_be_there(
    acme: StripeAccount, standing: str, netsuite: str | None, gap: str
) -> None:
    payout = payout_of(acme)
    compared(payout, standing, mapped=None, netsuite=netsuite and Decimal(netsuite))
    job = JobFactory.create(account=acme, subject=payout.payout_id)
    MappedRecordFactory.create(job=job, record_type="deposit", state=MappedRecord.State.REFUSED)
    one = shown.listed(shown.Wanted()).get()
    assert (one.standing, str(shown.money_in(one, one.gap)).partition(" ")[0]) == (standing, gap)


def test_of_long_open_payouts_the_last_three_months_of_the_own_account_are_compared(
    acme: StripeAccount, globex: StripeAccount
) -> None:
    for key, day in (("po_old", date(2026, 1, 1)), ("po_new", date(2026, 11, 18))):
        payout_of(acme, key, arrival_date=day)
    payout_of(globex, "po_theirs", arrival_date=date(2026, 12, 24))
    assert shown.open_days(acme, shown.Wanted()) == (date(2026, 8, 18), date(2026, 11, 18))


def test_an_odd_line_leads_to_the_record_of_its_own_books(acme: StripeAccount, globex: StripeAccount) -> None:
    odd = payout_that_differs(acme)
    number = shown.tie_out(odd).differences[0]["internal_id"]
    before = [one.netsuite for one in shown.odd_lines(shown.listed(shown.Wanted()).get(pk=odd.pk))]
    theirs = JobFactory.create(account=globex)
    MappedRecordFactory.create(job=theirs, record_type="customer", internal_id=number)
    assert [one.netsuite for one in shown.odd_lines(shown.listed(shown.Wanted()).get(pk=odd.pk))] == before


@pytest.mark.parametrize("records", [True, False])
def test_what_stopped_a_comparison_is_told_until_the_next_one_and_a_finished_one_tells_nothing(
    acme: StripeAccount, records: bool
) -> None:
    def asked() -> bool:
        return comparing.ask(acme, date(2026, 11, 1), date(2026, 11, 30), records=records)

    def stands() -> tuple[bool, bool]:
        one = comparing.standing([acme])[acme.pk]
        return one.under_way, one.trouble is not None

    assert (asked(), asked(), stands()) == (True, False, (True, False))
    assert OrmQ.objects.get().task["func"] == f"connector.tasks.{'compare' if records else 'compare_payouts'}"
    comparing.ended(acme.pk, "netsuite_busy")
    assert stands() == (False, True)
    assert (asked(), stands()) == (True, (True, False))
    comparing.ended(acme.pk, comparing.FINISHED)
    assert stands() == (False, False)
