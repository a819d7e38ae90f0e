"""Changes of an invoice's state."""

from .shapes import invoice_view
from .store import Row, Store


def turn(store: Store, invoice: Row, status: str, moment: str, *, quiet: bool = False) -> None:
    """Change the state and note when; `invoice.updated` says so unless quiet."""
    before = {"status": invoice["status"], "status_transitions": dict(invoice["status_transitions"])}
    invoice["status"] = status
    invoice["status_transitions"][moment] = store.now()
    if not quiet:
        store.emit("invoice.updated", invoice_view(store, invoice), before)
