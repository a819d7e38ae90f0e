"""Tests of the practice world itself."""
