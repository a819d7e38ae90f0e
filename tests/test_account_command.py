"""`manage.py account`: create, change and show an account, in the words that people and scripts use."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import pre_save

from connector.engine.accounts import field_names
from connector.models import NetSuiteAccount, StripeAccount
from tests.factories import MappedRecordFactory

_WORDS = """
stripe_api_key stripe_webhook_secret stripe_api_base
netsuite_account_id netsuite_consumer_key netsuite_consumer_secret netsuite_token_id netsuite_token_secret
netsuite_base_url netsuite_version netsuite_concurrency
time_zone sync_start_date subsidiary keep_unpaid_invoices_open bad_debt_item customer_balance_item
sync_trial_invoices allow_duplicate_payments auto_apply_standalone_charges sync_pending_payments
create_customers_on_signup global_customer_workflow global_item_workflow global_discount_workflow
create_invoices_for_payments denylist_payments allowlist_payments closed_period_policy discount_non_posting
refund_item dispute_item
undeposited_funds_account receivables_account income_account tax_account payment_fees_account
stripe_fees_account dispute_fees_account dispute_reversals_account adjustments_account bank_accounts
"""
DOCUMENTED = _WORDS.split()
SECRETS = [name for name in DOCUMENTED if name.endswith(("_key", "_secret", "token_id"))]
NOTHING: list[Any] = [[], []]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def account(name: str, *settings: str, **options: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    given = [part for setting in settings for part in ("--set", setting)]
    call_command("account", name, *given, stdout=out, **options)
    return out.getvalue()


def shown(name: str, *settings: str, **options: Any) -> dict[str, Any]:
    return dict(json.loads(account(name, *settings, json=True, **options)))


def everything() -> list[Any]:
    """Every row of both kinds with its values."""
    return [list(model.objects.order_by("pk").values()) for model in (StripeAccount, NetSuiteAccount)]


def test_an_account_is_created_with_what_is_set_and_good_defaults_for_the_rest() -> None:
    account(
        "acme", "stripe_api_key=rk_test_1", "time_zone=America/New_York", "netsuite_account_id=1234567_SB1"
    )
    made = StripeAccount.objects.get(name="acme")
    assert made.stripe_api_key.reveal() == "rk_test_1"
    assert (made.time_zone, made.sync_pending_payments, made.bank_accounts) == ("America/New_York", True, {})
    assert made.netsuite_account.name == "acme"
    assert (made.netsuite_account.netsuite_account_id, made.netsuite_account.netsuite_version) == (
        "1234567_SB1",
        "2025_2",
    )


def test_a_change_changes_what_was_named_and_nothing_else() -> None:
    account("acme", "stripe_api_key=rk_test_1", "subsidiary=2", "netsuite_token_secret=abc")
    before = shown("acme")
    after = shown("acme", "subsidiary=3", "allow_duplicate_payments=yes")
    assert after == before | {"subsidiary": "3", "allow_duplicate_payments": True}
    assert StripeAccount.objects.get().stripe_api_key.reveal() == "rk_test_1"


def test_a_change_leaves_alone_what_the_workers_learn_meanwhile() -> None:
    def learn(**_: Any) -> None:
        NetSuiteAccount.objects.update(slots_now=2, currencies={"USD": "1"})

    account("acme", "subsidiary=2")
    pre_save.connect(learn, sender=NetSuiteAccount)
    try:
        account("acme", "netsuite_concurrency=8")
    finally:
        pre_save.disconnect(learn, sender=NetSuiteAccount)
    books = NetSuiteAccount.objects.get()
    assert (books.slots_now, books.currencies, books.netsuite_concurrency) == (2, {"USD": "1"}, 8)


def test_showing_prints_each_setting_on_a_line_and_no_secret() -> None:
    account("acme", "stripe_api_key=rk_test_never_shown", 'bank_accounts={"USD": "12"}', verbosity=0)
    text = account("acme")
    lines = dict(line.split(maxsplit=1) for line in text.splitlines() if " " in line)
    assert lines["stripe_api_key"] == "set"
    assert lines["sync_trial_invoices"] == "false"
    assert lines["bank_accounts"] == '{"USD": "12"}'
    assert "never_shown" not in text


def test_json_is_one_flat_document_by_the_documented_names_with_secrets_as_set() -> None:
    every_secret = [f"{name}=word_{number}" for number, name in enumerate(SECRETS)]
    answer = shown("acme", *every_secret)
    assert set(answer) >= {"name", *DOCUMENTED}
    assert {answer[name] for name in SECRETS} == {"set"}
    assert "word_" not in json.dumps(answer)
    assert not any(isinstance(value, list) for value in answer.values())
    assert shown("globex", "subsidiary=1")["stripe_api_key"] == ""


def test_every_documented_name_can_be_set() -> None:
    assert set(DOCUMENTED) <= set(field_names())


@pytest.mark.parametrize("on", ["true", "TRUE", "on", "yes", "1"])
def test_a_switch_is_turned_on_and_off_in_plain_words(on: str) -> None:
    assert shown("acme", f"denylist_payments={on}")["denylist_payments"] is True
    off = {"true": "false", "TRUE": "FALSE", "on": "off", "yes": "no", "1": "0"}[on]
    assert shown("acme", f"denylist_payments={off}")["denylist_payments"] is False


def test_values_may_contain_equal_signs_and_dollars_and_be_emptied() -> None:
    account("acme", "stripe_webhook_secret=$whsec=a=b", "sync_start_date=2026-01-31", "subsidiary=2")
    assert StripeAccount.objects.get().stripe_webhook_secret.reveal() == "$whsec=a=b"
    assert shown("acme")["sync_start_date"] == "2026-01-31"
    emptied = shown("acme", "stripe_webhook_secret=", "sync_start_date=", "subsidiary=", "bank_accounts=")
    assert [
        emptied[name] for name in ("stripe_webhook_secret", "sync_start_date", "subsidiary", "bank_accounts")
    ] == ["", None, "", {}]


def test_of_a_setting_that_is_given_twice_the_last_counts() -> None:
    assert shown("acme", "subsidiary=1", "subsidiary=2")["subsidiary"] == "2"


WRONG = {
    "an unknown name": (
        "stripe_key=rk_test_1",
        "There is no setting stripe_key. The settings are: stripe_api_key",
    ),
    "a field of ours": ("slots_now=3", "There is no setting slots_now"),
    "no value": ("subsidiary", "“subsidiary” is not of the form KEY=VALUE"),
    "no switch": ("denylist_payments=maybe", "denylist_payments is either true or false, not “maybe”"),
    "an empty switch": ("denylist_payments=", "denylist_payments is either true or false"),
    "no day": ("sync_start_date=2026-02-30", "sync_start_date: "),
    "a day of another form": ("sync_start_date=31.01.2026", "YYYY-MM-DD"),
    "no time zone": ("time_zone=New York", "Write it like America/New_York"),
    "no JSON": ("bank_accounts={USD: 1}", 'bank_accounts must be JSON, like {"USD": "123"}'),
    "a bank twice": ('bank_accounts={"USD": "1", "USD": "2"}', "“USD” is written twice"),
    "a bank of odd digits": ('bank_accounts={"USD": "²"}', "must be NetSuite's internal id"),
    "text that cannot be kept": (
        'field_defaults={"invoice": {"memo": "a\\u0000b"}}',
        "characters that cannot be kept",
    ),
    "a bottomless pit": ("field_defaults=" + "[" * 100_000, "nested too deeply"),
    "a list of banks": ("bank_accounts=[]", 'bank_accounts must be JSON, like {"USD": "123"}'),
    "no banks at all": ("bank_accounts=null", 'bank_accounts must be JSON, like {"USD": "123"}'),
    "no currency": ('bank_accounts={"dollars": "1"}', "“dollars” is not a currency code such as USD"),
    "a bank's name": ('bank_accounts={"USD": "Chase"}', "must be NetSuite's internal id"),
    "a bank's number": ('bank_accounts={"USD": 12}', "must be NetSuite's internal id"),
    "an item's name": ("bad_debt_item=Debts", "bad_debt_item: Give NetSuite's internal id: digits only."),
    "another item's name": (
        "refund_item=Refunds",
        "refund_item: Give NetSuite's internal id, digits only, or write Stripe Refund Item.",
    ),
    "an account's number": ("income_account=40-10", "income_account: Give NetSuite's internal id"),
    "no address": ("stripe_api_base=stripe", "stripe_api_base: Enter a valid URL."),
    "no version": ("netsuite_version=2025.2", "netsuite_version: Write the version like 2025_2."),
    "no number": ("netsuite_concurrency=many", "netsuite_concurrency: "),
    "too few": ("netsuite_concurrency=0", "netsuite_concurrency: "),
    "no policy": ("closed_period_policy=ignore", "closed_period_policy: "),
    "no account ID": ("netsuite_account_id=My Company", "netsuite_account_id: Copy the account ID from"),
}


@pytest.mark.parametrize(("setting", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_named_and_nothing_is_changed(setting: str, told: str) -> None:
    account("acme", "subsidiary=2", "netsuite_concurrency=5")
    before = everything()
    with pytest.raises(CommandError) as refused:
        account("acme", "subsidiary=9", "netsuite_concurrency=9", setting)
    assert told in str(refused.value)
    assert everything() == before


@pytest.mark.parametrize(("setting", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_creates_nothing(setting: str, told: str) -> None:
    with pytest.raises(CommandError):
        account("acme", setting)
    assert everything() == NOTHING


def test_a_name_that_cannot_be_part_of_an_address_is_refused() -> None:
    with pytest.raises(CommandError, match="name: "):
        account("acme & sons", "subsidiary=1")
    assert everything() == NOTHING


def test_two_accounts_may_share_one_netsuite() -> None:
    account("acme", "netsuite_account_id=1234567")
    assert shown("globex", netsuite="acme")["netsuite_account_id"] == "1234567"
    assert {row.netsuite_account.name for row in StripeAccount.objects.all()} == {"acme"}
    account("globex", "netsuite_concurrency=9")
    assert shown("acme")["netsuite_concurrency"] == 9


def test_an_account_can_be_moved_to_another_netsuite() -> None:
    account("acme", "netsuite_account_id=1234567")
    account("globex", "netsuite_account_id=7654321")
    assert shown("globex", netsuite="acme")["netsuite_account_id"] == "1234567"


def test_where_something_is_booked_no_other_company_takes_the_place_of_netsuites() -> None:
    """The numbers of a NetSuite sandbox mean other customers and invoices in production."""
    account("acme", "netsuite_account_id=1234567_SB1")
    account("acme", "netsuite_account_id=1234567_SB2")  # nothing was booked yet
    acme = StripeAccount.objects.get(name="acme")
    MappedRecordFactory.create(job__account=acme)
    account("acme", "netsuite_account_id=1234567-sb2", "netsuite_concurrency=2")  # the same one
    before = everything()
    for other in ("1234567", ""):
        with pytest.raises(CommandError, match="has booked in 1234567-sb2"):
            account("acme", f"netsuite_account_id={other}")
    assert everything() == before
    account("acme", "netsuite_account_id=1234567", netsuite="production")
    assert NetSuiteAccount.objects.get(name="acme").netsuite_account_id == "1234567-sb2"


def test_a_value_of_a_dash_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("rk_test_first\nwhsec_second\n"))
    account("acme", "stripe_api_key=-", "stripe_webhook_secret=-")
    made = StripeAccount.objects.get()
    assert [made.stripe_api_key.reveal(), made.stripe_webhook_secret.reveal()] == [
        "rk_test_first",
        "whsec_second",
    ]


def test_an_account_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"There is no account “acme” \(there are: none yet\)"):
        account("acme")
    account("globex", "subsidiary=1")
    account("initech", "subsidiary=1")
    with pytest.raises(CommandError, match=r"\(there are: globex, initech\)\. Create it with --set"):
        account("acme")


def test_a_sandbox_that_does_not_answer_is_named_and_creates_nothing() -> None:
    with pytest.raises(
        CommandError, match=r"No practice world answers at http://127\.0\.0\.1:9/credentials\.json"
    ):
        account("acme", sandbox="http://127.0.0.1:9/")
    assert everything() == NOTHING


def test_a_sandbox_fills_in_what_it_knows_and_set_overrides_it(sandbox: Any) -> None:
    answer = shown("acme", "stripe_webhook_secret=whsec_own", "subsidiary=7", sandbox=sandbox.url)
    assert answer["stripe_api_key"] == answer["netsuite_token_secret"] == "set"
    assert answer["stripe_api_base"].startswith(sandbox.url)
    assert answer["subsidiary"] == "7"
    assert StripeAccount.objects.get().stripe_webhook_secret.reveal() == "whsec_own"
