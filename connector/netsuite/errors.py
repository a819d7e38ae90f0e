"""What NetSuite's refusals mean: one closed table, from its words to our verdicts.

It owns a single decision: given what NetSuite (or the wire) said, may the same work be tried
again, must a person act, or may a write have been saved although the answer says otherwise?
Only the transport calls it: `verdict_of` for a fault or a status, `verdict_of_http` for an HTTP
answer that holds neither, `lost` and `not_sent` for the wire.

The first row that fits wins, so the narrow ones stand before the wide ones. To add a row: take
NetSuite's code and words from a real answer, put the row above any wider one, give the failure
code a page in `connector/failures.py`, and add the answer to the examples in the tests. Codes are
NetSuite's; words decide wherever it says only `USER_ERROR`. Sources: netsuite.md 2.1, 2.4 and 5,
rulebook section 26. What no row fits becomes `UnknownAnswer`: a loud failure, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from connector.errors import (
    AlreadyThere,
    AnswerLost,
    NeedsAttention,
    NotThere,
    RetryLater,
    UnknownAnswer,
    Verdict,
)

UNKNOWN = "netsuite_unknown_error"
LOST = "netsuite_answer_lost"
_LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """What NetSuite said: `fault` is the name of the typed SOAP fault, empty for a record's own status."""

    code: str
    message: str
    fault: str = ""

    @property
    def text(self) -> str:
        """NetSuite's own words and code, for a person to read."""
        words = " ".join(self.message.split())[:_LONGEST_MESSAGE] or "NetSuite gave no reason."
        return f"{words} ({self.code})" if self.code else words


@dataclass(frozen=True, slots=True)
class Row:
    """One meaning. It fits when the code is one of `codes`, the words match and the fault is one of `faults`.

    An empty condition always holds. `uncertain`: a write may have been saved all the same, so it
    becomes `AnswerLost` and only a read becomes `verdict`.
    """

    failure: str
    verdict: type[Verdict]
    codes: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    faults: frozenset[str] = frozenset()
    uncertain: bool = False

    def fits(self, refusal: Refusal) -> bool:
        """Whether every condition holds."""
        return (
            (not self.codes or refusal.code in self.codes)
            and (not self.faults or refusal.fault in self.faults)
            and (self.words is None or self.words.search(refusal.message) is not None)
        )


def _row(
    failure: str,
    verdict: type[Verdict],
    codes: str = "",
    words: str = "",
    faults: str = "",
    uncertain: bool = False,
) -> Row:
    pattern = re.compile(words, re.IGNORECASE) if words else None
    return Row(failure, verdict, frozenset(codes.split()), pattern, frozenset(faults.split()), uncertain)


