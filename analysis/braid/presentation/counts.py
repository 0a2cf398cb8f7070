"""Bars of how many people there are in each category."""

from __future__ import annotations

from collections.abc import Sequence

from braid.language import tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_GAP = 0.09
_BAR = 0.15


@style.drawn
def bars(
    labels: Sequence[str],
    counts: Sequence[int | None],
    total: int,
    groups: Sequence[str] | None = None,
    *,
    texts: Sequence[str] | None = None,
    caption: Cell | None = None,
) -> Figure:
    """Horizontal bars of people per category, with n and per cent at their ends.

    counts: how many, in the order of `labels`; None where the number must not be shown (no bar is drawn).
    total: what the percentages refer to.
    groups: the group of each category; categories are then gathered under a heading and a colour for each.
    texts: what is written at the bars instead of n (%), such as "< 5".
    Categories stand in falling order, within their groups. Raises ValueError where lengths differ.
    """
    if not labels or len(labels) != len(counts) or (groups is not None and len(groups) != len(labels)):
        raise ValueError("labels, counts and groups must have the same length and not be empty")
    ends = list(texts) if texts is not None else [numbers.count_percent(count, total) for count in counts]
    kinds = list(dict.fromkeys(groups)) if groups is not None else [""]
    of = list(groups) if groups is not None else [""] * len(labels)
    order = sorted(range(len(labels)), key=lambda k: (kinds.index(of[k]), -(counts[k] or 0), k))
    room = style.label_width(labels, 2.6)
    end_room = max(style.width_of(end) for end in ends) + 0.12
    left, widest = room + 0.12, max((count or 0 for count in counts), default=0) or 1
    length = style.WIDTH - left - end_room - 0.05
    wrapped = {k: style.wrap(labels[k], room) for k in order}
    heading = style.height_of([""]) + 0.1
    height = 0.1 + sum(max(style.height_of(wrapped[k]), _BAR) + _GAP for k in order)
    height += len(kinds) * heading if groups is not None else 0
    sheet = style.Sheet(height)
    y, kind = 0.05, None
    for k in order:
        color = style.GROUPS[kinds.index(of[k]) % len(style.GROUPS)]
        if groups is not None and of[k] != kind:
            kind = of[k]
            gathered = sum(counts[j] or 0 for j in order if of[j] == kind)
            hidden = any(counts[j] is None for j in order if of[j] == kind)
            title = plain(kind) if hidden else f"{plain(kind)}: {numbers.count_percent(gathered, total)}"
            sheet.box(left, y + heading / 2 - 0.05, 0.1, 0.1, fill=color)
            sheet.text(left + 0.16, y + heading / 2, title, bold=True)
            y += heading
        high = max(style.height_of(wrapped[k]), _BAR) + _GAP
        middle = y + high / 2
        sheet.text(room, middle, wrapped[k], ha="right")
        bar = length * (counts[k] or 0) / widest
        sheet.box(left, middle - _BAR / 2, bar, _BAR, fill=color)
        sheet.text(left + bar + 0.06, middle, ends[k])
        y += high
    sheet.line([left, left], [0.05, height - 0.05], color=style.MUTED, width=0.7)
    parts = [f"{plain(labels[k])} {ends[k]}" for k in order]
    alt = tr(
        "Bar chart of {n} participants in {k} categories. {bars}.",
        n=numbers.whole(total),
        k=str(len(labels)),
        bars="; ".join(parts),
    )
    return Figure(sheet.svg(), alt, caption)
