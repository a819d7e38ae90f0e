"""Set-up: what has to be so in NetSuite before anything can be written."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "setup"


def _rule(id: str, statement: str, source: str, why_not: str = reasons.SETUP) -> Rule:
    return Rule(id, AREA, statement, source, why_not=why_not)


RULES = (
    _rule("PE-1", "SOAP web services and token-based authentication are switched on.", docs("payment link")),
    _rule(
        "PE-2", "The connection has a role of its own, which may sign in by token.", both("NetSuite set-up")
    ),
    _rule("PE-3", "An access token for that role is made and stored with the account.", docs("payment link")),
    _rule(
        "PE-4",
        "The role sees subsidiaries and accounts, may search, and may make deposits.",
        docs("errors"),
    ),
    _rule("PE-5", "The token belongs to a user of its own, who stays when people leave.", both("onboarding")),
    _rule(
        "PE-6",
        "Try it on a NetSuite sandbox: test data in real books has to be deleted by hand.",
        docs("onboarding"),
        reasons.ADVICE,
    ),
    _rule(
        "PE-7",
        "Everything travels encrypted, and nothing without signing in.",
        docs("for developers"),
        reasons.FACT,
    ),
    _rule(
        "PE-H1",
        "The role may make and change customers, items, invoices, payments, memos, refunds and deposits, "
        "and see accounts, currencies and periods.",
        CONCLUDED,
    ),
)
