"""Stories of what an invoice comes to: discounts, taxes, shipping, tiers and fractions."""

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    LYON,
    MUNICH,
    PORTLAND,
    Line,
    finalize,
    finalize_and_pay,
    new_coupon,
    new_customer,
    new_invoice,
    new_plan,
    new_price,
    new_tax_rate,
    paid_invoice,
    subscribe,
)
from .telling import billing


@billing(2)
def discounted_invoice_paid(world: World) -> None:
    """An invoice has a percent and an amount coupon on a line and both kinds on the whole, and is paid."""
    customer = new_customer(world, "Juniper Field Robotics", "ap@juniperfield.example", DENVER)
    arm = new_price(world, "Gripper arm", 33_333)
    manual = new_price(world, "Operator manual", 2_500)
    loyal = new_coupon(world, "Loyal customer", percent_off="12.5")
    defect = new_coupon(world, "Scratched housing", amount_off=1_999, currency="usd")
    season = new_coupon(world, "Autumn 10 %", percent_off=10)
    voucher = new_coupon(world, "Trade fair voucher", amount_off=5_000, currency="usd")
    lines: list[Line] = [
        {
            "pricing": {"price": arm},
            "quantity": 3,
            "discounts": [{"coupon": loyal}, {"coupon": defect}],
        },
        {"pricing": {"price": manual}, "quantity": 3},
    ]
    whole = [{"coupon": season}, {"coupon": voucher}]
    paid_invoice(world, customer, lines, discounts=whole, metadata={"campaign": "fair-2026"})


@billing(2)
def taxed_invoice_paid(world: World) -> None:
    """An invoice with two exclusive tax rates, and one line with a rate of its own, is paid."""
    customer = new_customer(world, "Prairie Lantern Co-op", "books@prairielantern.example", DENVER)
    state = new_tax_rate(world, "Colorado sales tax", "2.9", country="US", state="CO", tax_type="sales_tax")
    city = new_tax_rate(world, "Denver sales tax", "5.15", country="US", jurisdiction="Denver")
    food = new_tax_rate(world, "Denver food tax", "4", country="US", jurisdiction="Denver")
    lantern = new_price(world, "Storm lantern", 1_237)
    snacks = new_price(world, "Trail snacks", 899)
    lines: list[Line] = [
        {"pricing": {"price": lantern}, "quantity": 7},
        {"pricing": {"price": snacks}, "quantity": 5, "tax_rates": [food]},
    ]
    paid_invoice(world, customer, lines, default_tax_rates=[state, city])


@billing(2)
def inclusive_tax_invoice_paid(world: World) -> None:
    """An invoice in euros whose prices include the tax, less a discount, is paid."""
    customer = new_customer(world, "Werkstatt Blau GmbH", "buchhaltung@werkstattblau.example", MUNICH)
    vat = new_tax_rate(world, "USt", "19", inclusive=True, country="DE", tax_type="vat")
    stool = new_price(world, "Workshop stool", 11_900, "eur", tax_behavior="inclusive")
    lamp = new_price(world, "Bench lamp", 4_995, "eur", tax_behavior="inclusive")
    coupon = new_coupon(world, "Opening week", percent_off=5)
    lines: list[Line] = [{"pricing": {"price": stool}, "quantity": 2}, {"pricing": {"price": lamp}}]
    terms = {"default_tax_rates": [vat], "discounts": [{"coupon": coupon}]}
    paid_invoice(world, customer, lines, currency="eur", **terms)


@billing(2)
def invoice_with_shipping(world: World) -> None:
    """An invoice for goods has a shipping cost, taxed like the goods, and is paid."""
    customer = new_customer(world, "Cedar & Salt Provisions", "ap@cedarsalt.example", PORTLAND)
    tax = new_tax_rate(world, "Sales tax", "8.875", country="US", state="NY")
    crate = new_price(world, "Cedar crate", 6_450)
    rate = world.stripe.post(
        "/v1/shipping_rates",
        display_name="Ground, 3 to 5 days",
        type="fixed_amount",
        fixed_amount={"amount": 1_875, "currency": "usd"},
    )
    terms = {"default_tax_rates": [tax], "shipping_cost": {"shipping_rate": rate["id"]}}
    paid_invoice(world, customer, [{"pricing": {"price": crate}, "quantity": 2}], **terms)


@billing(3)
def free_by_coupon(world: World) -> None:
    """A subscription begins with a coupon for 100 %: its first invoice is over nothing."""
    customer = new_customer(world, "Open Atlas Foundation", "team@openatlas.example", LYON)
    plan = new_plan(world, "Mapping plan", 7_900)
    coupon = new_coupon(world, "Non-profit, first year", percent_off=100, duration="forever")
    subscribe(world, customer, [{"price": plan, "quantity": 2}], discounts=[{"coupon": coupon}])


@billing(3)
def invoice_with_zero_and_negative_lines(world: World) -> None:
    """An invoice with a free line and a line that takes something off is paid."""
    customer = new_customer(world, "Gannet Point Marina", "office@gannetpoint.example", BOSTON)
    berth = new_price(world, "Winter berth", 84_000)
    welcome = new_price(world, "Welcome package", 0)
    lines: list[Line] = [
        {"pricing": {"price": berth}},
        {"pricing": {"price": welcome}},
        {"amount": -6_000, "description": "Credit for the broken jetty lamp"},
    ]
    paid_invoice(world, customer, lines)


@billing(3)
def tiered_and_fractional_prices(world: World) -> None:
    """A subscription has tiers, packages and fractions of a cent in its prices, and its invoice is paid."""
    customer = new_customer(world, "Halyard Messaging Ltd", "finance@halyard.example", BOSTON)
    product = world.stripe.post("/v1/products", name="Message volume")["id"]
    month = {"interval": "month"}
    graduated = world.stripe.post(
        "/v1/prices",
        product=product,
        currency="usd",
        recurring=month,
        billing_scheme="tiered",
        tiers_mode="graduated",
        tiers=[
            {"up_to": 100, "unit_amount": 12, "flat_amount": 500},
            {"up_to": 1000, "unit_amount_decimal": "7.25"},
            {"up_to": "inf", "unit_amount_decimal": "3.125"},
        ],
    )["id"]
    package = new_plan(world, "Number block", 1_500, transform_quantity={"divide_by": 10, "round": "up"})
    items = [{"price": graduated, "quantity": 1337}, {"price": package, "quantity": 23}]
    subscribe(world, customer, items)
    world.stripe.post(
        "/v1/invoiceitems",
        customer=customer,
        currency="usd",
        unit_amount_decimal="0.123456789012",
        quantity_decimal="1048576.5",
        description="Bytes kept beyond the plan",
    )
    draft = world.stripe.post(
        "/v1/invoices", customer=customer, pending_invoice_items_behavior="include", currency="usd"
    )
    finalize_and_pay(world, draft["id"])


@billing(3)
def standing_discount_of_a_customer(world: World) -> None:
    """A customer has a standing discount that every invoice of theirs takes over."""
    customer = new_customer(world, "Marrow & Quince Catering", "ap@marrowquince.example", PORTLAND)
    coupon = new_coupon(world, "Neighbours", percent_off="7.5", duration="forever")
    world.stripe.discount_customer(customer, coupon)
    table = new_price(world, "Table hire", 4_333)
    made = new_invoice(world, customer, [{"pricing": {"price": table}, "quantity": 3}])
    finalize(world, made)
    world.stripe.post(f"/v1/invoices/{made}/pay")
