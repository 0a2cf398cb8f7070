"""Agreement between coders as a picture: four measures for each code, on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEAD = 0.34
_FOOT = 0.48
_ROW = 0.25
# name, marker, colour, filled, size
_MARKS = (
    (N_("Agreement", context="coders"), "|", style.MUTED, True, 9.0),
    (N_("Kappa", context="coders"), "o", style.BLUE, True, 4.0),
    (N_("Alpha", context="coders"), "D", style.ORANGE, False, 7.0),
    (N_("AC1", context="coders"), "^", style.GROUPS[2], False, 5.5),
)


MEASURES = tuple(mark[0] for mark in _MARKS)


@dataclass(frozen=True)
class CodeRow:
    """One code: its label, how deep it stands in the codebook, and the measures; None where not estimable."""

    label: str
    depth: int
    percent: float | None
    kappa: float | None
    alpha: float | None
    ac1: float | None

    @property
    def values(self) -> tuple[float | None, ...]:
        return self.percent, self.kappa, self.alpha, self.ac1


@style.drawn
def coder_agreement(codes: Sequence[CodeRow], *, caption: Cell | None = None) -> Figure:
    """Percent agreement (line), kappa (circle), alpha (diamond) and AC1 (triangle) of each code.

    The axis runs from 0, or from below where a coefficient is negative, to 1. Raises ValueError without codes.
    """
    if not codes:
        raise ValueError("agreement is shown of one code or more")
    rooms = [0.14 * code.depth for code in codes]
    widest = 2.7
    wrapped = [style.wrap(code.label, widest - indent, style.SMALL) for code, indent in zip(codes, rooms, strict=True)]
    room = max(
        style.width_of(line, style.SMALL, code.depth == 0) + indent
        for code, lines, indent in zip(codes, wrapped, rooms, strict=True)
        for line in lines
    )
    heights = [max(style.height_of(lines, style.SMALL) + 0.06, _ROW) for lines in wrapped]
    known = [value for code in codes for value in code.values if value is not None]
    low = min(0.0, math.floor(min(known, default=0.0) * 5) / 5)
    sheet = style.Sheet(_HEAD + sum(heights) + _FOOT)
    left, right = room + 0.2, style.WIDTH - 0.12
    axes = sheet.plot(left, _HEAD, right - left, sum(heights), low - 0.02, 1.02)
    ticks = [low + 0.2 * k for k in range(round((1 - low) / 0.2) + 1)]
    axes.set_xticks(ticks, [numbers.fixed(tick, 1) for tick in ticks])
    for tick in ticks:
        axes.axvline(tick, color=style.RULE, linewidth=0.5, zorder=0)
    sheet.under(
        left,
        right,
        _HEAD + sum(heights) + 0.24,
        tr("Agreement as a share; coefficients from 0 (chance) to 1 (full)"),
    )
    y = _HEAD
    for k, (code, lines, indent, tall) in enumerate(zip(codes, wrapped, rooms, heights, strict=True)):
        if k % 2 == 0:
            sheet.box(0, y, style.WIDTH, tall, fill=style.SHADE)
        middle = y + tall / 2
        sheet.text(indent, middle, lines, size=style.SMALL, bold=code.depth == 0)
        for value, (_, marker, color, filled, size) in zip(code.values, _MARKS, strict=True):
            if value is not None:
                _mark(axes, value, middle, marker, color, filled, size)
        if code.kappa is None:
            sheet.text(left + 0.06, middle, tr("not estimable"), size=style.SMALL, color=style.MUTED)
        y += tall
    x = left
    for name, marker, color, filled, size in _MARKS:
        _mark(sheet.page, x + 0.06, 0.15, marker, color, filled, size)
        told = tr(name, context="coders")
        sheet.text(x + 0.16, 0.15, told, size=style.SMALL)
        x += 0.16 + style.width_of(told, style.SMALL) + 0.22
    return Figure(sheet.svg(), _alt(codes), caption)


def _mark(axes: Axes, x: float, y: float, marker: str, color: str, filled: bool, size: float) -> None:
    axes.plot(
        x, y, marker, color=color, markerfacecolor=color if filled else "none", markersize=size, markeredgewidth=1.2,
        clip_on=False,
    )  # fmt: skip


def _alt(codes: Sequence[CodeRow]) -> str:
    said = []
    for code in codes:
        if code.kappa is None:
            said.append(tr("{code}: not estimable", code=plain(code.label)))
            continue
        agreed = numbers.percent(code.percent, 1, 0) if code.percent is not None else numbers.MISSING
        said.append(
            tr(
                "{code}: agreement {agreed}, kappa {kappa}, alpha {alpha}, AC1 {ac1}",
                code=plain(code.label),
                agreed=agreed,
                kappa=numbers.fixed(code.kappa),
                alpha=numbers.fixed(code.alpha),
                ac1=numbers.fixed(code.ac1),
            )
        )
    lead = tr("Agreement of two coders on {n} codes, four measures each.", n=len(codes))
    return f"{lead} {'; '.join(said)}."
