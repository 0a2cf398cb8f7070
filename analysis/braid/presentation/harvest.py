"""A harvest plot: what is published, by where it acts and whether it worked (Ogilvie et al. 2008)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.language import ntr, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_HEAD = 0.32
_CELL = 0.78
_TALL = 0.5
_WIDEST = 0.17
_FOOT = 0.35
_HATCHES = ("", "////", "....", "xxxx", "----", "\\\\\\\\")


@dataclass(frozen=True)
class Yield:
    """One programme: its number in the table, effect, target, the levels it touches, points of quality or None."""

    number: int
    name: str
    effect: str
    target: str
    levels: tuple[str, ...]
    quality: int | None


@style.drawn
def harvest(
    programmes: Sequence[Yield],
    levels: Sequence[str],
    effects: Mapping[str, str],
    quality_of: int,
    *,
    caption: Cell | None = None,
) -> Figure:
    """Levels by effect; in each cell a bar for each programme, higher where the study is better, with its number.

    effects: the columns, by effect, with their headings; drawn from the last to the first, so that what worked stands
    to the right. Colour and hatch say the target. A programme of unknown quality is a low open bar.
    Raises ValueError where there is no programme or one has an unknown level or effect.
    """
    if not programmes:
        raise ValueError("there is at least one programme")
    if any(one.effect not in effects or set(one.levels) - set(levels) for one in programmes):
        raise ValueError("each programme has an effect and levels of the plot")
    shown = [level for level in levels if any(level in one.levels for one in programmes)]
    targets = list(dict.fromkeys(one.target for one in programmes))
    room = style.label_width(shown, 1.3)
    left = room + 0.12
    columns = list(effects)[::-1]
    wide = (style.WIDTH - left) / len(columns)
    legend = _legend(targets, quality_of)
    sheet = style.Sheet(_HEAD + _CELL * len(shown) + 0.2 * legend[-1][2] + _FOOT)
    for place, effect in enumerate(columns):
        head = effects[effect]
        sheet.text(left + wide * (place + 0.5), 0.14, head[0].upper() + head[1:], ha="center", bold=True)
    for row, level in enumerate(shown):
        y = _HEAD + _CELL * row
        sheet.text(room, y + _CELL / 2, style.wrap(level, room), ha="right")
        for place, effect in enumerate(columns):
            here = [one for one in programmes if one.effect == effect and level in one.levels]
            sheet.box(left + wide * place, y, wide, _CELL, edge=style.RULE)
            _draw_cell(sheet, here, targets, quality_of, left + wide * place, y, wide)
    _draw_legend(sheet, legend, _HEAD + _CELL * len(shown) + 0.2)
    said = "; ".join(
        ", ".join(
            [
                f"{one.number} {plain(one.name)}: {effects[one.effect]}",
                plain(one.target),
                *one.levels,
                *([_quality(one.quality, quality_of)] if one.quality is not None else []),
            ]
        )
        for one in programmes
    )
    alt = ntr(
        "Harvest plot of {n} published programme. {programmes}.",
        "Harvest plot of {n} published programmes. {programmes}.",
        len(programmes),
        n=numbers.whole(len(programmes)),
        programmes=said,
    )
    return Figure(sheet.svg(), alt, caption)


def _quality(points: int, most: int) -> str:
    return tr("quality {points} of {most}", points=str(points), most=str(most))


def _draw_cell(
    sheet: style.Sheet, here: Sequence[Yield], targets: Sequence[str], quality_of: int, x: float, y: float, wide: float
) -> None:
    if not here:
        return
    step = min(_WIDEST + 0.06, (wide - 0.1) / len(here))
    start = x + (wide - step * len(here)) / 2
    foot = y + _CELL - 0.17
    for place, one in enumerate(here):
        high = _TALL * one.quality / quality_of if one.quality else 0.05
        _bar(
            sheet,
            start + step * place + step * 0.1,
            foot - high,
            step * 0.8,
            high,
            targets.index(one.target),
            one.quality,
        )
        if style.width_of(str(one.number), style.SMALL) <= step:
            sheet.text(start + step * (place + 0.5), foot + 0.08, str(one.number), ha="center", size=style.SMALL)


def _bar(sheet: style.Sheet, x: float, y: float, wide: float, high: float, target: int, quality: int | None) -> None:
    from matplotlib.patches import Rectangle

    fill = "white" if quality is None else style.GROUPS[target % len(style.GROUPS)]
    hatch = _HATCHES[target % len(_HATCHES)]
    sheet.page.add_patch(
        Rectangle((x, y), wide, high, facecolor=fill, edgecolor=style.INK, linewidth=0.6, hatch=hatch or None)
    )


def _legend(targets: Sequence[str], quality_of: int) -> list[tuple[str, float, int]]:
    """What the legend says, each with its place in the line and its line; the last says what the height means."""
    found: list[tuple[str, float, int]] = []
    x, line = 0.0, 0
    height = tr("Height: quality, up to {most}", most=str(quality_of))
    for label in (*(tr("target: {target}", target=plain(target)) for target in targets), height):
        wide = 0.2 + style.width_of(label, style.SMALL)
        if x and x + wide > style.WIDTH:
            x, line = 0.0, line + 1
        found.append((label, x, line))
        x += wide + 0.22
    return found


def _draw_legend(sheet: style.Sheet, legend: Sequence[tuple[str, float, int]], y: float) -> None:
    for place, (label, x, line) in enumerate(legend):
        if place < len(legend) - 1:
            _bar(sheet, x, y + 0.2 * line - 0.06, 0.14, 0.12, place, 1)
        sheet.text(x + 0.2 * (place < len(legend) - 1), y + 0.2 * line, label, size=style.SMALL)
