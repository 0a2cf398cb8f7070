"""Participant ids out of everything that is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from braid.qualitative import mask_text


def mask_ids(
    frame: pd.DataFrame, key: Mapping[str, str], *, columns: Collection[str] = ("participant",)
) -> pd.DataFrame:
    """A copy of a frame with ids replaced by their names in the report, the key of qualitative.mask_key.

    columns: hold nothing but ids; an id there without a name raises ValueError rather than slip through. In
    every other text cell, and in the index, whole ids are replaced wherever they stand.
    """
    masked = frame.copy()
    for column in columns:
        if column in masked.columns:
            unknown = [cell for cell in masked[column].dropna().astype(str) if cell and cell not in key]
            if unknown:
                raise ValueError(f"{len(unknown)} ids of column {column} have no name in the report")
    for column in masked.columns:
        if not pd.api.types.is_numeric_dtype(masked[column]):
            masked[column] = masked[column].map(lambda cell: mask_text(cell, key) if isinstance(cell, str) else cell)
    if not pd.api.types.is_numeric_dtype(masked.index):
        masked.index = masked.index.map(lambda cell: mask_text(cell, key) if isinstance(cell, str) else cell)
    return masked
