"""A lawful SOAP client for tests: zeep on the sandbox's own WSDL, signing each call anew."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import zeep
from zeep.helpers import serialize_object

from connector.sandbox.world import World

VERSION = "2025_2"
HOMES = {
    "core": "urn:core_{}.platform.webservices.netsuite.com",
    "common": "urn:common_{}.platform.webservices.netsuite.com",
    "messages": "urn:messages_{}.platform.webservices.netsuite.com",
    "relationships": "urn:relationships_{}.lists.webservices.netsuite.com",
    "accounting": "urn:accounting_{}.lists.webservices.netsuite.com",
    "sales": "urn:sales_{}.transactions.webservices.netsuite.com",
    "customers": "urn:customers_{}.transactions.webservices.netsuite.com",
    "bank": "urn:bank_{}.transactions.webservices.netsuite.com",
    "general": "urn:general_{}.transactions.webservices.netsuite.com",
}
RECORDS = {
    "customer": "relationships:Customer",
    "serviceSaleItem": "accounting:ServiceSaleItem",
    "nonInventorySaleItem": "accounting:NonInventorySaleItem",
    "otherChargeSaleItem": "accounting:OtherChargeSaleItem",
    "discountItem": "accounting:DiscountItem",
    "account": "accounting:Account",
    "department": "accounting:Department",
    "paymentMethod": "accounting:PaymentMethod",
    "accountingPeriod": "accounting:AccountingPeriod",
    "invoice": "sales:Invoice",
    "salesOrder": "sales:SalesOrder",
    "creditMemo": "customers:CreditMemo",
    "customerPayment": "customers:CustomerPayment",
    "customerDeposit": "customers:CustomerDeposit",
    "customerRefund": "customers:CustomerRefund",
    "depositApplication": "customers:DepositApplication",
    "deposit": "bank:Deposit",
    "journalEntry": "general:JournalEntry",
}


class NetSuiteRefused(AssertionError):
    """A status that is not a success, with its code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class SoapClient:
    """Speaks to one sandbox; `base` is the NetSuite base address, `keys` its credentials."""

    world: World

    def __init__(self, base: str, keys: Mapping[str, str], version: str = VERSION) -> None:
        self.base = base
        self.keys = keys
        self.version = version
        self.client = zeep.Client(f"{base}/wsdl/v{version}_0/netsuite.wsdl")  # type: ignore[no-untyped-call]
        self.service = self.client.service

    # -- making values ---------------------------------------------------------------------------------

    def make(self, home_and_type: str, **fields: Any) -> Any:
        """A value of a type such as "sales:InvoiceItem"."""
        home, _, name = home_and_type.partition(":")
        namespace = HOMES[home].format(self.version)
        return self.client.get_type(f"{{{namespace}}}{name}")(**fields)  # type: ignore[no-untyped-call]

    def record(self, kind: str, **fields: Any) -> Any:
        return self.make(RECORDS[kind], **fields)

    def ref(self, internal_id: object = None, kind: str | None = None, external_id: str | None = None) -> Any:
        key = {"internalId": str(internal_id)} if internal_id is not None else {}
        key |= {"externalId": external_id} if external_id else {}
        return self.make("core:RecordRef", **key, **({"type": kind} if kind else {}))

    def lines(self, kind: str, *lines: Mapping[str, Any], replace_all: bool = True) -> Any:
        """An item list of "Invoice", "CreditMemo" or "SalesOrder"."""
        home = {"CreditMemo": "customers"}.get(kind, "sales")
        items = [
            self.make(f"{home}:{kind}Item", **{**line, "item": self.ref(line["item"])}) for line in lines
        ]
        return self.make(f"{home}:{kind}ItemList", item=items, replaceAll=replace_all)

    def applies(self, kind: str, *lines: Mapping[str, Any], replace_all: bool = True) -> Any:
        """An apply list of "CustomerPayment", "CreditMemo" or "CustomerRefund"; `doc` and maybe `amount`."""
        made = [self.make(f"customers:{kind}Apply", **{"apply": True, **line}) for line in lines]
        return self.make(f"customers:{kind}ApplyList", apply=made, replaceAll=replace_all)

    # -- signing ---------------------------------------------------------------------------------------

    def passport(self, **changes: Any) -> Any:
        """A fresh token passport; keyword arguments replace its parts after signing."""
        nonce, timestamp = secrets.token_hex(16), int(time.time())
        nonce, timestamp = changes.pop("nonce", nonce), changes.pop("timestamp", timestamp)
        keys = self.keys
        identity = (keys["netsuite_account_id"], keys["netsuite_consumer_key"], keys["netsuite_token_id"])
        text = "&".join((*identity, nonce, str(timestamp)))
        key = f"{keys['netsuite_consumer_secret']}&{keys['netsuite_token_secret']}"
        digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
        algorithm = changes.pop("algorithm", "HMAC_SHA256")
        signature = {"_value_1": base64.b64encode(digest).decode(), "algorithm": algorithm}
        names = ("account", "consumerKey", "token")
        parts = {**dict(zip(names, identity, strict=True)), "nonce": nonce, "timestamp": timestamp}
        return self.make("core:TokenPassport", **{**parts, "signature": signature, **changes})

    def call(self, operation: str, *arguments: Any, passport: Any = None, **headers: Any) -> Any:
        """One call; keyword arguments are further headers, such as preferences."""
        signed = {"tokenPassport": passport or self.passport(), **headers}
        answer = getattr(self.service, operation)(*arguments, _soapheaders=signed)
        return answer.body if "body" in answer else answer

    # -- reading and writing ---------------------------------------------------------------------------

    def add(self, kind: str, **fields: Any) -> int:
        """Add a record and answer its internal id; NetSuiteRefused when it is refused."""
        answer = self.call("add", self.record(kind, **fields)).writeResponse
        return _internal_id(answer)

    def update(self, kind: str, internal_id: object, **fields: Any) -> int:
        return _internal_id(
            self.call("update", self.record(kind, internalId=str(internal_id), **fields)).writeResponse
        )

    def upsert(self, kind: str, **fields: Any) -> int:
        return _internal_id(self.call("upsert", self.record(kind, **fields)).writeResponse)

    def delete(self, kind: str, internal_id: object) -> int:
        return _internal_id(self.call("delete", self.ref(internal_id, kind)).writeResponse)

    def add_list(self, records: list[Any]) -> list[Any]:
        return list(self.call("addList", records).writeResponseList.writeResponse)

    def get(self, kind: str, internal_id: object = None, external_id: str | None = None) -> dict[str, Any]:
        """A record as plain dictionaries; NetSuiteRefused when there is none."""
        answer = self.call("get", self.ref(internal_id, kind, external_id)).readResponse
        _check(answer.status)
        return dict(serialize_object(answer.record, dict))  # type: ignore[no-untyped-call]

    def search(self, record: Any, **preferences: Any) -> Any:
        """A search's result; keyword arguments are search preferences."""
        headers = (
            {"searchPreferences": self.make("messages:SearchPreferences", **preferences)}
            if preferences
            else {}
        )
        result = self.call("search", record, **headers).searchResult
        _check(result.status)
        return result


def money(value: object) -> Decimal:
    """A double of an answer as money."""
    return Decimal(str(value))


def _check(status: Any) -> None:
    if not status.isSuccess:
        detail = status.statusDetail[0]
        raise NetSuiteRefused(detail.code, detail.message)


def _internal_id(answer: Any) -> int:
    _check(answer.status)
    return int(answer.baseRef.internalId)
