"""The door to Stripe, over real HTTP."""
