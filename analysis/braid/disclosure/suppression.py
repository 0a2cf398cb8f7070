"""Small cells hidden, and as many others as it takes that nobody can work them out.

What is guaranteed, for one table at a time: from everything that stays published, with the totals and the
knowledge that counts are whole numbers of at least 0, every hidden count can still take two values or more.
So none is a sum or difference of published ones. Where all hidden counts are above 0, it holds even against a
reader who knows that (a hidden 1 and 1 beside the total 2 would give both away).
What is not: counts published in another table, and what somebody knows from elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from braid.errors import UserError

Cell = tuple[Hashable, ...]
Margin = Literal["rows", "columns", "total"]

THRESHOLD = 5
_TOTAL = ("total",)


@dataclass(frozen=True)
class SuppressedCounts:
    """Counts of one partition as they may be published: NA in `counts` and None in `total` where hidden.

    override: why nothing was hidden although cells are small; empty where the rule was applied.
    """

    counts: pd.Series[int]
    total: int | None
    threshold: int
    override: str = ""


@dataclass(frozen=True)
class SuppressedTable:
    """A two-way table of counts as it may be published: NA in cells and margins, None in `total`, where hidden."""

    cells: pd.DataFrame
    row_totals: pd.Series[int]
    column_totals: pd.Series[int]
    total: int | None
    threshold: int
    override: str = ""


def suppress(
    counts: pd.Series[int], threshold: int = THRESHOLD, *, public_total: bool = False, override: str = ""
) -> SuppressedCounts:
    """Hide counts of 1 to threshold - 1 in a list of counts that add up to its total.

    public_total: the total stands elsewhere already and cannot be hidden. override: a reason for showing
    everything all the same; it is kept with the result. Raises UserError where a public total gives a hidden
    count away whatever else is hidden, and ValueError for what is no count.
    """
    values: dict[Cell, int] = {("cell", i): _count(value) for i, value in enumerate(counts)}
    parts = list(values)
    values[_TOTAL] = sum(values.values())
    public = {_TOTAL} if public_total else set()
    hidden = set() if override else hide(values, [(_TOTAL, parts)], threshold, public)
    shown = pd.Series([_shown(values, part, hidden) for part in parts], index=counts.index, dtype="Int64")
    return SuppressedCounts(shown, _shown(values, _TOTAL, hidden), threshold, override)


def suppress_table(
    table: pd.DataFrame,
    threshold: int = THRESHOLD,
    *,
    public: Collection[Margin] = (),
    override: str = "",
) -> SuppressedTable:
    """Hide counts of 1 to threshold - 1 in a two-way table, its margins included.

    public: margins that stand elsewhere already (say, the size of each group) and cannot be hidden.
    override, and what is raised: as for `suppress`.
    """
    rows, columns = range(table.shape[0]), range(table.shape[1])
    values: dict[Cell, int] = {("cell", i, j): _count(table.iat[i, j]) for i in rows for j in columns}
    sums: list[tuple[Cell, list[Cell]]] = []
    for i in rows:
        sums.append((("row", i), [("cell", i, j) for j in columns]))
    for j in columns:
        sums.append((("column", j), [("cell", i, j) for i in rows]))
    for margin, parts in sums:
        values[margin] = sum(values[part] for part in parts)
    by_row: list[Cell] = [("row", i) for i in rows]
    by_column: list[Cell] = [("column", j) for j in columns]
    values[_TOTAL] = sum(values[row] for row in by_row)
    sums += [(_TOTAL, by_row), (_TOTAL, by_column)]
    fixed: set[Cell] = set()
    fixed |= set(by_row) if "rows" in public else set()
    fixed |= set(by_column) if "columns" in public else set()
    fixed |= {_TOTAL} if "total" in public else set()
    hidden = set() if override else hide(values, sums, threshold, fixed)
    return SuppressedTable(
        cells=pd.DataFrame(
            [[_shown(values, ("cell", i, j), hidden) for j in columns] for i in rows],
            index=table.index,
            columns=table.columns,
            dtype="Int64",
        ),
        row_totals=pd.Series([_shown(values, row, hidden) for row in by_row], index=table.index, dtype="Int64"),
        column_totals=pd.Series(
            [_shown(values, column, hidden) for column in by_column], index=table.columns, dtype="Int64"
        ),
        total=_shown(values, _TOTAL, hidden),
        threshold=threshold,
        override=override,
    )


def hide(
    values: dict[Cell, int],
    sums: Sequence[tuple[Cell, list[Cell]]],
    threshold: int,
    public: Collection[Cell] = (),
) -> set[Cell]:
    """Which counts to hide, given which add up to which.

    values: every count, totals included; sums: a total and its parts; public: counts that cannot be hidden.
    First the small ones; then, while a sum has a single hidden count or only one value fits one, another that
    stands in a sum with it: one that mends most sums, counts of 0 last, then the smallest. Raises UserError where
    public totals leave no way.
    """
    equations = [{total, *parts} for total, parts in sums]
    hidden = {cell for cell, value in values.items() if 0 < value < threshold and cell not in public}
    while True:
        alone = [equation for equation in equations if len(equation & hidden) == 1]
        exposed = set() if alone else set(known_from_outside(values, sums, hidden))
        if not alone and not exposed:
            return hidden
        near = alone or [equation for equation in equations if equation & exposed]
        free = [cell for cell in values if cell not in hidden and cell not in public]
        mending = {cell: sum(cell in equation for equation in near) for cell in free}
        if not any(mending.values()):
            break
        hidden.add(min(free, key=lambda cell: (mending[cell] == 0, values[cell] == 0, -mending[cell], values[cell])))
    # what a reader can exclude by knowing the rule is given up before the count itself is
    hidden |= set(free)
    if any(0 < values[cell] < threshold for cell in known_from_outside(values, sums, hidden, lowest=0)):
        raise UserError(
            "a count below the limit can be worked out from totals that are already public",
            expected=f"no count from 1 to {threshold - 1}, or totals that may be hidden",
            todo="merge levels, or record an override with its reason",
        )
    return hidden


def known_from_outside(
    values: dict[Cell, int],
    sums: Sequence[tuple[Cell, list[Cell]]],
    hidden: Collection[Cell],
    *,
    lowest: int | None = None,
) -> list[Cell]:
    """The hidden counts that only one value fits, given all others and the sums.

    Found exactly, by linear programming: the largest and the smallest value each can take. The equations are
    those of a network, whose extreme solutions are whole numbers. lowest: what a reader knows every hidden
    count to be at least; by default 1 where none of them is 0.
    """
    unknown = [cell for cell in values if cell in hidden]
    if not unknown:
        return []
    floor = lowest if lowest is not None else int(all(values[cell] > 0 for cell in unknown))
    place = {cell: i for i, cell in enumerate(unknown)}
    rows: list[npt.NDArray[np.float64]] = []
    constants: list[float] = []
    for total, parts in sums:
        row, constant = np.zeros(len(unknown)), 0.0
        for cell, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
            if cell in place:
                row[place[cell]] += sign
            else:
                constant -= sign * values[cell]
        if row.any():
            rows.append(row)
            constants.append(constant)
    ceiling = 2 * max(values.values()) + 10  # where a total is hidden, only this ends the search
    truth = np.array([values[cell] for cell in unknown], dtype=float)
    if not rows:
        return []
    open_ = np.zeros(len(unknown), dtype=bool)
    for i in range(len(unknown)):
        for sign in (1.0, -1.0):
            if open_[i]:
                break
            goal = np.zeros(len(unknown))
            goal[i] = sign
            answer = linprog(goal, A_eq=np.array(rows), b_eq=np.array(constants), bounds=(floor, ceiling))
            if answer.status != 0:
                raise RuntimeError(f"the check of a table's hidden counts failed: {answer.message}")
            # what another count takes in this solution is a second value for that one, too
            open_ |= np.abs(answer.x - truth) > 0.5
    return [cell for cell, free in zip(unknown, open_, strict=True) if not free]


def _count(value: object) -> int:
    number = float(str(value))
    if number < 0 or number != int(number):
        raise ValueError(f"{value!r} is not a count")
    return int(number)


def _shown(values: dict[Cell, int], cell: Cell, hidden: Collection[Cell]) -> int | None:
    return None if cell in hidden else values[cell]
