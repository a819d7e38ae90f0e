"""A practice Stripe and a practice NetSuite on real wires, for the demo, tests and benchmarks."""
