"""NetSuite's refusals as it words them, and what each must mean to us.

Words and codes are from netsuite.md 2.1, 2.4 and 5 and from the rulebook's section 26.
"""

from __future__ import annotations

from connector.errors import (
    AlreadyThere,
    AnswerLost,
    NeedsAttention,
    RetryLater,
    UnknownAnswer,
    Verdict,
)

Example = tuple[str, str, str, type[Verdict]]

_PERMISSION = (
    "You do not have permissions to set a value for element account due to one of the following reasons:"
    " 1) The field is read-only; 2) An associated feature is disabled; 3) The field is available either"
    " when a record is created or updated, but not in both cases."
)

STATUSES: tuple[Example, ...] = (  # code, words, our failure code, verdict on a write
    ("CONCURRENCY_LIMIT_EXCEEDED", "Too many.", "netsuite_busy", RetryLater),
    ("USER_ERROR", "Session invalidation is in progress with different thread", "netsuite_busy", RetryLater),
    (
        "USER_ERROR",
        "NetSuite is down for regularly scheduled maintenance.",
        "netsuite_unavailable",
        RetryLater,
    ),
    ("USER_ERROR", _PERMISSION, "field_not_settable", NeedsAttention),
    ("INSUFFICIENT_PERMISSION", _PERMISSION, "field_not_settable", NeedsAttention),
    (
        "USER_ERROR",
        "Permission Violation: You need  the 'Lists -> Tax Records' permission to access this page.",
        "permission_missing",
        NeedsAttention,
    ),
    ("INSUFFICIENT_PERMISSION", "Permission Violation", "permission_missing", NeedsAttention),
    (
        "INVALID_INTERNALID",
        "The specified internal id is not allowed.",
        "request_not_understood",
        UnknownAnswer,
    ),
    (
        "USER_ERROR",
        "This operation requires a value for externalId.",
        "request_not_understood",
        UnknownAnswer,
    ),
    ("USER_ERROR", "Either internalId or externalId is required.", "request_not_understood", UnknownAnswer),
    ("EXCEEDED_RQST_SIZE_LIMIT", "Too large.", "request_too_large", UnknownAnswer),
    ("EXCEEDED_MAX_TRANS_LINES", "Too many lines.", "too_many_lines", NeedsAttention),
    ("DUP_RCRD", "This record already exists", "external_id_taken", AlreadyThere),
    ("USER_ERROR", "This record already exists", "external_id_taken", AlreadyThere),
    ("UNIQUE_CUST_EMAIL_REQD", "Email taken.", "duplicate_customer_email", NeedsAttention),
    (
        "UNIQUE_CUST_ID_REQD",
        "A customer record with this ID already exists. You must enter a unique customer ID for each record"
        " you create.",
        "duplicate_customer_name",
        NeedsAttention,
    ),
    ("USER_ERROR", "This entity already exists.", "duplicate_customer_name", NeedsAttention),
    ("DUP_ITEM", "Uniqueness error", "duplicate_item_name", NeedsAttention),
    (
        "USER_ERROR",
        "Uniqueness error - there is already an item with that name or name/parent combination.",
        "duplicate_item_name",
        NeedsAttention,
    ),
    ("DUP_TRANS", "Duplicate number.", "duplicate_number", NeedsAttention),
    ("RCRD_HAS_BEEN_CHANGED", "Record has been changed", "record_changed", RetryLater),
    ("USER_ERROR", "Record has been changed", "record_changed", RetryLater),
    (
        "RCRD_LOCKED_BY_WF",
        "This record has been locked by a user defined workflow.",
        "record_locked",
        NeedsAttention,
    ),
    ("RCRD_DSNT_EXIST", "That record does not exist.", "invalid_reference", NeedsAttention),
    ("INVALID_KEY_OR_REF", "The specified key is invalid.", "invalid_reference", NeedsAttention),
    (
        "USER_ERROR",
        "Unable to find a matching line for sub-list apply with key: [doc,line] and value: [12345,null].",
        "invoice_already_paid",
        NeedsAttention,
    ),
    (
        "USER_ERROR",
        "Charge amount 100.0 is different than the amount due on the corresponding invoice. Transaction"
        " ID:INV12345 (ID 1234567) amount due: 99.0.",
        "amount_differs",
        NeedsAttention,
    ),
    ("INVALID_AMT", "Amount applied greater than total payments", "applied_too_much", NeedsAttention),
    (
        "USER_ERROR",
        "Links sum to more than original transaction amount",
        "applied_too_much",
        NeedsAttention,
    ),
    (
        "LINKED_ENTITIES_DONT_MATCH",
        "You are attempting to link transactions, but the entities on the transactions do not match.",
        "applied_records_differ",
        NeedsAttention,
    ),
    (
        "CANT_APPLY_PMT",
        "This entity cannot accept payment because it has a status of Lead.",
        "customer_cannot_pay",
        NeedsAttention,
    ),
    (
        "INVALID_INITIALIZE_REF",
        "You have an invalid sales order 7281 or the order is already closed.",
        "source_closed",
        NeedsAttention,
    ),
    (
        "USER_ERROR",
        "You can not initialize invoice: invalid reference 7281.",
        "source_closed",
        NeedsAttention,
    ),
    ("USER_ERROR", "Invalid id reference key 88", "payment_not_depositable", NeedsAttention),
    (
        "CLOSED_TRAN_PRD",
        "The G/L impact of a transaction in a closed period cannot be changed.",
        "period_closed",
        NeedsAttention,
    ),
    (
        "USER_ERROR",
        "The transaction date you specified is not within the date range of your accounting period.",
        "period_closed",
        NeedsAttention,
    ),
    ("INVALID_KEY_OR_REF", "Invalid postingperiod reference key 12.", "period_closed", NeedsAttention),
    (
        "VALID_PRD_REQD",
        "Insert Transaction Failure: No valid, open, posting period for date - 1/2/2031.",
        "period_missing",
        NeedsAttention,
    ),
    (
        "TRANS_UNBALNCD",
        "The amounts entered include more decimal places than are supported for this currency.",
        "too_many_decimals",
        NeedsAttention,
    ),
    (
        "TRANS_AMTS_UNBALNCD",
        "Transaction is not in balance!  amounts+taxes+shipping: 194.0, total amount: 208.77",
        "not_in_balance",
        NeedsAttention,
    ),
    (
        "USER_ERROR",
        "Transaction is not in balance!  amounts+taxes+shipping: 194.0, total amount: 208.77",
        "not_in_balance",
        NeedsAttention,
    ),
    ("NEGATIVE_PAYMENT_DISALLWD", "Negative payments not allowed", "amount_refused", NeedsAttention),
    ("USER_ERROR", "The total can not be negative", "amount_refused", NeedsAttention),
    (
        "INVALID_FLD_VALUE",
        "Value 0.0 outside of valid min/max range for field payment",
        "amount_refused",
        NeedsAttention,
    ),
    (
        "MISMATCHED_CURRENCY",
        "The transaction currency does not match the names currency",
        "currency_missing_on_customer",
        NeedsAttention,
    ),
    (
        "INVALID_KEY_OR_REF",
        "Invalid currency reference key 3 for entity 1500.",
        "currency_missing_on_customer",
        NeedsAttention,
    ),
    (
        "INVALID_CUR",
        "You have entered an invalid currency symbol or internal ID: XXX.",
        "currency_unknown",
        NeedsAttention,
    ),
    (
        "TRANS_FORGN_CRNCY_MISMATCH",
        "Transaction and foreign currency account use different currencies.",
        "account_currency_differs",
        NeedsAttention,
    ),
    (
        "MISSING_CRNCY_EXCH_RATE",
        "No currency conversion rate defined",
        "exchange_rate_missing",
        NeedsAttention,
    ),
    (
        "ITEM_ACCT_REQD",
        "One of the items on this transaction has an amount but no account",
        "item_without_account",
        NeedsAttention,
    ),
    ("NEXUS_REQD", "A nexus is required.", "tax_code_refused", NeedsAttention),
    (
        "INVALID_TRANS_SUB_ACCT",
        "Transaction subsidiary 1 is not valid for account 54. Please choose a different account.",
        "subsidiary_mismatch",
        NeedsAttention,
    ),
    (
        "INVALID_KEY_OR_REF",
        "Invalid item reference key 149 for subsidiary 1.",
        "subsidiary_mismatch",
        NeedsAttention,
    ),
    (
        "INVALID_KEY_OR_REF",
        "Invalid account reference key 119 for customer 2507.",
        "invalid_reference",
        NeedsAttention,
    ),
    ("INVALID_REF_KEY", "Invalid externalId cus_1.", "invalid_reference", NeedsAttention),
    (
        "USER_ERROR",
        "Invalid record referenced in metadata key netsuite_metadata_id (012345).",
        "invalid_reference",
        NeedsAttention,
    ),
    (
        "MISSING_REQD_FLD",
        "Missing required value for mandatory field: class",
        "required_field_missing",
        NeedsAttention,
    ),
    (
        "USER_ERROR",
        "Please enter value(s) for: Company Name, Subsidiary",
        "required_field_missing",
        NeedsAttention,
    ),
    ("USER_ERROR", "Please enter values for: Class.", "required_field_missing", NeedsAttention),
    ("USER_ERROR", "Please enter a value for subsidiary", "required_field_missing", NeedsAttention),
    ("EXCEEDED_MAX_FIELD_LENGTH", "Too long", "too_long", NeedsAttention),
    (
        "USER_ERROR",
        "The field phone contained more than the maximum number ( 32 ) of characters allowed.",
        "too_long",
        NeedsAttention,
    ),
    ("INVALID_FLD_VALUE", "Wrong.", "invalid_field_value", NeedsAttention),
    (
        "USER_ERROR",
        "You have entered an Invalid Field Value 17 for the following field: department",
        "invalid_field_value",
        NeedsAttention,
    ),
    (
        "CANT_DELETE_TRANS",
        "This transaction cannot be deleted because it is referred to by other transactions.",
        "record_in_use",
        NeedsAttention,
    ),
    ("EXPIRED_SEARCH_CRITERIA", "Expired", "search_expired", RetryLater),
    (
        "UNEXPECTED_ERROR",
        "An unexpected error occurred. Error ID: abc",
        "netsuite_answer_lost",
        AnswerLost,
    ),
    ("USER_ERROR", "java.lang.NullPointerException", "netsuite_answer_lost", AnswerLost),
    ("USER_ERROR", "The stars are not right.", "netsuite_unknown_error", UnknownAnswer),
    ("A_NEW_CODE", "", "netsuite_unknown_error", UnknownAnswer),
)

