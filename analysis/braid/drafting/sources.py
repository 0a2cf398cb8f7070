"""The files that were given, each read as its definition will say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from braid.drafting.draft import Reason
from braid.intake import RawTable, is_codebook, read_file, recognise
from braid.study import FileReading

PLAIN = ("delimited", "excel", "spss", "stata", "parquet")
BOOKS = {"redcap": "REDCap data dictionary", "kobo": "XLSForm"}
"""The codebooks that go with the exports of a platform."""


@dataclass(frozen=True)
class Source:
    """A file that was given: what it holds, what must be declared for it to be read so, and why.

    questions: what only a person can say of it.
    """

    table: RawTable
    how: FileReading
    why: Reason
    questions: tuple[str, ...] = ()


def read_sources(paths: Mapping[str, Path]) -> dict[str, Source]:
    """Every file that is a table, by its name; codebooks are read with the table they go with.

    Raises UserError where a file cannot be read.
    """
    codebooks = {file: kind for file, path in paths.items() if (kind := is_codebook(path))}
    return {file: _source(file, paths, codebooks) for file in paths if file not in codebooks}


def _source(file: str, paths: Mapping[str, Path], codebooks: Mapping[str, str]) -> Source:
    path = paths[file]
    made_by = recognise(path)
    how, why = FileReading(), Reason(made_by.sure, made_by.why)
    asked: tuple[str, ...] = ()
    if made_by.format not in PLAIN:
        book = next((book for book, kind in codebooks.items() if kind == BOOKS.get(made_by.format)), None)
        how = FileReading(format=made_by.format, dictionary=book)
    elif made_by.format == "excel" and len(sheets := _sheets(path)) > 1:
        chosen, *others = sheets
        how, why = FileReading(sheet=chosen), Reason("a guess", "the largest sheet")
        rest = " or ".join(map(repr, others))
        asked = (
            f"only the sheet {chosen!r} was read. Is there a wave on {rest} too? A cohort names one sheet of a file: "
            "save each other one as a file of its own, and begin again with all of them.",
        )
    table = read_file(path, file, how, companions=paths.__getitem__)
    rows = re.search(r"([2-5]) header rows", table.reading)
    if how.format is None and rows:
        how = how.model_copy(update={"header_rows": int(rows[1])})
        why = Reason("likely", "these rows at the top name the columns") if not asked else why
    return Source(table, how, why, (*asked, *_unfinished(table)))


def _unfinished(table: RawTable) -> list[str]:
    """The notes on responses that were not finished, which may count or not."""
    notes = [note for note in table.notes if "unfinished" in note and "kept" in note]
    return [f"{note}: add `unfinished: leave out` where they should not count." for note in notes]


def _sheets(path: Path) -> list[str]:
    """The visible sheets of a workbook that hold data, the largest first; none where it cannot be opened."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        seen = (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)
        shown = [sheet.name for sheet in book.sheets_metadata if (sheet.typ, sheet.visible) == seen]
        sheets = [sheet for sheet in map(book.get_sheet_by_name, shown) if sheet.start is not None]
    except (CalamineError, OSError):
        # What is wrong with it is told by the reader.
        return []
    return [sheet.name for sheet in sorted(sheets, key=lambda sheet: -sheet.height * sheet.width)]
