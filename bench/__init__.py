"""Benchmarks: every measure beside its goal, its limit or its peer of the same run."""
