"""Customer (netsuite.md 4.1)."""

import re
from typing import ClassVar

from ..refusal import Refused, may_not_set
from ..store import Record
from ..values import Data, as_date, names
from .kind import RecordKind, Writing, too_long

NAME_TAKEN = (
    "A customer record with this ID already exists. "
    "You must enter a unique customer ID for each record you create."
)
ADDRESS_LENGTHS = {
    "addr1": 150,
    "addr2": 150,
    "addr3": 150,
    "addressee": 83,
    "attention": 83,
    "addrPhone": 32,
}
ADDRESS_LINES = ("addressee", "attention", "addr1", "addr2", "addr3", "city", "state", "zip")


class CustomerKind(RecordKind):
    name = "customer"
    wire = "Customer"
    group = "entity"
    title = "Customer"
    permission = "Lists -> Customers"
    plain: ClassVar[frozenset[str]] = names(
        "entityId altName isPerson phoneticName salutation firstName middleName lastName companyName phone"
        " fax email url isInactive title printOnCheckAs homePhone mobilePhone altEmail language comments"
        " altPhone emailPreference vatRegNumber accountNumber taxExempt creditLimit startDate endDate"
        " resaleNumber category customForm leadSource partner priceLevel salesRep territory terms"
    )
    references = {
        "parent": ("customer",),
        "subsidiary": ("subsidiary",),
        "currency": ("currency",),
        "receivablesAccount": ("account",),
    }
    lists = {"addressbookList": "addressbook", "currencyList": "currency"}
    list_keys = {"addressbookList": "internalId", "currencyList": "currency"}
    lengths = {
        "entityId": 83,
        "companyName": 83,
        "firstName": 32,
        "middleName": 32,
        "lastName": 32,
        "phone": 32,
        "fax": 32,
        "email": 254,
        "comments": 4000,
        "accountNumber": 99,
    }
    labels = {"entityId": "Customer ID", "comments": "Comments"}
    custom_prefixes = ("custentity",)

    def display_name(self, record: Record) -> str:
        entity_id: str = record.fields["entityId"]
        given = full_name(record.fields)
        return entity_id if not given or given in entity_id else f"{entity_id} {given}"

    def required(self, fields: Data) -> list[str]:
        named = ["firstName", "lastName"] if fields.get("isPerson") else ["companyName"]
        return [*named, "subsidiary"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        stamp = self.stamp(old)
        settled = self.follow_all(fields)
        settled.setdefault("isPerson", False)
        settled["entityId"] = self._entity_id(old, settled, stamp["internal_id"])
        self._settle_currencies(old, settled)
        self._settle_addresses(settled)
        for name in ("startDate", "endDate"):
            if name in settled:
                settled[name] = as_date(settled[name])
        return Record(**stamp, fields=settled)

    def _entity_id(self, old: Record | None, fields: Data, internal_id: int) -> str:
        store = self.company.store
        name: str = fields.get("entityId") or self._next_entity_id(fields)
        if store.find_name("customer", name) not in (None, internal_id):
            raise Refused("UNIQUE_CUST_ID_REQD", NAME_TAKEN)
        if old is not None:
            store.take_name("customer", old.fields["entityId"], None)
        store.take_name("customer", name, internal_id)
        return name

    def _next_entity_id(self, fields: Data) -> str:
        """The next number; without auto-numbering the name is the id, as on NetSuite's form."""
        if self.company.preferences.auto_numbering:
            return f"CUST{self.company.store.next('entityId')}"
        return full_name(fields)

    def _settle_currencies(self, old: Record | None, fields: Data) -> None:
        """The primary currency is always on the list."""
        company = self.company
        primary = fields.setdefault("currency", {"$": "RecordRef", "@internalId": str(company.base_currency)})
        used = old is not None and company.store.by_entity.get(old.internal_id)
        if old is not None and used and primary_of(old.fields) != primary_of(fields):
            raise may_not_set("currency")
        held = [primary["@internalId"]]
        for line in fields.get("currencyList", {}).get("currency", []):
            currency = company.follow(("currency",), line.get("currency") or {}, "currency")
            if str(currency.internal_id) not in held:
                held.append(str(currency.internal_id))
        lines = [
            {"$": "CustomerCurrency", "currency": {"$": "RecordRef", "@internalId": key}} for key in held
        ]
        fields["currencyList"] = {"$": "CustomerCurrencyList", "currency": lines}

    def _settle_addresses(self, fields: Data) -> None:
        settled = []
        for line in fields.get("addressbookList", {}).get("addressbook", []):
            address = dict(line.get("addressbookAddress") or {"$": "Address"})
            if address.get("addrText") and not address.get("override"):
                raise may_not_set("addrText")
            for name, longest in ADDRESS_LENGTHS.items():
                if len(address.get(name, "")) > longest:
                    raise too_long(name, longest)
            key = line.get("internalId") or str(self.company.store.next("address"))
            settled.append({**line, "addressbookAddress": address, "internalId": key})
        if settled:
            fields["addressbookList"] = {"$": "CustomerAddressbookList", "addressbook": settled}

    def computed(self, record: Record) -> Data:
        fields = record.fields
        currencies = fields["currencyList"]["currency"]
        return {
            "isInactive": bool(fields.get("isInactive")),
            "altName": fields.get("altName") or full_name(fields),
            "dateCreated": record.created,
            "lastModifiedDate": record.modified,
            "stage": "_customer",
            "defaultAddress": default_address(fields),
            "currencyList": {
                "$": "CustomerCurrencyList",
                "currency": [self._currency_line(each["currency"]["@internalId"]) for each in currencies],
            },
        }

    def _currency_line(self, currency: str) -> Data:
        return {"$": "CustomerCurrency", "currency": self.company.refer("currency", int(currency))}

    def saved(self, old: Record | None, new: Record, fields: Data) -> None:
        self.company.store.bump(new.internal_id)

    def refuse_delete(self, record: Record) -> None:
        children = any(
            each.fields.get("parent", {}).get("@internalId") == str(record.internal_id)
            for each in self.company.store.of_group("entity")
        )
        if children:
            message = "This customer or job cannot be deleted because it has child entities."
            raise Refused("CANT_DELETE_CUSTOMER", message)
        if self.company.store.by_entity.get(record.internal_id):
            raise in_use()

    def removed(self, record: Record) -> None:
        self.company.store.take_name("customer", record.fields["entityId"], None)


def full_name(fields: Data) -> str:
    """A person's first and last name, or the company's name."""
    if fields.get("isPerson"):
        return f"{fields.get('firstName', '')} {fields.get('lastName', '')}".strip()
    return str(fields.get("companyName", ""))


def default_address(fields: Data) -> str | None:
    """The default billing address as lines of text."""
    for line in fields.get("addressbookList", {}).get("addressbook", []):
        if line.get("defaultBilling"):
            address = line["addressbookAddress"]
            lines = [address[name] for name in ADDRESS_LINES if address.get(name)]
            return "\n".join([*lines, country_name(address.get("country", ""))]).strip() or None
    return None


def country_name(country: str) -> str:
    """A country of the schema, such as "_unitedStates", in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", country.lstrip("_")[:1].upper() + country.lstrip("_")[1:])


def primary_of(fields: Data) -> str:
    """The internal id of the customer's primary currency."""
    key: str = fields["currency"]["@internalId"]
    return key


def currencies_of(customer: Record) -> set[int]:
    """Internal ids of the currencies in which the customer may be billed."""
    return {int(line["currency"]["@internalId"]) for line in customer.fields["currencyList"]["currency"]}


def in_use() -> Refused:
    """X3."""
    message = (
        "This record cannot be deleted because it is referenced by other records "
        "or it is used by one or more transactions."
    )
    return Refused("CANT_DELETE_RCRD", message)
