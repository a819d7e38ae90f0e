"""The token passport: NetSuite's single-use signature, made anew for every HTTP attempt."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import b64encode

from lxml import etree

from connector.netsuite.gateway import Credentials

UNSIGNED = {
    "account": "",
    "consumerKey": "",
    "token": "",
    "nonce": "",
    "timestamp": 0,
    "signature": {"_value_1": "", "algorithm": "HMAC_SHA256"},
}
"""The place in an envelope that `sign` fills."""


def signature(credentials: Credentials, nonce: str, timestamp: int) -> str:
    """HMAC-SHA256 over account, keys, nonce and Unix seconds, in base 64. Source: netsuite.md 1.1."""
    base = "&".join(
        (credentials.account, credentials.consumer_key, credentials.token_id, nonce, str(timestamp))
    )
    key = f"{credentials.consumer_secret}&{credentials.token_secret}"
    return b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()).decode()


def sign(envelope: etree._Element, credentials: Credentials) -> None:
    """Fill in a fresh passport: NetSuite refuses a nonce seen before and a clock five minutes off."""
    nonce = secrets.token_hex(16)
    timestamp = int(time.time())
    values = {
        "account": credentials.account,
        "consumerKey": credentials.consumer_key,
        "token": credentials.token_id,
        "nonce": nonce,
        "timestamp": str(timestamp),
        "signature": signature(credentials, nonce, timestamp),
    }
    for part in _passport(envelope):
        part.text = values[etree.QName(part).localname]


def unsigned_text(envelope: etree._Element) -> str:
    """The envelope to keep, before it is signed: without any passport at all."""
    copy = etree.fromstring(etree.tostring(envelope))
    passport = _passport(copy)
    header = passport.getparent()
    if header is not None:
        header.remove(passport)
    return etree.tostring(copy, encoding="unicode")


def _passport(envelope: etree._Element) -> etree._Element:
    return next(envelope.iter("{*}tokenPassport"))
