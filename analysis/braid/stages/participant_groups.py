"""Piece of stage `clean`: participants and their attendance, group beside group where the study says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from braid.disclosure import suppress_table
from braid.disclosure.suppression import Margin
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import Prose
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
QUARTILES = "Median (IQR)"
OF_KNOWN = "Percentages are of the people whose answer is known; those of missing answers are of all."
AT_LEAST = "atleast"
"""How the last part of the id of a record begins that counts who attended at least so many sessions."""
NO_ATTENDANCE = "No file says who attended how many sessions."
HIDDEN = "A dash stands where a number would tell of fewer than {} people, or would give such a number away."
SHOWN = "Counts of fewer than {} people are shown. {}"


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
    for name in stage.known:
        spec = study.characteristics[name]
        if name == study.participants_by:
            continue
        if spec.type == "number":
            rows += number_rows(spec, [describe(stage.answered.loc[part.people, name]) for part in found])
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
            rows.append(Row(("Missing", *gone), indent=1))
    gaps = any(isinstance(row, Row) and row.cells[0] == "Missing" for row in rows)
    notes = [OF_KNOWN] if gaps else []
    columns = [Column(lines(part.label, f"(n = {numbers.whole(len(part.people))})"), "number") for part in found]
    return Table(["Characteristic", *columns], rows, notes=[*notes, *quartiles_named(rows), *_small(stage, counts)])


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
        Row(("Mean ± SD", *(numbers.mean_sd(one.mean, one.sd) for one in described)), indent=1),
        Row((QUARTILES, *quartiles), indent=1),
    ]
    if any(one.missing for one in described):
        missing = (numbers.count_percent(one.missing, one.n + one.missing) for one in described)
        rows.append(Row(("Missing", *missing), indent=1))
    return rows


def quartiles_named(rows: list[Row | Group]) -> list[str]:
    """What IQR stands for, where a row has one."""
    there = any(isinstance(row, Row) and row.cells[0] == QUARTILES for row in rows)
    return ["IQR: interquartile range."] if there else []


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
        return [HIDDEN.format(smallest)]
    small = any(((table > 0) & (table < smallest)).any(axis=None) for table in tables)
    return [SHOWN.format(smallest, because)] if small and because else []


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
    return Prose(Markdown(f"{summary(stage)} @tbl-attendance shows all counts."))


def summary(stage: Participants) -> str:
    """How many sessions each group attended, in a sentence each (ready markdown)."""
    return " ".join(_attended(stage, part) for part in started(stage))


def _reach(low: int, high: int) -> str:
    """Numbers of sessions from low to below high: `5`, `6 or 7`, `1 to 4`."""
    if high == low + 1:
        return str(low)
    return f"{low} {'or' if high == low + 2 else 'to'} {high - 1}"


def _attended(stage: Participants, part: Part) -> str:
    spec, held, counts = stage.cohort.spec.attendance, stage.data.attendance, bands(stage)[part.name]
    assert spec is not None and held is not None
    n, edges = len(part.people), list(counts.index)
    found = describe(held.loc[part.people])
    mean = f"; on average {numbers.mean_sd(found.mean, found.sd)} of {spec.of} sessions"
    who = markdown(part.label) or "Participants"
    if counts.isna().any():
        return f"{who} who started (n = {n}) attended {numbers.mean_sd(found.mean, found.sd)} of {spec.of} sessions."
    least = next(edge for edge in edges if counts[edge])
    every = int(counts[spec.of])
    if least > edges[0]:
        came = "every one" if least == spec.of else f"at least {least}"
        text = f"{who}: all {n} who started attended {came} of the {spec.of} sessions"
        return f"{text}{f', and {every} of them every one' if 0 < every < n else ''}{mean}."
    said = [f"{every} of the {n} who started attended every session"] if every else []
    for low, high in reversed(list(pairwise(edges))):
        if counts[low]:
            reach = f"fewer than {high}" if low == 1 else _reach(low, high)
            said.append(f"{int(counts[low])} {'attended ' if not said else ''}{reach}")
    return f"{who}: {', '.join(said[:-1])}{' and ' if len(said) > 1 else ''}{said[-1]}{mean}."


@needs(started, NO_ATTENDANCE)
def attendance_table(stage: Participants) -> Table:
    """Sessions attended by those who started, group beside group."""
    spec, held = stage.cohort.spec.attendance, stage.data.attendance
    assert spec is not None and held is not None
    groups, counts = started(stage), bands(stage)
    edges = list(counts.index)
    rows: list[Row | Group] = []
    for low, high in reversed(list(zip(edges, [*edges[1:], spec.of + 1], strict=True))):
        label = f"All {spec.of}" if low == spec.of else _reach(low, high)
        rows.append(Row((label, *(_of(counts.at[low, one.name], len(one.people)) for one in groups))))
    described = [describe(held.loc[one.people]) for one in groups]
    rows.append(Row(("Mean ± SD", *(numbers.mean_sd(one.mean, one.sd) for one in described))))
    columns = [
        Column(lines(*filter(None, [one.label]), f"(n = {numbers.whole(len(one.people))})"), "number") for one in groups
    ]
    notes = ["People who attended at least one session; n (%).", *_small(stage, [counts])]
    return Table(["Sessions attended", *columns], rows, notes=notes)


def records(stage: Participants) -> list[Record]:
    """Attendance of each group: every session, at least so many, fewer than the least number told."""
    spec = stage.cohort.spec.attendance
    if spec is None or not started(stage):
        return []
    counts, found = bands(stage), [Record("attendance.summary", summary(stage), cell="txt-attendance")]
    for part in started(stage):
        n, column = len(part.people), counts[part.name]
        stem, who = f"attendance.{(part.name or 'everybody').lower()}", part.label or "Participants"
        told = [("all", column.loc[spec.of :], f"attended all {spec.of} sessions")]
        told += [
            (f"{AT_LEAST}{s}", column.loc[s:], f"attended at least {s} of {spec.of} sessions") for s in spec.steps[:-1]
        ]
        low = next(iter(spec.steps))
        told += (
            [("fewer", column.loc[: low - 1], f"attended fewer than {low} of {spec.of} sessions")] if low > 1 else []
        )
        for name, cells, what in told:
            k = _sum(cells)
            share = proportion(k, n) if k is not None else None
            found.append(
                Record(
                    f"{stem}.{name}",
                    "number not shown" if k is None else f"{k} of {n} ({numbers.percent(k, n)})",
                    share.share if share else None,
                    share.low if share else None,
                    share.high if share else None,
                    n,
                    unit="share of people who started",
                    method="Wilson interval",
                    cell="tbl-attendance",
                    parts={"label": f"{markdown(who)}: {what}"},
                )
            )
    return found
