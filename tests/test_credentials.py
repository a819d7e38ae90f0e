"""Credentials: they go in, and come out for nobody but the doors to Stripe and NetSuite."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import structlog
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.forms import modelform_factory
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views.debug import ExceptionReporter

from connector.credentials import MASK, CredentialKeyError, Secret, SecretField
from connector.models import NetSuiteAccount, StripeAccount
from suitesync import logs
from tests.factories import NetSuiteAccountFactory, StripeAccountFactory

KEY = "rk_live_51NeverToBeSeen"
WORD = "correct-horse-battery-staple-0123456789"
FIRST, SECOND = Fernet.generate_key().decode(), Fernet.generate_key().decode()

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def acme() -> StripeAccount:
    """An account whose credentials are two words that nobody may read, read back from the database."""
    books = NetSuiteAccountFactory.create(name="books", netsuite_token_secret=WORD)
    StripeAccountFactory.create(
        name="acme", netsuite_account=books, stripe_api_key=KEY, stripe_webhook_secret=WORD
    )
    return StripeAccount.objects.select_related("netsuite_account").get(name="acme")


def column(table: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")
        return str(cursor.fetchone()[0])


def hides(text: object) -> bool:
    """Neither the credentials nor what they are stored as can be read in `text`."""
    written = str(text)
    stored = [column("connector_stripeaccount", "stripe_api_key")[10:40]]
    return not any(word in written for word in (KEY, WORD, *stored))


# Where they can be read


def test_a_door_gets_the_text_back(acme: StripeAccount) -> None:
    assert acme.stripe_api_key.reveal() == KEY
    assert acme.netsuite_account.netsuite_token_secret.reveal() == WORD


def test_the_column_holds_ciphertext(acme: StripeAccount) -> None:
    stored = column("connector_stripeaccount", "stripe_api_key")
    assert stored.startswith("gAAAAA")
    assert KEY not in stored
    assert len(stored) > len(KEY)


def test_the_same_text_is_stored_differently_each_time() -> None:
    assert Secret.of(WORD).token != Secret.of(WORD).token


def test_an_empty_credential_is_empty_everywhere(acme: StripeAccount) -> None:
    empty = acme.stripe_webhook_secret_previous
    assert (bool(empty), str(empty), empty.reveal(), empty.token) == (False, "", "", "")
    assert column("connector_stripeaccount", "stripe_webhook_secret_previous") == ""
    assert acme.webhook_secrets == (acme.stripe_webhook_secret,)


def test_a_plain_text_is_encrypted_as_it_is_assigned() -> None:
    fresh = StripeAccount(name="fresh", stripe_api_key=KEY)
    fresh.stripe_webhook_secret = WORD
    assert isinstance(fresh.stripe_api_key, Secret)
    assert fresh.is_live
    assert hides_in_memory(vars(fresh))
    assert not StripeAccount(name="bare").is_live


def hides_in_memory(values: dict[str, object]) -> bool:
    return KEY not in repr(values) and WORD not in repr(values)


def test_a_column_that_is_fetched_late_is_a_secret_too(acme: StripeAccount) -> None:
    late = StripeAccount.objects.only("name").get()
    assert late.stripe_api_key.reveal() == KEY
    late.refresh_from_db()
    assert late.stripe_api_key.reveal() == KEY


# Where they cannot


@pytest.mark.parametrize(
    "printed",
    [
        str,
        repr,
        format,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r}",
        "%s".__mod__,
        "{}".format,
        lambda secret: str([secret, {"key": secret}]),
        lambda secret: json.dumps({"key": secret}, default=str, ensure_ascii=False),
        lambda secret: str(vars(copy.deepcopy(Holder(secret)))),
        lambda secret: Template("{{ secret }} {{ secret|safe }} {{ secret.reveal_not }}").render(
            Context({"secret": secret})
        ),
    ],
)
def test_a_secret_prints_as_dots(acme: StripeAccount, printed: Any) -> None:
    text = printed(acme.stripe_api_key)
    assert hides(text)
    assert MASK in text


class Holder:
    """Something that carries a secret along."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret


@pytest.mark.parametrize("encoder", [json.JSONEncoder, DjangoJSONEncoder])
def test_json_does_not_take_a_secret_by_accident(acme: StripeAccount, encoder: Any) -> None:
    with pytest.raises(TypeError) as refused:
        json.dumps({"key": acme.stripe_api_key}, cls=encoder)
    assert hides(refused.value)


def test_a_pickled_account_carries_no_plain_text(acme: StripeAccount) -> None:
    pickled = pickle.dumps(acme)
    assert KEY.encode() not in pickled
    assert WORD.encode() not in pickled


@pytest.mark.parametrize("form", ["json", "xml", "python", "jsonl"])
def test_a_dump_of_the_database_shows_dots(acme: StripeAccount, form: str) -> None:
    dumped = str(serializers.serialize(form, [acme, acme.netsuite_account]))
    assert hides(dumped)
    assert MASK in dumped


def test_dumpdata_shows_dots(acme: StripeAccount) -> None:
    out = StringIO()
    call_command("dumpdata", "connector", stdout=out)
    assert hides(out.getvalue())


def test_dots_that_are_loaded_back_are_refused_and_not_taken_for_the_credential(acme: StripeAccount) -> None:
    dumped = serializers.serialize("json", [acme])
    with pytest.raises(DeserializationError, match="dots"):
        list(serializers.deserialize("json", dumped))
    acme.refresh_from_db()
    assert acme.stripe_api_key.reveal() == KEY


def test_a_form_of_the_model_shows_no_credential(acme: StripeAccount) -> None:
    credentials = [field.name for field in acme._meta.concrete_fields if isinstance(field, SecretField)]
    form = modelform_factory(StripeAccount, fields=credentials)(instance=acme)
    assert hides(form.as_p())
    assert MASK in form.as_p()


