"""How each person changed: lines for a few people, a distribution for many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from braid.language import tr
from braid.presentation import inline, numbers, sentences, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

FEW = 40
MANY = 10_000
"""People in a bar from which on the axis counts thousands."""
_LOWER, _SAME, _HIGHER = style.ORANGE, "#7A838C", style.BLUE


@style.drawn
def paired_change(
    before: Sequence[float] | Floats,
    after: Sequence[float] | Floats,
    wave_labels: tuple[str, str] | None = None,
    *,
    score: str | None = None,
    individuals: bool | None = None,
    caption: Cell | None = None,
) -> Figure:
    """The change of every person with both values.

    before, after: scores of the same people in the same order; pairs with a missing value are left out.
    individuals: True draws one line per person, False the distribution of the change; without it lines up to
    40 people. Lines show each person's values: where a group is small enough to be recognised, ask for False.
    Raises ValueError where lengths differ or no pair is complete.
    """
    if len(before) != len(after):
        raise ValueError("before and after hold the same people in the same order")
    pairs = np.column_stack([np.asarray(before, dtype=float), np.asarray(after, dtype=float)])
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if not len(pairs):
        raise ValueError("nobody has both values")
    # Scores are means of items: differences within the noise of floating-point numbers are no change.
    changes = np.where(np.isclose(pairs[:, 0], pairs[:, 1], rtol=1e-9, atol=1e-9), 0.0, pairs[:, 1] - pairs[:, 0])
    first, last = wave_labels or (tr("Before"), tr("After"))
    names, label = (plain(first), plain(last)), plain(score or tr("Score"))
    signs = np.sign(changes)
    counts = (int((signs < 0).sum()), int((signs == 0).sum()), int((signs > 0).sum()))
    lines = len(pairs) <= FEW if individuals is None else individuals
    sheet = _slopes(pairs, changes, names, label) if lines else _histogram(changes, label)
    _legend(sheet, counts, len(pairs))
    return Figure(sheet.svg(), _alt(changes, counts, label, names, lines=lines), caption)


def _alt(changes: Floats, counts: tuple[int, int, int], score: str, names: tuple[str, str], *, lines: bool) -> str:
    lower, same, higher = (numbers.count_percent(n, len(changes)) for n in counts)
    fields = {
        "score": score,
        "first": names[0],
        "last": names[1],
        "n": numbers.whole(len(changes)),
        "lower": lower,
        "same": same,
        "higher": higher,
        "mean": numbers.fixed(changes.mean()),
        "smallest": numbers.fixed(changes.min()),
        "largest": numbers.fixed(changes.max()),
    }
    if lines:
        return tr(
            "Lines of the change in {score} from {first} to {last} of {n} people: {lower} lower, {same} the same, "
            "{higher} higher. Mean change {mean}, from {smallest} to {largest}.",
            **fields,
        )
    return tr(
        "Histogram of the change in {score} from {first} to {last} of {n} people: {lower} lower, {same} the same, "
        "{higher} higher. Mean change {mean}, from {smallest} to {largest}.",
        **fields,
    )


def _legend(sheet: style.Sheet, counts: tuple[int, int, int], total: int) -> None:
    words = (tr("lower"), tr("same"), tr("higher"))
    texts = [f"{word}: {numbers.count_percent(n, total)}" for word, n in zip(words, counts, strict=True)]
    x = (style.WIDTH - sum(style.width_of(text) + 0.2 for text in texts) - 0.5) / 2
    for text, color in zip(texts, (_LOWER, _SAME, _HIGHER), strict=True):
        sheet.box(x, 0.1, 0.12, 0.12, fill=color)
        sheet.text(x + 0.18, 0.16, text)
        x += style.width_of(text) + 0.45


def _slopes(pairs: Floats, changes: Floats, names: tuple[str, str], score: str) -> style.Sheet:
    top, tall = 0.42, 3.1
    sheet = style.Sheet(top + tall + 0.35)
    left, wide = 1.3, style.WIDTH - 2.6
    axes = sheet.axes(left, top, wide, tall)
    axes.set_xlim(-0.18, 1.18)
    low, high = float(pairs.min()), float(pairs.max())
    pad = (high - low) * 0.06 or 0.5
    axes.set_ylim(low - pad, high + pad)
    for pair, change in sorted(zip(pairs.tolist(), changes.tolist(), strict=True), key=lambda one: -one[1]):
        color = _LOWER if change < 0 else _HIGHER if change > 0 else _SAME
        dash = (0, (4, 1.6)) if change < 0 else "solid"
        axes.plot([0, 1], pair, color=color, linewidth=1.1, linestyle=dash, alpha=0.85)
        axes.plot([0, 1], pair, "o", color=color, markersize=4, markeredgewidth=0)
    means = pairs.mean(axis=0).tolist()
    axes.plot([0, 1], means, color=style.INK, linewidth=2.4)
    axes.plot([0, 1], means, "D", color=style.INK, markersize=6)
    for k, side in ((0, "right"), (1, "left")):
        shift = -0.05 if k == 0 else 0.05
        axes.text(
            k + shift,
            means[k],
            f"{tr('mean')}\n{numbers.fixed(means[k])}",
            ha=side,
            va="center",
            fontsize=style.SIZE,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
        )
    axes.set_xticks([0, 1], names, fontsize=style.SIZE)
    axes.set_ylabel(score)
    axes.tick_params(axis="y", left=True, colors=style.MUTED, labelcolor=style.INK, length=3, width=0.7)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    for x in (0, 1):
        axes.axvline(x, color=style.RULE, linewidth=0.8, zorder=0)
    return sheet


def _histogram(changes: Floats, score: str) -> style.Sheet:
    import seaborn
    from matplotlib.ticker import MaxNLocator

    top, tall = 0.62, 2.35
    sheet = style.Sheet(top + tall + 0.55)
    left = 0.62
    axes = sheet.axes(left, top, style.WIDTH - left - 0.25, tall)
    width = _bin_width(changes)
    first = math.floor(changes.min() / width - 0.5) + 0.5
    last = math.ceil(changes.max() / width + 0.5) - 0.5
    edges = [(first + k) * width for k in range(round(last - first) + 1)]
    # No change has a bar of its own only when it is drawn apart: those a little lower or higher share its bin.
    for wanted, color in ((-1, _LOWER), (0, _SAME), (1, _HIGHER)):
        held = changes[np.sign(changes) == wanted]
        if held.size:
            _stacked(axes, held, changes[np.sign(changes) < wanted], edges, color)
    axes.set_xlim(edges[0] - width * 0.5, edges[-1] + width * 0.5)
    mean = float(changes.mean())
    axes.axvline(0, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.axvline(mean, color=style.INK, linewidth=1.6)
    share = (mean - axes.get_xlim()[0]) / (axes.get_xlim()[1] - axes.get_xlim()[0])
    text = f"{tr('mean')} {numbers.fixed(mean)}"
    half = style.width_of(text, style.SIZE, True) / 2
    place = min(max(left + share * (style.WIDTH - left - 0.25), half), style.WIDTH - half)
    sheet.text(place, top - 0.03, text, ha="center", va="bottom", bold=True)
    axes.tick_params(axis="both", bottom=True, left=True, colors=style.MUTED, labelcolor=style.INK, length=3, width=0.7)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    if axes.get_ylim()[1] < MANY:
        axes.set_ylabel(tr("People"))
    else:
        # tick labels of six digits would leave no room for the name of the axis
        axes.set_ylabel(tr("Thousand people"))
        axes.yaxis.set_major_formatter(lambda people, _: numbers.short(people / 1000))
    title = tr("Change in {score} of each person", score=inline.shown(sentences.inside(score)))
    sheet.under(left, style.WIDTH - 0.25, top + tall + 0.26, title)
    seaborn.despine(ax=axes)
    return sheet


def _stacked(axes: Axes, held: Floats, below: Floats, edges: Sequence[float], color: str) -> None:
    heights, _ = np.histogram(held, bins=list(edges))
    bottoms, _ = np.histogram(below, bins=list(edges))
    axes.bar(
        list(edges[:-1]),
        heights,
        width=np.diff(edges),
        bottom=bottoms,
        align="edge",
        color=color,
        edgecolor="white",
        linewidth=0.6,
    )


def _bin_width(changes: Floats) -> float:
    """A width of bins that is a whole number of the smallest step between changes, giving about 15 to 25 bins."""
    ordered = np.array(sorted({round(change, 6) for change in np.unique(changes).tolist()}))
    span = float(ordered[-1] - ordered[0])
    if span <= 0:
        return max(abs(float(ordered[0])) / 10, 0.1)
    steps = np.diff(ordered)
    step = float(steps.min())
    even = bool((np.abs(steps / step - np.round(steps / step)) < 1e-3).all())
    wanted = min(max(math.sqrt(len(changes)) * 1.5, 6), 22)
    if even:
        # An odd number of steps keeps every value, no change among them, off the edges of its bin.
        return step * (round(span / wanted / step) // 2 * 2 + 1)
    return span / wanted
