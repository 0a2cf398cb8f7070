"""Piece of a comparison: who took part in each cohort, how many stayed, and whether they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from braid.disclosure import suppress_table
from braid.disclosure.suppression import Margin
from braid.language import N_, lowered, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, enumeration
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
UNKNOWN = N_("The cohorts' files hold no characteristics that could be set side by side.")
STRANDS = {
    "change": N_("no estimate of change"),
    "form": N_("no evaluation form"),
    "interviews": N_("no coded interviews"),
}


def description(stage: Compared) -> Prose:
    """Each cohort in a few sentences, and which strands are missing where."""
    blocks = []
    for side in stage.sides:
        spec = side.people.cohort.spec
        where = ", ".join(markdown(part) for part in (spec.title, spec.setting) if part)
        said = [f"**{markdown(side.name)}** ({where}).", side.people.summary()]
        lacks = [tr(missing) for strand, missing in STRANDS.items() if not getattr(side, f"has_{strand}")]
        if lacks:
            said.append(tr("This cohort has {nothing}.", nothing=enumeration(lacks)))
        blocks.append(Markdown(" ".join(said)))
    return Prose(*blocks, Markdown(tr("@tbl-flow shows how many took part at each step.")))


def flow(stage: Compared) -> Table:
    """People at each step, cohort by cohort."""
    steps: dict[str, dict[str, str]] = {}
    for side in stage.sides:
        for label, text in _steps(stage, side):
            steps.setdefault(label, {})[side.name] = text
    rows = [[label, *(found.get(name, numbers.MISSING) for name in stage.names)] for label, found in steps.items()]
    columns = [Column(tr("People")), *(Column(name, "number") for name in stage.names)]
    notes = [tr("A dash stands where a cohort has no such step, or nobody wrote down how many there were.")]
    return Table(columns, rows, notes=notes if any(numbers.MISSING in row for row in rows) else ())


def _steps(stage: Compared, side: Side) -> list[tuple[str, str]]:
    """Labels and counts, in the order of the study; shares are of those invited."""
    spec, data, people = side.people.cohort.spec, side.people.data, side.people
    found: list[tuple[str, str]] = []
    if spec.invited is not None:
        found.append((tr("Invited"), numbers.whole(spec.invited)))
    if people.has_people:
        n = len(people.answered)
        share = spec.invited is not None and n <= spec.invited
        label = tr("In the survey") if people.has_survey else tr("Enrolled")
        found.append((label, numbers.count_percent(n, spec.invited) if share else numbers.whole(n)))
    for wave, label in stage.study.waves.items():
        if wave in data.waves:
            found.append((tr("Answered {wave}", wave=lowered(label)), numbers.whole(len(data.waves[wave]))))
    if side.has_change and side.strands.change.paired:
        found.append((tr("Answered both times"), numbers.whole(len(people.paired))))
    if data.satisfaction is not None:
        found.append((tr("Evaluation forms"), numbers.whole(len(data.satisfaction))))
    if people.interviewees is not None:
        found.append((tr("In interviews"), numbers.whole(len(people.interviewees))))
    return found


@dataclass(frozen=True)
class Feature:
    """One characteristic, or one level of it, in every cohort.

    of: the characteristic. apart: standardised difference of two cohorts.
    """

    of: str
    label: str
    texts: tuple[str, ...]
    apart: Estimate | None
    kind: Literal["mean", "heading", "level"]


def features(stage: Compared) -> list[Feature]:
    """What is known of the people, in the study's order; nothing where fewer than two cohorts know anything."""
    if sum(side.people.has_people and bool(side.people.known) for side in stage.sides) < TWO:
        return []
    found = []
    for name, spec in stage.study.characteristics.items():
        if not any(_knows(side, name) for side in stage.sides):
            continue
        if spec.type == "number":
            what = f"{spec.label}, {spec.unit}" if spec.unit else spec.label
            label = tr("{label}, mean ± SD", label=what)
            found.append(Feature(spec.label, label, *_means(stage.sides, name), "mean"))
            continue
        label = tr("{label}, n (%)", label=spec.label)
        found.append(Feature(spec.label, label, ("",) * len(stage.sides), None, "heading"))
        counts = [_level_counts(side, name) if _knows(side, name) else None for side in stage.sides]
        levels: dict[str, str] = {}
        for side in stage.sides:  # a cohort with its own study may know further levels
            own = side.people.cohort.study.characteristics.get(name)
            levels |= {level: label for level, label in (own.levels if own else {}).items() if level not in levels}
        found += [_level(spec.label, label, [_share(one, level) for one in counts]) for level, label in levels.items()]
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


