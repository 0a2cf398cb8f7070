"""Qualtrics exports: three header rows, test responses among the real ones, personal data beside the answers.

Source: Qualtrics support pages "Understanding Your Dataset" and "Data Export Formats"; the status is a sum of flags
(1 preview, 2 test, 4 imported, 8 spam, 16 offline, 32 employee experience).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd

from braid.errors import UserError
from braid.intake.headers import names, plain, unique
from braid.intake.leaving_out import counted, listed, noted, renamed, tally, without_columns, without_rows
from braid.intake.personal import cell_kind
from braid.intake.table import RawTable
from braid.study import FileReading

PERSONAL = names(
    "ipaddress recipientlastname recipientfirstname recipientemail locationlatitude locationlongitude"
    " locationaccuracy emailaddress name"
)
"""What Qualtrics itself knows of a person, by ImportId or (legacy) name, folded; `name` of a legacy export only."""
OWN = PERSONAL | names(
    "startdate enddate status progress duration finished recordeddate externaldatareference"
    " distributionchannel userlanguage responseid responseset"
)
OTHER_NAMES = {"durationinseconds": "duration", "externalreference": "externaldatareference", "_recordid": "responseid"}
UNSEEN = "-99"
PREVIEW, SPAM = (
    {"survey preview", "survey test", "offline survey preview"},
    {"spam", "survey preview spam", "imported spam"},
)
REAL = {"ip address", "imported", "offline", "ex", "ex offline", "ip-adresse", "adresse ip", "dirección ip"}
TRUE, FALSE = {"1", "true"}, {"0", "false"}
SEVERAL = re.compile(r"\d+(?:,\d+)+")
QUESTION = re.compile(r"(?:(\d+)_)?QID\d+")
"""An ImportId of a question; the number before it is the round of a loop."""


def read_qualtrics(table: RawTable, how: FileReading) -> RawTable:
    """The responses of a Qualtrics export that was read with its first row as the header.

    The other header rows (question text, ImportId; or the one of a legacy export) become labels and names. Preview,
    test and spam responses are left out and counted, columns with personal data left out and named, unfinished
    responses treated as `how.unfinished` says. Row numbers stay those of the file. Cells -99 of questions count as
    declared missing (seen, but unanswered). Works for an SPSS file too, which has its labels already.
    Raises UserError where the table is no Qualtrics export.
    """
    texts, marks, below = _header_rows(table)
    if marks is None and not texts and not is_qualtrics([str(column) for column in table.frame.columns]):
        raise UserError(
            "this is not an export of Qualtrics",
            place=table.name,
            found=f"columns {listed(table.frame.columns)}",
            expected='a third header row such as {"ImportId":"QID1"}, or columns such as ResponseId and Finished',
            todo="mend `format` in cohort.yml, or export the file again with its header rows",
        )
    table = replace(table, frame=table.frame.iloc[below:])
    table, kinds, ids = _named(table, texts, marks)
    zones = sorted({mark["timeZone"] for mark in marks or [] if mark.get("timeZone")})
    headers = {0: "1 header row", 1: "2 header rows"}
    finished = set(table.frame[kinds["finished"]].str.casefold()) if "finished" in kinds else set()
    kind = "numeric values" if finished & {"0", "1"} else "choice text" if finished - {""} else ""
    parts = ["Qualtrics", table.reading, headers.get(below, "3 header rows"), kind]
    parts.append(f"times in {', '.join(zones)}" if zones else "")
    table = replace(table, reading=", ".join(part for part in parts if part))
    table = _without_tests(table, kinds)
    table = _without_unfinished(table, kinds, how)
    table = _without_personal(table, kinds)
    return _told(table, set(kinds.values()), ids)


def is_qualtrics(columns: list[str]) -> bool:
    """Whether these are names of Qualtrics' own."""
    folded = {_folded(name) for name in columns}
    return "responseid" in folded and len(folded & OWN) >= 3


