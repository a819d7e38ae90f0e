"""The receivables account of a transaction: given, or the customer's, or the company's."""

from typing import TYPE_CHECKING

from ..refusal import invalid_reference
from ..values import Data
from .transaction import Head

if TYPE_CHECKING:
    from ..company import Company


def receivables_account(company: "Company", fields: Data, name: str, head: Head) -> int:
    """The account that field `name` gives, or the default; refused as R2 when it is none for receivables."""
    given = fields.get(name)
    if given is None:
        own = head.customer.fields.get("receivablesAccount") if head.customer else None
        return int(own["@internalId"]) if own else company.accounts["receivables_account"]
    account = company.record("account", int(given["@internalId"]))
    if account.fields["acctType"] != "_accountsReceivable":
        customer = f"customer {head.customer.internal_id}" if head.customer else ""
        raise invalid_reference(name, account.internal_id, customer)
    return account.internal_id
