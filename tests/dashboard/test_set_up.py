"""Set-up: each step stores what the two sides accept, says what they refuse, and can be come back to."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from connector.credentials import Secret
from connector.engine import account_settings, sync
from connector.engine import set_up as engine
from connector.engine.inbox import ASKED_FOR
from connector.models import AuditEntry, Job, NetSuiteAccount, StripeAccount
from connector.sandbox.server import Server
from connector.stripe.client import API_VERSION
from tests.factories import (
    JobFactory,
    MappedRecordFactory,
    NetSuiteAccountFactory,
    StripeAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TESTS = "http://testserver"
HTMX = {"HX-Request": "true"}
OURS = f"{TESTS}/webhooks/stripe/sample/"


@pytest.fixture
def kim(db: None) -> Client:
    """The browser of Kim, who may set accounts up."""
    client = Client()
    client.force_login(UserFactory.create(username="kim", roles=["settings"]))
    return client


@pytest.fixture
def offered(sandbox: Server, settings: Any) -> Server:
    """A practice world that this console knows of, with one invoice that was never finalized."""
    settings.SANDBOX_URL = sandbox.url
    customer = sandbox.world.stripe.post("/v1/customers", name="Draft Ltd")["id"]
    sandbox.world.stripe.post("/v1/invoices", customer=customer, currency="usd")
    return sandbox


@pytest.fixture
def sample(kim: Client, offered: Server) -> StripeAccount:
    """The sample company, loaded."""
    told(kim.post("/set-up/new/sample/", follow=True))
    return now()


def now() -> StripeAccount:
    return StripeAccount.objects.select_related("netsuite_account").get(name="sample")


def seen() -> str:
    return account_settings.version(now())


def told(answer: Any) -> str:
    """The words of a page."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def press(kim: Client, step: str, **sent: str) -> str:
    """Press a button of a step of the sample company."""
    return told(kim.post(f"/set-up/sample/{step}/", {"seen": seen(), **sent}, follow=True))


def make(kim: Client, address: str = TESTS, once: str = "", **sent: str) -> str:
    once = once or str(uuid.uuid4())
    return press(kim, "messages", act="make", address=address, once=once, **sent)


def endpoints(sandbox: Server) -> list[dict[str, Any]]:
    return list(sandbox.world.stripe.get("/v1/webhook_endpoints")["data"])


def suggested(kim: Client) -> dict[str, str]:
    """What the step of the accounts sends if nothing of what it suggests is changed."""
    form = kim.get("/set-up/sample/accounts/").context["form"]
    sent: dict[str, str] = {"act": "store"}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, dict):
            sent |= {f"{name}:{key}": number for key, number in value.items()}
        elif value is not None:
            sent[name] = str(value)
    return sent


# The sample company


def test_the_sample_company_is_loaded_once_with_documents_and_without_showing_its_keys(
    kim: Client, offered: Server
) -> None:
    world, page = offered.world, ""
    for _ in range(2):
        page += told(kim.post("/set-up/new/sample/", follow=True))
    assert page.count("The sample company is connected") == 2
    account = now()
    assert (account.stripe_account_id, account.time_zone) == ("acct_1SBX000001", "Etc/UTC")
    assert (account.stripe_webhook_secret.reveal(), account.income_account) == ("", "")
    assert len(world.stripe.get("/v1/invoices")["data"]) == 4
    (entry,) = AuditEntry.objects.all()
    assert (entry.who, entry.verb, entry.after["stripe_api_key"]) == ("kim", "add_account", "stored")
    keys = (world.stripe.api_key, *world.netsuite.credentials.values())
    kept = str(list(AuditEntry.objects.values())) + page.replace("SANDBOX_SB1", "")
    assert [key for key in keys if key in kept and key != "SANDBOX_SB1"] == []
    assert "It is here already, as sample." in told(kim.get("/set-up/"))


@pytest.mark.parametrize(
    ("local", "url", "words"),
    [
        (False, "http://127.0.0.1:9", "this one keeps real books"),
        (True, "", "SANDBOX_URL"),
        (True, "http://127.0.0.1:9", "The sample company does not answer"),
    ],
)
def test_a_sample_company_that_cannot_be_loaded_says_why(
    local: bool, url: str, words: str, kim: Client, settings: Any
) -> None:
    settings.LOCAL, settings.SANDBOX_URL = local, url
    page = told(kim.post("/set-up/new/sample/", follow=True))
    assert words in page
    assert not StripeAccount.objects.exists()
    assert (words in told(kim.get("/set-up/"))) == (not (local and url))


