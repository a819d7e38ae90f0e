"""Settings: every setting is there, a change is seen before it is saved, kept with its name, and undone."""

from __future__ import annotations

import json
import re
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client

from connector.engine import account_settings
from connector.models import AuditEntry, Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.rulebook import RULES
from connector.sandbox.server import Server
from dashboard.setting_tabs import BY_NAME, TABS
from tests.crowd import at_once
from tests.factories import JobFactory, StripeAccountFactory, UserFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db
BUTTONS = ("save", "try", "credentials", "test", "check-fields")


@pytest.fixture
def keeper(db: None) -> Client:
    """The browser of Kim, who may change settings."""
    kim = UserFactory.create(username="kim")
    kim.groups.add(Group.objects.get(name="settings"))
    client = Client()
    client.force_login(kim)
    return client


def html(answer: Any) -> str:
    return str(answer.content.decode())


def typed(account: StripeAccount, tab: str, **changes: str) -> dict[str, str]:
    """What a tab sends back if nothing but `changes` was typed."""
    held = account_settings.values(StripeAccount.objects.get(pk=account.pk))
    data = {"seen": account_settings.version(StripeAccount.objects.get(pk=account.pk))}
    for one in next(each for each in TABS if each.key == tab).settings:
        value = held[one.name]
        if account_settings.is_secret(one.name) or value in (None, False):
            continue
        if isinstance(value, dict) and one.lookup:
            data |= {f"{one.name}:{key}": account_id for key, account_id in value.items()}
        else:
            data[one.name] = json.dumps(value) if isinstance(value, dict) else str(value)
    return data | changes


def review(keeper: Client, account: StripeAccount, tab: str, **changes: str) -> HttpResponse:
    return keeper.post(f"/settings/{account.name}/{tab}/", typed(account, tab, **changes))  # type: ignore[return-value]


def draft(account: StripeAccount, **values: object) -> dict[str, str]:
    """What the page before saving sends."""
    now = StripeAccount.objects.get(pk=account.pk)
    return {"draft": json.dumps(values), "seen": account_settings.version(now), "reason": ""}


def save(keeper: Client, account: StripeAccount, reason: str = "", **values: object) -> str:
    sent = draft(account, **values) | {"reason": reason}
    return html(keeper.post(f"/settings/{account.name}/save/", sent, follow=True))


# What is on the pages


def test_every_setting_stands_on_one_tab_with_its_help_and_its_rules(
    keeper: Client, acme: StripeAccount
) -> None:
    assert sorted(one.name for tab in TABS for one in tab.settings) == sorted(account_settings.fields())
    assert all(one.affects and one.example for one in BY_NAME.values())
    pages = {tab.key: html(keeper.get(f"/settings/acme/{tab.key}/")) for tab in TABS}
    for tab in TABS:
        for one in tab.settings:
            assert f'id="{one.name}"' in pages[tab.key], one.name
    for rule in RULES.values():
        for name in rule.settings:
            tab = next(tab for tab in TABS if BY_NAME[name] in tab.settings)
            part = pages[tab.key].split(f'id="{name}"', 1)[1].split('class="inside setting"', 1)[0]
            assert f"#{rule.id}" in part, (name, rule.id)


def test_a_required_account_that_is_empty_needs_choosing(keeper: Client, acme: StripeAccount) -> None:
    page = html(keeper.get("/settings/acme/accounts/"))
    assert page.count("Needs choosing") == 5
    StripeAccount.objects.update(income_account="54", bank_accounts={"USD": "1"})
    assert html(keeper.get("/settings/acme/accounts/")).count("Needs choosing") == 3
    assert "to choose" in html(keeper.get("/settings/"))


def test_secrets_go_in_and_never_come_out(keeper: Client, acme: StripeAccount) -> None:
    stored = StripeAccount.objects.get()
    page = html(keeper.get("/settings/acme/"))
    assert "Stored on" in page
    assert page.count("<p>Not set</p>") == 6
    for kind in ("whsec_do_not_show", ""):
        sent = {"seen": account_settings.version(StripeAccount.objects.get()), "reason": "rolled"}
        sent |= {"stripe_webhook_secret": kind} if kind else {"clear_stripe_webhook_secret": "on"}
        page = html(keeper.post("/settings/acme/credentials/", sent, follow=True))
        assert StripeAccount.objects.get().stripe_webhook_secret.reveal() == kind
        page += html(keeper.get("/settings/acme/changes/"))
        assert "do_not_show" not in page
        assert stored.stripe_api_key.token not in page
    assert StripeAccount.objects.get().stripe_api_key == stored.stripe_api_key
    assert "do_not_show" not in str(list(AuditEntry.objects.values()))
    assert [entry.reason for entry in AuditEntry.objects.all()] == ["rolled", "rolled"]


