"""Lease: a named right that one job at a time holds, on whatever machine it runs.

Two kinds of name: `slot:2`, one of the requests that a NetSuite account allows at
once, and `customer:cus_1`, since NetSuite refuses two writes of one customer that
cross (RCRD_HAS_BEEN_CHANGED, netsuite.md 3.9). A holder that dies loses it when it expires.
"""

from __future__ import annotations

from django.db import models

from connector.models.netsuite_account import NetSuiteAccount


class Lease(models.Model):
    """Who holds `key` until when."""

    netsuite_account = models.ForeignKey(NetSuiteAccount, on_delete=models.CASCADE, related_name="leases")
    key = models.CharField(max_length=120)
    holder = models.CharField(max_length=120, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["netsuite_account", "key"], name="one_row_per_lease"),)

    def __str__(self) -> str:
        return f"{self.key} {self.holder}"
