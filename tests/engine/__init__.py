"""Tests of the engine room: the life of a job, the inbox, the leases."""
