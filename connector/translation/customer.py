"""Customer -> customer.

A customer posts nothing. It is made once, at the first transaction that needs it
(K6), and never changed afterwards (CU-13). Companies by default; a person when
Stripe says so, or the metadata does:

    cus_1  name "Acme Inc."            -> company  "Acme Inc.", ID cus_1, comments cus_1
    cus_2  individual_name "Ada Byron" -> person   "Ada" / "Byron"
    cus_3  metadata netsuite_customer_id 4471 -> nothing is made; 4471 is linked
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connector.netsuite import records
from connector.netsuite.records import Ref, is_internal_id
from connector.stripe.objects import Customer, PostalAddress
from connector.translation.gate import blocked
from connector.translation.plan import Link, Plan, Planned, Problem, Summary
from connector.translation.settings import Settings, currency_ref

UNALLOCATED_NAME = "Stripe Unallocated Charges"
UNALLOCATED_KEY = "stripe_unallocated_charges"
LINK_KEY = "netsuite_customer_id"


def customer_ref(customer_id: str, settings: Settings) -> Ref:
    """Whose account a document is booked on; an empty id means that Stripe names nobody (CU-4, CH-10)."""
    if settings.global_customer_workflow or not customer_id:
        return Ref("customer", UNALLOCATED_KEY)
    return Ref("customer", customer_id)


def translate(customer: Customer, settings: Settings, *, currency: str = "", bill_to: str = "") -> Plan:
    """Plan the customer; `currency` and `bill_to` are those of the document that needs it."""
    name = company_name(customer) or bill_to or customer.id
    summary = Summary(f"Customer {name}", customer=name)
    if skip := blocked(customer.id, customer.metadata, settings):  # CU-3
        return Plan(summary, skip=skip)
    linked = customer.metadata.get(LINK_KEY, "").strip()
    if linked:
        return _linked(customer, linked, summary)
    own = customer.currency if customer.currency in settings.currencies else ""
    code = own or currency or customer.currency
    if code and code not in settings.currencies:
        return Plan(summary, problems=(missing_currency(code),))
    record = records.Customer(
        external_id=customer.id,
        entity_id="" if settings.let_netsuite_number_customers else customer.id,
        email=customer.email,
        phone=customer.phone,
        comments=customer.id,
        subsidiary=settings.subsidiary_ref,
        addresses=_addresses(customer),
        **_currencies(code, settings, also=currency),
        **_named(customer, name),
    )
    return Plan(summary, records=(Planned(record, customer.id, _rules(record)),))


def as_billed(customer: Customer, name: str, email: str) -> Customer:
    """A customer that Stripe has deleted, as the document still knows it; any other as it is."""
    return replace(customer, name=name, email=email) if customer.deleted else customer


def unallocated(settings: Settings, currency: str) -> Plan:
    """Plan the customer that stands for everybody whom Stripe does not name (CU-4, CH-10)."""
    record = records.Customer(
        external_id=UNALLOCATED_KEY,
        entity_id="" if settings.let_netsuite_number_customers else UNALLOCATED_NAME,
        company_name=UNALLOCATED_NAME,
        subsidiary=settings.subsidiary_ref,
        currency=currency_ref(currency),
        currencies=tuple(
            currency_ref(code) for code in sorted(settings.currencies)
        ),  # it stands for everybody
    )
    return Plan(Summary(f"Customer {UNALLOCATED_NAME}"), records=(Planned(record, "", ("CU-4", "CH-10")),))


def missing_currency(code: str) -> Problem:
    """NetSuite has no such currency: it waits until someone adds it there (MC-2)."""
    return Problem("currency_missing", f"NetSuite has no active currency {code}.")


def company_name(customer: Customer) -> str:
    """The name that NetSuite shows: Stripe's, or its description, or the email (CU-7)."""
    names = (customer.business_name, customer.name, customer.individual_name, customer.description)
    return next((name.strip() for name in (*names, customer.email) if name.strip()), "")


def _linked(customer: Customer, internal_id: str, summary: Summary) -> Plan:
    if not is_internal_id(internal_id):
        return Plan(summary, problems=(not_an_internal_id(customer.id, LINK_KEY, internal_id),))
    return Plan(
        summary, links=(Link("customer", customer.id, internal_id, LINK_KEY, ("CU-17", "CU-18", "ME-1")),)
    )


def not_an_internal_id(stripe_id: str, key: str, value: str) -> Problem:
    """A metadata key that should name a NetSuite record holds something else (ER-4)."""
    return Problem("metadata_not_an_id", f"{key} of {stripe_id} is “{value}”, which is not an internal id.")


def _named(customer: Customer, company: str) -> dict[str, Any]:
    """First and last name of an individual, or the name of a company (CU-12)."""
    first = customer.metadata.get("netsuite_first_name", "").strip()
    last = customer.metadata.get("netsuite_last_name", "").strip()
    if not (first and last) and customer.individual_name and not customer.business_name:
        first, _, last = customer.individual_name.strip().partition(" ")
    if not (first and last):
        return {"company_name": company}
    return {"is_person": True, "first_name": first, "last_name": last.strip()}


def _currencies(code: str, settings: Settings, *, also: str = "") -> dict[str, Any]:
    """The customer's own currency, the document's, and all others when the account says so (CU-14, K9)."""
    wanted = settings.currencies if settings.add_currencies_to_new_customers else {code, also} - {""}
    return {
        "currency": currency_ref(code) if code else None,
        "currencies": tuple(currency_ref(each) for each in sorted(wanted)),
    }


def _addresses(customer: Customer) -> tuple[records.Address, ...]:
    """The shipping address and the billing address, each the default of its kind (CU-9, CU-10)."""
    pairs = ((customer.shipping, "default_shipping"), (customer.address, "default_billing"))
    return tuple(_address(address, default) for address, default in pairs if address)


def _address(address: PostalAddress, default: str) -> records.Address:
    country = address.country.upper()
    return records.Address(
        country=country if len(country) == 2 and country.isalpha() else "",
        addressee=address.name,
        phone=address.phone,
        addr1=address.line1,
        addr2=address.line2,
        city=address.city,
        state=address.state,
        zip=address.postal_code,
        default_billing=default == "default_billing",
        default_shipping=default == "default_shipping",
    )


def _rules(record: records.Customer) -> tuple[str, ...]:
    rules = ["CU-1", "CU-2", "CU-7", "CU-13", "CU-18"]
    rules += ["CU-5"] if record.entity_id else []
    rules += ["CU-6"] if record.email else []
    rules += ["CU-8"] if record.phone else []
    rules += ["CU-12"] if record.is_person else []
    rules += ["CU-14"] if len(record.currencies) > 1 else []
    rules += ["CU-9"] if any(address.default_shipping for address in record.addresses) else []
    rules += ["CU-10"] if any(address.default_billing for address in record.addresses) else []
    rules += ["CU-11"] if record.addresses else []
    return tuple(rules)
