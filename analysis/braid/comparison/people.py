"""Piece of a comparison: who took part in each cohort, how many stayed, and whether they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from braid.disclosure import suppress_table
from braid.disclosure.suppression import Margin
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.records import Record
from braid.stages import participant_groups
from braid.stages.opening import fact, needs
from braid.statistics.descriptive import describe
from braid.statistics.effect_size import standardised_mean_difference
from braid.statistics.samples import Estimate, Floats, as_floats

if TYPE_CHECKING:
    from braid.comparison.compared import Compared, Side

TWO = 2
SIZES: tuple[Margin, ...] = ("columns",)
"""How many people there are in a group stands elsewhere already."""
NOTABLE = 0.2
"""A standardised difference that is worth naming: small by Cohen's convention, and usual for balance of groups."""
UNKNOWN = "The cohorts' files hold no characteristics that could be set side by side."
STRANDS = {
    "change": "estimate of change",
    "form": "evaluation form",
    "interviews": "coded interviews",
}


def description(stage: Compared) -> Prose:
    """Each cohort in a few sentences, and which strands are missing where."""
    blocks = []
    for side in stage.sides:
        spec = side.people.cohort.spec
        where = f", {markdown(spec.setting)}" if spec.setting else ""
        said = f"**{markdown(side.name)}** ({markdown(spec.title)}{where}). {side.people.summary()}"
        lacks = [name for strand, name in STRANDS.items() if not getattr(side, f"has_{strand}")]
        if lacks:
            said += f" This cohort has no {enumeration(lacks, 'and no')}."
        blocks.append(Markdown(said))
    return Prose(*blocks, Markdown("@tbl-flow shows how many took part at each step."))


def flow(stage: Compared) -> Table:
    """People at each step, cohort by cohort."""
    steps: dict[str, dict[str, str]] = {}
    for side in stage.sides:
        for label, text in _steps(stage, side):
            steps.setdefault(label, {})[side.name] = text
    rows = [[label, *(found.get(name, numbers.MISSING) for name in stage.names)] for label, found in steps.items()]
    columns = [Column("People"), *(Column(name, "number") for name in stage.names)]
    notes = ["A dash stands where a cohort has no such step, or nobody wrote down how many there were."]
    return Table(columns, rows, notes=notes if any(numbers.MISSING in row for row in rows) else ())


def _steps(stage: Compared, side: Side) -> list[tuple[str, str]]:
    """Labels and counts, in the order of the study; shares are of those invited."""
    spec, data, people = side.people.cohort.spec, side.people.data, side.people
    found: list[tuple[str, str]] = []
    if spec.invited is not None:
        found.append(("Invited", numbers.whole(spec.invited)))
    if people.has_people:
        n = len(people.answered)
        share = spec.invited is not None and n <= spec.invited
        label = "In the survey" if people.has_survey else "Enrolled"
        found.append((label, numbers.count_percent(n, spec.invited) if share else numbers.whole(n)))
    for wave, label in stage.study.waves.items():
        if wave in data.waves:
            found.append((f"Answered {label.lower()}", numbers.whole(len(data.waves[wave]))))
    if side.has_change and side.strands.change.paired:
        found.append(("Answered both times", numbers.whole(len(people.paired))))
    if data.satisfaction is not None:
        found.append(("Evaluation forms", numbers.whole(len(data.satisfaction))))
    if people.interviewees is not None:
        found.append(("In interviews", numbers.whole(len(people.interviewees))))
    return found


@dataclass(frozen=True)
class Feature:
    """One characteristic, or one level of it, in every cohort. apart: standardised difference of two cohorts."""

    label: str
    texts: tuple[str, ...]
    apart: Estimate | None
    heading: bool = False


def features(stage: Compared) -> list[Feature]:
    """What is known of the people, in the study's order; nothing where fewer than two cohorts know anything."""
    if sum(side.people.has_people and bool(side.people.known) for side in stage.sides) < TWO:
        return []
    found = []
    for name, spec in stage.study.characteristics.items():
        if not any(_knows(side, name) for side in stage.sides):
            continue
        if spec.type == "number":
            unit = f", {spec.unit}" if spec.unit else ""
            found.append(Feature(f"{spec.label}{unit}, mean ± SD", *_means(stage.sides, name)))
            continue
        found.append(Feature(f"{spec.label}, n (%)", ("",) * len(stage.sides), None, heading=True))
        counts = [_level_counts(side, name) if _knows(side, name) else None for side in stage.sides]
        levels: dict[str, str] = {}
        for side in stage.sides:  # a cohort with its own study may know further levels
            own = side.people.cohort.study.characteristics.get(name)
            levels |= {level: label for level, label in (own.levels if own else {}).items() if level not in levels}
        found += [_level(label, [_share(one, level) for one in counts]) for level, label in levels.items()]
    return found


def _knows(side: Side, name: str) -> bool:
    return side.people.has_people and name in side.people.known


def _means(sides: Sequence[Side], name: str) -> tuple[tuple[str, ...], Estimate | None]:
    values = [side.people.answered[name].dropna().astype(float) if _knows(side, name) else None for side in sides]
    texts = []
    for column in values:
        found = None if column is None else describe(column)
        texts.append(numbers.MISSING if found is None else numbers.mean_sd(found.mean, found.sd))
    return tuple(texts), _apart([None if column is None else as_floats(column) for column in values])


