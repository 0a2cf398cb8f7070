"""What a reader leaves out of a table, columns or rows: never without a sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from braid.intake.table import RawTable

T = TypeVar("T")
SHOWN = 12


def without_columns(table: RawTable, columns: Sequence[str], why: str) -> RawTable:
    """The table without these columns, each named in a note. why: such as `personal data`."""
    if not columns:
        return table
    gone = set(columns)
    word = "column" if len(gone) == 1 else "columns"
    return replace(
        table,
        frame=table.frame.drop(columns=list(columns)),
        labels=_others(table.labels, gone),
        values=_others(table.values, gone),
        missing=_others(table.missing, gone),
        notes=(*table.notes, f"{len(gone)} {word} left out ({why}): {', '.join(columns)}"),
    )


def without_rows(table: RawTable, out: pd.Series[bool], why: str) -> RawTable:
    """The table without the rows marked in `out` (indexed by row), counted in a note. why: `preview responses`."""
    if not out.any():
        return table
    note = f"{counted(int(out.sum()), 'row')} left out ({why}): {listed(table.frame.index[out])}"
    return replace(table, frame=table.frame[~out], notes=(*table.notes, note))


def renamed(table: RawTable, names: Mapping[str, str]) -> RawTable:
    """The table with other names of columns; labels, values and missing cells go with them."""
    return replace(
        table,
        frame=table.frame.rename(columns=dict(names)),
        labels={names.get(column, column): label for column, label in table.labels.items()},
        values={names.get(column, column): values for column, values in table.values.items()},
        missing={names.get(column, column): cells for column, cells in table.missing.items()},
    )


def noted(table: RawTable, *notes: str) -> RawTable:
    """The table with further notes; empty ones are none."""
    return replace(table, notes=(*table.notes, *(note for note in notes if note)))


def listed(things: Iterable[object]) -> str:
    """The first of them, parted by commas; the rest is counted."""
    texts = [str(thing) for thing in things]
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


def counted(number: int, noun: str) -> str:
    """`1 row`, `3 rows`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def tally(cells: pd.Series[str]) -> str:
    """How often each cell stands there, in order of appearance: `yes (3), no (2)`."""
    counts = cells.value_counts(sort=False)
    order = [cell for cell in cells.drop_duplicates() if cell in counts.index]
    return listed(f"{cell or 'empty'} ({counts[cell]})" for cell in order)


def _others(by_column: Mapping[str, T], gone: set[str]) -> dict[str, T]:
    return {column: entry for column, entry in by_column.items() if column not in gone}