def test_a_credential_is_replaced_or_cleared_not_both(keeper: Client, acme: StripeAccount) -> None:
    sent = {
        "seen": account_settings.version(StripeAccount.objects.get()),
        "stripe_api_key": "rk_live_new",
        "clear_stripe_api_key": "on",
    }
    answer = keeper.post("/settings/acme/credentials/", sent)
    assert "not both" in html(answer)
    assert "rk_live_new" not in html(answer)
    assert StripeAccount.objects.get().stripe_api_key.reveal() == "rk_live_throwaway"


# Before saving, and saving


@pytest.mark.parametrize(
    ("tab", "name", "value", "old", "new"),
    [
        ("copy", "time_zone", "Europe/Berlin", "America/New_York", "Europe/Berlin"),
        ("copy", "sync_start_date", "2026-01-01", "not set", "1 Jan 2026"),
        ("copy", "sync_trial_invoices", "on", "off", "on"),
        ("accounts", "income_account", "54", "not set", "54"),
        ("accounts", "bank_accounts:EUR", "7", "not set", "EUR 7"),
        ("rules", "closed_period_policy", "next_open", "Hold it for a person", "Date it on the first day"),
        ("fields", "field_defaults", '{"invoice": {"klass_id": 5}}', "not set", "klass_id"),
        ("connections", "netsuite_concurrency", "2", "4", "2"),
    ],
)
def test_a_change_is_shown_old_and_new_and_saved_on_the_next_page(
    tab: str, name: str, value: str, old: str, new: str, keeper: Client, acme: StripeAccount
) -> None:
    page = html(review(keeper, acme, tab, **{name: value}))
    assert "What this changes" in page
    assert "<strong>" + new in page or new in page
    assert old in page
    before = account_settings.version(StripeAccount.objects.get())
    assert AuditEntry.objects.count() == 0

    from html import unescape

    kept = unescape(page.split('name="draft" value="', 1)[1].split('"', 1)[0])
    answer = keeper.post(
        "/settings/acme/save/", {"draft": kept, "seen": before, "reason": "As agreed"}, follow=True
    )
    assert "1 setting saved" in html(answer)
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.verb, entry.reason) == ("kim", "change_settings", "As agreed")
    assert list(entry.after) == [name.partition(":")[0]]
    assert account_settings.version(StripeAccount.objects.get()) != before
    assert html(keeper.post("/settings/acme/save/", {"draft": kept, "seen": before}, follow=True)).count(
        "changed since you opened"
    )
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("tab", "name", "value", "told"),
    [
        ("copy", "time_zone", "Atlantis", "is not a time zone"),
        ("accounts", "income_account", "Income", "digits only"),
        ("accounts", "bank_accounts:EUR", "Bank", "must be NetSuite’s internal id"),
        ("rules", "item_match_stripe_field", "nickname", "on both sides, or on neither"),
        ("fields", "field_defaults", '{"invoice": ', "Enter a valid JSON"),
        ("connections", "netsuite_concurrency", "0", "greater than or equal to 1"),
    ],
)
def test_what_the_model_refuses_is_said_beside_the_box(
    tab: str, name: str, value: str, told: str, keeper: Client, acme: StripeAccount
) -> None:
    answer = review(keeper, acme, tab, **{name: value})
    page = html(answer).replace("&#x27;", "’")
    assert told in page
    assert value.partition('"')[0] in page
    assert AuditEntry.objects.count() == 0


def test_a_currency_is_added_to_the_banks_and_taken_away(keeper: Client, acme: StripeAccount) -> None:
    StripeAccount.objects.update(bank_accounts={"EUR": "7"})
    changes = {"bank_accounts+key": "USD", "bank_accounts+value": "8", "bank_accounts:EUR": ""}
    page = html(review(keeper, acme, "accounts", **changes))
    assert "USD 8" in page
    save(keeper, acme, bank_accounts={"USD": "8"})
    assert StripeAccount.objects.get().bank_accounts == {"USD": "8"}


