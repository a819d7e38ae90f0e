"""Our records as the fields of NetSuite's SOAP types: pure, and complete in what it sends.

Text is made legal and fitted (`lengths`), amounts get their currency's decimals, dates become
midnight Pacific with that date's own offset (netsuite.md 3.5), and every list says `replaceAll`
aloud, because it is true unless said otherwise (netsuite.md 3.7). A field that is empty is left
out: NetSuite would take it as an order to blank it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from connector.money import decimals
from connector.netsuite.gateway import FieldValue
from connector.netsuite.lengths import fitted
from connector.netsuite.records import (
    Address,
    Application,
    Applying,
    CreditMemo,
    Customer,
    CustomerDeposit,
    CustomerPayment,
    CustomerRefund,
    Deposit,
    DepositLine,
    DiscountItem,
    Filled,
    Invoice,
    JournalEntry,
    JournalLine,
    Line,
    NonInventorySaleItem,
    OtherChargeSaleItem,
    Record,
    RecordType,
    Ref,
    Sale,
    ServiceSaleItem,
)
from connector.netsuite.soap.countries import country
from connector.netsuite.soap.reading import END_DATE, PACIFIC, START_DATE
from connector.netsuite.soap.wsdl import Typed

Fields = dict[str, object]

TYPES: dict[RecordType, tuple[str, str]] = {
    "customer": ("relationships", "Customer"),
    "serviceSaleItem": ("accounting", "ServiceSaleItem"),
    "nonInventorySaleItem": ("accounting", "NonInventorySaleItem"),
    "otherChargeSaleItem": ("accounting", "OtherChargeSaleItem"),
    "discountItem": ("accounting", "DiscountItem"),
    "invoice": ("sales", "Invoice"),
    "customerPayment": ("customers", "CustomerPayment"),
    "customerDeposit": ("customers", "CustomerDeposit"),
    "creditMemo": ("customers", "CreditMemo"),
    "customerRefund": ("customers", "CustomerRefund"),
    "deposit": ("bank", "Deposit"),
    "journalEntry": ("general", "JournalEntry"),
}
"""Where the WSDL defines each record."""

CUSTOM_PRICE = {"internalId": "-1"}
"""NetSuite's price level "Custom": the amount is ours, no price list touches it (IN-H2, netsuite.md 3.6)."""

# Refs that NetSuite knows by no external id of ours.
_ONLY_BY_INTERNAL_ID = ("account", "currency", "subsidiary", "revenueRecognitionRule", "listed")


def as_typed(record: Record) -> Typed:
    """The record as `add` and `addList` take it, with its external id."""
    fields = {**_FIELDS[type(record)](record), **_more(record.filled)}
    return Typed(*TYPES[record.TYPE], {"externalId": record.external_id, **_without_empty(fields)})


def _more(filled: Sequence[Filled]) -> Fields:
    """Fields that an account's mappings fill: standard ones by name, custom ones in their list (FM-1)."""
    custom = [_custom_field(one.name, one.value) for one in filled if one.custom]
    standard = {one.name: _scalar(one.name, one.value) for one in filled if not one.custom}
    return {**standard, "customFieldList": {"customField": custom} if custom else None}


def _customer(record: Customer) -> Fields:
    return {
        "entityId": record.entity_id,
        "isPerson": record.is_person,
        "companyName": fitted("companyName", record.company_name),
        "firstName": fitted("firstName", record.first_name),
        "lastName": fitted("lastName", record.last_name),
        "email": fitted("email", record.email),
        "phone": fitted("phone", record.phone),
        "comments": fitted("comments", record.comments),
        "subsidiary": _optional(record.subsidiary),
        "currency": _optional(record.currency),
        "addressbookList": _sublist("addressbook", [_address(part) for part in record.addresses]),
        "currencyList": _sublist("currency", [{"currency": reference(part)} for part in record.currencies]),
    }


def _address(address: Address) -> Fields:
    fields: Fields = {
        "country": country(address.country),
        "addressee": fitted("addressee", address.addressee),
        "addrPhone": fitted("addrPhone", address.phone),
        "addr1": fitted("addr1", address.addr1),
        "addr2": fitted("addr2", address.addr2),
        "city": fitted("city", address.city),
        "state": fitted("state", address.state),
        "zip": fitted("zip", address.zip),
    }
    return {
        "defaultShipping": address.default_shipping,
        "defaultBilling": address.default_billing,
        "addressbookAddress": _without_empty(fields),
    }


def _service_sale_item(record: ServiceSaleItem) -> Fields:
    return {
        "itemId": record.item_id,
        "displayName": fitted("displayName", record.display_name),
        "salesDescription": fitted("salesDescription", record.sales_description),
        "incomeAccount": reference(record.income_account),
        "deferredRevenueAccount": _optional(record.deferred_revenue_account),
        "revenueRecognitionRule": _optional(record.revenue_recognition_rule),
        "subsidiaryList": _subsidiaries(record.subsidiary),
    }


