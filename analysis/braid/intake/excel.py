"""A sheet of a spreadsheet file (Excel, OpenDocument) as a table of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from braid.errors import UserError
from braid.intake.cells import filled, texts
from braid.intake.excel_faults import Faults, faults, letter
from braid.intake.excel_header import Header, Merged, Row, header
from braid.intake.export import with_headers
from braid.intake.leaving_out import counted, listed
from braid.intake.table import RawTable
from braid.study import FileReading, did_you_mean

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

TOP = 200
"""Rows in which the header is looked for."""
CHUNK = 20_000
EXACT = 1e15
"""Excel keeps fifteen digits of a number."""


def read_excel(path: Path, name: str, how: FileReading | None = None) -> RawTable:
    """Read one sheet of an .xlsx, .xlsm, .xlsb, .xls or .ods file.

    how: `sheet` where several hold data; `header_rows` where they are not to be found out. Numbers and dates become
    text as in `cells.text`; error values such as #N/A are kept and declared missing. The index is the sheet's row.
    Raises UserError where the file is no spreadsheet, is protected by a password, or the sheet is not clear.
    """
    how = how or FileReading()
    sheet, notes = _sheet(_open(path, name), name, how.sheet)
    if sheet.start is None:
        raise UserError(
            "this sheet is empty", place=f"{name}: sheet {sheet.name!r}", todo="name the sheet that holds the table"
        )
    title, left = sheet.name, sheet.start[1]
    merged = [((top, a - left), (bottom, b - left)) for (top, a), (bottom, b) in sheet.merged_cell_ranges or ()]
    rows: Iterator[Row] = iter(sheet.iter_rows())
    top = list(islice(rows, TOP))
    head = header(top, merged, how.header_rows)
    columns = _gathered(chain(top[head.data :], rows), len(head.names))
    del sheet, rows
    wrong = faults(path, title)
    names = [head_name or f"column {letter(left + place)}" for place, head_name in enumerate(head.names)]
    notes += _titles(head)
    notes += _filled_down(columns, merged, head.data, left)
    notes += _errors(columns, wrong, head.data, left)
    notes += [note for place, column in enumerate(columns) for note in _numbers(column, names[place], head.data)]
    table = _table(name, columns, names, head, left)
    found_out = "" if how.header_rows else " found out and"
    rows_said = "" if head.rows == 1 else f", {head.rows} header rows{found_out} joined"
    kind = "OpenDocument" if path.suffix.lower() == ".ods" else "Excel"
    missing = _missing(columns, list(table.frame.columns), head.names)
    return replace(table, reading=f"{kind}, sheet {title!r}{rows_said}", missing=missing, notes=(*notes, *table.notes))


@dataclass
class _Column:
    """A column as it is gathered: its cells as text, the kinds of cell, its largest number, its error values."""

    texts: list[str] = field(default_factory=list)
    kinds: set[type] = field(default_factory=set)
    largest: float = 0.0
    errors: set[str] = field(default_factory=set)

    def add(self, cells: tuple[object, ...]) -> None:
        kinds = set(map(type, cells))
        if float in kinds:
            self.largest = max(self.largest, *(abs(cell) for cell in set(cells) if isinstance(cell, float)))
        self.kinds |= kinds
        self.texts += texts(cells)


def _open(path: Path, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except PasswordError:
        raise _protected(name) from None
    except OSError as error:
        raise UserError("this file cannot be read", place=name, found=error.strerror or str(error)) from None
    except CalamineError as error:
        raise _not_a_spreadsheet(path, name, str(error)) from error


def _not_a_spreadsheet(path: Path, name: str, said: str) -> UserError:
    content = path.read_bytes()
    if content.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in content:
        return _protected(name)
    save = "open it in Excel and save it as .xlsx"
    if not content:
        found, save = "an empty file", "export it again, or mend its name in cohort.yml"
    elif content.startswith(b"PK"):
        found = f"an archive without a whole workbook in it ({said})"
        save = "copy the file again: it may have been cut off. If Excel opens it, save it anew as .xlsx"
    elif content.lstrip()[:1] == b"<":
        found = "a web page or XML, as some systems name `Excel`"
    elif b"\0" not in content[:4096]:
        found, save = "a text file", "give it the ending .csv, or declare `format: delimited` in cohort.yml"
    else:
        found = said
    return UserError("this is not a spreadsheet", place=name, found=found, expected="an .xlsx file", todo=save)


def _protected(name: str) -> UserError:
    return UserError(
        "this workbook is protected by a password",
        place=name,
        todo="open it in Excel, save a copy without a password, and name that copy in cohort.yml",
    )


def _sheet(book: CalamineWorkbook, name: str, wanted: str | None) -> tuple[CalamineSheet, list[str]]:
    """The declared sheet, or the only visible one that holds data; and what is said of the others."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    tables = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None:
        if wanted not in [sheet.name for sheet in tables]:
            raise UserError(
                f"this file has no sheet {wanted!r}",
                place=name,
                expected=f"one of: {', '.join(sheet.name for sheet in tables)}",
                todo=f"mend `sheet` in cohort.yml ({did_you_mean(wanted, [sheet.name for sheet in tables])})",
            )
        return book.get_sheet_by_name(wanted), []
    visible = [sheet.name for sheet in tables if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in tables if sheet.visible != SheetVisibleEnum.Visible]
    holding = [sheet for sheet in map(book.get_sheet_by_name, visible) if sheet.start is not None]
    if len(holding) > 1:
        raise UserError(
            "several sheets of this file hold data",
            place=name,
            found=", ".join(f"{s.name!r} ({s.height} rows x {s.width} columns)" for s in holding),
            expected="one sheet to be named",
            todo="say which in cohort.yml, as `files: {" + name.rsplit("/", 1)[-1] + ": {sheet: ...}}`",
        )
    if not holding:
        raise UserError(
            "no visible sheet of this file holds data",
            place=name,
            found=f"hidden: {', '.join(hidden)}" if hidden else "empty sheets",
            expected="a header row and a row per person",
            todo="name a hidden sheet in cohort.yml" if hidden else "export it again, or mend its name in cohort.yml",
        )
    return holding[0], [f"sheet {sheet!r} is hidden and was not read" for sheet in hidden]