def _level(of: str, label: str, shares: Sequence[tuple[int, int | None] | None]) -> Feature:
    texts: list[str] = []
    samples: list[Floats | None] = []
    for share in shares:
        if share is None or not share[1]:
            texts.append(numbers.MISSING if share is None else numbers.whole(share[0]))
            samples.append(None)
            continue
        texts.append(numbers.count_percent(*share))
        samples.append(np.repeat([1.0, 0.0], [share[0], share[1] - share[0]]))
    return Feature(of, label, tuple(texts), _apart(samples), "level")


def _apart(samples: Sequence[Floats | None]) -> Estimate | None:
    """The second cohort minus the first; None where there are more than two, or one has nothing."""
    if len(samples) != TWO or samples[0] is None or samples[1] is None:
        return None
    return standardised_mean_difference(samples[1], samples[0])


@needs(features, UNKNOWN)
def characteristics_description(stage: Compared) -> Prose:
    """Whether the people are alike, in words."""
    said = [tr("@tbl-characteristics sets the people side by side.")]
    if len(stage.sides) == TWO:
        said.append(_alike(features(stage)))
    return Prose(Markdown(" ".join(said)))


def _alike(rows: Sequence[Feature]) -> str:
    apart = [row.of for row in rows if row.apart and abs(row.apart.estimate or 0) >= NOTABLE]
    names = [lowered(markdown(label)) for label in dict.fromkeys(apart)]
    size = numbers.short(NOTABLE)
    if not names:
        return tr("No characteristic differs by {size} standard deviations or more.", size=size)
    return tr(
        "The cohorts differ by {size} standard deviations or more in {characteristics}; who took part is therefore one "
        "possible reason for any difference between them.",
        size=size,
        characteristics=enumeration(names),
    )


@needs(features, UNKNOWN)
def characteristics(stage: Compared) -> Table:
    """Mean ± SD or n (%) of each characteristic, cohort by cohort."""
    rows: list[Row] = []
    two = len(stage.sides) == TWO
    for row in features(stage):
        cells: list[Cell] = [row.label, *row.texts]
        if two:
            found = row.apart
            known = found is not None and found.estimate is not None
            cells.append(
                numbers.fixed(found.estimate) if found and known else "" if row.kind == "heading" else numbers.MISSING
            )
        rows.append(Row(tuple(cells), indent=int(row.kind == "level")))
    columns = [Column(tr("Characteristic"))]
    for side in stage.sides:
        size = [f"(n = {numbers.whole(len(side.people.answered))})"] if side.people.has_people else []
        columns.append(Column(lines(side.name, *size), "number"))
    notes = [tr("Percentages are of the people whose answer is known.")]
    if any(numbers.MISSING in row.texts for row in features(stage)):
        notes.append(tr("A dash stands where a cohort did not ask, or where a number would tell of few people."))
    if two:
        columns.append(Column(tr("SMD"), "number"))
        notes.append(tr("SMD: standardised mean difference, second cohort minus first."))
    return Table(columns, rows, notes=notes)


def records(stage: Compared) -> list[Record]:
    """What the comparison is of, and who took part."""
    study = stage.study
    named = [_named(side) for side in stage.sides]
    found = [
        fact("characteristics", bool(features(stage)), "comparison"),
        fact("synthetic", stage.comparison.synthetic, "comparison"),
        Record("study.question", markdown(study.question)),
        Record("study.design", markdown(study.design)),
        Record(
            "study.programme",
            tr(
                "{programme} was offered to {participants}.",
                programme=markdown(study.programme.name),
                participants=markdown(study.programme.participants),
            ),
        ),
        Record("compare.cohorts", enumeration(named), len(stage.sides), unit="cohorts"),
    ]
    for side in stage.sides:
        n = len(side.people.answered) if side.people.has_people else 0
        found.append(
            Record(f"compare.people.{side.name.lower()}", numbers.whole(n), n, n=n, unit="people", cell="tbl-flow")
        )
    return found


def _named(side: Side) -> str:
    if not side.people.has_survey:
        return tr("{cohort} (no survey)", cohort=markdown(side.name))
    n = len(side.people.answered)
    return ntr(
        "{cohort} ({n} person in the survey)",
        "{cohort} ({n} people in the survey)",
        n,
        cohort=markdown(side.name),
        n=numbers.whole(n),
    )
