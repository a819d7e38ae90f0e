"""Stripe: its objects as values, and the one door to it."""
