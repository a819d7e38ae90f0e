"""The page of the rulebook: rules with their settings, found by a word, beside worked entries."""

from __future__ import annotations

import html as entities
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from connector.models import StripeAccount
from connector.rulebook import AREAS, RULES
from connector.rulebook.examples import EXAMPLES
from tests.dashboard.test_job import PLAN, source
from tests.factories import AttemptFactory, JobFactory, StripeAccountFactory

pytestmark = pytest.mark.django_db


def page(console: Client, **asked: str) -> str:
    answer = console.get("/rulebook/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    return entities.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def shown(html: str) -> list[str]:
    """The ids of the rules on a page."""
    return re.findall(r'<li id="([^"]+)">', html)


def test_every_rule_stands_there_once_under_its_area(console: Client) -> None:
    html = page(console)
    assert shown(html) == list(RULES)
    text = words(html)
    for rule in RULES.values():
        assert rule.statement in text
        assert rule.source in text
    for area in AREAS:
        assert area.title in text


def test_a_rule_that_is_not_built_says_why(console: Client) -> None:
    text = words(page(console, q="IP-1"))
    assert "IP-1 – Not built" in text
    assert "The payment pages are a product of their own." in text
    assert "IN-3 ✓ Built" in words(page(console, q="IN-3"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("in-3", "IN-3"),
        ("undeposited", "CH-3"),
        ("keep_unpaid_invoices_open", "UN-2"),
        ("Keep unpaid invoices open", "UN-2"),
        ("trial ZERO", "TZ-1"),
        ("yen", "MC-9"),
        ("payment pages product", "IP-1"),
    ],
)
def test_a_rule_is_found_by_its_words_in_any_case(console: Client, asked: str, found: str) -> None:
    ids = shown(page(console, q=asked))
    assert found in ids
    assert len(ids) < len(RULES) / 4


def test_a_word_that_no_rule_has_says_so(console: Client) -> None:
    html = page(console, q="zeppelin")
    assert shown(html) == []
    assert "No rule says that" in words(html)


def test_the_built_and_the_others_can_be_seen_apart(console: Client) -> None:
    built, others = (shown(page(console, state=state)) for state in ("built", "not_built"))
    assert built == [rule.id for rule in RULES.values() if rule.built]
    assert others == [rule.id for rule in RULES.values() if not rule.built]


def test_odd_wishes_show_everything_and_are_named(console: Client, acme: StripeAccount) -> None:
    html = page(console, state="half", account="nobody")
    assert shown(html) == list(RULES)
    assert "There is no such choice" in html
    assert "There is no such account" in html


def test_with_an_account_each_setting_has_its_present_value(console: Client, acme: StripeAccount) -> None:
    StripeAccount.objects.filter(pk=acme.pk).update(sync_trial_invoices=True, bank_accounts={"USD": "31"})
    text = words(page(console, account="acme"))
    assert "Bring trial invoices : on" in text
    assert "Keep unpaid invoices open : off" in text
    assert "Time zone : America/New_York" in text
    assert "Closed period policy : Hold it for a person" in text
    assert "Bank accounts : USD 31" in text
    assert "Sync start date : not set" in text
    (link,) = set(re.findall(r'href="([^"]*#time_zone)"', page(console, account="acme")))
    assert 'id="time_zone"' in console.get(link).content.decode()


def test_without_an_account_a_setting_is_named_as_scripts_name_it(
    console: Client, acme: StripeAccount
) -> None:
    text = words(page(console))
    assert "Bring trial invoices sync_trial_invoices" in text
    assert "America/New_York" not in text


def test_worked_entries_stand_beside_their_rules_in_balance(console: Client) -> None:
    html = page(console)
    text = words(html)
    for example in EXAMPLES:
        assert example.title in text
        assert example.story in text
    assert re.search(
        r"An invoice, paid by card .*? Accounts Receivable US\$120\.00 Income US\$120\.00 "
        r"Total US\$120\.00 US\$120\.00 .*? Settles US\$120\.00 of invoice in_1 .*? "
        r"Undeposited Funds US\$120\.00 Accounts Receivable US\$120\.00",
        text,
    )
    totals = re.findall(r'Total</th><td class="num">(.*?)</td><td class="num">(.*?)</td>', html)
    assert len(totals) >= 8
    assert all(debits == credits for debits, credits in totals)


def test_an_example_that_books_nothing_says_why(console: Client) -> None:
    assert "Nothing is booked. Every line of the invoice is zero." in words(page(console, q="TZ-1"))


def test_no_two_things_on_the_page_share_an_anchor(console: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(console))
    assert len(ids) == len(set(ids))


def test_a_rule_on_a_record_leads_to_its_place_and_says_itself(console: Client) -> None:
    job = JobFactory.create()
    AttemptFactory.create(
        job=job, plan=PLAN | {"records": [PLAN["records"][0] | {"rules": ["CH-3", "ZZ-9"]}]}
    )
    html = source(console, job)
    statement = entities.escape(RULES["CH-3"].statement)
    assert f'<a class="tag" href="/rulebook/#CH-3" title="{statement}">CH-3</a>' in html
    assert '<span class="tag">ZZ-9</span>' in html


def test_the_page_asks_at_most_8_questions_of_the_database(
    console: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    StripeAccountFactory.create_batch(5)
    account = StripeAccount.objects.order_by("name")[0]
    with django_assert_max_num_queries(8):
        console.get("/rulebook/", {"account": account.name, "q": "payment"})
