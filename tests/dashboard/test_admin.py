"""Settings: secrets go in and never come out, history is only read."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from connector.models import Event, Job, MappedRecord, NetSuiteAccount, StripeAccount
from tests.factories import (
    AttemptFactory,
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    NetSuiteAccountFactory,
    StripeAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_page(db: None) -> Client:
    """The browser of somebody who may change everything."""
    client = Client()
    client.force_login(UserFactory.create(is_superuser=True))
    return client


def filled(account: StripeAccount, **changes: Any) -> dict[str, Any]:
    """What the form would send back if nothing but `changes` was typed."""
    values = {name: value for name, value in model_to_dict(account).items() if value not in (None, False)}
    for name in ("stripe_api_key", "stripe_webhook_secret", "stripe_webhook_secret_previous"):
        values[name] = ""
    return values | {"bank_accounts": "{}", "initial-bank_accounts": "{}"} | changes


def save(client: Client, account: StripeAccount, **changes: Any) -> Any:
    page = reverse("admin:connector_stripeaccount_change", args=[account.pk])
    return client.post(page, filled(account, **changes))


def test_a_stored_secret_is_never_on_the_page(settings_page: Client) -> None:
    account = StripeAccountFactory.create(key="rk_live_do_not_show")
    stored = StripeAccount.objects.get(pk=account.pk)
    for page in (
        reverse("admin:connector_stripeaccount_change", args=[account.pk]),
        reverse("admin:connector_stripeaccount_changelist"),
    ):
        html = settings_page.get(page).content.decode()
        assert "rk_live_do_not_show" not in html
        assert stored.stripe_api_key.token not in html


def test_the_page_says_whether_a_secret_is_stored(settings_page: Client) -> None:
    account = StripeAccountFactory.create()
    page = reverse("admin:connector_stripeaccount_change", args=[account.pk])
    html = settings_page.get(page).content.decode()
    assert "One is stored. A restricted key" in html
    assert "None is stored. From the webhook endpoint" in html


def test_an_empty_box_keeps_the_secret(settings_page: Client) -> None:
    account = StripeAccountFactory.create(key="rk_live_old")
    assert save(settings_page, account, time_zone="Europe/Berlin").status_code == 302
    kept = StripeAccount.objects.get(pk=account.pk)
    assert (kept.stripe_api_key.reveal(), kept.time_zone) == ("rk_live_old", "Europe/Berlin")


def test_a_typed_secret_replaces_the_old_one_and_is_not_in_the_log(settings_page: Client) -> None:
    account = StripeAccountFactory.create(key="rk_live_old")
    assert save(settings_page, account, stripe_api_key="rk_live_new").status_code == 302
    assert StripeAccount.objects.get(pk=account.pk).stripe_api_key.reveal() == "rk_live_new"
    entry = LogEntry.objects.get()
    assert "rk_live" not in entry.change_message
    assert entry.get_change_message() == "Changed Secret key."


def test_a_secret_can_be_cleared(settings_page: Client) -> None:
    account = StripeAccountFactory.create()
    assert save(settings_page, account, clear_stripe_api_key="on").status_code == 302
    assert not StripeAccount.objects.get(pk=account.pk).stripe_api_key


def test_typing_and_clearing_at_once_is_asked_about(settings_page: Client) -> None:
    account = StripeAccountFactory.create(key="rk_live_old")
    answer = save(settings_page, account, clear_stripe_api_key="on", stripe_api_key="rk_live_new")
    assert "not both" in answer.content.decode()
    assert "rk_live_new" not in answer.content.decode()
    assert StripeAccount.objects.get(pk=account.pk).stripe_api_key.reveal() == "rk_live_old"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("time_zone", "Mars/Olympus", "is not a time zone"),
        ("bank_accounts", '{"usd": "1"}', "is not a currency code"),
        ("bank_accounts", '["1"]', "one bank account for each currency"),
        ("income_account", "four", "digits only"),
        ("name", "with space", "Enter a valid"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_in_words(
    settings_page: Client, field: str, value: str, sentence: str
) -> None:
    account = StripeAccountFactory.create()
    assert sentence in save(settings_page, account, **{field: value}).content.decode()


def test_a_new_netsuite_account_is_saved_with_its_secrets(settings_page: Client) -> None:
    typed = {
        "name": "books",
        "netsuite_account_id": "1234567",
        "netsuite_consumer_key": "key",
        "netsuite_consumer_secret": "secret",
        "netsuite_token_id": "token",
        "netsuite_token_secret": "do-not-show",
        "netsuite_concurrency": "4",
        "netsuite_version": "2025_2",
        "netsuite_base_url": "",
    }
    answer = settings_page.post(reverse("admin:connector_netsuiteaccount_add"), typed)
    assert answer.status_code == 302
    account = NetSuiteAccount.objects.get()
    assert account.netsuite_token_secret.reveal() == "do-not-show"
    page = settings_page.get(reverse("admin:connector_netsuiteaccount_change", args=[account.pk]))
    assert "do-not-show" not in page.content.decode()


def test_every_setting_of_an_account_can_be_reached() -> None:
    for model in (StripeAccount, NetSuiteAccount):
        shown: set[str] = set()
        for _, options in admin.site.get_model_admin(model).fieldsets or ():
            for field in options["fields"]:
                shown |= {field} if isinstance(field, str) else set(field)
        editable = {field.name for field in model._meta.fields if field.editable and not field.primary_key}
        assert editable <= shown


@pytest.mark.parametrize("factory", [EventFactory, JobFactory, AttemptFactory, MappedRecordFactory])
def test_history_can_be_read_but_not_changed(settings_page: Client, factory: Any) -> None:
    row = factory.create()
    name = row._meta.model_name
    one = reverse(f"admin:connector_{name}_change", args=[row.pk])
    assert settings_page.get(reverse(f"admin:connector_{name}_changelist")).status_code == 200
    assert settings_page.get(one).status_code == 200
    assert settings_page.post(one, {}).status_code == 403
    assert settings_page.get(reverse(f"admin:connector_{name}_add")).status_code == 403
    assert settings_page.post(reverse(f"admin:connector_{name}_delete", args=[row.pk])).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_netsuite_account_in_use_is_not_deleted_with_its_history(settings_page: Client) -> None:
    books = NetSuiteAccountFactory.create()
    StripeAccountFactory.create(netsuite_account=books)
    page = reverse("admin:connector_netsuiteaccount_delete", args=[books.pk])
    settings_page.post(page, {"post": "yes"})
    assert NetSuiteAccount.objects.filter(pk=books.pk).exists()


def test_the_queues_own_tables_are_not_in_the_menu(settings_page: Client) -> None:
    assert {model._meta.app_label for model in admin.site._registry} == {"auth", "connector"}
    html = settings_page.get(reverse("admin:index")).content.decode()
    assert "SuiteSync" in html
    assert "Django administration" not in html


def test_history_models_are_all_registered() -> None:
    assert {Event, Job, MappedRecord} <= set(admin.site._registry)
