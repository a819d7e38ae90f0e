"""Which fields of NetSuite's records an account may fill by itself, and why not the others (FM-1, FM-2).

A closed table, by the names that people write: NetSuite's own in small letters with underscores,
`_id` behind a field that names a record, `klass` for class. The names and their types are those of
NetSuite's WSDL. A field that carries money, decides where or when it posts, or ties a record to
Stripe or to another record is never filled: it would put the books out of step with Stripe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args, get_origin, get_type_hints

from connector.netsuite import records
from connector.netsuite.records import AUTHORIZATION_CODE, RefType
from connector.stripe.billing import Coupon
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, InvoiceLine, PostalAddress, Price

Type = Literal["text", "record", "date", "switch", "any"]
"""What a field holds; `any` is a custom field, which takes the type of its value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that may be filled. `ours` is the attribute of our record that holds it, if one does."""

    key: str
    name: str
    type: Type
    ours: str = ""
    ref: RefType = "listed"
    may_be_empty: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record, or the lines of one: its fields, and the Stripe objects whose values reach it."""

    key: str
    record: type
    fields: Mapping[str, Field]
    custom: str
    sources: tuple[type, ...] = ()
    line: bool = False


def _fields(
    *, listed: str = "", dates: str = "", texts: str = "", switches: str = "", ours: str = ""
) -> dict[str, Field]:
    """The fields by the keys that people write; those named in `ours` are attributes of our own record."""
    own = ours.split()
    words: tuple[tuple[str, Type], ...] = (
        (listed, "record"),
        (dates, "date"),
        (texts, "text"),
        (switches, "switch"),
    )
    found: dict[str, Field] = {}
    for names, kind in words:
        for name in names.split():
            key, attribute = _key(name, kind), _snake(name)
            found[key] = Field(
                key,
                name,
                kind,
                ours=attribute if attribute in own else "",
                ref=_REFS.get(name, "listed"),
                may_be_empty=name not in _NEVER_EMPTY,
            )
    return found


_NEVER_EMPTY = ("incomeAccount", "companyName", "firstName", "lastName")
_REFS: dict[str, RefType] = {
    "incomeAccount": "account",
    "deferredRevenueAccount": "account",
    "revenueRecognitionRule": "revenueRecognitionRule",
}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _key(name: str, kind: Type) -> str:
    words = "klass" if name == "class" else _snake(name)
    return f"{words}_id" if kind == "record" else words


