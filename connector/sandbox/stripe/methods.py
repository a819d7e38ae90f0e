"""Ways to pay other than by card: what Stripe shows of each, and how fast its money moves."""

from typing import NamedTuple

from .amounts import debit_fee_on, fee_on
from .store import Row


class Way(NamedTuple):
    """One type of payment method.

    `held` is on the payment method, `shown` on a charge made with it. With `slow` the charge is
    pending for days, and `booked` tells whether its money is on the balance meanwhile. `refunds` is
    the state in which refunds begin.
    """

    held: Row
    shown: Row
    slow: bool = False
    booked: bool = True
    refunds: str = "succeeded"


_US_BANK: Row = {
    "account_holder_type": "company",
    "account_type": "checking",
    "bank_name": "STRIPE TEST BANK",
    "fingerprint": "SBXbank6789",
    "last4": "6789",
    "routing_number": "110000000",
}
_SEPA: Row = {
    "bank_code": "37040044",
    "branch_code": None,
    "country": "DE",
    "fingerprint": "SBXsepa3000",
    "last4": "3000",
}
_BACS: Row = {"fingerprint": "SBXbacs2345", "last4": "2345", "sort_code": "108800"}
_BECS: Row = {"bsb_number": "000000", "fingerprint": "SBXbecs3456", "last4": "3456"}
_ACSS: Row = {
    "bank_name": "STRIPE TEST BANK",
    "fingerprint": "SBXacss6789",
    "institution_number": "000",
    "last4": "6789",
    "transit_number": "11000",
}
_TERMINAL: Row = {
    "brand": "visa",
    "cardholder_name": None,
    "country": "US",
    "description": None,
    "exp_month": 12,
    "exp_year": 2034,
    "fingerprint": "SBXcard9969",
    "funding": "credit",
    "issuer": None,
    "last4": "9969",
    "preferred_locales": ["en"],
    "read_method": "contactless_emv",
}
_BANK_NAMES: Row = {"bank_code": "VAPE", "bank_name": "VAN DE PUT & CO", "bic": "VAPEBE22"}
_NO_MANDATE: Row = {"generated_sepa_debit": None, "generated_sepa_debit_mandate": None, "iban_last4": "7061"}
_NAMED: Row = {"verified_name": "Jenny Rosen"}


def _traced(reference: str) -> Row:
    return {"transaction_id": f"SBX-{reference}"}


