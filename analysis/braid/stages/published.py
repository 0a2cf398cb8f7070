"""Piece of stage `triangulation`: published programmes, and the findings of this study set beside them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from braid.integration import LEVEL_LABELS, BesidePublished, Published, beside_published, strength_of
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.harvest import Yield, harvest
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.study.joining import Literature

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_LITERATURE = "The study names no table of published programmes."
EFFECTS = {"yes": "effective", "mixed": "of mixed effect", "no": "not effective"}
SHORT = {"individual": "I", "group": "G", "leader": "L", "organisation": "O", "context": "C"}


def _spec(stage: Triangulation) -> Literature:
    assert stage.cohort.study.literature is not None
    return stage.cohort.study.literature


@needs(lambda stage: stage.published, NO_LITERATURE)
def description(stage: Triangulation) -> Prose:
    """What is published, and how the findings lie to it, in words."""
    found = stage.published
    counts = Counter[str](one.effective for one in found)
    said = enumeration([f"{counts[effect]} {words}" for effect, words in EFFECTS.items() if counts[effect]])
    involved = sum(bool(one.involvement) for one in found)
    text = (
        f"@tbl-literature lists {counted(len(found), 'published programme')} ({markdown(_spec(stage).review)}): "
        f"{said}. @fig-harvest shows them as a harvest plot [@ogilvie2008], by the levels they touch."
    )
    if any(one.involvement is not None for one in found):
        text += f" In {involved} of them patients or the public took part in the research."
    if beside(stage):
        text += (
            " @tbl-beside sets each finding beside the programmes with the same target that touch one of its levels."
        )
    return Prose(Markdown(text))


@needs(lambda stage: stage.published, NO_LITERATURE)
def figure(stage: Triangulation) -> Figure:
    """The harvest plot: levels by effect, a bar for each programme, its height the quality of the study."""
    shown = [
        Yield(
            number,
            one.name,
            one.effective,
            one.target,
            tuple(LEVEL_LABELS[level] for level in one.levels),
            one.quality,
        )
        for number, one in enumerate(stage.published, 1)
    ]
    return harvest(shown, list(LEVEL_LABELS.values()), EFFECTS, _spec(stage).quality_of)


@needs(lambda stage: stage.published, NO_LITERATURE)
def table(stage: Triangulation) -> Table:
    """The published programmes with target, effect, levels, quality and involvement."""
    spec, found = _spec(stage), stage.published
    works = any(one.works_as for one in found)
    columns = [Column("", "number"), Column("Programme"), Column("Target"), Column("Effective"), Column("Levels")]
    columns += [Column("Works as")] if works else []
    columns += [Column(f"Quality, of {spec.quality_of}", "number")]
    columns += [Column(f"Involvement, of {spec.involvement_of}", "number")]
    rows: list[list[Cell]] = []
    for number, one in enumerate(found, 1):
        row: list[Cell] = [str(number), one.name, one.target, one.effective]
        row.append(" ".join(SHORT[level] for level in one.levels))
        row += [", ".join(one.works_as)] if works else []
        rows.append([*row, _points(one.quality), _points(one.involvement)])
    keys = enumeration([f"{short} {LEVEL_LABELS[level].lower()}" for level, short in SHORT.items()])  # type: ignore[index]
    note = Markdown(f"Levels: {keys}. Involvement: of patients and the public. Source: {markdown(spec.review)}.")
    return Table(columns, rows, notes=[note])


def _points(points: int | None) -> str:
    return numbers.MISSING if points is None else str(points)


def beside(stage: Triangulation) -> list[BesidePublished]:
    """The rows of the joint display beside what is published on their target."""
    return beside_published(stage.cohort.study, stage.rows, stage.published)


@needs(beside, NO_LITERATURE)
def beside_table(stage: Triangulation) -> Table:
    """Each finding beside the published programmes of its target and levels, by effect."""
    number = {one: place for place, one in enumerate(stage.published, 1)}
    rows: list[list[Cell]] = []
    for found in beside(stage):
        at = enumeration([LEVEL_LABELS[level].lower() for level in found.levels]) or "not said"
        rows.append(
            [
                found.row.question,
                strength_of(found.row).capitalize(),
                lines(found.target, f"({at})"),
                _near(found, number),
            ]
        )
    columns = ["Question", "In this cohort", "Target (levels)", "Published: programmes by effect"]
    note = "Numbers as in the table of published programmes; a programme for several targets counts for each."
    return Table(columns, rows, notes=[note])


def _near(found: BesidePublished, number: dict[Published, int]) -> Cell:
    parts = []
    for effect, n in found.effects.items():
        which = ", ".join(str(number[one]) for one in found.near if one.effective == effect)
        parts.append(f"{n} {EFFECTS[effect]} ({which})")
    return lines(*parts) if parts else "None of the same target at these levels"


def records(stage: Triangulation) -> list[Record]:
    """How many programmes there are, by effect."""
    found, counts = stage.published, Counter[str](one.effective for one in stage.published)
    facts = [
        fact("literature", bool(found), "triangulation"),
        fact("literature-beside", bool(beside(stage)), "triangulation"),
    ]
    if not found:
        return facts
    number = Record("literature.n", numbers.whole(len(found)), len(found), n=len(found), cell="tbl-literature")
    return [
        *facts,
        number,
        *(
            Record(f"literature.{effect}", str(counts[effect]), counts[effect], n=len(found), cell="tbl-literature")
            for effect in EFFECTS
        ),
    ]
