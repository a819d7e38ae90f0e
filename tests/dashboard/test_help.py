"""Help: a page for each reason of the catalogue, and the records that stand so now."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from connector.failures import FAILURES
from connector.models import Job, StripeAccount
from dashboard.help import SECTIONS, SHOWN
from tests.factories import JobFactory, StripeAccountFactory, UserFactory
from tests.test_failures import FORBIDDEN

pytestmark = pytest.mark.django_db
PAID = "invoice_already_paid"


def said(html: str) -> str:
    """The text of a page's main part, without marks."""
    main = html.partition("<main")[2].partition("</main>")[0]
    inline = re.sub(r"</?(?:strong|code|a|time)\b[^>]*>", "", f"<main{main}")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inline)).split())


def text(console: Client, address: str, status: int = 200) -> str:
    answer = console.get(address)
    assert answer.status_code == status
    return said(answer.content.decode())


def test_every_code_has_a_page_with_what_why_what_to_do_and_who(console: Client, acme: StripeAccount) -> None:
    for code, failure in FAILURES.items():
        page = text(console, f"/help/{code}/")
        for part in (failure.title, failure.cause, failure.next_step.replace("`", ""), failure.who, code):
            assert " ".join(part.split()) in page, code
        assert "What happened" in page
        assert not FORBIDDEN.search(page.replace(code, "").replace(failure.next_step.replace("`", ""), "")), (
            code
        )


def test_every_code_stands_in_exactly_one_section() -> None:
    listed = [one.code for section in SECTIONS for one in section.failures]
    assert sorted(listed) == sorted(FAILURES)


def test_a_page_offers_the_buttons_that_settle_it(console: Client, acme: StripeAccount) -> None:
    failing = {"status": Job.Status.NEEDS_ATTENTION, "code": "income_account_missing"}
    JobFactory.create(account=acme, **failing)
    html = console.get("/help/income_account_missing/").content.decode()
    assert '<a class="btn" href="/needs-you/?q=income_account_missing">Try again: 1 record</a>' in html
    assert 'href="https://1234567-sb1.app.netsuite.com/" rel="noreferrer">Open NetSuite ↗' in html
    assert "role settings can do this." in html
    setter = Client()
    setter.force_login(UserFactory.create(is_superuser=True))
    html = setter.get("/help/income_account_missing/").content.decode()
    assert 'href="/settings/acme/accounts/#income_account">Settings</a>' in html


def test_what_nobody_waits_for_cannot_be_tried_again(console: Client, acme: StripeAccount) -> None:
    page = text(console, f"/help/{PAID}/")
    assert "No record waits for it now." in page
    assert "Records that stand so now None." in page


def test_the_records_that_stand_so_are_counted_with_their_money_and_linked(
    console: Client, acme: StripeAccount
) -> None:
    euros = StripeAccountFactory.create(name="euro")
    failing = {"status": Job.Status.NEEDS_ATTENTION, "code": PAID, "message": "INV-7 is paid in full."}
    jobs = [JobFactory.create(account=acme, **failing) for _ in range(SHOWN + 1)]
    JobFactory.create(account=euros, currency="EUR", **failing)
    JobFactory.create(account=acme, status=Job.Status.SKIPPED, code="trial_invoice")
    page = text(console, f"/help/{PAID}/")
    assert "12 records; 12 of them need somebody, over €120.00 and US$1,320.00." in page
    assert "INV-7 is paid in full." in page
    assert page.count("INV-7 is paid in full.") == SHOWN
    listed = console.get(f"/jobs/?q={PAID}").content.decode()
    assert all(str(job) in listed for job in jobs)
    assert "12 records" in listed
    assert f"/jobs/?q={PAID}" in console.get(f"/help/{PAID}/").content.decode()


def test_the_contents_name_every_reason_and_what_asks_now(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, status=Job.Status.FAILED, code="internal_error")
    html = console.get("/help/").content.decode()
    assert all(f'href="/help/{code}/"' in html for code in FAILURES)
    assert html.count('class="chip bad"') == 1
    assert f"{len(FAILURES)} reasons" in html


@pytest.mark.parametrize(("sought", "first"), [("zeppelin", ""), ("period_closed", "period_closed")])
def test_the_contents_are_searched(console: Client, acme: StripeAccount, sought: str, first: str) -> None:
    html = console.get("/help/", {"q": sought}).content.decode()
    assert (f'href="/help/{first}/"' in html) if first else "No reason says" in html
    assert 'href="/help/stripe_busy/"' not in html


def test_a_code_that_is_not_in_the_catalogue_is_said_to_be_unknown(console: Client) -> None:
    page = text(console, "/help/never_heard_of/", status=404)
    assert "Something that SuiteSync does not know" in page
    assert "Show this page to an engineer." in page


def test_a_refusal_on_a_record_leads_to_its_page(console: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, status=Job.Status.NEEDS_ATTENTION, code=PAID)
    assert f'href="/help/{PAID}/"' in console.get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize("address", ["/help/", f"/help/{PAID}/"])
def test_the_pages_ask_few_questions(
    console: Client, acme: StripeAccount, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        JobFactory.create(account=acme, status=Job.Status.NEEDS_ATTENTION, code=PAID, title=f"No {number}")
    with django_assert_max_num_queries(12):
        console.get(address)
