"""Means and estimates with their intervals: items before and after, and estimates one below the other."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from braid.language import ntr, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

Mean = tuple[float, float, float]  # mean, lower and upper bound

_FOOT = 0.48
_HEAD = 0.32


@style.drawn
def item_means(
    items: Sequence[str],
    before: Sequence[Mean | None],
    after: Sequence[Mean | None],
    minimum: float,
    maximum: float,
    wave_labels: tuple[str, str] | None = None,
    *,
    level: float = 0.95,
    caption: Cell | None = None,
) -> Figure:
    """Means with confidence intervals of every item, before (open circle) and after (filled square).

    before, after: (mean, low, high) for each item, or None where there is no data.
    minimum, maximum: the ends of the scale. Where all intervals lie in a small part of it, only that part is
    drawn, and the axis says so. Items stay in their order. Raises ValueError where lengths differ.
    """
    if not items or not len(items) == len(before) == len(after):
        raise ValueError("items, before and after must have the same length and not be empty")
    waves = wave_labels or (tr("Before"), tr("After"))
    known = [mean for mean in (*before, *after) if mean is not None]
    low, high, step = _range(known, minimum, maximum)
    wrapped, room, heights = _item_labels(items)
    sheet = style.Sheet(_HEAD + sum(heights) + _FOOT)
    left = room + 0.14
    axes = sheet.plot(left, _HEAD, style.WIDTH - left - 0.2, sum(heights), low, high)
    ticks = [low + k * step for k in range(round((high - low) / step) + 1)]
    places = max(len(f"{tick:g}".partition(".")[2]) for tick in ticks)
    axes.set_xticks(ticks, [numbers.fixed(tick, places) for tick in ticks])
    for tick in ticks:
        axes.axvline(tick, color=style.RULE, linewidth=0.5, zorder=0)
    whole = math.isclose(low, minimum) and math.isclose(high, maximum)
    fields = {"ci": numbers.ci_name(level), "low": numbers.short(minimum), "high": numbers.short(maximum)}
    if whole:
        title = tr("Mean with {ci} (scale from {low} to {high})", **fields)
    else:
        title = tr(
            "Mean with {ci} (scale from {low} to {high}; {bottom} to {top} shown)",
            bottom=numbers.short(low),
            top=numbers.short(high),
            **fields,
        )
    sheet.under(left, style.WIDTH, _HEAD + sum(heights) + 0.24, title)
    y = _HEAD
    for k, (lines, tall) in enumerate(zip(wrapped, heights, strict=True)):
        if k % 2 == 0:
            sheet.box(0, y, style.WIDTH, tall, fill=style.SHADE)
        middle = y + tall / 2
        sheet.text(room, middle, lines, ha="right", size=style.SMALL)
        for mean, shift, color, marker in ((before[k], -0.045, style.BEFORE, "o"), (after[k], 0.045, style.AFTER, "s")):
            if mean is None:
                continue
            axes.plot(mean[1:], [middle + shift] * 2, color=color, linewidth=1.4, solid_capstyle="butt")
            face = "white" if marker == "o" else color
            axes.plot(
                mean[0], middle + shift, marker, color=color, markerfacecolor=face, markersize=4.2, markeredgewidth=1.2
            )
        y += tall
    names = [plain(name) for name in waves]
    room = sum(style.width_of(name, style.SMALL) + 0.34 for name in names) + 0.25
    x = max(0.0, min(left, style.WIDTH - room))
    for name, color, marker in zip(names, (style.BEFORE, style.AFTER), "os", strict=True):
        face = "white" if marker == "o" else color
        sheet.line([x, x + 0.28], [0.15, 0.15], color=color, width=1.4)
        sheet.page.plot(x + 0.14, 0.15, marker, color=color, markerfacecolor=face, markersize=4.6, markeredgewidth=1.2)
        sheet.text(x + 0.34, 0.15, name, size=style.SMALL)
        x += 0.34 + style.width_of(name, style.SMALL) + 0.25
    return Figure(sheet.svg(), _items_alt(items, before, after, waves, level), caption)


def _item_labels(items: Sequence[str]) -> tuple[list[list[str]], float, list[float]]:
    """Wrapped labels, their column and row heights: as airy as the page allows, then denser, then wider."""
    wrapped: list[list[str]] = []
    room, heights = 0.0, [0.0]
    for pad, least in ((0.06, 0.235), (0.05, 0.2), (0.03, 0.18), (0.015, 0.16)):
        for widest in (2.3, 2.8, 3.3, 3.8):
            room = style.label_width(items, widest, style.SMALL)
            wrapped = [style.wrap(item, room, style.SMALL) for item in items]
            heights = [max(style.height_of(lines, style.SMALL) + pad, least) for lines in wrapped]
            if sum(heights) <= style.TALLEST - _HEAD - _FOOT:
                return wrapped, room, heights
    return wrapped, room, heights


def _range(known: Sequence[Mean], minimum: float, maximum: float) -> tuple[float, float, float]:
    """The drawn part of a scale and its tick step: all of it, unless everything lies in less than half of it."""
    span = maximum - minimum
    if not span > 0:
        raise ValueError("a scale's maximum lies above its minimum")
    step = 10.0 ** math.floor(math.log10(span))
    step = next(step * k for k in (0.1, 0.2, 0.5, 1, 2, 5) if span / (step * k) <= 10)
    low, high = min((m[1] for m in known), default=minimum), max((m[2] for m in known), default=maximum)
    if not known or (high - low) > span / 2:
        return minimum, maximum, step
    low = max(minimum, minimum + math.floor((low - minimum) / step) * step)
    high = min(maximum, minimum + math.ceil((high - minimum) / step) * step)
    if high <= low:  # everybody gave the same answer
        low, high = max(minimum, low - step), min(maximum, high + step)
    fine = step
    while (high - low) / fine < 4:
        fine /= 2
    return low, high, fine


def _items_alt(
    items: Sequence[str],
    before: Sequence[Mean | None],
    after: Sequence[Mean | None],
    waves: tuple[str, str],
    level: float,
) -> str:
    parts = [
        ntr(
            "Means with {ci} of {n} item, {first} and {last}.",
            "Means with {ci} of {n} items, {first} and {last}.",
            len(items),
            ci=numbers.ci_name(level),
            n=str(len(items)),
            first=plain(waves[0]),
            last=plain(waves[1]),
        )
    ]
    both = [(item, b[0], a[0]) for item, b, a in zip(items, before, after, strict=True) if b and a]
    for name, means in ((waves[0], before), (waves[1], after)):
        values = [mean[0] for mean in means if mean is not None]
        if values:
            ends = {"low": numbers.fixed(min(values)), "high": numbers.fixed(max(values))}
            parts.append(tr("{label}: from {low} to {high}.", label=plain(name), **ends))
    if both:
        small, large = min(both, key=lambda one: one[2] - one[1]), max(both, key=lambda one: one[2] - one[1])
        parts.append(
            tr("Smallest difference: {item}, {before} to {after} ({difference}).", **_difference(*small)),
        )
        parts.append(
            tr("Largest difference: {item}, {before} to {after} ({difference}).", **_difference(*large)),
        )
    return " ".join(parts)


def _difference(item: str, before: float, after: float) -> dict[str, str]:
    return {
        "item": plain(item),
        "before": numbers.fixed(before),
        "after": numbers.fixed(after),
        "difference": numbers.fixed(after - before),
    }


@style.drawn
def forest(
    rows: Sequence[tuple[str, float | None, float | None, float | None]],
    *,
    groups: Sequence[str] | None = None,
    axis: str | None = None,
    reference: float | None = 0.0,
    pooled: Collection[int] = (),
    level: float = 0.95,
    digits: int = 2,
    caption: Cell | None = None,
) -> Figure:
    """Estimates with their intervals, one below the other, with the numbers beside them.

    axis: what they are, "Mean change" where it is left out.
    rows: (label, estimate, low, high); None where it is not estimable, which is then said.
    groups: a heading for each row; rows are gathered under them in order.
    reference: where "no difference" lies, drawn as a line; None for none. pooled: rows that sum others up, drawn as a
    diamond over their interval.
    """
    if not rows or (groups is not None and len(groups) != len(rows)):
        raise ValueError("there must be rows, and as many groups as rows")
    axis = axis or tr("Mean change")
    texts = [
        numbers.estimate_ci(estimate, low, high, digits, brackets=True) if estimate is not None else tr("not estimable")
        for _, estimate, low, high in rows
    ]
    head = f"{axis} [{numbers.ci_name(level)}]"
    number_room = max(style.width_of(text) for text in (*texts, "−0.00 [−0.00, 0.00]")) + 0.05
    header = style.wrap(head, number_room, style.SMALL, bold=True)
    if len(header) > 1:
        header = [*style.wrap(axis, number_room, style.SMALL, bold=True), f"[{numbers.ci_name(level)}]"]
    room = style.label_width([row[0] for row in rows], 2.3)
    wrapped = [style.wrap(row[0], room) for row in rows]
    top = style.height_of(header, style.SMALL) + 0.14
    heading = 0.25
    kinds = list(dict.fromkeys(groups)) if groups is not None else []
    heights = [max(style.height_of(lines), 0.14) + 0.09 for lines in wrapped]
    tall = sum(heights) + heading * len(kinds)
    sheet = style.Sheet(top + tall + _FOOT)
    values = [v for row in rows for v in row[1:] if v is not None and math.isfinite(v)]
    values += [reference] if reference is not None else []
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    pad = (high - low) * 0.06 or 0.5
    left = room + 0.16
    axes = sheet.plot(left, top, style.WIDTH - left - number_room - 0.2, tall, low - pad, high + pad)
    sheet.under(left, style.WIDTH - number_room - 0.2, top + tall + 0.24, plain(axis))
    axes.locator_params(axis="x", nbins=6)
    if reference is not None:
        axes.axvline(reference, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    sheet.text(style.WIDTH, top - 0.1, header, ha="right", va="bottom", size=style.SMALL, bold=True)
    order = sorted(range(len(rows)), key=lambda k: kinds.index(groups[k]) if groups is not None else 0)
    y, kind = top, None
    for k in order:
        if groups is not None and groups[k] != kind:
            kind = groups[k]
            sheet.text(0, y + heading / 2, plain(kind), bold=True)
            y += heading
        _, estimate, bottom, upper = rows[k]
        middle = y + heights[k] / 2
        sheet.text(room, middle, wrapped[k], ha="right")
        color = style.INK if estimate is not None else style.MUTED
        sheet.text(style.WIDTH, middle, texts[k], ha="right", color=color)
        if estimate is not None and k in pooled and bottom is not None and upper is not None:
            tips = [bottom, estimate, upper, estimate], [middle, middle - 0.07, middle, middle + 0.07]
            axes.fill(*tips, facecolor=style.INK, edgecolor=style.INK, linewidth=0.8)
        elif estimate is not None:
            if bottom is not None and upper is not None:
                axes.plot([bottom, upper], [middle, middle], color=style.BLUE, linewidth=1.5, solid_capstyle="butt")
            axes.plot(estimate, middle, "s", color=style.BLUE, markersize=5)
        y += heights[k]
    said = "; ".join(f"{plain(rows[k][0])} {texts[k]}" for k in order)
    alt = tr("{axis} with {ci}: {estimates}.", axis=plain(axis), ci=numbers.ci_name(level), estimates=said)
    return Figure(sheet.svg(), alt, caption)
