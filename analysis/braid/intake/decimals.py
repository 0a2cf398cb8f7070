"""Decimal commas in cells of text: told from lists of codes (`1,3`) and thousands (`1,234`), or left as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

NUMBER = re.compile(r"[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
CODES = re.compile(r"(\d{1,2}),(\d{1,2})")

Commas = Literal["none", "decimal", "unclear"]


def commas(cells: Sequence[str]) -> Commas:
    """What the commas in the distinct cells of a column are.

    They are decimal commas where every cell is a number with at most one comma, and one of these numbers can be
    neither a number of thousands nor a list of two ascending codes. Where none shows it they are unclear.
    """
    with_comma = [cell for cell in cells if "," in cell]
    if not with_comma or not all(NUMBER.fullmatch(cell) for cell in cells if cell):
        return "none"
    if any(not THOUSANDS.fullmatch(cell) and not _two_codes(cell) for cell in with_comma):
        return "decimal"
    return "unclear"


def with_points(cells: Sequence[str]) -> list[str]:
    """Numbers with a decimal comma as numbers with a decimal point; other cells as they are."""
    return [cell.replace(",", ".") if NUMBER.fullmatch(cell) else cell for cell in cells]


def _two_codes(cell: str) -> bool:
    pair = CODES.fullmatch(cell)
    return pair is not None and not any(part.startswith("0") for part in pair.groups()) and int(pair[1]) < int(pair[2])
