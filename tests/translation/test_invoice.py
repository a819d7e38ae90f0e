"""Invoices: line by line to the cent, on the right day, with their payments; or refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import Invoice, InvoiceLine
from connector.translation.customer import UNALLOCATED_KEY
from connector.translation.invoice import parents, translate
from connector.translation.plan import Plan
from connector.translation.settings import Settings
from tests.translation.builders import NOON, codes, invoice, line, only, price, rules_of, settings, usd

rule = pytest.mark.rule
NEW_YORK = ZoneInfo("America/New_York")


def planned(bill: Invoice | None = None, chosen: Settings | None = None) -> Plan:
    return translate(bill or invoice(), (), {}, chosen or settings())


def the_line(one: InvoiceLine, chosen: Settings | None = None) -> records.Line:
    (made,) = only(planned(invoice([one]), chosen), records.Invoice).lines
    return made


def skipped(plan: Plan) -> str:
    assert plan.skip is not None
    assert (plan.records, plan.links, plan.problems) == ((), (), ())
    return plan.skip.code


@rule("OM-1")
@rule("OM-4")
@rule("OM-5")
@rule("IN-1")
@rule("IN-3")
@rule("IN-6")
def test_an_invoice_becomes_an_invoice_with_a_line_for_each_line() -> None:
    lines = [
        line("100.00", id="il_a", price_id="price_a", description="Seats", quantity=Decimal(4)),
        line("20.00", id="il_b", price_id="price_b", description="Support"),
    ]
    plan = planned(invoice(lines))
    assert only(plan, records.Invoice) == records.Invoice(
        external_id="in_1",
        customer=Ref("customer", "cus_1"),
        currency=Ref("currency", "USD"),
        tran_date=date(2026, 11, 3),
        due_date=date(2026, 11, 3),
        memo="Stripe: in_1",
        receivables_account=Ref("account", internal_id="119"),
        lines=(
            records.Line(Ref("item", "price_a"), Decimal("100.00"), Decimal(4), "Seats"),
            records.Line(Ref("item", "price_b"), Decimal("20.00"), Decimal(1), "Support"),
        ),
    )
    assert {"OM-1", "OM-4", "OM-5", "IN-1", "IN-3", "IN-6", "IN-7"} == rules_of(plan)
    assert plan.summary.title == "Invoice ACME-0001"
    assert (plan.summary.customer, plan.summary.amount) == ("Acme Inc.", usd("120.00"))
    assert (plan.records[0].stripe_id, plan.later) == ("in_1", None)


@rule("IN-3")
@rule("IN-H2")
@pytest.mark.parametrize("quantity", [None, Decimal(0), Decimal("1000.5"), Decimal("0.000000000001")])
def test_quantities_are_kept_as_they_are_and_the_amount_stays_exact(quantity: Decimal | None) -> None:
    made = the_line(line("125.07", quantity=quantity))
    assert (made.quantity, made.amount) == (quantity or None, Decimal("125.07"))


@rule("IN-7")
def test_a_line_of_zero_is_kept() -> None:
    plan = planned(invoice([line("120.00"), line("0.00", id="il_free", description="Setup, waived")]))
    assert [str(each.amount) for each in only(plan, records.Invoice).lines] == ["120.00", "0.00"]
    assert "IN-7" in rules_of(plan)


@rule("PI-H3")
def test_a_negative_line_keeps_its_sign_and_its_item() -> None:
    plan = planned(invoice([line("120.00"), line("-20.00", id="il_credit", price_id="price_2")]))
    record = only(plan, records.Invoice)
    assert record.total == Decimal("100.00")
    assert (record.lines[1].item, record.lines[1].amount) == (Ref("item", "price_2"), Decimal("-20.00"))


@rule("IN-8")
@rule("PI-7")
def test_a_line_without_a_price_sells_the_global_item() -> None:
    plan = planned(invoice([line(price_id="")]))
    assert only(plan, records.Invoice).lines[0].item == Ref("item", "stripe_item")
    assert "IN-8" in rules_of(plan)
    assert "IN-8" not in rules_of(planned())


@rule("PI-7")
def test_a_line_with_a_price_made_for_it_sells_the_global_item() -> None:
    once = {"price_1": price(one_time=True, active=False)}
    plan = translate(invoice(), (), once, settings())
    assert only(plan, records.Invoice).lines[0].item == Ref("item", "stripe_item")


@rule("PI-8")
@pytest.mark.parametrize("price_id", ["", "price_1"])
def test_a_one_time_line_may_name_its_own_item(price_id: str) -> None:
    named = line(price_id=price_id, metadata={"netsuite_service_sale_item_id": " 31 "})
    plan = planned(invoice([named]))
    assert only(plan, records.Invoice).lines[0].item == Ref("item", internal_id="31")
    assert "PI-8" in rules_of(plan)


@rule("PI-8")
def test_a_subscriptions_line_sells_the_item_of_its_price_whatever_its_metadata_says() -> None:
    named = line(subscription_id="sub_1", metadata={"netsuite_service_sale_item_id": "31"})
    assert the_line(named).item == Ref("item", "price_1")


@rule("PI-8")
def test_a_lines_own_item_that_is_no_internal_id_needs_a_person() -> None:
    named = line(metadata={"netsuite_service_sale_item_id": "SKU-9"})
    assert codes(planned(invoice([named]))) == ["metadata_not_an_id"]


# Days of service


@rule("IN-5")
@rule("RR-4")
@pytest.mark.parametrize(
    ("zone", "start", "end", "first", "last"),
    [
        ("UTC", "2026-11-01 00:00", "2026-12-01 00:00", "2026-11-01", "2026-11-30"),
        ("UTC", "2026-11-02 09:00", "2026-12-02 09:00", "2026-11-02", "2026-12-01"),
        ("UTC", "2026-01-31 00:00", "2026-02-28 00:00", "2026-01-31", "2026-02-27"),
        ("UTC", "2028-02-01 00:00", "2028-03-01 00:00", "2028-02-01", "2028-02-29"),
        # Midnight in New York: five hours after UTC's in winter, four in summer.
        ("America/New_York", "2026-11-01 04:00", "2026-12-01 05:00", "2026-11-01", "2026-11-30"),
        ("America/New_York", "2026-03-01 05:00", "2026-04-01 04:00", "2026-03-01", "2026-03-31"),
        ("America/New_York", "2026-11-01 00:00", "2026-12-01 00:00", "2026-10-31", "2026-11-29"),
        ("Asia/Tokyo", "2026-11-30 15:00", "2026-12-31 15:00", "2026-12-01", "2026-12-31"),
        # Never before the start: moments of a day, and periods that end where they begin.
        ("UTC", "2026-11-03 12:00", "2026-11-03 12:00", "2026-11-03", "2026-11-03"),
        ("UTC", "2026-11-03 00:00", "2026-11-04 00:00", "2026-11-03", "2026-11-03"),
        ("UTC", "2026-11-03 23:00", "2026-11-04 01:00", "2026-11-03", "2026-11-03"),
        # The hour that comes twice, and the one that never comes.
        ("America/New_York", "2026-11-01 05:30", "2026-11-01 06:30", "2026-11-01", "2026-11-01"),
        ("America/New_York", "2026-03-08 06:30", "2026-04-08 06:30", "2026-03-08", "2026-04-07"),
    ],
)
@rule("K1")
def test_a_subscriptions_line_covers_its_period_to_the_day_before_its_end(
    zone: str, start: str, end: str, first: str, last: str
) -> None:
    moments: dict[str, Any] = {
        "period_start": datetime.fromisoformat(start).replace(tzinfo=UTC),
        "period_end": datetime.fromisoformat(end).replace(tzinfo=UTC),
    }
    made = the_line(line(subscription_id="sub_1", **moments), settings(time_zone=ZoneInfo(zone)))
    assert (str(made.start_date), str(made.end_date)) == (first, last)


@rule("IN-5")
@rule("IN-6")
@rule("RR-4")
@rule("K12")
def test_only_lines_of_a_subscription_have_dates() -> None:
    period: dict[str, Any] = {"period_start": NOON, "period_end": datetime(2026, 12, 3, 12, tzinfo=UTC)}
    lines = [line("100.00", subscription_id="sub_1", **period), line("20.00", id="il_2", **period)]
    plan = planned(invoice(lines))
    dated, plain = only(plan, records.Invoice).lines
    assert (dated.start_date, dated.end_date) == (date(2026, 11, 3), date(2026, 12, 2))
    assert (plain.start_date, plain.end_date) == (None, None)
    assert {"IN-5", "RR-4"} <= rules_of(plan)
    assert "IN-6" not in rules_of(plan)
    assert "IN-6" in rules_of(planned(invoice([line("20.00", **period)])))


# Dates, memo, customer


@rule("IN-H1")
@rule("OM-H2")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 4, 4, 59, 59, tzinfo=UTC), date(2026, 11, 3)),
        (datetime(2026, 11, 4, 5, 0, 0, tzinfo=UTC), date(2026, 11, 4)),
    ],
)
@rule("K17")
def test_an_invoice_is_dated_in_the_accounts_time_zone_on_both_sides_of_midnight(
    moment: datetime, day: date
) -> None:
    plan = planned(invoice(effective_at=moment), settings(time_zone=NEW_YORK))
    assert only(plan, records.Invoice).tran_date == day


@rule("IN-H1")
def test_an_invoice_is_dated_when_it_took_effect_else_when_it_was_finalized() -> None:
    third, fifth = NOON.replace(day=3), NOON.replace(day=5)
    bill = invoice(created=NOON.replace(day=1), finalized_at=third, effective_at=fifth)
    assert only(planned(bill), records.Invoice).tran_date == date(2026, 11, 5)
    bill = invoice(created=NOON.replace(day=1), finalized_at=third, effective_at=None)
    assert only(planned(bill), records.Invoice).tran_date == date(2026, 11, 3)


@rule("IN-10")
def test_a_mailed_invoice_has_stripes_due_date_in_the_accounts_time_zone() -> None:
    due = datetime(2026, 12, 4, 4, 59, tzinfo=UTC)
    plan = planned(invoice(due_date=due, status="open"), settings(time_zone=NEW_YORK))
    assert only(plan, records.Invoice).due_date == date(2026, 12, 3)
    assert "IN-10" in rules_of(plan)


@rule("IN-H1")
def test_an_invoice_that_is_charged_at_once_is_due_at_once() -> None:
    plan = planned(invoice())
    assert only(plan, records.Invoice).due_date == only(plan, records.Invoice).tran_date
    assert "IN-10" not in rules_of(plan)


@rule("CU-4")
def test_an_invoice_without_a_customer_is_unallocated() -> None:
    unallocated = Ref("customer", UNALLOCATED_KEY)
    assert only(planned(invoice(customer_id="")), records.Invoice).customer == unallocated
    plan = planned(chosen=settings(global_customer_workflow=True))
    assert only(plan, records.Invoice).customer == unallocated


@rule("UN-1")
def test_an_unpaid_invoice_stays_open() -> None:
    plan = planned(invoice(status="open", amount_paid=usd("0"), amount_remaining=usd("120.00")))
    assert [type(each.record) for each in plan.records] == [records.Invoice]
    assert "UN-1" in rules_of(plan)
    assert "UN-1" not in rules_of(planned())


@rule("MC-9")
@rule("MC-H3")
@pytest.mark.parametrize(
    ("currency", "minor", "amount"), [("jpy", 98_000, "98000"), ("kwd", 91_500, "91.500")]
)
def test_an_invoice_keeps_the_decimals_of_its_currency(currency: str, minor: int, amount: str) -> None:
    record = only(planned(invoice([line(Amount.from_minor(minor, currency))])), records.Invoice)
    assert (str(record.total), record.currency) == (amount, Ref("currency", currency.upper()))


# What stays outside


@rule("IN-1")
@rule("K14")
def test_a_draft_is_never_booked() -> None:
    assert skipped(planned(invoice(status="draft", finalized_at=None))) == "invoice_draft"


@rule("TZ-1")
@rule("TZ-H1", "K19")
def test_a_trial_invoice_is_left_out_unless_the_account_wants_it() -> None:
    trial = invoice([line("0.00"), line("0.00", id="il_2")])
    assert skipped(planned(trial)) == "trial_invoice"
    plan = planned(trial, settings(sync_trial_invoices=True))
    assert len(only(plan, records.Invoice).lines) == 2


@rule("TZ-2")
def test_an_invoice_whose_lines_cancel_out_is_booked() -> None:
    plan = planned(invoice([line("50.00"), line("-50.00", id="il_2")]))
    assert only(plan, records.Invoice).total == 0


@rule("TZ-1")
def test_an_invoice_that_collects_a_balance_debit_is_no_trial() -> None:
    """Money stands behind it; skipping it would lose the payment."""
    debit = invoice([line("0.00")], amount_due=usd("50.00"), starting_balance=usd("50.00"))
    assert only(planned(debit), records.Invoice).total == Decimal("50.00")


@rule("BF-1")
@rule("OM-H2")
@pytest.mark.parametrize(("zone", "expected"), [("UTC", ""), ("America/New_York", "before_start_date")])
@rule("BF-H1")
def test_the_start_date_is_a_day_in_the_accounts_time_zone(zone: str, expected: str) -> None:
    first_moment = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
    chosen = settings(sync_start_date=date(2026, 11, 3), time_zone=ZoneInfo(zone))
    plan = planned(invoice(effective_at=first_moment), chosen)
    assert (plan.skip.code if plan.skip else "") == expected


@rule("SY-1")
def test_a_held_invoice_is_skipped() -> None:
    marked = invoice(metadata={"netsuite_block_integration": "true"})
    assert skipped(planned(marked, settings(denylist_payments=True))) == "held_by_metadata"


@rule("SY-3")
def test_under_the_allowlist_an_invoice_needs_its_release() -> None:
    chosen = settings(allowlist_payments=True)
    assert skipped(planned(chosen=chosen)) == "not_released"
    released = invoice(metadata={"netsuite_allow_integration": "true"})
    assert only(planned(released, chosen), records.Invoice).external_id == "in_1"


def test_a_skip_is_said_before_anything_that_speaks_against_the_invoice() -> None:
    trial = invoice([line("0.00", kind="new_details")])
    assert skipped(planned(trial, settings(receivables_account=""))) == "trial_invoice"


# What is refused


def test_a_status_that_we_do_not_know_is_refused_by_its_name() -> None:
    plan = planned(invoice(status="frozen"))
    assert codes(plan) == ["invoice_not_supported"]
    assert "frozen" in plan.problems[0].message


def test_a_customer_balance_that_the_invoice_did_not_touch_is_no_hindrance() -> None:
    kept = invoice(starting_balance=usd("-7.00"), ending_balance=usd("-7.00"))
    still_open = invoice(ending_balance=None, status="open")
    assert [only(planned(one), records.Invoice).total for one in (kept, still_open)] == [Decimal(120)] * 2


@rule("IN-H3")
def test_lines_that_do_not_add_up_to_the_total_are_refused() -> None:
    plan = planned(invoice(total=usd("120.01")))
    assert codes(plan) == ["totals_differ"]
    assert "120.00 USD" in plan.problems[0].message
    assert "120.01 USD" in plan.problems[0].message


@rule("MC-2")
def test_a_currency_that_netsuite_lacks_is_named() -> None:
    plan = planned(invoice([line(Amount(Decimal(9), "NOK"))]))
    assert codes(plan) == ["currency_missing"]


def test_all_that_speaks_against_an_invoice_is_said_at_once_and_nothing_is_planned() -> None:
    bad = invoice(
        [line(Amount(Decimal(9), "NOK"))],
        status="frozen",
        metadata={"netsuite_invoice_id": "INV-7"},
    )
    plan = planned(bad, settings(undeposited_funds_account="", receivables_account=""))
    assert codes(plan) == [
        "undeposited_funds_account_missing",
        "receivables_account_missing",
        "invoice_not_supported",
        "currency_missing",
        "metadata_not_an_id",
    ]
    assert plan.links == ()


# Links


@rule("ME-1")
def test_an_invoice_named_in_metadata_is_linked_and_not_made() -> None:
    plan = planned(invoice(metadata={"netsuite_invoice_id": " 881 "}))
    (link,) = plan.links
    assert plan.records == ()
    assert (link.type, link.key, link.internal_id, link.rules) == ("invoice", "in_1", "881", ("ME-1",))


# What must stand in front of it


@rule("SY-H1")
def test_an_invoice_rests_on_its_customer_and_on_the_item_of_each_line_once() -> None:
    own = line("5.00", id="il_3", price_id="", metadata={"netsuite_service_sale_item_id": "31"})
    bill = invoice([line("10.00"), line("20.00", id="il_2"), line("1.00", id="il_4", price_id=""), own])
    assert parents(bill, {}, settings()) == (
        Ref("customer", "cus_1"),
        Ref("item", "price_1"),
        Ref("item", "stripe_item"),
        Ref("item", internal_id="31"),
    )


@rule("ME-1")
def test_a_linked_invoice_needs_no_items() -> None:
    linked = invoice(metadata={"netsuite_invoice_id": "881"})
    assert parents(linked, {}, settings()) == (Ref("customer", "cus_1"),)
