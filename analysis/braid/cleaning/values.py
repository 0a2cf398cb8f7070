"""Cells into values: responses, group levels and numbers, each distinct cell judged once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from braid.cleaning.log import Log
from braid.errors import UserError, UserErrors
from braid.intake import RawTable
from braid.study import Characteristic, did_you_mean
from braid.study.model import Instrument

MISSING = math.nan


def missing_codes(codes: Iterable[object]) -> frozenset[str]:
    """The cells that mean missing, as folded text; -999 also stands for -999.0."""
    words = set()
    for code in codes:
        words.add(str(code).strip().casefold())
        if isinstance(code, int | float):
            words.add(f"{float(code)}")
    return frozenset(words | {""})


def number(cell: str) -> float | None:
    """A cell as a number, with a decimal point or a decimal comma; None where it is not one."""
    try:
        value = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def responses(
    table: RawTable, column: str, instrument: Instrument, codes: frozenset[str], log: Log
) -> pd.Series[float]:
    """Answers on a labelled response scale as numbers (NaN = missing), indexed by row.

    Words are found among the scale's labels whatever their case. A number outside of the scale becomes
    missing and is logged. Raises UserErrors for words the scale does not have.
    """
    words = {label.casefold(): float(value) for value, label in instrument.responses.items()}
    allowed = set(range(instrument.minimum, instrument.maximum + 1))

    def judge(cell: str) -> tuple[float, str] | UserError:
        value = number(cell)
        if value is None:
            key = " ".join(cell.casefold().split())
            if key in words:
                return words[key], "response label"
            return UserError(
                "this is not a response of the scale",
                found=repr(cell),
                expected=f"{instrument.minimum} to {instrument.maximum}, or a label of the scale",
                todo=f"{did_you_mean(cell, list(instrument.responses.values()))}; "
                "or add the word to `missing` in cohort.yml",
            )
        if value not in allowed:
            return MISSING, f"outside of {instrument.minimum} to {instrument.maximum}"
        return value, ""

    return _judged(table, column, codes, log, judge).astype(float)


def levels(
    table: RawTable,
    column: str,
    spec: Characteristic,
    values: dict[str, str],
    codes: frozenset[str],
    log: Log,
) -> pd.Series[str]:
    """Group levels by their names in the study (missing = NaN), indexed by row.

    values: cells with a meaning of their own, folded. Raises UserErrors for a level that is not known.
    """
    known = {name.casefold(): name for name in spec.levels}
    known |= {label.casefold(): name for name, label in spec.levels.items()}

    def judge(cell: str) -> tuple[str, str] | UserError:
        key = " ".join(cell.casefold().split())
        if key in values:
            return values[key], "value given in cohort.yml"
        if key in known:
            return known[key], "" if cell in spec.levels else "level label"
        return UserError(
            "this level is not known",
            found=repr(cell),
            expected=", ".join(spec.levels),
            todo=f"{did_you_mean(cell, list(spec.levels))}; or say what it means under `values` in cohort.yml",
        )

    return _judged(table, column, codes, log, judge).astype("str")


def numbers(table: RawTable, column: str, spec: Characteristic, codes: frozenset[str], log: Log) -> pd.Series[float]:
    """A number about each person (NaN = missing), indexed by row; outside of its bounds it becomes missing.

    Raises UserErrors for a cell that is no number.
    """
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum

    def judge(cell: str) -> tuple[float, str] | UserError:
        value = number(cell)
        if value is None:
            return UserError(
                "this is not a number",
                found=repr(cell),
                todo="mend the cell, or add it to `missing` in cohort.yml",
            )
        return (value, "") if low <= value <= high else (MISSING, f"outside of {low:g} to {high:g}")

    return _judged(table, column, codes, log, judge).astype(float)


def _judged(
    table: RawTable,
    column: str,
    codes: frozenset[str],
    log: Log,
    judge: Callable[[str], tuple[object, str] | UserError],
) -> pd.Series[Any]:
    """Apply `judge` once to each distinct cell, log what changed, and gather every error of the column."""
    cells = table.column(column)
    meaning: dict[str, object] = {}
    errors: list[UserError] = []
    for cell in cells.unique():
        if cell.casefold() in codes:
            meaning[cell] = np.nan
            if cell:
                log.add(table.name, column, cell, "missing", "declared missing code", cells.index[cells == cell])
            continue
        verdict = judge(cell)
        if isinstance(verdict, UserError):
            row = cells.index[cells == cell][0]
            errors.append(
                UserError(
                    verdict.message,
                    place=f"{table.name}: row {row}, column {column}",
                    found=verdict.found,
                    expected=verdict.expected,
                    todo=verdict.todo,
                )
            )
            continue
        value, rule = verdict
        meaning[cell] = value
        if rule:
            became = "missing" if value != value else f"{value:g}" if isinstance(value, float) else str(value)
            log.add(table.name, column, cell, became, rule, cells.index[cells == cell])
    if errors:
        raise UserErrors(errors)
    return cells.map(meaning).astype(object)
