"""Customers: when one is made, under which name, and whose it is when it exists already."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "customers"

RULES = (
    Rule(
        "CU-1",
        AREA,
        "Each Stripe customer is a NetSuite customer of its own, unless it is linked to an existing one "
        "or everything is booked under one customer.",
        docs("customers"),
        setting="global_customer_workflow",
    ),
    Rule(
        "CU-2",
        AREA,
        "A customer is made with the first invoice or payment that needs it; by setting already at sign-up.",
        docs("customers", "invoice automation"),
        setting="create_customers_on_signup",
    ),
    Rule(
        "CU-3",
        AREA,
        "A customer that carries the blocking mark is held, and with it everything that is booked under it.",
        docs("customers", "payment application"),
        setting="denylist_payments",
    ),
    Rule(
        "CU-4",
        AREA,
        "With one customer for everything, all documents are booked under “Stripe Unallocated Charges”, "
        "where payments without a Stripe customer go in any case.",
        docs("customers", "charges"),
        setting="global_customer_workflow",
    ),
    Rule(
        "CU-5",
        AREA,
        "The customer's ID and external id in NetSuite are the Stripe id, so that no two names collide.",
        docs("customers", "field mappings"),
        setting="let_netsuite_number_customers",
    ),
    Rule(
        "CU-6",
        AREA,
        "The email is taken over. Without one the field stays blank, since an id is no valid address.",
        docs("customers"),
    ),
    Rule(
        "CU-7",
        AREA,
        "The company name is Stripe's name, else the description, else the email, else the name on the "
        "document.",
        docs("customers"),
    ),
    Rule("CU-8", AREA, "The phone number is taken over.", docs("customers")),
    Rule("CU-9", AREA, "Stripe's shipping address becomes the default shipping address.", docs("customers")),
    Rule("CU-10", AREA, "The billing address becomes the default billing address.", docs("customers")),
    Rule(
        "CU-11",
        AREA,
        "A country is a two-letter code. Anything else is left blank, and NetSuite takes its own country.",
        docs("customers"),
    ),
    Rule(
        "CU-12",
        AREA,
        "A customer is a company, unless Stripe or the metadata netsuite_first_name and netsuite_last_name "
        "name a person; a person's name is parted at its first space.",
        docs("customers"),
    ),
    Rule(
        "CU-13",
        AREA,
        "Once it stands in NetSuite, a customer is never changed by what changes in Stripe.",
        docs("customers", "data sync"),
    ),
    Rule(
        "CU-14",
        AREA,
        "A new customer may be billed in every active NetSuite currency.",
        both("customers", "currencies"),
        setting="add_currencies_to_new_customers",
    ),
    Rule(
        "CU-15",
        AREA,
        "A Stripe field is compared with a NetSuite field to find the customer: whole values, "
        "without regard to spaces and case.",
        docs("customers"),
        setting="customer_match_stripe_field customer_match_netsuite_field",
    ),
    Rule(
        "CU-16",
        AREA,
        "Of several customers that match, the first is taken; if none does, one is made, or the global one "
        "used.",
        docs("customers"),
        setting="global_customer_without_match",
    ),
    Rule(
        "CU-17",
        AREA,
        "netsuite_customer_id on a Stripe customer links it to that NetSuite customer; on a charge it puts "
        "that one payment under it. An id that NetSuite lacks needs a person.",
        docs("customers", "payment application"),
    ),
    Rule(
        "CU-18",
        AREA,
        "The Stripe id is added to a linked customer's comments; an external id that it has already is "
        "left alone.",
        docs("customers"),
    ),
    Rule(
        "CU-19",
        AREA,
        "When customers are merged in NetSuite, keep the connected one. One that was merged away is linked "
        "anew by metadata or compared fields, or by a person; until then it needs attention.",
        docs("customers"),
    ),
    Rule(
        "CU-20",
        AREA,
        "A customer belongs to one subsidiary; NetSuite's customers of several subsidiaries are not "
        "supported.",
        docs("customers"),
        why_not=reasons.FACT,
    ),
    Rule(
        "CU-21",
        AREA,
        "With thousands of sign-ups a day, leave customers to their first transaction.",
        docs("customers"),
        setting="create_customers_on_signup",
        why_not=reasons.ADVICE,
    ),
    Rule(
        "CU-22",
        AREA,
        "Cards, bank accounts and subscriptions of a customer are not shown in NetSuite.",
        docs("data sync"),
    ),
    Rule(
        "CU-23",
        AREA,
        "When you start, link the customers that you have before new ones are made.",
        both("onboarding"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "CU-24",
        AREA,
        "Changes that a person makes to the customer in NetSuite can make later credit memos fail.",
        docs("credit notes"),
        why_not=reasons.FACT,
    ),
    Rule(
        "CU-H1",
        AREA,
        "A linked customer that is gone is named to a person; nobody is made in its place, "
        "since that would split what it owes.",
        CONCLUDED,
    ),
    Rule(
        "CU-H2",
        AREA,
        "A missing email leaves the field blank; the Stripe id is never sent as one.",
        CONCLUDED,
    ),
    Rule(
        "CU-H3",
        AREA,
        "Two documents of one customer are never written at once, so it is made only once.",
        CONCLUDED,
    ),
)
