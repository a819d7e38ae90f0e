"""The account's own bank accounts, one for each currency that is paid out."""

from .store import ACCOUNT_ID, Row, Store

COUNTRIES = {"eur": "DE", "gbp": "GB", "jpy": "JP", "kwd": "KW", "nok": "NO"}


def bank_account(store: Store, currency: str) -> Row:
    """The bank account that payouts in a currency go to; made when it is first needed."""
    held = store.where("bank_account", currency=currency)
    return held[0] if held else store.insert(_account(store, currency))


def _account(store: Store, currency: str) -> Row:
    identity = store.new_id("bank_account")
    return {
        "id": identity,
        "object": "bank_account",
        "account": ACCOUNT_ID,
        "account_holder_name": "SuiteSync practice company",
        "account_holder_type": "company",
        "account_type": None,
        "available_payout_methods": ["standard", "instant"],
        "bank_name": "STRIPE TEST BANK",
        "country": COUNTRIES.get(currency, "US"),
        "currency": currency,
        "default_for_currency": True,
        "fingerprint": f"SBXbank{currency}",
        "future_requirements": None,
        "last4": identity[-4:],
        "metadata": {},
        "requirements": None,
        "routing_number": "110000000" if currency == "usd" else None,
        "status": "new",
    }
