"""Cells that mean no answer, and cells that say an item does not apply: words, and numbers off the scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from braid.drafting.columns import MOST_ANSWERS, Column, folded
from braid.drafting.draft import Reason
from braid.drafting.words import words as known_words
from braid.intake.reading import Sure

USUAL = ("", "NA", "N/A")
"""What cohort.yml takes for missing where it says nothing."""

NEGATIVE_CODES = frozenset(
    {-1, -2, -3, -4, -5, -6, -7, -8, -9, -66, -77, -88, -97, -98, -99, -777, -888, -998, -999, -9999}
)
POSITIVE_CODES = frozenset({66, 77, 88, 97, 98, 99, 777, 888, 998, 999, 9999})
FEWEST = 3
"""Other numbers that a column must hold before one of its numbers is called a code."""


@dataclass(frozen=True)
class Absence:
    """missing, not_applicable: cells as cohort.yml names them. why: a reason for each. questions: what is not clear."""

    missing: tuple[str | int | float, ...]
    not_applicable: tuple[str, ...]
    why: dict[str | int | float, Reason]
    questions: tuple[str, ...]

    @property
    def cells(self) -> frozenset[str]:
        """All of them, folded as the cells of a file are compared."""
        numbers = {f"{float(code)}" for code in self.missing if isinstance(code, int | float)}
        return frozenset({str(code).casefold() for code in (*self.missing, *self.not_applicable)} | numbers)


def absence(columns: Sequence[Column], usual: Sequence[str | int | float] = USUAL) -> Absence:
    """Find the cells that mean no answer, over all columns of a cohort's files. usual: those that are known before."""
    kinds = {word: kind for kind in ("missing", "not_applicable", "unsure") for word in known_words("absence", kind)}
    words: dict[str, list[Column]] = defaultdict(list)
    codes: dict[int, list[Column]] = defaultdict(list)
    for column in columns:
        for cell in column.counts:
            if folded(cell) in kinds:
                words[cell].append(column)
        for code in _codes(column):
            codes[code].append(column)
    missing: list[str | int | float] = list(usual)
    not_applicable: list[str] = []
    why: dict[str | int | float, Reason] = {}
    questions: list[str] = []
    for cell, at in words.items():
        where, kind = _where(at, cell), kinds[folded(cell)]
        if kind == "not_applicable":
            not_applicable.append(cell)
            why[cell] = Reason("likely", f"{cell!r} says that an item does not apply ({where})")
        elif kind == "unsure":
            questions.append(f"{cell!r} ({where}): is this an answer, or no answer? Then add it to `missing`.")
        else:
            if cell.casefold() not in {str(word).casefold() for word in missing}:
                missing.append(cell)
            sure: Sure = "a guess" if folded(cell) in ("n/a", "n.a.") else "certain" if len(cell) > 2 else "likely"
            also = "; if people chose it, move it to not_applicable" if sure == "a guess" else ""
            why[cell] = Reason(sure, f"{cell!r} means no answer ({where}){also}")
    for code, at_columns in sorted(codes.items()):
        real = [c for c in columns if c not in at_columns and _holds(c, code)]
        where = _where(at_columns, str(code))
        if real:
            names = ", ".join(c.name for c in real[:3])
            questions.append(
                f"{code} looks like a code for no answer ({where}), but may be a true number in {names}; cells off an "
                "item's scale become missing by themselves, so it was not added to `missing`."
            )
            continue
        if code not in missing:
            missing.append(code)
        firm = code in (-99, -999, -9999) or len(at_columns) > 2
        why[code] = Reason("certain" if firm else "likely", f"{code} lies off the range of all other cells ({where})")
    return Absence(tuple(missing), tuple(not_applicable), why, tuple(questions))


def _codes(column: Column) -> list[int]:
    """Numbers of a column that are usual codes and lie off the range of its other numbers."""
    values = {}
    for cell in column.counts:
        try:
            values[cell] = float(cell.replace(",", ".", 1))
        except ValueError:
            continue
    usual = {v for v in values.values() if v in NEGATIVE_CODES or v in POSITIVE_CODES}
    rest = [v for v in values.values() if v not in usual]
    if len(rest) < FEWEST and not (len(rest) == 2 and len(column.cells) >= 10):
        return []
    low, high = min(rest), max(rest)
    found = [v for v in usual if v < 0 <= low]
    found += [v for v in usual if v > 0 and (v > 3 * high or (high <= MOST_ANSWERS and v > 3 * MOST_ANSWERS))]
    unique = len(column.counts) > 0.9 * len(column.cells) and len(column.cells) > 20
    return [] if unique else [int(v) for v in found]


def _holds(column: Column, code: int) -> bool:
    """Whether a number may be a true one in this column."""
    if not column.is_number or str(code) not in column.counts or column.counts[str(code)] > 1 + len(column.cells) // 50:
        return False
    return float(column.numbers.min()) < code <= float(column.numbers.max())


def _where(columns: list[Column], cell: str) -> str:
    cells = sum(column.counts.get(cell, 0) for column in columns)
    named = columns[0].name if len(columns) == 1 else f"{len(columns)} columns, such as {columns[0].name}"
    return f"{cells} cell{'s' * (cells != 1)} in {named}"
