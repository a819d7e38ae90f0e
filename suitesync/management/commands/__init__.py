"""Commands that stand before Django's own of the same names."""
