"""The file of approvals that goes with a cohort: decisions written into it, and everything else in it kept."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from braid.errors import UserError
from braid.intake.decoding import decoded
from braid.intake.delimiters import found_delimiter
from braid.study import FileReading

COLUMNS = ("source", "start", "end", "approved", "approved_by", "reason")
TEXT_FILES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Verdict:
    """One decision on a passage: may it be quoted, who says so, and why. words: for a passage without offsets.

    edited_text, deviant: how it is quoted, and that it speaks against the others; what is not said changes nothing.
    """

    source: str
    start: int | None
    end: int | None
    words: str
    approved: bool
    by: str
    reason: str
    edited_text: str = ""
    deviant: bool = False

    @property
    def told(self) -> dict[str, str]:
        """The cells that this decision fills or changes, by column."""
        cells = {"approved": "yes" if self.approved else "no", "approved_by": self.by, "reason": self.reason}
        more = {"edited_text": self.edited_text, "deviant": "yes" if self.deviant else ""}
        return cells | {column: cell for column, cell in more.items() if cell}


@dataclass(frozen=True)
class _Row:
    """A row of the file: its cells, and the text it was read from, which stands for it until a cell changes."""

    cells: list[str]
    raw: str


_File = tuple[str, list[str], list[_Row], str, str, str]
"""What stands above the header, the header, the rows, the delimiter, the line end, and the byte order mark."""

_NEW: _File = ("", list(COLUMNS), [], ",", "\n", "")


def write_verdicts(path: Path, name: str, verdicts: Sequence[Verdict], how: FileReading | None = None) -> None:
    """Write decisions into the file, whole or not at all; where there is none, make it.

    A row that speaks of the same passage gets the new decision; other rows, their order, and columns of the team's own
    stay as they are, letter by letter. name: of the file, for messages. how: as cohort.yml declares the file.
    Raises UserError where the file is no text file, or has no columns source, start and end.
    """
    if path.suffix.lower() not in TEXT_FILES:
        raise UserError(
            "decisions can be written into a CSV file only",
            place=name,
            todo="save this table as CSV and name that file as `quotes` in cohort.yml, or mark the rows in it yourself",
        )
    above, header, rows, mark, end, bom = _read(path, name, how) if path.is_file() else _NEW
    wanted = [*COLUMNS, *(["quote"] if any(verdict.start is None for verdict in verdicts) else [])]
    wanted += [column for verdict in verdicts for column in verdict.told]
    added = list(dict.fromkeys(column for column in wanted if column not in header))
    if added:
        header = [*header, *added]
        rows = [_Row([*row.cells, *[""] * (len(header) - len(row.cells))], "") for row in rows]
    for verdict in verdicts:
        rows = _with(rows, header, verdict)
    lines = [_line(header, mark, end), *(row.raw or _line(row.cells, mark, end) for row in rows)]
    # a last line that was not ended would swallow what is written after it
    text = above + "".join(line if line.endswith(("\n", "\r")) else line + end for line in lines)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_bytes((bom + text).encode("utf-8"))
    draft.replace(path)


def _read(path: Path, name: str, how: FileReading | None) -> _File:
    content = path.read_bytes()
    text = decoded(path, name, how.encoding if how else None).text
    mark = (how.delimiter if how else None) or found_delimiter(text)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=mark)
    rows: list[_Row] = []
    begin = 0
    for cells in reader:
        rows.append(_Row(cells, "".join(lines[begin : reader.line_num])))
        begin = reader.line_num
    head = next((i for i, row in enumerate(rows) if {"source", "start", "end"} <= set(_trimmed(row.cells))), None)
    if head is None:
        raise UserError(
            "this file has no columns source, start and end",
            place=name,
            found=", ".join(rows[0].cells) if rows else "nothing",
            todo=f"let its first line read {','.join(COLUMNS)}",
        )
    bom = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    return "".join(row.raw for row in rows[:head]), _trimmed(rows[head].cells), rows[head + 1 :], mark, end, bom


def _trimmed(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _with(rows: list[_Row], header: list[str], verdict: Verdict) -> list[_Row]:
    """The rows with one decision: in the row of its passage, or in a new one at the end."""
    new = {
        "source": verdict.source,
        "start": "" if verdict.start is None else str(verdict.start),
        "end": "" if verdict.end is None else str(verdict.end),
        **verdict.told,
    }
    if verdict.start is None:
        new["quote"] = verdict.words
    for i, row in enumerate(rows):
        if row.cells and _same(dict(zip(header, _trimmed(row.cells), strict=False)), verdict):
            cells = [*row.cells, *[""] * (len(header) - len(row.cells))]
            cells = [verdict.told.get(column, cell) for column, cell in zip(header, cells, strict=False)]
            return [*rows[:i], _Row(cells, ""), *rows[i + 1 :]]
    return [*rows, _Row([new.get(column, "") for column in header], "")]


def _same(cells: dict[str, str], verdict: Verdict) -> bool:
    if cells.get("source") != verdict.source:
        return False
    if verdict.start is None:
        return " ".join(cells.get("quote", "").split()) == " ".join(verdict.words.split())
    return (_number(cells.get("start", "")), _number(cells.get("end", ""))) == (verdict.start, verdict.end)


def _number(cell: str) -> int | None:
    try:
        return int(float(cell))
    except ValueError:
        return None


def _line(cells: list[str], mark: str, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerow(cells)
    return out.getvalue()