# fmt: off
ROWS: tuple[Row, ...] = (
    # -- NetSuite is busy or away: nothing was done -----------------------------------------------
    _row("netsuite_busy", RetryLater,
         "WS_REQUEST_BLOCKED WS_CONCUR_SESSION_DISALLWD CONCURRENCY_LIMIT_EXCEEDED"
         " EXCEEDED_MAX_CONCUR_RQST SSS_REQUEST_LIMIT_EXCEEDED WS_EXCEEDED_CONCUR_USERS_ALLWD"),
    _row("netsuite_busy", RetryLater,
         faults="exceededConcurrentRequestLimitFault exceededRequestLimitFault exceededUsageLimitFault"),
    _row("netsuite_busy", RetryLater, words=r"concurrent request limit exceeded|Only one request may be made"
         r" against a session|Session invalidation is in progress"),
    _row("netsuite_unavailable", RetryLater, "ACCT_TEMP_UNAVAILABLE"),
    _row("netsuite_unavailable", RetryLater, words=r"scheduled maintenance"),
    # -- the log-in and the role ------------------------------------------------------------------
    _row("request_not_understood", UnknownAnswer, words=r"Ambiguous authentication"),
    _row("netsuite_credentials_refused", NeedsAttention, "INVALID_LOGIN_ATTEMPT INVALID_LOGIN_CREDENTIALS"
         " LOGIN_DISABLED INVALID_ACCT INVALID_ROLE ROLE_REQUIRED WS_LOG_IN_REQD SESSION_TIMED_OUT"
         " EMAIL_ADDRS_REQD PSWD_REQD"),
    _row("netsuite_credentials_refused", NeedsAttention,
         faults="invalidCredentialsFault invalidAccountFault invalidSessionFault"),
    _row("netsuite_credentials_refused", NeedsAttention, words=r"Invalid login attempt"),
    _row("netsuite_version_retired", NeedsAttention, "INVALID_WS_VERSION UNSUPPORTED_WS_VERSION"),
    _row("netsuite_version_retired", NeedsAttention, faults="invalidVersionFault"),
    _row("field_not_settable", NeedsAttention,
         words=r"do(?:es)? not have permissions? to set a value for element"),
    _row("permission_missing", NeedsAttention, "INSUFFICIENT_PERMISSION WS_FEATURE_REQD WS_PERMISSION_REQD"
         " OI_FEATURE_REQD OI_PERMISSION_REQD"),
    _row("permission_missing", NeedsAttention, faults="insufficientPermissionFault"),
    _row("permission_missing", NeedsAttention, words=r"Permission Violation"),
    # -- our own mistakes: the request should never have been made like this ----------------------
    _row("request_not_understood", UnknownAnswer, "INVALID_INTERNALID EXTERNALID_REQD CANT_SET_INTERNALID"
         " INVALID_FIELD_NAME_FOR_NULL INVALID_RCRD_TYPE UNKNOWN_RCRD_TYPE INVALID_LIST_KEY"
         " INVALID_AUTOAPPLY_VALUE INVALID_ID EXTERNALID_NOT_SUPPORTED INVALID_INITIALIZE_ARG"
         " INVALID_SEARCH_PAGE_SIZE INVALID_SEARCH_PAGE_INDEX INVALID_PAGE_INDEX INVALID_SAVEDSEARCH"),
    _row("request_not_understood", UnknownAnswer,
         words=r"requires a value for externalId"
         r"|cannot set internalId with upsert|Either internalId or externalId is required"
         r"|non-abstract instance"
         r"|SAX(?:Parse)?Exception"),
    _row("request_too_large", UnknownAnswer, "MAX_RCRDS_EXCEEDED EXCEEDED_RQST_SIZE_LIMIT"),
    _row("request_too_large", UnknownAnswer, faults="exceededRecordCountFault exceededRequestSizeFault"),
    _row("too_many_lines", NeedsAttention, "EXCEEDED_MAX_TRANS_LINES"),
    # -- identity ---------------------------------------------------------------------------------
    _row("external_id_taken", AlreadyThere, "DUP_RCRD"),
    _row("external_id_taken", AlreadyThere, words=r"^This record already exists"),
    _row("duplicate_customer_email", NeedsAttention, "UNIQUE_CUST_EMAIL_REQD"),
    _row("duplicate_customer_name", NeedsAttention, "UNIQUE_CUST_ID_REQD DUP_ENTITY"),
    _row("duplicate_customer_name", NeedsAttention,
         words=r"(?:customer record with this ID|entity) already exists"),
    _row("duplicate_item_name", NeedsAttention, "DUP_ITEM"),
    _row("duplicate_item_name", NeedsAttention, words=r"already an item with that name"),
    _row("duplicate_number", NeedsAttention, "DUP_TRANS DUP_CSTM_RCRD_ENTRY"),
    _row("record_changed", RetryLater, "RCRD_HAS_BEEN_CHANGED"),
    _row("record_changed", RetryLater, words=r"^Record has been changed"),
    _row("record_locked", NeedsAttention, "RCRD_LOCKED_BY_WF"),
    _row("record_not_found", NotThere, "RCRD_DSNT_EXIST RCRD_PREVSLY_DELETED"),
    _row("record_not_found", NotThere, words=r"^The specified key is invalid|^That record does not exist"),
    # -- applying payments and credits ------------------------------------------------------------
    _row("invoice_already_paid", NeedsAttention, words=r"Unable to find a matching line for sub-?list apply"),
    _row("amount_differs", NeedsAttention,
         words=r"is different than the amount due on the corresponding invoice"),
    _row("applied_too_much", NeedsAttention, "INVALID_AMT INVALID_LINK_SUM TRANS_APPLIED_AMTS_UNBALNCD"),
    _row("applied_too_much", NeedsAttention, words=r"Links sum to more than|Amount applied greater than total"
         r"|Total to apply of"),
    _row("applied_records_differ", NeedsAttention, "LINKED_ENTITIES_DONT_MATCH LINKED_ACCT_DONT_MATCH"),
    _row("customer_cannot_pay", NeedsAttention, "CANT_APPLY_PMT"),
    _row("source_closed", NeedsAttention, "INVALID_INITIALIZE_REF INVALID_REF_CANT_INITIALIZE"),
    _row("source_closed", NeedsAttention, words=r"can ?not initialize"),
    _row("payment_not_depositable", NeedsAttention, words=r"^Invalid id reference key"),
    # -- periods ----------------------------------------------------------------------------------
    _row("period_closed", NeedsAttention, "CLOSED_TRAN_PRD TRAN_PERIOD_CLOSED TRANS_EDIT_DISALLWD"
         " DATE_PRD_MISMATCH"),
    _row("period_closed", NeedsAttention, words=r"within the date range of your accounting period"
         r"|Invalid posting ?period reference key"),
    _row("period_missing", NeedsAttention, "VALID_PRD_REQD INVALID_TRANSACTIO_DATE"),
    # -- amounts, currencies, tax -----------------------------------------------------------------
    _row("too_many_decimals", NeedsAttention, words=r"more decimal places than are supported"),
    _row("not_in_balance", NeedsAttention, "TRANS_AMTS_UNBALNCD JE_AMOUNTS_MUST_BALANCE TRANS_UNBALNCD"
         " ROUNDING_DIFF_TOO_BIG"),
    _row("not_in_balance", NeedsAttention, words=r"Transaction is not in balance"),
    _row("amount_refused", NeedsAttention, "NEGATIVE_PAYMENT_DISALLWD DISCOUNT_EXCEED_TOTAL"),
    _row("amount_refused", NeedsAttention,
         words=r"total can ?not be negative|outside of valid min/max range"),
    _row("currency_missing_on_customer", NeedsAttention, "MISMATCHED_CURRENCY"),
    _row("currency_missing_on_customer", NeedsAttention, words=r"Invalid currency reference key"),
    _row("currency_unknown", NeedsAttention, "INVALID_CUR"),
    _row("account_currency_differs", NeedsAttention, "TRANS_FORGN_CRNCY_MISMATCH"),
    _row("exchange_rate_missing", NeedsAttention, "MISSING_CRNCY_EXCH_RATE"),
    _row("item_without_account", NeedsAttention, "ITEM_ACCT_REQD"),
    _row("tax_code_refused", NeedsAttention, "INVALID_TAX_CODE_FOR_SUB NEXUS_REQD"),
    # -- references and fields --------------------------------------------------------------------
    _row("subsidiary_mismatch", NeedsAttention, "INVALID_TRANS_SUB_ACCT INVALID_TRANS_SUB_CLASS"
         " INVALID_TRANS_SUB_DEPT INVALID_TRANS_SUB_ENTITY INVALID_TRANS_SUB_ITEM INVALID_TRANS_SUB_LOC"
         " CANT_MODIFY_SUB"),
    _row("subsidiary_mismatch", NeedsAttention, words=r"Invalid \w+ reference key .* for subsidiary"),
    _row("invalid_reference", NeedsAttention, "INVALID_KEY_OR_REF INVALID_REF_KEY"),
    _row("invalid_reference", NeedsAttention, words=r"Invalid \w+ reference key|Invalid externalId"
         r"|Invalid record referenced in metadata key|Please choose a child matrix item"),
    _row("required_field_missing", NeedsAttention,
         "FIELD_PARAM_REQD MISSING_REQD_FLD DATA_REQD TRAN_DATE_REQD"
         " VALID_LINE_ITEM_REQD"),
    _row("required_field_missing", NeedsAttention, words=r"Please enter (?:a )?values?\b"),
    _row("too_long", NeedsAttention, "EXCEEDED_MAX_FIELD_LENGTH"),
    _row("too_long", NeedsAttention, words=r"contained more than the maximum number"),
    _row("invalid_field_value", NeedsAttention, "INVALID_FLD_VALUE"),
    _row("invalid_field_value", NeedsAttention, words=r"entered an Invalid Field Value"),
    # -- deleting, voiding, searching -------------------------------------------------------------
    _row("record_in_use", NeedsAttention,
         "CANT_DELETE_TRANS TRANS_IN_USE CANT_DELETE_RCRD CANT_DELETE_CUSTOMER"
         " CANT_DELETE_ACCT CANT_DELETE_CHILD_RCRDS_EXIST CANT_VOID_TRANS SO_HAS_CHILD_TRANS"),
    _row("search_expired", RetryLater, "EXPIRED_SEARCH_CRITERIA"),
    # -- NetSuite broke: what it was doing may be done --------------------------------------------
    _row("netsuite_internal_error", RetryLater, "UNEXPECTED_ERROR", uncertain=True),
    _row("netsuite_internal_error", RetryLater, faults="unexpectedErrorFault", uncertain=True),
    _row("netsuite_internal_error", RetryLater,
         words=r"An unexpected error (?:has )?occurred|java\.(?:lang|util)\."
         r"|com\.netledger\.|Connection Pool is not in|missing resource APP:ERRORMESSAGE", uncertain=True),
)
# fmt: on


