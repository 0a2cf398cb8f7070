"""What is wrong with a cohort's files, and what is only strange: everything at once, before anything is run."""

from braid.checking.check import Checked, check
from braid.checking.finding import Finding

__all__ = ["Checked", "Finding", "check"]