_SEGMENTS = "department class location"
_BY_MAIL = "toBePrinted toBeEmailed toBeFaxed"
_LINE = _fields(listed=_SEGMENTS, texts="description", ours="description")

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "customer",
            records.Customer,
            _fields(
                listed="category customForm leadSource partner priceLevel salesRep territory terms",
                dates="startDate endDate",
                texts="accountNumber altEmail altPhone companyName email fax firstName homePhone lastName "
                "mobilePhone phone printOnCheckAs resaleNumber salutation title url vatRegNumber",
                ours="company_name email first_name last_name phone",
            ),
            "custentity",
            (Customer,),
        ),
        Kind(
            "service_sale_item",
            records.ServiceSaleItem,
            _fields(
                listed=f"{_SEGMENTS} billingSchedule createRevenuePlansOn customForm deferredRevenueAccount "
                "incomeAccount issueProduct revenueRecognitionRule saleUnit taxSchedule unitsType",
                texts="displayName salesDescription upcCode",
                switches="availableToPartners includeChildren isFulfillable isOnline",
                ours="deferred_revenue_account display_name income_account revenue_recognition_rule "
                "sales_description",
            ),
            "custitem",
            (Price,),
        ),
        Kind(
            "other_charge_sale_item",
            records.OtherChargeSaleItem,
            _fields(
                listed=f"{_SEGMENTS} customForm issueProduct taxSchedule unitsType",
                texts="displayName salesDescription upcCode",
                switches="availableToPartners includeChildren isFulfillable isOnline",
                ours="display_name sales_description",
            ),
            "custitem",
        ),
        Kind(
            "discount_item",
            records.DiscountItem,
            _fields(
                listed=f"{_SEGMENTS} customForm issueProduct taxSchedule",
                texts="description displayName upcCode vendorName",
                switches="availableToPartners includeChildren",
                ours="description display_name",
            ),
            "custitem",
            (Coupon,),
        ),
        Kind(
            "invoice",
            records.Invoice,
            _fields(
                listed=f"{_SEGMENTS} customForm job leadSource messageSel partner salesRep shipMethod terms",
                dates="dueDate endDate salesEffectiveDate shipDate startDate",
                texts="email fax fob memo message otherRefNum trackingNumbers vatRegNum",
                switches=f"{_BY_MAIL} excludeCommission",
                ours="due_date memo",
            ),
            "custbody",
            (Invoice,),
        ),
        Kind("invoice_item", records.Line, _LINE, "custcol", (InvoiceLine,), line=True),
        Kind(
            "customer_payment",
            records.CustomerPayment,
            _fields(
                listed=f"{_SEGMENTS} customForm paymentMethod",
                texts="checkNum memo",
                ours="memo",
            ),
            "custbody",
            (Charge,),
        ),
        Kind(
            "credit_memo",
            records.CreditMemo,
            _fields(
                listed=f"{_SEGMENTS} customForm job leadSource messageSel partner salesRep",
                dates="salesEffectiveDate",
                texts="email fax memo message otherRefNum vatRegNum",
                switches=f"{_BY_MAIL} excludeCommission",
                ours="memo",
            ),
            "custbody",
            (CreditNote, Invoice),
        ),
        Kind("credit_memo_item", records.Line, _LINE, "custcol", (InvoiceLine,), line=True),
    )
}
"""By the word under which people write fields for it. The lines of a record stand under `…_item`."""

_MONEY = "it carries money, and what is booked is Stripe's own amount, to the cent"
_POSTS = "it decides where or when the record posts; the account's settings do that"
_TIES = "it ties the record to Stripe or to another record, and we find it by that again"
_TAX = "it makes NetSuite work out a tax of its own beside Stripe's"
_OURS = "SuiteSync fills it itself"
_REFUSED: tuple[tuple[str, str], ...] = (
    (
        _MONEY,
        "amount amount_paid amount_remaining balance cost_estimate credit_limit discount_amount "
        "discount_item discount_rate discount_total exchange_rate gross_amt handling_cost non_posting "
        "payment price promo_code quantity rate shipping_cost sub_total total units",
    ),
    (
        _POSTS,
        "account ar_acct approval_status currency posting_period receivables_account subsidiary tran_date "
        "undep_funds rev_rec_schedule rev_rec_start rev_rec_end defer_rev_rec",
    ),
    (
        _TIES,
        "apply apply_list auto_apply comments created_from customer doc entity external internal is_inactive "
        "is_person item item_list line opportunity parent tran",
    ),
    (_TAX, "is_taxable tax1_amt tax_amount tax_code tax_item tax_rate tax_total taxable"),
    (
        _OURS,
        f"{AUTHORIZATION_CODE} custcol_suitesync_rev_rec_start custcol_suitesync_rev_rec_end",
    ),
)
_REASONS = {name: reason for reason, names in _REFUSED for name in names.split()}
_CUSTOM_PREFIXES = {
    "custbody": "invoice, credit_memo and customer_payment",
    "custcol": "invoice_item and credit_memo_item",
    "custentity": "customer",
    "custitem": "service_sale_item, other_charge_sale_item and discount_item",
}


def field_of(kind: Kind, key: str) -> Field:
    """The field that a key means. Raises ValueError that says why it cannot be filled, and what could."""
    if known := kind.fields.get(key):
        return known
    plain = key.removesuffix("_id")
    if reason := _REASONS.get(key) or _REASONS.get(plain):
        raise ValueError(f"“{key}” cannot be filled: {reason}.")
    if key.startswith("cust"):
        return _custom_field(kind, key)
    raise ValueError(f"“{key}” is no field of {kind.key} that can be filled. {_instead(kind, key)}")


