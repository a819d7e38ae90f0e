"""A refund is a customer refund, and a credit memo for each invoice that its payment settles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from connector.money import Amount
from connector.netsuite.records import Application, Line, Ref
from connector.translation import items
from connector.translation.reversals import Booked
from tests.translation.builders import charge, settings, usd
from tests.translation.notes import note
from tests.translation.taken_back import (
    CH_1,
    GIVEN_BACK,
    PAID,
    UNAPPLIED,
    applied,
    attention,
    dispute,
    elsewhere,
    lines_of,
    memos_of,
    moved,
    refund,
    refunds_of,
    rules_on,
    settles,
    sold,
    standing,
    taken_back,
)

rule = pytest.mark.rule
LATER = datetime(2026, 11, 12, 12, tzinfo=UTC)
NEW_YORK = {"time_zone": ZoneInfo("America/New_York")}
MIDNIGHT = datetime(2026, 11, 10, 2, tzinfo=UTC)


# Where it is taken from


@rule("RF-1", "RF-7", "RF-H1", "RF-H7", "OM-1", "OM-4", "OM-5", "K16")
def test_a_refund_of_a_paid_invoice_is_a_memo_and_a_refund_set_against_each_other() -> None:
    plan = taken_back(refund())
    memo, made = memos_of(plan)["ns_memo:re_1"], refunds_of(plan)["re_1"]
    assert memo.applied == ()
    assert applied(made) == [("ns_memo:re_1", "120.00")]
    assert (made.account.internal_id, made.receivables_account.internal_id) == ("122", "119")
    assert (made.tran_date, memo.tran_date) == (date(2026, 11, 10), date(2026, 11, 10))
    assert made.memo == "Stripe: re_1. Refund of ch_1."
    assert memo.memo == "Stripe: re_1. Refund of ch_1. Of in_1."
    assert [one.value for one in memo.filled] == ["re_1"]
    assert [planned.stripe_id for planned in plan.records] == ["re_1", "re_1"]


@rule("RF-1", "RF-2")
def test_a_refund_of_an_unapplied_payment_is_set_against_the_payment_itself() -> None:
    plan = taken_back(refund("50.00"), stands=UNAPPLIED)
    assert memos_of(plan) == {}
    assert applied(refunds_of(plan)["re_1"]) == [("ch_1", "50.00")]


@rule("RF-2")
def test_a_payment_that_a_person_moved_is_taken_back_of_the_invoice_where_it_is_now() -> None:
    other = settles(sold("70.00", "50.00"), invoice=Ref("invoice", internal_id="884"))
    plan = taken_back(refund(), stands=elsewhere(PAID, other))
    memo = memos_of(plan)["ns_memo:re_1"]
    assert lines_of(memo) == [("price_1", "70.00"), ("price_2", "50.00")]
    assert memo.memo.endswith("Of invoice 884.")


@rule("RF-H3")
def test_a_payment_over_several_invoices_is_taken_back_of_each_in_order() -> None:
    several = [
        settles(sold(amount), invoice=Ref("invoice", key))
        for key, amount in (("in_1", "60.00"), ("in_2", "90.00"), ("in_3", "50.00"))
    ]
    plan = taken_back(refund("110.00"), stands=standing(*several), of=charge("200.00"))
    assert {key: lines_of(memo) for key, memo in memos_of(plan).items()} == {
        "ns_memo:re_1": [("price_1", "60.00")],
        "ns_memo:re_1:in_2": [("price_1", "50.00")],
    }
    assert applied(refunds_of(plan)["re_1"]) == [("ns_memo:re_1", "60.00"), ("ns_memo:re_1:in_2", "50.00")]
    assert "RF-H3" in rules_on(plan, "ns_memo:re_1:in_2")


def test_what_is_unapplied_goes_back_before_an_invoice_is_touched() -> None:
    partly = standing(settles(sold("90.00")), unapplied="30.00")
    plan = taken_back(refund("100.00"), stands=partly)
    assert applied(refunds_of(plan)["re_1"]) == [("ns_memo:re_1", "70.00"), ("ch_1", "30.00")]


@rule("RF-11", "RF-H8")
def test_a_customer_deposit_is_refunded_directly_and_where_an_invoice_used_it_by_a_memo() -> None:
    deposit = Ref("customerDeposit", "ch_1")
    used = standing(settles(sold("90.00")), unapplied="30.00", record=deposit)
    plan = taken_back(refund("100.00"), stands=used)
    made = refunds_of(plan)["re_1"]
    assert [(one.doc, one.amount) for one in made.deposits] == [(deposit, Decimal("30.00"))]
    assert [one.doc.key for one in made.applied] == ["ns_memo:re_1"]
    assert "RF-11" in rules_on(plan, "re_1")
    assert "RF-H8" in rules_on(plan, "ns_memo:re_1")


@rule("K11", "RF-1")
def test_a_refund_of_a_cash_sale_asks_for_a_person_and_keeps_nothing_else_out() -> None:
    plan = taken_back(
        refund(), stands=standing(record=Ref("cashSale", "ch_1", "77"), total=Decimal("120.00"))
    )
    assert attention(plan) == "refund_of_cash_sale"
    assert (plan.records, plan.problems) == ((), ())


def test_a_payment_that_is_not_booked_yet_keeps_its_refund_waiting() -> None:
    assert taken_back(refund(), stands=None).records == ()


# What the memo takes back


@rule("RF-3")
def test_a_full_refund_takes_back_the_invoices_own_lines() -> None:
    lines = sold("80.00", "30.00", tax="11.00")
    plan = taken_back(refund("121.00"), stands=standing(settles(lines)), of=charge("121.00"))
    assert memos_of(plan)["ns_memo:re_1"].lines == lines


@rule("RF-5")
def test_a_part_of_a_one_line_invoice_is_taken_back_on_that_line() -> None:
    (line,) = memos_of(taken_back(refund("45.50")))["ns_memo:re_1"].lines
    assert (line.item.key, line.amount, line.quantity) == ("price_1", Decimal("45.50"), None)


@rule("RF-6")
def test_a_part_of_several_lines_goes_to_the_partial_refund_item() -> None:
    several = standing(settles(sold("80.00", "40.00")))
    plan = taken_back(refund("45.50"), stands=several)
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [("stripe_partial_refund_item", "45.50")]


@rule("RF-H5")
@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        (("120.00",), [("price_1", "30.00"), ("txr_1", "3.00")]),
        (("80.00", "40.00"), [("stripe_partial_refund_item", "30.00"), ("txr_1", "3.00")]),
    ],
)
def test_a_part_takes_its_share_of_the_tax_along(
    goods: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    plan = taken_back(
        refund("33.00"), stands=standing(settles(sold(*goods, tax="12.00"))), of=charge("132.00")
    )
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == expected


@rule("RF-H5")
def test_a_discount_does_not_count_as_a_line() -> None:
    (one,) = sold("120.00")
    off = Line(Ref("item", "SPRING"), Decimal("-24.00"), source=one.source)
    plan = taken_back(refund("10.00"), stands=standing(settles((one, off))), of=charge("96.00"))
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [("price_1", "10.00")]


@rule("RF-H5", "MC-9", "MC-H3")
@pytest.mark.parametrize(
    ("currency", "amount", "tax", "given", "share"),
    [
        ("JPY", "1000", "100", "363", "33"),
        ("KWD", "10.000", "1.000", "3.666", "0.333"),
        ("USD", "75.00", "25.00", "10.02", "2.51"),  # half a cent goes up
    ],
)
def test_a_share_of_tax_has_the_decimals_of_its_currency(
    currency: str, amount: str, tax: str, given: str, share: str
) -> None:
    plan = taken_back(
        refund(Amount(Decimal(given), currency)),
        stands=standing(settles(sold(amount, tax=tax))),
        of=charge(Amount(Decimal(amount) + Decimal(tax), currency)),
    )
    goods, taxes = memos_of(plan)["ns_memo:re_1"].lines
    assert (str(taxes.amount), goods.amount + taxes.amount) == (share, Decimal(given))


@rule("RF-4")
@pytest.mark.parametrize(("setting", "item"), [("881", "881"), ("Stripe Refund Item", "stripe_refund_item")])
def test_by_setting_every_refund_goes_to_one_item(setting: str, item: str) -> None:
    plan = taken_back(refund(), account=settings(refund_item=setting))
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [(item, "120.00")]
    assert "RF-4" in rules_on(plan, "ns_memo:re_1")


@rule("RR-5", "RR-6", "DS-9")
@pytest.mark.parametrize("amount", ["120.00", "50.00"])
def test_the_memo_copies_the_days_of_service_whatever_was_earned(amount: str) -> None:
    first, last = date(2026, 9, 1), date(2027, 8, 31)
    lines = tuple(replace(line, start_date=first, end_date=last) for line in sold("70.00", "50.00"))
    plan = taken_back(refund(amount), stands=standing(settles(lines)))
    days = {(line.start_date, line.end_date) for line in memos_of(plan)["ns_memo:re_1"].lines}
    assert days == {(first, last)}


@rule("RR-9", "RF-6")
def test_the_partial_refund_item_has_the_accounts_revenue_schedule() -> None:
    (made,) = items.partial_refund(
        settings(deferred_revenue_account="58", revenue_recognition_rule="3")
    ).records
    record = made.record
    assert (record.TYPE, record.external_id) == ("nonInventorySaleItem", "stripe_partial_refund_item")
    assert getattr(record, "item_id", "") == "Stripe Partial Refund Item"
    assert "RR-9" in made.rules


def test_an_invoice_that_netsuite_taxes_itself_is_taken_back_by_the_partial_refund_item() -> None:
    unknown = settles((), "120.00")
    plan = taken_back(refund(), stands=standing(unknown))
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [("stripe_partial_refund_item", "120.00")]


# Several


@rule("RF-H6")
def test_partial_refunds_stay_partial_even_when_they_add_up_to_the_whole() -> None:
    several = standing(settles(sold("80.00", "40.00")))
    plan = taken_back(refund("50.00"), refund("70.00", id="re_2", created=LATER), stands=several)
    assert [lines_of(memo) for memo in memos_of(plan).values()] == [
        [("stripe_partial_refund_item", "50.00")],
        [("stripe_partial_refund_item", "70.00")],
    ]
    assert "RF-H6" in rules_on(plan, "re_2")


@rule("RF-H3", "RF-H6")
@pytest.mark.parametrize("is_booked", [False, True])
def test_the_next_refund_is_taken_where_the_one_before_left_off(is_booked: bool) -> None:
    several = [
        settles(sold(amount), invoice=Ref("invoice", key))
        for key, amount in (("in_1", "60.00"), ("in_2", "60.00"))
    ]
    booked = Booked(refunds={"re_1": Decimal("50.00")}) if is_booked else Booked()
    plan = taken_back(
        refund("50.00"), refund("40.00", id="re_2", created=LATER), stands=standing(*several), booked=booked
    )
    assert applied(refunds_of(plan)["re_2"]) == [("ns_memo:re_2", "10.00"), ("ns_memo:re_2:in_2", "30.00")]
    assert ("re_1" in refunds_of(plan)) is not is_booked


def test_what_was_refunded_directly_leaves_the_invoice_whole() -> None:
    partly = standing(settles(sold("90.00")), total=Decimal("120.00"))
    plan = taken_back(
        refund("30.00"),
        refund("90.00", id="re_2", created=LATER),
        stands=partly,
        booked=Booked(refunds={"re_1": Decimal(0)}),
    )
    assert lines_of(memos_of(plan)["ns_memo:re_2"]) == [("price_1", "90.00")]


def test_a_refund_that_netsuite_holds_is_not_planned_again() -> None:
    assert taken_back(refund(), booked=Booked(refunds={"re_1": Decimal("120.00")})).records == ()


def test_more_than_netsuites_payment_has_left_is_told_and_not_booked() -> None:
    plan = taken_back(refund("120.00"), stands=standing(unapplied="100.00"))
    assert attention(plan) == "refund_exceeds_payment"
    assert "100.00 USD left" in (plan.attention.message if plan.attention else "")
    assert plan.records == ()


def test_what_a_person_gave_back_in_netsuite_is_not_taken_of_the_invoice_again() -> None:
    """30.00 of the payment were refunded by hand: 90.00 settle the invoice, and no more can be taken back."""
    stands = standing(settles(sold("120.00"), "90.00"), total=Decimal("120.00"))
    plan = taken_back(refund("120.00"), stands=stands)
    assert (attention(plan), plan.records) == ("refund_exceeds_payment", ())


def test_after_a_run_was_cut_off_the_memo_that_stands_is_used() -> None:
    there = Booked(memos={"re_1": (Application(Ref("creditMemo", "ns_memo:re_1"), Decimal("120.00")),)})
    plan = taken_back(refund(), stands=UNAPPLIED, booked=there)
    assert memos_of(plan) == {}
    assert applied(refunds_of(plan)["re_1"]) == [("ns_memo:re_1", "120.00")]


def test_a_refund_whose_answer_was_lost_is_asked_for_as_it_was_sent() -> None:
    sent = Booked(sent={"re_1": (Application(CH_1, Decimal("120.00")),)})
    after = refund("1.00", id="re_2", created=LATER)
    plan = taken_back(refund(), after, stands=standing(total=Decimal("120.00")), booked=sent)
    assert applied(refunds_of(plan)["re_1"]) == [("ch_1", "120.00")]
    assert list(refunds_of(plan)) == ["re_1"]
    assert plan.later is not None
    assert plan.later.code == "unconfirmed"


# States


@rule("RF-H2")
@pytest.mark.parametrize("status", ["pending", "requires_action", "failed", "canceled"])
def test_a_refund_whose_money_never_left_makes_nothing(status: str) -> None:
    plan = taken_back(refund(status=status, movement=None))
    assert (plan.records, plan.alert, plan.attention) == ((), None, None)


def test_a_pending_refund_whose_money_has_left_is_booked() -> None:
    assert set(refunds_of(taken_back(refund(status="pending")))) == {"re_1"}


@rule("RF-H2")
def test_a_refund_that_came_back_stays_booked_and_somebody_is_told() -> None:
    failed = refund(status="failed", failure_reason="expired_or_canceled_card")
    plan = taken_back(failed, booked=Booked(refunds={"re_1": Decimal("120.00")}))
    assert plan.records == ()
    assert plan.alert is not None
    assert plan.alert.code == "refund_came_back"
    assert "expired or canceled card" in plan.alert.message
    assert set(refunds_of(taken_back(failed))) == {"re_1"}


@rule("RF-H2")
def test_a_refund_before_one_that_came_back_is_booked_like_any_other() -> None:
    failed = refund("50.00", id="re_2", created=LATER, status="failed")
    plan = taken_back(refund("50.00"), failed)
    assert (set(refunds_of(plan)), attention(plan)) == ({"re_1", "re_2"}, "")


@rule("RF-H2")
def test_a_refund_after_one_that_came_back_waits_for_a_person() -> None:
    failed = refund("50.00", status="failed")
    plan = taken_back(failed, refund("50.00", id="re_2", created=LATER))
    assert set(refunds_of(plan)) == {"re_1"}
    assert attention(plan) == "refund_after_one_that_failed"


@rule("CH-H1")
def test_the_rest_of_a_partial_capture_is_no_refund() -> None:
    released = refund("20.00", movement=moved(usd("-20.00"), category="partial_capture_reversal"))
    assert taken_back(released).records == ()


@rule("RF-8", "RF-H4")
def test_a_fee_that_comes_back_is_no_part_of_the_refund() -> None:
    with_fee = moved(usd("-120.00"), fee=usd("-3.78"), net=usd("-116.22"))
    assert refunds_of(taken_back(refund(movement=with_fee)))["re_1"].total == Decimal("120.00")


@rule("SY-1")
def test_a_marked_refund_is_held_and_the_others_are_not() -> None:
    marked = refund("50.00", metadata={"netsuite_block_integration": "true"})
    plan = taken_back(marked, refund("70.00", id="re_2"), account=settings(denylist_payments=True))
    assert set(refunds_of(plan)) == {"re_2"}


@rule("RF-H1", "K17")
def test_it_is_dated_on_its_own_day_where_the_books_are_kept() -> None:
    plan = taken_back(refund(created=MIDNIGHT), account=settings(**NEW_YORK))
    assert {memos_of(plan)["ns_memo:re_1"].tran_date, refunds_of(plan)["re_1"].tran_date} == {
        date(2026, 11, 9)
    }


# Links


@rule("ME-1", "RF-9", "PO-14")
@pytest.mark.parametrize(
    ("key", "kind"),
    [("netsuite_customer_refund_id", "customerRefund"), ("netsuite_cash_refund_id", "cashRefund")],
)
def test_a_refund_that_somebody_entered_is_linked_and_nothing_is_made(key: str, kind: str) -> None:
    plan = taken_back(refund(metadata={key: "991"}))
    (link,) = plan.links
    assert (link.type, link.key, link.internal_id, link.metadata_key) == (kind, "re_1", "991", key)
    assert plan.records == ()


@rule("RF-9")
def test_a_refund_settles_the_memo_that_somebody_names() -> None:
    plan = taken_back(refund(metadata={"netsuite_credit_memo_id": "640"}))
    assert [(link.type, link.key) for link in plan.links] == [("creditMemo", "ns_memo:re_1")]
    assert memos_of(plan) == {}
    (one,) = refunds_of(plan)["re_1"].applied
    assert (one.doc.internal_id, one.amount) == ("640", Decimal("120.00"))


@rule("RF-9")
@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"netsuite_customer_refund_id": "RFND12"}, "metadata_not_an_id"),
        ({"netsuite_credit_memo_id": "640"}, "metadata_not_supported"),
    ],
)
def test_a_link_that_cannot_be_followed_is_told(metadata: dict[str, str], code: str) -> None:
    noted = note(refunded=usd("40.00"), refunds={"re_1": usd("40.00")})
    plan = taken_back(refund(metadata=metadata), notes=(noted,))
    assert attention(plan) == code
    assert plan.records == ()


# Credit notes


@rule("K24", "CN-H1", "CN-2", "CN-3")
def test_the_memo_of_a_credit_note_is_the_refunds_memo() -> None:
    noted = note(refunded=usd("40.00"), refunds={"re_1": usd("40.00")})
    plan = taken_back(refund("40.00"), notes=(noted,))
    assert memos_of(plan) == {}
    assert applied(refunds_of(plan)["re_1"]) == [("ns_memo:re_1", "40.00")]
    assert "K24" in rules_on(plan, "re_1")


@rule("K24")
def test_what_a_credit_note_leaves_of_a_refund_has_a_memo_of_its_own() -> None:
    noted = note(refunded=usd("40.00"), refunds={"re_1": usd("40.00")})
    plan = taken_back(refund("60.00"), notes=(noted,))
    assert {key: lines_of(memo) for key, memo in memos_of(plan).items()} == {
        "ns_memo:re_1:in_1": [("price_1", "20.00")]
    }


# Money


@rule("MC-H2", "MC-1")
def test_a_converted_refund_posts_what_stripe_took_for_it() -> None:
    euros = Amount(Decimal("70.00"), "EUR")
    plan = taken_back(
        refund(euros, movement=moved(usd("-75.37"))),
        of=charge(euros),
        account=settings(base_currency="USD"),
        stands=standing(settles(sold("70.00"))),
    )
    made = refunds_of(plan)["re_1"]
    assert made.exchange_rate is not None
    assert round(made.exchange_rate * made.total, 2) == Decimal("75.37")
    assert made.currency.key == "EUR"


@rule("MC-H2")
@pytest.mark.parametrize(("settled", "base"), [("75.37", "GBP"), ("75.37", "")])
def test_settled_in_another_currency_than_the_books_it_takes_netsuites_rate(settled: str, base: str) -> None:
    euros = Amount(Decimal("70.00"), "EUR")
    plan = taken_back(
        refund(euros, movement=moved(usd(f"-{settled}"))),
        of=charge(euros),
        account=settings(base_currency=base),
        stands=standing(settles(sold("70.00"))),
    )
    assert refunds_of(plan)["re_1"].exchange_rate is None


def test_a_refund_after_a_dispute_that_was_won_has_a_memo_where_nothing_is_left_of_the_payment() -> None:
    won = dispute("120.00", 4, 6)
    plan = taken_back(won, refund(created=GIVEN_BACK), stands=UNAPPLIED)
    assert applied(refunds_of(plan)["du_1"]) == [("ch_1", "120.00")]
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [("stripe_refund_item", "120.00")]
    assert attention(plan) == ""
