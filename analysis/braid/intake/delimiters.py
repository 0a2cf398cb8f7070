"""Which mark parts the cells of a text file, and what shows that it is the wrong one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from braid.errors import UserError

WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NAMES = {word: mark for mark, word in WORDS.items()} | {"\\t": "\t"}
DECLARED_IN_FILE = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n?')
LOOK = 200_000
"""Characters that are looked at."""
ROWS = 50


def declared_delimiter(wanted: str, name: str) -> str:
    """A delimiter as cohort.yml gives it: the mark or its name (`tab`). Raises UserError where it is neither."""
    mark = NAMES.get(wanted.strip().lower(), wanted)
    if len(mark) != 1 or mark in '"\r\n':
        raise UserError(
            "this delimiter parts nothing",
            place=name,
            found=repr(wanted),
            expected=f"one character, or {', '.join(WORDS.values())}",
            todo="mend or take out `delimiter` in cohort.yml",
        )
    return mark


def first_line_delimiter(text: str) -> str | None:
    """The mark that a first line such as `sep=;` states, as Excel writes and understands it."""
    line = text[:40].splitlines()[:1]
    found = DECLARED_IN_FILE.fullmatch(line[0]) if line else None
    return found[1] if found else None


def found_delimiter(text: str) -> str:
    """The mark by which most of the first rows have as many cells as the header; of several, that with most cells.

    Titles of one cell may stand above the header.
    """

    def fit(mark: str) -> tuple[float, int, int]:
        rows = [row for row in islice(rows_of(text[:LOOK], mark), ROWS) if row]
        above = titles(rows)
        width = len(rows[above]) if rows else 0
        if width < 2:
            return 0.0, 0, 0
        # a quotation mark alone in a cell: the mark stands inside a quoted text
        fitting = [row for row in rows[above:] if len(row) == width and not any(cell.count('"') % 2 for cell in row)]
        return len(fitting) / len(rows[above:]), -above, width

    return max(WORDS, key=fit)


def titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of one cell stand above rows of three cells or more; a header parted otherwise is no title."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    above = next((place for place, count in enumerate(filled) if count > 1), 0)
    below = [len(row) for row in rows[above : above + 10]]
    if not below or min(below) < 3:
        return 0
    header = any(cell.count(mark) >= below[0] - 1 for row in rows[:above] for cell in row for mark in WORDS)
    return 0 if header else above


def short_rows(text: str, mark: str) -> list[int]:
    """Rows that hold something but fewer cells than the first, counted from 0."""
    width = len(next(rows_of(text[:LOOK], mark), []))
    lines = text.count("\n") + (not text.endswith("\n"))
    if text.count(mark) == lines * (width - 1):
        return []  # no quoted mark, no quoted newline, no empty line: what is left is to count
    rows = enumerate(rows_of(text, mark))
    return [number for number, row in rows if len(row) < width and any(cell.strip() for cell in row)]


def said(mark: str) -> str:
    """A mark in words."""
    return WORDS.get(mark, repr(mark))


def unreadable(text: str, mark: str, name: str, skipped: int) -> UserError:
    """The error for a table that the parser refused: the first row with too many cells, or a quotation mark left open.

    skipped: rows above the header.
    """
    width = number = 0
    for number, row in enumerate(rows_of(text, mark), start=skipped + 1):
        if number == skipped + 1:
            width = len(row)
        elif number > skipped + 1 and len(row) > width:
            return UserError(
                "this row has more cells than the header",
                place=f"{name}: row {number}",
                found=f"{len(row)} cells: {mark.join(row)[:80]}",
                expected=f"{width} cells, parted by {said(mark)}",
                todo="a text with that mark in it needs quotation marks around it: export the file again, "
                "or give its `delimiter` in cohort.yml",
            )
    return UserError(
        "a quotation mark is opened and not closed",
        place=f"{name}: row {number}",
        expected="quotation marks in pairs",
        todo="open the file in a text editor and mend that row, or export it again",
    )


def rows_of(text: str, mark: str) -> Iterator[list[str]]:
    """The rows of a text; a quoted newline does not end one. It ends where a cell is too long to be one."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error:
        return
