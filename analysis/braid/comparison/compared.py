"""Stage `comparison`: several cohorts of one study side by side, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from braid import language
from braid.cleaning import open_survey
from braid.cleaning.interviews import read_interviewees
from braid.comparison import answer, change, form, items, joint, people, themes
from braid.comparison.quantities import Quantity, quantities_of
from braid.language import N_, tr
from braid.presentation.escaping import markdown
from braid.presentation.prose import enumeration
from braid.records import Record, write_records
from braid.stages import participants, triangulation
from braid.stages.triangulation import Triangulation
from braid.study import Comparison, Study, open_comparison

STAGE = "comparison"
PIECES = (people, change, items, form, themes, joint, answer)
TWO = 2
Strand = Literal["change", "form", "interviews", "rows"]
LACKING: dict[Strand, tuple[str, str]] = {
    "change": (
        N_("There is no estimate of change in {cohorts}, which is left out here."),
        N_("There is no estimate of change in {cohorts}, which are left out here."),
    ),
    "form": (
        N_("There is no evaluation form in {cohorts}, which is left out here."),
        N_("There is no evaluation form in {cohorts}, which are left out here."),
    ),
    "interviews": (
        N_("There is no coded interview in {cohorts}, which is left out here."),
        N_("There is no coded interview in {cohorts}, which are left out here."),
    ),
    "rows": (
        N_("There is no joint display in {cohorts}, which is left out here."),
        N_("There is no joint display in {cohorts}, which are left out here."),
    ),
}
"""What is said where one cohort, and where several, lack a strand."""
ONLY: dict[Strand, str] = {
    "change": N_("Only {cohort} has an estimate of change, so there is nothing to compare."),
    "form": N_("Only {cohort} has an evaluation form, so there is nothing to compare."),
    "interviews": N_("Only {cohort} has coded interviews, so there is nothing to compare."),
    "rows": N_("Only {cohort} has a joint display, so there is nothing to compare."),
}
NONE: dict[Strand, str] = {
    "change": N_("None of the cohorts has an estimate of change, so there is nothing to compare."),
    "form": N_("None of the cohorts has an evaluation form, so there is nothing to compare."),
    "interviews": N_("None of the cohorts has coded interviews, so there is nothing to compare."),
    "rows": N_("None of the cohorts has a joint display, so there is nothing to compare."),
}


@dataclass(frozen=True)
class Side:
    """One of the cohorts that are compared: who took part, and both of its strands."""

    name: str
    people: participants.Participants
    strands: Triangulation

    @property
    def has_change(self) -> bool:
        return not self.strands.change.left_out

    @property
    def has_form(self) -> bool:
        return bool(self.strands.satisfaction.statements)

    @property
    def has_interviews(self) -> bool:
        return self.strands.interviews.there

    @property
    def has_rows(self) -> bool:
        return bool(self.strands.rows)


@dataclass(frozen=True)
class Compared:
    """The cohorts that are compared, in the order they were named in; the first is what others are set against."""

    comparison: Comparison
    sides: tuple[Side, ...]

    @property
    def study(self) -> Study:
        return self.comparison.study

    @property
    def names(self) -> tuple[str, ...]:
        return self.comparison.names

    @property
    def first(self) -> Side:
        return self.sides[0]

    @cached_property
    def quantities(self) -> list[Quantity]:
        """What changed in each cohort, pooled and compared."""
        return quantities_of(self)

    def with_(self, strand: Strand) -> list[Side]:
        """The cohorts that have a strand."""
        return [side for side in self.sides if getattr(side, f"has_{strand}")]

    def both(self, strand: Strand) -> bool:
        """Whether at least two cohorts have a strand, so that it can be compared."""
        return len(self.with_(strand)) >= TWO

    def lacking(self, strand: Strand) -> str:
        """Which cohorts lack a strand, as a sentence (ready markdown); empty where none does."""
        missing = [markdown(side.name) for side in self.sides if not getattr(side, f"has_{strand}")]
        if not missing:
            return ""
        return tr(LACKING[strand][len(missing) > 1], cohorts=enumeration(missing, "or"))

    def left_out(self, strand: Strand) -> str:
        """Why a strand is not compared: too few cohorts have it (ready markdown)."""
        there = [markdown(side.name) for side in self.with_(strand)]
        return tr(ONLY[strand], cohort=there[0]) if there else tr(NONE[strand])

    def records(self) -> list[Record]:
        """The records of every piece."""
        return [record for piece in PIECES for record in piece.records(self)]

    def save(self) -> None:
        """Write the records to `data_processed/compare-.../results/comparison.json`."""
        path = self.comparison.project.results(self.comparison.name) / f"{STAGE}.json"
        write_records(path, [replace(record, stage=STAGE) for record in self.records()])


def open(cohorts: Sequence[str]) -> Compared:
    """Open cohorts with both strands. Raises UserErrors where they cannot be compared, or a file is wrong."""
    comparison = open_comparison(list(cohorts))
    language.speak(comparison.study.language, comparison.project.root)
    sides = []
    for cohort in comparison.cohorts:
        interviewees = read_interviewees(cohort) if cohort.spec.interviews is not None else None
        people = participants.Participants(cohort, open_survey(cohort), interviewees)
        sides.append(Side(cohort.name, people, triangulation.open(cohort.name)))
    return Compared(comparison, tuple(sides))
