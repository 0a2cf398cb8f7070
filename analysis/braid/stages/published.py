"""Piece of stage `triangulation`: published programmes, and the findings of this study set beside them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from braid.integration import (
    LEVEL_LABELS,
    BesidePublished,
    Published,
    beside_published,
    label_alone,
    level_name,
    strength_of,
)
from braid.integration.literature import Effect
from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.harvest import Yield, harvest
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.study.joining import Level, Literature, WorksAs

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_LITERATURE = N_("The study names no table of published programmes.")
EFFECTS: dict[Effect, str] = {
    "yes": N_("effective", context="programme"),
    "mixed": N_("of mixed effect", context="programme"),
    "no": N_("not effective", context="programme"),
}
COUNTED: dict[Effect, str] = {
    "yes": N_("{n} effective", context="programmes"),
    "mixed": N_("{n} of mixed effect", context="programmes"),
    "no": N_("{n} not effective", context="programmes"),
}
WORDS: dict[Effect, str] = {
    "yes": N_("yes", context="effective"),
    "mixed": N_("mixed", context="effective"),
    "no": N_("no", context="effective"),
}
WORKS: dict[WorksAs, str] = {"demand": N_("demand"), "resource": N_("resource")}
SHORT: dict[Level, str] = {
    "individual": N_("I", context="level"),
    "group": N_("G", context="level"),
    "leader": N_("L", context="level"),
    "organisation": N_("O", context="level"),
    "context": N_("C", context="level"),
}


def _spec(stage: Triangulation) -> Literature:
    assert stage.cohort.study.literature is not None
    return stage.cohort.study.literature


@needs(lambda stage: stage.published, NO_LITERATURE)
def description(stage: Triangulation) -> Prose:
    """What is published, and how the findings lie to it, in words."""
    found = stage.published
    counts = Counter[str](one.effective for one in found)
    said = enumeration([_counted(effect, counts[effect]) for effect in EFFECTS if counts[effect]])
    involved = sum(bool(one.involvement) for one in found)
    text = [
        tr(
            "@tbl-literature lists {programmes} ({review}): {counts}. @fig-harvest shows them as a harvest plot "
            "[@ogilvie2008], by the levels they touch.",
            programmes=counted(len(found), "published programme"),
            review=markdown(_spec(stage).review),
            counts=said,
        )
    ]
    if any(one.involvement is not None for one in found):
        text.append(tr("In {n} of them patients or the public took part in the research.", n=str(involved)))
    if beside(stage):
        text.append(
            tr("@tbl-beside sets each finding beside the programmes with the same target that touch one of its levels.")
        )
    return Prose(Markdown(" ".join(text)))


def _counted(effect: Effect, n: int) -> str:
    """`5 effective`."""
    return tr(COUNTED[effect], context="programmes", n=str(n))


@needs(lambda stage: stage.published, NO_LITERATURE)
def figure(stage: Triangulation) -> Figure:
    """The harvest plot: levels by effect, a bar for each programme, its height the quality of the study."""
    shown = [
        Yield(
            number,
            one.name,
            one.effective,
            one.target,
            tuple(map(level_name, one.levels)),
            one.quality,
        )
        for number, one in enumerate(stage.published, 1)
    ]
    effects = {str(effect): tr(words, context="programme") for effect, words in EFFECTS.items()}
    return harvest(shown, list(map(level_name, LEVEL_LABELS)), effects, _spec(stage).quality_of)


@needs(lambda stage: stage.published, NO_LITERATURE)
def table(stage: Triangulation) -> Table:
    """The published programmes with target, effect, levels, quality and involvement."""
    spec, found = _spec(stage), stage.published
    works = any(one.works_as for one in found)
    heads = [tr("Programme"), tr("Target"), tr("Effective"), tr("Levels"), *([tr("Works as")] if works else [])]
    columns = [Column("", "number"), *map(Column, heads)]
    columns += [Column(tr("Quality, of {most}", most=str(spec.quality_of)), "number")]
    columns += [Column(tr("Involvement, of {most}", most=str(spec.involvement_of)), "number")]
    rows: list[list[Cell]] = []
    for number, one in enumerate(found, 1):
        row: list[Cell] = [str(number), one.name, one.target, tr(WORDS[one.effective], context="effective")]
        row.append(" ".join(tr(SHORT[level], context="level") for level in one.levels))
        row += [", ".join(tr(WORKS[work]) for work in one.works_as)] if works else []
        rows.append([*row, _points(one.quality), _points(one.involvement)])
    keys = [f"{tr(short, context='level')} {lowered(level_name(level))}" for level, short in SHORT.items()]
    note = tr(
        "Levels: {levels}. Involvement: of patients and the public. Source: {review}.",
        levels=enumeration(keys),
        review=markdown(spec.review),
    )
    if not works:
        note += " " + tr("Whether a programme works by demands or by resources is not known here.")
    return Table(columns, rows, notes=[Markdown(note)])


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
        at = enumeration([lowered(level_name(level)) for level in found.levels]) or tr("not said")
        rows.append(
            [
                found.row.question,
                label_alone(strength_of(found.row)),
                lines(found.target, f"({at})"),
                _near(found, number),
            ]
        )
    columns = [tr("Question"), tr("In this cohort"), tr("Target (levels)"), tr("Published: programmes by effect")]
    note = tr("Numbers as in the table of published programmes; a programme for several targets counts for each.")
    return Table(columns, rows, notes=[note])


def _near(found: BesidePublished, number: dict[Published, int]) -> Cell:
    parts = []
    for effect, n in found.effects.items():
        which = ", ".join(str(number[one]) for one in found.near if one.effective == effect)
        parts.append(f"{_counted(effect, n)} ({which})")
    return lines(*parts) if parts else tr("None of the same target at these levels")


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
