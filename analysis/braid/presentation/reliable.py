"""Each person's score before and after, against the line of no change and the limits of measurement error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from braid.language import N_, lowered, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

Floats = npt.NDArray[np.float64]

KINDS = (("improved", style.BLUE, "^"), ("unchanged", "#7A838C", "o"), ("deteriorated", style.ORANGE, "v"))
NAMES = {
    "improved": N_("improved", context="people"),
    "unchanged": N_("unchanged", context="people"),
    "deteriorated": N_("deteriorated", context="people"),
}
PLACES = 60
"""How many places an axis has where scores are too fine to draw each: people at one place share a mark."""
SMALLEST, LARGEST = 9.0, 120.0


@style.drawn
def reliable_change_figure(
    before: Sequence[float] | Floats,
    after: Sequence[float] | Floats,
    classes: Sequence[str],
    threshold: float,
    *,
    wave_labels: tuple[str, str] | None = None,
    score: str | None = None,
    caption: Cell | None = None,
) -> Figure:
    """A mark for each pair of scores, its size by how many people share it.

    before, after: scores of the same people in the same order, none missing. classes: improved, unchanged or
    deteriorated, for each. threshold: the smallest change that measurement error does not explain, in the unit of the
    score. However many people there are, the number of marks is bounded. Raises ValueError where lengths differ or
    there is nobody.
    """
    x, y, kind = np.asarray(before, dtype=float), np.asarray(after, dtype=float), np.asarray(classes, dtype=object)
    if not len(x) or not len(x) == len(y) == len(kind):
        raise ValueError("before, after and classes hold the same people, at least one")
    first, last = (plain(name) for name in wave_labels or (tr("Before"), tr("After")))
    low, high = float(min(x.min(), y.min())), float(max(x.max(), y.max()))
    pad = (high - low) * 0.06 or 0.5
    top, side = 0.42, 4.0
    sheet = style.Sheet(top + side + 0.55)
    left = (style.WIDTH - side) / 2
    axes = sheet.axes(left, top, side, side)
    ends = [low - pad, high + pad]
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.plot(ends, ends, color=style.MUTED, linewidth=0.9)
    for shift in (-threshold, threshold):
        axes.plot(ends, [end + shift for end in ends], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    counts = {}
    for name, color, marker in KINDS:
        held = kind == name
        counts[name] = int(held.sum())
        if counts[name]:
            xs, ys, n = _places(x[held], y[held], low, high)
            axes.scatter(
                xs, ys, s=_size(n, len(x)), c=color, marker=marker, alpha=0.75, linewidths=0.4, edgecolors="white"
            )
    axes.set_ylabel(last)
    axes.tick_params(axis="both", bottom=True, left=True, colors=style.MUTED, labelcolor=style.INK, length=3, width=0.7)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    sheet.under(left, left + side, top + side + 0.26, first)
    _legend(sheet, counts, len(x))
    alt = tr(
        "{score} of {n} people, {first} across and {last} upwards. By reliable change (more than {threshold}): "
        "{improved} improved, {unchanged} unchanged, {deteriorated} deteriorated.",
        score=plain(score or tr("Score")),
        n=numbers.whole(len(x)),
        first=lowered(first),
        last=lowered(last),
        threshold=numbers.fixed(threshold),
        **{name: numbers.count_percent(count, len(x)) for name, count in counts.items()},
    )
    return Figure(sheet.svg(), alt, caption)


def _places(x: Floats, y: Floats, low: float, high: float) -> tuple[Floats, Floats, Floats]:
    """Where marks stand and how many people each is; scores that are too fine are gathered on a grid."""
    # a complex number for a pair: they are sorted many times faster than rows, and in the same order
    points, n = np.unique(x.round(9) + 1j * y.round(9), return_counts=True)
    if len(points) > PLACES**2 // 2 and high > low:
        step = (high - low) / PLACES
        across, upwards = (low + np.round((side - low) / step) * step for side in (x, y))
        points, n = np.unique(across + 1j * upwards, return_counts=True)
    return points.real, points.imag, n.astype(float)


def _size(n: Floats, people: int) -> Floats:
    """Areas of marks: in proportion to the people they stand for, and none too small to be seen."""
    unit = min(SMALLEST * 2, LARGEST / max(float(n.max()), 1.0))
    return np.maximum(SMALLEST, n * unit)


def _legend(sheet: style.Sheet, counts: dict[str, int], total: int) -> None:
    shares = {name: numbers.count_percent(counts[name], total) for name, _, _ in KINDS}
    texts = [f"{tr(NAMES[name], context='people')}: {share}" for name, share in shares.items()]
    x = (style.WIDTH - sum(style.width_of(text) + 0.45 for text in texts) + 0.27) / 2
    for text, (_, color, marker) in zip(texts, KINDS, strict=True):
        sheet.page.plot([x + 0.06], [0.16], marker=marker, color=color, markersize=6, markeredgewidth=0)
        sheet.text(x + 0.18, 0.16, text)
        x += style.width_of(text) + 0.45
