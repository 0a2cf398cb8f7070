"""Stage `triangulation`: numbers, words and what is published set side by side, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from braid.errors import UserErrors
from braid.integration import (
    DataSourceTriangulation,
    JointDisplayRow,
    Published,
    TracedRecommendation,
    joint_display,
    read_literature,
    recommendations,
    unknown_targets,
)
from braid.integration.checklists import FilledChecklist, filled
from braid.records import Record
from braid.stages import (
    answer,
    baseline,
    change,
    glance,
    harm_together,
    interviews,
    joint,
    levels,
    participants,
    published,
    satisfaction,
    sources,
    told,
)
from braid.stages.opening import fact, keep_records, open_speaking, records_of
from braid.study import Cohort

STAGE = "triangulation"
PIECES = (answer, glance, joint, sources, harm_together, levels, published, told)


@dataclass(frozen=True)
class Triangulation:
    """Both strands of a cohort, what is published, and what they say together.

    before: the records of all earlier stages, by id. published: the table of published programmes; empty without one.
    """

    cohort: Cohort
    before: dict[str, Record]
    change: change.Change
    interviews: interviews.Interviews
    satisfaction: satisfaction.Satisfaction
    baseline: baseline.Baseline
    published: list[Published]

    @cached_property
    def rows(self) -> list[JointDisplayRow]:
        """The joint display; empty where a strand is missing altogether."""
        if not self.both_strands:
            return []
        absent = [
            name
            for name, there in (
                ("satisfaction", bool(self.satisfaction.statements)),
                ("change", not self.change.left_out),
            )
            if not there
        ]
        quotes = self.interviews.quotes.quotes if self.interviews.quotes else ()
        return joint_display(
            self.cohort.study,
            self.before,
            self.interviews.themes,
            quotes,
            decisions=self.cohort.spec.decisions,
            absent=absent,
            study_file=_shown(self.cohort),
        )

    @property
    def both_strands(self) -> bool:
        answered = self.baseline.first is not None or bool(self.satisfaction.statements)
        counted = answered or self.cohort.spec.attendance is not None
        return bool(self.cohort.study.joint_display) and self.interviews.there and counted

    @property
    def decided(self) -> list[JointDisplayRow]:
        """The rows that a person has decided on for this cohort, as its results are now."""
        return [row for row in self.rows if row.decided]

    @cached_property
    def recommendations(self) -> list[TracedRecommendation]:
        """The cohort's recommendations with the findings they follow from.

        None where one follows from a row of the joint display and a strand of it is missing.
        """
        named = {name for one in self.cohort.spec.recommendations for name in one.follows_from}
        if not self.rows and named & set(self.cohort.study.joint_display):
            return []
        return recommendations(
            self.cohort.study,
            self.rows,
            self.interviews.themes,
            of_cohort=self.cohort.spec.recommendations,
            cohort_file=f"data_raw/{self.cohort.name}/cohort.yml",
        )

    @cached_property
    def sources(self) -> DataSourceTriangulation:
        """Change and themes of the same groups."""
        return sources.sources_of(self)

    @cached_property
    def checklists(self) -> list[FilledChecklist]:
        """The reporting guidelines that apply, filled."""
        return filled(self.cohort)

    def records(self) -> list[Record]:
        """The records of every piece, and whether there is anything to triangulate."""
        told = self.interviews
        there = [self.cohort.study.joint_display, told.has_groups, told.compares_coders, self.published]
        return [
            fact("triangulation", any(there) or bool(levels.placed(self)), STAGE),
            *(record for piece in PIECES for record in piece.records(self)),
        ]

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Triangulation:
    """Open both strands of a cohort, with the records of earlier stages: read where fresh, else made anew.

    Raises UserErrors where a file is wrong, or the joint display names what does not exist.
    """
    opened = open_speaking(cohort)
    parts = {m.STAGE: m.open(cohort) for m in (baseline, satisfaction, change, interviews)}
    records: dict[str, Record] = {}
    for name, part in parts.items():
        records |= {record.id: record for record in records_of(opened, name, part.records)}
    records |= _of_participants(opened)
    literature = read_literature(opened)
    wrong = unknown_targets(opened.study, literature, _shown(opened))
    if wrong:
        raise UserErrors(wrong)
    return Triangulation(
        opened,
        records,
        parts["change"],
        parts["qualitative"],
        parts["satisfaction"],
        parts["baseline"],
        literature,
    )


def _of_participants(cohort: Cohort) -> dict[str, Record]:
    """The records of who took part, where attendance was counted or the joint display names one of them."""
    named = [name for row in cohort.study.joint_display.values() for name in row.statistics]
    if cohort.spec.attendance is None and not any(name.startswith("participants.") for name in named):
        return {}
    found = records_of(cohort, participants.STAGE, lambda: participants.open(cohort.name).records())
    return {record.id: record for record in found if not record.id.startswith("has.")}


def _shown(cohort: Cohort) -> str:
    return cohort.study_file.relative_to(cohort.project.root).as_posix()