WAYS: dict[str, Way] = {
    "acss_debit": Way(_ACSS, {**_ACSS, "mandate": None}, slow=True, booked=False, refunds="pending"),
    "affirm": Way({}, _traced("AFF-1")),
    "afterpay_clearpay": Way({}, {"order_id": None, "reference": None}),
    "alipay": Way({}, {"buyer_id": "2088622956326844", "fingerprint": None, **_traced("ALI-1")}),
    "alma": Way({}, {**_traced("ALM-1")}),
    "amazon_pay": Way({}, {"funding": {"card": None, "type": None}, **_traced("AMZ-1")}),
    "au_becs_debit": Way(_BECS, {**_BECS, "mandate": None}, slow=True, booked=False, refunds="pending"),
    "bacs_debit": Way(_BACS, {**_BACS, "mandate": None}, slow=True, refunds="pending"),
    "bancontact": Way({}, {**_BANK_NAMES, **_NO_MANDATE, **_NAMED, "preferred_language": "en"}),
    "blik": Way({}, {"buyer_id": None}, refunds="pending"),
    "boleto": Way({"tax_id": "000.000.000-00"}, {"tax_id": "000.000.000-00"}, refunds="requires_action"),
    "card_present": Way(
        {**_TERMINAL, "networks": {"available": ["visa"], "preferred": None}},
        {**_TERMINAL, "incremental_authorization_supported": False, "overcapture_supported": False},
    ),
    "cashapp": Way(
        {"buyer_id": "SBXbuyer", "cashtag": "$practice"},
        {"buyer_id": "SBXbuyer", "cashtag": "$practice", **_traced("CSH-1")},
    ),
    "customer_balance": Way({}, {}, refunds="requires_action"),
    "eps": Way({"bank": "bank_austria"}, {"bank": "bank_austria", **_NAMED}),
    "fpx": Way(
        {"account_holder_type": None, "bank": "maybank2u"},
        {"account_holder_type": None, "bank": "maybank2u", **_traced("FPX-1")},
    ),
    "giropay": Way({}, {"bank_code": "10005000", "bank_name": "Test Bank", "bic": "TESTDED1", **_NAMED}),
    "grabpay": Way({}, _traced("GRB-1")),
    "ideal": Way(
        {"bank": "ing", "bic": "INGBNL2A"}, {"bank": "ing", "bic": "INGBNL2A", **_NO_MANDATE, **_NAMED}
    ),
    "interac_present": Way(
        {**_TERMINAL, "networks": {"available": ["interac"], "preferred": None}}, dict(_TERMINAL)
    ),
    "klarna": Way(
        {}, {"payer_details": None, "payment_method_category": "pay_later", "preferred_locale": "en-US"}
    ),
    "konbini": Way({}, {"store": {"chain": "lawson"}}, refunds="requires_action"),
    "link": Way({"email": "ann@practice.example"}, {"country": "US"}),
    "mobilepay": Way({}, {"card": None}),
    "multibanco": Way({}, {"entity": "11111", "reference": "123 456 789"}, refunds="requires_action"),
    "oxxo": Way({}, {"number": "12345678901234657890123456789012"}, refunds="requires_action"),
    "p24": Way({"bank": "ing"}, {"bank": "ing", "reference": "P24-000", **_NAMED}, refunds="pending"),
    "paynow": Way({}, {"reference": "SBX-PAYNOW"}),
    "paypal": Way(
        {"country": "US", "payer_email": "ann@practice.example", "payer_id": "SBXPAYER"},
        {
            "country": "US",
            "payer_email": "ann@practice.example",
            "payer_id": "SBXPAYER",
            "payer_name": "Ann Example",
            "seller_protection": None,
            **_traced("PPL-1"),
        },
    ),
    "pix": Way({}, {"bank_transaction_id": "SBXPIX"}),
    "promptpay": Way({}, {"reference": "SBX-PP"}),
    "revolut_pay": Way({}, {"funding": {"card": None, "type": None}, **_traced("RVL-1")}),
    "sepa_debit": Way(
        {**_SEPA, "generated_from": None}, {**_SEPA, "mandate": None}, slow=True, refunds="pending"
    ),
    "sofort": Way(
        {"country": "DE"},
        {**_BANK_NAMES, **_NO_MANDATE, **_NAMED, "country": "DE", "preferred_language": "de"},
    ),
    "swish": Way({}, {"fingerprint": None, "payment_reference": "SBX-SW", "verified_phone_last4": "0100"}),
    "twint": Way({}, {}),
    "us_bank_account": Way(
        {
            **_US_BANK,
            "financial_connections_account": None,
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "status_details": {},
        },
        {**_US_BANK, "mandate": None, "payment_reference": None},
        slow=True,
        refunds="pending",
    ),
    "wechat_pay": Way({}, {"fingerprint": None, **_traced("WCH-1")}),
    "zip": Way({}, {}),
}
"""By type. The token `pm_` and the type, such as `pm_us_bank_account`, makes a payment method of it."""

OPTIONS: dict[str, Row] = {
    "bancontact": {"preferred_language": "en"},
    "boleto": {"expires_after_days": 3},
    "oxxo": {"expires_after_days": 3},
}
"""What a payment intent says about a type, where it must say something."""

WALLETS = {"pm_card_applePay": "apple_pay", "pm_card_googlePay": "google_pay"}
"""Test cards that pay through a wallet."""

CARD = Way({}, {})


def way_of(method: Row) -> Way:
    """How the money of a payment method moves."""
    return WAYS.get(method["type"], CARD)


def type_of(token: str) -> str | None:
    """The type that a token such as `pm_us_bank_account` stands for, or None."""
    found = token.removeprefix("pm_")
    return found if found in WAYS and found != token else None


def fee_for(kind: str, amount: int, currency: str) -> int:
    """Stripe's processing fee in minor units: bank debits are cheaper than everything else."""
    slow = kind in WAYS and WAYS[kind].slow
    return debit_fee_on(amount) if slow else fee_on(amount, currency)


def charge_details(method: Row, amount: int) -> Row:
    """What a charge shows of the method that paid it."""
    kind = method["type"]
    return {kind: _card(method, amount) if kind == "card" else dict(WAYS[kind].shown), "type": kind}


def _card(method: Row, amount: int) -> Row:
    card = method["card"]
    held = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {
        **{name: card[name] for name in (*held, "regulated_status")},
        "amount_authorized": amount,
        "checks": dict(card["checks"]),
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "network_token": {"used": False},
        "setup_credential_usage": None,
        "stored_credential_usage": None,
        "three_d_secure": None,
    }