def test_the_admin_shows_no_credential_and_keeps_it_when_its_box_is_left_empty(acme: StripeAccount) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for row in (acme, acme.netsuite_account):
        address = f"/admin/connector/{row._meta.model_name}/{row.pk}/change/"
        page = client.get(address)
        assert page.status_code == 200
        assert hides(page.content.decode())
        boxes = page.context["adminform"].form
        values = {name: boxes[name].value() for name in boxes.fields if not name.startswith("clear_")}
        answer = client.post(address, {k: v for k, v in values.items() if not isinstance(v, Secret | None)})
        assert answer.status_code == 302, answer.context["errors"]
    acme = StripeAccount.objects.get()
    assert acme.stripe_api_key.reveal() == KEY
    assert acme.netsuite_account.netsuite_token_secret.reveal() == WORD


@pytest.mark.parametrize("pretty", [True, False])
def test_a_log_line_shows_no_credential(acme: StripeAccount, pretty: bool) -> None:
    line = _logged(
        pretty,
        account=acme,
        found=acme.stripe_api_key,
        nested={"anything": [acme.stripe_webhook_secret]},
        stripe_api_key=KEY,
        text=f"a key {KEY} in the midst",
    )
    assert hides(line)
    assert "acme" in line


def _logged(pretty: bool, **values: Any) -> str:
    """What the log's processors make of an entry."""
    processors = logs._processors(pretty=pretty)
    entry: Any = {"event": "said", "level": "info", "_record": None, "_from_structlog": True, **values}
    for processor in processors:
        entry = processor(structlog.get_logger(), "info", entry)
    return str(entry)


def test_a_traceback_shows_no_credential_not_even_with_its_locals(acme: StripeAccount) -> None:
    def door(account: StripeAccount) -> None:
        secret, books = account.stripe_api_key, account.netsuite_account
        everything = vars(account) | vars(books)
        raise RuntimeError(f"{account} {secret} {len(everything)}")

    try:
        door(acme)
    except RuntimeError:
        reporter = ExceptionReporter(RequestFactory().get("/"), *sys.exc_info())
    page, text = reporter.get_traceback_html(), reporter.get_traceback_text()
    assert "everything" in page
    assert hides(page)
    assert hides(text)


# Keys


def test_a_wrong_key_is_a_loud_error_and_tells_nothing(acme: StripeAccount, settings: Any) -> None:
    settings.CREDENTIAL_KEYS = [FIRST]
    with pytest.raises(CredentialKeyError, match="CREDENTIAL_KEYS lacks the key") as refused:
        StripeAccount.objects.get().stripe_api_key.reveal()
    assert hides(refused.value)
    assert refused.value.__cause__ is None


def test_a_column_that_was_written_by_hand_is_a_loud_error(acme: StripeAccount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE connector_stripeaccount SET stripe_api_key = 'sk_live_by_hand'")
    with pytest.raises(CredentialKeyError):
        StripeAccount.objects.get().stripe_api_key.reveal()


def test_rotation_puts_everything_under_the_new_key_and_the_old_one_is_of_no_use(settings: Any) -> None:
    settings.CREDENTIAL_KEYS = [FIRST]
    books = NetSuiteAccountFactory.create(netsuite_token_secret=WORD)
    StripeAccountFactory.create(netsuite_account=books, stripe_api_key=KEY)

    settings.CREDENTIAL_KEYS = [SECOND, FIRST]
    assert StripeAccount.objects.get().stripe_api_key.reveal() == KEY
    out = StringIO()
    call_command("rotate_credentials", stdout=out)
    assert out.getvalue() == "2 credentials are now under the first key.\n"
    assert hides(out.getvalue())

    settings.CREDENTIAL_KEYS = [SECOND]
    assert StripeAccount.objects.get().stripe_api_key.reveal() == KEY
    assert NetSuiteAccount.objects.get().netsuite_token_secret.reveal() == WORD
    assert not StripeAccount.objects.get().stripe_webhook_secret

    settings.CREDENTIAL_KEYS = [FIRST]
    with pytest.raises(CredentialKeyError):
        StripeAccount.objects.get().stripe_api_key.reveal()


def test_rotation_without_the_old_key_changes_nothing(settings: Any) -> None:
    settings.CREDENTIAL_KEYS = [FIRST]
    StripeAccountFactory.create(stripe_api_key=KEY)
    settings.CREDENTIAL_KEYS = [SECOND]
    StripeAccountFactory.create(stripe_api_key=KEY)
    before = set(StripeAccount.objects.values_list("stripe_api_key", flat=True))
    with pytest.raises(CredentialKeyError):
        call_command("rotate_credentials")
    assert set(StripeAccount.objects.values_list("stripe_api_key", flat=True)) == before


def test_every_field_that_sounds_secret_is_one() -> None:
    words = ("secret", "key", "token", "password")
    fields = [*StripeAccount._meta.concrete_fields, *NetSuiteAccount._meta.concrete_fields]
    plain = [field.name for field in fields if not isinstance(field, SecretField)]
    assert [name for name in plain if any(word in name for word in words)] == []


def test_a_secret_knows_since_when_it_is_stored_and_keeps_that_when_its_key_changes(
    settings: Any,
) -> None:
    stored = Secret.of("rk_live_1")
    assert stored.stored_at is not None
    assert abs(timezone.now() - stored.stored_at) < timedelta(minutes=1)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode(), *settings.CREDENTIAL_KEYS]
    assert stored.rotated().stored_at == stored.stored_at
    assert Secret("").stored_at is None
    assert Secret("not a token").stored_at is None
