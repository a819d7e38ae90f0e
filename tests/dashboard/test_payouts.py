"""Payouts: three sides of each, what differs and why, balances, what was changed, and the same as files."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries

from connector import tasks
from connector.engine import comparing
from connector.models import (
    BalanceCheck,
    Drift,
    DriftCheck,
    MappedRecord,
    Payout,
    PayoutLine,
    StripeAccount,
    TieOut,
)
from tests.dashboard.test_help import said
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)
Standing = TieOut.Standing
TAKEN_OFF = {
    "code": "record_not_on_deposit",
    "message": "ch_2 over 120.00 USD is not on the deposit.",
    "key": "ch_2",
    "internal_id": "812",
    "stripe": "120.00",
    "mapped": "120.00",
    "netsuite": "",
}


def payout_of(account: StripeAccount, key: str = "po_1", amount: str = "575.40", **fields: Any) -> Payout:
    given = {"currency": "USD", "arrival_date": date(2026, 11, 18), "status": "paid", "created": NOW}
    return Payout.objects.create(
        account=account, payout_id=key, amount=Decimal(amount), **(given | {"reconciled": True} | fields)
    )


def line_of(payout: Payout, number: int = 1, **fields: Any) -> PayoutLine:
    given = {
        "transaction_id": f"txn_{number}",
        "type": "charge",
        "category": "charge",
        "source_id": f"ch_{number}",
        "created": NOW,
        "amount": Decimal(450),
        "fee": Decimal("13.35"),
        "net": Decimal("436.65"),
        "external_id": f"ch_{number}",
        "record_type": "customerPayment",
        "internal_id": str(810 + number),
        "state": PayoutLine.State.RECORD,
    }
    return PayoutLine.objects.create(payout=payout, **(given | fields))


def compared(payout: Payout, standing: str = Standing.TIES, **fields: Any) -> TieOut:
    given = {
        "settled": standing != Standing.DIFFERS,
        "mapped": payout.amount,
        "netsuite": payout.amount,
        "records": [{"type": "deposit", "internal_id": "901", "amount": "575.40"}],
        "compared_at": NOW,
    }
    return TieOut.objects.create(payout=payout, standing=standing, **(given | fields))


def changed(account: StripeAccount, key: str = "ch_9", **fields: Any) -> Drift:
    row = MappedRecordFactory.create(
        job=JobFactory.create(account=account), record_type="customerPayment", stripe_id=key
    )
    given = {"kind": Drift.Kind.CHANGED, "internal_id": row.internal_id, "first_seen": NOW, "last_seen": NOW}
    differences = [{"what": "amount", "ours": "120.00 USD", "theirs": "1.00 USD"}]
    return Drift.objects.create(
        account=account, record=row, **(given | {"differences": differences} | fields)
    )


def payout_that_differs(acme: StripeAccount) -> Payout:
    """A payout that lost a payment in NetSuite, beside a balance and a changed record."""
    payout = payout_of(acme)
    line_of(payout)
    line_of(payout, 2, amount=Decimal(120), fee=Decimal(0), net=Decimal(120))
    line_of(
        payout,
        3,
        type="adjustment",
        category="other_adjustment",
        external_id="",
        record_type="",
        internal_id="",
        amount=Decimal("18.75"),
        fee=Decimal(0),
        net=Decimal("18.75"),
        state=PayoutLine.State.LINE,
    )
    deposit = {"type": "deposit", "internal_id": "901", "amount": "455.40"}
    compared(payout, Standing.DIFFERS, netsuite=Decimal("455.40"), records=[deposit], differences=[TAKEN_OFF])
    causes = [
        {
            "code": "fees_not_deposited",
            "amount": "31.85",
            "count": 2,
            "examples": ["txn_7", "txn_8"],
            "settled": True,
        },
        {
            "code": "waits_without_money",
            "amount": "120.00",
            "count": 1,
            "examples": ["ch_2"],
            "settled": False,
        },
    ]
    BalanceCheck.objects.create(
        account=acme,
        currency="USD",
        available=Decimal(412),
        pending=Decimal("524.90"),
        in_transit=Decimal(0),
        undeposited=Decimal("1088.75"),
        explained=causes,
        unexplained=Decimal(0),
        compared_at=NOW,
    )
    changed(acme)
    DriftCheck.objects.create(account=acme, started_at=NOW, finished_at=NOW, checked=1204, calls=9)
    return payout


def page(console: Client, address: str) -> str:
    answer = console.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def texts(html: str, *wanted: str) -> list[str]:
    """Those of `wanted` that the page does not say."""
    return [one for one in wanted if one not in html]


@pytest.fixture
def odd(acme: StripeAccount) -> Payout:
    return payout_that_differs(acme)


# Pages


def test_the_list_shows_three_sides_and_how_each_payout_stands(
    console: Client, odd: Payout, acme: StripeAccount
) -> None:
    compared(payout_of(acme, "po_2", "100.00", arrival_date=date(2026, 11, 17)))
    html = page(console, "/payouts/")
    assert not texts(html, "2 payouts, US$675.40", "US$575.40", "US$455.40", "−US$120.00", "1 odd line")
    assert not texts(
        html, "●</span><span>Differs", "✓</span><span>Ties out", '<span class="ok">US$0.00</span>'
    )


def test_the_list_explains_the_balance_of_each_currency_to_the_cent(console: Client, odd: Payout) -> None:
    html = page(console, "/payouts/")
    assert not texts(html, "US$1,088.75", "US$936.90", "US$151.85", "US$31.85", "<code>txn_7</code>")
    assert '<a href="/find/?q=ch_2"><code>ch_2</code></a>' in html
    assert "q=txn_7" not in html
    assert "In Undeposited Funds without money at Stripe" in html
    assert "deposit it at Transactions &gt; Bank &gt; Make Deposits" in html
    BalanceCheck.objects.update(unexplained=Decimal("0.01"))
    assert not texts(page(console, "/payouts/"), "Not explained", "US$0.01")


def test_the_list_names_what_somebody_changed_in_netsuite(console: Client, odd: Payout) -> None:
    html = page(console, "/payouts/")
    assert not texts(
        html,
        f"Customer payment {Drift.objects.get().internal_id}",
        "Amount: 1.00 USD, booked as 120.00 USD",
        "put back what is",
    )
    assert "1204 records looked at, with 9 requests" in html
    record = said(page(console, f"/jobs/{Drift.objects.get().record.job_id}/"))
    assert "● Changed in NetSuite" in record
    assert "Amount: 1.00 USD, booked as 120.00 USD" in record
    Drift.objects.update(settled_at=NOW)
    assert "Every record stands as it was booked" in page(console, "/payouts/")
    assert "Changed in NetSuite" not in page(console, f"/jobs/{Drift.objects.get().record.job_id}/")


def test_a_record_that_stands_for_no_stripe_object_is_named_and_leads_nowhere(
    console: Client, acme: StripeAccount
) -> None:
    drift = changed(acme, differences=[{"what": "state", "ours": "active", "theirs": "inactive"}])
    MappedRecord.objects.update(stripe_id="", external_id="suitesync_item")
    html = page(console, "/payouts/")
    assert not texts(html, drift.internal_id, "<code>suitesync_item</code>", "State: inactive")


def test_every_line_stands_on_one_page_whatever_it_is_sorted_by(console: Client, acme: StripeAccount) -> None:
    payout = payout_of(acme)
    for number in range(260):
        line_of(payout, number, amount=number % 3, category=f"{number % 3}")
    for sort in ("amount", "-amount", "category", "-state"):
        pages = [page(console, f"/payouts/{payout.pk}/?sort={sort}&page={number}") for number in (1, 2, 3)]
        shown = {one for html in pages for one in re.findall(r'<code class="sub">(ch_\d+)<', html)}
        assert len(shown) == 260, sort


def test_one_payout_names_each_odd_line_with_its_cause_and_action(console: Client, odd: Payout) -> None:
    html = page(console, f"/payouts/{odd.pk}/")
    assert not texts(html, "Payout of US$575.40", "Arrived 18 Nov 2026", "ch_2 over 120.00 USD is not on the")
    assert not texts(html, "Stripe paid it out with this payout, and somebody has taken it off the deposit")
    assert not texts(html, "tick the record again", "Deposit 901", "−US$120.00")


def test_the_parts_of_a_payout_add_up_to_it_kind_by_kind(console: Client, odd: Payout) -> None:
    html = page(console, f"/payouts/{odd.pk}/")
    assert not texts(
        html, "<span>Charge</span></th>", "US$570.00", "−US$13.35", "Other adjustment", "US$18.75"
    )
    assert "Sum of the parts" in html
    assert html.count("US$575.40") >= 4  # title, Stripe, sum, payout
    assert "Customer payment 811" in html


@pytest.mark.rule("PO-11")
@pytest.mark.parametrize(
    ("kind", "words"), [("manual", "A payout made by hand"), ("instant", "An instant pay")]
)
def test_a_payout_that_a_person_started_says_that_stripe_does_not_tell(
    console: Client, acme: StripeAccount, kind: str, words: str
) -> None:
    payout = payout_of(acme, kind=kind, reconciled=False)
    compared(payout, Standing.BY_HAND, settled=False, mapped=None, netsuite=None, records=[])
    html = page(console, f"/payouts/{payout.pk}/")
    assert not texts(html, f"{words}", "Stripe does not say which payments are in it", "no deposit found")


def test_what_was_booked_after_the_comparison_is_not_called_missing(
    console: Client, acme: StripeAccount
) -> None:
    payout = payout_of(acme)
    compared(payout, Standing.NOT_BOOKED, settled=False, mapped=None, netsuite=None, differences=[TAKEN_OFF])
    assert "Not deposited yet" in page(console, f"/payouts/{payout.pk}/")
    job = JobFactory.create(account=acme, subject="po_1")
    MappedRecordFactory.create(job=job, record_type="deposit", internal_id="955")
    html = page(console, f"/payouts/{payout.pk}/")
    assert not texts(html, "Not compared yet", "Deposit 955")
    assert "is not on the deposit" not in html
    assert "0 payouts" in page(console, "/payouts/?state=open")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"po_1", "po_2", "po_3"}),
        ("state=open", {"po_1"}),
        ("state=ties", {"po_2"}),
        ("state=new", {"po_3"}),
        ("account=other", {"po_3"}),
        ("from=2026-11-18&to=2026-11-18", {"po_1"}),
        ("state=nonsense&from=soon", {"po_1", "po_2", "po_3"}),
    ],
)
def test_the_list_narrows(
    console: Client, odd: Payout, acme: StripeAccount, query: str, found: set[str]
) -> None:
    compared(payout_of(acme, "po_2", arrival_date=date(2026, 11, 17)))
    payout_of(StripeAccountFactory.create(name="other"), "po_3", arrival_date=date(2026, 11, 19))
    html = page(console, f"/payouts/?{query}")
    assert {key for key in ("po_1", "po_2", "po_3") if f">{key}</code>" in html} == found


def test_the_list_sorts_by_what_differs_most(console: Client, odd: Payout, acme: StripeAccount) -> None:
    compared(payout_of(acme, "po_2", arrival_date=date(2026, 11, 19)))
    html = page(console, "/payouts/?sort=gap")
    assert html.index(">po_1<") < html.index(">po_2<")
    html = page(console, "/payouts/?sort=amount&page=99")
    assert ">po_1<" in html


def test_an_empty_console_says_when_payouts_come(console: Client, acme: StripeAccount) -> None:
    assert not texts(page(console, "/payouts/"), "No payouts yet", "Not compared yet", "Not looked at yet")
    assert "Loosen a filter: Show." in page(console, "/payouts/?state=ties")
    assert console.get("/payouts/77/").status_code == 404


@pytest.mark.parametrize("rows", [1, 40])
def test_the_pages_ask_at_most_12_questions_however_many_rows(
    console: Client,
    odd: Payout,
    acme: StripeAccount,
    rows: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(10, 10 + rows):
        line_of(odd, number)
        compared(payout_of(acme, f"po_{number}"), Standing.DIFFERS, differences=[TAKEN_OFF])
        changed(acme, f"ch_{number}")
    page(console, "/payouts/")  # the accounts' names are held for a few seconds
    for address in ("/payouts/?account=acme&state=differs", f"/payouts/{odd.pk}/"):
        with django_assert_max_num_queries(12):
            page(console, address)


def test_names_from_stripe_are_text_and_never_markup(console: Client, odd: Payout) -> None:
    PayoutLine.objects.update(description="<script>alert(1)</script>")
    TieOut.objects.update(differences=[TAKEN_OFF | {"message": "<b>no</b>"}])
    html = page(console, f"/payouts/{odd.pk}/")
    assert "<script>alert" not in html
    assert "<b>no</b>" not in html


def test_mapped_record_of_another_account_books_no_payout(console: Client, acme: StripeAccount) -> None:
    payout = payout_of(acme)
    compared(payout, Standing.NOT_BOOKED, settled=False, mapped=None, netsuite=None, records=[])
    other = JobFactory.create(account=StripeAccountFactory.create(), subject="po_1")
    MappedRecordFactory.create(job=other, record_type="deposit")
    assert MappedRecord.objects.count() == 1
    assert "1 payout," in page(console, "/payouts/?state=open")


# Comparing now


def pressed(console: Client, address: str) -> str:
    return said(console.post(address, follow=True).content.decode())


@pytest.mark.parametrize(
    ("query", "words", "days"),
    [
        ("", "what arrived from 2 Nov 2026 to 19 Nov 2026", ["2026-11-02", "2026-11-19"]),
        ("?from=2026-11-10", "what arrived from 18 Nov 2026 to 19 Nov 2026", ["2026-11-18", "2026-11-19"]),
        ("?state=new", "what arrived from 19 Nov 2026 to 19 Nov 2026", ["2026-11-19", "2026-11-19"]),
        ("?state=ties", "no payout of these filters is open", None),
    ],
)
def test_the_open_payouts_of_the_page_are_compared_when_asked_for(
    console: Client, odd: Payout, acme: StripeAccount, query: str, words: str, days: list[str] | None
) -> None:
    payout_of(acme, "po_new", arrival_date=date(2026, 11, 19))
    compared(payout_of(acme, "po_2", arrival_date=date(2026, 11, 2)), Standing.ON_ITS_WAY)
    compared(payout_of(acme, "po_3", arrival_date=date(2026, 11, 1)))
    address = f"/payouts/compare/{query}"
    assert words in pressed(console, address)
    rung = [row.task for row in OrmQ.objects.all()]
    assert [task["args"] for task in rung] == ([(acme.pk, *days)] if days else [])
    if days:
        assert "a comparison is under way" in pressed(console, address)
        assert OrmQ.objects.count() == 1


def test_one_payout_is_compared_at_once_with_what_stands_in_netsuite(
    console: Client, account: StripeAccount
) -> None:
    payout = payout_of(account, arrival_date=date(2026, 11, 18))
    address = f"/payouts/{payout.pk}/compare/"
    assert "We are comparing this payout." in pressed(console, address)
    assert "A comparison is under way." in pressed(console, address)
    assert "Being compared" in page(console, f"/payouts/{payout.pk}/")
    (row,) = OrmQ.objects.all()
    assert row.task["func"] == "connector.tasks.compare_payouts"
    assert tasks.compare_payouts(*row.task["args"]) == "finished"
    assert BalanceCheck.objects.filter(account=account).exists()
    assert "Being compared" not in page(console, f"/payouts/{payout.pk}/")


def test_a_comparison_that_stopped_says_why(console: Client, acme: StripeAccount) -> None:
    payout = payout_of(acme)
    comparing.ended(acme.pk, "netsuite_credentials_refused")
    for address in ("/payouts/", f"/payouts/{payout.pk}/"):
        assert "comparison stopped. NetSuite does not let us in" in page(console, address)
    pressed(console, f"/payouts/{payout.pk}/compare/")
    assert "comparison stopped" not in page(console, "/payouts/")


def test_comparing_is_for_those_who_settle(acme: StripeAccount) -> None:
    payout, viewer = payout_of(acme), Client()
    viewer.force_login(UserFactory.create(roles=["viewer"]))
    for address in ("/payouts/compare/", f"/payouts/{payout.pk}/compare/"):
        assert viewer.post(address).status_code == 403
    assert "Resolvers, approvers and engineers can do this." in page(viewer, f"/payouts/{payout.pk}/")
    assert not OrmQ.objects.exists()


def test_every_odd_line_leads_to_its_record_on_both_sides(console: Client, odd: Payout) -> None:
    html = page(console, f"/payouts/{odd.pk}/")
    assert 'class="btn" href="/r/ch_2/"' in html
    assert re.search(r'class="btn" href="https://1234567-sb1[^"]*812">Open in NetSuite', html)
