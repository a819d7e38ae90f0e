"""The tables of the Payouts pages: their columns, what a cell says, and by what it sorts."""

from __future__ import annotations

from decimal import Decimal

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector.models import PayoutLine
from dashboard import figures, payouts
from dashboard.links import netsuite_link, stripe_link
from dashboard.payouts import Listed
from dashboard.postings import record_words

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
NOTHING = "\N{EN DASH}"


class PayoutTable(tables.Table):  # type: ignore[misc] # django-tables2 ships no types
    """Payouts from `payouts.listed`, the newest first."""

    arrival_date = tables.Column(verbose_name="Arrival", attrs={"td": {"class": "what"}})
    amount = tables.Column(verbose_name="Stripe", attrs=NUMBER)
    mapped = tables.Column(
        accessor="tie_out__mapped", verbose_name="Our records", empty_values=(), orderable=False, attrs=NUMBER
    )
    netsuite = tables.Column(
        accessor="tie_out__netsuite", verbose_name="NetSuite", empty_values=(), orderable=False, attrs=NUMBER
    )
    gap = tables.Column(verbose_name="Difference", empty_values=(), attrs=NUMBER)
    standing = tables.Column(verbose_name="State", empty_values=(), attrs={"td": {"class": "status"}})

    class Meta:
        """Newest first, in our own template."""

        template_name = "dashboard/_table.html"
        attrs = {"class": "records stacked"}
        order_by = ("-arrival_date",)
        per_page = 50

    def __init__(self, found: QuerySet[Listed]) -> None:
        super().__init__(found)

    def render_arrival_date(self, record: Listed) -> SafeString:
        return format_html(
            '<a href="{}">{}</a><code class="sub">{}</code>',
            reverse("dashboard:payout", args=[record.pk]),
            figures.day(record.arrival_date),
            record.payout_id,
        )

    def render_amount(self, record: Listed) -> str:
        return figures.money(record.amount, record.currency)

    def order_amount(self, found: QuerySet[Listed], is_descending: bool) -> tuple[QuerySet[Listed], bool]:
        """Within each currency: 500 yen are not more than 100 dollars."""
        return found.order_by("currency", "-amount" if is_descending else "amount"), True

    def render_mapped(self, record: Listed) -> str:
        return _side(record, payouts.tie_out(record).mapped if payouts.is_compared(record) else None)

    def render_netsuite(self, record: Listed) -> str:
        return _side(record, payouts.tie_out(record).netsuite if payouts.is_compared(record) else None)

    def render_gap(self, record: Listed) -> SafeString:
        if record.gap is None:
            return format_html("{}", NOTHING)
        tone = "" if record.gap else "ok"
        return format_html('<span class="{}">{}</span>', tone, _side(record, record.gap))

    def order_gap(self, found: QuerySet[Listed], is_descending: bool) -> tuple[QuerySet[Listed], bool]:
        gap = F("gap").desc(nulls_last=True) if is_descending else F("gap").asc(nulls_last=True)
        return found.order_by("currency", gap), True

    def render_standing(self, record: Listed) -> SafeString:
        chip = render_to_string("dashboard/_chip.html", {"standing": payouts.shape(record)})
        count = len(payouts.tie_out(record).differences) if payouts.is_compared(record) else 0
        if not count:
            return format_html("{}", chip)
        return format_html(
            '{}<span class="sub">{}</span>', chip, figures.counted(count, "odd line", "odd lines")
        )


def _side(record: Listed, value: Decimal | None) -> str:
    return NOTHING if value is None else figures.money(value, record.currency)


class LineTable(tables.Table):  # type: ignore[misc] # as above
    """The parts of one payout; what is odd about one stands under its state."""

    category = tables.Column(verbose_name="Kind", empty_values=(), attrs={"td": {"class": "what"}})
    amount = tables.Column(verbose_name="Amount", attrs=NUMBER)
    fee = tables.Column(verbose_name="Fee", attrs=NUMBER)
    net = tables.Column(verbose_name="Net", attrs=NUMBER)
    internal_id = tables.Column(verbose_name="In NetSuite", empty_values=())
    state = tables.Column(verbose_name="State", empty_values=(), attrs={"td": {"class": "why"}})

    class Meta:
        """In Stripe's order, in our own template."""

        template_name = "dashboard/_table.html"
        attrs = {"class": "records stacked"}
        per_page = 100

    def __init__(self, lines: QuerySet[PayoutLine], payout: Listed) -> None:
        super().__init__(lines)
        self.payout, self.odd = payout, payouts.odd_messages(payout)

    def render_category(self, record: PayoutLine) -> SafeString:
        words = payouts.category_words(record.category or record.type)
        name = record.source_id or record.transaction_id
        link = stripe_link(self.payout.account, record.source_id)
        shown = format_html('<a href="{}">{}</a>', link, words) if link else words
        return format_html(
            '{}<code class="sub">{}</code><span class="sub">{}</span>', shown, name, record.description
        )

    def _money(self, value: Decimal) -> str:
        return figures.money(value, self.payout.currency)

    def render_amount(self, record: PayoutLine) -> str:
        return self._money(record.amount)

    def render_fee(self, record: PayoutLine) -> str:
        return self._money(-record.fee)

    def render_net(self, record: PayoutLine) -> str:
        return self._money(record.net)

    def render_internal_id(self, record: PayoutLine) -> SafeString:
        if not record.internal_id:
            return format_html("{}", NOTHING)
        link = netsuite_link(self.payout.account.netsuite_account, record.record_type, record.internal_id)
        return format_html(
            '<a href="{}">{} {}</a>',
            link,
            record_words(record.record_type).capitalize(),
            record.internal_id,
        )

    def render_state(self, record: PayoutLine) -> SafeString:
        odd = self.odd.get(record.external_id, record.message) if record.external_id else record.message
        if not odd:
            return format_html("{}", record.get_state_display())
        return format_html('{}<strong class="sub">{}</strong>', record.get_state_display(), odd)
