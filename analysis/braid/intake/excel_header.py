"""Which rows of a sheet name its columns: titles above them, several header rows, merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from braid.intake.cells import text

Row = Sequence[object]
Merged = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of merged cells, each as row and column, counted from 0."""

MOST = 5
"""More header rows than this are not looked for."""


@dataclass(frozen=True)
class Header:
    """The header of a sheet.

    names: one for each column of the sheet, "" where it has none; the parts of several rows are joined by " / ".
    first: the first header row, counted from 0. rows: how many there are. titles: what stands above, by row.
    """

    names: list[str]
    first: int
    rows: int
    titles: dict[int, str]

    @property
    def data(self) -> int:
        """The row below the header, counted from 0."""
        return self.first + self.rows


def header(top: Sequence[Row], merged: Sequence[Merged], declared: int | None) -> Header:
    """The header of a sheet whose first rows are `top` (each as wide as the sheet; one of them holds something).

    Without a declared number of header rows: a first row with a single cell, or merged from end to end, is a title.
    A row below a header row belongs to the header too where it is all text and either names columns that the row
    above leaves empty or merges, or stands above numbers. A survey platform's rows below the first are left alone.
    """
    rows = [_spread(row, number, merged) for number, row in enumerate(top)]
    first = _next_filled(rows, 0)
    titles: dict[int, str] = {}
    if declared is None:
        while _is_title(top, first, merged):
            titles[first] = next(text(cell) for cell in top[first] if text(cell))
            first = _next_filled(rows, first + 1)
        count = _found(rows, first, merged)
    else:
        count = min(declared, len(rows) - first)
    return Header(_joined(rows[first : first + count]), first, count, titles)


def _spread(row: Row, number: int, merged: Sequence[Merged]) -> list[object]:
    """The row with merged cells filled from end to end."""
    cells = list(row)
    for (top, left), (bottom, right) in merged:
        if top == number and top <= bottom and left < len(cells):
            cells[left : right + 1] = [cells[left]] * (min(right + 1, len(cells)) - left)
    return cells


def _next_filled(rows: Sequence[Row], start: int) -> int:
    return next((n for n in range(start, len(rows)) if any(text(cell) for cell in rows[n])), start)


def _is_title(top: Sequence[Row], number: int, merged: Sequence[Merged]) -> bool:
    """Whether a row holds one cell, at the left end or merged from end to end, above rows of three cells or more."""
    places = [place for place, cell in enumerate(top[number]) if text(cell)]
    below = top[number + 1 : number + 20]
    widths = [sum(1 for cell in row if text(cell)) for row in below]
    if len(places) != 1 or max(widths, default=0) < 3:
        return False
    filled = [place for row in below for place, cell in enumerate(row) if text(cell)]
    reach = next((r for (row, left), (_, r) in merged if row == number and left == places[0]), places[0])
    return places[0] <= min(filled) and (reach == places[0] or reach >= max(filled))


def _found(rows: Sequence[Row], first: int, merged: Sequence[Merged]) -> int:
    """How many rows name the columns, where nobody said so."""
    platform = any(text(cell).startswith('{"ImportId"') for row in rows[first : first + 4] for cell in row)
    if platform or not _is_words(rows[first]):
        return 1
    count = 1
    while count < MOST and first + count < len(rows) - 1:
        above, row, below = rows[first + count - 1], rows[first + count], rows[first + count + 1 :]
        if not _is_words(row) or not (_completes(above, row, first + count - 1, merged, below) or _heads(row, below)):
            break
        count += 1
    return count


def _is_words(row: Row) -> bool:
    cells = [cell for cell in row if text(cell)]
    return bool(cells) and all(isinstance(cell, str) for cell in cells)


def _completes(above: Row, row: Row, number: int, merged: Sequence[Merged], below: Sequence[Row]) -> bool:
    """Whether the row names columns under gaps or merged cells of the row above, in words that do not come again."""
    wide = [(left, right) for (top, left), (_, right) in merged if top == number and right > left]
    places = [place for place, cell in enumerate(row) if text(cell)]
    under = [p for p in places if not text(above[p]) or any(left <= p <= right for left, right in wide)]
    again = sum(any(text(other[p]) == text(row[p]) for other in below) for p in places)
    return len(under) >= 2 and not again


def _heads(row: Row, below: Sequence[Row]) -> bool:
    """Whether words that mostly differ stand above columns that else hold numbers or dates."""
    places = [place for place, cell in enumerate(row) if text(cell)]
    numeric = []
    for place in places:
        cells = [other[place] for other in below if text(other[place])]
        if cells and not any(isinstance(cell, str) for cell in cells):
            numeric.append(text(row[place]))
    return len(numeric) >= 2 and len(numeric) >= len(places) / 2 and len(set(numeric)) > 0.6 * len(numeric)


def _joined(rows: Sequence[Row]) -> list[str]:
    names = []
    for parts in zip(*rows, strict=True):
        said = [part for part in map(text, parts) if part]
        names.append(" / ".join(part for place, part in enumerate(said) if place == 0 or part != said[place - 1]))
    return names
