"""Tests of the background workers, as processes."""
