"""Themes by the level at which they act: demands to the left of a line, resources to its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from braid.language import N_, ntr, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_HEAD = 0.28
_ROW = 0.25
_COUNT = 0.62
_SIDES = {"demand": (N_("Demands"), style.ORANGE), "resource": (N_("Resources"), style.BLUE)}
_WORKS = {"demand": N_("demand"), "resource": N_("resource")}


@dataclass(frozen=True)
class Placed:
    """A theme at its level: label, k of n participants (k None: must not be shown), `demand`, `resource` or nothing."""

    level: str
    theme: str
    k: int | None
    n: int
    works_as: str


@style.drawn
def themes_by_level(themes: Sequence[Placed], *, caption: Cell | None = None) -> Figure:
    """A bar for each theme, as long as the share of participants who voiced it, under the heading of its level.

    Demands point to the left, resources to the right; a theme that is neither is grey and points to the right.
    Raises ValueError where there is no theme.
    """
    if not themes:
        raise ValueError("there is at least one theme")
    room = style.label_width([one.theme for one in themes], 2.2)
    wrapped = [style.wrap(one.theme, room) for one in themes]
    heights = [max(style.height_of(lines) + 0.06, _ROW) for lines in wrapped]
    heads = [place for place, one in enumerate(themes) if place == 0 or themes[place - 1].level != one.level]
    sheet = style.Sheet(_HEAD + sum(heights) + _HEAD * len(heads) + 0.05)
    both = any(one.works_as == "demand" for one in themes)
    left = room + 0.14
    axis = (left + style.WIDTH) / 2 if both else left
    long = style.WIDTH - axis - _COUNT
    for side, (label, _) in _SIDES.items():
        if any(one.works_as == side for one in themes):
            x, ha = (axis - 0.08, "right") if side == "demand" else (axis + 0.08, "left")
            sheet.text(x, 0.12, tr(label), bold=True, ha=ha)  # type: ignore[arg-type]
    most = max((one.k / one.n for one in themes if one.k and one.n), default=1.0)
    y = _HEAD
    for place, (one, lines, tall) in enumerate(zip(themes, wrapped, heights, strict=True)):
        if place in heads:
            sheet.text(0, y + 0.15, plain(one.level), bold=True)
            sheet.line([0, style.WIDTH], [y + 0.02, y + 0.02])
            y += _HEAD
        middle, toward = y + tall / 2, -1 if one.works_as == "demand" else 1
        sheet.text(room, middle, lines, ha="right")
        wide = long * (one.k / one.n / most) if one.k and one.n else 0.0
        color = _SIDES[one.works_as][1] if one.works_as in _SIDES else style.GREY
        if wide:
            sheet.box(min(axis, axis + toward * wide), middle - 0.075, wide, 0.15, fill=color)
        sheet.text(
            axis + toward * (wide + 0.06), middle, _count(one), size=style.SMALL, ha="right" if toward < 0 else "left"
        )
        sheet.line([axis, axis], [y, y + tall], color=style.MUTED)
        y += tall
    said = "; ".join(
        ", ".join(
            [f"{plain(one.level)}, {plain(one.theme)}: {_count(one)}"]
            + ([tr(_WORKS[one.works_as])] if one.works_as else [])
        )
        for one in themes
    )
    alt = ntr(
        "{n} theme by the level at which it acts. {themes}.",
        "{n} themes by the level at which they act. {themes}.",
        len(themes),
        n=numbers.whole(len(themes)),
        themes=said,
    )
    return Figure(sheet.svg(), alt, caption)


def _count(one: Placed) -> str:
    return numbers.MISSING if one.k is None else tr("{k} of {n}", k=str(one.k), n=str(one.n))
