"""Numbers of one column set under each other: points, brackets and signs in line, by padding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from braid.language import Writing, writing
from braid.presentation.inline import Cell

FIGURE_SPACE = "\u2007"  # as wide as a digit
POINT_SPACE = "\u2008"  # as wide as a point


@lru_cache
def _number(signs: Writing) -> re.Pattern[str]:
    """A number as the language in force writes it: before its decimal sign, and from there on."""
    group, decimal = re.escape(signs.group), re.escape(signs.decimal)
    return re.compile(rf"(−?(?:\d+(?:{group}\d{{3}}(?!\d))*)?)({decimal}\d+)?(?<=\d)")


def align_numbers(cells: Sequence[Cell | None]) -> list[Cell | None]:
    """Pad cells of the same shape ("9 (4.4%)" and "142 (69.6%)") so that they have the same width.

    The shape of a text is what is left when its numbers are taken out. Texts of another shape, dashes and
    ready markdown stay as they are. Columns are set to the right, so nothing is put before the first number.
    """
    pattern = _number(writing())
    shapes: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and (shape := pattern.sub("#", cell)) != cell:
            shapes.setdefault(shape, []).append(place)
    out = list(cells)
    for places in shapes.values():
        texts = [str(cells[place]) for place in places]
        found = [list(pattern.finditer(text)) for text in texts]
        fields = range(len(found[0]))
        before = [max(len(numbers[k].group(1) or "") for numbers in found) for k in fields]
        after = [max(len(numbers[k].group(2) or "") for numbers in found) for k in fields]
        for place, text, numbers in zip(places, texts, found, strict=True):
            out[place] = _padded(text, numbers, before, after)
    return out


def _padded(text: str, numbers: list[re.Match[str]], before: list[int], after: list[int]) -> str:
    pieces, end = [], 0
    for k, number in enumerate(numbers):
        start = text[end : number.start()]
        left = FIGURE_SPACE * (before[k] - len(number.group(1) or ""))
        if k == 0 and not start:
            left = ""
        missing = after[k] - len(number.group(2) or "")
        right = FIGURE_SPACE * missing
        if missing and not number.group(2):
            right = POINT_SPACE + FIGURE_SPACE * (missing - 1)
        # Space stands before a bracket, never behind it: "9  (4.4%)".
        words, bracket = (start[:-2], start[-2:]) if start.endswith((" (", " [")) else (start, "")
        pieces.extend([words, left, bracket, number.group(0), right])
        end = number.end()
    return "".join([*pieces, text[end:]])