def second_header(columns: list[str], rows: list[list[str]]) -> bool:
    """Whether the first row below the names is a header too, with the question texts and no ImportIds.

    A legacy export has ResponseID in it, under V1 or ResponseID; in other exports it stands in the column ResponseId,
    in any language, above responses (R_...).
    """
    if not rows:
        return False
    below = {_folded(cell) for cell in rows[0]}
    if "responseid" in below and below & {"status", "finished", "responseset", "startdate", "ipaddress"}:
        return True
    place = next((place for place, name in enumerate(columns) if _folded(name) == "responseid"), None)
    if place is None or len(rows) < 2 or not is_qualtrics(columns):
        return False
    first, second = ((*row, *[""] * len(columns))[place] for row in rows[:2])
    return first != "" and not first.startswith("R_") and second.startswith("R_")


def import_ids(row: list[str]) -> list[dict[str, str]] | None:
    """The ImportId row as one mapping a cell, or None where the row is none."""
    if not any(cell.startswith("{") and '"ImportId"' in cell for cell in row):
        return None
    marks: list[dict[str, str]] = []
    for cell in row:
        try:
            mark = json.loads(cell) if cell else {}
        except ValueError:
            mark = {}
        marks.append({str(k): str(v) for k, v in mark.items()} if isinstance(mark, dict) else {})
    return marks


def _header_rows(table: RawTable) -> tuple[list[str], list[dict[str, str]] | None, int]:
    """Question texts, ImportIds where there are any, and how many rows below the first are headers."""
    rows = [[str(cell) for cell in table.frame.iloc[place]] for place in range(min(2, len(table.frame)))]
    for place, row in enumerate(rows):
        marks = import_ids(row)
        if marks is not None:
            return (rows[0] if place else []), marks, place + 1
    if second_header([str(column) for column in table.frame.columns], rows):
        return rows[0], None, 1
    return [], None, 0


def _folded(name: str) -> str:
    """A name of Qualtrics' own without case, spaces and brackets; its several spellings become one."""
    bare = re.sub(r"[^\w]", "", name).casefold()
    return OTHER_NAMES.get(bare, bare)


def _named(
    table: RawTable, texts: list[str], marks: list[dict[str, str]] | None
) -> tuple[RawTable, dict[str, str], dict[str, str]]:
    """The table named and labelled by its header rows, Qualtrics' own columns by kind, and ImportIds by name."""
    columns = [str(column) for column in table.frame.columns]
    originals = [plain(table.labels.get(column, "")) if texts or marks else column for column in columns]
    originals = [original or column for original, column in zip(originals, columns, strict=True)]
    ids = [mark.get("ImportId", "") for mark in marks] if marks else [""] * len(columns)
    notes = [note for note in table.notes if not note.startswith("columns that stand twice")]
    if marks is None and texts:
        own = {
            column: plain(text) for column, text in zip(columns, texts, strict=True) if re.fullmatch(r"V\d+", column)
        }
        originals = [own.get(column, original) for column, original in zip(columns, originals, strict=True)]
    repeated = list(dict.fromkeys(name for name in originals if originals.count(name) > 1))
    chosen = unique(originals, ids if marks else None)
    if repeated:
        by = "their ImportId" if marks else "a number"
        notes.append(f"columns that stand twice are told apart by {by}: {listed(repeated)}")
    labels = {column: plain(label) for column, label in table.labels.items()}
    if texts:
        labels = {column: plain(text) for column, text in zip(columns, texts, strict=True)}
    table = replace(table, labels={c: text for c, text in labels.items() if text}, notes=tuple(notes))
    table = renamed(table, dict(zip(columns, chosen, strict=True)))
    kinds: dict[str, str] = {}
    for name, original, mark in zip(chosen, originals, ids, strict=True):
        kind = _folded(mark) if marks else _folded(original)
        if kind in OWN:
            kinds.setdefault(kind, name)
    return table, kinds, {name: mark for name, mark in zip(chosen, ids, strict=True) if mark}


