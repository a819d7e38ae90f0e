"""Payouts through the wire: deposits to the cent, what they wait for, and payouts that come back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.models import Job, MappedRecord, Payout, PayoutLine, StripeAccount
from connector.sandbox.stories.till import charge_of, paid_out, refund, sale
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

MORNING = datetime(2026, 11, 16, 9, tzinfo=UTC)
BOOKED = (
    "daily_payout",
    "payout_of_a_won_dispute",
    "payout_with_a_bounced_debit",
    "payouts_in_two_currencies",
    "negative_payout",
    "payout_fails_after_it_was_paid",
    "payout_under_interchange_plus",
)
OTHER_TYPES = (
    "application_fee",
    "application_fee_refund",
    "contribution",
    "reserve_transaction",
    "reserved_funds",
    "topup",
    "transfer",
    "transfer_refund",
)


def record(stage: Stage, external_id: str) -> dict[str, Any]:
    """The record of this external id in the practice NetSuite's books."""
    (found,) = [one for one in stage.world.netsuite.books()["records"] if one["external_id"] == external_id]
    return dict(found)


def only_payout(stage: Stage) -> dict[str, Any]:
    (row,) = stage.world.stripe.store.all("payout")
    return dict(row)


def job_of(subject: str) -> Job:
    return Job.objects.filter(subject=subject).latest("pk")


def balance(stage: Stage, name: str) -> Decimal:
    """What a ledger account of the practice NetSuite holds, in base currency."""
    (found,) = [one["balance"] for one in stage.world.netsuite.books()["accounts"] if one["name"] == name]
    return Decimal(found)


def choose(account: StripeAccount, **settings: Any) -> None:
    StripeAccount.objects.filter(pk=account.pk).update(**settings)
    account.refresh_from_db()


@pytest.mark.rule("PO-1", "PO-2", "PO-3", "PO-4", "PO-5", "PO-7", "PO-9", "PO-12", "PO-H1", "PO-H2", "PO-H4")
@pytest.mark.rule("PO-H7", "MC-4", "K2", "CH-4", "DS-3", "DS-5", "DS-6", "RF-7", "RF-8")
@pytest.mark.parametrize("name", BOOKED)
def test_a_payout_is_booked_to_the_cent_and_a_second_pass_writes_nothing(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.play(name)

    expect_books(stage, name, request)
    for payout in Payout.objects.exclude(status="failed"):
        (booked,) = payout.records
        assert job_of(payout.payout_id).status == Job.Status.SUCCESSFUL
        assert (payout.difference, booked.amount is not None, booked.proven) == (Decimal(0), True, True)
    assert balance(stage, "Undeposited Funds") == 0
    second_pass_writes_nothing(stage)


@pytest.mark.rule("PO-H3", "PO-9", "PO-5", "PO-16", "K2")
@pytest.mark.parametrize(
    "name", ["payout_with_other_money", "payout_with_topup_and_transfers", "payout_of_a_connected_account"]
)
def test_other_movements_are_a_line_each_on_the_accounts_that_are_chosen_for_them(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    clearing = stage.account.adjustments_account
    choose(stage.account, balance_accounts=dict.fromkeys(OTHER_TYPES, clearing))
    stage.play(name)

    expect_books(stage, name, request)
    payout = Payout.objects.get()
    assert job_of(payout.payout_id).status == Job.Status.SUCCESSFUL
    second_pass_writes_nothing(stage)


@pytest.mark.rule("PO-H3")
def test_a_movement_of_an_unknown_type_is_named_and_booked_once_an_account_is_chosen(stage: Stage) -> None:
    stage.play("payout_with_an_unknown_type")

    payout = only_payout(stage)["id"]
    job = job_of(payout)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "missing_netsuite_account_mapping")
    assert "stellar_dust_levy" in job.message
    assert not MappedRecord.objects.filter(record_type="deposit").exists()

    choose(stage.account, balance_accounts={"stellar_dust_levy": stage.account.adjustments_account})
    stage.bring(payout)
    assert job_of(payout).status == Job.Status.SUCCESSFUL
    assert record(stage, payout)["cash_back"][-2]["memo"].startswith("Stripe: txn_")


@pytest.mark.rule("PO-2")
def test_a_payout_on_its_way_is_checked_and_booked_on_the_day_it_arrives(stage: Stage) -> None:
    stage.play("payout_on_its_way")

    payout = only_payout(stage)["id"]
    assert (job_of(payout).status, job_of(payout).code) == (Job.Status.SKIPPED, "payout_on_its_way")

    stage.play("booked_payout_arrives")
    assert job_of(payout).status == Job.Status.SUCCESSFUL
    arrival = Payout.objects.get().arrival_date
    assert MappedRecord.objects.get(record_type="deposit").tran_date == arrival


@pytest.mark.rule("PO-2")
def test_a_payout_that_is_named_before_it_arrives_is_validated_and_not_booked(stage: Stage) -> None:
    stage.play("payout_on_its_way")
    stage.world.stripe.bank.reconcile(only_payout(stage)["id"])
    stage.settle()

    payout = only_payout(stage)["id"]
    assert (job_of(payout).status, job_of(payout).code) == (Job.Status.SKIPPED, "payout_on_its_way")
    assert "in order" in job_of(payout).message
    assert {line.state for line in PayoutLine.objects.all()} == {PayoutLine.State.RECORD}
    assert not MappedRecord.objects.filter(record_type="deposit").exists()


@pytest.mark.rule("PO-11", "PO-H6")
@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("manual_payout", "manual_payout", "manual"),
        ("instant_payout", "instant_payout", "instant"),
        ("manual_payout_canceled", "payout_canceled", "manual"),
        ("manual_payout_reversed", "manual_payout", "manual"),
    ],
)
def test_a_payout_made_by_hand_is_named_as_such_and_its_payments_stay(
    name: str, code: str, kind: str, stage: Stage
) -> None:
    stage.play(name)

    for payout in Payout.objects.all():
        job = job_of(payout.payout_id)
        assert (job.status, job.code, payout.kind) == (Job.Status.SKIPPED, code, kind)
    assert balance(stage, "Undeposited Funds") > 0
    assert not MappedRecord.objects.filter(record_type__in=("deposit", "journalEntry")).exists()


