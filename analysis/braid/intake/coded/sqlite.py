"""An SQLite file as tables, read from a copy in memory: nothing beside the file is made, and nothing in it is run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from braid.errors import UserError
from braid.study import did_you_mean

START = b"SQLite format 3\0"
LARGEST = 500 * 2**20
OPEN = ("-journal", "-wal")


class Database:
    """The tables of an open file. name: for messages."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.connection, self.name = connection, name
        listed = connection.execute("select name from sqlite_master where type = 'table'")
        self.tables = {str(table) for (table,) in listed}

    def rows(self, table: str, columns: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, Any]]:
        """All rows of a table; a column that is optional and not there is None. Raises UserError for another one."""
        if table not in self.tables:
            raise UserError(
                f"this database has no table {table}",
                place=self.name,
                found=", ".join(sorted(self.tables)[:12]) or "no table",
                todo=f"make sure that it is the right file ({did_you_mean(table, sorted(self.tables))})",
            )
        there = {str(row[1]) for row in self.connection.execute(f'pragma table_info("{table}")')}
        missing = [column for column in columns if column not in there]
        if missing:
            raise UserError(
                f"the table {table} of this database has no column {missing[0]}",
                place=self.name,
                found=", ".join(sorted(there)),
                todo="the program that wrote it may be newer than what is read here; export the project as REFI-QDA",
            )
        chosen = [*columns, *(column for column in optional if column in there)]
        names = ", ".join(f'"{column}"' for column in chosen)
        found = self.connection.execute(f'select {names} from "{table}"')
        absent = {column: None for column in optional if column not in there}
        return [dict(zip(chosen, row, strict=True)) | absent for row in found]


@contextmanager
def opened(path: Path, name: str) -> Iterator[Database]:
    """Open a file. Raises UserError where it is missing, none, open in its program, or damaged."""
    content = _content(path, name)
    connection = sqlite3.connect(":memory:")
    try:
        # a copy in memory has no log beside it, which the file's header may ask for
        connection.deserialize(content[:18] + b"\1\1" + content[20:])
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma query_only = on")
        yield Database(connection, name)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise UserError(
            "this database is damaged or was cut off",
            place=name,
            found=str(error),
            todo="close the program that made it, and copy the whole file again",
        ) from None
    finally:
        connection.close()


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite does."""
    try:
        with path.open("rb") as file:
            return file.read(len(START)) == START
    except OSError:
        return False


def _content(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except FileNotFoundError:
        raise UserError(
            "this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml"
        ) from None
    except OSError as error:
        raise UserError(
            "this file may not be read",
            place=name,
            found=error.strerror or str(error),
            todo="close the program that has it open, and try again",
        ) from None
    if size > LARGEST:
        raise UserError(f"this database is larger than {LARGEST // 2**20} MB", place=name, found=f"{size:,} bytes")
    if not content.startswith(START) or len(content) < 100:
        raise UserError(
            "this is not an SQLite database",
            place=name,
            found="an empty file" if not content else f"a file that begins with {content[:12]!r}",
            todo="export the project again, and copy the whole file",
        )
    waiting = [path.name + end for end in OPEN if path.with_name(path.name + end).is_file()]
    waiting = [file for file in waiting if path.with_name(file).stat().st_size]
    if waiting:
        raise UserError(
            "this database is open in its program, or was not closed: its last changes are still outside of it",
            place=name,
            found=", ".join(waiting),
            todo="close the program (open and close it once more if it was closed), and copy the file again",
        )
    return content
