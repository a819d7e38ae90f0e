"""How NetSuite says no: a status on one record (Refused), or a SOAP fault for the whole call (Fault)."""

from collections.abc import Iterable

MAY_NOT_SET = (
    "You do not have permissions to set a value for element {} due to one of the following reasons: "
    "1) The field is read-only; 2) An associated feature is disabled; "
    "3) The field is available either when a record is created or updated, but not in both cases."
)


class Refused(Exception):
    """One record was refused: a status detail of type ERROR with a code and a message (netsuite.md 5)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Fault(Exception):
    """The whole call was refused: HTTP 500 with a typed SOAP fault.

    `kind` is the fault's element name without "Fault", such as "invalidCredentials"; None for a fault of
    NetSuite's XML reader, which carries no typed detail.
    """

    def __init__(self, kind: str | None, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.kind = kind
        self.code = code
        self.message = message


def unreadable(message: str) -> Fault:
    """NetSuite's XML reader could not take the request."""
    return Fault(None, "", message)


def please_enter(labels: Iterable[str]) -> Refused:
    """R7: a field that must be filled is empty."""
    return Refused("USER_ERROR", f"Please enter value(s) for: {', '.join(labels)}")


def invalid_reference(field: str, key: object, scope: str = "") -> Refused:
    """R2: the referred record is missing, inactive or not allowed here; `scope` is like "customer 12"."""
    end = f" for {scope}" if scope else ""
    return Refused("INVALID_KEY_OR_REF", f"Invalid {field.lower()} reference key {key}{end}.")


def may_not_set(field: str) -> Refused:
    """R13: the field is read-only, of a disabled feature, or not available in this operation."""
    return Refused("INSUFFICIENT_PERMISSION", MAY_NOT_SET.format(field.lower()))


def taken() -> Refused:
    """I1: another record has the external id."""
    return Refused("DUP_RCRD", "This record already exists")


def no_such_record() -> Refused:
    """R1."""
    return Refused("INVALID_KEY_OR_REF", "The specified key is invalid.")


def no_matching_apply_line(doc: object, line: object) -> Refused:
    """A1: the document is not among the open documents that this one may be applied to."""
    shown = "null" if line is None else line
    message = (
        f"Unable to find a matching line for sub-list apply with key: [doc,line] and value: [{doc},{shown}]."
    )
    return Refused("USER_ERROR", message)


def too_many_decimals(places: int) -> Refused:
    """M3."""
    message = (
        "The amounts entered include more decimal places than are supported for this currency. Please "
        f"round off the amount of each line to a maximum of {places} decimal places."
    )
    return Refused("TRANS_UNBALNCD", message)


def links_exceed_total() -> Refused:
    """A3 and A15: more is applied than the document is open for."""
    return Refused("INVALID_LINK_SUM", "Links sum to more than original transaction amount")


def applied_exceeds_payment() -> Refused:
    """A2."""
    return Refused("INVALID_AMT", "Amount applied greater than total payments and credits")


def too_many_lines(most: int) -> Refused:
    """More lines than a transaction may have (netsuite.md 2.2; the wording is a guess)."""
    message = f"The transaction exceeds the maximum number of lines allowed: {most}."
    return Refused("EXCEEDED_MAX_TRANS_LINES", message)


def negative_total() -> Refused:
    """A9."""
    return Refused("USER_ERROR", "The total can not be negative")


def permission_violation(name: str) -> Refused:
    """R14: the role may not do this with records of this type."""
    message = (
        f"Permission Violation: You need a higher level of the '{name}' permission to access this page. "
        "Please contact your account administrator."
    )
    return Refused("INSUFFICIENT_PERMISSION", message)