def _custom_field(kind: Kind, key: str) -> Field:
    """A custom field: `_id` behind its script id says that it holds a record, `_date` that it holds a day."""
    prefix = next((one for one in _CUSTOM_PREFIXES if key.startswith(one)), "")
    if prefix != kind.custom:
        if prefix:
            raise ValueError(f"“{key}” belongs under {_CUSTOM_PREFIXES[prefix]}, not under {kind.key}.")
        raise ValueError(f"“{key}” is no script id: a custom field of {kind.key} begins with {kind.custom}.")
    if not re.fullmatch(r"[a-z0-9_]+", key) or key == prefix:
        raise ValueError(f"“{key}” is no script id: write it in small letters, as NetSuite shows it.")
    if key.endswith("_id"):
        return Field(key, key.removesuffix("_id"), "record")
    return Field(key, key, "date" if key.endswith("_date") else "any")


def _instead(kind: Kind, key: str) -> str:
    other = "klass_id" if key in ("class", "class_id", "klass") else ""
    close = [other] if other in kind.fields else get_close_matches(key, kind.fields, n=1)
    with_id = f"{key}_id"
    meant = with_id if with_id in kind.fields else next(iter(close), "")
    if meant:
        return f"Did you mean “{meant}”?"
    return f"There are {', '.join(sorted(kind.fields))}, and custom fields ({kind.custom}_…)."


def path_of(kind: Kind, path: str) -> tuple[str, ...]:
    """The parts of a Stripe path. Raises ValueError that says what a path may be."""
    if not kind.sources:
        raise ValueError(f"No Stripe object stands behind {kind.key}: write fixed values there.")
    if not path.strip() or path != path.strip():
        raise ValueError(f"“{path}” is no path to a Stripe value. {_paths(kind)}")
    parts = tuple(path.split("."))
    for start in starts(kind, parts):
        rest = parts[1:] if kind.line and parts[0] == "invoice" else parts
        if _reaches(start, rest):
            return (*parts[: len(parts) - len(rest)], *_joined(rest))
    raise ValueError(f"Stripe has no “{path}” for {kind.key}. {_paths(kind)}")


def starts(kind: Kind, parts: tuple[str, ...]) -> tuple[type, ...]:
    """The objects on which a path may begin: a line's path may begin at its invoice."""
    return (Invoice,) if kind.line and parts[0] == "invoice" else kind.sources


def _joined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A metadata key may have dots in it."""
    return ("metadata", ".".join(parts[1:])) if parts[0] == "metadata" else parts


def _reaches(start: type, parts: tuple[str, ...]) -> bool:
    if not parts:
        return False
    if parts[0] == "metadata":
        return len(parts) > 1 and bool("".join(parts[1:])) and "metadata" in get_type_hints(start)
    hint = _plain_type(get_type_hints(start).get(parts[0]))
    if len(parts) == 1:
        return hint in _LEAVES
    return hint is PostalAddress and _reaches(hint, parts[1:])


_LEAVES = [str, bool, *(get_type_hints(Invoice)[name] for name in ("total", "created"))]


def _plain_type(hint: object) -> object:
    """`X` of `X | None`."""
    if get_origin(hint) is not None:
        kept = [one for one in get_args(hint) if one is not type(None)]
        return kept[0] if len(kept) == 1 else hint
    return hint


def _paths(kind: Kind) -> str:
    names = sorted({name for source in kind.sources for name in leaves(source)})
    at_invoice = ", or invoice.… for a value of its invoice" if kind.line else ""
    return f"Write metadata.<key>, or one of {', '.join(names)}{at_invoice}."


def leaves(source: type) -> Iterator[str]:
    """The values of a Stripe object that a path can reach, beside its metadata."""
    for name in get_type_hints(source):
        if _reaches(source, (name,)):
            yield name
