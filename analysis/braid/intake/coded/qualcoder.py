"""QualCoder: its project (a folder .qda with the database data.qda), and its table of codings."""

from __future__ import annotations

import re
from pathlib import Path

from braid.intake.coded.project import Code, CodedProject, anonymous, code_path, segments_frame, variables_frame
from braid.intake.coded.qualcoder_database import from_database
from braid.intake.coded.sqlite import opened
from braid.intake.leaving_out import counted
from braid.intake.table import RawTable

TEXT_ID = re.compile(r"ctid:")


def read_qualcoder(path: Path, name: str, *, names: bool = False) -> CodedProject:
    """Read a project, by its folder or its database. names: whether coders keep theirs. Raises UserError."""
    path = path / "data.qda" if path.is_dir() else path
    with opened(path, name) as database:
        return from_database(database, name, names)


def is_codings(columns: list[str]) -> bool:
    """Whether a table is QualCoder's report of codings."""
    return columns[:1] in (["File"], ["Case"]) and {"Coder", "Coded", "Codename"} <= set(columns)


def from_codings(table: RawTable, *, names: bool = False) -> CodedProject:
    """The report of codings: words without offsets; categories stand in columns, from the nearest to the highest."""
    columns = list(table.frame.columns)
    categories = [column for column in columns if re.fullmatch(r"Category( \(\d+\))?", column)]
    source = "File" if columns[0] == "File" else "Filename"
    coders = anonymous(sorted(set(table.column("Coder"))))
    rows, index, silent = [], [], 0
    for number, row in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        words = row.get("Id", "ctid:") == "" or TEXT_ID.match(row.get("Id", "ctid:")) is not None
        silent += not words
        path = [*(row[c] for c in reversed(categories) if row[c]), row["Codename"]]
        index.append(int(number))
        rows.append(
            {
                "source": row.get(source, ""),
                "participant": row["Case"] if columns[0] == "Case" else "",
                "coder": row["Coder"] if names else coders.get(row["Coder"], ""),
                "code_path": code_path(path),
                "quote": row["Coded"].strip() if words else "",
                "memo": row.get("Coded_Memo", ""),
            }
        )
    note = [f"{counted(silent, 'coding')} of pictures, sound or film count, and cannot be quoted"] if silent else []
    cases, sources = (_variables(table, key, start) for key, start in (("Case", "CaseVar_"), (source, "FileVar_")))
    return CodedProject(
        name=table.name,
        reading=f"codings of QualCoder; {table.reading}",
        codes=tuple(Code(tuple(path.split(" > "))) for path in dict.fromkeys(row["code_path"] for row in rows)),
        segments=segments_frame(rows, index),
        participants=variables_frame("participant", cases),
        sources=variables_frame("source", sources),
        notes=(*table.notes, *note),
    )


def _variables(table: RawTable, key: str, start: str) -> dict[str, dict[str, str]]:
    if key not in table.frame.columns:
        return {}
    own = [column for column in table.frame.columns if column.startswith(start)]
    records = table.frame.to_dict("records")
    return {str(row[key]): {column.removeprefix(start): row[column] for column in own} for row in records if row[key]}
