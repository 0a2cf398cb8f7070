"""An export before its platform is known: columns from whatever header it has, and the rows it begins with."""

from __future__ import annotations

import codecs
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd

from braid.errors import UserError
from braid.intake.delimiters import declared_delimiter, first_line_delimiter, found_delimiter, rows_of
from braid.intake.headers import composed, tidy, unique
from braid.intake.leaving_out import listed
from braid.intake.table import RawTable
from braid.study import FileReading

HEAD = 200_000
"""Bytes that are looked at to know a file."""


def with_headers(table: RawTable, header: list[str]) -> RawTable:
    """The table with its columns named by `header`, tidied and made unique; what was changed is noted."""
    tidied = [tidy(cell) for cell in header]
    columns = unique(tidied)
    notes = []
    repeated = list(dict.fromkeys(cell for cell in tidied if cell and tidied.count(cell) > 1))
    if repeated:
        notes.append(f"columns that stand twice were numbered: {listed(repeated)}")
    unnamed = [column for column, cell in zip(columns, tidied, strict=True) if not cell]
    if unnamed:
        notes.append(f"columns without a header were named by their place: {listed(unnamed)}")
    recomposed = [c for c, cell in zip(columns, header, strict=True) if composed(cell) != cell]
    if recomposed:
        notes.append(f"letters of these headers were composed (Unicode NFC): {listed(recomposed)}")
    frame = table.frame.set_axis(pd.Index(columns), axis=1)
    labels = {
        column: composed(cell).replace("\ufeff", "").strip() for column, cell in zip(columns, header, strict=True)
    }
    return replace(
        table,
        frame=frame,
        labels={column: label for column, label in labels.items() if label},
        notes=(*table.notes, *notes),
    )


def head(path: Path, how: FileReading, count: int = 60) -> list[list[str]]:
    """The first rows of a delimited file, stripped, or none where it is no text; a long file is not read whole."""
    with path.open("rb") as file:
        content = file.read(HEAD)
    whole = len(content) < HEAD
    try:
        text = _start(content, how.encoding, whole=whole)
        stated = first_line_delimiter(text)
        mark = declared_delimiter(how.delimiter, path.name) if how.delimiter else stated or found_delimiter(text)
    except (LookupError, UnicodeDecodeError, UserError):
        return []
    rows = list(islice(rows_of(text, mark), 1 if stated else 0, count))
    if not whole and 1 < len(rows) < count:
        rows.pop()
    return [[cell.replace("\u00a0", " ").strip() for cell in row] for row in rows]


def _start(content: bytes, encoding: str | None, *, whole: bool) -> str:
    """The text that a file begins with; a character that is cut off at the end is left out."""
    if encoding is None and content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    if encoding is None and b"\0" in content[:4096]:
        return ""
    try:
        text = codecs.getincrementaldecoder(encoding or "utf-8")().decode(content, final=whole)
    except UnicodeDecodeError:
        if encoding is not None:
            raise
        text = content.decode("cp1252", errors="replace")
    return text.removeprefix("\ufeff")
