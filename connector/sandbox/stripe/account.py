"""The practice account itself, its balance and its webhook endpoints."""

import secrets
from collections import Counter
from urllib.parse import urlsplit

from .errors import Refusal, invalid, required
from .forms import flag, merged_metadata, text
from .operations import operation
from .store import ACCOUNT_ID, API_VERSION, Row, Store


@operation("GET", "/v1/account")
def own_account(store: Store, params: Row) -> Row:
    """The account that the API key belongs to."""
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_profile": {"name": "SuiteSync practice company", "url": None},
        "business_type": "company",
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": "accounts@practice.example",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {"statement_descriptor_prefix": "PRACTICE"},
            "dashboard": {"display_name": "SuiteSync practice company", "timezone": "Etc/UTC"},
            "payments": {
                "statement_descriptor": "PRACTICE WORLD",
                "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None,
            },
        },
        "type": "standard",
    }


@operation("GET", "/v1/accounts/{id}")
def account(store: Store, params: Row, identity: str) -> Row:
    """The account by its id; Refusal 403 for any other account."""
    if identity != ACCOUNT_ID:
        message = f"The provided key does not have access to account '{identity}'"
        raise Refusal(403, "invalid_request_error", message, code="account_invalid")
    return own_account(store, params)


@operation("GET", "/v1/balance")
def balance(store: Store, params: Row) -> Row:
    """What Stripe holds, by currency: pending until the money is available."""
    sums = {state: held(store, state) for state in ("available", "pending")}
    currencies = sorted({"usd", *sums["available"], *sums["pending"]})
    parts = {
        state: [
            {"amount": found[code], "currency": code, "source_types": {"card": found[code]}}
            for code in currencies
        ]
        for state, found in sums.items()
    }
    return {"object": "balance", "livemode": False, **parts}


def held(store: Store, state: str) -> Counter[str]:
    """The minor units of each currency that are available or pending; a payout is off the balance at once."""
    found: Counter[str] = Counter()
    for row in store.all("balance_transaction"):
        free = row["type"] == "payout" or row["available_on"] <= store.now()
        if free == (state == "available"):
            found[row["currency"]] += row["net"]
    return found


@operation("POST", "/v1/webhook_endpoints", "api_version description enabled_events metadata url")
def create_webhook_endpoint(store: Store, params: Row) -> Row:
    """Register an address for events. The answer alone tells the endpoint's own secret."""
    if not text(params.get("url")):
        raise required("url")
    if not isinstance(params.get("enabled_events"), list):
        raise required("enabled_events")
    if params.get("api_version") not in (None, API_VERSION):
        raise invalid(f"Invalid Stripe API version: {params['api_version']}", param="api_version")
    secret = f"whsec_{secrets.token_hex(24)}"
    row = add_endpoint(store, str(params["url"]), params["enabled_events"], secret)
    row["description"] = text(params.get("description"))
    row["metadata"] = merged_metadata({}, params.get("metadata"))
    return {**row, "secret": store.secrets[row["id"]]}


def add_endpoint(store: Store, url: str, events: list[str], secret: str | None = None) -> Row:
    """Keep a webhook endpoint and the secret that signs its deliveries: the world's one if none is given."""
    if not url.startswith(("http://", "https://")):
        message = "Invalid URL: An explicit scheme (such as https) must be provided."
        raise invalid(message, code="url_invalid", param="url")
    if not urlsplit(url).hostname:
        raise invalid("Invalid URL: Not a valid URL", code="url_invalid", param="url")
    row = store.insert(
        {
            "id": store.new_id("webhook_endpoint"),
            "object": "webhook_endpoint",
            "api_version": API_VERSION,
            "application": None,
            "created": store.now(),
            "description": None,
            "enabled_events": list(events),
            "livemode": False,
            "metadata": {},
            "status": "enabled",
            "url": url,
        }
    )
    store.secrets[row["id"]] = secret or store.webhook_secret
    return row


@operation("POST", "/v1/webhook_endpoints/{id}", "description disabled enabled_events metadata url")
def update_webhook_endpoint(store: Store, params: Row, identity: str) -> Row:
    """Change an endpoint's address or events, or switch it off and on."""
    row = store.get("webhook_endpoint", identity)
    for name in ("url", "enabled_events"):
        if params.get(name):
            row[name] = params[name]
    if "description" in params:
        row["description"] = text(params["description"])
    if "disabled" in params:
        row["status"] = "disabled" if flag(params["disabled"]) else "enabled"
    if "metadata" in params:
        row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
    return row


@operation("DELETE", "/v1/webhook_endpoints/{id}")
def delete_webhook_endpoint(store: Store, params: Row, identity: str) -> Row:
    """Forget an endpoint."""
    return store.remove(store.get("webhook_endpoint", identity))
