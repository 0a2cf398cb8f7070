"""Statistics by themes as a picture: each statistic on the left, each theme on the right, and how they meet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from braid.integration import NO_PROPOSAL, label_alone, label_within
from braid.language import N_, ntr, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_COLUMN = 2.15
_GAP = 0.16
_MARK = 0.085
_LEGEND = 0.24
_PLACES = (0.5, 0.66, 0.34, 0.78, 0.22, 0.88, 0.12)
# How a pair meets: colour, line, and the letter on it, so that no one of them stands alone.
_LINES: dict[str, tuple[str, str, str]] = {
    "agreement": (style.BLUE, "-", N_("A", context="mark of agreement")),
    "partial agreement": (style.BLUE, (0, (4, 2)), N_("P", context="mark of agreement")),  # type: ignore[dict-item]
    "dissonance": (style.GROUPS[5], "-", N_("D", context="mark of agreement")),
    "silence": (style.MUTED, (0, (1, 2)), N_("S", context="mark of agreement")),  # type: ignore[dict-item]
    NO_PROPOSAL: (style.GREY, "-", ""),
}


@dataclass(frozen=True)
class Meeting:
    """One statistic and one theme: labels, what each says (`0.55, 95% CI 0.48 to 0.62`, `7 of 30`), how they meet."""

    statistic: str
    value: str
    theme: str
    count: str
    how: str


@style.drawn
def statistics_by_themes(meetings: Sequence[Meeting], *, caption: Cell | None = None) -> Figure:
    """A line for each pair, from the statistic to the theme, marked with how they meet.

    Raises ValueError where there is no pair, or a word of how they meet is not known.
    """
    if not meetings:
        raise ValueError("there is at least one pair")
    unknown = {one.how for one in meetings} - set(_LINES)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    left = {(one.statistic, one.value): _block(one.statistic, one.value) for one in meetings}
    right = {(one.theme, one.count): _block(one.theme, one.count) for one in meetings}
    head, tall = 0.3, max(_tall(left.values()), _tall(right.values()))
    legend = _legend([how for how in _LINES if any(one.how == how for one in meetings)])
    sheet = style.Sheet(head + tall + 0.42 + _LEGEND * legend[-1][2])
    inner, outer = _COLUMN + 0.08, style.WIDTH - _COLUMN - 0.08
    sheet.text(_COLUMN, 0.1, tr("Numbers"), ha="right", bold=True)
    sheet.text(style.WIDTH - _COLUMN, 0.1, tr("Words (participants)"), bold=True)
    at_left, at_right = _middles(left, head, tall), _middles(right, head, tall)
    marks: list[tuple[float, float]] = []
    for one in meetings:
        ends = (inner, at_left[one.statistic, one.value]), (outer, at_right[one.theme, one.count])
        marks.append(_free_place(*ends, marks))
        _draw_line(sheet, one.how, *ends, marks[-1])
    for (label, value), lines in left.items():
        _draw_block(sheet, lines, _COLUMN, at_left[label, value], "right")
    for (label, value), lines in right.items():
        _draw_block(sheet, lines, style.WIDTH - _COLUMN, at_right[label, value], "left")
    for how, x, line in legend:
        y = head + tall + 0.27 + _LEGEND * line
        _draw_line(sheet, how, (x, y), (x + 0.5, y), (x + 0.25, y))
        sheet.text(x + 0.58, y, label_alone(how), size=style.SMALL)
    said = "; ".join(
        tr(
            "{statistic} ({value}) and {theme} ({count}): {how}",
            statistic=plain(one.statistic),
            value=plain(one.value),
            theme=plain(one.theme),
            count=plain(one.count),
            how=label_within(one.how),
        )
        for one in meetings
    )
    alt = ntr(
        "{n} pair of a statistic and a theme, and how they meet. {pairs}.",
        "{n} pairs of a statistic and a theme, and how they meet. {pairs}.",
        len(meetings),
        n=numbers.whole(len(meetings)),
        pairs=said,
    )
    return Figure(sheet.svg(), alt, caption)


def _legend(shown: Sequence[str]) -> list[tuple[str, float, int]]:
    """The ways of meeting that the legend names, each with its place in the line and its line."""
    found: list[tuple[str, float, int]] = []
    x, line = 0.0, 0
    for how in shown:
        wide = 0.58 + style.width_of(label_alone(how), style.SMALL)
        if x and x + wide > style.WIDTH:
            x, line = 0.0, line + 1
        found.append((how, x, line))
        x += wide + 0.25
    return found


def _block(label: str, value: str) -> tuple[list[str], list[str]]:
    return style.wrap(label, _COLUMN - 0.05, bold=True), style.wrap(value, _COLUMN - 0.05, style.SMALL)


def _high(block: tuple[list[str], list[str]]) -> float:
    return style.height_of(block[0]) + style.height_of(block[1], style.SMALL)


def _tall(blocks: Iterable[tuple[list[str], list[str]]]) -> float:
    heights = [_high(block) for block in blocks]
    return sum(heights) + _GAP * (len(heights) - 1)


def _middles(
    blocks: dict[tuple[str, str], tuple[list[str], list[str]]], top: float, tall: float
) -> dict[tuple[str, str], float]:
    """The middle of each block; a shorter column is spread over the whole height."""
    gap = (tall - sum(map(_high, blocks.values()))) / len(blocks)
    found, y = {}, top
    for name, block in blocks.items():
        found[name] = y + (gap + _high(block)) / 2
        y += gap + _high(block)
    return found


def _draw_block(
    sheet: style.Sheet, block: tuple[list[str], list[str]], x: float, middle: float, ha: style.Horizontal
) -> None:
    top = middle - _high(block) / 2
    sheet.text(x, top, block[0], ha=ha, va="top", bold=True)
    sheet.text(x, top + style.height_of(block[0]), block[1], ha=ha, va="top", size=style.SMALL, color=style.MUTED)


def _free_place(
    start: tuple[float, float], end: tuple[float, float], taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """The place on a line, as near to its middle as may be, where its mark lies on no other mark."""
    places = [(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])) for share in _PLACES]
    free = (place for place in places if all(math.dist(place, other) > 2 * _MARK + 0.03 for other in taken))
    return next(free, places[0])


def _draw_line(
    sheet: style.Sheet, how: str, start: tuple[float, float], end: tuple[float, float], mark: tuple[float, float]
) -> None:
    from matplotlib.patches import Circle

    color, line, letter = _LINES[how]
    sheet.page.plot([start[0], end[0]], [start[1], end[1]], color=color, linestyle=line, linewidth=1.6, zorder=1)
    if letter:
        letter = tr(letter, context="mark of agreement")
        sheet.page.add_patch(Circle(mark, _MARK, facecolor="white", edgecolor=color, linewidth=1.0, zorder=2))
        sheet.page.text(
            *mark, letter, ha="center", va="center_baseline", fontsize=style.SMALL, fontweight="bold",
            color=style.INK, zorder=3,
        )  # fmt: skip
