"""Payout: what Stripe sent to the bank, and which NetSuite record each part of it is.

Written anew at each look, so that it always says how things stood then: for the page of payouts,
for reconciling, and to see what a payout waits for.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q, QuerySet

from connector.models.mapped_record import MappedRecord
from connector.models.stripe_account import StripeAccount


class Payout(models.Model):
    """One payout. Amounts are in its currency; negative: Stripe took money from the bank."""

    class Kind(models.TextChoices):
        """Who started it; of the last two Stripe does not say what is in them (PO-11, PO-H6)."""

        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "By hand"
        INSTANT = "instant", "Instant"

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="payouts")
    payout_id = models.CharField(max_length=255, help_text="Stripe's id, po_…")
    amount = models.DecimalField(max_digits=20, decimal_places=3)
    currency = models.CharField(max_length=3)
    arrival_date = models.DateField()
    status = models.CharField(
        max_length=20, help_text="Stripe's word: pending, in_transit, paid, failed, canceled."
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AUTOMATIC)
    reconciled = models.BooleanField(default=False, help_text="Stripe names all that it settles.")
    created = models.DateTimeField(help_text="When Stripe made it.")
    difference = models.DecimalField(
        max_digits=20,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="The payout less the sum of its parts; empty while the parts are not known.",
    )
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when it waits for records that NetSuite does not have."
    )
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "payout_id"], name="one_row_per_payout"),)
        indexes = (models.Index(fields=["account", "-arrival_date"]),)
        ordering = ("-arrival_date", "-pk")
        permissions = (("close_month", "Can close a month"),)

    def __str__(self) -> str:
        return f"{self.payout_id} over {self.amount} {self.currency}"

    @property
    def records(self) -> QuerySet[MappedRecord]:
        """Its deposits or journal entries in the account's books of now, its return included."""
        return MappedRecord.objects.filter(
            netsuite_account=self.account.netsuite_account_id,
            account=self.account,
            stripe_id=self.payout_id,
            state=MappedRecord.State.MAPPED,
        )


class PayoutLine(models.Model):
    """One balance transaction of a payout, and what stands for it in NetSuite."""

    class State(models.TextChoices):
        """How it stands."""

        RECORD = "record", "A record in NetSuite"
        LINE = "line", "A line of the deposit"
        BEFORE_START = "before_start", "From before the start date"
        WAITING = "waiting", "Not in NetSuite yet"
        REFUSED = "refused", "Its record cannot be deposited"

    payout = models.ForeignKey(Payout, on_delete=models.CASCADE, related_name="lines")
    transaction_id = models.CharField(max_length=255, help_text="Stripe's id, txn_…")
    type = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=255, blank=True)
    description = models.CharField(max_length=255, blank=True)
    created = models.DateTimeField()
    amount = models.DecimalField(max_digits=20, decimal_places=3)
    fee = models.DecimalField(max_digits=20, decimal_places=3)
    net = models.DecimalField(max_digits=20, decimal_places=3)
    exchange_rate = models.DecimalField(max_digits=24, decimal_places=12, null=True, blank=True)
    record_type = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=255, blank=True)
    internal_id = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    code = models.CharField(
        max_length=60, blank=True, help_text="Why it cannot be deposited, or what it waits for."
    )
    message = models.TextField(blank=True)
    waits_for = models.CharField(
        max_length=255,
        blank=True,
        help_text="The subject of the job that brings its record, while it is missing.",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["payout", "transaction_id"], name="one_row_per_payout_line"),
        )
        indexes = (
            models.Index(fields=["external_id"]),
            models.Index(fields=["payout", "state"]),
            models.Index(
                fields=["waits_for"],
                include=["payout"],
                condition=Q(state="waiting"),
                name="payout_lines_waiting",
            ),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.type} {self.source_id or self.transaction_id}"
