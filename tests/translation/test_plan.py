"""Plans: what rests on what, the same every time, and made of nothing but what is given."""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from connector.netsuite import records
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import invoice as invoices
from connector.translation import price as prices
from connector.translation.plan import Plan, Problem, Skip
from tests.translation.builders import charge, customer, invoice, line, paid_by, price, settings

rule = pytest.mark.rule
TRANSLATION = Path(customers.__file__).parent
PURE = {
    "__future__",
    "collections.abc",
    "connector.money",
    "connector.netsuite",
    "connector.netsuite.records",
    "connector.stripe.balance",
    "connector.stripe.billing",
    "connector.stripe.credit_note",
    "connector.stripe.customer_balance",
    "connector.stripe.objects",
    "connector.stripe.reversals",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "itertools",
    "numbers",
    "re",
    "typing",
}
PLANS: dict[str, Callable[[], Plan]] = {
    "customer": lambda: customers.translate(customer(), settings()),
    "price": lambda: prices.translate(price(), settings()),
    "charge": lambda: charges.translate(charge(), settings()),
    "invoice": lambda: invoices.translate(invoice(), (paid_by(charge()),), {}, settings()),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_same_input_gives_the_same_plan(name: str) -> None:
    assert PLANS[name]() == PLANS[name]()


def test_translating_changes_none_of_what_it_was_given() -> None:
    bill, payments, sold, chosen = invoice(), (paid_by(charge()),), {"price_1": price()}, settings()
    before = deepcopy((bill, payments, sold, chosen))
    invoices.translate(bill, payments, sold, chosen)
    assert (bill, payments, sold, chosen) == before


@pytest.mark.parametrize("module", sorted(path.name for path in TRANSLATION.glob("*.py")))
def test_translation_imports_nothing_that_could_know_the_time_or_a_row(module: str) -> None:
    tree = ast.parse((TRANSLATION / module).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name for name in imported if not name.startswith("connector.translation")} <= PURE


@rule("SY-H1")
def test_parents_stand_in_front_of_what_rests_on_them() -> None:
    plan = PLANS["invoice"]().after(PLANS["price"]()).after(PLANS["customer"]())
    assert [type(each.record) for each in plan.records] == [
        records.Customer,
        records.ServiceSaleItem,
        records.Invoice,
        records.CustomerPayment,
    ]
    assert plan.summary.title == "Invoice ACME-0001"


def test_a_parents_problem_is_the_plans_problem_and_what_comes_later_stays() -> None:
    bad = Plan(PLANS["price"]().summary, problems=(Problem("income_account_missing", "None is chosen."),))
    unsettled = invoices.translate(invoice(), (paid_by(charge(balance_transaction_id="")),), {}, settings())
    plan = unsettled.after(bad)
    assert [problem.code for problem in plan.problems] == ["income_account_missing"]
    assert plan.later == unsettled.later is not None


def test_links_of_parents_are_kept() -> None:
    linked = customers.translate(customer(metadata={"netsuite_customer_id": "12"}), settings())
    assert PLANS["invoice"]().after(linked).links == linked.links


@rule("SY-2")
@rule("CU-3")
def test_what_rests_on_a_held_customer_is_held_with_it() -> None:
    chosen = settings(denylist_payments=True)
    marked = customer(metadata={"netsuite_block_integration": "true"})
    plan = PLANS["invoice"]().after(PLANS["price"]()).after(customers.translate(marked, chosen))
    assert plan.skip is not None
    assert (plan.skip.code, plan.records, plan.links) == ("held_by_metadata", (), ())
    further = plan.after(PLANS["price"]())
    assert (further.skip, further.records) == (plan.skip, ())


def test_a_skip_of_its_own_comes_before_its_parents() -> None:
    own = Plan(PLANS["charge"]().summary, skip=Skip("charge_failed", "It failed."))
    assert own.after(PLANS["customer"]()).skip == own.skip


@rule("OM-1")
@rule("OM-4")
def test_every_planned_record_names_its_stripe_object_and_its_rules() -> None:
    for make in PLANS.values():
        for planned in make().records:
            assert planned.rules
            assert planned.stripe_id == planned.record.external_id
            assert len(set(planned.rules)) == len(planned.rules)


@rule("OM-5")
@pytest.mark.parametrize("name", ["charge", "invoice"])
def test_every_memo_begins_with_the_stripe_id(name: str) -> None:
    plan = PLANS[name]()
    for planned in plan.records:
        assert isinstance(planned.record, records.Transaction)
        assert planned.record.memo.startswith(f"Stripe: {planned.stripe_id}")


def test_a_plan_of_two_lines_of_one_price_names_its_item_once_for_each_line() -> None:
    bill = invoice([line("10.00"), line("20.00", id="il_2")])
    plan = invoices.translate(bill, (), {}, settings())
    items = [ref for each in plan.records for ref in records.refs(each.record) if ref.type == "item"]
    assert [ref.key for ref in items] == ["price_1", "price_1"]