def _level_counts(side: Side, name: str) -> pd.Series:
    """People of each level, as they may be shown: what a cohort's own tables of groups hide stays hidden."""
    people, study = side.people, side.people.cohort.study
    levels = [*study.characteristics[name].levels, participant_groups.MISSING]
    column = people.answered[name].astype("object")
    values = column.where(column.notna(), participant_groups.MISSING)
    groups = {part.name: part.people for part in participant_groups.parts(people)}
    in_none = values.index.difference(pd.Index([person for members in groups.values() for person in members]))
    if len(in_none):
        groups[""] = in_none
    counts = {group: [int((values.loc[who] == level).sum()) for level in levels] for group, who in groups.items()}
    return suppress_table(
        pd.DataFrame(counts, index=levels),
        study.disclosure.smallest,
        public=SIZES,
        override=people.cohort.small_counts_shown,
    ).row_totals


def _share(counts: pd.Series | None, level: str) -> tuple[int, int | None] | None:
    """People of a level, and of how many whose level is known (None: not shown); None where it is not shown."""
    if counts is None or level not in counts.index or pd.isna(counts[level]):
        return None
    told = counts.drop(participant_groups.MISSING)
    return int(counts[level]), None if told.isna().any() else int(told.sum())


def _level(label: str, shares: Sequence[tuple[int, int | None] | None]) -> Feature:
    texts: list[str] = []
    samples: list[Floats | None] = []
    for share in shares:
        if share is None or not share[1]:
            texts.append(numbers.MISSING if share is None else numbers.whole(share[0]))
            samples.append(None)
            continue
        texts.append(numbers.count_percent(*share))
        samples.append(np.repeat([1.0, 0.0], [share[0], share[1] - share[0]]))
    return Feature(label, tuple(texts), _apart(samples))


def _apart(samples: Sequence[Floats | None]) -> Estimate | None:
    """The second cohort minus the first; None where there are more than two, or one has nothing."""
    if len(samples) != TWO or samples[0] is None or samples[1] is None:
        return None
    return standardised_mean_difference(samples[1], samples[0])


@needs(features, UNKNOWN)
def characteristics_description(stage: Compared) -> Prose:
    """Whether the people are alike, in words."""
    text = "@tbl-characteristics sets the people side by side."
    if len(stage.sides) == TWO:
        text += f" {_alike(features(stage))}"
    return Prose(Markdown(text))


def _alike(rows: Sequence[Feature]) -> str:
    of, apart = "", []
    for row in rows:
        of = row.label.removesuffix(", n (%)") if row.heading else of
        size = row.apart.estimate if row.apart else None
        if size is not None and abs(size) >= NOTABLE:
            apart.append(markdown(row.label.split(", ")[0] if "mean ±" in row.label else of).lower())
    names = list(dict.fromkeys(apart))
    if not names:
        return f"No characteristic differs by {NOTABLE:g} standard deviations or more."
    return (
        f"The cohorts differ by {NOTABLE:g} standard deviations or more in {enumeration(names)}; who took part is "
        "therefore one possible reason for any difference between them."
    )


@needs(features, UNKNOWN)
def characteristics(stage: Compared) -> Table:
    """Mean ± SD or n (%) of each characteristic, cohort by cohort."""
    rows: list[Row] = []
    two = len(stage.sides) == TWO
    below = False
    for row in features(stage):
        below = row.heading or (below and "mean ±" not in row.label)
        cells: list[Cell] = [row.label, *row.texts]
        if two:
            found = row.apart
            known = found is not None and found.estimate is not None
            cells.append(numbers.fixed(found.estimate) if found and known else "" if row.heading else numbers.MISSING)
        rows.append(Row(tuple(cells), indent=int(below and not row.heading)))
    columns = [Column("Characteristic")]
    for side in stage.sides:
        size = [f"(n = {numbers.whole(len(side.people.answered))})"] if side.people.has_people else []
        columns.append(Column(lines(side.name, *size), "number"))
    notes = ["Percentages are of the people whose answer is known."]
    if any(numbers.MISSING in row.texts for row in features(stage)):
        notes.append("A dash stands where a cohort did not ask, or where a number would tell of few people.")
    if two:
        columns.append(Column("SMD", "number"))
        notes.append("SMD: standardised mean difference, second cohort minus first.")
    return Table(columns, rows, notes=notes)


def records(stage: Compared) -> list[Record]:
    """What the comparison is of, and who took part."""
    study = stage.study
    named = [
        f"{markdown(side.name)} ({counted(len(side.people.answered), 'person', 'people')} in the survey)"
        if side.people.has_survey
        else f"{markdown(side.name)} (no survey)"
        for side in stage.sides
    ]
    found = [
        fact("characteristics", bool(features(stage)), "comparison"),
        fact("synthetic", stage.comparison.synthetic, "comparison"),
        Record("study.question", markdown(study.question)),
        Record("study.design", markdown(study.design)),
        Record(
            "study.programme",
            f"{markdown(study.programme.name)} was offered to {markdown(study.programme.participants)}.",
        ),
        Record("compare.cohorts", enumeration(named), len(stage.sides), unit="cohorts"),
    ]
    for side in stage.sides:
        n = len(side.people.answered) if side.people.has_people else 0
        found.append(
            Record(f"compare.people.{side.name.lower()}", numbers.whole(n), n, n=n, unit="people", cell="tbl-flow")
        )
    return found
