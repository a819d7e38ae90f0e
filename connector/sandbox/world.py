"""One practice world: a Stripe account, a NetSuite account and the clock that both read."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from .netsuite import NetSuiteHalf
from .netsuite.faults import Faults
from .stripe import StripeFaults, StripeHalf
from .stripe.faults import NAMES as STRIPE_FAULTS


class Clock:
    """Real time, unless it is set: for everybody, or for one thread while it plays a story."""

    def __init__(self) -> None:
        self._fixed: datetime | None = None
        self._own = threading.local()

    def now(self) -> datetime:
        """The moment that this thread lives in, aware, in UTC."""
        own: datetime | None = getattr(self._own, "moment", None)
        return own or self._fixed or datetime.now(UTC)

    def seconds(self) -> int:
        """The same in Unix seconds."""
        return int(self.now().timestamp())

    def set(self, moment: datetime | None) -> None:
        """Stop the clock at an aware moment for every thread; None gives real time again."""
        self._fixed = moment.astimezone(UTC) if moment else None

    def advance(self, delta: timedelta) -> None:
        """Move on a clock that is stopped: this thread's own if it has one, else everybody's."""
        if getattr(self._own, "moment", None) is not None:
            self._own.moment += delta
        else:
            self._fixed = self.now() + delta

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let this thread alone live at a moment."""
        before = getattr(self._own, "moment", None)
        self._own.moment = moment.astimezone(UTC)
        try:
            yield
        finally:
            self._own.moment = before


class World:
    """Both practice accounts with their books; `stage` is held while a story plays.

    Arguments: NetSuite's concurrency limit, seconds each NetSuite call takes (`overhead`) and each record in
    it (`per_record`), and the faults in force as a specification like `busy:0.1,stripe-429:3`.
    Raises ValueError for a bad fault.
    """

    def __init__(
        self,
        *,
        concurrency: int = 5,
        overhead: float = 0.0,
        per_record: float = 0.0,
        faults: str = "",
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.stage = threading.RLock()
        self.faults = ""
        self.stripe_faults = StripeFaults()
        self.netsuite_faults = Faults()
        self.stripe = StripeHalf(self.clock)
        self.netsuite = NetSuiteHalf(
            self.clock,
            concurrency=concurrency,
            overhead=overhead,
            per_record=per_record,
            faults=self.netsuite_faults,
        )
        self.set_faults(faults)

    def set_faults(self, spec: str) -> None:
        """Replace the faults of both halves; ValueError, with the lawful names, when one is unknown."""
        parts = [part.strip() for part in spec.split(",") if part.strip()]
        ours = [part.partition(":")[::2] for part in parts if part.partition(":")[0] in STRIPE_FAULTS]
        theirs = [part for part in parts if part.partition(":")[0] not in STRIPE_FAULTS]
        for name, argument in ours:
            StripeFaults().set(name, argument)
        self.netsuite_faults.set(",".join(theirs))
        self.stripe_faults.clear()
        for name, argument in ours:
            self.stripe_faults.set(name, argument)
        self.faults = ",".join(parts)

    def credentials(self, base: str) -> dict[str, Any]:
        """All that an account needs to work with this world, which is served at `base`."""
        return {
            "stripe_api_key": self.stripe.api_key,
            "stripe_webhook_secret": self.stripe.webhook_secret,
            "stripe_api_base": base,
            **self.netsuite.credentials,
            "netsuite_base_url": f"{base}/netsuite",
            **self.netsuite.settings(),
        }

    def reset(self, *, keep_endpoints: bool = False) -> None:
        """Empty both accounts; keys and ledger accounts stay, and the webhook endpoints if asked."""
        with self.stage:
            self.clock.set(None)
            self.set_faults("")
            self.stripe.reset(keep_endpoints=keep_endpoints)
            self.netsuite.reset()

    def close(self) -> None:
        """Stop delivering webhooks."""
        self.stripe.close()
