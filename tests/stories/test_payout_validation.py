"""What keeps a payout from being deposited: each code is provoked, shown, mended, and clears by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from connector.engine import jobs
from connector.failures import describe
from connector.models import Job, MappedRecord, Payout, PayoutLine, StripeAccount
from connector.sandbox import stories
from connector.sandbox.netsuite.user import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import charged, paid_out, refund
from connector.tasks import sweep
from dashboard.templatetags.words import typed
from tests.factories import UserFactory
from tests.stories.stage import Stage

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
SUMS = (12_000, 8_000)
NET = Decimal("193.60")
"""What the bank shows of both sums, after their fees."""


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: two payments are booked, and their payout is not."""
    stage = Stage(sandbox.world, account)
    with stage.world.clock.at(MORNING):
        for amount in SUMS:
            stage.bring(charged(stage.world, amount, description="Sold at the fair"))
        paid_out(stage.world, "usd", 0)
    return stage


def charges(stage: Stage) -> list[str]:
    return sorted(str(row["id"]) for row in stage.world.stripe.store.all("charge"))


def payout_of(stage: Stage) -> str:
    (row,) = stage.world.stripe.store.all("payout")
    return str(row["id"])


def payment(stage: Stage, place: int) -> str:
    """The internal id of a payment."""
    return MappedRecord.objects.get(external_id=charges(stage)[place]).internal_id


def latest_job(stage: Stage) -> Job:
    return Job.objects.filter(subject=payout_of(stage)).latest("pk")


def banked(stage: Stage) -> Decimal:
    (found,) = [one for one in stage.world.netsuite.books()["accounts"] if one["name"] == "Bank USD"]
    return Decimal(found["balance"])


def an_hour_later(stage: Stage) -> None:
    """The sweep comes round when the last look, or the last delay, is an hour old."""
    earlier = timezone.now() - timedelta(hours=2)
    Job.objects.filter(finished_at__isnull=False).update(finished_at=earlier)
    Job.objects.filter(status=Job.Status.READY).update(run_after=earlier)
    sweep()
    stage.run_jobs()


# What people and machines do to it


def choosing(**settings: Any) -> Callable[[Stage], None]:
    """Somebody changes the account's settings."""
    return lambda stage: (StripeAccount.objects.filter(pk=stage.account.pk).update(**settings), None)[1]


def choosing_back(*names: str) -> Callable[[Stage], None]:
    """Back to what was chosen first; the stage's own account is as it was read then."""
    return lambda stage: choosing(**{name: getattr(stage.account, name) for name in names})(stage)


def withholding(record_type: str) -> Callable[[Stage], None]:
    return lambda stage: stage.world.netsuite.user.withhold(record_type)


def granting(record_type: str) -> Callable[[Stage], None]:
    return lambda stage: stage.world.netsuite.user.grant(record_type)


def closing(*, closed: bool) -> Callable[[Stage], None]:
    """The period of the payout is closed before its deposit is booked, or opened again."""

    def change(stage: Stage) -> None:
        user = stage.world.netsuite.user
        (user.close_period if closed else user.open_period)("Nov 2026")

    return change


def over(*amounts: str) -> Callable[[Stage], None]:
    """Somebody changes the amounts of the first payments."""

    def change(stage: Stage) -> None:
        for place, amount in enumerate(amounts):
            fields = {"payment": Decimal(amount)}
            stage.world.netsuite.user.edit("customerPayment", payment(stage, place), fields)

    return change


def of_subsidiaries(*, children: bool, hidden: bool = False) -> Callable[[Stage], None]:
    """The bank account goes over to another subsidiary than the one that sells."""

    def change(stage: Stage) -> None:
        user = stage.world.netsuite.user
        _hold_bank(stage, user.found_subsidiary("Holding"), children=children)
        if hidden:
            user.withhold("subsidiary")

    return change


def back_to_the_parent_company(stage: Stage) -> None:
    stage.world.netsuite.user.grant("subsidiary")
    _hold_bank(stage, stage.account.subsidiary, children=False)


def _hold_bank(stage: Stage, subsidiary: int | str, *, children: bool) -> None:
    holders = {"$": "RecordRefList", "recordRef": [ref(subsidiary)]}
    fields = {"subsidiaryList": holders, "includeChildren": children}
    stage.world.netsuite.user.edit("account", stage.account.bank_accounts["USD"], fields)


