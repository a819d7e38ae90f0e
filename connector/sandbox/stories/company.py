"""The sample company: two months of business and some days, up to the day on which somebody looks.

It has what finance staff meet: takings that are paid out week by week, refunds, disputes, credit notes;
and what waits for them: a payment that came twice and the payout that holds it, invoices with a tax for
which no ledger account is chosen, a document of a closed month, a field that a form demands.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from ..netsuite.company import MONTHS
from ..world import World
from . import disputes, endings, figures, notes, payments, payouts, refunds, sales, telling
from .telling import Story
from .till import paid_out, sale, unpaid_sale, until

CLOSED_MONTHS_AGO, FULL_MONTHS = 3, (2, 1)
"""The month that is closed in NetSuite, and the months of whole business, counted back from this one."""
MISTAKEN = "Larkspur Interiors"
"""Who is billed without having ordered anything."""


class Days(NamedTuple):
    """Some days of business; the takings in these currencies are paid out at their end.

    `months_ago` of 0 means that `day` counts the days before today; else it is a day of that month.
    """

    months_ago: int
    day: int
    acts: tuple[Story, ...]
    paid_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the last of it is about, in one sentence."""
        return (self.acts[-1].__doc__ or "").strip()


def two_small_sales(world: World) -> None:
    """Two customers buy the same day and pay by card."""
    for name, amount in (("Ashgrove Clinic", 45_000), ("Birchwood Toys", 12_000)):
        sale(world, name, amount)


def one_large_sale(world: World) -> None:
    """A customer buys a field kit and hours of service."""
    sale(world, "Cedar Point Marina", 98_750, 24_000)


def billed_by_mistake(world: World) -> None:
    """An invoice of a month that is closed by now; nobody ordered it, and nobody pays it."""
    unpaid_sale(world, MISTAKEN, 18_000)


def billed_long_ago(world: World) -> None:
    """An invoice of a month that is closed by now is paid after all, and only then turns up."""
    made = unpaid_sale(world, "Kestrel Aviation Parts", 64_000)
    until(world, int((datetime.now(UTC) - timedelta(days=3)).timestamp()))
    world.stripe.post(f"/v1/invoices/{made}/pay")


LIFE = (
    Days(2, 2, (sales.subscription_invoice_paid, sales.standalone_invoice_paid), ("usd",)),
    Days(2, 11, (refunds.one_line_refunded_in_part, sales.invoice_in_euros_paid), ("usd", "eur")),
    Days(2, 18, (disputes.dispute_lost, sales.standalone_charge), ("usd",)),
    Days(1, 4, (notes.credit_note_without_lines, figures.discounted_invoice_paid), ("usd",)),
    Days(1, 11, (payments.netsuite_invoice_paid_twice_as_allowed,), ("usd",)),
    Days(1, 18, (payouts.negative_payout,)),
    Days(0, 16, (refunds.invoice_refunded_in_full, two_small_sales), ("usd",)),
    Days(0, 11, (payments.duplicate_payment, one_large_sale), ("usd",)),
    Days(0, 9, (figures.taxed_invoice_paid, figures.inclusive_tax_invoice_paid)),
    Days(0, 8, (figures.invoice_with_shipping, endings.invoice_with_due_date)),
    Days(0, 7, (payments.netsuite_invoice_paid_twice, disputes.dispute_opened)),
    Days(0, 5, (payouts.payout_on_its_way,)),
    Days(0, 2, (sales.invoice_left_open,)),
    Days(CLOSED_MONTHS_AGO, 28, (billed_by_mistake, billed_long_ago)),
    Days(0, 1, (sales.charge_without_customer, sales.netsuite_requires_a_field)),
    Days(0, 0, (sales.required_field_mended,)),
)


def open_books(world: World, today: date) -> None:
    """Close the month before the company's first one in NetSuite."""
    world.netsuite.user.close_period(period(today, CLOSED_MONTHS_AGO))


def live(world: World, days: Days, today: date) -> None:
    """Let some days of its life pass; none of it happens after now."""
    begin = first_of(today, days.months_ago) + timedelta(days=days.day - 1)
    begin = begin if days.months_ago else today - timedelta(days=days.day)
    moment = datetime(begin.year, begin.month, begin.day, 9, tzinfo=UTC)
    with world.stage, world.clock.at(min(moment, datetime.now(UTC) - timedelta(minutes=5))):
        mark = world.stripe.bank.mark()
        for act in days.acts:
            telling.now(world, act)
        for currency in days.paid_out:
            paid_out(world, currency, mark)


def first_of(today: date, months_ago: int) -> date:
    """The first day of the month that lies so many months before today's."""
    months = today.year * 12 + today.month - 1 - months_ago
    return date(months // 12, months % 12 + 1, 1)


def period(today: date, months_ago: int) -> str:
    """What NetSuite calls that month, such as "Jan 2026"."""
    first = first_of(today, months_ago)
    return f"{MONTHS[first.month - 1]} {first.year}"