def test_what_would_change_nothing_is_told_so(keeper: Client, acme: StripeAccount) -> None:
    answer = keeper.post("/settings/acme/copy/", typed(acme, "copy"), follow=True)
    assert "Nothing would change" in html(answer)
    assert "Nothing was changed" in save(keeper, acme, time_zone="America/New_York")


def test_a_page_that_is_stale_saves_nothing_and_says_who_was_faster(
    keeper: Client, acme: StripeAccount
) -> None:
    old = draft(acme, time_zone="Asia/Tokyo")
    form = typed(acme, "copy", time_zone="Asia/Tokyo")
    save(keeper, acme, time_zone="Europe/Berlin")
    for address, sent in (("save", old), ("copy", form), ("credentials", {**old, "stripe_api_key": "x"})):
        page = html(keeper.post(f"/settings/acme/{address}/", sent, follow=True))
        assert "kim changed some on" in page
    assert StripeAccount.objects.get().time_zone == "Europe/Berlin"
    assert AuditEntry.objects.count() == 1


def test_a_setting_of_the_netsuite_account_names_the_others_that_share_it(
    keeper: Client, acme: StripeAccount
) -> None:
    StripeAccountFactory.create(name="acme-eu", netsuite_account=acme.netsuite_account)
    assert "acme-eu too" in html(review(keeper, acme, "connections", netsuite_concurrency="2"))
    save(keeper, acme, netsuite_concurrency=2)
    assert NetSuiteAccount.objects.get().netsuite_concurrency == 2


def test_records_that_waited_for_a_choice_are_offered(keeper: Client, acme: StripeAccount) -> None:
    for _ in range(2):
        JobFactory.create(
            account=acme, status=Job.Status.NEEDS_ATTENTION, code="undeposited_funds_account_missing"
        )
    page = save(keeper, acme, undeposited_funds_account="116")
    assert "2 records waited for this and can be tried again" in page
    assert "waited for this" not in save(keeper, acme, time_zone="UTC")
    User.objects.get(username="kim").groups.add(Group.objects.get(name="resolver"))
    page = save(keeper, acme, undeposited_funds_account="117")
    (offer,) = re.findall(r'2 records waited for this. <a href="([^"]+)">Try them now\?', page)
    assert "Try again: 2 records" in html(keeper.get(unescape(offer)))


def test_changes_are_listed_and_an_old_state_comes_back_through_the_same_page(
    keeper: Client, acme: StripeAccount
) -> None:
    save(keeper, acme, "Berlin moved", time_zone="Europe/Berlin", sync_trial_invoices=True)
    page = html(keeper.get("/settings/acme/changes/"))
    for told in ("kim", "Berlin moved", "Europe/Berlin", "America/New_York", "Restore"):
        assert told in page
    entry = AuditEntry.objects.get()
    page = html(keeper.get(f"/settings/acme/restore/{entry.pk}/"))
    assert "What this changes" in page
    assert "As it was before" in page
    assert StripeAccount.objects.get().time_zone == "Europe/Berlin"
    save(keeper, acme, **entry.before)
    assert StripeAccount.objects.get().time_zone == "America/New_York"
    assert AuditEntry.objects.count() == 2
    StripeAccountFactory.create(name="globex")
    assert "Berlin moved" not in html(keeper.get("/settings/globex/changes/"))
    assert keeper.get(f"/settings/globex/restore/{entry.pk}/").status_code == 404


