"""The record of every change that cleaning makes: what was found, what it became, by which rule, how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

SHOWN_ROWS = 10


@dataclass(frozen=True)
class Change:
    """One kind of change in one column of one file.

    rows: the first rows of the file it was made in (never person ids); n: in how many cells or rows.
    """

    file: str
    column: str
    found: str
    became: str
    rule: str
    n: int
    rows: tuple[int, ...]


@dataclass
class Log:
    """Collects changes while a cohort is cleaned."""

    changes: list[Change] = field(default_factory=list)

    def add(self, file: str, column: str, found: str, became: str, rule: str, rows: Iterable[int]) -> None:
        """Note one kind of change; nothing is noted where it was made nowhere."""
        numbers = [int(row) for row in rows]
        if numbers:
            shown = tuple(sorted(numbers)[:SHOWN_ROWS])
            self.changes.append(Change(file, column, found, became, rule, len(numbers), shown))

    def frame(self) -> pd.DataFrame:
        """Columns file, column, found, became, rule, n, rows (text)."""
        return pd.DataFrame(
            [
                (
                    c.file,
                    c.column,
                    c.found,
                    c.became,
                    c.rule,
                    c.n,
                    " ".join(map(str, c.rows)) + " ..." * (c.n > SHOWN_ROWS),
                )
                for c in self.changes
            ],
            columns=["file", "column", "found", "became", "rule", "n", "rows"],
        )
