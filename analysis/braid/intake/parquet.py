"""A Parquet file as a table of text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from braid.errors import UserError
from braid.intake.cells import column
from braid.intake.leaving_out import counted, listed
from braid.intake.table import RawTable
from braid.study import FileReading

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNNAMED = "__index_level_0__"
"""What pandas calls a row index without a name."""
AS_TEXT = re.compile(r"U?HUGEINT|DECIMAL.*|DATE|TIME|TIME WITH TIME ZONE|INTERVAL|UUID")
"""Types that are written by DuckDB, because numpy has none that holds them exactly."""


def read_parquet(path: Path, name: str, how: FileReading | None = None) -> RawTable:
    """Read a Parquet file, column by column.

    Numbers, truth values and times become text as in `cells.text`, times with a zone in UTC; a null is empty. Columns
    of lists, structures or bytes are left out. A row index of pandas is a column. The index is the row, from 1.
    Raises UserError where DuckDB is not installed or the file cannot be read. how: nothing in it bears on this format.
    """
    try:
        import duckdb
    except ImportError:
        raise UserError(
            "reading Parquet needs DuckDB, which is not installed",
            place=name,
            todo='run `python -m pip install "braid[parquet]"` or `python -m pip install duckdb` in .venv, '
            "or export the table as CSV (UTF-8)",
        ) from None
    if not path.is_file():
        raise UserError("this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml")
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as engine:
            return _table(engine, _literal(path), name)
    except duckdb.Error as error:
        raise UserError(
            "this is not a whole Parquet file",
            place=name,
            found="an empty file" if path.stat().st_size == 0 else str(error).splitlines()[0],
            todo="copy the file again, or export the table as CSV (UTF-8) and name that file in cohort.yml",
        ) from error


def _table(engine: DuckDBPyConnection, file: str, name: str) -> RawTable:
    engine.execute("SET TimeZone = 'UTC'")
    types = engine.execute(f"DESCRIBE SELECT * FROM read_parquet({file})").fetchall()
    columns: dict[str, pd.Series[str]] = {}
    out: list[str] = []
    for entry in types:
        title, kind = str(entry[0]), str(entry[1])
        if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT", "VARIANT", "GEOMETRY")):
            out.append(f"{title} ({kind.split('(')[0].lower()})")
            continue
        quoted = '"' + title.replace('"', '""') + '"'
        wanted = f"CAST({quoted} AS VARCHAR)" if AS_TEXT.fullmatch(kind) else quoted
        cells = engine.execute(f"SELECT {wanted} AS cell FROM read_parquet({file})").fetchnumpy()["cell"]
        columns[title] = _cells(cells, "UTC" if kind == "TIMESTAMP WITH TIME ZONE" else None)
    notes = ["rows are numbered as in the file, from 1"]
    if out:
        notes.append(f"{counted(len(out), 'column')} left out, because cells are no single values: {listed(out)}")
    notes += _index(engine, file, columns)
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    if frame.empty:
        notes.append("the file has columns and no row")
    return RawTable(name, frame, "Parquet", notes=tuple(notes))


def _cells(values: Any, zone: str | None) -> pd.Series[str]:
    """One column as DuckDB gives it: an array of numpy, with a mask where cells are null. zone: of its times."""
    if isinstance(values, pd.Categorical):
        return column(pd.Series(values.astype(object)))
    plain = np.ma.getdata(values)
    cells = column(pd.Series(pd.DatetimeIndex(plain, tz=zone)) if zone else pd.Series(plain))
    hidden = np.ma.getmaskarray(values)
    return cells.mask(hidden, "") if hidden.any() else cells


def _index(engine: DuckDBPyConnection, file: str, columns: dict[str, pd.Series[str]]) -> list[str]:
    """Say which columns were the row index of pandas; give one without a name a readable one."""
    query = f"SELECT value FROM parquet_kv_metadata({file}) WHERE decode(key) = 'pandas'"
    row = engine.execute(query).fetchone()
    stored = json.loads(bytes(row[0]).decode()).get("index_columns", []) if row else []
    names = [entry for entry in stored if isinstance(entry, str) and entry in columns]
    if UNNAMED in names and "index" not in columns:
        columns["index"] = columns.pop(UNNAMED)
        names = ["index" if entry == UNNAMED else entry for entry in names]
    return [f"the row index of pandas was read as {listed(names)}"] if names else []


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
