"""Persons: the key that pairs the waves, exclusions, and repeated rows. Pairs are proven, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from braid.cleaning import rules
from braid.cleaning.log import Log
from braid.errors import Place, UserError
from braid.intake import RawTable

SEPARATOR = " / "
"""What stands between the parts of a key of several columns."""

ROW = "#row"
"""The key of a file in which each person has one row that holds all waves: the row itself."""


def keyed(table: RawTable, keys: Sequence[str], repeated: str, excluded: dict[str, str], log: Log) -> pd.Series[str]:
    """The person of each row that counts, indexed by row: upper case, white space inside folded.

    keys: the columns that name a person together; a row that lacks one of them has no key. Rows without a key and
    excluded persons are left out and logged. repeated says what happens to a person who stands in the file twice.
    The key `#row` takes each row for a person. Raises UserError where a person is repeated and that is refused.
    """
    if tuple(keys) == (ROW,):
        every = table.frame.index
        return pd.Series([f"ROW {row}" for row in every], index=every, dtype="str")
    key = SEPARATOR.join(keys)
    parts = [table.column(column) for column in keys]
    cells = parts[0]
    for part in parts[1:]:
        cells = cells + SEPARATOR + part
    folded = pd.Series([" ".join(cell.upper().split()) for cell in cells.tolist()], index=cells.index, dtype="str")
    if len(parts) > 1:
        folded = folded.where(~np.logical_or.reduce([part == "" for part in parts]), "")
    log.add(
        table.name,
        key,
        rules.SPELLINGS,
        rules.ONE_SPELLING,
        rules.PERSON_KEY,
        cells.index[(folded != cells) & ~folded.isin(excluded)],
    )
    log.add(table.name, key, rules.NO_KEY, rules.LEFT_OUT, rules.NOBODY, cells.index[folded == ""])
    folded = folded[folded != ""]
    for person, reason in excluded.items():
        log.add(table.name, key, rules.EXCLUDED, rules.LEFT_OUT, reason, folded.index[folded == person])
    folded = folded[~folded.isin(excluded)]
    spare = folded.duplicated(keep="last" if repeated == "last" else "first")
    if spare.any() and repeated == "refuse":
        twice = folded.duplicated(keep=False)
        first = folded[twice].iloc[0]
        rows = ", ".join(str(row) for row in folded.index[folded == first][:5])
        raise UserError(
            f"{folded[twice].nunique()} person(s) stand in this file more than once",
            place=Place(table.name, column=key),
            found=f"{first!r} in rows {rows}",
            expected="one row for each person",
            todo="remove the rows that do not count, or add `repeated: first` (or last) to this file in cohort.yml; "
            "where numbers begin anew at each site, name both columns as the key: [site, number]",
        )
    log.add(table.name, key, rules.REPEATED, rules.LEFT_OUT, rules.COUNTS.get(repeated, ""), folded.index[spare])
    return folded[~spare]


def nameless(table: RawTable, wave: str) -> pd.Series[str]:
    """A name for each row of a wave whose file does not say who answered; it is found in no other wave."""
    rows = table.frame.index
    return pd.Series([f"{wave.upper()} ROW {row}" for row in rows], index=rows, dtype="str")


def by_person(values: pd.DataFrame, persons: pd.Series[str]) -> pd.DataFrame:
    """Rows of a file as rows of persons, sorted by person."""
    ordered = persons.sort_values(kind="stable")
    frame = values.loc[ordered.index]
    frame.index = pd.Index(ordered.to_numpy(), name="participant", dtype="str")
    return frame
