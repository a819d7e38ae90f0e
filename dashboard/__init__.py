"""The staff console: what came from Stripe, where it stands, and what somebody has to settle."""
