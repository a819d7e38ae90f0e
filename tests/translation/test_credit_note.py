"""A credit note is a credit memo over what it takes back; what it settles depends on where the money went."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import Coupon, DiscountAmount, Shipping, TaxAmount
from connector.stripe.credit_note import CreditNote
from connector.translation.credit_note import external_id, told_apart, without
from tests.translation.builders import (
    charge,
    codes,
    invoice,
    line,
    only,
    paid_by,
    rules_of,
    settings,
    usd,
)
from tests.translation.notes import memo_of, memos_of, note, note_line, open_amount, plan_of
from tests.translation.test_memo import given_up, service, unpaid

rule = pytest.mark.rule
PAID = (paid_by(charge()),)


def owing(amount: str = "80.00", **changes: Any) -> Any:
    """An open invoice over 120.00 USD with a note of 40.00 USD on it."""
    return unpaid(amount_remaining=usd(amount), **changes)


def amounts(record: records.CreditMemo) -> list[tuple[str, Decimal]]:
    return [(one.item.key, one.amount) for one in record.lines]


# On an open invoice


@rule("CN-1", "CN-7", "CN-8", "OM-4", "K3", "K16")
def test_a_note_on_an_open_invoice_is_written_now_and_not_applied() -> None:
    plan = plan_of(owing(), notes=[note(memo="Two seats too many")])
    made = memo_of(plan)
    assert (made.external_id, made.memo) == ("ns_memo:cn_1", "Stripe: cn_1. Two seats too many")
    assert (made.tran_date, made.currency.key) == (date(2026, 11, 10), "USD")
    assert made.customer == only(plan, records.Invoice).customer
    assert amounts(made) == [("price_1", Decimal("40.00"))]
    assert made.applied == ()
    assert open_amount(plan) == Decimal("120.00")


@rule("CN-1", "K3")
def test_it_is_applied_once_the_invoice_is_paid() -> None:
    plan = plan_of(invoice(), paid_by(charge("80.00"), "80.00"), notes=[note()])
    assert [(one.doc, one.amount) for one in memo_of(plan).applied] == [
        (Ref("invoice", "in_1"), Decimal("40.00"))
    ]
    assert open_amount(plan) == 0


@rule("CN-1", "UN-2")
def test_it_is_applied_when_the_rest_is_given_up() -> None:
    early = note(created=datetime(2026, 11, 5, tzinfo=UTC))
    plan = plan_of(given_up(amount_remaining=usd("80.00")), notes=[early])
    made = memos_of(plan)
    assert set(made) == {"ns_memo:cn_1", "ns_memo:in_1:uncollectible"}
    assert open_amount(plan) == 0


def test_a_note_on_an_invoice_that_was_closed_before_is_refused_by_name() -> None:
    plan = plan_of(given_up(amount_remaining=usd("80.00")), notes=[note()])
    assert codes(plan) == ["credit_note_not_supported"]
    assert "cn_1" in plan.problems[0].message


# After the payment


@rule("CN-2", "CN-3", "CN-H1", "K24", "OM-4")
def test_a_refund_and_its_note_are_one_memo_that_waits_for_the_refund() -> None:
    refunded = note(refunded=usd("40.00"), refunds={"re_7": usd("40.00")})
    plan = plan_of(invoice(), *PAID, notes=[refunded])
    made = memo_of(plan)
    assert (made.external_id, made.applied) == ("ns_memo:re_7", ())
    assert made.memo == "Stripe: cn_1"
    assert {"CN-2", "CN-3", "K24"} <= rules_of(plan)
    assert open_amount(plan) == 0


def test_a_note_with_several_refunds_keeps_its_own_name() -> None:
    assert (
        external_id(note(refunded=usd("40.00"), refunds={"re_7": usd("30.00"), "re_8": usd("10.00")}))
        == "ns_memo:cn_1"
    )


@rule("K24")
def test_of_several_notes_of_one_refund_only_the_first_has_its_memo() -> None:
    shared: dict[str, Any] = {"refunded": usd("40.00"), "refunds": {"re_7": usd("40.00")}}
    told = told_apart([note(**shared), note(id="cn_2"), note(id="cn_3", **shared)])
    assert [external_id(one) for one in told] == ["ns_memo:re_7", "ns_memo:cn_2", "ns_memo:cn_3"]


@rule("K24")
def test_what_a_refunds_own_memo_took_back_before_is_not_taken_back_by_its_note_again() -> None:
    late = note(post_payment=usd("40.00"), refunded=usd("30.00"), refunds={"re_7": usd("30.00")})
    whole = replace(late, out_of_band=usd("10.00"), balance_movement_id="")
    made = memo_of(plan_of(invoice(), *PAID, notes=[without(whole, {"re_7"})]))
    assert (made.external_id, made.total) == ("ns_memo:cn_1", Decimal("10.00"))
    assert without(whole, {"re_8"}) is whole


@rule("CN-4")
def test_an_out_of_band_credit_stays_unapplied_and_says_so() -> None:
    plan = plan_of(invoice(), *PAID, notes=[note(out_of_band=usd("40.00"), memo="Cheque 118")])
    made = memo_of(plan)
    assert made.memo == "Stripe: cn_1. Credited out of band: apply it by hand. Cheque 118"
    assert (made.total, made.applied) == (Decimal("40.00"), ())


@rule("CN-5", "CN-11")
def test_what_went_to_the_customers_balance_makes_no_memo() -> None:
    plan = plan_of(invoice(), *PAID, notes=[note(post_payment=usd("40.00"))])
    assert memos_of(plan) == {}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pre_payment": usd("30.00")}, "its parts come to 30.00 USD"),
        ({"post_payment": usd("40.00"), "balance_movement_id": ""}, "not say where 40.00 USD of it went"),
    ],
    ids=["a part without a name", "a credit of nobody's balance"],
)
def test_a_note_of_which_stripe_does_not_say_where_all_of_it_went_is_refused(
    changes: dict[str, Any], told: str
) -> None:
    plan = plan_of(invoice(), *PAID, notes=[note(**changes)])
    assert codes(plan) == ["credit_note_not_supported"]
    assert told in plan.problems[0].message


@rule("CN-6")
def test_a_note_may_do_several_things_at_once() -> None:
    mixed = note(
        [note_line("100.00")],
        pre_payment=usd("30.00"),
        post_payment=usd("70.00"),
        refunded=usd("20.00"),
        refunds={"re_7": usd("20.00")},
        out_of_band=usd("10.00"),
    )
    plan = plan_of(invoice(), paid_by(charge("90.00"), "90.00"), notes=[mixed])
    made = memo_of(plan)
    assert (made.external_id, made.total) == ("ns_memo:re_7", Decimal("60.00"))
    assert [one.amount for one in made.applied] == [Decimal("30.00")]
    assert amounts(made) == [("price_1", Decimal("60.00"))]
    assert {"CN-1", "CN-2", "CN-4", "CN-5", "CN-6"} <= rules_of(plan)
    assert open_amount(plan) == 0


@rule("CN-6", "CN-10")
def test_of_several_lines_the_part_outside_the_balance_goes_to_the_global_item() -> None:
    bill = invoice([line("60.00"), line("60.00", id="il_2", price_id="price_2")])
    lines = [note_line("30.00"), note_line("30.00", id="cnli_2", invoice_line_id="il_2")]
    part = note(lines, post_payment=usd("60.00"), out_of_band=usd("20.00"))
    made = memo_of(plan_of(bill, *PAID, notes=[part]))
    assert amounts(made) == [("stripe_credit_note_item", Decimal("20.00"))]


def test_two_notes_of_one_invoice_are_two_memos() -> None:
    plan = plan_of(owing("70.00"), notes=[note(), note([note_line("10.00")], id="cn_2", memo="And again")])
    assert list(memos_of(plan)) == ["ns_memo:cn_1", "ns_memo:cn_2"]


@rule("CN-H3")
def test_a_voided_note_makes_no_memo() -> None:
    plan = plan_of(unpaid(), notes=[note(status="void")])
    assert memos_of(plan) == {}
    assert open_amount(plan) == Decimal("120.00")


@rule("SY-1")
def test_a_note_that_somebody_holds_back_makes_no_memo_yet() -> None:
    marked = note(metadata={"netsuite_block_integration": "true"})
    held = plan_of(owing(), notes=[marked], account=settings(denylist_payments=True))
    assert memos_of(held) == {}
    assert list(memos_of(plan_of(owing(), notes=[marked]))) == ["ns_memo:cn_1"]


@rule("BF-1", "CN-12")
def test_a_note_on_an_invoice_from_before_the_books_stays_outside_with_it() -> None:
    plan = plan_of(owing(), notes=[note()], account=settings(sync_start_date=date(2026, 11, 5)))
    assert plan.skip is not None
    assert (plan.skip.code, plan.records) == ("before_start_date", ())


# Lines


@rule("CN-8", "RR-10")
@rule("TX-4")
def test_a_line_takes_back_quantity_days_discounts_and_taxes_of_its_own_amount() -> None:
    sold = service(
        "120.00",
        discounts=(DiscountAmount("di_1", usd("24.00")),),
        taxes=(TaxAmount(usd("9.60"), "txr_1"),),
    )
    bill = unpaid(
        [sold], total=usd("105.60"), amount_remaining=usd("52.80"), coupons={"di_1": Coupon("SPRING")}
    )
    back = note_line(
        "60.00",
        quantity=Decimal(2),
        description="Two seats",
        discounts=(DiscountAmount("di_1", usd("12.00")),),
        taxes=(TaxAmount(usd("4.80"), "txr_1"),),
    )
    made = memo_of(plan_of(bill, notes=[note([back], amount=usd("52.80"))]))
    assert amounts(made) == [
        ("price_1", Decimal("60.00")),
        ("SPRING", Decimal("-12.00")),
        ("txr_1", Decimal("4.80")),
    ]
    first = made.lines[0]
    assert (first.quantity, first.description) == (Decimal(2), "Two seats")
    assert (first.start_date, first.end_date) == (date(2026, 11, 1), date(2026, 11, 30))


@rule("CN-8")
def test_a_line_without_words_has_those_of_the_invoice() -> None:
    (made,) = memo_of(plan_of(owing(), notes=[note()])).lines
    assert made.description == "Team plan"


@rule("CN-9")
def test_a_custom_line_has_an_item_of_its_own() -> None:
    custom = note_line("40.00", invoice_line_id="", description="Goodwill")
    (made,) = memo_of(plan_of(owing(), notes=[note([custom])])).lines
    assert (made.item.key, made.description) == ("stripe_custom_credit_note_line_item", "Goodwill")
    assert (made.start_date, made.end_date) == (None, None)


@rule("CN-8")
def test_a_line_that_the_invoice_does_not_have_is_unallocated() -> None:
    strange = note_line("40.00", invoice_line_id="il_9")
    made = memo_of(plan_of(owing(), notes=[note([strange])]))
    assert amounts(made) == [("stripe_unallocated_invoice_item", Decimal("40.00"))]


def test_shipping_is_taken_back_with_its_tax() -> None:
    shipping = Shipping(usd("5.50"), (TaxAmount(usd("0.50"), "txr_1"),))
    plan = plan_of(owing(), notes=[note([], amount=usd("5.50"), shipping=shipping)])
    assert amounts(memo_of(plan)) == [("stripe_shipping", Decimal("5.00")), ("txr_1", Decimal("0.50"))]


@rule("CN-10")
def test_a_part_without_lines_goes_to_the_global_credit_note_item() -> None:
    made = memo_of(plan_of(owing(), notes=[note([], amount=usd("40.00"))]))
    assert amounts(made) == [("stripe_credit_note_item", Decimal("40.00"))]


@rule("CN-H2")
def test_a_note_over_the_whole_invoice_without_lines_copies_the_invoices() -> None:
    plan = plan_of(unpaid([service()], amount_remaining=usd("0.00")), notes=[note([], amount=usd("120.00"))])
    assert memo_of(plan).lines == only(plan, records.Invoice).lines


# What cannot be booked to the cent


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (note(amount=usd("40.01")), "is over 40.01 USD, and its lines add up to 40.00 USD"),
        (note([note_line(credits=True)]), "billing credits"),
    ],
    ids=["sum", "credits"],
)
def test_a_note_that_cannot_be_booked_holds_its_invoice_and_is_named(bad: CreditNote, words: str) -> None:
    plan = plan_of(owing(), notes=[bad])
    assert codes(plan) == ["credit_note_not_supported"]
    assert words in plan.problems[0].message


def test_a_note_in_yen_has_no_decimals() -> None:
    yen = Amount(Decimal(500), "JPY")
    bill = replace(invoice([line(Amount(Decimal(900), "JPY"))]), status="open")
    made = memo_of(plan_of(bill, notes=[note([note_line(yen)])]))
    assert (made.total, made.currency.key) == (Decimal(500), "JPY")


def test_a_memo_of_a_note_names_the_note_as_its_stripe_object() -> None:
    (planned,) = memos_of(plan_of(owing(), notes=[note()], account=settings())).values()
    assert planned.stripe_id == "cn_1"
