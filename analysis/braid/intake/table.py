"""What every reader returns: a table of text, in which every cell keeps its row in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from braid.errors import UserError
from braid.study import did_you_mean


@dataclass(frozen=True)
class RawTable:
    """A file as it came.

    name: the file's name, for messages. frame: all cells as text, without white space around them (a no-break
    space is white space); its index is the row in the file as a spreadsheet counts it (the header is row 1).
    reading: how it was read, in words (encoding and delimiter).
    labels: what a column asks, by column, where the file says so. values: what a cell means, by column and cell.
    missing: cells that the file itself declares missing, by column.
    notes: what a reader left out or took for something else, a sentence each (`14 preview responses left out`).
    """

    name: str
    frame: pd.DataFrame
    reading: str
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def column(self, column: str) -> pd.Series[str]:
        """One column. Raises UserError naming the columns that are there."""
        if column not in self.frame.columns:
            raise missing_column(self, column)
        return self.frame[column]


def missing_column(table: RawTable, column: str) -> UserError:
    """The error for a column that a file does not have."""
    there = list(table.frame.columns)
    return UserError(
        f"the file has no column {column!r}",
        place=table.name,
        expected=f"one of its {len(there)} columns: {', '.join(there[:20])}{' ...' if len(there) > 20 else ''}",
        todo=f"mend cohort.yml ({did_you_mean(column, there) if len(there) <= 20 else 'names are case-sensitive'})",
    )