def test_what_is_of_netsuites_company_takes_the_right_to_change_that_too(
    client: Client, acme: StripeAccount
) -> None:
    mara = UserFactory.create(username="mara")
    mara.user_permissions.add(Permission.objects.get(codename="change_stripeaccount"))
    client.force_login(mara)
    token = {"netsuite_token_secret": "x", "seen": account_settings.version(acme)}
    assert client.post("/settings/acme/credentials/", token).status_code == 403
    assert client.post("/settings/acme/save/", draft(acme, netsuite_concurrency=2)).status_code == 403
    assert client.post("/set-up/acme/netsuite/", {"act": "look"}).status_code == 403
    assert client.post("/settings/acme/save/", draft(acme, time_zone="UTC")).status_code == 302
    (entry,) = AuditEntry.objects.all()
    assert entry.after == {"time_zone": "UTC"}


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_that_change_their_netsuite_at_once_one_does(acme: StripeAccount) -> None:
    twin = StripeAccountFactory.create(netsuite_account=acme.netsuite_account)

    def change(account: StripeAccount, seen: str, number: int) -> bool:
        wanted = {"netsuite_concurrency": number}
        try:
            return bool(account_settings.save(account, wanted, who="kim", reason="", seen=seen))
        except account_settings.Stale:
            return False

    each = [partial(change, one, account_settings.version(one), n) for n, one in enumerate((acme, twin), 2)]
    assert sorted(at_once(*each)) == [False, True]
    assert AuditEntry.objects.count() == 1


def test_of_a_credential_nothing_is_restored(keeper: Client, acme: StripeAccount) -> None:
    seen = account_settings.version(acme)
    wanted = {"stripe_api_key": "rk_live_new", "time_zone": "UTC"}
    account_settings.save(acme, wanted, who="kim", reason="Rolled", seen=seen)
    entry = AuditEntry.objects.get()
    assert account_settings.restorable(entry) == {"time_zone": "America/New_York"}
    page = html(keeper.get(f"/settings/acme/restore/{entry.pk}/"))
    assert "America/New_York" in page
    assert "stripe_api_key" not in page


def test_what_was_typed_comes_back_to_the_tab(keeper: Client, acme: StripeAccount) -> None:
    page = html(keeper.post("/settings/acme/copy/", draft(acme, time_zone="Asia/Tokyo")))
    assert 'value="Asia/Tokyo"' in page
    assert StripeAccount.objects.get().time_zone == "America/New_York"


def kept() -> list[list[dict[str, Any]]]:
    """What our own tables hold."""
    models: tuple[Any, ...] = (Job, MappedRecord, StripeAccount, NetSuiteAccount)
    return [list(model.objects.order_by("pk").values()) for model in models]


# Who may, and what is not there


def test_without_the_role_everything_can_be_seen_and_nothing_changed(
    console: Client, acme: StripeAccount
) -> None:
    for tab in TABS:
        page = html(console.get(f"/settings/acme/{tab.key}/"))
        assert "people with the role settings can do this." in page.lower()
        assert "See what this changes" not in page
        assert "Store credentials" not in page
    before = account_settings.version(StripeAccount.objects.get())
    for button in (*BUTTONS, "copy"):
        sent = draft(acme, time_zone="UTC") | {"time_zone": "UTC", "stripe_api_key": "x"}
        answer = console.post(f"/settings/acme/{button}/", sent)
        assert answer.status_code == 403, button
    assert console.get("/settings/acme/restore/1/").status_code == 403
    assert account_settings.version(StripeAccount.objects.get()) == before


def test_wrong_methods_and_unknown_addresses(keeper: Client, acme: StripeAccount) -> None:
    for button in BUTTONS:
        assert keeper.get(f"/settings/acme/{button}/").status_code == 405, button
        assert keeper.post(f"/settings/nobody/{button}/").status_code == 404, button
    for address in ("/settings/nobody/", "/settings/acme/weather/", "/settings/acme/restore/99/"):
        assert keeper.get(address).status_code == 404, address
    for address in ("/settings/", "/settings/acme/changes/"):
        assert keeper.post(address).status_code == 405, address


def test_a_draft_that_makes_no_sense_saves_nothing(keeper: Client, acme: StripeAccount) -> None:
    for text in ("", "[]", "{", '{"nickname": 1}', '{"stripe_api_key": "x"}', '{"time_zone": {}}'):
        for button in ("save", "try"):
            sent = draft(acme) | {"draft": text}
            page = html(keeper.post(f"/settings/acme/{button}/", sent, follow=True))
            assert "Nothing was saved" in page or "nothing was saved" in page, text
    assert AuditEntry.objects.count() == 0


