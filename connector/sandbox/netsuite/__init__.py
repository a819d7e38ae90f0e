"""A practice NetSuite: SOAP on the wire, books behind it; knows nothing of SuiteSync or Django."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint

from . import chart
from .books import Books
from .books_text import books_text
from .company import Company
from .faults import Faults
from .records import all_kinds
from .refusal import Refused
from .service import Observer, Service
from .tokens import Credentials, LoginDesk
from .traffic import Traffic
from .user import NetSuiteUser, ref

__all__ = ["Faults", "NetSuiteHalf", "NetSuiteUser", "Refused", "ref"]


class Clock(Protocol):
    """What tells the time of the practice world."""

    def now(self) -> datetime: ...


class NetSuiteHalf:
    """One practice NetSuite account.

    Arguments: the world's clock; how many calls may be under way at once; the seconds that each call takes
    (`overhead`) and each record in it (`per_record`); the faults in force.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        concurrency: int = 5,
        overhead: float = 0.0,
        per_record: float = 0.0,
        faults: Faults | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.faults = faults if faults is not None else Faults()
        self.traffic = Traffic(concurrency, overhead, per_record, self.faults)
        self._clock = clock
        self._keys = Credentials.random()
        self._desk = LoginDesk(self._keys)
        self._company = self._new_company()
        self._service = Service(lambda: self._company, self.lock, self._desk, self.traffic, self.faults)
        self.user = NetSuiteUser(lambda: self._company, self.lock)

    def _new_company(self) -> Company:
        company = Company(self._clock.now)
        company.register(all_kinds(company))
        return company

    @property
    def credentials(self) -> Mapping[str, str]:
        """Account id, consumer key and secret, token id and secret, by SuiteSync's field names."""
        return self._keys.mapping()

    def settings(self) -> dict[str, str | dict[str, str]]:
        """Internal ids of the subsidiary and the ledger accounts, by SuiteSync's field names."""
        accounts = self._company.accounts
        found: dict[str, str | dict[str, str]] = {
            name: str(accounts[name]) for name in chart.PUBLISHED_SETTINGS
        }
        found["bank_accounts"] = {symbol: str(bank) for symbol, bank in self._company.banks.items()}
        found["subsidiary"] = str(self._company.subsidiary)
        return found

    def ledger_account(self, number: str) -> str:
        """The internal id of a ledger account by its number, such as "2300" (deferred revenue)."""
        with self.lock:
            return str(self._company.store.names[("account", number)])

    def books(self) -> dict[str, Any]:
        """Records, applications, accounts, general ledger and trial balance, with the counters of calls."""
        with self.lock:
            data = Books(self._company).data()
        return {**data, "writes": self.writes, "calls": dict(sorted(self.calls.items()))}

    def books_text(self) -> str:
        """The books as text for an accountant, the same for the same world."""
        with self.lock:
            return books_text(Books(self._company).data())

    def blueprint(self) -> Blueprint:
        """The WSDL and the SOAP port, to be mounted under the NetSuite base address."""
        return self._service.blueprint()

    def on_request(self, observer: Callable[[bytes, bytes, str], None]) -> Callable[[], None]:
        """Call `observer(request, response, operation)` after every SOAP exchange; answers how to stop it."""
        observers: list[Observer] = self._service.observers
        observers.append(observer)
        return lambda: observers.remove(observer)

    @property
    def calls(self) -> Counter[str]:
        """Calls so far by operation."""
        return self.traffic.calls.copy()

    @property
    def writes(self) -> int:
        """Write calls so far (add, update, upsert, delete and their lists)."""
        return self.traffic.writes()

    @property
    def login_audit(self) -> list[str]:
        """Why logins were refused, as NetSuite's login audit trail tells an administrator."""
        return list(self._desk.audit)

    def reset(self) -> None:
        """An empty company again; keys, and the internal ids of ledger accounts, stay the same."""
        with self.lock:
            self._company = self._new_company()
            self.traffic.clear()
            self._desk.audit.clear()
