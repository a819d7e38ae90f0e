"""The translation: what a Stripe object is in the books, proven rule by rule."""
