"""Cells into values: responses, group levels and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from braid.cleaning import rules
from braid.cleaning.column import MISSING, Judge, Verdict, judged
from braid.cleaning.log import Log
from braid.errors import UserError
from braid.intake import RawTable
from braid.study import Characteristic, did_you_mean
from braid.study.cohort import Cell
from braid.study.model import Instrument


@dataclass(frozen=True)
class Gaps:
    """The cells that hold no value, folded: those that mean missing, and those by which an item does not apply."""

    missing: frozenset[str]
    not_applicable: frozenset[str]

    @classmethod
    def declared(cls, missing: Iterable[object], not_applicable: Iterable[object] = ()) -> Gaps:
        """From the codes of cohort.yml; -999 also stands for -999.0, and an empty cell is always missing."""
        apart = folded_cells(not_applicable)
        return cls((folded_cells(missing) | {""}) - apart, apart)

    def rule(self, cell: str, of_file: frozenset[str]) -> str:
        """Why a cell holds no value; empty where it holds one. of_file: codes that the file itself declares."""
        folded = fold(cell)
        if folded in self.not_applicable:
            return rules.NOT_APPLICABLE
        if folded in self.missing:
            return rules.CODE
        return rules.CODE_OF_FILE if cell in of_file else ""


def folded_cells(cells: Iterable[object]) -> frozenset[str]:
    """Cells of cohort.yml as they are looked up: folded text; 3 also stands for 3.0."""
    words = set()
    for cell in cells:
        words.add(fold(str(cell)))
        if isinstance(cell, int | float):
            words.add(f"{float(cell)}")
    return frozenset(words)


def fold(cell: str) -> str:
    """A cell for looking up: no white space around, one space inside, small letters."""
    return " ".join(cell.casefold().split())


def number(cell: str) -> float | None:
    """A cell as a number, with a decimal point or a decimal comma; None where it is not one."""
    try:
        value = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def responses(
    table: RawTable,
    column: str,
    instrument: Instrument,
    answers: Mapping[Cell, int],
    gaps: Gaps,
    log: Log,
) -> pd.Series[float]:
    """Answers on a labelled response scale as numbers (NaN = missing), indexed by row.

    answers: what cells mean that are neither the scale's numbers nor its labels; they come first. Words are found
    among the scale's labels whatever their case, and so are the labels that the file gives its codes. A number
    outside of the scale becomes missing and is logged. Raises UserErrors for words the scale does not have.
    """
    words = {fold(label): float(value) for value, label in instrument.responses.items()}
    given = {word: float(value) for cell, value in answers.items() for word in folded_cells([cell])}
    labels = table.values.get(column, {})
    allowed = set(range(instrument.minimum, instrument.maximum + 1))

    def judge(cell: str) -> Verdict | None:
        key = fold(cell)
        if key in given:
            return given[key], rules.ANSWER
        value = number(cell)
        if value is None:
            if key in words:
                return words[key], rules.RESPONSE
            if fold(labels.get(cell, "")) in words:
                return words[fold(labels[cell])], rules.FILE_LABEL
            return None
        if value not in allowed:
            return MISSING, rules.OUTSIDE.format(low=instrument.minimum, high=instrument.maximum)
        return value, ""

    def wrong(cell: str) -> UserError:
        return UserError(
            "this is not a response of the scale",
            found=repr(cell),
            expected=f"{instrument.minimum} to {instrument.maximum}, or a label of the scale",
            todo=f"{did_you_mean(cell, list(instrument.responses.values()))}; or say in cohort.yml what it means, "
            "under `answers` of this wave, or add it to `missing`",
        )

    return judged(table, column, log, _with_gaps(table, column, gaps, judge), wrong).astype(float)


def levels(
    table: RawTable,
    column: str,
    spec: Characteristic,
    values: dict[str, str],
    gaps: Gaps,
    log: Log,
) -> pd.Series[str]:
    """Group levels by their names in the study (missing = NaN), indexed by row.

    values: cells with a meaning of their own, folded. Raises UserErrors for a level that is not known.
    """
    known = {fold(name): name for name in spec.levels}
    known |= {fold(label): name for name, label in spec.levels.items()}
    labels = table.values.get(column, {})

    def judge(cell: str) -> Verdict | None:
        key = fold(cell)
        if key in values:
            return values[key], rules.VALUE
        if key in known:
            return known[key], "" if cell in spec.levels else rules.LEVEL
        if fold(labels.get(cell, "")) in known:
            return known[fold(labels[cell])], rules.FILE_LABEL
        return None

    def wrong(cell: str) -> UserError:
        return UserError(
            "this level is not known",
            found=repr(cell),
            expected=", ".join(spec.levels),
            todo=f"{did_you_mean(cell, list(spec.levels))}; or say what it means under `values` in cohort.yml",
        )

    return judged(table, column, log, _with_gaps(table, column, gaps, judge), wrong).astype("str")


def numbers(table: RawTable, column: str, spec: Characteristic, gaps: Gaps, log: Log) -> pd.Series[float]:
    """A number about each person (NaN = missing), indexed by row; outside of its bounds it becomes missing.

    Raises UserErrors for a cell that is no number.
    """
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum

    def judge(cell: str) -> Verdict | None:
        value = number(cell)
        if value is None:
            return None
        return (
            (value, "") if low <= value <= high else (MISSING, rules.OUTSIDE.format(low=f"{low:g}", high=f"{high:g}"))
        )

    def wrong(cell: str) -> UserError:
        return UserError(
            "this is not a number",
            found=repr(cell),
            todo="mend the cell, or add it to `missing` in cohort.yml",
        )

    return judged(table, column, log, _with_gaps(table, column, gaps, judge), wrong).astype(float)


def _with_gaps(table: RawTable, column: str, gaps: Gaps, judge: Judge) -> Judge:
    """The judge, after the cells that hold no value."""
    of_file = table.missing.get(column, frozenset())

    def judged_first(cell: str) -> Verdict | None:
        rule = gaps.rule(cell, of_file)
        return (MISSING, rule if cell else "") if rule else judge(cell)

    return judged_first
