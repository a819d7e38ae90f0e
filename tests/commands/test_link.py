"""`manage.py link`: what it changes, what it prints, and how it ends."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connector.management.person import person
from connector.models import AuditEntry, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer


@pytest.fixture
def customer(sandbox: Server) -> str:
    """A customer of Stripe's."""
    return str(sandbox.world.stripe.post("/v1/customers", name="Known")["id"])


def linked(*arguments: str) -> str:
    """What the command said."""
    out = StringIO()
    call_command("link", "acme", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.rule("OM-11")
def test_it_links_and_says_what_to_what(sandbox: Server, account: StripeAccount, customer: str) -> None:
    held = held_customer(sandbox.world, "Known", "known@mail.example")

    text = linked(customer, str(held), "--why", "Asked for by the auditor")

    assert text == f"{customer} is now customer {held} CUST1 Known.\n"
    row = MappedRecord.objects.get()
    assert (row.external_id, row.internal_id, row.state) == (customer, str(held), "mapped")
    (step,) = row.exchanged
    entry = AuditEntry.objects.get(verb="link")
    assert (entry.subject, entry.reason) == (customer, "Asked for by the auditor")
    assert entry.who == step["by"] == person()
    assert (step["why"], step["before"], step["after"]) == ("Asked for by the auditor", "", str(held))


@pytest.mark.rule("OM-11")
def test_a_dry_run_looks_and_changes_nothing(sandbox: Server, account: StripeAccount, customer: str) -> None:
    held = held_customer(sandbox.world, "Known", "known@mail.example")
    assert f"{customer} would be customer" in linked(customer, str(held), "--dry-run")
    assert not MappedRecord.objects.exists()
    assert sandbox.world.netsuite.writes == 0


def test_what_cannot_be_linked_is_said_in_a_sentence(
    sandbox: Server, account: StripeAccount, customer: str
) -> None:
    with pytest.raises(CommandError, match="NetSuite has no customer 987654"):
        linked(customer, "987654")
    with pytest.raises(CommandError, match="There is no account"):
        call_command("link", "nobody", "cus_1", "1")


def test_a_netsuite_that_refuses_us_is_said_with_its_mend(
    sandbox: Server, account: StripeAccount, customer: str
) -> None:
    sandbox.world.set_faults("busy:1.0")
    with pytest.raises(CommandError, match="tries again by itself"):
        linked(customer, "1")
