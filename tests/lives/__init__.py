"""Lives: what may happen to one customer in Stripe, drawn at random, and what the books must say of it."""
