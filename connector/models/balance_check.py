"""BalanceCheck: Undeposited Funds held against Stripe's balance, in one currency, at one moment."""

from __future__ import annotations

from typing import Any

from django.db import models

from connector.models.stripe_account import StripeAccount


def _money(help_text: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=20, decimal_places=3, help_text=help_text)


class BalanceCheck(models.Model):
    """The last comparison of one currency; `explained` and `unexplained` add up to the difference."""

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="balance_checks")
    currency = models.CharField(max_length=3)
    available = _money("At Stripe, ready to be paid out.")
    pending = _money("At Stripe, not ready yet.")
    in_transit = _money("Paid out and not at the bank yet.")
    undeposited = _money("In NetSuite's Undeposited Funds, as far as it came from this Stripe account.")
    explained = models.JSONField(
        default=list, blank=True, help_text="[{code, amount, count, examples, settled}]"
    )
    unexplained = _money("What no cause was found for.")
    movements_read = models.PositiveIntegerField(default=0, help_text="Stripe's transactions that were read.")
    compared_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "currency"], name="one_balance_check_per_currency"),
        )
        ordering = ("currency",)

    def __str__(self) -> str:
        return f"{self.account} {self.currency}"

    @property
    def settled(self) -> bool:
        """Whether all of the difference is as it should be."""
        return not self.unexplained and all(one["settled"] for one in self.explained)