def deposit_one_by_hand(stage: Stage) -> None:
    line = {"$": "DepositPayment", "deposit": True, "id": int(payment(stage, 0))}
    payments = {"$": "DepositPaymentList", "depositPayment": [line]}
    fields = {"account": ref(stage.account.bank_accounts["USD"]), "paymentList": payments}
    stage.world.netsuite.user.create("deposit", fields, "by-hand")


def take_it_off(stage: Stage) -> None:
    user = stage.world.netsuite.user
    user.delete("deposit", user.find("deposit", "by-hand"))


def delete_one(stage: Stage) -> None:
    stage.world.netsuite.user.delete("customerPayment", payment(stage, 0))


def enter_it_anew(stage: Stage) -> None:
    user, amount = stage.world.netsuite.user, Decimal(SUMS[0]) / 100
    customer = user.show("customerPayment", payment(stage, 1))["customer"]
    made = user.create("customerPayment", {"customer": ref(customer["@internalId"]), "payment": amount})
    call_command("link", "acme", charges(stage)[0], str(made), verbosity=0)


def map_both_to_one(stage: Stage) -> None:
    MappedRecord.objects.filter(external_id=charges(stage)[1]).update(internal_id=payment(stage, 0))


def map_each_to_its_own(stage: Stage) -> None:
    own = stage.world.netsuite.user.find("customerPayment", charges(stage)[1])
    call_command("link", "acme", charges(stage)[1], str(own), verbosity=0)


def close_the_bank_account(stage: Stage) -> None:
    stage.world.netsuite.user.deactivate("account", stage.account.bank_accounts["USD"])


def open_the_bank_account(stage: Stage) -> None:
    fields = {"isInactive": False}
    stage.world.netsuite.user.edit("account", stage.account.bank_accounts["USD"], fields)


def straight_to_the_bank(stage: Stage) -> None:
    fields = {"undepFunds": False, "account": ref(stage.account.bank_accounts["USD"])}
    stage.world.netsuite.user.edit("customerPayment", payment(stage, 0), fields)


def back_to_undeposited_funds(stage: Stage) -> None:
    fields = {"undepFunds": True, "nullFieldList": {"name": ["account"]}}
    stage.world.netsuite.user.edit("customerPayment", payment(stage, 0), fields)


CASES: dict[str, tuple[Callable[[Stage], None], Callable[[Stage], None]]] = {
    # of a record
    "already_deposited": (deposit_one_by_hand, take_it_off),
    "deleted_netsuite_record": (delete_one, enter_it_anew),
    "duplicate_netsuite_record_in_payout": (map_both_to_one, map_each_to_its_own),
    "invalid_subsidiary": (of_subsidiaries(children=True), back_to_the_parent_company),
    "undep_funds_account_mismatch": (straight_to_the_bank, back_to_undeposited_funds),
    "unequal_amounts": (over("119.00"), over("120.00")),
    "deposit_search_failed": (withholding("deposit"), granting("deposit")),
    # of the payout
    "validating_waiting_on_child_records": (over("119.00", "81.00"), over("120.00", "80.00")),
    "bank_deposit_account_missing": (close_the_bank_account, open_the_bank_account),
    "missing_netsuite_account_mapping": (
        choosing(payment_fees_account=""),
        choosing_back("payment_fees_account"),
    ),
    "payout_currency_account_missing": (choosing(bank_accounts={}), choosing_back("bank_accounts")),
    "subsidary_not_found_likely_permission_issue": (
        of_subsidiaries(children=True, hidden=True),
        back_to_the_parent_company,
    ),
    "period_closed": (closing(closed=True), closing(closed=False)),
    "undep_funds_account_fetch_error": (withholding("account"), granting("account")),
    "undep_funds_account_not_found": (
        choosing(undeposited_funds_account="999999"),
        choosing_back("undeposited_funds_account"),
    ),
}
"""Code of section 26, and of a closed period -> how it comes about, and how it is mended."""
OF_A_RECORD = ("already_deposited", "deleted_netsuite_record", "invalid_subsidiary", "unequal_amounts")


