"""A practice world with one payout of many charges, whose payments NetSuite holds already.

`python -m bench.payout_world PORT COUNT FILE` serves it until it is ended. FILE tells the payout's
id and the external and internal id of each payment.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from decimal import Decimal
from pathlib import Path

from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stripe.transactions import Fee, Worth, record
from connector.sandbox.world import World


def main() -> None:
    """Fill the world, tell what is in it, and serve it."""
    port, count, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    world = World()
    charges = [(f"ch_BENCH{number:06d}", 1_000 + number) for number in range(count)]
    told = {"payout": _pay_out(world, charges), "payments": _pay(world, charges)}
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with Server(world, port):
        file.write_text(json.dumps(told))
        stopped.wait()


def _pay_out(world: World, charges: list[tuple[str, int]]) -> str:
    """The movements of the charges on Stripe's balance, with their fees, and the payout of them all."""
    store = world.stripe.store
    with world.stripe.lock:
        for charge, cents in charges:
            fees = [Fee(30 + cents * 29 // 1000, "Stripe processing fees")]
            worth = Worth(cents, "usd")
            record(store, "charge", worth, source=charge, fees=fees, available_on=store.now())
    payout = world.stripe.bank.pay_out("usd")
    if payout is None:
        raise LookupError("There is nothing to pay out.")
    world.stripe.bank.arrive(payout)
    world.stripe.bank.reconcile(payout)
    return payout


def _pay(world: World, charges: list[tuple[str, int]]) -> list[tuple[str, str]]:
    """A customer payment of each charge, as NetSuite would hold it; its external and internal id."""
    user, settings = world.netsuite.user, world.netsuite.settings()
    company = {"companyName": "Many Orders Ltd", "subsidiary": ref(str(settings["subsidiary"]))}
    customer = ref(user.create("customer", company))
    made = []
    for charge, cents in charges:
        fields = {"customer": customer, "payment": Decimal(cents) / 100, "memo": f"Stripe: {charge}"}
        made.append((charge, str(user.create("customerPayment", fields, charge))))
    return made


if __name__ == "__main__":
    main()
