"""Answers on a scale of agreement as diverging bars around the neutral level."""

from __future__ import annotations

from collections.abc import Sequence

from braid.language import ntr, tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_BAR = 0.2


@style.drawn
def likert(
    items: Sequence[str],
    counts: Sequence[Sequence[int]],
    labels: Sequence[str],
    *,
    missing: Sequence[int] | None = None,
    caption: Cell | None = None,
) -> Figure:
    """Diverging stacked bars: lower levels to the left, higher levels to the right, the neutral one centred.

    counts: for each item, how many chose each level, in the order of `labels`, from the lowest.
    missing: how many gave no answer; they stand apart at the right and are not part of the percentages.
    An even number of levels has no neutral one. Percentages are of the answers given; below 5% they stand in the
    alternative text alone. Raises ValueError where lengths differ or an item has no levels.
    """
    if not items or len(items) != len(counts) or any(len(row) != len(labels) for row in counts) or len(labels) < 2:
        raise ValueError("each item has one count for each of two or more levels")
    if missing is not None and len(missing) != len(items):
        raise ValueError("each item has one count of missing answers")
    colors = _colors(len(labels))
    shares = [[count / sum(row) if sum(row) else 0.0 for count in row] for row in counts]
    half = len(labels) // 2
    middle = [row[half] / 2 if len(labels) % 2 else 0.0 for row in shares]
    reach_left = max(sum(row[:half]) + m for row, m in zip(shares, middle, strict=True))
    reach_right = max(sum(row[half:]) - m for row, m in zip(shares, middle, strict=True))
    room = style.label_width(items, 2.1)
    wrapped = [style.wrap(item, room) for item in items]
    heights = [max(style.height_of(lines), _BAR) + 0.1 for lines in wrapped]
    keys = _key(labels)
    top = 0.08 + 0.2 * len(keys) + 0.24
    sheet = style.Sheet(top + sum(heights) + 0.05)
    aside = 0.62 if missing is not None else 0.0
    left, right = room + 0.56, style.WIDTH - 0.46 - aside
    scale = (right - left) / max(reach_left + reach_right, 0.01)
    zero = left + reach_left * scale
    _draw_key(sheet, keys, colors)
    header = top - 0.12
    sheet.text(left - 0.06, header, tr("lower"), ha="right", size=style.SMALL, color=style.MUTED)
    sheet.text(right + 0.06, header, tr("higher"), size=style.SMALL, color=style.MUTED)
    if missing is not None:
        sheet.text(
            style.WIDTH, header, tr("missing", context="answers"), ha="right", size=style.SMALL, color=style.MUTED
        )
    y = top
    for k, row in enumerate(shares):
        centre = y + heights[k] / 2
        sheet.text(room, centre, wrapped[k], ha="right")
        total = sum(counts[k])
        x = zero - (sum(row[:half]) + middle[k]) * scale
        for level, share in enumerate(row):
            long = share * scale
            if long:
                sheet.box(x, centre - _BAR / 2, long, _BAR, fill=colors[level], edge="white")
            text = numbers.percent(counts[k][level], total, 0) if total else ""
            if share >= 0.05 and style.width_of(text, style.SMALL) + 0.04 <= long:
                sheet.text(x + long / 2, centre, text, ha="center", size=style.SMALL, color=style.on(colors[level]))
            x += long
        if total:
            sheet.text(left - 0.06, centre, numbers.percent(sum(counts[k][:half]), total, 0), ha="right", bold=True)
            above = sum(counts[k][-half:])
            sheet.text(right + 0.06, centre, numbers.percent(above, total, 0), bold=True)
        else:
            sheet.text((left + right) / 2, centre, tr("no answers"), ha="center", color=style.MUTED)
        if missing is not None:
            sheet.text(style.WIDTH, centre, numbers.whole(missing[k]), ha="right", color=style.MUTED)
        y += heights[k]
    return Figure(sheet.svg(), _alt(items, counts, labels, missing), caption)


def _colors(levels: int) -> list[str]:
    half = levels // 2
    steps = [k / max(half - 1, 1) if half > 1 else 0.35 for k in range(half)]
    low = [style.between(*style.DISAGREE, step) for step in steps]
    high = [style.between(*style.AGREE, step) for step in reversed(steps)]
    return [*low, *([style.NEUTRAL] if levels % 2 else []), *high]


def _key(labels: Sequence[str]) -> list[list[tuple[int, str]]]:
    """The legend's entries, on as many lines as they need, from the lowest level to the highest."""
    rows: list[list[tuple[int, str]]] = [[]]
    x = 0.0
    for level, label in enumerate(labels):
        text = plain(label)
        wide = style.width_of(text, style.SMALL) + 0.36
        if rows[-1] and x + wide > style.WIDTH:
            rows.append([])
            x = 0.0
        rows[-1].append((level, text))
        x += wide
    return rows


def _draw_key(sheet: style.Sheet, rows: Sequence[Sequence[tuple[int, str]]], colors: Sequence[str]) -> None:
    for line, row in enumerate(rows):
        x, y = 0.0, 0.14 + 0.2 * line
        for level, text in row:
            sheet.box(x, y - 0.06, 0.12, 0.12, fill=colors[level])
            sheet.text(x + 0.17, y, text, size=style.SMALL)
            x += style.width_of(text, style.SMALL) + 0.36


def _alt(
    items: Sequence[str], counts: Sequence[Sequence[int]], labels: Sequence[str], missing: Sequence[int] | None
) -> str:
    parts = []
    for k, (item, row) in enumerate(zip(items, counts, strict=True)):
        total = sum(row)
        said = ", ".join(
            f"{plain(label)} {numbers.percent(count, total, 0)}" for label, count in zip(labels, row, strict=True)
        )
        fields = {"item": plain(item), "levels": said if total else tr("no answers"), "n": numbers.whole(total)}
        if missing is None:
            text = ntr("{item}: {levels} ({n} answer)", "{item}: {levels} ({n} answers)", total, **fields)
        else:
            text = ntr(
                "{item}: {levels} ({n} answer, {missing} missing)",
                "{item}: {levels} ({n} answers, {missing} missing)",
                total,
                missing=numbers.whole(missing[k]),
                **fields,
            )
        parts.append(text)
    n = len(items)
    bars = ntr("Stacked bars of answers to {n} item.", "Stacked bars of answers to {n} items.", n, n=str(n))
    return f"{bars} {'; '.join(parts)}."
