"""`manage.py backfill`: a past comes to an empty NetSuite as if it had come live, once, and is proven."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import Attempt, Backfill, Event, Job, MappedRecord, Payout, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from connector.sandbox.stories.till import charge_of, charged, paid_out, refund, sale
from tests.commands.backfilled import HEAD, START, backfill, counts, in_netsuite, row_of, ties, when
from tests.commands.numberless import numberless
from tests.stories.expected import BOOKS

pytestmark = pytest.mark.usefixtures("later")
HISTORIES = (
    "downgrade_to_balance_then_next_invoice",
    "credit_note_to_balance",
    "negative_invoice_in_yen",
    "refunded_three_times",
    "daily_payout",
    "payouts_in_two_currencies",
    "payout_fails_after_it_was_paid",
)


# All of a past


@pytest.mark.rule("SY-H1")
@pytest.mark.parametrize("story", HISTORIES)
def test_a_past_comes_as_if_it_had_come_live_and_a_second_run_writes_nothing(
    story: str, sandbox: Server, account: StripeAccount
) -> None:
    world = sandbox.world
    stories.play(world, story)

    told, status = backfill()

    assert (status, told["state"], told["complete"], told["problems"]) == (0, "complete", True, [])
    assert set(told) == {*HEAD, "resumed"}
    live = (BOOKS / f"{story}.txt").read_text()
    assert numberless(world.netsuite.books_text()) == numberless(live)
    ties(told, world)
    writes = world.netsuite.writes
    again, status = backfill()
    assert (status, world.netsuite.writes) == (0, writes)
    assert again["kinds"] == told["kinds"]


def test_only_the_kinds_asked_for_are_brought_with_what_they_rest_on(
    sandbox: Server, account: StripeAccount
) -> None:
    sale(sandbox.world, "Aster Lane Florists", 20_000)
    charged(sandbox.world, 5_000)
    told, status = backfill("--kind", "invoices", "customers")
    assert status == 0
    assert [row["kind"] for row in told["kinds"]] == ["customers", "invoices"]
    kinds = {record["type"] for record in sandbox.world.netsuite.books()["records"]}
    assert kinds == {"customer", "serviceSaleItem", "invoice", "customerPayment"}
    assert in_netsuite(sandbox.world, "charges", "USD") == Decimal("200.00")


# Dry


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(
    sandbox: Server, account: StripeAccount
) -> None:
    stories.play(sandbox.world, "daily_payout")

    dry, status = backfill("--dry-run")

    assert (status, dry["state"], set(dry)) == (0, "dry_run", {*HEAD, "to_book", "estimate"})
    assert sandbox.world.netsuite.writes == 0
    for model in (Backfill, Job, Event, Attempt, MappedRecord, Payout):
        assert not model._default_manager.exists()
    assert counts(row_of(dry, "payouts")) == {"waiting": 1}  # until its records are there
    would = {(one["type"], one["currency"]): (one["count"], one["sum"]) for one in dry["to_book"]}

    backfill()

    written: dict[tuple[str, str], list[Decimal]] = {}
    for one in sandbox.world.netsuite.books()["records"]:
        if one["type"] != "deposit":
            money = one.get("total")
            key = (one["type"], one["currency"] if money else "")
            written.setdefault(key, []).append(Decimal(money or 0))
    assert would == {
        key: (len(amounts), f"{sum(amounts):.2f}" if key[1] else "") for key, amounts in written.items()
    }


def test_a_dry_run_over_what_is_booked_would_write_nothing(sandbox: Server, account: StripeAccount) -> None:
    stories.play(sandbox.world, "refunded_three_times")
    told, _ = backfill()
    dry, status = backfill("--dry-run")
    assert (status, dry["to_book"]) == (0, [])
    assert dry["kinds"] == told["kinds"]


def test_a_dry_run_names_what_stands_in_the_way(sandbox: Server, account: StripeAccount) -> None:
    StripeAccount.objects.update(income_account="")
    sale(sandbox.world, "Aster Lane Florists", 20_000)
    dry, status = backfill("--dry-run")
    assert status == 1
    assert {one["code"] for one in dry["problems"]} == {"income_account_missing"}
    assert all(one["next_step"] for one in dry["problems"])


# What is not booked, and why


def test_what_a_person_must_settle_ends_the_run_with_status_1_and_its_reason(
    sandbox: Server, account: StripeAccount
) -> None:
    stories.play(sandbox.world, "netsuite_requires_a_field")

    told, status = backfill()

    assert (status, told["state"], told["complete"]) == (1, "incomplete", False)
    assert told["open"] == {"required_field_missing": 1}
    (problem,) = told["problems"]
    assert (problem["status"], problem["code"]) == ("needs_attention", "required_field_missing")
    assert "Department" in problem["message"]
    assert counts(row_of(told, "charges")) == {"needs_attention": 1}
    ties(told, sandbox.world)
    sandbox.world.netsuite.user.release_field("invoice", "department")
    assert backfill()[1] == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda rows: rows.delete(), "not_accounted_for"),
        (lambda rows: rows.update(amount=Decimal("1.00")), "booked_amount_differs"),
    ],
)
def test_a_record_that_is_lost_or_differs_is_named(
    spoil: Callable[[Any], None], code: str, sandbox: Server, account: StripeAccount
) -> None:
    charge = charged(sandbox.world, 5_000)
    with when("finished", lambda: spoil(MappedRecord.objects.filter(stripe_id=charge))):
        told, status = backfill()
    assert (status, told["complete"]) == (1, False)
    (problem,) = told["problems"]
    assert (problem["subject"], problem["code"]) == (charge, code)
    assert row_of(told, "charges")["netsuite"]["count"] == 0


@pytest.mark.rule("BF-1", "BF-2", "BF-3", "RF-12")
def test_what_is_older_than_the_start_date_is_counted_and_its_cash_is_one_line(
    sandbox: Server, account: StripeAccount
) -> None:
    world = sandbox.world
    with world.clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        mark = world.stripe.bank.mark()
        old = charge_of(world, sale(world, "Aster Lane Florists", 20_000))
        world.clock.advance(timedelta(days=1))
        refund(world, old, 3_000)
        sale(world, "Birchwood Toys", 12_000)
        paid_out(world, "usd", mark)
    StripeAccount.objects.update(sync_start_date=date(2026, 11, 3), summarize_before_start=True)

    told, status = backfill()

    assert status == 0, told["problems"]
    for kind in ("invoices", "charges", "refunds"):
        assert row_of(told, kind)["reasons"]["before_start_date"]["count"] == 1
    assert row_of(told, "charges")["reasons"]["before_start_date"]["sum"] == "200.00"
    assert counts(row_of(told, "payouts")) == {"netsuite": 1}
    (deposit,) = [one for one in world.netsuite.books()["records"] if one["type"] == "deposit"]
    assert "From before the start date: 2 transactions." in json.dumps(deposit)
    ties(told, world)


@pytest.mark.rule("SY-1")
def test_what_is_held_by_its_mark_is_skipped_with_that_reason(
    sandbox: Server, account: StripeAccount
) -> None:
    StripeAccount.objects.update(denylist_payments=True)
    charged(sandbox.world, 5_000, metadata={"netsuite_block_integration": "true"})
    told, status = backfill()
    row = row_of(told, "charges")
    assert (status, counts(row)) == (0, {"skipped": 1})
    assert row["reasons"] == {"held_by_metadata": {"count": 1, "sum": "50.00"}}
    assert sandbox.world.netsuite.writes == 0


# The period


@pytest.mark.rule("BF-H1", "K17", "TZ-1")
def test_days_begin_at_midnight_of_the_account(sandbox: Server, account: StripeAccount) -> None:
    StripeAccount.objects.update(time_zone="Europe/Berlin")
    made = []
    for minute in (29, 31):  # half past eleven in the evening of the 10th in Berlin is half past ten
        with sandbox.world.clock.at(datetime(2026, 11, 10, 22, minute, tzinfo=UTC) + timedelta(minutes=30)):
            made.append(charged(sandbox.world, 1_000))

    before, _ = backfill("--to", "2026-11-10", start="2026-11-10")
    assert before["until"] == "2026-11-11T00:00:00+01:00"
    assert row_of(before, "charges")["stripe"]["count"] == 1
    assert [one.stripe_id for one in MappedRecord.objects.filter(record_type="customerPayment")] == made[:1]
    after, _ = backfill("--to", "2026-11-11", start="2026-11-11")
    assert row_of(after, "charges")["stripe"]["count"] == 1
    assert MappedRecord.objects.filter(record_type="customerPayment").count() == 2


def test_an_invoice_drafted_before_the_period_and_finalized_in_it_belongs_to_it(
    sandbox: Server, account: StripeAccount
) -> None:
    stripe, clock = sandbox.world.stripe, sandbox.world.clock
    with clock.at(datetime(2026, 8, 30, 12, tzinfo=UTC)):
        customer = stripe.post("/v1/customers", name="Aster Lane Florists", email="ap@aster.example")["id"]
        drafts = [stripe.post("/v1/invoices", customer=customer)["id"] for _ in range(2)]
        for draft in drafts:
            stripe.post("/v1/invoiceitems", customer=customer, invoice=draft, amount=7_000, currency="usd")
        stripe.post(f"/v1/invoices/{drafts[0]}/finalize")
        clock.advance(timedelta(days=60))
        stripe.post(f"/v1/invoices/{drafts[1]}/finalize")
    told, status = backfill("--kind", "invoices")
    assert status == 0, told
    assert row_of(told, "invoices")["stripe"] == {"count": 1, "sum": "70.00"}
    assert [one.stripe_id for one in MappedRecord.objects.filter(record_type="invoice")] == drafts[1:]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "--from", START), r"no account “nobody” \(there are: acme\)"),
        (("acme", "--from", START, "--kind", "invoices", "bananas"), "no kind bananas. The kinds are: cust"),
        (("acme", "--from", "2026-11-31"), "“2026-11-31” is not a day"),
        (("acme", "--from", START, "--to", "soon"), "“soon” is not a day"),
        (("acme", "--from", START, "--to", "2026-09-30"), "ends on 2026-09-30, before it begins on"),
        (("acme", "--from", "2027-03-02"), "2027-03-02 is in the future: in UTC it is 2027-03-01"),
        (("acme", "--from", START, "--to", "2027-03-02"), "in the future: .* Leave --to out"),
    ],
)
def test_a_bad_command_is_refused_in_words_and_nothing_begins(
    arguments: tuple[str, ...], said: str, account: StripeAccount
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("backfill", *arguments)
    assert not Backfill.objects.exists()


def test_a_key_that_stripe_refuses_is_said_and_the_run_can_go_on(
    sandbox: Server, account: StripeAccount
) -> None:
    key, account.stripe_api_key = account.stripe_api_key, "sk_test_not_this_one"
    account.save()
    with pytest.raises(CommandError, match="Then give the same command again") as refused:
        backfill()
    assert "not_this_one" not in str(refused.value)
    assert Backfill.objects.get().state == Backfill.State.INTERRUPTED
    account.stripe_api_key = key
    account.save()
    told, status = backfill()
    assert (status, told["resumed"]) == (0, True)


def test_people_are_told_counts_sums_and_the_period(sandbox: Server, account: StripeAccount) -> None:
    sale(sandbox.world, "Aster Lane Florists", 20_000)
    out = StringIO()
    call_command("backfill", "acme", "--from", START, stdout=out)
    assert "invoices: 1 in Stripe, 200.00 USD\n    1 in NetSuite, 200.00 USD\n" in out.getvalue()
    assert "Every object from 2026-10-01 up to 2027-03-01 12:00 (UTC) is accounted for." in out.getvalue()
    out = StringIO()
    call_command("backfill", "acme", "--from", START, "--dry-run", stdout=out)
    assert out.getvalue().endswith("Nothing was written.\n")
