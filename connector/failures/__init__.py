"""The catalogue: what each code means, in the words of finance people.

A code is given once, by the part that notices the case; its particulars travel in
the message. Title, cause and next step are written here and nowhere else, for the
console, the command line and the help pages: `stripe` and `netsuite` for the two
connections, `refusals` for what NetSuite will not book, `ours` for what SuiteSync
stops at, `payouts` for what keeps a deposit from being made, `skips` for what stays
outside on purpose. `tests/test_failures.py` holds every code that the source can give
against this list.
"""

from __future__ import annotations

from collections.abc import Mapping

from connector.failures import netsuite, ours, payouts, reconciling, refusals, skips, stripe
from connector.failures.entry import ACCOUNTANT, ADMIN, ANYBODY, ENGINEER, NOBODY, Failure

__all__ = ["ACCOUNTANT", "ADMIN", "ANYBODY", "ENGINEER", "FAILURES", "NOBODY", "Failure", "describe"]


def _catalogue(*failures: Failure) -> Mapping[str, Failure]:
    """Raises ValueError when two entries share a code."""
    catalogue = {failure.code: failure for failure in failures}
    if len(catalogue) != len(failures):
        raise ValueError("Two entries of the catalogue have the same code.")
    return catalogue


FAILURES: Mapping[str, Failure] = _catalogue(
    *stripe.FAILURES,
    *netsuite.FAILURES,
    *refusals.FAILURES,
    *ours.FAILURES,
    *payouts.FAILURES,
    *reconciling.FAILURES,
    *skips.FAILURES,
)


def describe(code: str) -> Failure:
    """The entry of a code. A code that is not listed gives an entry that says just that."""
    known = FAILURES.get(code)
    if known:
        return known
    return Failure(
        code,
        title="Something that SuiteSync does not know",
        cause=f"The code “{code}” is not in the catalogue.",
        next_step="Show this page to an engineer.",
        who=ENGINEER,
    )
