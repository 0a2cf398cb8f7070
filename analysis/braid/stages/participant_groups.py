"""Piece of stage `clean`: participants and their attendance, group beside group where the study says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from braid.disclosure import suppress_table
from braid.disclosure.suppression import Margin
from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.statistics.descriptive import Description, describe
from braid.statistics.proportion import proportion
from braid.study import Characteristic

if TYPE_CHECKING:
    from braid.stages.participants import Participants

_SIZES: tuple[Margin, ...] = ("columns",)
"""The size of each group stands in every table."""
MISSING = "missing"
UNKNOWN = N_("Missing", context="characteristics")
AT_LEAST = "atleast"
"""How the last part of the id of a record begins that counts who attended at least so many sessions."""
NO_ATTENDANCE = N_("No file says who attended how many sessions.")


@dataclass(frozen=True)
class Part:
    """One group of participants: its level's name ("" for everybody), its label, and who belongs to it."""

    name: str
    label: str
    people: pd.Index[str]


def parts(stage: Participants) -> list[Part]:
    """The groups that stand side by side; none where the study or the files do not part people."""
    by, people = stage.cohort.study.participants_by, stage.answered
    if by is None or by not in people.columns:
        return []
    levels = stage.cohort.study.characteristics[by].levels
    found = [Part(name, label, people.index[people[by] == name]) for name, label in levels.items()]
    return [part for part in found if len(part.people)]


def table(stage: Participants) -> Table:
    """Characteristics of the participants, a column for each group."""
    study, found = stage.cohort.study, parts(stage)
    rows: list[Row | Group] = []
    counts: list[pd.DataFrame] = []
    gaps = quartiles = False
    for name in stage.known:
        spec = study.characteristics[name]
        if name == study.participants_by:
            continue
        if spec.type == "number":
            described = [describe(stage.answered.loc[part.people, name]) for part in found]
            rows += number_rows(spec, described)
            gaps, quartiles = gaps or any(one.missing for one in described), True
            continue
        shown = _levels(stage, name)
        counts.append(shown)
        rows.append(Row((f"{spec.label}, n (%)", *[""] * len(found))))
        told = shown.drop(index=MISSING)
        known = [_sum(told[part.name]) for part in found]
        for level in told.index:
            cells = [_of(told.at[level, part.name], n) for part, n in zip(found, known, strict=True)]
            rows.append(Row((spec.levels[str(level)], *cells), indent=1))
        if (shown.loc[MISSING].fillna(1) > 0).any():
            gone = [_of(shown.at[MISSING, part.name], len(part.people)) for part in found]
            rows.append(Row((tr(UNKNOWN, context="characteristics"), *gone), indent=1))
            gaps = True
    columns = [Column(lines(part.label, f"(n = {numbers.whole(len(part.people))})"), "number") for part in found]
    told_below = [*notes(gaps=gaps, quartiles=quartiles), *_small(stage, counts)]
    return Table([Column(tr("Characteristic")), *columns], rows, notes=told_below)


def number_rows(spec: Characteristic, described: list[Description]) -> list[Row]:
    """The rows of a characteristic that is a number: mean ± SD, median (IQR), and who left it out, group by group."""
    unit = f", {spec.unit}" if spec.unit else ""
    quartiles = [
        f"{numbers.fixed(one.median, 1)} ({numbers.interval(one.q1, one.q3, 1, between='–')})"
        if one.n
        else numbers.MISSING
        for one in described
    ]
    rows = [
        Row((f"{spec.label}{unit}", *[""] * len(described))),
        Row((tr("Mean ± SD"), *(numbers.mean_sd(one.mean, one.sd) for one in described)), indent=1),
        Row((tr("Median (IQR)"), *quartiles), indent=1),
    ]
    if any(one.missing for one in described):
        missing = (numbers.count_percent(one.missing, one.n + one.missing) for one in described)
        rows.append(Row((tr(UNKNOWN, context="characteristics"), *missing), indent=1))
    return rows


def notes(*, gaps: bool, quartiles: bool) -> list[str]:
    """What stands below a table of characteristics: what percentages are of, where there are gaps; what IQR is."""
    said = []
    if gaps:
        said.append(tr("Percentages are of the people whose answer is known; those of missing answers are of all."))
    if quartiles:
        said.append(tr("IQR: interquartile range."))
    return said


