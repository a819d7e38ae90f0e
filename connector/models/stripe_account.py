"""StripeAccount: one Stripe account, where its books are kept, and every setting of how."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from connector.credentials import Secret, SecretField
from connector.models.netsuite_account import NetSuiteAccount
from connector.translation.mappings_read import read_defaults, read_mappings

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
        if not (isinstance(account, str) and re.fullmatch("[0-9]+", account)):
            raise ValidationError(f"The bank account for {currency} must be NetSuite's internal id.")


def validate_balance_accounts(value: object) -> None:
    """Accept `{"reserved_funds": "123"}`: a type of balance transaction to the internal id of an account."""
    if not isinstance(value, dict):
        raise ValidationError('Write one account for each type, like {"reserved_funds": "123"}.')
    for kind, account in value.items():
        if not re.fullmatch(r"[a-z][a-z_]*", str(kind)):
            raise ValidationError(f"“{kind}” is not a type of Stripe's such as reserved_funds.")
        if not (isinstance(account, str) and re.fullmatch("[0-9]+", account)):
            raise ValidationError(f"The account for {kind} must be NetSuite's internal id.")


def validate_field_defaults(value: object) -> None:
    """Refuse fixed values that cannot be written, each by its key (FM-1)."""
    if faults := read_defaults(value)[1]:
        raise ValidationError(faults)


def validate_field_mappings(value: object) -> None:
    """Refuse mappings that cannot be followed, each by its key (FM-1)."""
    if faults := read_mappings(value)[1]:
        raise ValidationError(faults)


CUSTOMER_FIELDS = ("id", "email", "name", "phone", "description")
CHARGE_FIELDS = ("description",)
PRICE_FIELDS = ("id", "nickname", "product.id", "product.name")
NETSUITE_CUSTOMER_FIELDS = (
    "email",
    "entityId",
    "companyName",
    "phone",
    "accountNumber",
    "vatRegNumber",
    "externalId",
    "internalId",
)
NETSUITE_ITEM_FIELDS = ("itemId", "displayName", "upcCode", "externalId", "internalId")


def _one_of(fields: tuple[str, ...], more: str, like: str) -> RegexValidator:
    """Accept one of these fields, or one that fits the pattern `more`."""
    pattern = "|".join(map(re.escape, fields))
    return RegexValidator(
        rf"^(?:{pattern}|{more})\Z", f"Write one of {', '.join(fields)}, or a field of your own like {like}."
    )


METADATA = r"metadata\.\S(?:.{0,38}\S)?"


def _compared(verbose_name: str, validator: RegexValidator, help_text: str) -> models.CharField[Any, Any]:
    """A setting that names a field to compare by; empty means that nothing is compared."""
    return models.CharField(
        verbose_name, max_length=60, blank=True, validators=[validator], help_text=help_text
    )


def _record(verbose_name: str, help_text: str) -> models.CharField[Any, Any]:
    """A setting that names a NetSuite record by its internal id; empty means not chosen."""
    return models.CharField(
        verbose_name, max_length=20, blank=True, validators=[internal_id_format], help_text=help_text
    )


def _own_item(verbose_name: str, what: str, ours: str) -> models.CharField[Any, Any]:
    """A setting that names the item of memos of one kind, by internal id or as ours (RF-4, DS-4)."""
    one_of = RegexValidator(
        rf"^(?:\d+|{ours})\Z", f"Give NetSuite's internal id, digits only, or write {ours}."
    )
    return models.CharField(
        verbose_name,
        max_length=20,
        blank=True,
        validators=[one_of],
        help_text=f"The item on every credit memo for {what}: NetSuite's internal id, or “{ours}”, which is "
        "made then. Empty: the invoice's own items.",
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
    customer_match_stripe_field = _compared(
        "find customers by: in Stripe",
        _one_of(CUSTOMER_FIELDS, METADATA, "metadata.erp_number"),
        "A Stripe customer whose field holds the same as a NetSuite customer’s is that customer: capitals "
        "and space around the text do not count, parts of it are not enough. email, name, phone, "
        "description, id or metadata.KEY. Empty: customers are not compared.",
    )
    customer_match_netsuite_field = _compared(
        "find customers by: in NetSuite",
        _one_of(NETSUITE_CUSTOMER_FIELDS, r"custentity\w+", "custentity_stripe_email"),
        "The field of NetSuite’s customers that it is compared with: email, entityId (Customer ID), "
        "companyName, phone, accountNumber, vatRegNumber, externalId, internalId, or a text field of your "
        "own (custentity…). If several customers fit, the oldest is taken.",
    )
    global_customer_without_match = _switch(
        "one customer where none is found",
        "Counts only when customers are compared. On: what fits no NetSuite customer is booked under “Stripe "
        "Unallocated Charges”. Off: a new customer is made.",
    )
    global_item_workflow = _switch(
        "one item for everything", "On: every line is sold as the item “Stripe Item”."
    )
    item_match_stripe_field = _compared(
        "find items by: in Stripe",
        _one_of(PRICE_FIELDS, METADATA, "metadata.sku"),
        "A Stripe price whose field holds the same as a NetSuite item’s is sold as that item: nickname, id, "
        "product.name, product.id or metadata.KEY. It goes before the item that the price’s metadata names. "
        "Empty: prices are not compared.",
    )
    item_match_netsuite_field = _compared(
        "find items by: in NetSuite",
        _one_of(NETSUITE_ITEM_FIELDS, r"custitem\w+", "custitem_sku"),
        "The field of NetSuite’s items that it is compared with: itemId (Item Name), displayName, upcCode, "
        "externalId, internalId, or a text field of your own (custitem…). If several items fit, the oldest "
        "is taken.",
    )
    global_item_without_match = _switch(
        "one item where none is found",
        "Counts only when prices are compared. On: what fits no NetSuite item is sold as “Stripe Item”. "
        "Off: a new item is made.",
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
    refund_item = _own_item("refund item", "refunds", "Stripe Refund Item")
    dispute_item = _own_item("dispute item", "disputes", "Stripe Dispute Item")
    sync_trial_invoices = _switch(
        "bring trial invoices", "On: invoices of free trials, with nothing to pay, come to NetSuite too."
    )
    allow_duplicate_payments = _switch(
        "allow duplicate invoice payments",
        "On: a second payment of a paid invoice comes over unapplied. Off: it waits for a person.",
    )
    find_sales_orders = _switch(
        "find sales orders by their charge",
        "On: a payment without an invoice is looked for in the authorization code of NetSuite’s sales "
        "orders, and is a deposit on the order that names it. Off: only an order that the payment names is "
        "found.",
        default=True,
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
    payment_item = _record(
        "item for payments",
        "The item on the invoices that are made for payments. Empty: “Stripe Generic Line Item”.",
    )
    payment_match_stripe_field = _compared(
        "find items for payments by: in Stripe",
        _one_of(CHARGE_FIELDS, METADATA, "metadata.product_name"),
        "An invoice made for a payment sells the NetSuite item whose field holds the same as the payment’s: "
        "description or metadata.KEY. Where none fits, it sells the item for payments. Empty: payments are "
        "not compared.",
    )
    payment_match_netsuite_field = _compared(
        "find items for payments by: in NetSuite",
        _one_of(NETSUITE_ITEM_FIELDS, r"custitem\w+", "custitem_sku"),
        "The field of NetSuite’s items that it is compared with: itemId (Item Name), displayName, upcCode, "
        "externalId, internalId, or a text field of your own (custitem…).",
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
    conversion_fees_account = _record(
        "conversion fees", "Stripe's fees for converting currencies. Empty: the payment fees account."
    )
    stripe_fees_account = _record(
        "Stripe fees", "Stripe's fees for other products. Empty: the payment fees account."
    )
    network_fees_account = _record(
        "network fees", "What card networks and banks cost. Empty: the payment fees account."
    )
    application_fees_account = _record(
        "application fees", "What a platform takes of your payments. Empty: the payment fees account."
    )
    fee_tax_account = _record("tax on fees", "VAT and the like on fees. Empty: the payment fees account.")
    dispute_fees_account = _record("dispute fees", "Empty: the payment fees account.")
    dispute_reversals_account = _record("dispute reversals", "Empty: the income account.")
    adjustments_account = _record("adjustments", "Stripe's corrections of your balance.")
    balance_accounts = models.JSONField(
        "other movements",
        default=dict,
        blank=True,
        validators=[validate_balance_accounts],
        help_text="An account for each further type of movement on Stripe's balance: "
        '{"reserved_funds": "123", "transfer": "124"}. A payout with a type that is not here waits.',
    )
    payout_clearing_account = _record(
        "payout clearing",
        "Holds what a bank sent back until the next payout brings it again, and payouts made by hand.",
    )
    payout_difference_account = _record(
        "payout differences",
        "Takes what a payout differs from the sum of its parts, and the deposit's memo says so. Empty: "
        "such a payout waits for a person.",
    )
    summarize_before_start = _switch(
        "summarize what is older than the start date",
        "On: what a payout holds from before the start date is one line on the income account of its "
        "deposit. Off: the payout waits for a person.",
    )
    bank_accounts = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_bank_accounts],
        help_text='Where payouts arrive, one bank account for each currency: {"USD": "123"}.',
    )

    field_defaults = models.JSONField(
        "fixed values",
        default=dict,
        blank=True,
        validators=[validate_field_defaults],
        help_text="By kind of record: a field and the value that it always gets. null clears a field.",
    )
    field_mappings = models.JSONField(
        "values from Stripe",
        default=dict,
        blank=True,
        validators=[validate_field_mappings],
        help_text="By kind of record: where in the Stripe object, and the field that gets the value.",
    )
    write_ids_to_stripe = _switch(
        "write NetSuite’s ids to Stripe",
        "On: each Stripe object gets the internal id of its NetSuite record in its metadata. Switch it off "
        "while you try things out with a NetSuite sandbox.",
        default=True,
    )

    stripe_account_id = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="Whose key it is in Stripe (acct_…), as Stripe said when it was stored. Never another one.",
    )
    stripe_endpoint_id = models.CharField(
        max_length=60, blank=True, editable=False, help_text="The webhook endpoint that we made (we_…)."
    )
    paused_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when nothing of it is written; empty: it runs.",
    )
    paused_by = models.CharField(max_length=170, blank=True, editable=False)
    pause_reason = models.CharField(max_length=500, blank=True, editable=False)
    pause_version = models.PositiveIntegerField(
        default=0, editable=False, help_text="Grows with each pause and each resumption."
    )

    class Meta:
        verbose_name = "Stripe account"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse half a comparison: it would find nothing and say nothing."""
        for kind in ("customer", "item", "payment"):
            named = {side: getattr(self, f"{kind}_match_{side}_field") for side in ("stripe", "netsuite")}
            empty = [side for side, field in named.items() if not field]
            if len(empty) == 1:
                text = "Choose a field on both sides, or on neither."
                raise ValidationError({f"{kind}_match_{empty[0]}_field": text})

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
