"""Settings: secrets go in and never come out, history is only read."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db.models.signals import pre_save
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Success

from connector.engine import roles
from connector.models import AuditEntry, Event, Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.models.audit import Verb
from tests.factories import (
    PASSWORD,
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


def test_a_pause_that_begins_while_settings_are_saved_stays(settings_page: Client) -> None:
    account = StripeAccountFactory.create()

    def pause(**_: Any) -> None:
        StripeAccount.objects.filter(pk=account.pk).update(paused_by="alice")

    pre_save.connect(pause, sender=StripeAccount)
    try:
        save(settings_page, account, time_zone="Europe/Berlin")
    finally:
        pre_save.disconnect(pause, sender=StripeAccount)
    kept = StripeAccount.objects.get(pk=account.pk)
    assert (kept.paused_by, kept.time_zone) == ("alice", "Europe/Berlin")


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


def test_the_admin_bears_our_name(settings_page: Client) -> None:
    html = settings_page.get(reverse("admin:index")).content.decode()
    assert "SuiteSync" in html
    assert "Django administration" not in html
    assert "Times in UTC" in html


# Roles, and what is written down of changes


@pytest.fixture
def visitors(db: None) -> dict[str, Client]:
    """A browser for each role, for staff without one, and for a superuser."""
    users = {role.name: UserFactory.create(roles=[role.name]) for role in roles.ROLES}
    users |= {"none": UserFactory.create(), "superuser": UserFactory.create(is_superuser=True)}
    clients = {words: Client() for words in users}
    for words, client in clients.items():
        client.force_login(users[words])
    return clients


ROLES = {role.name for role in roles.ROLES}
SHOWN_TO = {
    "admin:connector_job_changelist": {*ROLES, "superuser"},
    "admin:connector_auditentry_changelist": {*ROLES, "superuser"},
    "admin:connector_stripeaccount_changelist": {*ROLES, "superuser"},
    "admin:connector_stripeaccount_add": {"settings", "superuser"},
    "admin:connector_netsuiteaccount_add": {"settings", "superuser"},
    "admin:auth_user_changelist": {"superuser"},
    "admin:auth_group_changelist": {"superuser"},
    "admin:django_q_ormq_changelist": {"engineer", "superuser"},
    "admin:django_q_failure_changelist": {"engineer", "superuser"},
    "admin:django_q_success_changelist": {"engineer", "superuser"},
    "admin:django_q_schedule_changelist": {"engineer", "superuser"},
    "admin:app_list django_q": {"engineer", "superuser"},
    "admin:django_q_schedule_add": set(),
}


@pytest.mark.parametrize("page", SHOWN_TO)
def test_the_admins_pages_are_for_the_roles_that_need_them(visitors: dict[str, Client], page: str) -> None:
    name, *app = page.split()
    answers = {words: client.get(reverse(name, args=app)) for words, client in visitors.items()}
    assert {words for words, answer in answers.items() if answer.status_code == 200} == SHOWN_TO[page]


def test_an_accounts_settings_are_changed_by_one_role_alone(visitors: dict[str, Client]) -> None:
    account = StripeAccountFactory.create()
    for number, (words, client) in enumerate(visitors.items(), start=1):
        zone = f"Etc/GMT-{number}"
        done = save(client, account, time_zone=zone).status_code == 302
        account.refresh_from_db()
        assert done == (account.time_zone == zone) == (words in ("settings", "superuser"))
    check = reverse("admin:connector_stripeaccount_check_fields")
    assert visitors["viewer"].post(check, {}).status_code == 403


def test_the_queue_can_be_looked_at_and_not_changed(visitors: dict[str, Client]) -> None:
    schedule = Schedule.objects.get(name="sweep")
    one = reverse("admin:django_q_schedule_change", args=[schedule.pk])
    client = visitors["engineer"]
    assert client.get(one).status_code == 200
    assert client.post(one, {"name": "x"}).status_code == 403
    actions = {"action": "delete_selected", "_selected_action": [schedule.pk], "post": "yes"}
    client.post(reverse("admin:django_q_schedule_changelist"), actions)
    assert Schedule.objects.filter(pk=schedule.pk).exists()
    moment = timezone.now()
    done = Success.objects.create(
        id="1", name="swept", func="connector.tasks.sweep", started=moment, stopped=moment
    )
    actions = {"action": "resubmit_task", "_selected_action": [done.pk]}
    client.post(reverse("admin:django_q_success_changelist"), actions)
    assert not OrmQ.objects.exists()


def test_a_changed_setting_is_written_down_old_and_new_without_secrets(settings_page: Client) -> None:
    account = StripeAccountFactory.create(name="acme", key="rk_live_old")
    typed = {"time_zone": "Asia/Tokyo", "stripe_api_key": "rk_live_new", "stripe_webhook_secret": "whsec_1"}
    save(settings_page, account, **typed)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.account, entry.subject) == (Verb.CHANGE_SETTINGS, account, "acme")
    assert entry.before == {
        "time_zone": "America/New_York",
        "stripe_api_key": "stored",
        "stripe_webhook_secret": "",
    }
    assert entry.after == {
        "time_zone": "Asia/Tokyo",
        "stripe_api_key": "replaced",
        "stripe_webhook_secret": "stored",
    }
    save(settings_page, StripeAccount.objects.get())
    save(settings_page, account, time_zone="Mars/Olympus")
    assert AuditEntry.objects.count() == 1


def test_who_let_whom_do_what_is_written_down(settings_page: Client) -> None:
    page = reverse("admin:auth_user_add")
    typed = {"username": "vera", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert settings_page.post(page, typed).status_code == 302
    vera = User.objects.get(username="vera")
    approver = Group.objects.get(name="approver")
    one = reverse("admin:auth_user_change", args=[vera.pk])
    typed = {"username": "vera", "is_active": "on", "is_staff": "on", "groups": str(approver.pk)}
    joined = {"date_joined_0": "2026-11-18", "date_joined_1": "12:00:00"}
    assert settings_page.post(one, typed | joined).status_code == 302
    new = {"password1": f"{PASSWORD}!", "password2": f"{PASSWORD}!", "usable_password": "true"}
    assert (
        settings_page.post(reverse("admin:auth_user_password_change", args=[vera.pk]), new).status_code == 302
    )
    settings_page.post(reverse("admin:auth_user_delete", args=[vera.pk]), {"post": "yes"})
    made, let, password, gone = AuditEntry.objects.order_by("pk")
    assert {entry.subject for entry in (made, let, password, gone)} == {"user vera"}
    assert {entry.verb for entry in (made, let, password, gone)} == {Verb.CHANGE_PERSON}
    assert made.after["username"] == "vera"
    assert {"password", "last_login"}.isdisjoint({*made.after, *let.after, *gone.before})
    assert (let.before["roles"], let.after["roles"]) == ([], ["approver"])
    assert (let.before["is_staff"], let.after["is_staff"]) == (False, True)
    assert password.after == {"password": "replaced"}
    assert (gone.before["roles"], gone.after) == (["approver"], {})
    assert PASSWORD not in str([(entry.before, entry.after) for entry in AuditEntry.objects.all()])


def test_rows_removed_together_are_written_down_each(settings_page: Client) -> None:
    books = [NetSuiteAccountFactory.create(name=name) for name in ("north", "south")]
    typed = {"action": "delete_selected", "_selected_action": [row.pk for row in books], "post": "yes"}
    settings_page.post(reverse("admin:connector_netsuiteaccount_changelist"), typed)
    told = AuditEntry.objects.filter(verb=Verb.REMOVE_ACCOUNT).values_list("subject", flat=True)
    assert set(told) == {"NetSuite account north", "NetSuite account south"}
    assert not NetSuiteAccount.objects.exists()


def test_history_models_are_all_registered() -> None:
    assert {AuditEntry, Event, Job, MappedRecord} <= set(admin.site._registry)


# Fields of NetSuite records


@pytest.mark.rule("FM-1")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("field_defaults", '{"invoice": {"class": 5}}', "Did you mean “klass_id”?"),
        ("field_defaults", '{"invoice": {"amount": 5}}', "it carries money"),
        ("field_mappings", '{"invoice": {"metadata.x": "tran_date"}}', "where or when the record posts"),
        ("field_mappings", '{"invoice": ', "Enter a valid JSON"),
        ("field_defaults", '{"invoice": {"memo": "a", "memo": "b"}}', "“memo” is written twice"),
        ("field_defaults", '{"invoice": {}, "invoice": {}}', "“invoice” is written twice"),
        ("field_defaults", '{"invoice": {"memo": "a\\u0000b"}}', "characters that cannot be kept"),
        ("field_defaults", '{"invoice": {"memo": "\\ud800"}}', "characters that cannot be kept"),
        ("field_mappings", '{"invoice": {"metadata.\\u0001": "memo"}}', "characters that cannot be kept"),
        ("field_defaults", "[" * 100_000, "nested too deeply"),
        ("field_defaults", '{"invoice": {"custbody_a": ' + "9" * 5_000 + "}}", "Exceeds the limit"),
        ("bank_accounts", '{"USD": "1", "USD": "2"}', "“USD” is written twice"),
    ],
)
def test_a_field_that_cannot_be_filled_is_refused_by_its_key(
    settings_page: Client, field: str, value: str, sentence: str
) -> None:
    account = StripeAccountFactory.create()
    assert sentence in save(settings_page, account, **{field: value}).content.decode()
    account.refresh_from_db()
    assert getattr(account, field) == {}


@pytest.mark.rule("FM-1")
def test_fields_are_saved_and_said_back_in_words(settings_page: Client) -> None:
    account = StripeAccountFactory.create()
    typed = {
        "field_defaults": '{"invoice": {"klass_id": 5, "memo": null}}',
        "field_mappings": '{"customer": {"metadata.region": "custentity_region"}}',
    }
    assert save(settings_page, account, **typed).status_code == 302
    page = reverse("admin:connector_stripeaccount_change", args=[account.pk])
    html = settings_page.get(page).content.decode()
    for words in ("class (record)", "always 5", "nothing: it is cleared", "Stripe’s metadata.region"):
        assert words in html
    assert "<script>" not in html.replace(" ", "")


@pytest.mark.rule("FM-1")
def test_fields_are_checked_while_they_are_written_and_not_saved(settings_page: Client) -> None:
    account = StripeAccountFactory.create()
    page = reverse("admin:connector_stripeaccount_check_fields")
    typed = {"field_defaults": '{"invoice": {"colour": 1, "klass_id": 5}}', "field_mappings": '{"inv'}
    html = settings_page.post(page, typed).content.decode()
    assert "“colour” is no field of invoice" in html
    assert "Values from Stripe: this is not JSON yet." in html
    assert "always 5" in html
    account.refresh_from_db()
    assert account.field_defaults == {}
    assert settings_page.get(page).status_code == 405


def test_the_check_of_fields_is_for_those_who_may_sign_in() -> None:
    answer = Client().post(reverse("admin:connector_stripeaccount_check_fields"), {})
    assert answer.status_code == 302
