"""Every button of the console: pressed it works, pressed twice it is as once, without its record it is 404.

That each asks for its permission and its method is in `test_access`. A new address that takes a POST fails
here until it has a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from connector.engine import account_settings, actions, messages, month_close, months, past_records
from connector.models import Backfill, BackfillLook, Job, MonthClose, SavedView, Settlement, StripeAccount
from dashboard.standing import seen as seen_of
from tests.dashboard.test_access import TAKES, WRONG
from tests.dashboard.test_payouts import payout_of
from tests.factories import (
    PASSWORD,
    AttemptFactory,
    JobFactory,
    NetSuiteAccountFactory,
    StripeAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
S = Job.Status
NOBODY = {"pk": 987654, "account": "nobody", "name": "nobody"}
"""What names no record."""
SEPTEMBER, KINDS = date(2026, 9, 1), ["invoices"]


@dataclass(frozen=True, slots=True)
class Press:
    """What a press of a button sends: to which record, with which fields, after which question mark."""

    at: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def refused(account: StripeAccount, status: str = S.FAILED) -> Job:
    """A record that needs somebody."""
    return JobFactory.create(account=account, status=status, code="period_closed")


def duplicate(account: StripeAccount) -> Job:
    """A second payment that waits for a decision."""
    job = JobFactory.create(account=account, status=S.NEEDS_ATTENTION, code="invoice_already_paid", fence=1)
    planned = {"type": "customerPayment", "stripe_id": "ch_2", "state": "refused"}
    AttemptFactory.create(job=job, fence=1, outcome=job.status, plan={"records": [planned]})
    return job


def pausing(account: StripeAccount) -> Press:
    return Press({"name": account.name}, {"do": "pause", "why": "The year is closed.", "seen": "0"})


def viewing(account: StripeAccount) -> Press:
    return Press({}, {"name": "Mine"}, "account=acme")


def unviewing(page: str) -> Callable[[StripeAccount], Press]:
    def press(account: StripeAccount) -> Press:
        view = SavedView.objects.create(owner=User.objects.get(), page=page, name="Mine", query="")
        return Press({"pk": view.pk})

    return press


def retrying(account: StripeAccount) -> Press:
    job = refused(account)
    return Press({"pk": job.pk}, {"seen": seen_of(job)})


def bringing_one(account: StripeAccount) -> Press:
    return Press({}, {"account": account.name, "id": "in_1QxT4a"})


def taking_back(account: StripeAccount) -> Press:
    job = refused(account, S.SKIPPED)
    kind = Settlement.Kind.SKIPPED
    made = Settlement.objects.create(
        account=account, subject=job.subject, job=job, kind=kind, who="bob", why="No.", decided_at=NOW
    )
    return Press({"pk": job.pk}, {"seen": made.pk, "why": "It is to be booked after all."})


def acting(slug: str) -> Callable[[StripeAccount], Press]:
    def press(account: StripeAccount) -> Press:
        job = refused(account)
        fields = {"seen": actions.version([job]), "why": "Paid by check."}
        return Press({"slug": slug}, fields, f"job={job.pk}")

    return press


def undoing(account: StripeAccount) -> Press:
    job = refused(account)
    return Press({"pk": actions.try_again([job.pk], actions.version([job]), who="bob").pk})


def noting(account: StripeAccount) -> Press:
    refused(account)
    fields = {"do": "note", "note": "Asked our accountant.", "seen": "0"}
    return Press({"account": account.name, "code": "period_closed"}, fields)


def comparing_all(account: StripeAccount) -> Press:
    payout_of(account)
    return Press()


def comparing_one(account: StripeAccount) -> Press:
    return Press({"pk": payout_of(account).pk})


def deciding(account: StripeAccount) -> Press:
    job = duplicate(account)
    fields = {"seen": actions.version([job]), "why": "They paid ahead."}
    return Press({"pk": job.pk, "charge_id": "ch_2"}, fields)


def deciding_several(account: StripeAccount) -> Press:
    job = duplicate(account)
    fields = {"pair": f"{job.pk}.{actions.version([job])}.ch_2", "why": "They paid ahead."}
    return Press({"account": account.name, "code": job.code}, fields)


def of_month(fields: Callable[[StripeAccount], dict[str, Any]]) -> Callable[[StripeAccount], Press]:
    return lambda account: Press({"account": account.name, "month": "2026-09"}, fields(account))


def ticked(account: StripeAccount) -> dict[str, Any]:
    month = months.Month(account, SEPTEMBER)
    return {"seen": month_close.seen(months.look(month), None), "reason": "The rest is immaterial."}


def unticked(account: StripeAccount) -> dict[str, Any]:
    tick = MonthClose.objects.create(account=account, month=SEPTEMBER, who="bob", at=NOW, facts={})
    return {"seen": tick.pk, "reason": "A late invoice."}


def looking_back(account: StripeAccount) -> Press:
    return Press({}, {"account": account.name, "from": "2026-09-01", "kind": ["invoices"]})


def bringing(account: StripeAccount) -> Press:
    look = BackfillLook.objects.create(
        account=account, state=BackfillLook.State.DONE, asked_by="bob", date_from=SEPTEMBER, kinds=KINDS
    )
    return Press({"pk": look.pk})


def stopping(account: StripeAccount) -> Press:
    return Press({"pk": past_records.start(account, SEPTEMBER, None, KINDS, who="bob").pk})


def going_on(account: StripeAccount) -> Press:
    run = stopping(account)
    Backfill.objects.update(state=Backfill.State.INTERRUPTED, lease_expires_at=None)
    return run


def naming_oneself(account: StripeAccount) -> Press:
    return Press({}, {"first_name": "Alice", "last_name": "Doe", "email": "alice@example.com"})


def choosing_the_look(account: StripeAccount) -> Press:
    fields = {"theme": "dark", "time_zone": "", "numbers": "de", "shortcuts": "on"}
    return Press({}, fields)


def changing_the_password(account: StripeAccount) -> Press:
    new = "a horse of another colour"
    return Press({}, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})


def of_settings(**fields: Any) -> Callable[[StripeAccount], Press]:
    def press(account: StripeAccount) -> Press:
        sent = {"seen": account_settings.version(account), **fields}
        return Press({"name": account.name}, sent)

    return press


def telling(account: StripeAccount) -> Press:
    me = User.objects.get()
    wish = {f"{me.pk}-morning": "on", f"{me.pk}-days": "9", "version": messages.version(account)}
    return Press({"name": account.name}, wish)


NOW = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)
PRESSES: dict[str, Callable[[StripeAccount], Press]] = {
    "pause": pausing,
    "jobs_save_view": viewing,
    "jobs_remove_view": unviewing("jobs"),
    "retry": retrying,
    "take_back": taking_back,
    "needs_act": acting("try-again"),
    "needs_act, skip": acting("skip"),
    "needs_act, by hand": acting("by-hand"),
    "needs_act, open period": acting("open-period"),
    "needs_undo": undoing,
    "needs_cause": noting,
    "needs_save_view": viewing,
    "needs_remove_view": unviewing("needs"),
    "payouts_compare": comparing_all,
    "payout_compare": comparing_one,
    "decide": deciding,
    "decide_several": deciding_several,
    "month_tick": of_month(ticked),
    "month_take_back": of_month(unticked),
    "month_compare": of_month(lambda account: {}),
    "preview_bring": bringing_one,
    "past_records": looking_back,
    "past_bring": bringing,
    "past_stop": stopping,
    "past_go_on": going_on,
    "profile": naming_oneself,
    "preferences": choosing_the_look,
    "password": changing_the_password,
    "settings_save": of_settings(draft='{"payout_clearing_account": "4711"}', reason="Chosen."),
    "settings_secrets": of_settings(stripe_webhook_secret="whsec_other"),
    "settings_messages": telling,
}
"""How each button is pressed that changes rows of ours, by its address."""
LOOKS: dict[str, Callable[[StripeAccount], Press]] = {
    "settings": of_settings(),
    "settings_tab": lambda account: Press({"name": account.name, "key": "rules"}, {"seen": "old"}),
    "settings_check_fields": of_settings(field_defaults="{}", field_mappings="{}"),
}
"""Those that only look."""
PROVEN = {
    "link": "test_link.py::test_pressed_twice_it_is_linked_once",
    "settings_try": "test_settings.py::test_a_change_is_tried_on_the_newest_invoice_and_writes_nothing",
    "settings_test": "test_settings.py::"
    "test_the_connection_test_names_what_is_missing_and_leads_to_the_setting",
    "settings_mail": "test_messages.py::test_a_test_mail_says_what_the_morning_would",
    "set_up_new": "test_set_up.py::test_a_stripe_account_is_not_connected_twice_in_one_mode",
    "set_up_sample": "test_set_up.py::"
    "test_the_sample_company_is_loaded_once_with_documents_and_without_showing_its_keys",
    "set_up_stripe": "test_set_up.py::test_the_key_of_the_same_account_is_replaced_once",
    "set_up_messages": "test_set_up.py::test_the_endpoint_is_made_once_with_its_own_secret_and_removed_again",
    "set_up_netsuite": "test_set_up.py::test_a_token_is_stored_once_it_signs_in",
    "set_up_accounts": "test_set_up.py::test_accounts_are_suggested_by_name_stored_and_looked_at",
    "set_up_invoice": "test_set_up.py::"
    "test_one_invoice_is_seen_then_booked_once_and_shown_until_it_is_in_netsuite",
}
"""Those that need both sides, and the tests that press them, against the practice world."""


@pytest.fixture
def acme() -> StripeAccount:
    """An account whose Stripe and NetSuite answer to nobody: no button here may ask them."""
    nowhere = "http://127.0.0.1:9"
    cache.clear()
    books = NetSuiteAccountFactory.create(netsuite_base_url=nowhere)
    return StripeAccountFactory.create(name="acme", netsuite_account=books, stripe_api_base=nowhere)


@pytest.fixture
def admin_client() -> Client:
    """Somebody who may press everything, and has the console's only account of a person."""
    client = Client()
    client.force_login(UserFactory.create(is_superuser=True))
    return client