def _levels(stage: Participants, name: str) -> pd.DataFrame:
    """People of each level (and those whose answer is missing) in each group, as they may be shown."""
    levels = [*stage.cohort.study.characteristics[name].levels, MISSING]
    values = stage.answered[name].astype("object").where(stage.answered[name].notna(), MISSING)
    frame = pd.DataFrame(
        {part.name: [int((values.loc[part.people] == level).sum()) for level in levels] for part in parts(stage)},
        index=levels,
    )
    return _shown(stage, frame)


def _shown(stage: Participants, counts: pd.DataFrame) -> pd.DataFrame:
    """Counts by group without small ones; the size of each group is public."""
    smallest = stage.cohort.study.disclosure.smallest
    override = stage.cohort.small_counts_shown
    return suppress_table(counts, smallest, public=_SIZES, override=override).cells


def _small(stage: Participants, tables: list[pd.DataFrame]) -> list[str]:
    """What a reader must know of small counts: that some are hidden, or why they are shown."""
    smallest, because = stage.cohort.study.disclosure.smallest, stage.cohort.small_counts_shown
    if any(table.isna().any(axis=None) for table in tables):
        return [
            tr(
                "A dash stands where a number would tell of fewer than {n} people, or would give such a number away.",
                n=str(smallest),
            )
        ]
    small = any(((table > 0) & (table < smallest)).any(axis=None) for table in tables)
    if not small or not because:
        return []
    return [" ".join([tr("Counts of fewer than {n} people are shown.", n=str(smallest)), because])]


def not_shown(stage: Participants) -> Record:
    """How many counts of people are hidden in the tables that set groups beside each other."""
    by = stage.cohort.study.participants_by
    specs = stage.cohort.study.characteristics
    named = [name for name in stage.known if name != by and specs[name].type != "number"] if parts(stage) else []
    hidden = sum(int(_levels(stage, name).isna().to_numpy().sum()) for name in named)
    return Record(
        "disclosure.people", str(hidden), hidden, unit="counts", method="counts of people below the threshold"
    )


def _sum(column: pd.Series[int]) -> int | None:
    return None if column.isna().any() else int(column.sum())


def _or_none(count: object) -> int | None:
    return None if pd.isna(count) else int(str(count))  # type: ignore[call-overload]


def _of(count: object, n: int | None) -> str:
    k = _or_none(count)
    if k is None or not n:
        return numbers.whole(k)
    return numbers.count_percent(k, n)


def started(stage: Participants) -> list[Part]:
    """Those who attended at least one session, group by group; everybody as one where there are no groups."""
    held = stage.data.attendance
    if held is None:
        return []
    there = held.index[held > 0]
    groups = parts(stage) or [Part("", "", there)]
    found = [Part(one.name, one.label, one.people.intersection(there)) for one in groups]
    return [one for one in found if len(one.people)]


def bands(stage: Participants) -> pd.DataFrame:
    """People of each group by how many sessions they attended, as they may be shown: fewest first, all of them last.

    The index is the fewest sessions of each band.
    """
    spec, held = stage.cohort.spec.attendance, stage.data.attendance
    assert spec is not None and held is not None
    edges = [1, *(step for step in spec.steps if step > 1)]
    ends = [*(step - 1 for step in edges[1:]), spec.of]
    counts = {
        part.name: [int(held.loc[part.people].between(low, high).sum()) for low, high in zip(edges, ends, strict=True)]
        for part in started(stage)
    }
    return _shown(stage, pd.DataFrame(counts, index=edges))


@needs(started, NO_ATTENDANCE)
def attendance(stage: Participants) -> Prose:
    """How many sessions were attended, in words."""
    return Prose(Markdown(" ".join([summary(stage), tr("@tbl-attendance shows all counts.")])))


def summary(stage: Participants) -> str:
    """How many sessions each group attended, in a sentence each (ready markdown)."""
    return " ".join(_attended(stage, part) for part in started(stage))


def _reach(low: int, high: int) -> str:
    """Numbers of sessions from low to below high: `5`, `6 or 7`, `1 to 4`."""
    if high == low + 1:
        return str(low)
    if high == low + 2:
        return tr("{low} or {high}", low=str(low), high=str(high - 1))
    return tr("{low} to {high}", low=str(low), high=str(high - 1))


