"""What the cells of an export mean, where a codebook says so: labels back to codes, and codes that mean missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from braid.intake.headers import plain

MISSING_CODE = re.compile(r"-(?:9{1,4}|8{1,4}|7{1,4}|6{2,4}|99[0-9]{1,2}|999[0-9])")
"""Codes that questionnaires keep for missing answers: negative, of one repeated digit."""


def folded(label: str) -> str:
    """A label as it is compared: without markup, case and spaces, which exports lose together with markup."""
    return "".join(plain(label).casefold().split())


def are_codes(cells: pd.Series[str], values: Mapping[str, str]) -> bool:
    """Whether every filled cell is a code of the codebook."""
    return bool(cells[cells != ""].isin(set(values)).all())


def are_labels(cells: pd.Series[str], values: Mapping[str, str]) -> bool:
    """Whether cells are filled and every one of them is a label of the codebook."""
    filled = cells[cells != ""]
    return bool(len(filled)) and bool(filled.map(folded).isin({folded(label) for label in values.values()}).all())


def as_codes(cells: pd.Series[str], values: Mapping[str, str]) -> pd.Series[str] | None:
    """Labels as their codes; None where a cell is no label, or a label stands for two codes."""
    codes: dict[str, str] = {"": ""}
    for code, label in values.items():
        if folded(label) in codes:
            return None
        codes[folded(label)] = code
    words = cells.map(folded)
    return words.map(codes).astype("str") if words.isin(set(codes)).all() else None


def strangers(cells: pd.Series[str], values: Mapping[str, str]) -> pd.Series[str]:
    """Filled cells that the codebook does not know."""
    return cells[(cells != "") & ~cells.isin(set(values))]


def declared_missing(values: Mapping[str, str]) -> frozenset[str]:
    """Codes of the codebook that are kept for missing answers, such as -99 or -999."""
    return frozenset(code for code in values if MISSING_CODE.fullmatch(code))
