"""NetSuite's field lengths, and text made fit for them.

NetSuite refuses a whole record for one word too many, so free text is cut and ends in "…".
Numbers, names that identify (entity id, item id, external id, PO number) and e-mail addresses are
never cut: a shortened one would be another one, and NetSuite's refusal is the honest answer.
"""

from __future__ import annotations

import re

# In bytes of UTF-8; netsuite.md 3.10. City, state and zip are not documented and err on the short side.
BYTES: dict[str, int] = {
    "memo": 999,
    "description": 4000,
    "comments": 4000,
    "salesDescription": 4000,
    "displayName": 60,
    "companyName": 83,
    "firstName": 32,
    "lastName": 32,
    "phone": 32,
    "addressee": 83,
    "addrPhone": 32,
    "addr1": 150,
    "addr2": 150,
    "city": 50,
    "state": 50,
    "zip": 36,
}

_CUT = "…"
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """The text without characters that XML 1.0 cannot carry, and without space around it."""
    return _ILLEGAL_IN_XML.sub("", text).strip()


def fitted(field: str, text: str, *, leaving: int = 0) -> str:
    """The text as NetSuite's `field` can hold it: legal, and cut when it is free text and too long.

    `leaving` is how many bytes of the field something else will need.
    """
    clean = legal(text)
    limit = BYTES.get(field)
    if limit is None or len(clean.encode()) <= limit - leaving:
        return clean
    kept = clean.encode()[: limit - leaving - len(_CUT.encode())].decode(errors="ignore")
    return kept.rstrip() + _CUT