def _other_charge_sale_item(record: OtherChargeSaleItem) -> Fields:
    return {
        "itemId": record.item_id,
        "displayName": fitted("displayName", record.display_name),
        "salesDescription": fitted("salesDescription", record.sales_description),
        "incomeAccount": reference(record.income_account),
        "subsidiaryList": _subsidiaries(record.subsidiary),
    }


def _discount_item(record: DiscountItem) -> Fields:
    """NetSuite wants a rate; ours takes nothing off by itself, every line says its amount (PI-H2)."""
    return {
        "itemId": record.item_id,
        "displayName": fitted("displayName", record.display_name),
        "description": fitted("description", record.description),
        "nonPosting": record.account is None,
        "account": _optional(record.account),
        "rate": "0.00",
        "subsidiaryList": _subsidiaries(record.subsidiary),
    }


def _subsidiaries(subsidiary: Ref | None) -> Fields | None:
    return {"recordRef": [reference(subsidiary)]} if subsidiary else None


def _invoice(record: Invoice) -> Fields:
    return {
        "entity": reference(record.customer),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "account": reference(record.receivables_account),
        "dueDate": midnight(record.due_date) if record.due_date else None,
        "memo": fitted("memo", record.memo),
        "itemList": _sublist("item", [_line(line, record) for line in record.lines]),
    }


def _customer_payment(record: CustomerPayment) -> Fields:
    return {
        "customer": reference(record.customer),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "arAcct": reference(record.receivables_account),
        "payment": money(record.payment, record.currency),
        # `undepFunds` true lets NetSuite pick its own account, false with an account posts there
        # (netsuite.md 4.4). The account setting names Undeposited Funds, and a payout is checked
        # against that very account (PO-6), so we always name it.
        "undepFunds": False,
        "account": reference(record.account),
        "exchangeRate": record.exchange_rate,
        "memo": fitted("memo", record.memo),
        "autoApply": False,
        "applyList": _apply_list(record),
    }


def _customer_deposit(record: CustomerDeposit) -> Fields:
    return {
        "customer": reference(record.customer),
        "salesOrder": _optional(record.sales_order),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "payment": money(record.payment, record.currency),
        "undepFunds": False,  # as for a payment; without it the account is refused (netsuite.md 4.6)
        "account": reference(record.account),
        "exchangeRate": record.exchange_rate,
        "memo": fitted("memo", record.memo),
    }


def _customer_refund(record: CustomerRefund) -> Fields:
    deposits = [_apply(part, record.currency) for part in record.deposits]
    return {
        "customer": reference(record.customer),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "arAcct": reference(record.receivables_account),
        "account": reference(record.account),
        "exchangeRate": record.exchange_rate,
        "memo": fitted("memo", record.memo),
        "applyList": _apply_list(record),
        "depositList": _sublist("customerRefundDeposit", deposits),
    }


def _deposit(record: Deposit) -> Fields:
    """`paymentAmount` is NetSuite's own affair: the record in the list decides it."""
    funds: list[Fields] = [{"deposit": True, "id": int(fund.doc.internal_id)} for fund in record.funds]
    other, cash_back = (
        [_deposit_line(line, record.currency) for line in lines] for lines in (record.other, record.cash_back)
    )
    return {
        "tranDate": midnight(record.tran_date),
        "account": reference(record.account),
        "memo": fitted("memo", record.memo),
        "paymentList": _sublist("depositPayment", funds),
        "otherList": _sublist("depositOther", other),
        "cashBackList": _sublist("depositCashBack", cash_back),
    }


def _deposit_line(line: DepositLine, currency: Ref) -> Fields:
    fields: Fields = {
        "entity": _optional(line.entity),
        "amount": money(line.amount, currency),
        "account": reference(line.account),
        "memo": fitted("memo", line.memo),
    }
    return _without_empty(fields)


def _journal_entry(record: JournalEntry) -> Fields:
    return {
        "subsidiary": _optional(record.subsidiary),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "memo": fitted("memo", record.memo),
        "lineList": _sublist("line", [_journal_line(line, record.currency) for line in record.lines]),
    }


def _journal_line(line: JournalLine, currency: Ref) -> Fields:
    side = "debit" if line.amount > 0 else "credit"
    fields: Fields = {
        "account": reference(line.account),
        side: money(abs(line.amount), currency),
        "memo": fitted("memo", line.memo),
        "entity": _optional(line.entity),
    }
    return _without_empty(fields)


def _credit_memo(record: CreditMemo) -> Fields:
    return {
        "entity": reference(record.customer),
        "tranDate": midnight(record.tran_date),
        "currency": reference(record.currency),
        "account": reference(record.receivables_account),
        "memo": fitted("memo", record.memo),
        "autoApply": False,
        "itemList": _sublist("item", [_line(line, record) for line in record.lines]),
        "applyList": _apply_list(record),
    }