@pytest.mark.rule("PO-H5")
def test_a_payout_that_comes_back_after_it_was_booked_is_returned_and_brought_again(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    choose(stage.account, payout_clearing_account=stage.account.adjustments_account)
    stage.play("daily_payout")
    first = only_payout(stage)["id"]
    mark = stage.world.stripe.bank.mark()
    stage.play("booked_payout_fails")

    job = job_of(first)
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "payout_failed_after_paid")
    assert balance(stage, "Bank USD") == 0

    with stage.world.clock.at(MORNING):
        paid_out(stage.world, "usd", mark)
    stage.settle()

    expect_books(stage, "payout_returned_and_brought_again", request)
    assert balance(stage, "Adjustments") == 0
    assert balance(stage, "Bank USD") == Decimal("1336.43")
    second_pass_writes_nothing(stage)


@pytest.mark.rule("PO-12", "PO-H5")
def test_a_payout_that_brings_one_again_waits_until_stripe_says_what_that_one_was_made_of(
    stage: Stage,
) -> None:
    stage.play("payout_on_its_way")
    bank, first = stage.world.stripe.bank, only_payout(stage)["id"]
    with stage.world.clock.at(MORNING):
        bank.fail_payout(first)
        second = paid_out(stage.world, "usd", 0)
    stage.settle()
    assert (job_of(second).status, job_of(second).code) == (Job.Status.READY, "payout_not_reconciled")
    assert not MappedRecord.objects.filter(record_type="deposit").exists()

    bank.reconcile(first)
    stage.bring(second)

    assert len(record(stage, second)["holds"]) == 1
    assert balance(stage, "Undeposited Funds") == balance(stage, "Adjustments") == 0
    second_pass_writes_nothing(stage)


@pytest.mark.rule("MC-5", "MC-6", "MC-7", "MC-H1", "MC-H2")
def test_a_charge_that_stripe_converted_stands_in_the_books_at_what_stripe_settled(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    settles = {"eur": ("usd", "1.0837"), "jpy": ("usd", "0.006613")}
    with stage.world.clock.at(MORNING), stage.world.stripe.bank.terms(settles=settles):
        euros = sale(stage.world, "Mistral Voiles SARL", 12_345, currency="eur")
        sale(stage.world, "Sakura Trading KK", 98_765, currency="jpy")
        refund(stage.world, charge_of(stage.world, euros), 2_000)
        payout = paid_out(stage.world, "usd", 0)
    stage.settle()

    assert job_of(payout).status == Job.Status.SUCCESSFUL, job_of(payout).message
    expect_books(stage, "payout_of_converted_charges", request)
    assert balance(stage, "Undeposited Funds") == 0
    assert any("conversion" in line["memo"] for line in record(stage, payout)["cash_back"])
    second_pass_writes_nothing(stage)


@pytest.mark.rule("MC-4")
def test_what_netsuite_cannot_deposit_to_a_foreign_bank_is_named(stage: Stage) -> None:
    settles = {"usd": ("eur", "0.9215")}
    with stage.world.clock.at(MORNING), stage.world.stripe.bank.terms(settles=settles):
        sale(stage.world, "Juniper Bay Foods", 25_000)
        payout = paid_out(stage.world, "eur", 0)
    stage.settle()

    job = job_of(payout)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "payout_currency_not_depositable")


@pytest.mark.rule("ME-1", "OM-2")
@pytest.mark.usefixtures("ids_in_stripe")
def test_the_payout_gets_the_deposits_internal_id_and_a_person_can_name_another_one(stage: Stage) -> None:
    stage.play("payouts_in_two_currencies")

    payout = stage.world.stripe.store.all("payout")[0]
    written = stage.world.stripe.get(f"/v1/payouts/{payout['id']}")["metadata"]["netsuite_deposit_id"]
    assert written == record(stage, payout["id"])["internal_id"]

    MappedRecord.objects.filter(external_id=payout["id"]).delete()
    stage.bring(payout["id"])
    row = MappedRecord.objects.get(external_id=payout["id"])
    assert (row.internal_id, row.found) == (written, True)


@pytest.mark.rule("PO-1", "K22")
def test_a_deposit_that_netsuite_holds_already_is_found_and_not_made_again(stage: Stage) -> None:
    choose(stage.account, write_ids_to_stripe=False)
    stage.play("payouts_in_two_currencies")
    deposits = MappedRecord.objects.filter(record_type="deposit")
    known = dict(deposits.values_list("external_id", "internal_id"))
    writes = stage.world.netsuite.writes
    deposits.delete()

    for payout in known:
        stage.bring(payout)

    assert dict(deposits.values_list("external_id", "internal_id")) == known
    assert stage.world.netsuite.writes == writes
