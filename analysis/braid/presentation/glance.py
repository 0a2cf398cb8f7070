"""The answer at a glance: scores before and after on their scales, and how many voiced each theme, in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from braid.language import tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_PAD = 0.1
_HEADING = 0.28
_TALLEST_MARK = 0.16


@dataclass(frozen=True)
class Shift:
    """A score at two waves: its label, the ends of its scale, both means, and their difference with its interval."""

    label: str
    minimum: float
    maximum: float
    before: float
    after: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class Voiced:
    """A theme that k of n participants voiced; k is None where it must not be shown."""

    label: str
    k: int | None
    n: int


@style.drawn
def glance(
    shifts: Sequence[Shift],
    themes: Sequence[Voiced],
    wave_labels: tuple[str, str] | None = None,
    *,
    level: float = 0.95,
    caption: Cell | None = None,
) -> Figure:
    """Scores as two marks on the whole of their scale, themes as bars up to all participants, numbers beside both.

    wave_labels: "Before" and "After" where they are left out.
    Raises ValueError where there is neither a score nor a theme.
    """
    if not shifts and not themes:
        raise ValueError("a score or a theme is needed")
    waves = wave_labels or (tr("Before"), tr("After"))
    labels = [*(one.label for one in shifts), *(one.label for one in themes)]
    room = style.label_width(labels, 2.2)
    changes = [_change(one) for one in shifts]
    counts = [_count(one) for one in themes]
    change_head = tr("Change [{ci}]", ci=numbers.ci_name(level))
    ends = [*changes, *counts, *([change_head] if shifts else [])]
    end_room = max(style.width_of(text, bold=text == change_head) for text in ends) + 0.12
    left, length = room + 0.3, style.WIDTH - room - 0.3 - end_room - 0.3
    wrapped = [style.wrap(label, room) for label in labels]
    heights = [max(style.height_of(lines), _TALLEST_MARK) + _PAD for lines in wrapped]
    sheet = style.Sheet(sum(heights) + _HEADING * (bool(shifts) + bool(themes)) + 0.04)
    y = 0.0
    if shifts:
        room_for_key = style.WIDTH - style.width_of(change_head, style.SMALL, bold=True) - 0.15
        _key(sheet, max(0.0, min(left, room_for_key - _key_width(waves))), y + _HEADING / 2, waves)
        sheet.text(style.WIDTH, y + _HEADING / 2, change_head, ha="right", size=style.SMALL, bold=True)
        y += _HEADING
    for one, lines, text, tall in zip(shifts, wrapped, changes, heights, strict=False):
        middle = y + tall / 2
        sheet.text(room, middle, lines, ha="right")
        _dumbbell(sheet, one, left, length, middle)
        sheet.text(style.WIDTH, middle, text, ha="right")
        y += tall
    if themes:
        sheet.text(left, y + _HEADING / 2, tr("Participants who voiced it"), size=style.SMALL, bold=True)
        y += _HEADING
    start = len(shifts)
    for voiced, lines, text, tall in zip(themes, wrapped[start:], counts, heights[start:], strict=True):
        middle = y + tall / 2
        sheet.text(room, middle, lines, ha="right")
        sheet.box(left, middle - 0.07, length, 0.14, fill=style.SHADE)
        sheet.box(left, middle - 0.07, length * (voiced.k or 0) / (voiced.n or 1), 0.14, fill=style.BLUE)
        sheet.text(style.WIDTH, middle, text, ha="right")
        y += tall
    return Figure(sheet.svg(), _alt(shifts, themes, changes, counts, waves, level), caption)


def _dumbbell(sheet: style.Sheet, one: Shift, left: float, length: float, y: float) -> None:
    """A scale as a line with its ends named, and both means on it."""

    def at(value: float) -> float:
        share = (value - one.minimum) / (one.maximum - one.minimum)
        return left + length * min(max(share, 0.0), 1.0)

    sheet.line([left, left + length], [y, y], color=style.RULE, width=2)
    for x, side, end in ((left - 0.06, "right", one.minimum), (left + length + 0.06, "left", one.maximum)):
        ha: style.Horizontal = "right" if side == "right" else "left"
        sheet.text(x, y, numbers.short(end), ha=ha, size=style.SMALL, color=style.MUTED)
    sheet.line([at(one.before), at(one.after)], [y, y], color=style.AFTER, width=2)
    _mark(sheet, at(one.before), y, first=True)
    _mark(sheet, at(one.after), y, first=False)


def _mark(sheet: style.Sheet, x: float, y: float, *, first: bool) -> None:
    color = style.BEFORE if first else style.AFTER
    face = "white" if first else color
    sheet.page.plot(x, y, "o" if first else "s", color=color, markerfacecolor=face, markersize=6, markeredgewidth=1.6)


def _key_width(waves: tuple[str, str]) -> float:
    return sum(0.42 + style.width_of(plain(wave), style.SMALL) for wave in waves) - 0.25


def _key(sheet: style.Sheet, x: float, y: float, waves: tuple[str, str]) -> None:
    for wave, first in zip(waves, (True, False), strict=True):
        _mark(sheet, x + 0.05, y, first=first)
        sheet.text(x + 0.17, y, plain(wave), size=style.SMALL)
        x += 0.17 + style.width_of(plain(wave), style.SMALL) + 0.25


def _change(one: Shift) -> str:
    sign = "+" if (numbers.rounded(one.difference) or 0) > 0 else ""
    return f"{sign}{numbers.fixed(one.difference)} [{numbers.interval(one.low, one.high, between=numbers.between())}]"


def _count(one: Voiced) -> str:
    return numbers.MISSING if one.k is None else tr("{k} of {n}", k=numbers.whole(one.k), n=numbers.whole(one.n))


def _alt(
    shifts: Sequence[Shift],
    themes: Sequence[Voiced],
    changes: Sequence[str],
    counts: Sequence[str],
    waves: tuple[str, str],
    level: float,
) -> str:
    first, last = (plain(wave) for wave in waves)
    said = [
        tr(
            "{label}: {first} {before}, {last} {after} on a scale from {low} to {high}, change with {ci} {change}.",
            label=plain(one.label),
            first=first,
            before=numbers.fixed(one.before),
            last=last,
            after=numbers.fixed(one.after),
            low=numbers.short(one.minimum),
            high=numbers.short(one.maximum),
            ci=numbers.ci_name(level),
            change=text,
        )
        for one, text in zip(shifts, changes, strict=True)
    ]
    if themes:
        voiced = "; ".join(f"{plain(one.label)} {text}" for one, text in zip(themes, counts, strict=True))
        said.append(tr("Participants who voiced each theme: {themes}.", themes=voiced))
    return " ".join(said)
