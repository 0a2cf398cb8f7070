"""Files of SPSS and Stata as tables of text, with what they know of their columns: labels, meanings, missing codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from braid.errors import UserError
from braid.intake.cells import column, number, span, text
from braid.intake.leaving_out import listed
from braid.intake.table import RawTable
from braid.study import FileReading

Write = Callable[[float], str]
"""How a number of a column is written."""

CASES = "rows are numbered as the cases in the file, from 1"
SPSS_ZERO, STATA_ZERO = datetime(1582, 10, 14), datetime(1960, 1, 1)
SPSS_MOMENTS = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR", "DATETIME", "YMDHMS")
SPSS_SPANS = ("TIME", "DTIME", "MTIME")


def read_spss(path: Path, name: str, how: FileReading | None = None) -> RawTable:
    """Read an SPSS file (.sav, .zsav, .por).

    Variable labels become labels, value labels become values with keys as their cells, user-missing codes are kept
    and declared missing (of a range, those that occur), a system-missing cell is empty, dates and times are ISO 8601.
    how: `encoding` of a file that states none or a wrong one. Raises UserError where it cannot be read.
    """
    import pyreadstat

    read = pyreadstat.read_por if path.suffix.lower() == ".por" else pyreadstat.read_sav
    frame, meta = _read(read, path, name, how, "SPSS")
    writers = {str(c): _spss_writer(str(form)) for c, form in meta.original_variable_types.items()}
    missing, said = {}, []
    for c, ranges in meta.missing_ranges.items():
        missing[c] = _user_missing(frame[c], ranges, writers[c])
        said.append(f"{c} ({_ranges(ranges, writers[c])})")
    notes = ["the file holds the filter of SPSS (filter_$): all cases were read"] if "filter_$" in frame.columns else []
    reading = f"SPSS, {_encoding(meta, how)}"
    return _table(RawTable(name, frame, reading, missing=missing), meta, writers, [*notes, *_declared(said)])


def read_stata(path: Path, name: str, how: FileReading | None = None) -> RawTable:
    """Read a Stata file (.dta).

    As `read_spss`; an extended missing value is the cell `.a` to `.z`, declared missing, and `.` is empty. Quarters
    are `2020-Q1`, half years `2020-H1`, weeks `2020w5` (Stata's weeks are not those of ISO 8601).
    """
    import pyreadstat

    frame, meta = _read(pyreadstat.read_dta, path, name, how, "Stata")
    forms, kinds = meta.original_variable_types, meta.readstat_variable_types
    writers = {str(c): _stata_writer(str(form), kinds[c]) for c, form in forms.items()}
    missing, said = {}, []
    for c, cells in _extended(path, how, meta).items():
        written = [f".{v}" if isinstance(v, str) else "" if v is None else writers[c](float(v)) for v in cells]
        frame[c] = pd.Series(written, index=frame.index, dtype="str")
        missing[c] = frozenset(f".{letter}" for letter in meta.missing_user_values[c])
        said.append(f"{c} ({', '.join(sorted(missing[c]))})")
    reading = f"Stata, {_encoding(meta, how)}"
    return _table(RawTable(name, frame, reading, missing=missing), meta, writers, _declared(said), letters=".")


def _read(read: Callable[..., Any], path: Path, name: str, how: FileReading | None, kind: str) -> Any:
    from pyreadstat import PyreadstatError, ReadstatError

    if not path.is_file():
        raise UserError("this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml")
    encoding = how.encoding if how else None
    try:
        return read(str(path), encoding=encoding, user_missing=True, disable_datetime_conversion=True)
    except (PyreadstatError, ReadstatError, UnicodeDecodeError) as error:
        said = str(error)
    if any(word in said.lower() for word in ("encoding", "character set", "codec")):
        raise UserError(
            f"the text of this file is in another encoding than {'declared' if encoding else 'it says'}",
            place=name,
            found=said,
            expected=encoding,
            todo="give its `encoding` in cohort.yml, such as WINDOWS-1252, or WINDOWS-1256 for Arabic and Urdu",
        )
    raise UserError(
        f"this is not a whole {kind} file",
        place=name,
        found="an empty file" if path.stat().st_size == 0 else said,
        todo="copy the file again, or export the table as CSV (UTF-8) and name that file in cohort.yml",
    )


def _table(raw: RawTable, meta: Any, writers: Mapping[str, Write], notes: list[str], letters: str = "") -> RawTable:
    """The table with its cells as text, and what the file knows of its columns.

    The frame of numbers is emptied column by column, so that both are never whole at once. letters: what stands
    before a key of value labels that is text.
    """
    labels = {c: text(label) for c, label in meta.column_names_to_labels.items() if label and text(label)}
    values = {
        c: {_key(key, writers[c], letters): text(label) for key, label in meanings.items()}
        for c, meanings in meta.variable_value_labels.items()
    }
    index = pd.RangeIndex(1, len(raw.frame) + 1, name="row")
    cells = {c: _cells(raw.frame.pop(c), writers[c]).set_axis(index) for c in list(raw.frame.columns)}
    if index.empty:
        notes = [*notes, "the file has columns and no case"]
    return replace(raw, frame=pd.DataFrame(cells), labels=labels, values=values, notes=(CASES, *notes))


def _cells(values: pd.Series, write: Write) -> pd.Series[str]:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return column(values)
    codes, known = pd.factorize(values)
    written = np.array([*(write(float(value)) for value in known), ""], dtype=object)
    return pd.Series(written[codes], dtype="str")


def _key(key: object, write: Write, letters: str) -> str:
    return write(float(key)) if isinstance(key, int | float) else letters + text(key)


def _user_missing(values: pd.Series, ranges: Iterable[Mapping[str, Any]], write: Write) -> frozenset[str]:
    """The cells a column declares missing: single codes, and of a range those that occur."""
    cells: set[str] = set()
    for limits in ranges:
        low, high = limits["lo"], limits["hi"]
        if isinstance(low, str):
            cells.add(text(low))
        elif low == high:
            cells.add(write(float(low)))
        else:
            cells |= {write(float(value)) for value in values[values.between(low, high)].unique()}
    return frozenset(cells)


def _ranges(ranges: Iterable[Mapping[str, Any]], write: Write) -> str:
    def said(limit: object) -> str:
        return write(limit) if isinstance(limit, float) else text(limit)

    return ", ".join(said(r["lo"]) if r["lo"] == r["hi"] else f"{said(r['lo'])} to {said(r['hi'])}" for r in ranges)


def _declared(said: list[str]) -> list[str]:
    return [f"cells declared missing by the file: {listed(said)}"] if said else []


def _extended(path: Path, how: FileReading | None, meta: Any) -> dict[str, list[Any]]:
    """Columns with extended missing values, a letter for each; None is the plain missing value.

    They are read once more as lists: in a frame, pyreadstat 1.3.7 gives 0 for a `.` that follows on a letter.
    """
    import pyreadstat

    columns = list(meta.missing_user_values)
    if not columns:
        return {}
    lists, _ = pyreadstat.read_dta(
        str(path),
        encoding=how.encoding if how else None,
        user_missing=True,
        disable_datetime_conversion=True,
        usecols=columns,
        output_format="dict",
    )
    return {c: [None if v != v else v for v in lists[c]] for c in columns}


def _encoding(meta: Any, how: FileReading | None) -> str:
    return (how.encoding if how else None) or meta.file_encoding or "UTF-8"


def _spss_writer(form: str) -> Write:
    """How numbers of an SPSS format are written: `DATE11`, `DATETIME20`, `TIME8`, `F8.2`."""
    kind = form.rstrip("0123456789.").upper()
    if kind in SPSS_MOMENTS:
        return lambda seconds: _moment(SPSS_ZERO, seconds)
    if kind in SPSS_SPANS:
        return lambda seconds: span(timedelta(seconds=seconds))
    return number


def _stata_writer(form: str, kind: str) -> Write:
    """How numbers of a Stata format and type are written: `%td`, `%tcHH:MM`, `%tm`, `%9.0g`."""
    code = form.lstrip("%-")
    code = "td" if code.startswith("d") else code[:2]
    if code == "td":
        return lambda days: _moment(STATA_ZERO, days * 86400)
    if code in ("tc", "tC"):
        return lambda thousandths: _moment(STATA_ZERO, thousandths / 1000)
    parts = {"tm": (12, "-", 2), "tq": (4, "-Q", 1), "th": (2, "-H", 1), "tw": (52, "w", 1)}
    if code in parts:
        per_year, mark, digits = parts[code]
        return lambda count: f"{1960 + int(count // per_year)}{mark}{int(count % per_year) + 1:0{digits}d}"
    if kind == "float":
        return lambda value: text(np.float32(value))
    return number


def _moment(zero: datetime, seconds: float) -> str:
    try:
        return text(zero + timedelta(seconds=seconds))
    except OverflowError:
        return number(seconds)
