"""Proposals for a new cohort, from files in every shape."""