def verdict_of(refusal: Refusal, *, write: bool) -> Verdict:
    """The verdict on a fault, or on a record's status."""
    for row in ROWS:
        if row.fits(refusal):
            return _verdict(row.failure, row.verdict, refusal.text, lost=row.uncertain and write)
    return UnknownAnswer(UNKNOWN, f"NetSuite answered something that SuiteSync does not know: {refusal.text}")


@dataclass(frozen=True, slots=True)
class HttpRow:
    """The meaning of HTTP statuses from `first` to `last` when the body holds no SOAP answer."""

    first: int
    last: int
    failure: str
    verdict: type[Verdict]
    uncertain: bool = False


HTTP_ROWS: tuple[HttpRow, ...] = (
    HttpRow(200, 299, "netsuite_answer_unreadable", RetryLater, uncertain=True),
    HttpRow(300, 399, "netsuite_address_wrong", NeedsAttention),
    HttpRow(401, 403, "netsuite_credentials_refused", NeedsAttention),
    HttpRow(404, 404, "netsuite_address_wrong", NeedsAttention),
    HttpRow(408, 408, "netsuite_unavailable", RetryLater, uncertain=True),
    HttpRow(410, 410, "netsuite_version_retired", NeedsAttention),
    HttpRow(413, 413, "request_too_large", UnknownAnswer),
    HttpRow(429, 429, "netsuite_busy", RetryLater),
    # Maintenance is announced by 503 before the request reaches the application (netsuite.md 5, S6).
    HttpRow(503, 503, "netsuite_unavailable", RetryLater),
    HttpRow(500, 599, "netsuite_internal_error", RetryLater, uncertain=True),
)


def verdict_of_http(status: int, *, write: bool) -> Verdict:
    """The verdict on an HTTP answer without a readable SOAP body: maintenance, a proxy's page, a cut one."""
    text = f"NetSuite answered HTTP {status} without a readable SOAP answer."
    for row in HTTP_ROWS:
        if row.first <= status <= row.last:
            return _verdict(row.failure, row.verdict, text, lost=row.uncertain and write)
    return UnknownAnswer(UNKNOWN, text)


def not_sent(reason: str) -> Verdict:
    """NetSuite could not be reached, so it cannot have done anything."""
    return RetryLater("netsuite_unreachable", f"NetSuite could not be reached: {reason}.")


def lost(reason: str, *, write: bool) -> Verdict:
    """The request left and no answer came, or none that can be believed."""
    return _verdict("netsuite_no_answer", RetryLater, reason, lost=write)


def _verdict(failure: str, kind: type[Verdict], text: str, *, lost: bool) -> Verdict:
    if lost:
        return AnswerLost(LOST, f"{text} It may have been saved.")
    return kind(failure, text)