def test_each_page_asks_the_database_little(
    keeper: Client, acme: StripeAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        save(keeper, acme, netsuite_concurrency=2 + number % 2)
    for address in ("", "acme/", "acme/accounts/", "acme/changes/"):
        with django_assert_max_num_queries(12):
            assert keeper.get(f"/settings/{address}").status_code == 200


# Beside NetSuite and Stripe


def test_accounts_are_chosen_from_what_netsuite_has(keeper: Client, account: StripeAccount) -> None:
    chosen = account.income_account
    StripeAccount.objects.update(income_account="")
    sent = typed(account, "accounts", look_up="income_account", tax_account="77")
    page = html(keeper.post("/settings/acme/accounts/", sent))
    part = page.split('id="income_account"', 1)[1].split('id="deferred_revenue_account"', 1)[0]
    assert f'<option value="{chosen}">4000 Income ({chosen})</option>' in part
    assert "Undeposited Funds" not in part
    assert 'value="77"' in page
    save(keeper, account, income_account=chosen)
    assert "4000 Income" in html(keeper.get("/settings/acme/accounts/"))
    assert f"4000 Income ({chosen})" in html(keeper.get("/settings/acme/changes/"))


def test_all_of_a_tab_is_looked_up_at_once(keeper: Client, account: StripeAccount, sandbox: Server) -> None:
    keeper.post("/settings/acme/test/")  # it learns the currencies of the bank accounts
    page = html(keeper.post("/settings/acme/accounts/", typed(account, "accounts", look_up="all")))
    assert "1200 Undeposited Funds" in page
    for currency, bank in account.bank_accounts.items():
        part = page.split(f'id="id_bank_accounts:{currency}"', 1)[1].split("</select>", 1)[0]
        assert f'<option value="{bank}" selected>' in part
        assert part.count(" Bank ") == 1
    assert "Parent Company" in page
    assert sandbox.world.netsuite.writes == 0


def test_a_netsuite_that_is_away_leaves_the_box_to_type_in(keeper: Client, account: StripeAccount) -> None:
    NetSuiteAccount.objects.update(netsuite_base_url="http://127.0.0.1:9/netsuite")
    sent = typed(account, "accounts", look_up="income_account")
    page = html(keeper.post("/settings/acme/accounts/", sent))
    part = page.split('id="income_account"', 1)[1].split('id="deferred_revenue_account"', 1)[0]
    assert "You can still type the internal id." in part
    assert f'value="{account.income_account}"' in part


def test_the_connection_test_names_what_is_missing_and_leads_to_the_setting(
    keeper: Client, account: StripeAccount, sandbox: Server
) -> None:
    assert "All is well" in html(keeper.post("/settings/acme/test/"))
    sandbox.world.stripe.withheld |= {"charges", "credit_notes"}
    sandbox.world.netsuite.user.withhold("creditMemo")
    StripeAccount.objects.update(income_account="")
    page, well = html(keeper.post("/settings/acme/test/")).split('id="well"')
    assert "may not read Credit notes, Charges and Refunds" in page
    assert "permission to read credit memo" in page
    assert "permission to read invoice" in well
    assert "<strong>Income</strong>" in page
    assert 'href="/settings/acme/accounts/#income_account"' in page
    assert "--set" not in page


def test_a_change_is_tried_on_the_newest_invoice_and_writes_nothing(
    keeper: Client, stage: Stage, sandbox: Server
) -> None:
    stage.play("subscription_invoice_paid")
    invoice = MappedRecord.objects.filter(record_type="invoice").latest("mapped_at").stripe_id
    books, writes = sandbox.world.netsuite.books_text(), sandbox.world.netsuite.writes
    events = len(sandbox.world.stripe.events())
    rows = kept()
    other = sandbox.world.netsuite.ledger_account("5050")
    wanted = draft(stage.account, undeposited_funds_account=other)

    page = html(keeper.post("/settings/acme/try/", wanted))

    assert invoice in page
    assert f"Undeposited Funds ({stage.account.undeposited_funds_account})" in page
    assert f"Undeposited Funds ({other})" in page
    assert "differs in the entries" in page
    assert "stays the same" in page
    page = html(keeper.post("/settings/acme/try/", draft(stage.account, sync_trial_invoices=True)))
    assert "booked just the same" in page
    page = html(keeper.post("/settings/acme/try/", wanted | {"subject": "in_unknown"}))
    assert "in_unknown" in page
    assert (sandbox.world.netsuite.books_text(), sandbox.world.netsuite.writes) == (books, writes)
    assert len(sandbox.world.stripe.events()) == events
    assert kept() == rows
    assert AuditEntry.objects.filter(who="kim").count() == 0