def press_at(name: str, press: Press, instead: dict[str, Any] | None = None) -> str:
    """The address of a press, at another record if so wanted."""
    address = reverse(f"dashboard:{name.partition(',')[0]}", kwargs={**press.at, **(instead or {})})
    return f"{address}?{press.query}" if press.query else address


def rows() -> dict[str, list[Any]]:
    """Every row that a button may change: all of ours, the people, and what workers are rung for."""
    kept = [*apps.get_app_config("connector").get_models(), OrmQ, User]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in kept}


def test_every_button_has_a_row() -> None:
    buttons = {name for name, (_, takes) in TAKES.items() if takes != WRONG}
    assert {name.partition(",")[0] for name in (*PRESSES, *LOOKS, *PROVEN)} == buttons


@pytest.mark.parametrize("name", PROVEN)
def test_what_needs_both_sides_is_pressed_by_a_test_of_that_name(name: str) -> None:
    file, _, test = PROVEN[name].partition("::")
    assert f"def {test}(" in (Path(__file__).parent / file).read_text()


@pytest.mark.parametrize("name", PRESSES)
def test_a_button_works_pressed_twice_is_as_once_and_without_its_record_is_not_found(
    admin_client: Client, acme: StripeAccount, name: str
) -> None:
    press = PRESSES[name](acme)
    before = rows()
    assert_not_found(admin_client, name, press)
    assert rows() == before
    assert admin_client.post(press_at(name, press), press.fields).status_code == 302
    once = rows()
    assert [model for model in once if once[model] != before[model]] != []
    assert admin_client.post(press_at(name, press), press.fields).status_code < 400
    assert rows() == once


@pytest.mark.parametrize("name", LOOKS)
def test_a_button_that_only_looks_changes_nothing(
    admin_client: Client, acme: StripeAccount, name: str
) -> None:
    press = LOOKS[name](acme)
    before = rows()
    assert_not_found(admin_client, name, press)
    assert admin_client.post(press_at(name, press), press.fields).status_code in (200, 302)
    assert rows() == before


def assert_not_found(client: Client, name: str, press: Press) -> None:
    """Pressed for a record that is not there; a view that is gone is as it was wanted."""
    gone = {gap: NOBODY[gap] for gap in press.at if gap in NOBODY}
    if not gone:
        return  # the button belongs to no record
    answer = client.post(press_at(name, press, gone), press.fields)
    if "remove_view" in name:
        assert answer.status_code == 302
        return
    assert (answer.status_code, "Nothing was changed in NetSuite" in answer.content.decode()) == (404, True)
