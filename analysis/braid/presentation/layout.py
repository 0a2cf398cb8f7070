"""Where each cell of a table stands, how wide its columns are to be, and the table as plain text."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from braid.presentation import inline
from braid.presentation.inline import Cell

# A portrait A4 page with margins of 2.5 cm holds about 100 digits of 9 points in a line; typst and Word keep
# about two and a half of them free in each column. A number must never wrap, whatever the font: it gets a little more.
_PAGE = 100
_GAP = 2.4
_SLACK = 0.7
_LONGEST_WORD = 22
_HEADER_LINES = 3
_TEXT_LINE = 60
_EASY = 18


@dataclass(frozen=True)
class Placed:
    """A cell at its place: row and column of its upper left corner, and how many of each it covers."""

    row: int
    column: int
    content: Cell
    rowspan: int = 1
    colspan: int = 1
    head: bool = False
    indent: int = 0
    number: bool = False


def width_of(text: str) -> int:
    """How many digits wide a text is: wide East Asian characters are two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_width_of_one, text))


@cache
def _width_of_one(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def widths(cells: Sequence[Placed], columns: int, number: Sequence[bool]) -> tuple[list[float], set[int]]:
    """Width of each column in digits, its gap included, and the number columns that may break at a bracket.

    Columns are as wide as their content where all of it fits on the page. Where it does not, text columns
    shrink first, to their longest word at least, and share what is left by how much they hold; then number
    columns break before a bracket.
    """
    natural, least, chunk = [3.0] * columns, [3.0] * columns, [3.0] * columns
    easy = [0] * columns  # what a text column likes to have before number columns stay unbroken
    for cell in cells:
        if cell.colspan > 1:
            continue
        k = cell.column
        parts = inline.shown(cell.content).split("\n")
        longest = max(width_of(part) for part in parts) + 2 * cell.indent
        word = max((width_of(word) for part in parts for word in part.split(" ")), default=0) + 2 * cell.indent
        if cell.head:
            need = max(word, -(-longest // _HEADER_LINES) + 2 if longest > word else longest)
            natural[k], least[k], chunk[k] = max(natural[k], need), max(least[k], word), max(chunk[k], word)
        elif cell.number:
            bits = [bit for part in parts for bit in part.replace(" (", "\0(").replace(" [", "\0[").split("\0")]
            natural[k] = max(natural[k], longest + _SLACK)
            least[k] = max(least[k], longest + _SLACK)
            chunk[k] = max(chunk[k], max(width_of(bit) for bit in bits) + _SLACK)
        else:
            natural[k] = max(natural[k], longest)
            least[k] = max(least[k], min(word, _LONGEST_WORD))
            easy[k] = max(easy[k], min(longest, _EASY))
    for k in range(columns):
        if not number[k]:
            chunk[k] = least[k]
    room: float = _PAGE - _GAP * columns
    broken: set[int] = set()
    if sum(natural) <= room:
        wide = list(natural)
    else:
        if sum(map(max, least, easy)) > room:
            broken = {k for k in range(columns) if number[k] and chunk[k] < least[k]}
            least = chunk
        # The exponent keeps one column of long quotes from starving its neighbours.
        hunger = [max(n - m, 0) ** 0.6 for n, m in zip(natural, least, strict=True)]
        if broken:
            hunger = [0.0 if number[k] else h for k, h in enumerate(hunger)]
        wide = _shared(least, natural, hunger, room)
    for cell in cells:  # a spanner's longest word must fit above its columns
        if cell.head and cell.colspan > 1:
            span = range(cell.column, cell.column + cell.colspan)
            word = max(width_of(word) for word in inline.shown(cell.content).split() or [""])
            lack = word - sum(wide[k] for k in span) - _GAP * (cell.colspan - 1)
            for k in span:
                wide[k] += max(lack, 0) / cell.colspan
    return [w + _GAP for w in wide], broken


def _shared(least: Sequence[float], natural: Sequence[float], hunger: Sequence[float], room: float) -> list[float]:
    """Give each column its least, then share the rest by hunger, nobody getting more than it can use."""
    wide = list(least)
    open_columns = {k for k, h in enumerate(hunger) if h > 0}
    rest: float = room - sum(wide)
    while rest > 0.5 and open_columns:
        total = sum(hunger[k] for k in open_columns)
        given = {k: min(rest * hunger[k] / total, natural[k] - wide[k]) for k in open_columns}
        for k, amount in given.items():
            wide[k] += amount
        rest -= sum(given.values())
        open_columns = {k for k in open_columns if natural[k] - wide[k] > 0.5}
    return wide


def as_text(cells: Sequence[Placed], aligns: Sequence[str], head: int, indent: str) -> str:
    """The table as text: columns two spaces apart, a rule under the header; spanned rows run on."""
    shown = {
        id(cell): [
            indent * cell.indent + part
            for line in inline.shown(cell.content).replace("\u00a0", " ").split("\n")
            for part in textwrap.wrap(line, _TEXT_LINE, break_on_hyphens=False) or [""]
        ]
        for cell in cells
    }
    wide = [0] * len(aligns)
    for cell in cells:
        if cell.colspan == 1:
            wide[cell.column] = max(wide[cell.column], *(width_of(line) for line in shown[id(cell)]))
    for cell in cells:
        if cell.head and cell.colspan > 1:
            last = cell.column + cell.colspan - 1
            room = sum(wide[cell.column : last + 1]) + 2 * (cell.colspan - 1)
            wide[last] += max(0, max(width_of(line) for line in shown[id(cell)]) - room)
    rule = "-" * (sum(wide) + 2 * (len(wide) - 1))
    out = []
    for row in range(max(cell.row for cell in cells) + 1):
        if row == head:
            out.append(rule)
        # A header over several rows stands at the bottom of them, the merged cell of a body at the top.
        here = [c for c in cells if (c.row + c.rowspan - 1 if c.head else c.row) == row]
        here.sort(key=lambda cell: cell.column)
        for k in range(max((len(shown[id(cell)]) for cell in here), default=0)):
            line, position = "", 0
            for cell in here:
                start = sum(wide[: cell.column]) + 2 * cell.column
                room = sum(wide[cell.column : cell.column + cell.colspan]) + 2 * (cell.colspan - 1)
                text = shown[id(cell)][k] if k < len(shown[id(cell)]) else ""
                space = max(room - width_of(text), 0)
                align = aligns[cell.column] if cell.colspan == 1 else "left"
                before = {"left": 0, "right": space, "center": space // 2}[align]
                line += " " * (start - position + before) + text
                position = start + before + width_of(text)
            out.append(line.rstrip())
    return "\n".join([rule, *out, rule])