@pytest.mark.rule("PO-6", "PO-7", "PO-14", "MC-4")
@pytest.mark.parametrize("code", CASES)
def test_what_keeps_a_payout_back_is_shown_and_clears_by_itself_after_the_mend(
    code: str, stage: Stage
) -> None:
    spoil, mend = CASES[code]
    spoil(stage)
    stage.bring(payout_of(stage))

    job = latest_job(stage)
    told = {problem["code"]: problem["message"] for problem in job.problems}
    assert (job.status, code in told) == (Job.Status.NEEDS_ATTENTION, True), job.message
    assert not MappedRecord.objects.filter(record_type="deposit", state="mapped").exists()
    if code in OF_A_RECORD:
        refused = PayoutLine.objects.filter(state=PayoutLine.State.REFUSED, code=code)
        assert told[code] in {line.message for line in refused}
    console, entry = Client(), describe(code)
    console.force_login(UserFactory.create())
    page = console.get(f"/jobs/{job.pk}/").content.decode()
    alone = (entry.title, entry.cause) if len(job.problems) == 1 else ()
    for words in (*alone, told[code], entry.next_step):
        assert typed(words) in page

    mend(stage)
    an_hour_later(stage)

    job = latest_job(stage)
    assert (job.status, banked(stage)) == (Job.Status.SUCCESSFUL, NET), job.message
    assert not PayoutLine.objects.filter(state=PayoutLine.State.REFUSED).exists()


@pytest.mark.rule("PO-6", "PO-7")
def test_a_search_that_netsuite_does_not_answer_is_made_again_by_itself(stage: Stage) -> None:
    of_subsidiaries(children=True)(stage)
    stage.world.netsuite.faults.set("error:3")
    stage.bring(payout_of(stage))
    assert (latest_job(stage).status, latest_job(stage).code) == (Job.Status.READY, "subsidary_search_failed")

    back_to_the_parent_company(stage)
    an_hour_later(stage)
    assert (latest_job(stage).status, banked(stage)) == (Job.Status.SUCCESSFUL, NET)


@pytest.mark.rule("PO-13", "PO-7")
def test_a_payout_waits_for_a_payment_that_is_held_back_and_goes_on_by_itself(stage: Stage) -> None:
    choosing(denylist_payments=True)(stage)
    with stage.world.clock.at(MORNING + timedelta(days=7)):
        mark = stage.world.stripe.bank.mark()
        marked = {"netsuite_block_integration": "true"}
        held = charged(stage.world, 5_000, description="Held", metadata=marked)
        later = paid_out(stage.world, "usd", mark)
    stage.bring(later)

    job = Job.objects.filter(subject=later).latest("pk")
    assert (job.status, job.code) == (Job.Status.READY, "inventorying_waiting_on_child_records")
    assert held in job.message
    assert (job.title[:6], job.amount, job.waiting_for) == ("Payout", Decimal("48.25"), held)
    assert PayoutLine.objects.get(source_id=held).state == PayoutLine.State.WAITING

    stage.world.stripe.post(f"/v1/charges/{held}", metadata={"netsuite_block_integration": ""})
    stage.bring(held)
    assert Job.objects.filter(subject=later).latest("pk").status == Job.Status.SUCCESSFUL


# Other orders of things


@pytest.mark.rule("PO-2", "PO-7", "PO-13")
def test_a_payout_that_comes_before_its_payments_has_them_brought_and_goes_on(stage: Stage) -> None:
    with stage.world.clock.at(MORNING + timedelta(days=7)):
        mark = stage.world.stripe.bank.mark()
        charge = charged(stage.world, 5_000, description="Not heard of yet")
        refund(stage.world, charge, 1_000)
        later = paid_out(stage.world, "usd", mark)
    stage.bring(later)

    assert Job.objects.filter(subject=later).latest("pk").status == Job.Status.SUCCESSFUL
    (deposit,) = [one for one in stage.world.netsuite.books()["records"] if one["type"] == "deposit"]
    assert sorted(Decimal(one["amount"]) for one in deposit["holds"]) == [-10, 50]


