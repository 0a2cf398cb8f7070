"""Checks of a finished report: its manifest, and the notebooks run again."""

from braid.verification.manifest import Changed, Origin, check_manifest, compared_cohorts, origin, write_manifest
from braid.verification.rerun import Rerun, rerun_notebooks

__all__ = [
    "Changed",
    "Origin",
    "Rerun",
    "check_manifest",
    "compared_cohorts",
    "origin",
    "rerun_notebooks",
    "write_manifest",
]
