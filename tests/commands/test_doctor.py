"""`manage.py doctor`: it finds what is wrong and says what to mend, and changes nothing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from connector.models import NetSuiteAccount, StripeAccount
from connector.sandbox.server import Server


def examined() -> tuple[str, int]:
    """What the doctor said of acme, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("doctor", "acme", stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return out.getvalue(), status


def test_a_sound_account_is_well(account: StripeAccount, sandbox: Server) -> None:
    text, status = examined()
    assert status == 0
    assert "mend" not in text
    assert "All is well." in text
    assert "currencies EUR, GBP, JPY, KWD, USD" in text
    assert sandbox.world.netsuite.writes == 0


def test_the_fields_that_are_compared_are_tried(account: StripeAccount, sandbox: Server) -> None:
    StripeAccount.objects.update(
        customer_match_stripe_field="email",
        customer_match_netsuite_field="custentity_email",
        item_match_stripe_field="nickname",
        item_match_netsuite_field="internalId",
    )
    text, status = examined()
    assert status == 0
    assert "NetSuite: customers are found by custentity_email" in text
    assert "NetSuite: items are found by internalId" in text
    assert sandbox.world.netsuite.calls["search"] >= 2


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("undeposited_funds_account", "", "--set undeposited_funds_account="),
        ("receivables_account", "999999", "Choose another one"),
        ("income_account", "{receivables_account}", "accountsReceivable"),
        ("subsidiary", "999999", "Subsidiary 999999"),
        ("bad_debt_item", "999999", "no item 999999"),
        ("bank_accounts", {"EUR": "{USD}"}, "not kept in EUR"),
        ("stripe_webhook_secret", "", "signing secret"),
        ("stripe_api_key", "sk_test_wrong", "Stripe: sign in"),
    ],
)
def test_each_wrong_setting_is_named_with_its_mend(
    setting: str, value: str | dict[str, str], told: str, account: StripeAccount
) -> None:
    known = {"receivables_account": account.receivables_account, **account.bank_accounts}
    if isinstance(value, dict):
        setattr(account, setting, {key: text.format(**known) for key, text in value.items()})
    else:
        setattr(account, setting, value.format(**known))
    account.save()

    text, status = examined()

    assert status == 1
    assert told in text


def test_wrong_credentials_end_netsuites_part_in_plain_words(account: StripeAccount) -> None:
    NetSuiteAccount.objects.update(netsuite_token_secret="wrong")
    text, status = examined()
    assert status == 1
    assert "NetSuite: sign in" in text
    assert "wrong" not in text
    assert "Posting period" not in text


def test_a_netsuite_that_does_not_answer_is_told_apart(account: StripeAccount) -> None:
    NetSuiteAccount.objects.update(netsuite_base_url="http://127.0.0.1:9/netsuite")
    text, status = examined()
    assert status == 1
    assert "could not be" in text or "unreachable" in text


def test_a_closed_period_is_noticed(account: StripeAccount, sandbox: Server) -> None:
    from django.utils import timezone

    sandbox.world.netsuite.user.close_period(timezone.now().strftime("%b %Y"))
    text, status = examined()
    assert status == 1
    assert "Manage Accounting Periods" in text


@pytest.mark.rule("OM-2")
@pytest.mark.usefixtures("ids_in_stripe")
def test_a_key_that_may_not_write_metadata_is_named_with_both_ways_to_mend_it(
    account: StripeAccount, sandbox: Server
) -> None:
    sandbox.world.set_faults("stripe-read-only:1")
    text, status = examined()
    assert status == 1
    assert "may not write customer, price, coupon, invoice, charge, credit note" in text
    assert "--set write_ids_to_stripe=false" in text
    account.write_ids_to_stripe = False
    account.save()
    assert "metadata" not in examined()[0]
    assert sandbox.world.stripe.events() == []
