"""The record of every change that cleaning makes: what was found, what it became, by which rule, how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
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

    def add(
        self,
        file: str,
        column: str,
        found: str,
        became: str,
        rule: str,
        rows: Sequence[int] | pd.Index | npt.NDArray[np.int64],
    ) -> None:
        """Note one kind of change; nothing is noted where it was made nowhere."""
        numbers = np.sort(np.asarray(rows, dtype=np.int64))
        if numbers.size:
            shown = tuple(numbers[:SHOWN_ROWS].tolist())
            self.changes.append(Change(file, column, found, became, rule, numbers.size, shown))

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
