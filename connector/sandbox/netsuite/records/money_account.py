"""Where received money goes: Undeposited Funds, or a bank account of the right currency."""

from typing import TYPE_CHECKING

from ..refusal import Refused, may_not_set, please_enter
from ..store import Record
from ..values import Data
from .kind import unknown_reference
from .transaction import Head

if TYPE_CHECKING:
    from ..company import Company

WRONG_CURRENCY = "Transaction and foreign currency account use different currencies."
MONEY_ACCOUNTS = frozenset({"_bank", "_otherCurrentAsset"})


def money_account(company: "Company", fields: Data, head: Head) -> int:
    """The account that holds the money (netsuite.md 4.4): `undepFunds` and `account` decide.

    An account without `undepFunds` false is refused, because Undeposited Funds is the form's default.
    """
    undeposited = fields.get("undepFunds")
    given = fields.get("account")
    if undeposited or (undeposited is None and given is None):
        return company.accounts["undeposited_funds_account"]
    if undeposited is None:
        raise may_not_set("account")
    if given is None:
        raise please_enter(["Account"])
    return checked_account(company, given, head)


def checked_account(company: "Company", given: Data, head: Head) -> int:
    """A given account for money; refused as R2 for the wrong type, M5 for the wrong currency."""
    account = company.record("account", int(given["@internalId"]))
    if account.fields["acctType"] not in MONEY_ACCOUNTS:
        customer = f"customer {head.customer.internal_id}" if head.customer else ""
        raise unknown_reference("account", given, customer)
    check_currency(company, account, head)
    return account.internal_id


def check_currency(company: "Company", account: Record, head: Head) -> None:
    """M5: an account with a foreign currency takes only transactions in that currency."""
    currency = account.fields.get("currency", {}).get("@internalId")
    if currency not in (None, str(head.currency), str(company.base_currency)):
        raise Refused("TRANS_FORGN_CRNCY_MISMATCH", WRONG_CURRENCY)
