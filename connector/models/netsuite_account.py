"""NetSuiteAccount: one NetSuite company, and how we sign in to it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from connector.credentials import SecretField

account_id_format = RegexValidator(
    r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)?$",
    "Copy the account ID from Setup > Company > Company Information, for example 1234567 or 1234567_SB1.",
)
version_format = RegexValidator(r"^20\d\d_[12]$", "Write the version like 2025_2.")


class NetSuiteAccount(models.Model):
    """Credentials, endpoint and concurrency of one NetSuite company. Several Stripe accounts may share it."""

    name = models.SlugField(unique=True, help_text="A short name for this NetSuite company.")
    netsuite_account_id = models.CharField(
        "account ID",
        max_length=50,
        blank=True,
        validators=[account_id_format],
        help_text="Setup > Company > Company Information > Account ID.",
    )
    netsuite_consumer_key = SecretField(
        "consumer key", blank=True, help_text="From the integration record that you made for SuiteSync."
    )
    netsuite_consumer_secret = SecretField("consumer secret", blank=True)
    netsuite_token_id = SecretField(
        "token ID", blank=True, help_text="From the access token of the role that SuiteSync works under."
    )
    netsuite_token_secret = SecretField("token secret", blank=True)
    netsuite_base_url = models.URLField(
        "web services address",
        blank=True,
        help_text="Leave empty for NetSuite's own address of the account ID.",
    )
    netsuite_version = models.CharField(
        "web services version", max_length=6, default="2025_2", validators=[version_format]
    )
    netsuite_concurrency = models.PositiveSmallIntegerField(
        "concurrency",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text="How many requests we may have open at once. A standard NetSuite account allows five for "
        "all integrations together; leave one for the others.",
    )
    currencies = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="NetSuite's internal id of each active currency, by ISO code, as last read from NetSuite.",
    )
    base_currencies = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="The ISO code in which each subsidiary keeps its books, by its internal id, as last read.",
    )

    slots_now = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="How many requests we allow ourselves now; zero is the whole concurrency.",
    )
    slots_calm_run = models.PositiveSmallIntegerField(default=0, editable=False)
    slots_shrunk_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "NetSuite account"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to become another company once something is booked: our numbers mean other records there."""
        kept = NetSuiteAccount.objects.filter(pk=self.pk).values_list("netsuite_account_id", flat=True)
        before = kept.first() or ""
        if before and _company(before) != _company(self.netsuite_account_id) and self.mapped_records.exists():
            text = (
                f"SuiteSync has booked in {before}, and the numbers of its records mean other records "
                "elsewhere. Give the other company its own name: manage.py account NAME --netsuite OTHER."
            )
            raise ValidationError({"netsuite_account_id": text})


def _company(account_id: str) -> str:
    """An account ID in one spelling: NetSuite writes it with capitals and underscores, or as a host."""
    return account_id.lower().replace("-", "_")
