"""`manage.py reconcile`: what ties out, what does not and why, what it prints, and how it ends."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import MappedRecord, Payout, StripeAccount
from connector.sandbox.netsuite import ref
from connector.sandbox.stories.till import charged, paid_out, refund
from tests.factories import JobFactory, MappedRecordFactory, NetSuiteAccountFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

PAYOUT = {"id", "date", "status", "kind", "currency", "stripe", "mapped", "netsuite", "standing", "settled"}
DIFFERENCE = {"code", "key", "internal_id", "stripe", "mapped", "netsuite", "message", "cause", "action"}
CAUSE = {"code", "amount", "count", "examples", "settled", "message", "cause", "action"}
ALTERED = {"kind", "type", "external_id", "internal_id", "amount", "currency", "first_seen", "last_seen"}
DRIFTED = ALTERED | {"differences", "message", "cause", "action"}
PERIOD = ("--from", "2026-11-01", "--to", "2026-12-31")
Json = dict[str, Any]


def reconcile(*arguments: str) -> tuple[Json, int]:
    """The document that `reconcile --json` printed, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("reconcile", "acme", *PERIOD, *arguments, "--json", stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return json.loads(out.getvalue()), status


def told() -> set[str]:
    """The codes of all that somebody has to act on, from every part of the document; each says how."""
    document, status = reconcile()
    open_payouts = [one for one in document["payouts"] if not one["settled"]]
    differences = [difference for one in open_payouts for difference in one["differences"]]
    causes = [cause for one in document["balances"] for cause in one["explained"] if not cause["settled"]]
    named = [*differences, *causes, *document["drift"]["records"]]
    assert all(one["cause"] and one["action"] and one["message"] for one in named)
    assert [one["unexplained"].strip("0.-") for one in document["balances"]].count("") == len(
        document["balances"]
    )
    assert (status, document["ties_out"]) == ((1, False) if named else (0, True))
    return {one.get("code") or one["kind"] for one in named}


def row_of(record_type: str) -> MappedRecord:
    return MappedRecord.objects.filter(record_type=record_type, state="mapped").earliest("pk")


def payments_of(*numbers: str) -> Json:
    """The funds of a deposit, as somebody ticks them in NetSuite."""
    lines = [{"$": "DepositPayment", "deposit": True, "id": int(number)} for number in numbers]
    return {"paymentList": {"$": "DepositPaymentList", "@replaceAll": True, "depositPayment": lines}}


# What ties out


def test_payouts_of_every_kind_tie_out_and_nothing_is_written(stage: Stage) -> None:
    bank = stage.world.stripe.bank
    table = charged(stage.world, 15_000, description="A table")
    charged(stage.world, 23_000, "eur", description="Une table")
    with bank.terms(settles={"jpy": ("usd", "0.006613")}):
        charged(stage.world, 98_765, "jpy", description="Settled in dollars")
    mark = bank.mark()
    for currency in ("usd", "eur"):
        paid_out(stage.world, currency, 0)
    refund(stage.world, table)
    paid_out(stage.world, "usd", mark)
    charged(stage.world, 12_000, description="A chair")
    stage.settle()
    moved_here(stage.account)
    operations: list[str] = []
    stop = stage.world.netsuite.on_request(lambda asked, answered, operation: operations.append(operation))

    document, status = reconcile()
    stop()

    assert (status, document["ties_out"], document["account"]) == (0, True, "acme")
    assert set(operations) <= {"getList", "search", "searchMoreWithId", "getAll"}
    for one in document["payouts"]:
        assert set(one) == PAYOUT | {"records", "differences"}
        assert (one["standing"], one["differences"]) == ("ties", [])
        assert one["stripe"] == one["mapped"] == one["netsuite"]
    negative = [one for one in document["payouts"] if one["stripe"].startswith("-")]
    assert [one["records"][0]["type"] for one in negative] == ["journalEntry"]
    assert {one["currency"] for one in document["payouts"]} == {"USD", "EUR"}
    dollars = next(one for one in document["balances"] if one["currency"] == "USD")
    assert (dollars["undeposited_funds"], dollars["unexplained"], dollars["settled"]) == (
        "120.00",
        "0.00",
        True,
    )
    assert [(one["code"], one["amount"]) for one in dollars["explained"]] == [
        ("fees_not_deposited", dollars["difference"])
    ]
    assert (document["drift"]["records"], document["drift"]["stopped"]) == ([], "")
    assert document["drift"]["finished_at"]


def moved_here(account: StripeAccount) -> None:
    """Rows of another NetSuite that kept its books before: their numbers mean other records here."""
    former = NetSuiteAccountFactory.create()
    rows = list(MappedRecord.objects.filter(account=account, state="mapped"))
    for row in rows:
        row.pk, row.netsuite_account, row.amount = None, former, Decimal("1.00")
        row.external_id = f"{row.external_id}-before"
    MappedRecord.objects.bulk_create(rows)


# What does not


def line_of(record: str, amount: str, account: str) -> Json:
    """A Cash Back or Other Deposits line, as somebody types it in NetSuite."""
    lists = {"DepositCashBack": "cashBackList", "DepositOther": "otherList"}
    line = {"$": record, "account": ref(account), "amount": Decimal(amount)}
    return {lists[record]: {"$": f"{record}List", record[0].lower() + record[1:]: [line]}}


@pytest.mark.rule("PO-15", "PO-H7")
def test_whatever_a_person_does_to_a_deposit_is_named_with_its_cause_and_clears_after_the_mend(
    stage: Stage,
) -> None:
    stage.play("daily_payout")
    charged(stage.world, 7_000, description="A chair")
    stage.settle()
    user, booked = stage.world.netsuite.user, row_of("deposit")
    shown = user.show("deposit", booked.internal_id)
    held = [str(one["id"]) for one in shown["paymentList"]["depositPayment"]]
    chair = MappedRecord.objects.get(record_type="customerPayment", amount="70.00").internal_id
    as_it_was = {name: shown[name] for name in ("account", "tranDate", "cashBackList", "otherList")}
    savings = user.create("account", {"acctName": "Savings", "acctType": "_bank"})
    assert told() == set()

    changed = {
        "a payment taken off": (
            payments_of(*held[1:]),
            {"record_not_on_deposit", "waits_without_money", "changed"},
        ),
        "a payment added": (
            payments_of(*held, chair),
            {"record_not_of_payout", "not_waiting_any_more", "changed", "deposited"},
        ),
        "a fee line changed": (
            line_of("DepositCashBack", "1.00", stage.account.payment_fees_account),
            {"deposit_lines_differ", "changed"},
        ),
        "a line added": (
            line_of("DepositOther", "5.00", stage.account.adjustments_account),
            {"deposit_lines_differ", "changed"},
        ),
        "the day moved": (
            {"tranDate": shown["tranDate"].replace(day=20)},
            {"deposit_date_differs", "changed"},
        ),
        "the account moved": (
            {"account": ref(savings)},
            {"deposit_account_differs", "changed"},
        ),
    }
    for what, (edit, codes) in changed.items():
        user.edit("deposit", booked.internal_id, edit)
        assert told() == codes, what
        user.edit("deposit", booked.internal_id, as_it_was | payments_of(*held))
        assert told() == set(), what

    user.delete("deposit", booked.internal_id)
    assert told() == {"deposit_gone", "waits_without_money", "deleted"}
    made = user.create("deposit", as_it_was | payments_of(*held))
    call_command("link", "acme", booked.external_id, str(made), "--why", "made anew", verbosity=0)
    assert told() == set()


@pytest.mark.rule("PO-15")
def test_whatever_a_person_does_to_waiting_money_is_named_in_its_currency(stage: Stage) -> None:
    done = ("voided", "deleted", "changed", "deposited", "left alone")
    charges = {what: charged(stage.world, 10_000, description=what) for what in done}
    euros = charged(stage.world, 5_000, "eur", description="In euros")
    stage.settle()
    rows = MappedRecord.objects.filter(record_type="customerPayment")
    numbers = dict(rows.values_list("stripe_id", "internal_id"))
    user, bank = stage.world.netsuite.user, ref(stage.account.bank_accounts["USD"])
    for charge in (charges["voided"], euros):
        user.void("customerPayment", numbers[charge])
    user.delete("customerPayment", numbers[charges["deleted"]])
    user.edit("customerPayment", numbers[charges["changed"]], {"payment": Decimal("100.01")})
    user.create("deposit", {"account": bank, **payments_of(numbers[charges["deposited"]])})

    document, status = reconcile()

    assert status == 1
    kinds = {one["external_id"]: one["kind"] for one in document["drift"]["records"]}
    assert kinds == {charges[what]: what for what in done[:4]} | {euros: "voided"}
    causes = {
        (one["currency"], cause["code"]): (cause["amount"], cause["count"])
        for one in document["balances"]
        for cause in one["explained"]
        if not cause["settled"]
    }
    assert causes == {
        ("USD", "not_waiting_any_more"): ("-300.00", 3),
        ("USD", "waits_with_another_amount"): ("0.01", 1),
        ("EUR", "not_waiting_any_more"): ("-50.00", 1),
    }
    for one in document["balances"]:
        assert Decimal(one["unexplained"]) == 0
        stated = Decimal(one["undeposited_funds"]) - Decimal(one["stripe"]["total"])
        assert (
            Decimal(one["difference"]) == stated == sum(Decimal(each["amount"]) for each in one["explained"])
        )
    assert all(set(one) == CAUSE for each in document["balances"] for one in each["explained"])
    assert all(set(one) == DRIFTED for one in document["drift"]["records"])


@pytest.mark.rule("PO-13")
def test_a_payout_that_cannot_be_booked_names_the_payment_that_is_missing(stage: Stage) -> None:
    user = stage.world.netsuite.user
    user.require_field("customerPayment", "custbody_region", "Region")
    charge = charged(stage.world, 10_000, description="A table")
    payout = paid_out(stage.world, "usd", 0)
    stage.settle()

    (one,) = reconcile()[0]["payouts"]
    (difference,) = one["differences"]
    assert (one["standing"], one["netsuite"], set(difference)) == ("not_booked", "", DIFFERENCE)
    assert (difference["key"], difference["stripe"], difference["netsuite"]) == (charge, "100.00", "")
    assert difference["code"] == "required_field_missing"
    assert told() >= {"not_in_netsuite_yet", "payout_not_deposited"}

    user.release_field("customerPayment", "custbody_region")
    stage.bring(charge)
    stage.bring(payout)
    assert told() == set()


def test_a_payout_that_nobody_told_us_of_is_named_and_so_is_one_that_came_back(stage: Stage) -> None:
    clearing = {"payout_clearing_account": stage.account.adjustments_account}
    StripeAccount.objects.filter(pk=stage.account.pk).update(**clearing)
    charged(stage.world, 10_000, description="A lamp")
    stage.settle()
    payout = paid_out(stage.world, "usd", 0)
    assert told() == {"payout_not_deposited"}
    stage.settle()
    assert told() == set()

    stage.world.stripe.bank.fail_payout(payout, "account_closed")
    assert told() == {"payout_return_missing"}
    stage.settle()
    assert told() == set()


@pytest.mark.rule("PO-11", "PO-H6")
def test_a_payout_made_by_hand_is_named_until_somebody_deposits_its_amount(stage: Stage) -> None:
    stage.play("manual_payout")
    assert told() == {"payout_by_hand_not_deposited"}

    user, bank = stage.world.netsuite.user, ref(stage.account.bank_accounts["USD"])
    kept = line_of(
        "DepositCashBack", "200.00", stage.account.payment_fees_account
    )  # 700.00 came, 500.00 left
    payment = row_of("customerPayment").internal_id
    day = Payout.objects.get().arrival_date
    made = user.create("deposit", {"account": bank, "tranDate": day, **kept, **payments_of(payment)})

    document, _ = reconcile()
    (one,) = document["payouts"]
    assert (one["kind"], one["standing"], one["settled"], one["netsuite"]) == (
        "manual",
        "by_hand",
        True,
        "500.00",
    )
    assert document["drift"]["records"] == []
    (balance,) = document["balances"]
    assert [(one["code"], one["amount"], one["settled"]) for one in balance["explained"]] == [
        ("deposited_by_hand", balance["difference"], True)
    ]
    assert told() == set()

    # That its number meant a deposit of ours in the NetSuite before changes nothing.
    former = MappedRecordFactory.create(
        job=JobFactory.create(account=stage.account),
        netsuite_account=NetSuiteAccountFactory.create(),
        record_type="deposit",
        internal_id=str(made),
    )
    assert reconcile()[0]["payouts"][0]["settled"]
    former.delete()

    # A deposit of the same amount on another bank account is not it, nor is that of another Stripe account.
    StripeAccount.objects.update(bank_accounts={"USD": stage.account.bank_accounts["EUR"]})
    assert not reconcile()[0]["payouts"][0]["settled"]
    StripeAccount.objects.update(bank_accounts=stage.account.bank_accounts)
    call_command("account", "globex", netsuite="acme", verbosity=0)
    globex = StripeAccount.objects.get(name="globex")
    MappedRecordFactory.create(job__account=globex, record_type="deposit", internal_id=str(made))
    assert not reconcile()[0]["payouts"][0]["settled"]


# How it is asked, and how it ends


def test_without_json_it_says_the_same_in_words(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    charged(stage.world, 10_000, description="A desk")
    stage.settle()
    stage.world.netsuite.user.void("customerPayment", row_of("customerPayment").internal_id)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("reconcile", "acme", *PERIOD)
    said = capsys.readouterr().out
    assert "Payouts from 2026-11-01 to 2026-12-31: 0" in said
    assert (
        "USD: Undeposited Funds 0.00, Stripe 96.80 (available 0.00, pending 96.80, in transit 0.00)" in said
    )
    assert "amount: 0.00 USD instead of 100.00 USD" in said
    assert "Enter it anew in NetSuite" in said
    assert said.rstrip().endswith("Not all ties out.")


def test_a_period_that_makes_no_sense_is_refused(account: StripeAccount) -> None:
    for arguments, words in (
        (("--from", "soon"), "Write the day like"),
        (("--from", "2026-11-20", "--to", "2026-11-01"), "before it begins"),
    ):
        with pytest.raises(CommandError, match=words):
            reconcile(*arguments)


def test_a_netsuite_that_is_away_ends_it_with_what_to_do(account: StripeAccount) -> None:
    account.netsuite_account.netsuite_base_url = "http://127.0.0.1:9/netsuite"
    account.netsuite_account.save()
    with pytest.raises(CommandError, match="NetSuite"):
        reconcile()
