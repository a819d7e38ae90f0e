"""On which day things are booked: midnight, month ends, clock changes, leap days, closed periods."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.models import Job, StripeAccount
from connector.sandbox.agreement import disagreements
from connector.sandbox.stories.props import (
    BOSTON,
    DENVER,
    PORTLAND,
    finalize_and_pay,
    new_customer,
    new_invoice,
    new_plan,
    new_price,
    subscribe,
)
from connector.sandbox.world import World
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

NEXT_OPEN = StripeAccount.ClosedPeriodPolicy.NEXT_OPEN


@contextmanager
def _at(stage: Stage, *moment: int, zone: str = "UTC") -> Iterator[World]:
    """The world at a moment in UTC, booked in a time zone; afterwards all that happened is taken in."""
    StripeAccount.objects.update(time_zone=zone)
    with stage.world.clock.at(datetime(*moment, tzinfo=UTC)):  # type: ignore[arg-type, misc]
        yield stage.world
    stage.settle()


def _sold(world: World, what: str, customer: str, **terms: Any) -> str:
    """An invoice over one thing, finalized now, and paid two minutes later."""
    made = new_invoice(world, customer, [{"pricing": {"price": new_price(world, what, 12_000)}}], **terms)
    finalize_and_pay(world, made)
    return made


def _renewed(world: World, subscription: dict[str, Any]) -> None:
    """The next period of a subscription begins now; its invoice is paid at once."""
    draft = world.stripe.renew(subscription["id"])
    world.stripe.post(f"/v1/invoices/{draft}/finalize")
    world.stripe.collect(draft)


def _right(stage: Stage, name: str, request: pytest.FixtureRequest) -> None:
    expect_books(stage, name, request)
    assert disagreements(stage.world) == []
    second_pass_writes_nothing(stage)


@pytest.mark.rule("K17", "OM-H2", "OM-8", "IN-H1")
def test_midnight_falls_between_an_invoice_and_its_payment(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """23:59 on the last of November in Los Angeles; in UTC both are of the first of December."""
    with _at(stage, 2026, 12, 1, 7, 59, zone="America/Los_Angeles") as world:
        customer = new_customer(world, "Last Minute Lamps", "ap@lastminute.example", PORTLAND)
        _sold(world, "Neon tube", customer)
    _right(stage, "midnight_in_los_angeles", request)


@pytest.mark.rule("K17", "OM-H2")
def test_a_zone_ahead_of_utc_is_in_the_next_month_already(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    with _at(stage, 2026, 11, 30, 11, 30, zone="Pacific/Auckland") as world:
        customer = new_customer(world, "Kauri Boat Builders", "ap@kauri.example", BOSTON)
        _sold(world, "Oar", customer)
    _right(stage, "first_of_the_month_in_auckland", request)


@pytest.mark.rule("K1", "RR-4", "IN-5")
@pytest.mark.parametrize(
    ("name", "year", "second"), [("month_end_in_february", 2027, 28), ("month_end_in_a_leap_year", 2028, 29)]
)
def test_a_month_that_begins_on_the_31st_covers_each_day_once(
    name: str, year: int, second: int, stage: Stage, request: pytest.FixtureRequest
) -> None:
    with _at(stage, year, 1, 31, 9) as world:
        customer = new_customer(world, "Thirtyfirst Street Gym", "ap@thirtyfirst.example", DENVER)
        made = subscribe(world, customer, [{"price": new_plan(world, "Gym month", 5_000)}])
    with _at(stage, year, 2, second, 9) as world:
        _renewed(world, made)
    _right(stage, name, request)


@pytest.mark.rule("K1", "RR-4", "IN-5")
def test_a_year_that_begins_on_a_leap_day_ends_before_the_next_28th_of_february(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    with _at(stage, 2028, 2, 29, 9) as world:
        customer = new_customer(world, "Leapfrog Legal LLP", "ap@leapfrog.example", BOSTON)
        plan = new_price(world, "Retainer", 365_000, recurring={"interval": "year"})
        subscribe(world, customer, [{"price": plan}])
    _right(stage, "year_from_a_leap_day", request)


@pytest.mark.rule("K1", "K17", "RR-4", "IN-5")
def test_daylight_saving_ends_within_a_period_and_no_day_is_covered_twice(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """Half past midnight in New York in October is half past eleven of the day before in November."""
    with _at(stage, 2026, 10, 15, 4, 30, zone="America/New_York") as world:
        customer = new_customer(world, "Fall Back Radio", "ap@fallback.example", BOSTON)
        made = subscribe(world, customer, [{"price": new_plan(world, "Air time", 31_000)}])
    with _at(stage, 2026, 11, 15, 4, 30, zone="America/New_York") as world:
        _renewed(world, made)
    _right(stage, "end_of_daylight_saving", request)


@pytest.mark.rule("K17", "OM-H2")
def test_the_hour_that_comes_twice_and_the_hour_that_never_comes_are_of_their_day(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """01:30 comes twice in New York on 1 November 2026; 02:30 never comes on 14 March 2027."""
    with _at(stage, 2026, 11, 1, 5, 30, zone="America/New_York") as world:
        customer = new_customer(world, "Night Shift Bakers", "ap@nightshift.example", BOSTON)
        _sold(world, "Rolls, first half past one", customer)
    for moment in ((2026, 11, 1, 6, 30), (2027, 3, 14, 6, 59)):
        with _at(stage, *moment, zone="America/New_York") as world:
            _sold(world, f"Rolls of {moment[0]}", customer)
    _right(stage, "hours_of_clock_changes", request)


@pytest.mark.rule("K18", "OM-9", "OM-H3")
def test_what_falls_into_a_closed_month_is_moved_and_says_its_own_day(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """The invoice is booked in October; it is paid and given back in November, which is closed."""
    StripeAccount.objects.update(closed_period_policy=NEXT_OPEN)
    with _at(stage, 2026, 10, 31, 22) as world:
        customer = new_customer(world, "Shutter & Sons", "ap@shutter.example", DENVER)
        price = new_price(world, "Roller shutter", 40_000)
        made = new_invoice(world, customer, [{"pricing": {"price": price}}])
        world.stripe.post(f"/v1/invoices/{made}/finalize")
    stage.world.netsuite.user.close_period("Nov 2026")
    with _at(stage, 2026, 11, 3, 9) as world:
        world.stripe.post("/v1/credit_notes", invoice=made, amount=4_000, memo="Scratched.")
        world.clock.advance(timedelta(hours=1))
        world.stripe.post(f"/v1/invoices/{made}/pay")
    _right(stage, "paid_in_a_closed_month", request)


@pytest.mark.rule("K18")
def test_or_it_waits_for_a_person_until_the_month_is_open_again(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.world.netsuite.user.close_period("Nov 2026")
    with _at(stage, 2026, 11, 30, 9) as world:
        customer = new_customer(world, "Patience & Fortitude", "ap@patience.example", BOSTON)
        made = _sold(world, "Stone lion", customer)
    job = Job.objects.filter(subject=made).latest("pk")
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "period_closed")

    stage.world.netsuite.user.open_period("Nov 2026")
    stage.bring(made)
    _right(stage, "month_opened_again", request)


@pytest.mark.rule("BF-1", "BF-H1", "K17")
def test_the_start_date_begins_at_midnight_in_the_accounts_zone(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """An hour apart, on both sides of the midnight in Denver with which 16 November begins."""
    StripeAccount.objects.update(sync_start_date=date(2026, 11, 16))
    before: list[str] = []
    with _at(stage, 2026, 11, 16, 6, 30, zone="America/Denver") as world:
        customer = new_customer(world, "Mile High Moving", "ap@milehigh.example", DENVER)
        before.append(_sold(world, "Move on the 15th", customer))
        world.clock.advance(timedelta(hours=1))
        _sold(world, "Move on the 16th", customer)
    assert {job.code for job in Job.objects.filter(subject__in=before)} == {"before_start_date"}
    expect_books(stage, "from_the_start_date_on", request)
    second_pass_writes_nothing(stage)
