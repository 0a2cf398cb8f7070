"""How many different codes had come up after each interview or focus group, as a cumulative curve."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from braid.language import lowered, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

if TYPE_CHECKING:
    from matplotlib.ticker import Locator

_TALL = 1.9
_TOP = 0.34
_LABELLED = 16


@style.drawn
def saturation_curve(
    cumulative: Sequence[int], *, event: str = "", base: int | None = None, caption: Cell | None = None
) -> Figure:
    """The curve of all codes so far (line), and of the codes that were new in each event (bars).

    cumulative: distinct codes after each event, in the order of the events. event: what one is called, an interview
    where it is left out. base: how many events are the base of the saturation rule, marked by a line; None where the
    rule cannot be applied.
    Raises ValueError where there is no event or the curve falls.
    """
    counts, event = list(cumulative), plain(event) or tr("Interview")
    if not counts or any(after < before for before, after in itertools.pairwise(counts)):
        raise ValueError("a cumulative curve has one event or more, and never falls")
    fresh = [after - before for before, after in zip([0, *counts], counts, strict=False)]
    sheet = style.Sheet(_TOP + _TALL + 0.52)
    left = 0.62
    places = list(range(1, len(counts) + 1))
    wide = min(style.WIDTH - left - 0.1, 0.5 + 0.85 * len(counts))
    highest = max(counts[-1], 1)
    axes = sheet.axes(left, _TOP, wide, _TALL)
    axes.set_xlim(0.4, len(counts) + 0.6)
    axes.set_ylim(0, highest * 1.16)
    axes.bar(places, fresh, width=0.5, color=style.GREY, zorder=1)
    axes.plot(places, counts, marker="o", color=style.BLUE, linewidth=1.6, markersize=4.5, zorder=2)
    every = max(1, -(-len(counts) // _LABELLED))
    axes.set_xticks([place for place in places if (place - 1) % every == 0])
    axes.yaxis.set_major_locator(_whole_numbers())
    axes.tick_params(bottom=True, left=True, length=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_ylabel(tr("Codes"))
    for place, total, new in zip(places, counts, fresh, strict=True):
        if (place - 1) % every == 0 or place == len(counts):
            axes.annotate(
                str(total), (place, total), xytext=(0, 6), textcoords="offset points", ha="center", fontsize=style.SMALL
            )
            if new and new != total:
                axes.annotate(
                    f"+{new}", (place, new), xytext=(0, 2), textcoords="offset points", ha="center", color=style.MUTED,
                    fontsize=style.SMALL,
                )  # fmt: skip
    if base is not None and base < len(counts):
        axes.axvline(base + 0.5, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    sheet.under(left, left + wide, _TOP + _TALL + 0.26, tr("{events}, in order", events=event))
    _key(sheet, left, base is not None and base < len(counts))
    told = ", ".join(
        tr("{total} after {place} ({new} new)", total=numbers.whole(total), place=place, new=new)
        for place, total, new in zip(places, counts, fresh, strict=True)
    )
    alt = tr(
        "Curve of the number of different codes after each of {n} events ({events}): {told}.",
        n=len(counts),
        events=lowered(event),
        told=told,
    )
    return Figure(sheet.svg(), alt, caption)


def _whole_numbers() -> Locator:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True, nbins=6)


def _key(sheet: style.Sheet, left: float, with_base: bool) -> None:
    x, so_far, fresh = left, tr("all codes so far"), tr("new codes")
    sheet.line([x, x + 0.26], [0.14, 0.14], color=style.BLUE, width=1.6)
    sheet.page.plot(x + 0.13, 0.14, "o", color=style.BLUE, markersize=4.5)
    sheet.text(x + 0.32, 0.14, so_far, size=style.SMALL)
    x += 0.32 + style.width_of(so_far, style.SMALL) + 0.25
    sheet.box(x, 0.08, 0.12, 0.12, fill=style.GREY)
    sheet.text(x + 0.18, 0.14, fresh, size=style.SMALL)
    if with_base:
        x += 0.18 + style.width_of(fresh, style.SMALL) + 0.25
        sheet.page.plot([x, x + 0.26], [0.14, 0.14], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        sheet.text(x + 0.32, 0.14, tr("end of the base"), size=style.SMALL)
