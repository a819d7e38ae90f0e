"""The table of records: its columns, what a cell says, and by what it sorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector.failures import describe
from connector.models import Job
from dashboard import figures, reader
from dashboard.selection import KIND_OF, KINDS
from dashboard.standing import speaks, standing
from dashboard.templatetags.figures import moment
from dashboard.zones import place

COLUMNS = {
    "customer_name": "Customer",
    "amount": "Amount",
    "status": "State",
    "why": "Why",
    "updated_at": "Updated",
    "account": "Account",
    "kind": "Type",
    "created_at": "Since",
}
"""What may stand beside the name of a record, and is chosen on the page."""
USUAL = ("customer_name", "amount", "status", "why", "updated_at")


def kind_words(subject: str) -> str:
    """What a document is, by its Stripe id: `Credit note`; empty for a kind that is not listed alone."""
    kind = KIND_OF.get(subject[: subject.find("_") + 1], "")
    return KINDS[kind][0].removesuffix("s") if kind else ""


class JobTable(tables.Table):  # type: ignore[misc] # django-tables2 ships no types
    """Jobs from `listed_jobs`. `parents` names the records that some of them wait for, by Stripe id."""

    title = tables.Column(
        verbose_name="What", empty_values=(), order_by=("title", "subject"), attrs={"td": {"class": "what"}}
    )
    customer_name = tables.Column(verbose_name="Customer", default="")
    amount = tables.Column(
        verbose_name="Amount", default="", attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )
    status = tables.Column(verbose_name="State", attrs={"td": {"class": "status"}})
    why = tables.Column(empty_values=(), orderable=False, attrs={"td": {"class": "why"}})
    updated_at = tables.Column(verbose_name="Updated", attrs={"td": {"class": "when"}})
    account = tables.Column(verbose_name="Account", accessor="account__name", attrs={"td": {"class": "name"}})
    kind = tables.Column(verbose_name="Type", empty_values=(), orderable=False)
    created_at = tables.Column(verbose_name="Since", attrs={"td": {"class": "when"}})

    class Meta:
        """Newest first, in our own template."""

        template_name = "dashboard/_table.html"
        attrs = {"class": "records stacked"}
        order_by = ("-updated_at",)
        per_page = 50

    def __init__(
        self, jobs: QuerySet[Job], zone: ZoneInfo, now: datetime, columns: Collection[str] = USUAL
    ) -> None:
        super().__init__(jobs)
        for name in COLUMNS:
            if name not in columns:
                self.columns.hide(name)
        self.zone, self.now = zone, now
        self.parents: Mapping[tuple[int, str], str] = {}
        for name in ("updated_at", "created_at"):
            self.columns[name].column.verbose_name = f"{COLUMNS[name]} ({place(reader.zone(zone))})"

    def render_title(self, record: Job) -> SafeString:
        return format_html(
            '<a href="{}">{}</a><code class="sub">{}</code>',
            reverse("dashboard:job", args=[record.pk]),
            str(record),
            record.subject,
        )

    def render_amount(self, record: Job) -> str:
        return figures.written_money(record.amount, record.currency)

    def order_amount(self, jobs: QuerySet[Job], is_descending: bool) -> tuple[QuerySet[Job], bool]:
        """Within each currency: 500 yen are not more than 100 dollars."""
        amount = F("amount").desc(nulls_last=True) if is_descending else F("amount").asc(nulls_last=True)
        return jobs.order_by("currency", amount), True

    def render_status(self, record: Job) -> str:
        now = standing(record, unconfirmed=getattr(record, "unconfirmed", False), now=self.now)
        return render_to_string("dashboard/_chip.html", {"standing": now, "zone": self.zone})

    def render_why(self, record: Job) -> str:
        if record.waiting_for and record.status == Job.Status.READY:
            return (
                f"Waits for {self.parents.get((record.account_id, record.waiting_for), record.waiting_for)}"
            )
        return describe(record.code).title if speaks(record, self.now) else ""

    def render_kind(self, record: Job) -> str:
        return kind_words(record.subject)

    def render_created_at(self, value: datetime) -> SafeString:
        return self.render_updated_at(value)

    def render_updated_at(self, value: datetime) -> SafeString:
        return moment(value, self.zone)