def _without_tests(table: RawTable, kinds: dict[str, str]) -> RawTable:
    """Leave out previews, tests and spam; name statuses that are not known."""
    frame = table.frame
    status = _folded_cells(frame, kinds.get("status"))
    channel = _folded_cells(frame, kinds.get("distributionchannel"))
    flags = pd.to_numeric(status, errors="coerce").fillna(0).astype(int)
    labels = table.values.get(kinds.get("status", ""), {})
    words = status.map(lambda cell: labels.get(cell, cell).casefold())
    preview = words.isin(PREVIEW) | ((flags & 3) > 0) | channel.isin({"preview", "test"})
    spam = ~preview & (words.isin(SPAM) | ((flags & 8) > 0))
    unknown = words[~preview & ~spam & (flags == 0) & ~words.isin(REAL | {"", "0"})]
    table = without_rows(table, preview, "preview and test responses")
    table = without_rows(table, spam[~preview], "marked as spam by Qualtrics")
    return noted(table, f"statuses that are not known were kept: {tally(unknown)}" if len(unknown) else "")


def _without_unfinished(table: RawTable, kinds: dict[str, str], how: FileReading) -> RawTable:
    """Count unfinished responses, and leave them out where the file's reading says so."""
    if "finished" not in kinds and "progress" not in kinds:
        return table
    finished = _folded_cells(table.frame, kinds.get("finished"))
    progress = pd.to_numeric(_folded_cells(table.frame, kinds.get("progress")), errors="coerce")
    unfinished = finished.isin(FALSE) | (~finished.isin(TRUE) & (progress < 100))
    if how.unfinished == "leave out":
        return without_rows(table, unfinished, "unfinished responses")
    kept = int(unfinished.sum())
    return noted(table, f"{counted(kept, 'unfinished response')} kept" if kept else "")


def _without_personal(table: RawTable, kinds: dict[str, str]) -> RawTable:
    """Leave out Qualtrics' own personal columns; an external reference stays unless it is personal itself."""
    personal = [name for kind, name in kinds.items() if kind in PERSONAL and (kind != "name" or "responseset" in kinds)]
    reference = kinds.get("externaldatareference")
    note = ""
    if reference and not (table.frame[reference] != "").any():
        table = without_columns(table, [reference], "empty")
    elif reference and (what := cell_kind(table.frame[reference])):
        personal.append(reference)
        note = f"{reference} is personal data: most of its cells look like {what}"
    elif reference:
        note = f"{reference} was kept: it may be the key that joins the waves; check that it names nobody"
    in_order = [column for column in table.frame.columns if column in set(personal)]
    return noted(without_columns(table, in_order, "personal data"), note)


def _told(table: RawTable, own: set[str], ids: dict[str, str]) -> RawTable:
    """Declare -99 missing, and say which columns are embedded data, loops, or hold several answers in a cell."""
    frame = table.frame
    asked = [column for column in frame.columns if column not in own]
    notes: list[str] = []
    embedded = [column for column in asked if column in ids and not QUESTION.match(ids[column])]
    if embedded:
        notes.append(f"no questions, but embedded data or computed by Qualtrics: {listed(embedded)}")
    asked = [column for column in asked if column not in embedded]
    loops = {column: QUESTION.match(ids.get(column, "")) for column in asked}
    rounds = {column: int(match[1]) for column, match in loops.items() if match and match[1]}
    if rounds:
        notes.append(f"loop and merge: {counted(len(rounds), 'column')}, rounds {listed(sorted(set(rounds.values())))}")
    unseen = {column: int((frame[column] == UNSEEN).sum()) for column in asked}
    unseen = {column: count for column, count in unseen.items() if count}
    missing = {c: frozenset({*table.missing.get(c, frozenset()), UNSEEN}) for c in unseen}
    if unseen:
        cells = f"{counted(sum(unseen.values()), 'cell')} in {counted(len(unseen), 'column')}"
        notes.append(f"{UNSEEN} (seen, but unanswered) counts as missing: {cells}")
    several = [c for c in asked if any(SEVERAL.fullmatch(cell) for cell in frame[c].unique())]
    if several:
        notes.append(f"several answers in one cell, parted by a comma: {listed(several)}")
    return noted(replace(table, missing={**table.missing, **missing}), *notes)


def _folded_cells(frame: pd.DataFrame, column: str | None) -> pd.Series[str]:
    """A column's cells without case, or empty cells where there is no such column."""
    if column is None:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[column].str.casefold()
