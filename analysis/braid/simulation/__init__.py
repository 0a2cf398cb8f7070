"""Cohorts that do not exist: reproduced from printed figures, or drawn from the study alone."""

from braid.simulation.cohort import draw, simulate, write
from braid.simulation.compare import Comparison, Frames, compare
from braid.simulation.consistency import Contradiction, contradictions
from braid.simulation.draft import draft_cohort
from braid.simulation.targets import Targets, read_targets

__all__ = [
    "Comparison",
    "Contradiction",
    "Frames",
    "Targets",
    "compare",
    "contradictions",
    "draft_cohort",
    "draw",
    "read_targets",
    "simulate",
    "write",
]
