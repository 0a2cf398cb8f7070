"""Joins waves by person, recodes, scores and excludes; keeps a log of every change."""

from braid.cleaning.cohort import CleanCohort, clean
from braid.cleaning.store import open_clean, save_clean

__all__ = ["CleanCohort", "clean", "open_clean", "save_clean"]
