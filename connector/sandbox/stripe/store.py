"""All objects of one practice Stripe account, their identities and what happened to them."""

import copy
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .errors import missing
from .terms import Terms

Row = dict[str, Any]

API_VERSION = "2026-10-28.endive"
"""The only API version that the practice Stripe speaks."""

ACCOUNT_ID = "acct_1SBX000001"

CLOCK = "test_helpers.test_clock"

PREFIXES = {
    "application_fee": "fee_1SBX",
    "balance_transaction": "txn_3SBX",
    "bank_account": "ba_1SBX",
    "charge": "ch_3SBX",
    "coupon": "SBXC",
    "credit_note": "cn_1SBX",
    "credit_note_line_item": "cnli_1SBX",
    "customer": "cus_SBX",
    "customer_balance_transaction": "cbtxn_1SBX",
    "discount": "di_1SBX",
    "dispute": "du_1SBX",
    "event": "evt_1SBX",
    "fee_refund": "fr_1SBX",
    "invoice": "in_1SBX",
    "invoice_payment": "inpay_1SBX",
    "invoiceitem": "ii_1SBX",
    "line_item": "il_1SBX",
    "payment": "py_3SBX",
    "payment_intent": "pi_3SBX",
    "payment_method": "pm_1SBX",
    "payment_record": "pr_1SBX",
    "payment_refund": "pyr_3SBX",
    "payout": "po_1SBX",
    "price": "price_1SBX",
    "product": "prod_SBX",
    "refund": "re_3SBX",
    "request": "req_SBX",
    "shipping_rate": "shr_1SBX",
    "subscription": "sub_1SBX",
    "subscription_item": "si_SBX",
    "tax_rate": "txr_1SBX",
    CLOCK: "clock_1SBX",
    "topup": "tu_1SBX",
    "transfer": "tr_1SBX",
    "transfer_reversal": "trr_1SBX",
    "webhook_endpoint": "we_1SBX",
}
"""How the ids of each kind begin; `payment` and `payment_refund` are charges and refunds without a card."""

OWNERS = {
    "credit_note": "invoice",
    "customer_balance_transaction": "customer",
    "dispute": "charge",
    "fee_refund": "fee",
    "invoice_payment": "invoice",
    "line_item": "invoice",
    "refund": "charge",
    "subscription_item": "subscription",
    "transfer_reversal": "transfer",
}
"""The field by which objects of a kind are looked up often, kept as an index."""


def nothing(names: str) -> Row:
    """Fields, named in one string, that are null to begin with."""
    return dict.fromkeys(names.split())


class Store:
    """Objects by kind in order of creation; the identities count up, so the same play gives the same ids."""

    def __init__(self, now: Callable[[], int], announce: Callable[[Row], None]) -> None:
        self._now = now
        self.moment: int | None = None
        self.terms = Terms()
        self.aside: dict[str, Row] = {}
        self.request: Row = {"id": None, "idempotency_key": None}
        self.webhook_secret = ""
        self.secrets: dict[str, str] = {}
        self._announce = announce
        self._rows: dict[str, dict[str, Row]] = {kind: {} for kind in PREFIXES}
        self._counters = {kind: itertools.count(1) for kind in PREFIXES}
        self._owned: dict[tuple[str, str], list[Row]] = {}
        self._deleted: dict[str, Row] = {}

    def now(self) -> int:
        """Unix seconds: of the test clock that rules the present work, else of the world."""
        return self._now() if self.moment is None else self.moment

    @contextmanager
    def at(self, moment: int | None) -> Iterator[None]:
        """Do something at the moment of a test clock; None means at the world's own time."""
        before, self.moment = self.moment, moment
        try:
            yield
        finally:
            self.moment = before

    def keep_aside(self, row: Row, **held: Any) -> None:
        """Keep with an object what its answers show only on request, or never."""
        self.aside.setdefault(row["id"], {}).update(held)

    def held(self, row: Row, name: str, default: Any = None) -> Any:
        """What was kept aside for an object."""
        return self.aside.get(row["id"], {}).get(name, default)

    def new_id(self, kind: str) -> str:
        """The next identity of a kind, such as `in_1SBX000001`."""
        return f"{PREFIXES[kind]}{next(self._counters[kind]):06d}"

    def insert(self, row: Row) -> Row:
        """Keep a new object."""
        kind = row["object"]
        self._rows[kind][row["id"]] = row
        if kind in OWNERS:
            self._owned.setdefault((kind, row[OWNERS[kind]]), []).append(row)
        return row

    def remove(self, row: Row) -> Row:
        """Forget an object; what is left of it says only that it was deleted."""
        kind = row["object"]
        del self._rows[kind][row["id"]]
        if kind in OWNERS:
            self._owned[kind, row[OWNERS[kind]]].remove(row)
        self._deleted[row["id"]] = {"id": row["id"], "object": kind, "deleted": True}
        return self._deleted[row["id"]]

    def all(self, kind: str) -> list[Row]:
        """Every object of a kind, oldest first."""
        return list(self._rows[kind].values())

    def where(self, kind: str, **wanted: Any) -> list[Row]:
        """Objects of a kind whose fields equal those given, oldest first."""
        owner = wanted.get(OWNERS.get(kind, ""))
        rows = self.all(kind) if owner is None else self._owned.get((kind, owner), [])
        return [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]

    def get(self, kind: str, identity: Any, *, param: str | None = None) -> Row:
        """One object; Refusal 404 when there is none (400 when a parameter named it)."""
        row = self._rows[kind].get(str(identity))
        if row is None:
            raise missing(kind, str(identity), param=param or "id", status=400 if param else 404)
        return row

    def lookup(self, identity: str) -> Row | None:
        """Whatever object has or had this identity, or None."""
        found = next((rows[identity] for rows in self._rows.values() if identity in rows), None)
        return found or self._deleted.get(identity)

    def newest(self, kind: str, count: int) -> list[Row]:
        """The latest objects of a kind, newest first."""
        return self.all(kind)[: -count - 1 : -1]

    def emit(self, event_type: str, snapshot: Row, previous: Row | None = None) -> Row:
        """Record an event with a copy of the object as it is now, and hand it to delivery."""
        data: Row = {"object": copy.deepcopy(snapshot)}
        if previous is not None:
            data["previous_attributes"] = _told(copy.deepcopy(previous), snapshot)
        event = {
            "id": self.new_id("event"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": dict(self.request),
            "type": event_type,
        }
        self.insert(event)
        self._announce(event)
        return event


def _told(previous: Row, now: Row) -> Row:
    """What an event tells of before: of metadata only the keys that changed, a new one as null."""
    if not isinstance(previous.get("metadata"), dict):
        return previous
    was, has = previous["metadata"], now.get("metadata") or {}
    changed = {key: was.get(key) for key in {**was, **has} if was.get(key) != has.get(key)}
    return {**previous, "metadata": changed}
