"""What stands in a column: its distinct cells, and whether they are answers, numbers, times, words or free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from braid.intake import RawTable, personal_columns

MOST_ANSWERS = 11
"""Numbers of a response scale: 0 to 10 is the longest in use."""
STRAY = 0.05
"""Share of cells that may be something else in a column of numbers: a typing slip, a remark."""
MOST_WORDS = 12
"""Different words in a column that may still be answers or groups."""
TIME = re.compile(
    r"\d{4}-\d\d?-\d\d?([T ].*)?|\d\d?[./-]\d\d?[./-]\d{2,4}([ T,].*)?|\d\d?:\d\d(:\d\d)?(\s?[ap]m)?", re.I
)
MARK = re.compile(r"[\W_]+")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file.

    cells: the filled ones, by row, without those that mean no answer. rows: how many rows the file has.
    label: what is asked, where the file says so. meanings: what cells mean, where the file says so.
    personal: why it looks like personal data; empty where it does not.
    """

    file: str
    name: str
    place: int
    rows: int
    cells: pd.Series[str]
    label: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    personal: str = ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each cell stands there, the most frequent first."""
        return {str(cell): int(n) for cell, n in self.cells.value_counts().items()}

    @cached_property
    def numbers(self) -> pd.Series[float]:
        """The cells that are numbers; none where more than a few of the cells are something else."""
        found = pd.to_numeric(pd.Series(list(self.counts), dtype=str).str.replace(",", ".", n=1), errors="coerce")
        by_cell = dict(zip(self.counts, found.astype(float), strict=True))
        numbers = self.cells.map(by_cell).astype(float)
        numbers = numbers[np.isfinite(numbers)]
        return numbers if len(numbers) >= (1 - STRAY) * len(self.cells) else numbers[:0]

    @property
    def stray(self) -> list[str]:
        """Cells that are no numbers in a column of numbers."""
        kept = set(self.cells[self.numbers.index]) if self.is_number else set()
        return [cell for cell in self.counts if self.is_number and cell not in kept]

    @property
    def is_number(self) -> bool:
        return len(self.numbers) > 0

    @cached_property
    def is_whole(self) -> bool:
        """Whether all cells are whole numbers."""
        return self.is_number and bool((self.numbers % 1 == 0).all())

    @cached_property
    def range(self) -> tuple[int, int]:
        """The lowest and highest number, for a column of whole numbers."""
        return int(self.numbers.min()), int(self.numbers.max())

    @cached_property
    def is_time(self) -> bool:
        return bool(self.counts) and all(TIME.fullmatch(cell) for cell in list(self.counts)[:50])

    @cached_property
    def are_words(self) -> bool:
        """Whether a few words stand there, again and again."""
        few = 2 <= len(self.counts) <= MOST_WORDS and len(self.cells) >= 2 * len(self.counts)
        return few and not self.is_number and not self.is_time

    @cached_property
    def are_answers(self) -> bool:
        """Whether the cells are whole numbers as on a response scale."""
        if not self.is_whole or len(self.counts) < 2:
            return False
        low, high = self.range
        return low >= 0 and high <= 10 and high - low < MOST_ANSWERS

    @property
    def text(self) -> str:
        """What the column asks: its label, or its name."""
        return self.label or self.name


def columns_of(table: RawTable, file: str, missing: frozenset[str] = frozenset()) -> list[Column]:
    """The columns of a table. missing: folded cells that mean no answer."""
    personal = personal_columns(table)
    found = []
    for place, name in enumerate(map(str, table.frame.columns)):
        cells = table.frame[name]
        label = table.labels.get(name, "")
        absent = {cell for cell in cells.unique() if cell.casefold() in missing} | {"", *table.missing.get(name, ())}
        found.append(
            Column(
                file,
                name,
                place,
                len(table.frame),
                cells[~cells.isin(absent)],
                label if folded(label) != folded(name) else "",
                {cell: label for cell, label in table.values.get(name, {}).items() if cell not in absent},
                personal.get(name, ""),
            )
        )
    return found


def as_cell(cell: str) -> str | int:
    """A cell as YAML is to write it: a whole number without quotes, and anything else as text."""
    return int(cell) if cell.lstrip("-").isdecimal() and str(int(cell)) == cell else cell


def folded(text: str) -> str:
    """Text for comparing: without case, composed in one way, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bare(text: str) -> str:
    """Text for comparing names: folded, and without marks and spaces."""
    return MARK.sub("", folded(text))


def shared_beginning(names: Sequence[str]) -> str:
    """The longest text that all names begin with."""
    first, last = min(names), max(names)
    same = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def shared_end(names: Sequence[str]) -> str:
    """The longest text that all names end with."""
    return shared_beginning([name[::-1] for name in names])[::-1]


ASCII = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "œ": "oe", "đ": "d"})
LONGEST_NAME = 40


def identifier(text: str, otherwise: str, taken: Iterable[str] = ()) -> str:
    """A name for study.yml: from the text where it is written in Latin letters and short, or else `otherwise`."""
    plain = unicodedata.normalize("NFKD", text.translate(ASCII))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    foreign = any(mark.isalpha() and not mark.isascii() for mark in plain)
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
    if foreign or not name or len(name) > LONGEST_NAME or len(text.split()) > 5:
        name = otherwise
    if not name[0].isalpha():
        name = f"{otherwise.rstrip('0123456789') or 'q'}{name}" if name[0].isdigit() else otherwise
    used, candidate, number = set(taken), name, 2
    while candidate in used:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
