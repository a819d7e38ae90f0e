"""`manage.py sync`: what it writes, what it prints, and how it ends."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import Attempt, Event, Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server

RESULT = {"subject", "status", "code", "message", "rules", "records", "problems"}
RECORD = {"type", "external_id", "internal_id", "amount", "currency", "date", "memo", "applied_to"}


def played(sandbox: Server, story: str, prefix: str) -> str:
    """The id of what a story made."""
    return next(one for one in stories.play(sandbox.world, story).objects if one.startswith(prefix))


def sync(*arguments: str) -> tuple[list[dict[str, Any]], int]:
    """The jobs that `sync --json` printed, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("sync", "acme", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    document = json.loads(out.getvalue())
    assert set(document) == {"jobs"}
    return document["jobs"], status


def test_a_paid_invoice_comes_with_all_that_it_needs(sandbox: Server, account: StripeAccount) -> None:
    invoice = played(sandbox, "subscription_invoice_paid", "in_")

    (job,), status = sync(invoice)

    assert status == 0
    assert set(job) == RESULT
    assert (job["subject"], job["status"], job["problems"]) == (invoice, "successful", [])
    assert [record["type"] for record in job["records"]] == [
        "customer",
        "serviceSaleItem",
        "invoice",
        "customerPayment",
    ]
    assert all(set(record) == RECORD and record["internal_id"] for record in job["records"])
    bill, payment = job["records"][2:]
    assert (bill["external_id"], bill["amount"], bill["currency"]) == (invoice, "245.00", "USD")
    assert (bill["date"], bill["memo"]) == ("2026-11-02", f"Stripe: {invoice}")
    assert payment["applied_to"] == [
        {
            "type": "invoice",
            "external_id": invoice,
            "internal_id": bill["internal_id"],
            "amount": "245.00",
        }
    ]
    assert {"IN-3", "CH-6", "CU-1", "PI-1"} <= set(job["rules"])


def test_a_charge_of_an_invoice_brings_the_invoice(sandbox: Server, account: StripeAccount) -> None:
    made = stories.play(sandbox.world, "subscription_invoice_paid").objects
    charge = next(one for one in made if one.startswith("ch_"))
    (job,), status = sync(charge)
    assert (status, job["subject"][:3], job["status"]) == (0, "in_", "successful")


def test_a_payment_intent_brings_its_charge(sandbox: Server, account: StripeAccount) -> None:
    (job,), status = sync(played(sandbox, "standalone_charge", "pi_"))
    assert (status, job["subject"][:3], job["status"]) == (0, "ch_", "successful")


def test_money_has_the_decimals_of_its_currency(sandbox: Server, account: StripeAccount) -> None:
    yen, dinars = (
        sync(played(sandbox, story, "in_"))[0][0]["records"][-1]
        for story in ("invoice_in_yen_paid", "invoice_in_dinars_paid")
    )
    assert (yen["amount"], yen["applied_to"][0]["amount"]) == ("98000", "98000")
    assert (dinars["amount"], dinars["applied_to"][0]["amount"]) == ("91.500", "91.500")


def test_a_second_sync_names_the_same_records_and_writes_nothing(
    sandbox: Server, account: StripeAccount
) -> None:
    invoice = played(sandbox, "standalone_invoice_paid", "in_")
    (first,), _ = sync(invoice)
    writes = sandbox.world.netsuite.writes

    (second,), status = sync(invoice)

    assert (status, sandbox.world.netsuite.writes) == (0, writes)
    booked = [one for one in first["records"] if one["type"] in ("invoice", "customerPayment")]
    assert second["records"] == booked


def test_a_dry_run_shows_records_and_entries_and_writes_nothing(
    sandbox: Server, account: StripeAccount
) -> None:
    invoice = played(sandbox, "subscription_invoice_paid", "in_")

    (job,), status = sync(invoice, "--dry-run")

    assert (status, job["status"]) == (0, "successful")
    bill = next(record for record in job["records"] if record["type"] == "invoice")
    assert bill["internal_id"] == ""
    assert bill["entries"] == [
        {"account": "Accounts Receivable", "debit": "245.00", "credit": ""},
        {"account": "income", "debit": "", "credit": "245.00"},
    ] or [entry["debit"] for entry in bill["entries"]] == ["245.00", ""]
    assert bill["lines"][0]["start_date"] == "2026-11-02"
    assert bill["lines"][0]["end_date"] == "2026-12-01"
    assert sandbox.world.netsuite.writes == 0
    for model in (Job, Event, Attempt, MappedRecord):
        assert not model._default_manager.exists()


@pytest.mark.rule("K25", "UN-H2")
def test_a_dry_run_says_what_somebody_should_know_besides(sandbox: Server, account: StripeAccount) -> None:
    invoice = played(sandbox, "uncollectible_then_paid", "in_")

    (dry,), status = sync(invoice, "--dry-run")

    assert (status, dry["status"], dry["code"]) == (0, "successful", "paid_after_closing")
    out = StringIO()
    call_command("sync", "acme", invoice, "--dry-run", stdout=out)
    assert f"{invoice}: In NetSuite: {dry['message']}" in out.getvalue()
    assert sandbox.world.netsuite.writes == 0
    (wet,), _ = sync(invoice)
    assert (wet["status"], wet["code"], wet["message"]) == ("successful", dry["code"], dry["message"])


@pytest.mark.rule("CN-H3")
def test_a_dry_run_says_what_a_person_will_have_to_mend(sandbox: Server, account: StripeAccount) -> None:
    invoice, stripe = played(sandbox, "invoice_with_due_date", "in_"), sandbox.world.stripe
    note = stripe.post("/v1/credit_notes", invoice=invoice, amount=2_000)["id"]
    sync(invoice)
    stripe.post(f"/v1/credit_notes/{note}/void")

    (dry,), status = sync(invoice, "--dry-run")

    assert (status, dry["status"], dry["code"]) == (1, "needs_attention", "credit_note_voided")
    assert [problem["code"] for problem in dry["problems"]] == ["credit_note_voided"]


def test_the_dry_run_says_exactly_what_is_then_written(sandbox: Server, account: StripeAccount) -> None:
    invoice = played(sandbox, "standalone_invoice_paid", "in_")
    (dry,), _ = sync(invoice, "--dry-run")
    (wet,), _ = sync(invoice)
    unknown = {"internal_id", "applied_to"}
    assert [{key: one[key] for key in RECORD - unknown} for one in dry["records"]] == [
        {key: one[key] for key in RECORD - unknown} for one in wet["records"]
    ]


def test_a_refusal_ends_with_status_1_and_says_what_to_do(sandbox: Server, account: StripeAccount) -> None:
    invoice = played(sandbox, "netsuite_requires_a_field", "in_")
    (job,), status = sync(invoice)
    assert (status, job["status"], job["code"]) == (1, "needs_attention", "required_field_missing")
    (problem,) = job["problems"]
    assert set(problem) == {"code", "message", "next_step"}
    assert "Department" in problem["message"]
    assert problem["next_step"]


@pytest.mark.rule("ER-7")
def test_one_bad_id_does_not_keep_the_others_back(sandbox: Server, account: StripeAccount) -> None:
    invoice = played(sandbox, "standalone_invoice_paid", "in_")
    results, status = sync("in_nothing", "banana", invoice)
    assert status == 1
    assert [(one["status"], one["code"]) for one in results] == [
        ("needs_attention", "stripe_object_missing"),
        ("needs_attention", "unknown_subject"),
        ("successful", ""),
    ]


@pytest.mark.parametrize("story", ["invoice_left_open", "charge_without_customer"])
def test_words_for_people_name_each_record_with_its_number(
    story: str, sandbox: Server, account: StripeAccount
) -> None:
    out = StringIO()
    call_command("sync", "acme", played(sandbox, story, "in_" if "invoice" in story else "ch_"), stdout=out)
    assert "In NetSuite" in out.getvalue()
    for record in MappedRecord.objects.all():
        assert f"{record.record_type} {record.internal_id}  {record.external_id}" in out.getvalue()


def test_an_unknown_account_is_named_with_those_that_there_are(account: StripeAccount) -> None:
    with pytest.raises(CommandError, match=r"no account “nobody” \(there are: acme\)"):
        call_command("sync", "nobody", "in_1")
