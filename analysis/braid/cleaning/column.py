"""One column of a file, each of its distinct cells judged once; log and errors stay short however long the file is."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.cleaning import rules
from braid.cleaning.log import Log
from braid.errors import Place, UserError, UserErrors
from braid.intake import RawTable

MISSING = math.nan
SHOWN_WRONG = 5
"""How many different wrong cells of a column are told one by one."""
SHOWN_CHANGED = 20
"""How many different cells that one rule changed in a column are logged one by one."""

Verdict: TypeAlias = tuple[object, str]
"""What a cell means, and the rule by which it was changed (empty where it was not)."""
Judge: TypeAlias = Callable[[str], Verdict | None]
"""What a cell means; None where it is wrong."""


def judged(table: RawTable, column: str, log: Log, judge: Judge, wrong: Callable[[str], UserError]) -> pd.Series[Any]:
    """What the cells of a column mean, indexed by row.

    Each distinct cell is judged once, and what changed is logged. Raises UserErrors with what `wrong` says of the
    first cells that are wrong, and how many others there are.
    """
    cells = table.column(column)
    places, distinct = pd.factorize(cells.to_numpy(dtype=object))
    rows = _Rows(cells.index, places, len(distinct))
    meaning: list[object] = []
    unknown: list[int] = []
    changed: dict[str, list[tuple[int, str]]] = {}
    for place, cell in enumerate(distinct):
        verdict = judge(cell)
        if verdict is None:
            unknown.append(place)
            continue
        value, rule = verdict
        meaning.append(value)
        if rule:
            became = rules.MISSING if value != value else f"{value:g}" if isinstance(value, float) else str(value)
            alike = changed.setdefault(rule, [])
            alike.append((place, became))
            if len(alike) <= SHOWN_CHANGED:
                log.add(table.name, column, cell, became, rule, rows.of(place))
    if unknown:
        errors = [
            _placed(wrong(distinct[place]), table.name, column, rows.of(place)) for place in unknown[:SHOWN_WRONG]
        ]
        others = [rows.of(place) for place in unknown[SHOWN_WRONG:]]
        raise UserErrors([*errors, *([_others(table.name, column, others)] if others else [])])
    for rule, alike in changed.items():
        if len(alike) > SHOWN_CHANGED:
            _log_others(log, table.name, column, rule, alike[SHOWN_CHANGED:], rows)
    return pd.Series(np.array(meaning, dtype=object)[places], index=cells.index, dtype=object)


class _Rows:
    """The rows in which each distinct cell of a column stands: one sort for all of them, when first asked."""

    def __init__(self, index: pd.Index, places: npt.NDArray[np.intp], distinct: int) -> None:
        self.index = index
        self.places = places
        self.distinct = distinct

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        # integers of two bytes are sorted in one pass
        short = self.places.astype(np.min_scalar_type(self.distinct))
        order = np.argsort(short, kind="stable")
        ends = np.cumsum(np.bincount(self.places, minlength=self.distinct))
        return self.index.to_numpy(dtype=np.int64)[order], ends

    def of(self, place: int) -> npt.NDArray[np.int64]:
        """The rows that hold the distinct cell at `place`, in their order."""
        rows, ends = self._sorted
        return rows[ends[place - 1] if place else 0 : ends[place]]


def _placed(error: UserError, file: str, column: str, rows: npt.NDArray[np.int64]) -> UserError:
    """The error at the first of its rows, and in how many rows the cell stands where it is more than one."""
    return UserError(
        error.message,
        place=Place(file, row=int(rows[0]), column=column),
        found=f"{error.found} in {len(rows)} rows" if len(rows) > 1 else error.found,
        expected=error.expected,
        todo=error.todo,
    )


def _others(file: str, column: str, rows: list[npt.NDArray[np.int64]]) -> UserError:
    """What stands for the wrong cells of a column that are not told one by one."""
    return UserError(
        f"{len(rows)} other cells of this column are wrong in such a way, in {sum(map(len, rows))} rows",
        place=Place(file, row=min(int(some[0]) for some in rows), column=column),
        todo="mend the first ones; where the whole column holds something else, mend its name in cohort.yml",
    )


def _log_others(log: Log, file: str, column: str, rule: str, others: list[tuple[int, str]], rows: _Rows) -> None:
    """One line of the log for the cells that a rule changed beyond those that are logged one by one."""
    kinds = {became for _, became in others}
    became = kinds.pop() if len(kinds) == 1 else rules.VALUES.format(n=len(kinds))
    where = np.concatenate([rows.of(place) for place, _ in others])
    log.add(file, column, rules.OTHERS.format(n=len(others)), became, rule, where)
