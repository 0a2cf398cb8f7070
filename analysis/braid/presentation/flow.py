"""The flow of participants through a study: boxes with numbers, arrows, and who left why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.language import tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_GAP = 0.24
_SIDE_BY_SIDE = 3
_NARROW = 3.5  # inches; in narrower columns the arrow stands at the left, to leave room for reasons


@dataclass(frozen=True)
class Step:
    """A stage of the study and how many people reached it.

    n: None where the number is not known or must not be shown.
    lost: reasons and numbers of those who did not go on to the next step. Where fewer are explained than are
        missing in the next step, the rest is shown as "no reason recorded".
    sample: this step was chosen out of the one before (interviews with some): the others are not lost.
    """

    label: str
    n: int | None
    lost: tuple[tuple[str, int], ...] = ()
    sample: bool = False


@dataclass(frozen=True)
class _Drawn:
    """A step with wrapped lines, measured but not yet placed."""

    box: list[str]
    aside: list[str]
    box_height: float
    aside_height: float


@style.drawn
def flow(
    steps: Sequence[Step] | Mapping[str, Sequence[Step]],
    *,
    caption: Cell | None = None,
) -> Figure:
    """Boxes from the first step to the last; beside each arrow those who left, with reasons.

    steps: the steps, or the steps of each group by its name; groups stand side by side, three in a row.
    Raises ValueError where there is no step.
    """
    groups = dict(steps) if isinstance(steps, Mapping) else {"": steps}
    if not groups or not all(groups.values()):
        raise ValueError("a flow has at least one step")
    several = isinstance(steps, Mapping)
    columns = min(len(groups), _SIDE_BY_SIDE)
    wide = (style.WIDTH - 0.25 * (columns - 1)) / columns if columns > 1 else 4.4
    names = list(groups)
    rows = [names[k : k + columns] for k in range(0, len(names), columns)]
    drawn = {name: _drawn(list(groups[name]), wide) for name in names}
    titles = {name: style.wrap(name, wide, bold=True) if several else [] for name in names}
    # Steps of the same rank stand at the same height, so that groups can be read across.
    plans = [_plan([drawn[name] for name in row], [titles[name] for name in row]) for row in rows]
    sheet = style.Sheet(sum(plan[-1] for plan in plans) + 0.3 * (len(plans) - 1) + 0.06)
    y = 0.03
    for row, plan in zip(rows, plans, strict=True):
        start = (style.WIDTH - wide) / 2 if columns == 1 else 0.0
        for k, name in enumerate(row):
            x = start + k * (wide + 0.25)
            if titles[name]:
                sheet.text(x + wide / 2, y, titles[name], ha="center", va="top", bold=True)
            _draw(sheet, drawn[name], x, y, wide, plan)
        y += plan[-1] + 0.3
    return Figure(sheet.svg(), _alt(groups), caption)


def losses(step: Step, after: Step | None) -> list[tuple[str, int]]:
    """Who did not go on from one step to the next: the reasons given, and the rest without one."""
    told = [(plain(reason), n) for reason, n in step.lost]
    if after is None or after.sample or step.n is None or after.n is None:
        return told
    rest = step.n - after.n - sum(n for _, n in told)
    return [*told, (tr("no reason recorded"), rest)] if rest > 0 else told


def _drawn(steps: Sequence[Step], wide: float) -> list[_Drawn]:
    out = []
    for k, step in enumerate(steps):
        box = style.wrap(step.label, wide - 0.24)
        aside: list[str] = []
        lost = losses(step, steps[k + 1] if k + 1 < len(steps) else None)
        if lost:
            room = wide * 0.5 - 0.4 if wide > _NARROW else wide - 0.6
            gone = tr("Did not go on: {n}", n=numbers.whole(sum(n for _, n in lost)))
            aside = style.wrap(gone, room, style.SMALL)
            for reason, n in lost:
                aside += style.wrap(f"{numbers.whole(n)} {reason}", room, style.SMALL)
        high = style.height_of([*box, ""]) + 0.16
        out.append(_Drawn(box, aside, high, style.height_of(aside, style.SMALL) + 0.12 if aside else 0.0))
    for place, step in enumerate(steps):
        number = tr("number not shown") if step.n is None else f"n = {numbers.whole(step.n)}"
        out[place].box.append(number)
    return out


def _plan(columns: Sequence[Sequence[_Drawn]], titles: Sequence[Sequence[str]]) -> list[float]:
    """The tops of the boxes below each other, and at the end the height of all of it."""
    y = max(style.height_of(title) for title in titles)
    y += 0.08 if y else 0.0
    tops = []
    steps = max(len(column) for column in columns)
    for k in range(steps):
        tops.append(y)
        here = [column[k] for column in columns if k < len(column)]
        y += max(one.box_height for one in here)
        aside = max(one.aside_height for one in here)
        if k < steps - 1 or aside:
            y += max(_GAP, aside + 0.2)
    return [*tops, y]


def _draw(sheet: style.Sheet, steps: Sequence[_Drawn], x: float, y: float, wide: float, plan: Sequence[float]) -> None:
    shaft = x + wide / 2 if wide > _NARROW else x + 0.2
    for k, step in enumerate(steps):
        top = y + plan[k]
        last = k == len(steps) - 1
        end = y + (plan[k + 1] if not last else plan[k] + step.box_height + step.aside_height + 0.2)
        sheet.box(x, top, wide, step.box_height, fill=style.SHADE, edge=style.MUTED)
        middle = top + step.box_height / 2
        line = style.height_of([""])
        upper = middle - line * len(step.box) / 2
        sheet.text(x + wide / 2, upper, step.box[:-1], ha="center", va="top")
        sheet.text(x + wide / 2, upper + line * (len(step.box) - 1), step.box[-1], ha="center", va="top", bold=True)
        bottom = top + step.box_height
        if not last:
            sheet.arrow((shaft, bottom), (shaft, end))
        if step.aside:
            centre = (bottom + end) / 2
            side = shaft + 0.22
            if last:
                sheet.line([shaft, shaft], [bottom, centre], color=style.MUTED)
            sheet.line([shaft, side], [centre, centre], color=style.MUTED)
            sheet.box(
                side, centre - step.aside_height / 2, x + wide - side, step.aside_height, fill="white", edge=style.RULE
            )
            sheet.text(side + 0.08, centre, step.aside, size=style.SMALL)


def _alt(groups: Mapping[str, Sequence[Step]]) -> str:
    parts = []
    for name, steps in groups.items():
        said = []
        for k, step in enumerate(steps):
            text = f"{plain(step.label)} {tr('number not shown') if step.n is None else numbers.whole(step.n)}"
            lost = losses(step, steps[k + 1] if k + 1 < len(steps) else None)
            if lost:
                reasons = ", ".join(f"{numbers.whole(n)} {reason}" for reason, n in lost)
                text += f" ({tr('did not go on: {reasons}', reasons=reasons)})"
            said.append(text)
        parts.append((f"{plain(name)}: " if name else "") + "; ".join(said))
    return tr("Flow of participants. {steps}.", steps=". ".join(parts))