def _gathered(rows: Iterable[Row], width: int) -> list[_Column]:
    columns = [_Column() for _ in range(width)]
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
            column.add(cells)
    return columns


def _table(name: str, columns: list[_Column], names: list[str], head: Header, left: int) -> RawTable:
    """The table without empty rows and without empty columns that have no name."""
    keep = [place for place, column in enumerate(columns) if head.names[place] or any(column.texts)]
    frame = pd.DataFrame({place: pd.Series(columns[place].texts, dtype="str") for place in keep})
    frame.index = pd.RangeIndex(head.data + 1, head.data + 1 + len(frame), name="row")
    frame = frame[filled(frame)]
    table = with_headers(RawTable(name, frame, ""), [names[place] for place in keep])
    nameless = [names[place] for place in keep if not head.names[place]]
    notes = [f"columns without a header were named by their letter: {listed(nameless)}"] if nameless else []
    if frame.empty:
        notes.append("the sheet has a header and no row below it")
    return replace(table, notes=(*table.notes, *notes))


def _titles(head: Header) -> list[str]:
    return [f"row {row + 1} was taken for a title and left out: {title!r}" for row, title in head.titles.items()]


def _filled_down(columns: list[_Column], merged: list[Merged], data: int, left: int) -> list[str]:
    """Fill cells merged downwards below the header; say so, and which others are merged."""
    down, across = [], []
    for (top, a), (bottom, b) in merged:
        if bottom < data or not 0 <= a < len(columns):
            continue
        said = f"{letter(left + a)}{top + 1}:{letter(left + b)}{bottom + 1}"
        if a == b and top >= data:
            down.append(said)
            cells = columns[a].texts
            last = min(bottom - data + 1, len(cells))
            cells[top - data : last] = [cells[top - data]] * (last - (top - data))
        else:
            across.append(said)
    notes = [f"merged cells were given their value in each row: {listed(down)}"] if down else []
    return notes + (
        [f"of cells merged across columns only the first has the value: {listed(across)}"] if across else []
    )


def _errors(columns: list[_Column], wrong: Faults | None, data: int, left: int) -> list[str]:
    """Put error values back, which are read as empty; say so, and which formulas have no result."""
    if wrong is None:
        return ["in a file that is not .xlsx, cells with an error (#N/A) cannot be told from empty ones"]
    shown = []
    for (row, place), error in wrong.errors.items():
        if row >= data and 0 <= place - left < len(columns) and row - data < len(columns[place - left].texts):
            columns[place - left].texts[row - data] = error
            columns[place - left].errors.add(error)
            shown.append(f"{error} in {letter(place)}{row + 1}")
    notes = [f"{counted(len(shown), 'cell')} with an Excel error taken for missing: {listed(shown)}"] if shown else []
    empty = [f"{letter(place)}{row + 1}" for row, place in wrong.without_result]
    if empty:
        notes.append(
            f"{counted(len(empty), 'formula')} without a stored result read as empty: {listed(empty)}; "
            "open the file in Excel and save it, so that the results are stored"
        )
    return notes


def _numbers(column: _Column, name: str, data: int) -> list[str]:
    """Dates among numbers (an answer `1-2` that Excel made a date), and numbers with more digits than are kept."""
    notes = []
    if column.kinds & {date, datetime} and column.kinds & {float, int}:
        dates = [row for row, cell in enumerate(column.texts) if re.match(r"\d{4}-\d\d-\d\d", cell)]
        first = f"row {dates[0] + data + 1}: {column.texts[dates[0]]}"
        notes.append(
            f"column {name!r} holds {counted(len(dates), 'date')} among numbers ({first}): "
            "Excel may have made a date of an answer such as 1-2"
        )
    if column.largest >= EXACT:
        notes.append(
            f"column {name!r} holds numbers of more than 15 digits: Excel may have changed the last ones; "
            "a key must be stored as text"
        )
    return notes


def _missing(columns: list[_Column], names: list[str], heads: list[str]) -> dict[str, frozenset[str]]:
    kept = [column for column, head in zip(columns, heads, strict=True) if head or any(column.texts)]
    return {name: frozenset(c.errors) for name, c in zip(names, kept, strict=True) if c.errors}