def _attended(stage: Participants, part: Part) -> str:
    spec, held, counts = stage.cohort.spec.attendance, stage.data.attendance, bands(stage)[part.name]
    assert spec is not None and held is not None
    n, edges = len(part.people), list(counts.index)
    found = describe(held.loc[part.people])
    fields = {
        "who": markdown(part.label) or tr("Participants"),
        "n": str(n),
        "mean": numbers.mean_sd(found.mean, found.sd),
        "of": str(spec.of),
    }
    if counts.isna().any():
        return tr("{who} who started (n = {n}) attended {mean} of {of} sessions.", **fields)
    least = next(edge for edge in edges if counts[edge])
    every = int(counts[spec.of])
    if least == spec.of:
        return tr(
            "{who}: all {n} who started attended every one of the {of} sessions; on average {mean} of {of} sessions.",
            **fields,
        )
    if least > edges[0] and every:
        return tr(
            "{who}: all {n} who started attended at least {least} of the {of} sessions, and {every} of them every one; "
            "on average {mean} of {of} sessions.",
            least=str(least),
            every=str(every),
            **fields,
        )
    if least > edges[0]:
        return tr(
            "{who}: all {n} who started attended at least {least} of the {of} sessions; on average {mean} of {of} "
            "sessions.",
            least=str(least),
            **fields,
        )
    said = [tr("{every} of the {n} who started attended every session", every=str(every), n=str(n))] if every else []
    for low, high in reversed(list(pairwise(edges))):
        if counts[low]:
            said.append(_came(int(counts[low]), low, high, first=not said))
    return tr("{who}: {counts}; on average {mean} of {of} sessions.", counts=enumeration(said), **fields)


def _came(n: int, low: int, high: int, *, first: bool) -> str:
    """How many attended from low to below high sessions; what comes after the first leaves the verb out."""
    if low == 1 and first:
        return tr("{n} attended fewer than {most}", n=str(n), most=str(high))
    if low == 1:
        return tr("{n} fewer than {most}", context="attended", n=str(n), most=str(high))
    if first:
        return tr("{n} attended {sessions}", n=str(n), sessions=_reach(low, high))
    return tr("{n} {sessions}", context="attended", n=str(n), sessions=_reach(low, high))


@needs(started, NO_ATTENDANCE)
def attendance_table(stage: Participants) -> Table:
    """Sessions attended by those who started, group beside group."""
    spec, held = stage.cohort.spec.attendance, stage.data.attendance
    assert spec is not None and held is not None
    groups, counts = started(stage), bands(stage)
    edges = list(counts.index)
    rows: list[Row | Group] = []
    for low, high in reversed(list(zip(edges, [*edges[1:], spec.of + 1], strict=True))):
        label = tr("All {n}", n=str(spec.of)) if low == spec.of else _reach(low, high)
        rows.append(Row((label, *(_of(counts.at[low, one.name], len(one.people)) for one in groups))))
    described = [describe(held.loc[one.people]) for one in groups]
    rows.append(Row((tr("Mean ± SD"), *(numbers.mean_sd(one.mean, one.sd) for one in described))))
    columns = [
        Column(lines(*filter(None, [one.label]), f"(n = {numbers.whole(len(one.people))})"), "number") for one in groups
    ]
    told = [tr("People who attended at least one session; n (%)."), *_small(stage, [counts])]
    return Table([Column(tr("Sessions attended", context="column")), *columns], rows, notes=told)


def records(stage: Participants) -> list[Record]:
    """Attendance of each group: every session, at least so many, fewer than the least number told."""
    spec = stage.cohort.spec.attendance
    if spec is None or not started(stage):
        return []
    counts, found = bands(stage), [Record("attendance.summary", summary(stage), cell="txt-attendance")]
    for part in started(stage):
        n, column = len(part.people), counts[part.name]
        stem = f"attendance.{(part.name or 'everybody').lower()}"
        fields = {"who": markdown(part.label or tr("Participants")), "of": str(spec.of)}
        told = [("all", column.loc[spec.of :], tr("{who}: attended all {of} sessions", **fields))]
        for step in spec.steps[:-1]:
            label = tr("{who}: attended at least {n} of {of} sessions", n=str(step), **fields)
            told.append((f"{AT_LEAST}{step}", column.loc[step:], label))
        low = next(iter(spec.steps))
        if low > 1:
            label = tr("{who}: attended fewer than {n} of {of} sessions", n=str(low), **fields)
            told.append(("fewer", column.loc[: low - 1], label))
        for name, cells, label in told:
            k = _sum(cells)
            share = proportion(k, n) if k is not None else None
            if k is None:
                text = tr("number not shown")
            else:
                text = tr("{k} of {n} ({share})", k=str(k), n=str(n), share=numbers.percent(k, n))
            found.append(
                Record(
                    f"{stem}.{name}",
                    text,
                    share.share if share else None,
                    share.low if share else None,
                    share.high if share else None,
                    n,
                    unit="share of people who started",
                    method="Wilson interval",
                    cell="tbl-attendance",
                    parts={"label": label},
                )
            )
    return found
