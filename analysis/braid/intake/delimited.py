"""A delimited text file as a table of text: nothing is interpreted, and every cell keeps its row in the file."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.errors import UserError
from braid.intake.decimals import Commas, commas, with_points
from braid.intake.decoding import decoded
from braid.intake.delimiters import (
    LOOK,
    WORDS,
    declared_delimiter,
    first_line_delimiter,
    found_delimiter,
    rows_of,
    said,
    short_rows,
    titles,
    unreadable,
)
from braid.intake.export import with_headers
from braid.intake.leaving_out import listed
from braid.intake.table import RawTable
from braid.study import FileReading

Mask = npt.NDArray[np.bool_]


def read_table(path: Path, name: str, how: FileReading | None = None) -> RawTable:
    """Read a CSV or TSV file.

    how: `encoding`, `delimiter`, `decimal` and `header_rows`, where they are not to be found out. Numbers with a
    decimal comma become numbers with a point; what is found out stands in the reading, what is doubtful in the notes.
    Raises UserError where the file is missing, empty, no text, or its rows do not fit its header.
    """
    how = how or FileReading()
    source = decoded(path, name, how.encoding)
    text, above = _without_empty_lines(source.text)
    stated = first_line_delimiter(text)
    if stated:
        text, more = _without_empty_lines(_below(text))
        above += 1 + more
    if not text:
        raise UserError(
            "this file is empty",
            place=name,
            expected="a header row and a row per person",
            todo="export it again, or mend its name in cohort.yml",
        )
    mark = declared_delimiter(how.delimiter, name) if how.delimiter else stated or found_delimiter(text)
    notes = list(source.notes)
    start = list(islice(rows_of(text[:LOOK], mark), 20))
    for row in start[: 0 if how.header_rows else titles(start)]:
        above, text = above + 1, _below(text)
        if any(row):
            notes.append(f"row {above} was taken for a title and left out: {' '.join(row).strip()!r}")
    if short := short_rows(text, mark):
        rows = listed(above + row + 1 for row in short)
        notes.append(f"rows with fewer cells than the header, filled up with empty ones: {rows}")
    encoding, content = source.encoding, text.encode()
    del source, text
    table, decimal = _table(_parsed(content, mark, above, name), mark, above, name, how)
    if len(table.frame.columns) == 1:
        notes.append(f"only one column was found, parted by {said(mark)}: if it is more, give the file's `delimiter`")
    reading = f"{encoding}, parted by {said(mark)}{', decimal comma' if decimal else ''}"
    return replace(table, reading=reading, notes=(*notes, *table.notes))


def _below(text: str) -> str:
    """What stands below the first line, however lines end."""
    line = text[: text.find("\n") + 1] or text
    first = line.splitlines(keepends=True)[0]
    return text[len(first) :]


def _without_empty_lines(text: str) -> tuple[str, int]:
    """The text from its first line that holds something, and how many lines stood above."""
    count = 0
    while text and not _first(text).strip(' \r\n"\u00a0' + "".join(WORDS)):
        text, count = _below(text), count + 1
    return text, count


def _first(text: str) -> str:
    return text[: len(text) - len(_below(text))]


def _parsed(content: bytes, mark: str, above: int, name: str) -> pd.DataFrame:
    # bytes, because a StringIO would hold every character in four of them
    file = io.BytesIO(content)
    try:
        return pd.read_csv(file, sep=mark, dtype=str, keep_default_na=False, header=None, skip_blank_lines=False)
    except pd.errors.ParserError as error:
        raise unreadable(content.decode(), mark, name, above) from error


@dataclass(frozen=True)
class _Column:
    """A column without white space around its cells. filled: which hold something.

    commas: what commas in its numbers are. swallowed: a cell that holds whole rows of the table, or nothing.
    """

    cells: pd.Series[str]
    filled: Mask
    commas: Commas
    swallowed: str


def _column(cells: pd.Series[str], mark: str, width: int, decimal: Literal[".", ","] | None) -> _Column:
    """Each distinct cell is looked at once: most columns hold few."""
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object))
    # a cell that the parser takes for missing has the code -1: the last of the texts
    texts = [*(cell.replace("\u00a0", " ").strip() for cell in distinct), ""]
    kind: Commas = commas(texts)
    if kind != "none" and decimal is not None:
        kind = "decimal" if decimal == "," else "none"
    elif kind == "decimal" and mark == ",":
        kind = "unclear"
    if kind == "decimal":
        texts = with_points(texts)
    rows = (text for text in texts if "\n" in text)
    swallowed = next(
        (t for t in rows if width > 2 and any(line.count(mark) == width - 1 for line in t.split("\n"))), ""
    )
    there = np.array([text != "" for text in texts])
    series = pd.Series(np.array(texts, dtype=object)[codes], dtype="str")
    return _Column(series, there[codes], kind, swallowed)


def _table(frame: pd.DataFrame, mark: str, above: int, name: str, how: FileReading) -> tuple[RawTable, bool]:
    """The table whose first row is the header (`above` rows of the file stand over it); whether commas are decimal."""
    rows = min(how.header_rows or 1, len(frame))
    heads = frame.iloc[:rows].fillna("").to_numpy(dtype=object).tolist()
    header = [" / ".join(dict.fromkeys(h.strip() for h in parts if h.strip())) for parts in zip(*heads, strict=True)]
    first, width = above + rows + 1, len(header)
    columns = []
    for place in range(width):
        columns.append(_column(frame[place].iloc[rows:], mark, width, how.decimal))
        if columns[-1].swallowed:
            raise _not_closed(columns[-1], first, name)
    del frame
    filled = np.logical_or.reduce([column.filled for column in columns])
    _one_delimiter(columns, mark, first, name)
    keep = [place for place, head in enumerate(header) if head or columns[place].filled.any()]
    whole = pd.concat([columns[place].cells for place in keep], axis=1)
    whole.columns = pd.RangeIndex(len(keep))
    whole.index = pd.RangeIndex(first, first + len(whole), name="row")
    whole = whole if filled.all() else whole[filled]
    table = with_headers(RawTable(name, whole, ""), [header[place] for place in keep])
    kinds = dict(zip(table.frame.columns, (columns[place].commas for place in keep), strict=True))
    notes = [*_rows(table, [header[place] for place in keep]), *_commas(kinds)]
    return replace(table, notes=(*table.notes, *notes)), "decimal" in kinds.values()


def _rows(table: RawTable, header: list[str]) -> list[str]:
    """What is strange about the rows: there are none, or the header stands among them."""
    frame = table.frame
    if frame.empty:
        return ["the file has a header and no row below it"]
    like = frame[(frame.iloc[:, 0] == header[0]).to_numpy()]
    again = [row for row, cells in zip(like.index, like.to_numpy().tolist(), strict=True) if cells == header]
    return [f"the header stands again in rows {listed(again)}: files may have been joined"] if again else []


def _commas(kinds: dict[str, Commas]) -> list[str]:
    notes = []
    if points := [column for column, kind in kinds.items() if kind == "decimal"]:
        notes.append(f"numbers with a decimal comma were given a point: {listed(points)}")
    if unclear := [column for column, kind in kinds.items() if kind == "unclear"]:
        notes.append(
            f"commas in numbers were left as they are: {listed(unclear)}; if they are decimal commas, give "
            'this file `decimal: ","` in cohort.yml'
        )
    return notes


def _one_delimiter(columns: list[_Column], mark: str, first: int, name: str) -> None:
    """Raise UserError where rows are parted by another mark than the header."""
    if len(columns) < 2:
        return
    alone = columns[0].filled & ~np.logical_or.reduce([column.filled for column in columns[1:]])
    cells = {int(row) + first: str(columns[0].cells.iat[int(row)]) for row in np.flatnonzero(alone)}
    for other in WORDS:
        rows = [row for row, cell in cells.items() if cell.count(other) == len(columns) - 1]
        if rows and other != mark:
            raise UserError(
                f"the header is parted by {said(mark)}, but rows by {said(other)}",
                place=f"{name}: rows {listed(rows)}",
                found=cells[rows[0]][:80],
                expected="one delimiter in the whole file",
                todo="export the file again with one delimiter, or mend the header or those rows",
            )


def _not_closed(column: _Column, first: int, name: str) -> UserError:
    row = int(np.flatnonzero((column.cells == column.swallowed).to_numpy())[0]) + first
    return UserError(
        "a cell holds whole rows of the table: a quotation mark is missing",
        place=f"{name}: row {row}",
        found=f"{column.swallowed[:80]!r}",
        expected="quotation marks in pairs",
        todo="open the file in a text editor and mend that row, or export it again",
    )
