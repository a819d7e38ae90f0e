"""MappedRecord: which NetSuite record stands for which Stripe object.

The row is made before the write (`intent`) and completed right after it
(`mapped`). Between the two lies the moment in which a worker can die or an answer
can be lost, and that is why the row is there: whoever comes next finds the
intent, looks the record up by its external id, and never sends it blindly again.
"""

from __future__ import annotations

from django.db import models

from connector.models.job import Job
from connector.models.netsuite_account import NetSuiteAccount
from connector.models.stripe_account import StripeAccount


class MappedRecord(models.Model):
    """One NetSuite record that we wrote, are writing, or found."""

    class State(models.TextChoices):
        """How sure we are."""

        INTENT = "intent", "Being written"
        UNCONFIRMED = "unconfirmed", "Checking whether it arrived"
        MAPPED = "mapped", "In NetSuite"
        REFUSED = "refused", "Refused by NetSuite"

    class Noted(models.TextChoices):
        """How the internal id stands in the metadata of the Stripe object (OM-2)."""

        NOT = "", "It is not to be there"
        DUE = "due", "It is to be written"
        DONE = "done", "We wrote it"
        REFUSED = "refused", "Stripe refused it"
        GIVEN = "given", "A person wrote it"

    netsuite_account = models.ForeignKey(
        NetSuiteAccount, on_delete=models.PROTECT, related_name="mapped_records"
    )
    account = models.ForeignKey(
        StripeAccount, on_delete=models.PROTECT, related_name="mapped_records", db_index=False
    )
    job = models.ForeignKey(
        Job,
        null=True,
        on_delete=models.PROTECT,
        related_name="mapped_records",
        help_text="The job that wrote it last.",
    )
    stripe_id = models.CharField(max_length=255, blank=True, help_text="Empty for our global records.")
    record_type = models.CharField(
        max_length=40, help_text="NetSuite's record type, for example customerPayment."
    )
    external_id = models.CharField(max_length=255)
    internal_id = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.INTENT)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the last write left.")
    mapped_at = models.DateTimeField(null=True, blank=True)
    found = models.BooleanField(default=False, help_text="It was there already; we only linked it.")
    proven = models.BooleanField(
        default=True, help_text="Off: NetSuite's own total has not been found to be ours yet."
    )
    amount = models.DecimalField(max_digits=20, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    tran_date = models.DateField(null=True, blank=True)
    customer = models.CharField(
        max_length=20, blank=True, help_text="The internal id of a transaction's customer in NetSuite."
    )
    ledger_account = models.CharField(
        max_length=20,
        blank=True,
        help_text="The internal id of the account that a transaction itself names: receivables, Undeposited "
        "Funds, a bank.",
    )
    memo = models.TextField(blank=True)
    rules = models.JSONField(default=list, blank=True)
    warning = models.TextField(
        blank=True, help_text="What NetSuite said besides, or what else is to be known of a link."
    )
    applied_to = models.JSONField(
        default=list, blank=True, help_text="[{type, external_id, internal_id, amount}]"
    )

    authorization_code = models.CharField(
        max_length=255, blank=True, help_text="The charge that the invoice names in its field for it."
    )
    noted = models.CharField(max_length=8, choices=Noted.choices, default=Noted.NOT, blank=True)
    note_after = models.DateTimeField(null=True, blank=True, help_text="When to write it to Stripe.")
    note_refusal = models.TextField(blank=True, help_text="Why Stripe would not have it.")

    exchanged = models.JSONField(
        default=list,
        blank=True,
        help_text="[{at, by, why, before, after}]: each time it was pointed at another NetSuite record.",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["netsuite_account", "record_type", "external_id"], name="one_row_per_record"
            ),
        )
        indexes = (
            models.Index(fields=["account", "stripe_id"]),
            models.Index(fields=["internal_id"]),
            models.Index(fields=["amount", "id"], name="records_by_amount"),
            models.Index(fields=["job"], condition=models.Q(state="unconfirmed"), name="records_unconfirmed"),
            models.Index(
                fields=["netsuite_account", "customer"],
                condition=~models.Q(customer=""),
                name="records_by_customer",
            ),
            models.Index(fields=["note_after"], condition=models.Q(noted="due"), name="notes_due"),
            models.Index(fields=["account", "-mapped_at"]),
            models.Index(
                fields=["account", "tran_date"],
                include=["netsuite_account", "state", "record_type", "currency", "amount"],
                name="records_by_day",
            ),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.record_type} {self.external_id}"