_FIELDS: dict[type[Any], Callable[[Any], Fields]] = {
    Customer: _customer,
    ServiceSaleItem: _service_sale_item,
    NonInventorySaleItem: _service_sale_item,
    OtherChargeSaleItem: _other_charge_sale_item,
    DiscountItem: _discount_item,
    Invoice: _invoice,
    CustomerPayment: _customer_payment,
    CustomerDeposit: _customer_deposit,
    CreditMemo: _credit_memo,
    CustomerRefund: _customer_refund,
    Deposit: _deposit,
    JournalEntry: _journal_entry,
}


def _line(line: Line, record: Sale) -> Fields:
    days = [
        Filled(script_id, day)
        for script_id, day in ((START_DATE, line.start_date), (END_DATE, line.end_date))
        if day is not None
    ]
    fields: Fields = {
        "item": reference(line.item),
        "quantity": line.quantity,
        "description": fitted("description", line.description),
        "price": CUSTOM_PRICE,
        "amount": money(line.amount, record.currency),
        **_more([*days, *line.filled]),
    }
    return _without_empty(fields)


def _apply_list(record: Applying) -> Fields | None:
    return _sublist("apply", [_apply(part, record.currency) for part in record.applied])


def _apply(application: Application, currency: Ref | None) -> Fields:
    """`doc` is a number in the XSD, so an external id cannot stand there (netsuite.md 3.1)."""
    if not application.doc.internal_id:
        raise ValueError(f"{application.doc} cannot be applied to before its internal id is known.")
    if application.amount == 0:
        return {"doc": int(application.doc.internal_id), "apply": False}
    amount = money(application.amount, currency) if currency else application.amount
    return {"doc": int(application.doc.internal_id), "apply": True, "amount": amount}


def changed(
    record_type: RecordType, internal_id: str, changes: Mapping[str, FieldValue], *, replace: bool
) -> Typed:
    """Only the named fields, as `update` takes them; None goes by `nullFieldList` (netsuite.md 3.1)."""
    fields: Fields = {"internalId": internal_id}
    custom = []
    for name, value in changes.items():
        if value is None:
            continue
        if name.startswith("cust"):
            custom.append(_custom_field(name, value))
        else:
            fields[name] = _changed_value(name, value, replace=replace)
    if custom:
        fields["customFieldList"] = {"customField": custom}
    emptied = [name for name, value in changes.items() if value is None]
    if emptied:
        fields["nullFieldList"] = {"name": emptied}
    return Typed(*TYPES[record_type], fields)


def _changed_value(name: str, value: FieldValue, *, replace: bool) -> object:
    if isinstance(value, tuple):
        lines = [
            _apply(part, None) if isinstance(part, Application) else {"currency": reference(part)}
            for part in value
        ]
        return {name.removesuffix("List"): lines, "replaceAll": replace}
    return _scalar(name, value)


def _scalar(name: str, value: FieldValue) -> object:
    if isinstance(value, Ref):
        return reference(value)
    if isinstance(value, date):
        return midnight(value)
    return fitted(name, value) if isinstance(value, str) else value


_CUSTOM_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "BooleanCustomFieldRef"),  # before int: every bool is one
    (int, "LongCustomFieldRef"),
    (Decimal, "DoubleCustomFieldRef"),
    (date, "DateCustomFieldRef"),
    (Ref, "SelectCustomFieldRef"),
    (str, "StringCustomFieldRef"),
)


def _custom_field(script_id: str, value: FieldValue) -> Typed:
    kind = next(name for python, name in _CUSTOM_KINDS if isinstance(value, python))
    return Typed("core", kind, {"scriptId": script_id, "value": _scalar(script_id, value)})


def reference(ref: Ref) -> Fields:
    """A link by internal id, or by our external id where that is enough."""
    if ref.internal_id:
        return {"internalId": ref.internal_id}
    if ref.type in _ONLY_BY_INTERNAL_ID or not ref.key:
        raise ValueError(f"{ref} has no internal id.")
    return {"externalId": ref.key}


def _optional(ref: Ref | None) -> Fields | None:
    return reference(ref) if ref is not None else None


def midnight(day: date) -> datetime:
    """The day as NetSuite keeps it, with the offset of that very day: -08:00 in winter, -07:00 in summer."""
    return datetime.combine(day, time.min, PACIFIC)


def money(value: Decimal, currency: Ref) -> Decimal:
    """The amount with its currency's decimals; never rounded. Raises ValueError when it has more."""
    if not currency.key:
        return value
    exact = value.quantize(Decimal(1).scaleb(-decimals(currency.key)))
    if exact != value:
        raise ValueError(f"{value} {currency.key} has more decimals than the currency.")
    return exact


def _sublist(name: str, lines: Sequence[Fields]) -> Fields | None:
    return {name: list(lines), "replaceAll": True} if lines else None


def _without_empty(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if value is not None and value != ""}
