"""NetSuite: its records as values, and the one door to it."""
