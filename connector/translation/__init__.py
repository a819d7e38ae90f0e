"""The meaning: what a Stripe object is in NetSuite's books. Pure: values in, a Plan out."""
