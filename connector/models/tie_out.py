"""TieOut: how a payout stood when Stripe, our map and NetSuite were last laid side by side."""

from __future__ import annotations

from django.db import models

from connector.models.payout import Payout


class TieOut(models.Model):
    """The last comparison of one payout. Amounts are in its currency."""

    class Standing(models.TextChoices):
        """How it stands."""

        TIES = "ties", "Ties out"
        DIFFERS = "differs", "Differs"
        NOT_BOOKED = "not_booked", "Not deposited yet"
        ON_ITS_WAY = "on_its_way", "On its way to the bank"
        BY_HAND = "by_hand", "Made by hand"
        NOTHING = "nothing", "Nothing to book"

    payout = models.OneToOneField(Payout, on_delete=models.CASCADE, related_name="tie_out")
    standing = models.CharField(max_length=12, choices=Standing.choices)
    settled = models.BooleanField(help_text="Nobody has to do anything.")
    mapped = models.DecimalField(
        max_digits=20, decimal_places=3, null=True, blank=True, help_text="What we booked; empty: nothing."
    )
    netsuite = models.DecimalField(
        max_digits=20, decimal_places=3, null=True, blank=True, help_text="What NetSuite's deposits come to."
    )
    records = models.JSONField(
        default=list, blank=True, help_text="[{type, internal_id, amount}] in NetSuite."
    )
    differences = models.JSONField(
        default=list, blank=True, help_text="[{code, message, key, internal_id, stripe, mapped, netsuite}]"
    )
    compared_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.payout}: {self.get_standing_display().lower()}"
