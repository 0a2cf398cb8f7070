"""What people decided about coded words: which may be quoted, and how coders settled their differences."""

from __future__ import annotations

import re

import pandas as pd

from braid.cleaning.tables import RawTables
from braid.cleaning.themes import IGNORED, CodeBook
from braid.errors import Mistakes, Place, UserError
from braid.intake import RawTable
from braid.study import Cohort

QUOTES = ["source", "start", "end", "approved", "approved_by", "reason"]
OPTIONAL = ["deviant", "edited_text", "quote"]
CONSENSUS = [
    "source",
    "start",
    "end",
    "code_path",
    "coder_a",
    "coder_b",
    "decision",
    "reason",
    "adjudicator",
    "date",
]
YES = ["yes", "y", "true", "1"]
NO = ["no", "n", "false", "0", ""]
OFFSET = re.compile(r"\d+(?:\.0+)?")


def read_quotes(cohort: Cohort) -> pd.DataFrame | None:
    """Approvals of quotes: source, start, end, approved (bool), approved_by, reason; None where there is no file.

    Where the file has them also deviant (bool), edited_text, and quote (the words, for passages without offsets).
    Raises UserErrors with every cell that is neither yes nor no, or no offset.
    """
    assert cohort.spec.interviews is not None
    if cohort.spec.interviews.quotes is None:
        return None
    table = RawTables(cohort)[cohort.spec.interviews.quotes]
    frame = _columns(table, [*QUOTES, *(column for column in OPTIONAL if column in table.frame.columns)])
    mistakes = Mistakes()
    for column in {"approved", "deviant"}.intersection(frame.columns):
        cells = frame[column].str.strip().str.casefold()
        mistakes.errors += [
            UserError(
                "this is neither yes nor no",
                place=Place(table.name, row=int(row), column=column),
                found=repr(frame[column][row]),
                expected="yes or no, or an empty cell for no",
                todo="mend the cell",
            )
            for row in frame.index[~cells.isin([*YES, *NO])]
        ]
        frame[column] = cells.isin(YES)
    _offsets(table, frame, mistakes)
    mistakes.stop_if_any()
    return frame.reset_index(drop=True)


def read_consensus(cohort: Cohort) -> pd.DataFrame | None:
    """How differences between coders were settled, with the theme's path; None where there is no file.

    `place` says where each row stands. Raises UserErrors for codes that no theme takes and cells that are no offset.
    """
    assert cohort.spec.interviews is not None and cohort.study.coding is not None
    if cohort.spec.interviews.consensus is None:
        return None
    table = RawTables(cohort)[cohort.spec.interviews.consensus]
    frame = _columns(table, CONSENSUS)
    places = [f"{table.name}: row {row}" for row in table.frame.index]
    mistakes = Mistakes()
    with mistakes.gathered():
        book = CodeBook(cohort.study.coding)
        frame["theme"] = book.themes(frame["code_path"], [f"{place}, column code_path" for place in places])
    _offsets(table, frame, mistakes)
    mistakes.stop_if_any()
    frame["place"] = places
    return frame[frame["theme"] != IGNORED].drop(columns="code_path").reset_index(drop=True)


def _offsets(table: RawTable, frame: pd.DataFrame, mistakes: Mistakes) -> None:
    for column in ("start", "end"):
        cells = frame[column].str.strip()
        wrong = [int(row) for row, cell in zip(frame.index, cells, strict=True) if cell and not OFFSET.fullmatch(cell)]
        mistakes.errors += [
            UserError(
                "this is no offset",
                place=Place(table.name, row=row, column=column),
                found=repr(cells[row]),
                expected="a count of characters from the beginning of the source, or an empty cell",
                todo="mend the cell",
            )
            for row in wrong
        ]
        frame[column] = pd.to_numeric(cells.where(~cells.index.isin(wrong), ""), errors="coerce").astype("Int64")


def _columns(table: RawTable, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({column: table.column(column) for column in columns})
