"""The stages of a report, one notebook each: what each runs, what it reads and who needs whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Stage:
    """One notebook of the analysis.

    module: the library module that the notebook opens. needs: the stages that must be done before.
    raw: which of the cohort's own files it reads. clean: the clean tables it reads, as patterns.
    results: whether it reads the records of the stages it needs. effort: how long it takes beside the others;
    of the stages that can be begun the longest goes first, so that no worker waits for it at the end.
    """

    name: str
    notebook: str
    module: str
    needs: tuple[str, ...] = ()
    raw: Literal["survey", "interviews", "definitions"] = "definitions"
    clean: tuple[str, ...] = ()
    results: bool = False
    effort: int = 1


SURVEY = ("people.csv", "wave-*.csv")
FORM = ("satisfaction.csv",)

STAGES = (
    Stage("clean", "01_clean.ipynb", "braid.stages.participants", raw="survey", effort=2),
    Stage("baseline", "02_baseline.ipynb", "braid.stages.baseline", ("clean",), clean=SURVEY),
    Stage(
        "satisfaction", "03_satisfaction.ipynb", "braid.stages.satisfaction", ("clean",), clean=("satisfaction.csv",)
    ),
    Stage("change", "04_change.ipynb", "braid.stages.change", ("clean",), clean=SURVEY, effort=3),
    Stage("qualitative", "05_qualitative.ipynb", "braid.stages.interviews", raw="interviews"),
    Stage(
        "triangulation",
        "06_triangulation.ipynb",
        "braid.stages.triangulation",
        ("baseline", "satisfaction", "change", "qualitative"),
        raw="interviews",
        clean=(*SURVEY, *FORM),
        results=True,
    ),
)
