"""StripeAccount: one Stripe account, where its books are kept, and every setting of how."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from connector.credentials import Secret, SecretField
from connector.models.netsuite_account import NetSuiteAccount

internal_id_format = RegexValidator(r"^\d+$", "Give NetSuite's internal id: digits only.")


def validate_time_zone(value: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone. Write it like America/New_York.")


def validate_bank_accounts(value: object) -> None:
    """Accept `{"USD": "123"}`: ISO currency to the internal id of a bank account."""
    if not isinstance(value, dict):
        raise ValidationError('Write one bank account for each currency, like {"USD": "123"}.')
    for currency, account in value.items():
        if not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
            raise ValidationError(f"“{currency}” is not a currency code such as USD.")
        if not (isinstance(account, str) and account.isdigit()):
            raise ValidationError(f"The bank account for {currency} must be NetSuite's internal id.")


def _record(verbose_name: str, help_text: str) -> models.CharField[Any, Any]:
    """A setting that names a NetSuite record by its internal id; empty means not chosen."""
    return models.CharField(
        verbose_name, max_length=20, blank=True, validators=[internal_id_format], help_text=help_text
    )


def _switch(verbose_name: str, help_text: str, *, default: bool = False) -> models.BooleanField[Any, Any]:
    return models.BooleanField(verbose_name, default=default, help_text=help_text)


class StripeAccount(models.Model):
    """What people call "the account": Stripe's credentials, all settings, the NetSuite account behind it."""

    class ClosedPeriodPolicy(models.TextChoices):
        """What to do with a record that is dated in a closed posting period (K18)."""

        HOLD = "hold", "Hold it for a person"
        NEXT_OPEN = "next_open", "Date it on the first day of the next open period"

    name = models.SlugField(unique=True, help_text="A short name; it is part of the webhook address.")
    netsuite_account = models.ForeignKey(
        NetSuiteAccount,
        on_delete=models.PROTECT,
        related_name="stripe_accounts",
        verbose_name="NetSuite account",
    )

    stripe_api_key = SecretField(
        "secret key", blank=True, help_text="A restricted key of the Stripe account (rk_… or sk_…)."
    )
    stripe_webhook_secret = SecretField(
        "webhook signing secret", blank=True, help_text="From the webhook endpoint in Stripe (whsec_…)."
    )
    stripe_webhook_secret_previous = SecretField(
        "previous signing secret",
        blank=True,
        help_text="While you roll the signing secret, messages signed with the old one are accepted too. "
        "Clear it when Stripe no longer uses it.",
    )
    stripe_api_base = models.URLField(
        "Stripe address", blank=True, help_text="Leave empty for Stripe itself."
    )

    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text="Decides on which day a Stripe transaction is dated in NetSuite (K17).",
    )
    sync_start_date = models.DateField(
        null=True,
        blank=True,
        help_text="Nothing dated before this day is brought to NetSuite. Empty: everything is.",
    )
    subsidiary = _record(
        "subsidiary", "The subsidiary of new customers and items. Empty if the company has only one."
    )
    let_netsuite_number_customers = _switch(
        "let NetSuite number customers",
        "On: NetSuite gives new customers its own numbers. Off: the Stripe customer id is the customer's ID.",
    )
    add_currencies_to_new_customers = _switch(
        "add all currencies to new customers",
        "On: a new customer can be billed in every active NetSuite currency. Off: only in its own.",
        default=True,
    )
    create_customers_on_signup = _switch(
        "create customers at sign-up",
        "On: a NetSuite customer is made as soon as Stripe has one. Off: at its first invoice or payment.",
    )
    global_customer_workflow = _switch(
        "one customer for everything",
        "On: every payment and invoice is booked under the customer “Stripe Unallocated Charges”.",
    )
    global_item_workflow = _switch(
        "one item for everything", "On: every line is sold as the item “Stripe Item”."
    )
    global_discount_workflow = _switch(
        "one discount item for everything", "On: every coupon uses one discount item."
    )
    discount_non_posting = _switch(
        "discounts do not post",
        "On: a discount lowers the revenue of its line. Off: it posts to an account of its own.",
        default=True,
    )
    keep_unpaid_invoices_open = _switch(
        "keep unpaid invoices open",
        "On: an invoice that Stripe calls uncollectible stays open. Off: a credit memo closes it.",
    )
    bad_debt_item = _record(
        "bad-debt item",
        "The item on credit memos for uncollectible invoices. Empty: the invoice's own items.",
    )
    customer_balance_item = _record(
        "customer balance item",
        "The item on credit memos for used customer balance. Empty: “Stripe Customer Balance Item”.",
    )
    refund_item = _record(
        "refund item", "The item on credit memos for refunds. Empty: the invoice's own items."
    )
    dispute_item = _record(
        "dispute item", "The item on credit memos for disputes. Empty: the invoice's own items."
    )
    sync_trial_invoices = _switch(
        "bring trial invoices", "On: invoices of free trials, with nothing to pay, come to NetSuite too."
    )
    allow_duplicate_payments = _switch(
        "allow duplicate invoice payments",
        "On: a second payment of a paid invoice comes over unapplied. Off: it waits for a person.",
    )
    auto_apply_standalone_charges = _switch(
        "apply standalone payments to later invoices",
        "On: a payment without an invoice is applied to the customer's next invoice.",
    )
    sync_pending_payments = _switch(
        "bring pending payments",
        "On: bank debits are booked while they are on their way. Off: once they have arrived.",
        default=True,
    )
    create_invoices_for_payments = _switch(
        "make invoices for payments", "On: a payment without an invoice gets a NetSuite invoice."
    )
    denylist_payments = _switch(
        "hold marked payments",
        "On: whatever carries netsuite_block_integration = true in Stripe is held back.",
    )
    allowlist_payments = _switch(
        "bring only marked payments",
        "On: only what carries netsuite_allow_integration = true in Stripe is brought over.",
    )
    closed_period_policy = models.CharField(
        max_length=10,
        choices=ClosedPeriodPolicy.choices,
        default=ClosedPeriodPolicy.HOLD,
        help_text="What happens to a transaction whose posting period is closed in NetSuite.",
    )

    undeposited_funds_account = _record(
        "Undeposited Funds", "Payments wait here until their payout reaches the bank."
    )
    receivables_account = _record("Accounts Receivable", "What customers owe.")
    income_account = _record("income", "Income of items that we make.")
    deferred_revenue_account = _record(
        "deferred revenue", "Of items that we make: their revenue waits here. Empty: they earn at once."
    )
    revenue_recognition_rule = _record(
        "revenue recognition rule", "Of items that we make. Empty: none is set on them."
    )
    discount_account = _record(
        "discounts", "Where discounts post, if they do by themselves. Empty: the income account."
    )
    tax_account = _record("tax payable", "Taxes that you collected for the authorities.")
    payment_fees_account = _record("payment fees", "Stripe's fees for processing payments.")
    stripe_fees_account = _record("Stripe fees", "Stripe's fees for other products.")
    dispute_fees_account = _record("dispute fees", "Empty: the payment fees account.")
    dispute_reversals_account = _record("dispute reversals", "Empty: the income account.")
    adjustments_account = _record("adjustments", "Stripe's corrections of your balance.")
    bank_accounts = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_bank_accounts],
        help_text='Where payouts arrive, one bank account for each currency: {"USD": "123"}.',
    )

    class Meta:
        verbose_name = "Stripe account"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that decides posting dates."""
        return ZoneInfo(self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """The posting date of a moment (K17)."""
        return moment.astimezone(self.zone).date()

    @property
    def is_live(self) -> bool:
        """Whether the key moves real money."""
        return "_live_" in self.stripe_api_key.reveal()[:12]

    @property
    def webhook_secrets(self) -> tuple[Secret, ...]:
        """The signing secrets that are accepted now, the newest first."""
        return tuple(s for s in (self.stripe_webhook_secret, self.stripe_webhook_secret_previous) if s)
