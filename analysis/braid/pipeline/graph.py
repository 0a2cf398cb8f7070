"""The stages of a report, one notebook each: what each reads and who needs whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One notebook of the analysis.

    needs: the stages that must be done before. reads: the clean tables it reads (patterns in the clean folder).
    """

    name: str
    notebook: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]


SURVEY = ("people.csv", "wave-*.csv")
INTERVIEWS = ("segments.csv", "interviewees.csv", "quotes.csv", "consensus.csv", "transcripts.json")

STAGES = (
    Stage("clean", "01_clean.ipynb", (), ()),
    Stage("baseline", "02_baseline.ipynb", ("clean",), SURVEY),
    Stage("satisfaction", "03_satisfaction.ipynb", ("clean",), ("satisfaction.csv",)),
    Stage("change", "04_change.ipynb", ("clean",), SURVEY),
    Stage("qualitative", "05_qualitative.ipynb", ("clean",), INTERVIEWS),
    Stage("triangulation", "06_triangulation.ipynb", ("baseline", "satisfaction", "change", "qualitative"), INTERVIEWS),
)
