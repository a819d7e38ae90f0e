"""Discount -> a line directly after the line that it discounts, on the coupon's own item (PI-16, PI-H2).

Always the amount that Stripe took off that very line, never a percentage, so nothing is
rounded anew. The item is non-posting unless the account says otherwise (K8): it lowers
the revenue of the line above (DI-2).

    Team plan 120.00 USD, 20% off by SPRING
        Cr  Income     120.00
        Dr  Income      24.00    SPRING
"""

from __future__ import annotations

from connector.netsuite import records
from connector.netsuite.records import Line, Ref, is_internal_id
from connector.stripe.billing import Coupon, DiscountAmount
from connector.translation.customer import not_an_internal_id
from connector.translation.plan import Link, Plan, Planned, Problem, Summary
from connector.translation.settings import Settings, account_ref

GLOBAL_KEY, GLOBAL_NAME = "stripe_discount", "Stripe Discount"
LINK_KEY = "netsuite_discount_item_id"


def line(one: DiscountAmount, coupon: Coupon | None, parent: Line, settings: Settings) -> Line:
    """The line of one discount, with the days of service of the line that it discounts.

    A discount below zero gives back what an earlier one took off. A discount item can only take
    off, so the line's own item gets it.
    """
    gives_back = one.amount.value < 0
    account = posting_account(settings)
    return Line(
        item=parent.item if gives_back else item_ref(coupon, settings),
        amount=-one.amount.value,
        description=_words(one, coupon),
        start_date=parent.start_date,
        end_date=parent.end_date,
        account=account_ref(account) if account and not gives_back else parent.account,
        source=parent.source,
    )


def item_ref(coupon: Coupon | None, settings: Settings) -> Ref:
    """The item of a coupon; the global one by setting, or when Stripe does not name the coupon."""
    if settings.global_discount_workflow or coupon is None:
        return Ref("item", GLOBAL_KEY)
    return Ref("item", coupon.id)


def posting_account(settings: Settings) -> str:
    """Where discounts post, by internal id; empty when they do not post by themselves (PI-14, PI-15)."""
    if settings.discount_non_posting:
        return ""
    return settings.discount_account or settings.income_account


def translate(coupon: Coupon, settings: Settings) -> Plan:
    """Plan the item of one coupon, or the link that its metadata asks for (PI-12, PI-13)."""
    name = coupon.name or coupon.id
    summary = Summary(f"Coupon {name}")
    if internal_id := coupon.metadata.get(LINK_KEY, "").strip():
        if not is_internal_id(internal_id):
            return Plan(summary, problems=(not_an_internal_id(coupon.id, LINK_KEY, internal_id),))
        return Plan(summary, links=(Link("item", coupon.id, internal_id, LINK_KEY, ("PI-13", "ME-1")),))
    return _item(coupon.id, coupon.id, coupon.id, name, settings, summary)


def global_item(settings: Settings) -> Plan:
    """Plan "Stripe Discount", which stands for every coupon by setting (PI-13)."""
    return _item(GLOBAL_KEY, "", GLOBAL_NAME, GLOBAL_NAME, settings, Summary(f"Item {GLOBAL_NAME}"))


def _item(
    external_id: str, stripe_id: str, item_id: str, name: str, settings: Settings, summary: Summary
) -> Plan:
    account = posting_account(settings)
    if not account and not settings.discount_non_posting:
        problem = Problem("income_account_missing", f"Discounts post, and {name} has no account.")
        return Plan(summary, problems=(problem,))
    record = records.DiscountItem(
        external_id=external_id,
        item_id=item_id,
        display_name=item_id,
        description=name,
        account=account_ref(account) if account else None,
        subsidiary=settings.subsidiary_ref,
    )
    rules = ("PI-12", "PI-13", "OM-3", "OM-4", "PI-15" if account else "PI-14")
    return Plan(summary, records=(Planned(record, stripe_id, rules),))


def _words(one: DiscountAmount, coupon: Coupon | None) -> str:
    if one.amount.value < 0:
        return "Discount given back"
    return f"Discount {coupon.name or coupon.id}" if coupon else "Discount"
