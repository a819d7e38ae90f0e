"""Only staff who signed in see the console, and every address answers only what it is for."""

from __future__ import annotations

from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from connector.engine import roles
from connector.models import Job, StripeAccount
from dashboard.access import who_can
from dashboard.urls import urlpatterns
from tests.factories import PASSWORD, JobFactory, NetSuiteAccountFactory, StripeAccountFactory, UserFactory

pytestmark = pytest.mark.django_db

STAFF, WRONG = "staff", "wrong method"
# Every address of the console: the permission that it takes to look, and the one that it takes to press.
TAKES = {
    "overview": (STAFF, WRONG),
    "pause": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "jobs": (STAFF, WRONG),
    "jobs_export": (STAFF, WRONG),
    "jobs_save_view": (WRONG, STAFF),
    "jobs_view": (STAFF, WRONG),
    "jobs_remove_view": (WRONG, STAFF),
    "job": (STAFF, WRONG),
    "live": (STAFF, WRONG),
    "compare": (STAFF, WRONG),
    "link": (roles.RESOLVE, roles.RESOLVE),
    "retry": (WRONG, roles.RESOLVE),
    "take_back": (roles.RESOLVE, roles.RESOLVE),
    "needs": (STAFF, WRONG),
    "needs_export": (STAFF, WRONG),
    "needs_act": (roles.RESOLVE, roles.RESOLVE),
    "needs_done": (STAFF, WRONG),
    "needs_undo": (WRONG, roles.RESOLVE),
    "needs_cause": (roles.RESOLVE, roles.RESOLVE),
    "needs_save_view": (WRONG, STAFF),
    "needs_view": (STAFF, WRONG),
    "needs_remove_view": (WRONG, STAFF),
    "payouts": (STAFF, WRONG),
    "payouts_compare": (WRONG, roles.RESOLVE),
    "payout_compare": (WRONG, roles.RESOLVE),
    "payout": (STAFF, WRONG),
    "payout_export": (STAFF, WRONG),
    "payouts_export": (STAFF, WRONG),
    "decide": (roles.DECIDE, roles.DECIDE),
    "duplicates": (STAFF, WRONG),
    "decide_several": (roles.DECIDE, roles.DECIDE),
    "rulebook": (STAFF, WRONG),
    "months": (STAFF, WRONG),
    "month": (STAFF, WRONG),
    "month_tick": (WRONG, roles.CLOSE_MONTH),
    "month_take_back": (WRONG, roles.CLOSE_MONTH),
    "month_compare": (WRONG, roles.CLOSE_MONTH),
    "month_evidence": (STAFF, WRONG),
    "past_records": (STAFF, roles.RUN_BACKFILL),
    "past_look": (STAFF, WRONG),
    "past_bring": (WRONG, roles.RUN_BACKFILL),
    "past_run": (STAFF, WRONG),
    "past_stop": (WRONG, roles.RUN_BACKFILL),
    "past_go_on": (WRONG, roles.RUN_BACKFILL),
    "past_export": (STAFF, WRONG),
    "health": (roles.SEE_HEALTH, WRONG),
    "health_file": (roles.SEE_HEALTH, WRONG),
    "history": (STAFF, WRONG),
    "history_export": (STAFF, WRONG),
    "profile": (STAFF, STAFF),
    "preferences": (WRONG, STAFF),
    "password": (STAFF, STAFF),
    "help": (STAFF, WRONG),
    "help_of": (STAFF, WRONG),
    "preview": (STAFF, WRONG),
    "preview_bring": (WRONG, roles.RESOLVE),
    "search": (STAFF, WRONG),
    "ask": (STAFF, WRONG),
    "set_up": (roles.CHANGE_SETTINGS, WRONG),
    "set_up_new": (roles.ADD_ACCOUNT, roles.ADD_ACCOUNT),
    "set_up_sample": (WRONG, roles.ADD_ACCOUNT),
    "set_up_account": (roles.CHANGE_SETTINGS, WRONG),
    "set_up_stripe": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "set_up_messages": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "set_up_netsuite": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "set_up_accounts": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "set_up_invoice": (roles.CHANGE_SETTINGS, roles.CHANGE_SETTINGS),
    "set_up_booked": (roles.CHANGE_SETTINGS, WRONG),
    "set_up_done": (roles.CHANGE_SETTINGS, WRONG),
    "settings_accounts": (STAFF, WRONG),
    "settings": (STAFF, roles.CHANGE_SETTINGS),
    "settings_tab": (STAFF, roles.CHANGE_SETTINGS),
    "settings_save": (WRONG, roles.CHANGE_SETTINGS),
    "settings_try": (WRONG, roles.CHANGE_SETTINGS),
    "settings_secrets": (WRONG, roles.CHANGE_SETTINGS),
    "settings_test": (WRONG, roles.CHANGE_SETTINGS),
    "settings_check_fields": (WRONG, roles.CHANGE_SETTINGS),
    "settings_changes": (STAFF, WRONG),
    "settings_messages": (STAFF, STAFF),
    "settings_mail": (WRONG, STAFF),
    "settings_restore": (roles.CHANGE_SETTINGS, WRONG),
    "find": (STAFF, WRONG),
}
ADDRESSES = {url.name: url for url in urlpatterns}
GIVEN: dict[str, object] = {
    "pk": 1,
    "account": "acme",
    "name": "acme",
    "month": "2026-10",
    "file": "all.xlsx",
    "code": "rate_limited",
    "key": "rules",
    "slug": "skip",
}
EVERYBODY = {"staff without a role": [], **{role.name: [role.name] for role in roles.ROLES}}


