"""Pandoc grid tables: the one markdown table that keeps spans, header rows and alignment in every format.

Pandoc takes the relative widths of columns from the drawing, so every column is drawn in proportion to the
width that it is to have, on a scale at which the longest word of every cell fits into its box.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from braid.presentation.layout import Placed

# Pandoc measures a drawing by the widths of its characters; characters whose width is one beyond doubt may
# stand in it, all others are written as references.
_PLAIN = re.compile("[^\n -~\u00a1-\u00ac\u00ae-\u017f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212\u2264\u2265]")
# On a line of their own these would make a heading of the line before, or begin code or a div.
_BEGINS_BLOCK = re.compile(r"(-+|=+|`{3,}.*|~{3,}.*|:{3,}.*)$")
_FULL_WIDTH = 73  # drawings narrower than pandoc's 72 columns would not use the whole line


def draw(
    cells: Sequence[Placed], texts: Sequence[str], visible: Sequence[float], aligns: Sequence[str], head: int
) -> str:
    """The table as a drawing.

    cells: every cell of the table, the header's first; texts: their markdown, escaped, in the same order.
    visible: the width each column is to have in the end, in any unit. aligns: left, right or center.
    head: the number of header rows.
    """
    words = [_words(text) for text in texts]
    scale = max(_FULL_WIDTH / sum(visible), 1.0)
    for cell, lines in zip(cells, words, strict=True):
        longest = max((len(word) for line in lines for word in line), default=0)
        room = sum(visible[cell.column : cell.column + cell.colspan])
        scale = max(scale, longest / room)
    inner = [max(math.ceil(width * scale), 3) for width in visible]
    x = [0]
    for width in inner:
        x.append(x[-1] + width + 3)
    filled = [
        _filled(lines, sum(inner[cell.column : cell.column + cell.colspan]) + 3 * (cell.colspan - 1))
        for cell, lines in zip(cells, words, strict=True)
    ]
    y = _rows(cells, filled)
    canvas = [[" "] * (x[-1] + 1) for _ in range(y[-1] + 1)]
    for cell in cells:
        _box(canvas, x[cell.column], x[cell.column + cell.colspan], y[cell.row], y[cell.row + cell.rowspan])
    for cell, drawn in zip(cells, filled, strict=True):
        for k, line in enumerate(drawn):
            start = x[cell.column] + 2
            canvas[y[cell.row] + 1 + k][start : start + len(line)] = line
    canvas[y[head]] = _separator(x, aligns)
    for cell in cells:
        for row in (cell.row, cell.row + cell.rowspan):
            for column in (cell.column, cell.column + cell.colspan):
                canvas[y[row]][x[column]] = "+"
    return "\n".join("".join(line).rstrip() for line in canvas)


def _rows(cells: Sequence[Placed], filled: Sequence[Sequence[str]]) -> list[int]:
    """The lines at which rows begin; a cell over several rows stretches the last of them."""
    count = max(cell.row + cell.rowspan for cell in cells)
    high = [1] * count
    for spanning in (False, True):
        for cell, lines in zip(cells, filled, strict=True):
            if (cell.rowspan > 1) == spanning:
                inside = sum(high[cell.row : cell.row + cell.rowspan]) + cell.rowspan - 1
                high[cell.row + cell.rowspan - 1] += max(0, len(lines) - inside)
    y = [0]
    for rows in high:
        y.append(y[-1] + rows + 1)
    return y


def _box(canvas: list[list[str]], left: int, right: int, top: int, bottom: int) -> None:
    for row in (top, bottom):
        for column in range(left, right + 1):
            canvas[row][column] = "-"
    for row in range(top + 1, bottom):
        canvas[row][left] = canvas[row][right] = "|"


def _separator(x: Sequence[int], aligns: Sequence[str]) -> list[str]:
    line = ["="] * (x[-1] + 1)
    for left, right, align in zip(x[:-1], x[1:], aligns, strict=True):
        if align in ("left", "center"):
            line[left + 1] = ":"
        if align in ("right", "center"):
            line[right - 1] = ":"
    return line


def _words(text: str) -> list[list[str]]:
    """The lines of a cell as words that are not broken; a word that could begin a block joins its neighbour."""
    out = []
    for line in _PLAIN.sub(lambda match: f"&#{ord(match.group(0))};", text).split("\n"):
        words: list[str] = []
        for word in line.split(" "):
            if not word:
                continue
            if words and _BEGINS_BLOCK.match(word):
                words[-1] += " " + word
            else:
                words.append(word)
        out.append(words)
    return out


def _filled(lines: Sequence[Sequence[str]], width: int) -> list[str]:
    out = []
    for words in lines:
        current = ""
        for word in words:
            if current and len(current) + 1 + len(word) > width:
                out.append(current)
                current = word
            else:
                current = f"{current} {word}" if current else word
        out.append(current)
    return out
