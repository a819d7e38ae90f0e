"""Why a rule is not built: one sentence, shared by all rules that it holds for."""

from __future__ import annotations

# There is nothing to build.
FACT = "It describes how Stripe or NetSuite works; there is nothing to build."
ADVICE = "It is advice to the people who keep the books; there is nothing to build."
SETUP = "It is set up in NetSuite by a person; the doctor command says what is missing."
FORMER = "It is an older way of the former connector, which another rule replaces."

# It is another product.
PAYMENT_PAGES = "The payment pages are a product of their own."
STARTED_IN_NETSUITE = "Payments and refunds that begin in NetSuite are a product of their own."

# Whole documents that are refused by name.
REFUNDS = "Refunds are not booked."
DISPUTES = "Disputes are not booked."
PAYOUTS = "Payouts and their deposits are not booked."
SALES_ORDERS = "Sales orders and customer deposits are not booked."
CONNECT = "Payments of connected accounts are not told apart."

# Parts of documents, and choices.
NETSUITE_TAX = "NetSuite's own tax fields are not used."
PENDING = "A pending payment is skipped until the bank has confirmed it."
DUPLICATES = "A second payment of a paid invoice waits for a person, whatever the setting."
STANDALONE = "Payments without an invoice stay unapplied, and no invoice is made for them."
CHARGE_LINKS = "A charge that names a NetSuite transaction to settle is refused."
NO_METHOD = "Payments carry no payment method."
NO_CHARGE_FIELD = "The charge is not written in a field of the invoice."
OWN_RATES = "NetSuite's own exchange rates are used."
MATCHING = "Customers and items are found by metadata, never by comparing fields."
FIELDS = "Field defaults and mappings are not built."
RELINKING = "A record that is mapped cannot be pointed at another one."
READ_ONLY_STRIPE = "Nothing is written to Stripe."
HISTORY = "History before the start date is left out, without a summary."
