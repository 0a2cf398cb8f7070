"""Cells of files that know numbers, dates and truth values, as the text they would have in a text file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

WHOLE = 1e21
"""Whole numbers from here on are written with an exponent."""


def text(cell: object) -> str:
    """One cell as text: `3` for 3.0, ISO 8601 for dates and times, TRUE and FALSE, nothing for what is missing.

    A time span is hours, minutes and seconds (`26:30:00`). Text loses the white space around it.
    """
    if isinstance(cell, str):
        return cell.replace("\u00a0", " ").strip()
    if isinstance(cell, bool | np.bool_):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, np.float32):
        return number(float(str(cell)))  # 0.1, not 0.10000000149011612
    if isinstance(cell, float | np.floating):
        return number(float(cell))
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.timetz() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return span(cell)
    return text(str(cell))


def number(value: float) -> str:
    """A number as its shortest text, without `.0`; nothing for a missing one."""
    if value != value:
        return ""
    return str(int(value)) if abs(value) < WHOLE and value.is_integer() else repr(value)


def span(length: timedelta) -> str:
    """A length of time as hours, minutes and seconds."""
    seconds = length.total_seconds()
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{'-' if seconds < 0 else ''}{int(hours):02d}:{int(minutes):02d}:{rest:02.0f}"


def texts(cells: Sequence[object]) -> list[str]:
    """Cells of one column as text. Each value that occurs is made text once."""
    if bool in set(map(type, cells)):
        return [text(cell) for cell in cells]  # True and 1.0 would be one key
    known = {cell: text(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def column(values: pd.Series) -> pd.Series[str]:
    """A column of text, times, or objects of any kind, as text; its rows are numbered from 0."""
    if values.dtype == object:
        return pd.Series(texts(values.tolist()), dtype="str")
    codes, known = pd.factorize(values)
    single = values.dtype == np.float32  # its scalars must stay what they are: see `text`
    written = np.array([*map(text, np.asarray(known) if single else known), ""], dtype=object)
    return pd.Series(written[codes], dtype="str")


def filled(frame: pd.DataFrame) -> np.ndarray:
    """Which rows hold anything, as truth values."""
    found = np.zeros(len(frame), dtype=bool)
    for place in range(frame.shape[1]):
        found |= (frame.iloc[:, place] != "").to_numpy()
    return found
