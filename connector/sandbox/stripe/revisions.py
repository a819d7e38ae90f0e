"""Revisions: a draft that begins as a copy of the open invoice whose place it will take."""

import copy

from .store import Row, Store

TAKEN_OVER = (
    "auto_advance custom_fields default_payment_method default_tax_rates description discounts due_date "
    "footer metadata parent period_end period_start shipping_cost statement_descriptor"
)


def copy_terms(original: Row, revision: Row) -> None:
    """Give a new draft the words, terms, discounts and taxes of the invoice that it revises."""
    for name in TAKEN_OVER.split():
        revision[name] = copy.deepcopy(original[name])
    revision["from_invoice"] = {"action": "revision", "invoice": original["id"]}


def copy_lines(store: Store, original: Row, revision: Row) -> None:
    """Give it the same lines."""
    for line in store.where("line_item", invoice=original["id"]):
        mine = {"id": store.new_id("line_item"), "invoice": revision["id"]}
        row = store.insert({**copy.deepcopy(line), **mine})
        store.keep_aside(row, tax_rates=store.held(line, "tax_rates"))