# Stripe


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("acme", "pk_live_8ZtMwq", "publishable key"),
        ("acme", "password8ZtMwq", "no Stripe key"),
        ("acme", "", "Paste the key"),
        ("new", "rk_live_8ZtMwq", "No account can be called"),
        ("acme inc", "rk_live_8ZtMwq", "Letters, digits and hyphens only"),
        ("books", "rk_live_8ZtMwq", "There is an account “books” already"),
    ],
)
def test_what_is_no_key_or_no_name_is_refused_and_not_repeated(
    name: str, key: str, words: str, kim: Client
) -> None:
    StripeAccountFactory.create(name="books")
    assert "rak_charge_read" in kim.get("/set-up/new/").content.decode()
    page = kim.post("/set-up/new/", {"name": name, "stripe_api_key": key})
    assert words in told(page)
    assert "8ZtMwq" not in page.content.decode()
    assert StripeAccount.objects.count() == 1


def test_each_permission_is_tried_and_one_that_is_missing_is_named_until_it_is_given(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    page = told(kim.get("/set-up/sample/stripe/"))
    assert page.count("Allowed") == 14
    assert "Could not tell Webhook Endpoints" in page
    sandbox.world.stripe.withheld |= {"refunds"}
    page = press(kim, "stripe", act="look")
    assert "Missing Charges and Refunds Tick Read for Charges and Refunds" in page
    assert "1. Stripe ● To mend" in page
    assert "Missing Charges and Refunds" in told(kim.get("/set-up/sample/stripe/"))
    sandbox.world.stripe.withheld.clear()
    assert "1. Stripe ✓ Done" in press(kim, "stripe", act="look")


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({}, "rk_test_8ZtMwqWrong", "Stripe does not accept our key"),
        ({"stripe_account_id": "acct_other"}, "", "(acct_1SBX000001), and sample is acct_other"),
        ({"stripe_api_key": Secret.of("rk_live_x")}, "", "are of live mode"),
    ],
)
def test_a_key_that_is_refused_or_of_another_account_or_mode_replaces_nothing(
    changes: dict[str, object], key: str, words: str, kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    StripeAccount.objects.update(**changes)
    Job.objects.create(account=sample, subject="in_1", status=Job.Status.SUCCESSFUL)
    before = now().stripe_api_key
    answer = kim.post(
        "/set-up/sample/stripe/", {"seen": seen(), "stripe_api_key": key or sandbox.world.stripe.api_key}
    )
    page = told(answer)
    assert words in page
    assert [
        part for part in ("Why", "What to do", "Who can", "Nothing: all is as it was") if part not in page
    ] == []
    assert "8ZtMwq" not in answer.content.decode()
    assert now().stripe_api_key == before


def test_the_key_of_the_same_account_is_replaced_once(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    old, sent = seen(), {"stripe_api_key": sandbox.world.stripe.api_key}
    assert "The key is stored and works." in press(kim, "stripe", **sent)
    assert AuditEntry.objects.latest("pk").after == {"stripe_api_key": "replaced"}
    page = told(kim.post("/set-up/sample/stripe/", {**sent, "seen": old}, follow=True))
    assert "have changed since you opened the page" in page
    assert AuditEntry.objects.count() == 2


def test_a_key_of_the_other_mode_is_taken_while_nothing_was_brought_and_nobody_else_has_it(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    StripeAccount.objects.update(stripe_api_key=Secret.of("rk_live_x"), stripe_account_id="")
    twin = StripeAccountFactory.create(name="acme", key="sk_test_x", stripe_account_id="acct_1SBX000001")
    JobFactory.create(account=twin)
    sent = {"stripe_api_key": sandbox.world.stripe.api_key}
    assert "is here already as acme" in press(kim, "stripe", **sent)
    StripeAccount.objects.filter(pk=twin.pk).update(stripe_account_id="acct_other")
    assert "The key is stored and works." in press(kim, "stripe", **sent)
    assert now().stripe_account_id == "acct_1SBX000001"


def test_a_stripe_account_is_not_connected_twice_in_one_mode(kim: Client, offered: Server) -> None:
    StripeAccountFactory.create(name="acme", key="sk_test_x", stripe_account_id="acct_1SBX000001")
    page = told(kim.post("/set-up/new/sample/", follow=True))
    assert "This Stripe account is connected already" in page
    assert "is here already as acme" in page
    assert StripeAccount.objects.count() == 1
    StripeAccount.objects.update(stripe_api_key=Secret.of("sk_live_x"))
    assert "The sample company is connected" in told(kim.post("/set-up/new/sample/", follow=True))


# Messages from Stripe


def test_the_endpoint_is_made_once_with_its_own_secret_and_removed_again(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    page = make(kim, once=(once := str(uuid.uuid4())))
    (made,) = endpoints(sandbox)
    secret = sandbox.world.stripe.store.secrets[made["id"]]
    assert (made["url"], made["api_version"]) == (OURS, API_VERSION)
    assert set(made["enabled_events"]) == ASKED_FOR
    assert now().stripe_webhook_secret.reveal() == secret
    assert made["id"] in page
    assert "2. Messages from Stripe ✓ Done" in page
    assert secret not in page + str(list(AuditEntry.objects.values()))

    assert "stands as it should" in make(kim)
    stale = {"act": "make", "address": TESTS, "once": once, "seen": "0" * 16}
    assert "have changed" in told(kim.post("/set-up/sample/messages/", stale, follow=True))
    assert "have changed" in press(kim, "messages", act="remove", seen="0" * 16)
    assert endpoints(sandbox) == [made]

    StripeAccount.objects.update(stripe_webhook_secret_previous=Secret.of("whsec_old"))
    for _ in range(2):
        assert "The address is removed." in press(kim, "messages", act="remove")
    assert endpoints(sandbox) == []
    assert not any([now().stripe_webhook_secret, now().stripe_webhook_secret_previous])


def test_pressed_twice_at_once_stripe_makes_one(kim: Client, sample: StripeAccount, sandbox: Server) -> None:
    from connector.engine import set_up

    first, second, version, once = now(), now(), seen(), str(uuid.uuid4())
    for account in (first, second):
        set_up.make_endpoint(account, OURS, who="kim", seen=version, once=once)
    (made,) = endpoints(sandbox)
    assert now().stripe_endpoint_id == made["id"]
    with pytest.raises(account_settings.Stale):  # somebody else, whose page is as old
        set_up.make_endpoint(second, OURS, who="bob", seen=version, once=str(uuid.uuid4()))
    assert endpoints(sandbox) == [made]


def test_an_endpoint_whose_secret_nobody_knows_is_replaced(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    stripe = sandbox.world.stripe
    elsewhere = stripe.post("/v1/webhook_endpoints", url="http://elsewhere/", enabled_events=["*"])["id"]
    stripe.post("/v1/webhook_endpoints", url=OURS, enabled_events=["*"])
    assert "It replaces 1 of before." in make(kim)
    kept = now().stripe_webhook_secret
    StripeAccount.objects.update(stripe_webhook_secret="")
    make(kim)
    make(kim, "http://moved.example:8000")
    account, found = now(), endpoints(sandbox)
    assert {one["id"] for one in found} == {elsewhere, account.stripe_endpoint_id}
    assert found[0]["url"] == "http://moved.example:8000/webhooks/stripe/sample/"
    assert account.stripe_webhook_secret != kept
    assert account.stripe_webhook_secret_previous


@pytest.mark.parametrize(
    "change", [{"api_version": "2020-08-27"}, {"status": "disabled"}, {"enabled_events": ["invoice.paid"]}]
)
def test_an_endpoint_that_does_not_send_all_that_we_book_any_more_is_replaced(
    kim: Client, sample: StripeAccount, sandbox: Server, change: dict[str, Any]
) -> None:
    make(kim)
    sandbox.world.stripe.store.all("webhook_endpoint")[0].update(change)
    assert "It replaces 1 of before." in make(kim)
    (made,) = endpoints(sandbox)
    assert [made[name] for name in change] != [*change.values()]


def test_a_key_that_may_not_make_it_says_so_and_takes_a_secret_by_hand(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    sandbox.world.stripe.withheld |= {"POST webhook_endpoints"}
    assert "required permissions" in make(kim)
    assert "begins with whsec_" in press(kim, "messages", act="secret", stripe_webhook_secret="8ZtMwq")
    page = press(kim, "messages", act="secret", stripe_webhook_secret="whsec_8ZtMwq")
    assert "The signing secret is stored." in page
    assert "8ZtMwq" not in page
    assert now().stripe_webhook_secret.reveal() == "whsec_8ZtMwq"
    press(kim, "messages", act="secret", stripe_webhook_secret="whsec_next")
    assert now().stripe_webhook_secret_previous.reveal() == "whsec_8ZtMwq"


@pytest.mark.parametrize(
    "address",
    ["", "suitesync.example.com", "ftp://example.com", "https://", "https://a@b.example", "http://[x"],
)
def test_what_is_no_address_is_refused(address: str, kim: Client, acme: StripeAccount) -> None:
    sent = {"act": "make", "address": address, "once": str(uuid.uuid4())}
    page = told(kim.post("/set-up/acme/messages/", sent))
    assert "Write it like https://" in page or "Type the address" in page


def test_real_money_needs_an_address_with_https(kim: Client, acme: StripeAccount) -> None:
    sent = {"act": "make", "address": "http://suitesync.example.com", "once": str(uuid.uuid4())}
    assert "only to an address with https://" in told(kim.post("/set-up/acme/messages/", sent))


# NetSuite


def token(sandbox: Server, **changes: str) -> dict[str, str]:
    return {"act": "store", **sandbox.world.netsuite.credentials, **changes}


def test_a_token_is_stored_once_it_signs_in(kim: Client, sample: StripeAccount, sandbox: Server) -> None:
    before = now().netsuite_account.netsuite_token_secret
    answer = kim.post(
        "/set-up/sample/netsuite/", {"seen": seen(), **token(sandbox, netsuite_token_secret="8ZtMwq")}
    )
    assert "Nothing: all is as it was." in told(answer)
    assert "8ZtMwq" not in answer.content.decode()
    assert now().netsuite_account.netsuite_token_secret == before
    assert "Copy the account ID" in press(kim, "netsuite", **token(sandbox, netsuite_account_id="a b"))
    page = press(kim, "netsuite", **token(sandbox))
    assert "The token is stored and works." in page
    assert "subsidiary Parent Company, books in USD" in page
    assert "permission to read credit memo" in page
    assert "3. NetSuite ✓ Done" in page
    stale = told(kim.post("/set-up/sample/netsuite/", {"seen": "0" * 16, **token(sandbox)}, follow=True))
    assert "have changed" in stale


def test_what_the_role_may_not_see_is_named(kim: Client, sample: StripeAccount, sandbox: Server) -> None:
    sandbox.world.netsuite.user.withhold("accountingPeriod")
    page = press(kim, "netsuite", act="look")
    assert "To mend NetSuite: period" in page
    assert "3. NetSuite ● To mend" in page


def test_a_company_that_is_connected_already_can_be_shared_until_something_is_booked(
    kim: Client, sample: StripeAccount
) -> None:
    for name in ("group", "other"):
        NetSuiteAccountFactory.create(name=name, netsuite_base_url="http://127.0.0.1:9")
    own = sample.netsuite_account
    NetSuiteAccount.objects.filter(pk=own.pk).update(netsuite_account_id="")
    twin = StripeAccountFactory.create(name="twin", netsuite_account=own)
    press(kim, "netsuite", act="share", netsuite="group")
    assert now().netsuite_account.name == "group"
    press(kim, "netsuite", act="share", netsuite="other")
    assert NetSuiteAccount.objects.filter(name__in=("group", "sample")).count() == 2
    twin.delete()
    StripeAccount.objects.update(netsuite_account=own)
    press(kim, "netsuite", act="share", netsuite="group")
    assert not NetSuiteAccount.objects.filter(pk=own.pk).exists()
    assert AuditEntry.objects.filter(verb="remove_account", who="kim", subject="sample").count() == 1
    MappedRecordFactory.create(account=now(), job=Job.objects.create(account=now(), subject="in_1"))
    page = press(kim, "netsuite", act="share", netsuite="other")
    assert "Fixed: records of this account are in this company." in page
    assert now().netsuite_account.name == "group"


def test_a_company_is_shared_only_as_the_settings_stand_at_that_moment(sample: StripeAccount) -> None:
    NetSuiteAccountFactory.create(name="group")
    seen = account_settings.version(sample)
    job = Job.objects.create(account=sample, subject="in_1", status=Job.Status.RUNNING)
    with pytest.raises(account_settings.Stale):
        engine.share_netsuite(sample, "group", who="kim", seen=seen)
    job.delete()
    StripeAccount.objects.update(time_zone="Asia/Tokyo")
    with pytest.raises(account_settings.Stale):
        engine.share_netsuite(sample, "group", who="kim", seen=seen)
    assert now().netsuite_account.name == "sample"


# Accounts, and the first invoice


def test_the_job_of_another_account_is_neither_shown_nor_taken_for_ours(
    kim: Client, acme: StripeAccount
) -> None:
    theirs = JobFactory.create(subject="in_1")
    assert kim.get(f"/set-up/acme/invoice/{theirs.pk}/").status_code == 404
    sent = {"id": "in_1", "seen": account_settings.version(acme)}
    ours = kim.post("/set-up/acme/invoice/", sent)["Location"]
    assert ours == f"/set-up/acme/invoice/{Job.objects.get(account=acme).pk}/"


def test_accounts_are_suggested_by_name_stored_and_looked_at(
    kim: Client, sample: StripeAccount, sandbox: Server
) -> None:
    press(kim, "netsuite", act="look")
    assert told(kim.get("/set-up/sample/accounts/")).count("Suggested: the only one") == 7
    wrong = suggested(kim) | {"bank_accounts:EUR": "101"}
    page = press(kim, "accounts", **wrong)
    assert "Account 101 is not kept in EUR" in page
    assert "4. Accounts ● To mend" in page
    page = press(kim, "accounts", **suggested(kim) | {"bank_accounts:EUR": "102"})
    assert "What you chose is stored, and NetSuite has all of it." in page
    known = sandbox.world.netsuite.settings()
    held = {name: getattr(now(), name) for name in known if name.endswith("_account") or name == "subsidiary"}
    chosen = {name: value for name, value in held.items() if value}
    assert chosen == {name: known[name] for name in chosen}
    assert len(chosen) == 6
    assert AuditEntry.objects.filter(verb="change_settings", reason="Set-up").count() == 2
    stale = kim.post("/set-up/sample/accounts/", {**suggested(kim), "seen": "0"}, follow=True)
    assert "have changed" in told(stale)


def test_netsuite_away_leaves_the_accounts_to_be_typed(kim: Client, sample: StripeAccount) -> None:
    NetSuiteAccount.objects.update(netsuite_base_url="http://127.0.0.1:9/netsuite")
    page = told(kim.get("/set-up/sample/accounts/"))
    assert "NetSuite’s accounts cannot be shown" in page
    assert "You can still type the internal id" in page


def test_one_invoice_is_seen_then_booked_once_and_shown_until_it_is_in_netsuite(
    kim: Client, sample: StripeAccount, sandbox: Server, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    step = "/set-up/sample/invoice/"
    press(kim, "netsuite", act="look")
    assert "Mend it, then look again" in told(kim.get(step, {"now": "on"}))
    press(kim, "accounts", **suggested(kim))
    with django_assert_max_num_queries(12):
        opened = kim.get(step)
    page, subject = told(opened), opened.context["subject"]
    assert "Quillfeather Press, open" in page
    assert "in_1SBX000001 " not in page  # the draft
    assert "Would be booked" not in page  # it comes after the page
    for rest in (kim.get(step, {"id": subject}, headers=HTMX), kim.get(step, {"id": subject, "now": "on"})):
        assert "Would be booked" in told(rest)
        assert "Book this invoice" in told(rest)
    assert "No such invoice" in told(kim.get(step, {"id": "in_nowhere"}, headers=HTMX))
    assert "begins with in_" in told(kim.get(step, {"id": "ch_1"}))
    assert sandbox.world.netsuite.writes == 0

    old = kim.post("/set-up/sample/invoice/", {"id": subject, "seen": "0"}, follow=True)
    assert "have changed" in told(old)
    for _ in range(2):
        assert "Waiting" in press(kim, "invoice", id=subject)
    (job,) = Job.objects.all()
    address = f"{step}{job.pk}/"
    assert kim.get(f"{address}?seen=ready.0", headers=HTMX).status_code == 204
    sync.run(job.pk)
    assert kim.get(address, headers=HTMX).status_code == 286
    page = told(kim.get(address))
    assert "✓ In NetSuite" in page
    assert "Written Invoice" in page
    assert [entry.verb for entry in AuditEntry.objects.filter(subject=subject)] == ["bring"]

    writes = sandbox.world.netsuite.writes
    assert "It was asked for already" in press(kim, "invoice", id=subject)
    assert "It is in NetSuite already" in told(kim.get(step, {"id": subject, "now": "on"}))
    make(kim)
    assert "sample is set up" in told(kim.get("/set-up/sample/done/"))
    assert kim.get("/set-up/sample/")["Location"] == "/set-up/sample/done/"
    assert "Chosen already" in told(kim.get("/set-up/sample/accounts/"))
    assert sandbox.world.netsuite.writes == writes
    for page in ("", "new/", "sample/stripe/", "sample/messages/", "sample/netsuite/", "sample/done/"):
        with django_assert_max_num_queries(12):
            kim.get(f"/set-up/{page}")
    with django_assert_max_num_queries(12):
        kim.get(address)
