"""Records as the translation makes them, with every field that we ever send."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from connector.netsuite.records import (
    Address,
    Application,
    CreditMemo,
    Customer,
    CustomerPayment,
    DiscountItem,
    Invoice,
    Line,
    OtherChargeSaleItem,
    Record,
    Ref,
    ServiceSaleItem,
)

USD = Ref("currency", "USD", "1")
JPY = Ref("currency", "JPY", "4")
RECEIVABLES = Ref("account", internal_id="119")
UNDEPOSITED = Ref("account", internal_id="122")
INCOME = Ref("account", internal_id="54")
SUBSIDIARY = Ref("subsidiary", internal_id="1")
ADA = Ref("customer", "cus_ada", "77")
PLAN = Ref("item", "price_plan", "31")

CUSTOMER = Customer(
    external_id="cus_ada",
    entity_id="cus_ada",
    company_name="Analytical Engines",
    email="ada@example.com",
    phone="+44 20 7946 0000",
    comments="Stripe customer cus_ada",
    currency=USD,
    currencies=(USD, JPY),
    subsidiary=SUBSIDIARY,
    addresses=(
        Address("GB", "Ada", "+44 1", "12 St James's Square", "Flat 2", "London", "", "SW1Y", True, False),
        Address(default_shipping=True, city="Dublin"),
    ),
)
PERSON = Customer("cus_jane", "cus_jane", is_person=True, first_name="Jane", last_name="Sally Doe")
RULE = Ref("revenueRecognitionRule", internal_id="2")
TAX = Ref("account", internal_id="57")
ITEM = ServiceSaleItem("price_plan", "price_plan", INCOME, "Plan", "The plan", INCOME, SUBSIDIARY, RULE)
CHARGE = OtherChargeSaleItem("txr_vat", "txr_vat", TAX, "VAT 20% (GB)", "VAT 20% (GB)", SUBSIDIARY)
DISCOUNT = DiscountItem("SPRING", "SPRING", "SPRING", "Spring sale", None, SUBSIDIARY)
POSTING_DISCOUNT = DiscountItem("AUTUMN", "AUTUMN", account=INCOME)
INVOICE = Invoice(
    external_id="in_1",
    customer=ADA,
    currency=USD,
    tran_date=date(2026, 3, 8),
    receivables_account=RECEIVABLES,
    lines=(
        Line(PLAN, Decimal("149.85"), Decimal("3"), "Plan, 3 seats", date(2026, 3, 8), date(2026, 4, 7)),
        Line(PLAN, Decimal("-9.90"), description="Proration"),
        Line(PLAN, Decimal("0")),
    ),
    due_date=date(2026, 4, 7),
    memo="Stripe invoice in_1",
)
PAYMENT = CustomerPayment(
    external_id="ch_1",
    customer=ADA,
    currency=USD,
    tran_date=date(2026, 3, 9),
    account=UNDEPOSITED,
    receivables_account=RECEIVABLES,
    payment=Decimal("139.95"),
    memo="Stripe charge ch_1",
    applied=(Application(Ref("invoice", "in_1", "9001"), Decimal("139.95")),),
)
MEMO = CreditMemo(
    external_id="ns_memo:re_1",
    customer=ADA,
    currency=JPY,
    tran_date=date(2026, 11, 1),
    receivables_account=RECEIVABLES,
    lines=(Line(PLAN, Decimal("500")),),
    memo="Refund re_1",
    applied=(Application(Ref("invoice", "in_1", "9001"), Decimal("500")),),
)
EVERY_KIND: tuple[Record, ...] = (
    CUSTOMER,
    PERSON,
    ITEM,
    CHARGE,
    DISCOUNT,
    POSTING_DISCOUNT,
    INVOICE,
    PAYMENT,
    MEMO,
)