@pytest.mark.rule("CH-18", "PO-13", "PO-7")
def test_a_payout_waits_for_a_duplicate_payment_until_a_person_allows_it(stage: Stage) -> None:
    mark = stage.world.stripe.bank.mark()
    stories.play(stage.world, "duplicate_payment")
    with stage.world.clock.at(MORNING):
        later = paid_out(stage.world, "usd", mark)
    stage.bring(later)
    an_hour_later(stage)
    job = Job.objects.filter(subject=later).latest("pk")
    assert (job.status, job.code) == (Job.Status.READY, "inventorying_waiting_on_child_records")
    assert f"needs a person: {describe('invoice_already_paid').title}" in job.message
    stuck = Job.objects.get(status=Job.Status.NEEDS_ATTENTION)
    assert (job.title[:10], job.waiting_for) == ("Payout of ", stuck.subject)
    assert job.amount == Payout.objects.get(payout_id=later).amount

    choosing(allow_duplicate_payments=True)(stage)
    for waiting in Job.objects.filter(status=Job.Status.NEEDS_ATTENTION):
        jobs.retry(waiting)
    stage.run_jobs()
    assert Job.objects.filter(subject=later).latest("pk").status == Job.Status.SUCCESSFUL


@pytest.mark.rule("PO-1", "OM-6")
def test_a_deposit_that_somebody_deleted_is_not_made_again_until_its_new_one_is_linked(stage: Stage) -> None:
    user, payout = stage.world.netsuite.user, payout_of(stage)
    stage.bring(payout)
    user.delete("deposit", user.find("deposit", payout))
    stage.bring(payout)
    assert (latest_job(stage).status, banked(stage)) == (Job.Status.SUCCESSFUL, Decimal(0))

    wrong = deposit_by_hand(stage, "6.39")
    with pytest.raises(CommandError, match=r"193\.61"):
        call_command("link", "acme", payout, str(wrong), verbosity=0)
    user.delete("deposit", wrong)
    right = deposit_by_hand(stage, "6.40")
    call_command("link", "acme", payout, str(right), verbosity=0)
    stage.bring(payout)
    row = MappedRecord.objects.get(external_id=payout)
    assert (row.internal_id, banked(stage)) == (str(right), NET)


def deposit_by_hand(stage: Stage, fees: str) -> int:
    """A person deposits both payments, less fees."""
    lines = [{"$": "DepositPayment", "deposit": True, "id": int(payment(stage, place))} for place in (0, 1)]
    account = ref(stage.account.payment_fees_account)
    cost = {"$": "DepositCashBack", "account": account, "amount": Decimal(fees)}
    fields = {
        "account": ref(stage.account.bank_accounts["USD"]),
        "paymentList": {"$": "DepositPaymentList", "depositPayment": lines},
        "cashBackList": {"$": "DepositCashBackList", "depositCashBack": [cost]},
    }
    return stage.world.netsuite.user.create("deposit", fields)


@pytest.mark.rule("K22", "PO-1")
@pytest.mark.parametrize("fault", ["lost:1", "lost-before:1"])
def test_a_deposit_without_an_answer_is_never_taken_for_booked_and_is_there_once(
    fault: str, stage: Stage
) -> None:
    stage.world.netsuite.faults.set(fault)
    stage.bring(payout_of(stage))
    assert latest_job(stage).status == Job.Status.READY
    choosing(payment_fees_account="")(stage)
    an_hour_later(stage)
    assert latest_job(stage).status == Job.Status.NEEDS_ATTENTION

    choosing_back("payment_fees_account")(stage)
    MappedRecord.objects.filter(record_type="deposit").update(sent_at=timezone.now() - timedelta(hours=2))
    an_hour_later(stage)
    assert (latest_job(stage).status, banked(stage)) == (Job.Status.SUCCESSFUL, NET)


@pytest.mark.rule("K18", "PO-3", "OM-9")
def test_a_payout_of_a_closed_period_is_moved_where_the_account_says_so(stage: Stage) -> None:
    stage.world.netsuite.user.close_period("Nov 2026")
    choosing(closed_period_policy="next_open")(stage)
    stage.bring(payout_of(stage))
    row = MappedRecord.objects.get(record_type="deposit")
    assert (str(row.tran_date), banked(stage)) == ("2026-12-01", NET)
    assert "Original transaction date: 2026-11-16" in row.memo
