"""Every object of the practice Stripe has only what the pinned library knows, and all that it requires."""

import ast
import importlib
import inspect
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import stripe
import typing_extensions
from stripe._object_classes import OBJECT_CLASSES

from connector.sandbox import stories
from connector.sandbox.world import World

Json = Any
LITERALS = (typing.Literal, typing_extensions.Literal)


def _library_names() -> dict[str, Any]:
    """Every name that the library's annotations use as a string, from its imports for the type checker."""
    names: dict[str, Any] = {}
    for module, _ in OBJECT_CLASSES.values():
        found = importlib.import_module(module)
        for node in ast.walk(ast.parse(inspect.getsource(found))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("stripe."):
                source = importlib.import_module(str(node.module))
                names |= {one.asname or one.name: getattr(source, one.name) for one in node.names}
        names |= {k: v for k, v in vars(found).items() if isinstance(v, type)}
    return names


NAMES = _library_names()


def attributes(cls: type) -> dict[str, Any]:
    """The annotated attributes of a library class, string annotations resolved."""
    hints: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("stripe.") and base is not stripe.StripeObject:
            hints |= inspect.get_annotations(base)
    return {k: v for k, v in hints.items() if not k.startswith("_") and "ClassVar" not in str(v)}


def resolved(hint: Any) -> Any:
    if isinstance(hint, typing.ForwardRef):
        return NAMES[hint.__forward_arg__]
    return NAMES[hint] if isinstance(hint, str) else hint


def faults(value: Json, hint: Any, where: str) -> Iterator[str]:
    """What is wrong with a value, by the library's annotation of it."""
    hint = resolved(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return
    if origin in (typing.Union, types.UnionType):
        yield from _union_faults(value, arguments, where)
    elif origin in LITERALS:
        if value not in arguments:
            yield f"{where}: {value!r} is not one of {arguments}"
    elif origin is list:
        yield from _list_faults(value, arguments[0], where)
    elif origin in (dict, stripe._stripe_object.UntypedStripeObject):
        yield from _mapping_faults(value, arguments[-1], where)
    elif origin is stripe.ListObject:
        yield from object_faults(value, stripe.ListObject, where)
    elif isinstance(hint, type) and issubclass(hint, stripe.StripeObject):
        yield from object_faults(value, hint, where)
    else:
        yield from _plain_faults(value, hint, where)


def _union_faults(value: Json, arguments: tuple[Any, ...], where: str) -> Iterator[str]:
    """None fits an optional; a literal beside `str` must still be one of the known words."""
    literals = [one for one in arguments if typing.get_origin(one) in LITERALS]
    choices = [one for one in arguments if not (literals and one is str)]
    found = [list(faults(value, one, where)) for one in choices]
    if all(found):
        yield from min(found, key=len)


def _list_faults(value: Json, inner: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: {value!r} is not a list"
        return
    for place, entry in enumerate(value):
        yield from faults(entry, inner, f"{where}[{place}]")


def _mapping_faults(value: Json, inner: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is not an object"
        return
    for key, entry in value.items():
        if not isinstance(inner, typing.TypeVar):
            yield from faults(entry, inner, f"{where}.{key}")


def _plain_faults(value: Json, hint: Any, where: str) -> Iterator[str]:
    if hint is Decimal:
        if not isinstance(value, str) or not Decimal(value).is_finite():
            yield f"{where}: {value!r} is not a decimal as text"
    elif hint is float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            yield f"{where}: {value!r} is not a number"
    elif type(value) is not hint:
        yield f"{where}: {value!r} is not {hint}"


def object_faults(value: Json, cls: type, where: str) -> Iterator[str]:
    """Unknown attributes, missing ones, and everything wrong inside."""
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is not a {cls.__name__}"
        return
    hints = {**attributes(cls), **({"object": str} if cls is stripe.ListObject else {})}
    for name in sorted(value.keys() - hints.keys()):
        yield f"{where}.{name}: unknown to {cls.__qualname__}"
    for name, hint in hints.items():
        if name in value:
            yield from _attribute_faults(value[name], hint, cls, f"{where}.{name}")
        elif not _optional(hint) and not value.get("deleted"):
            yield f"{where}.{name}: required by {cls.__qualname__}"


def _attribute_faults(value: Json, hint: Any, cls: type, where: str) -> Iterator[str]:
    if cls is stripe.ListObject and where.endswith(".data"):
        for place, entry in enumerate(value):
            yield from api_faults(entry, f"{where}[{place}]")
    else:
        yield from faults(value, hint, where)


def _optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


def api_faults(value: Json, where: str = "") -> Iterator[str]:
    """What is wrong with an object that names its own kind."""
    module, name = OBJECT_CLASSES[value["object"]]
    cls = getattr(importlib.import_module(module), name)
    yield from object_faults(value, cls, where or value["object"])


def everything(world: World) -> Iterator[Json]:
    """All objects of a world, as the API lists them, and the snapshots inside its events."""
    for kind in ("customers", "products", "prices", "subscriptions", "invoices", "invoiceitems", "refunds"):
        yield from world.stripe.get(f"/v1/{kind}", limit=100)["data"]
    for kind in ("invoice_payments", "payment_intents", "charges", "balance_transactions", "payment_methods"):
        yield from world.stripe.get(f"/v1/{kind}", limit=100)["data"]
    for kind in ("coupons", "tax_rates", "shipping_rates", "credit_notes", "payment_records"):
        yield from world.stripe.get(f"/v1/{kind}", limit=100)["data"]
    for kind in ("disputes", "payouts", "topups", "transfers", "application_fees"):
        yield from world.stripe.get(f"/v1/{kind}", limit=100)["data"]
    for account in world.stripe.store.all("bank_account"):
        yield world.stripe.shown(account)
    yield from world.stripe.get("/v1/test_helpers/test_clocks")["data"]
    for customer in world.stripe.get("/v1/customers", limit=100)["data"]:
        address = f"/v1/customers/{customer['id']}/balance_transactions"
        yield from world.stripe.get(address, limit=100)["data"]
    for event in world.stripe.events():
        yield event
        yield event["data"]["object"]


@pytest.mark.parametrize("name", [*stories.STORIES, *stories.BILLING, *stories.MONEY])
def test_a_story_makes_only_lawful_objects(name: str) -> None:
    world = World()
    stories.play(world, name)
    found = [fault for made in everything(world) for fault in api_faults(made)]
    assert [fault for fault in found if "'stellar_dust_levy'" not in fault] == []


def test_what_stories_do_not_make_is_lawful_too() -> None:
    stripe_half = (world := World()).stripe
    stories.play(world, "standalone_invoice_paid")
    stories.play(world, "invoice_left_open")
    charge = stripe_half.get("/v1/charges")["data"][-1]
    open_invoice = stripe_half.get("/v1/invoices", status="open")["data"][0]
    customer = stripe_half.post("/v1/customers", name="Short Lived Ltd", individual_name="Ann Short")
    made = [
        stripe_half.post("/v1/refunds", charge=charge["id"], amount=1000, reason="duplicate"),
        stripe_half.post(f"/v1/invoices/{open_invoice['id']}/mark_uncollectible"),
        stripe_half.post(f"/v1/invoices/{open_invoice['id']}/void"),
        stripe_half.post("/v1/webhook_endpoints", url="http://127.0.0.1:9/", enabled_events=["*"]),
        stripe_half.post("/v1/charges", amount=5000, currency="gbp", source="tok_visa"),
        stripe_half.get("/v1/account"),
        stripe_half.get("/v1/balance"),
        stripe_half.request("DELETE", f"/v1/customers/{customer['id']}"),
        stripe_half.get(f"/v1/customers/{customer['id']}"),
        *everything(world),
    ]
    assert [fault for one in made for fault in api_faults(one)] == []


def test_expanded_objects_are_lawful() -> None:
    stories.play(world := World(), "subscription_invoice_paid")
    wanted = {
        "invoices": ["data.customer", "data.payments", "data.parent.subscription_details.subscription"],
        "invoice_payments": ["data.payment.payment_intent.latest_charge", "data.invoice"],
        "charges": ["data.balance_transaction.source", "data.refunds", "data.customer.subscriptions"],
        "subscriptions": ["data.latest_invoice.customer", "data.items.data.price"],
    }
    for kind, paths in wanted.items():
        found = world.stripe.get(f"/v1/{kind}", expand=paths)["data"]
        assert found
        assert [fault for one in found for fault in api_faults(one)] == []


EXPANSIONS = {
    "invoices": [
        "data.discounts",
        "data.total_discount_amounts.discount",
        "data.shipping_cost.shipping_rate",
        "data.shipping_cost.taxes",
        "data.latest_revision",
        "data.from_invoice.invoice",
    ],
    "invoiceitems": ["data.discounts", "data.invoice"],
    "credit_notes": ["data.invoice", "data.customer_balance_transaction", "data.refunds.refund"],
    "invoice_payments": ["data.payment.payment_record", "data.payment.payment_intent"],
    "coupons": ["data.applies_to"],
    "prices": ["data.tiers", "data.product"],
    "subscriptions": ["data.discounts", "data.test_clock", "data.latest_invoice.discounts"],
}


def test_what_billing_expands_is_lawful() -> None:
    world = World()
    for name in stories.BILLING:
        stories.play(world, name)
    for kind, paths in EXPANSIONS.items():
        found = world.stripe.get(f"/v1/{kind}", expand=paths, limit=100)["data"]
        assert found
        assert [fault for one in found for fault in api_faults(one)] == []


MONEY_EXPANSIONS = {
    "application_fees": ["data.balance_transaction", "data.refunds"],
    "balance_transactions": ["data.source"],
    "charges": ["data.balance_transaction.source", "data.failure_balance_transaction", "data.refunds"],
    "disputes": ["data.charge.balance_transaction", "data.payment_intent"],
    "payouts": [
        "data.balance_transaction",
        "data.destination",
        "data.failure_balance_transaction",
        "data.original_payout",
        "data.reversed_by",
    ],
    "refunds": ["data.balance_transaction", "data.failure_balance_transaction", "data.charge"],
    "topups": ["data.balance_transaction"],
    "transfers": ["data.balance_transaction"],
}


def test_what_money_expands_is_lawful() -> None:
    world = World()
    for name in stories.MONEY:
        if name != "payout_with_an_unknown_type":
            stories.play(world, name)
    for kind, paths in MONEY_EXPANSIONS.items():
        found = world.stripe.get(f"/v1/{kind}", expand=paths, limit=100)["data"]
        assert found
        assert [fault for one in found for fault in api_faults(one)] == []


def test_the_check_itself_finds_what_is_wrong() -> None:
    stories.play(world := World(), "standalone_charge")
    charge = world.stripe.get("/v1/charges")["data"][0]
    del charge["captured"]
    wrong = {**charge, "invoice": "in_1", "amount": "12", "status": "odd"}
    assert sorted(fault.split(":")[0] for fault in api_faults(wrong)) == [
        "charge.amount",
        "charge.captured",
        "charge.invoice",
        "charge.status",
    ]