_BUSY = "SuiteTalk concurrent request limit exceeded. Request blocked."

FAULTS: tuple[tuple[str, str, str, str, type[Verdict]], ...] = (  # fault, code, words, failure, verdict
    ("exceededConcurrentRequestLimitFault", "WS_REQUEST_BLOCKED", _BUSY, "netsuite_busy", RetryLater),
    ("exceededUsageLimitFault", "USER_ERROR", "Usage.", "netsuite_busy", RetryLater),
    ("", "", "Only one request may be made against a session at a time", "netsuite_busy", RetryLater),
    ("unexpectedErrorFault", "ACCT_TEMP_UNAVAILABLE", "Later.", "netsuite_unavailable", RetryLater),
    (
        "invalidCredentialsFault",
        "USER_ERROR",
        "Ambiguous authentication",
        "request_not_understood",
        UnknownAnswer,
    ),
    (
        "invalidCredentialsFault",
        "INVALID_LOGIN_ATTEMPT",
        "Invalid login attempt.",
        "netsuite_credentials_refused",
        NeedsAttention,
    ),
    ("invalidAccountFault", "USER_ERROR", "No.", "netsuite_credentials_refused", NeedsAttention),
    ("", "", "Invalid login attempt.", "netsuite_credentials_refused", NeedsAttention),
    (
        "invalidVersionFault",
        "UNSUPPORTED_WS_VERSION",
        "Endpoint is gone.",
        "netsuite_version_retired",
        NeedsAttention,
    ),
    ("invalidVersionFault", "USER_ERROR", "Endpoint is gone.", "netsuite_version_retired", NeedsAttention),
    ("insufficientPermissionFault", "USER_ERROR", "No.", "permission_missing", NeedsAttention),
    ("exceededRecordCountFault", "MAX_RCRDS_EXCEEDED", "Too many.", "request_too_large", UnknownAnswer),
    ("exceededRequestSizeFault", "USER_ERROR", "Too large.", "request_too_large", UnknownAnswer),
    (
        "",
        "",
        "org.xml.sax.SAXException: undepfunds is not a legal field",
        "request_not_understood",
        UnknownAnswer,
    ),
    (
        "unexpectedErrorFault",
        "UNEXPECTED_ERROR",
        "An unexpected error occurred. Error ID: hm1",
        "netsuite_answer_lost",
        AnswerLost,
    ),
    ("unexpectedErrorFault", "USER_ERROR", "Hm.", "netsuite_answer_lost", AnswerLost),
    ("", "", "com.netledger.cache.CacheUnavailableException", "netsuite_answer_lost", AnswerLost),
    ("asyncFault", "JOB_NOT_COMPLETE", "Not yet.", "netsuite_unknown_error", UnknownAnswer),
)