def address(name: str) -> str:
    """The address with believable values in its gaps."""
    pattern = ADDRESSES[name].pattern
    gaps = pattern.regex.groupindex
    return reverse(f"dashboard:{name}", kwargs={gap: GIVEN.get(gap, "in_1") for gap in gaps})


def test_every_address_is_in_the_table() -> None:
    assert set(TAKES) == set(ADDRESSES)


@pytest.fixture
def visitors(db: None) -> dict[str, Client]:
    """A signed-in browser for each role, for none, and for all."""
    clients = {}
    for words, names in EVERYBODY.items():
        clients[words] = Client(raise_request_exception=False)
        clients[words].force_login(UserFactory.create(roles=names))
    return clients


@pytest.fixture
def shut_off() -> StripeAccount:
    """An account whose Stripe and NetSuite answer to nobody."""
    nowhere = "http://127.0.0.1:9"
    books = NetSuiteAccountFactory.create(netsuite_base_url=nowhere)
    return StripeAccountFactory.create(name="acme", netsuite_account=books, stripe_api_base=nowhere)


@pytest.mark.usefixtures("shut_off")
@pytest.mark.parametrize("name", TAKES)
def test_every_address_lets_in_exactly_the_roles_that_it_takes(
    visitors: dict[str, Client], name: str
) -> None:
    """Somebody who is let in may still be told that nothing is there."""
    for method, takes in zip(("get", "post"), TAKES[name], strict=True):
        for words, client in visitors.items():
            answer = getattr(client, method)(address(name))
            status, may = answer.status_code, words in let_in(name, takes)
            assert (status == 403) == (not may), (words, method)
            assert not may or (status == 405) == (takes == WRONG), (words, method)
            assert status < 500
            if takes not in (STAFF, WRONG) and not may:
                assert who_can(takes) in unescape(answer.content.decode())


def let_in(name: str, takes: str) -> set[str]:
    """Who is not refused: a button asks for its permission before it says that it is no page."""
    needed = next(one for one in TAKES[name] if one != WRONG) if takes == WRONG else takes
    if needed == STAFF:
        return set(EVERYBODY)
    return {role.name for role in roles.who_may(needed)}


@pytest.mark.parametrize("name", TAKES)
def test_every_address_is_shut_to_strangers_and_to_those_who_are_not_staff(client: Client, name: str) -> None:
    assert client.get(address(name))["Location"].startswith(reverse("account_login"))
    client.force_login(UserFactory.create(is_staff=False, roles=[role.name for role in roles.ROLES]))
    assert client.get(address(name)).status_code == 403


def test_a_superuser_may_press_every_button(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    job = JobFactory.create(status=Job.Status.FAILED)
    assert client.post(f"/jobs/{job.pk}/retry/", {"seen": "failed.0"}).status_code == 302


def test_a_button_that_one_may_not_press_is_grey_and_says_who_may(visitors: dict[str, Client]) -> None:
    page = f"/jobs/{JobFactory.create(status=Job.Status.NEEDS_ATTENTION, code='period_closed').pk}/"
    told = {words: unescape(client.get(page).content.decode()) for words, client in visitors.items()}
    greyed = {words for words, html in told.items() if who_can(roles.RESOLVE) in html}
    assert greyed == {"staff without a role", "viewer", "settings"}


def test_a_stranger_cannot_press_try_again(client: Client) -> None:
    job = JobFactory.create(status=Job.Status.FAILED)
    client.post(f"/jobs/{job.pk}/retry/", {"seen": "failed.0"})
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def test_signing_in_and_out(client: Client) -> None:
    UserFactory.create(username="alice")
    answer = client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD}, follow=True)
    assert "Sign out" in answer.content.decode()
    client.post(reverse("logout"))
    assert client.get("/").status_code == 302


def test_a_wrong_password_is_named_on_the_page(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "alice", "password": "guess"})
    assert "This is not the name and password of anybody here" in answer.content.decode()


@pytest.mark.parametrize("page", ["/", "/jobs/987654/"])
def test_no_browser_keeps_a_copy_of_a_page(console: Client, page: str) -> None:
    assert "no-store" in console.get(page)["Cache-Control"]


@pytest.mark.parametrize("page", ["/", "/jobs/", "/nowhere"])
def test_pages_hold_no_script_or_style_of_their_own(console: Client, page: str) -> None:
    answer = console.get(page)
    html = answer.content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_each_migration_gives_the_groups_exactly_what_their_roles_say() -> None:
    viewer, resolver = (Group.objects.get(name=name) for name in ("viewer", "resolver"))
    resolve = Permission.objects.get(codename="resolve_job")
    viewer.permissions.add(resolve)
    resolver.permissions.remove(resolve)
    roles.make("default")
    held = {role.name: Group.objects.get(name=role.name).permissions for role in roles.ROLES}
    for role in roles.ROLES:
        names = held[role.name].values_list("content_type__app_label", "codename")
        assert {".".join(name) for name in names} == set(role.permissions), role.name
