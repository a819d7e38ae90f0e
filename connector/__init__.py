"""The domain: what Stripe says, what NetSuite keeps, and the engine that carries one to the other."""
