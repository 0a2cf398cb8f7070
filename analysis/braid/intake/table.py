"""A delimited text file as a table of text: nothing is interpreted, and every cell keeps its row in the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from braid.errors import UserError
from braid.study import did_you_mean

DELIMITERS = ",;\t|"


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


def read_table(path: Path, name: str) -> RawTable:
    """Read a CSV or TSV file. Encoding (UTF-8, UTF-16, Windows-1252) and delimiter are found out.

    Raises UserError where the file is missing, empty, not text, or has a repeated column.
    """
    text, encoding = _decode(path, name)
    lines = text.splitlines()
    if not lines:
        raise UserError(
            "this file is empty",
            place=name,
            expected="a header row and a row per person",
            todo="export it again, or mend its name in cohort.yml",
        )
    delimiter = _delimiter(lines[0])
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            dtype=str,
            keep_default_na=False,
            header=None,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        raise UserError(
            "this table cannot be read",
            place=name,
            found=str(error).removeprefix("Error tokenizing data. C error: ").strip(),
            expected=f"the same number of cells in every row, parted by {delimiter!r}",
            todo="open the file and mend that row",
        ) from error
    header = [str(cell).replace("\ufeff", "").strip() for cell in frame.iloc[0]]
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise UserError("columns stand twice in this file", place=name, found=", ".join(repeated))
    frame = frame.iloc[1:]
    frame.columns = pd.Index(header)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    for column in frame.columns:
        frame[column] = frame[column].fillna("").str.replace("\u00a0", " ").str.strip()
    frame = frame[(frame != "").any(axis=1)]
    words = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    return RawTable(name, frame, f"{encoding}, parted by {words[delimiter]}")


def missing_column(table: RawTable, column: str) -> UserError:
    """The error for a column that a file does not have."""
    there = list(table.frame.columns)
    return UserError(
        f"the file has no column {column!r}",
        place=table.name,
        expected=f"one of its {len(there)} columns: {', '.join(there[:20])}{' ...' if len(there) > 20 else ''}",
        todo=f"mend cohort.yml ({did_you_mean(column, there) if len(there) <= 20 else 'names are case-sensitive'})",
    )


def _decode(path: Path, name: str) -> tuple[str, str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError(
            "this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml"
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("this file cannot be read", place=name, found=reason, expected="a CSV file") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16"), "UTF-16"
    if b"\0" in content[:4096]:
        raise UserError(
            "this is not a text file",
            place=name,
            expected="a CSV file",
            todo="export the table as CSV (UTF-8) and name that file in cohort.yml",
        )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _delimiter(header: str) -> str:
    counts = {mark: len(next(csv.reader([header], delimiter=mark))) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])
