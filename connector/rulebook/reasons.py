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

# Parts of documents, and choices.
NETSUITE_TAX = "NetSuite's own tax fields are not used."
NO_METHOD = "Payments carry no payment method."
