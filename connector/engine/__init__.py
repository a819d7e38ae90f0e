"""The engine: it carries what Stripe says to NetSuite, once, and remembers that it did."""
