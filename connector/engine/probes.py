"""Probes: looks at one side of an account that are kept, so that what was found stays to be seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from connector.credentials import Secret
from connector.engine import account_settings, doctor
from connector.engine.doctor import Finding
from connector.models import Probe, StripeAccount

Side = Probe.Side
LOOKS = {
    Side.STRIPE: doctor.examine_key,
    Side.NETSUITE: doctor.examine_netsuite,
    Side.BOOKS: doctor.examine_books,
}


@dataclass(frozen=True, slots=True)
class Look:
    """A kept look. `is_current` unless what it tried has been changed since."""

    at: datetime
    who: str
    findings: tuple[Finding, ...]
    is_current: bool

    @property
    def ill(self) -> tuple[Finding, ...]:
        """What is to be mended."""
        return tuple(one for one in self.findings if not (one.well or one.unknown))

    @property
    def is_well(self) -> bool:
        """Whether it found nothing to mend, and nothing has changed since."""
        return self.is_current and not self.ill


def look(account: StripeAccount, side: Side, *, who: str) -> Look:
    """Look at one side now, and keep what was found. It reads only, and raises nothing for what is ill."""
    tried, findings = fingerprint(account, side), tuple(LOOKS[side](account))
    at = timezone.now()
    found = [[one.what, one.well, one.mend, one.setting, one.unknown] for one in findings]
    kept = {"at": at, "who": who, "of": tried, "found": found}
    Probe.objects.update_or_create(account=account, side=side, defaults=kept)
    return Look(at, who, findings, is_current=True)


def newest(account: StripeAccount, probes: Iterable[Probe] | None = None) -> dict[Side, Look]:
    """The newest look at each side that was looked at."""
    rows = account.probes.all() if probes is None else probes
    return {Side(row.side): _look(account, row) for row in rows}


def fingerprint(account: StripeAccount, side: Side) -> str:
    """What tells the settings of a side from others; encrypting a credential anew leaves it as it is."""
    held = account_settings.values(account)
    names = [name for name in held if _belongs(name, side)]
    text = "\n".join(f"{name}={_kept(held[name])}" for name in names)
    return hashlib.sha256(text.encode()).hexdigest()


def _belongs(name: str, side: Side) -> bool:
    if side == Side.STRIPE:
        return name in ("stripe_api_key", "stripe_api_base")
    if side == Side.NETSUITE:
        return name.startswith("netsuite_")
    return name == "subsidiary" or name.endswith(("_account", "_accounts", "_item", "_netsuite_field"))


def _kept(value: object) -> object:
    return value.stored_at if isinstance(value, Secret) else value


def _look(account: StripeAccount, row: Probe) -> Look:
    findings = tuple(
        Finding(what, well, mend, setting, unknown=unknown)
        for what, well, mend, setting, unknown in row.found
    )
    return Look(row.at, row.who, findings, row.of == fingerprint(account, Side(row.side)))
