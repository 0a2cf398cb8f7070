"""One entry for every file of a coding program: which reader it needs is known by its ending and by what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from braid.errors import UserError
from braid.intake.coded.project import CodedProject
from braid.intake.coded.qualcoder import from_codings, is_codings, read_qualcoder
from braid.intake.coded.refi import read_refi, read_refi_codebook
from braid.intake.coded.spreadsheet import from_spreadsheet, is_maxqda
from braid.intake.coded.sqlite import is_sqlite, opened
from braid.intake.coded.taguette import from_codebook, from_highlights, is_codebook, is_highlights, read_taguette
from braid.intake.export import head
from braid.intake.reading import read_file
from braid.intake.table import RawTable
from braid.study import FileReading

PROJECTS = (".qdpx", ".qde", ".qdc", ".qda", ".sqlite3")
OWN = {
    ".nvp": "NVivo",
    ".nvpx": "NVivo",
    ".nvcx": "NVivo",
    ".atlproj": "ATLAS.ti",
    ".atlproj9": "ATLAS.ti",
    ".atlproj23": "ATLAS.ti",
    ".mx20": "MAXQDA",
    ".mx22": "MAXQDA",
    ".mx24": "MAXQDA",
}
"""Files that only the program itself can read."""


def read_project(
    path: Path,
    name: str,
    *,
    columns: Mapping[str, str | list[str]] | None = None,
    names: bool = False,
    how: FileReading | None = None,
    table: RawTable | None = None,
) -> CodedProject:
    """Read what a coding program wrote.

    columns: of a table of coded segments, which column is what. names: whether coders keep their names. how: of a
    table, how it is read; table: where it has been read already. Raises UserError where it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in OWN:
        raise UserError(
            f"this is {OWN[suffix]}'s own file, which only {OWN[suffix]} can read",
            place=name,
            todo=f"in {OWN[suffix]}, export the project in the REFI-QDA format (.qdpx), and name that file",
        )
    if suffix in (".qdpx", ".qde"):
        return read_refi(path, name, names=names)
    if suffix == ".qdc":
        return read_refi_codebook(path, name)
    if suffix == ".qda" or path.is_dir():
        return read_qualcoder(path, name, names=names)
    if suffix == ".sqlite3" or is_sqlite(path):
        if _is_qualcoder(path, name):
            return read_qualcoder(path, name, names=names)
        return read_taguette(path, name)
    table = table or read_file(path, name, how)
    headers = [str(column) for column in table.frame.columns]
    if not columns and is_highlights(headers):
        return from_highlights(table)
    if not columns and is_codebook(headers):
        return from_codebook(table)
    if not columns and is_codings(headers):
        return from_codings(table, names=names)
    return from_spreadsheet(table, columns or {}, names=names)


def is_project(path: Path) -> bool:
    """Whether a file was written by a coding program: by its ending, as a database, or by the columns of a table."""
    if path.suffix.lower() in (*PROJECTS, *OWN) or is_sqlite(path):
        return True
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return False
    if path.suffix.lower() == ".csv":
        headers = (head(path, FileReading(), 1) or [[]])[0]
    else:
        headers = [str(column) for column in read_file(path, path.name).frame.columns]
    return is_highlights(headers) or is_codebook(headers) or is_codings(headers) or is_maxqda(headers)


def _is_qualcoder(path: Path, name: str) -> bool:
    with opened(path, name) as database:
        return "code_text" in database.tables
