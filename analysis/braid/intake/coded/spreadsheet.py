"""Tables of coded segments: which column is what, as declared, or by the headers of MAXQDA and of the canonical CSV."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from braid.errors import UserError
from braid.intake.coded.project import (
    SEGMENTS,
    CodedProject,
    anonymous,
    code_path,
    segments_frame,
    split_path,
    variables_frame,
)
from braid.intake.headers import words
from braid.intake.leaving_out import counted, listed
from braid.intake.table import RawTable
from braid.study import did_you_mean

HEADERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "source": words("source | document name | document | file name | dokumentname | dokument | nom du document"),
        "participant": words("participant | case | speaker | fall | sprecher"),
        "group": words("group | document group | dokumentgruppe | groupe de documents"),
        "site": words("site | ward | hospital"),
        "occasion": words("occasion | wave"),
        "coder": words("coder | modified by | created by | author | user | bearbeitet von | autor | ersteller"),
        "code_path": words("code_path | code | codes | node | nodes | codename | code path | knoten"),
        "quote": words("quote | segment | coded text | text | coded segment | codiertes segment | kodiertes segment"),
        "memo": words("memo | comment | kommentar | commentaire"),
        "start": words("start | start position | startposition"),
        "end": words("end position | endposition"),
    }
)
"""Known headers, in small letters. `Beginning` and `End` of MAXQDA count paragraphs or pages and are no offsets."""


def is_maxqda(columns: list[str]) -> bool:
    """Whether a table is MAXQDA's of coded segments, in a language that is known."""
    folded = {column.strip().casefold() for column in columns}
    return {"segment", "code"} <= folded and bool({"document name", "dokumentname", "nom du document"} & folded)


def from_spreadsheet(table: RawTable, columns: Mapping[str, str | list[str]], *, names: bool = False) -> CodedProject:
    """Read a table of coded segments.

    columns: which column of the file is which of SEGMENTS; several columns make a code path, from the highest name to
    the lowest. What is not declared is found by its header. names: whether coders keep their names. Raises UserError
    where codes or sources have no column.
    """
    chosen = _chosen(table, columns)
    for needed in ("source", "code_path"):
        if needed not in chosen:
            there = list(map(str, table.frame.columns))
            raise UserError(
                f"no column of this file is known to hold the {'codes' if needed == 'code_path' else needed}",
                place=table.name,
                found=", ".join(there[:20]),
                expected="a column that cohort.yml names",
                todo=f"name it under `interviews`, as `columns: {{{needed}: {there[0] if there else '...'}}}`",
            )
    cells = {field: table.column(column) for field, column in chosen.items() if isinstance(column, str)}
    path = chosen["code_path"]
    parts = [table.column(column) for column in ([path] if isinstance(path, str) else path)]
    paths = [code_path(name for cell in row for name in split_path(cell)) for row in zip(*parts, strict=True)]
    if "coder" in cells and not names:
        cells["coder"] = _letters(cells["coder"])
    offsets = {field: _numbers(table, cells[field]) for field in ("start", "end") if field in cells}
    columns_of = {field: column.tolist() for field, column in cells.items() if field not in offsets} | offsets
    columns_of["code_path"] = paths
    rows = [dict(zip(columns_of, row, strict=True)) for row in zip(*columns_of.values(), strict=True)]
    coded = [place for place, row in enumerate(rows) if row["code_path"] and row["source"]]
    without = len(rows) - len(coded)
    said = ", ".join(f"{field} from {' + '.join([c] if isinstance(c, str) else c)!r}" for field, c in chosen.items())
    segments = segments_frame([rows[place] for place in coded], [int(table.frame.index[place]) for place in coded])
    sources = _variables(table, "source", str(chosen["source"]), coded)
    return CodedProject(
        name=table.name,
        reading=f"table of coded segments ({said}); {table.reading}",
        segments=segments,
        participants=_variables(table, "participant", str(chosen["participant"]), coded)
        if "participant" in chosen
        else CodedProject("", "").participants,
        sources=sources,
        notes=(*table.notes, *([f"{counted(without, 'row')} without a code or a source left out"] if without else [])),
    )


def _chosen(table: RawTable, columns: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    there = [str(column) for column in table.frame.columns]
    for field, named in columns.items():
        if field not in SEGMENTS:
            raise UserError(
                "this is no column of coded segments",
                place=f"{table.name}: columns",
                found=field,
                todo=did_you_mean(field, list(SEGMENTS)),
            )
        for column in [named] if isinstance(named, str) else named:
            table.column(column)
    chosen = dict(columns)
    canonical = {"code_path", "quote"} <= set(there)
    for field in SEGMENTS:
        known = HEADERS[field] | ({"end"} if field == "end" and canonical else frozenset())
        found = field if field in there else next((c for c in there if c.strip().casefold() in known), None)
        if field not in chosen and found is not None and found not in chosen.values():
            chosen[field] = found
    if "start" not in chosen or "end" not in chosen:
        chosen = {field: column for field, column in chosen.items() if field not in ("start", "end")}
    return {field: chosen[field] for field in SEGMENTS if field in chosen}


def _letters(coders: pd.Series[str]) -> pd.Series[str]:
    """Coders as `Coder A`, `Coder B`, unless that is what they are called."""
    known = sorted(set(coders) - {""})
    if all(name.startswith("Coder ") for name in known):
        return coders
    return coders.map({"": "", **anonymous(known)})


def _numbers(table: RawTable, column: pd.Series[str]) -> list[int | None]:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column[(column != "") & (numbers.isna() | (numbers % 1 != 0) | (numbers < 0))]
    if len(wrong):
        raise UserError(
            "this is no offset",
            place=f"{table.name}: row {wrong.index[0]}, column {column.name}",
            found=listed(repr(cell) for cell in wrong.unique()),
            expected="a count of characters from the beginning of the source, or an empty cell",
            todo="mend the cell, or name another column under `columns`",
        )
    return [None if pd.isna(number) else int(number) for number in numbers]


def _variables(table: RawTable, key: str, column: str, coded: list[int]) -> pd.DataFrame:
    """What the other columns say of each source or participant, where they always say the same."""
    frame = table.frame.iloc[coded].rename(columns={column: key})
    frame = frame[frame[key] != ""]
    if frame.empty:
        return variables_frame(key, {})
    same = frame.groupby(key, sort=False).nunique(dropna=False).le(1).all()
    return frame[[key, *same.index[same]]].drop_duplicates(key).reset_index(drop=True)
