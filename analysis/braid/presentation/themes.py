"""Themes as pictures: the map of themes with their sub-themes, and themes by group of participants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.language import tr
from braid.presentation import numbers, style
from braid.presentation.escaping import plain
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell

_GUTTER = 0.2
_PAD = 0.09
_LEAF_PAD = 0.045
_SHARE = "#C7DFF1"  # light enough for dark letters on it


@dataclass(frozen=True)
class Branch:
    """A theme of the map, with the themes below it.

    n: how many participants spoke of it; None where that must not be shown.
    text: written instead of n, such as "< 5".
    """

    label: str
    n: int | None = None
    parts: tuple[Branch, ...] = ()
    text: str | None = None

    @property
    def count(self) -> str:
        """The number as it is written."""
        return plain(self.text) if self.text is not None else numbers.whole(self.n)


@dataclass(frozen=True)
class _Card:
    """A theme and its sub-themes with their wrapped labels, measured but not yet placed."""

    theme: Branch
    head: list[str]
    leaves: list[tuple[Branch, int, list[str]]]
    head_height: float
    height: float


@style.drawn
def theme_map(
    themes: Sequence[Branch],
    total: int,
    *,
    title: str = "",
    caption: Cell | None = None,
) -> Figure:
    """The map of themes: a card for each theme, a line on a bar for each sub-theme.

    total: all participants whose words were coded; bars show each theme's share of them. title: what the root says,
    "Themes" where it is left out. Themes below sub-themes are stepped in. Raises ValueError where there is no theme.
    """
    if not themes:
        raise ValueError("a map needs at least one theme")
    told = tr("{title} ({n} participants)", title=plain(title) or tr("Themes"), n=numbers.whole(total))
    root = style.wrap(told, 4.0, bold=True)
    top = style.height_of(root) + 0.12
    columns = {1: 1, 2: 2, 4: 2}.get(len(themes), 3)
    wide, cards, places, end = _arranged(themes, columns, top + 0.3)
    if end > style.TALLEST:
        narrow = _arranged(themes, 4, top + 0.3)
        if narrow[-1] < end:
            wide, cards, places, end = narrow
    sheet = style.Sheet(end + 0.03)
    root_wide = max(style.width_of(line, bold=True) for line in root) + 0.3
    middle = style.WIDTH / 2
    sheet.box(middle - root_wide / 2, 0.02, root_wide, top - 0.04, fill=style.SHADE, edge=style.MUTED)
    sheet.text(middle, top / 2, root, ha="center", bold=True)
    _branches(sheet, cards, places, wide, middle, top)
    for card, (column, y) in zip(cards, places, strict=True):
        _draw_card(sheet, card, _left(column, wide), y, wide, total)
    said = []
    for card in cards:
        above, below = _with_count(card.theme), "; ".join(_with_count(leaf) for leaf, _, _ in card.leaves)
        said.append(tr("{theme} (sub-themes: {parts})", theme=above, parts=below) if below else above)
    alt = tr(
        "Map of {n} themes with the number of participants who spoke of each, of {total}: {themes}.",
        n=len(themes),
        total=numbers.whole(total),
        themes=". ".join(said),
    )
    return Figure(sheet.svg(), alt, caption)


def _with_count(theme: Branch) -> str:
    return tr("{theme} {n}", theme=plain(theme.label), n=theme.count)


def _arranged(
    themes: Sequence[Branch], columns: int, top: float
) -> tuple[float, list[_Card], list[tuple[int, float]], float]:
    """Cards in columns, each where the page ends first: their width, the cards, column and top of each, the end."""
    wide = (style.WIDTH - _GUTTER * columns) / columns
    cards = [_card(theme, wide) for theme in themes]
    ends = [top] * columns
    places: list[tuple[int, float]] = []
    for card in cards:
        column = min(range(columns), key=lambda k: (round(ends[k], 3), k))
        places.append((column, ends[column]))
        ends[column] += card.height + 0.14
    return wide, cards, places, max(ends) - 0.14


def _left(column: int, wide: float) -> float:
    return _GUTTER + column * (wide + _GUTTER)


def _card(theme: Branch, wide: float) -> _Card:
    count_room = 0.12 + style.width_of(theme.count, bold=True)
    head = style.wrap(theme.label, wide - 2 * _PAD - count_room, bold=True)
    leaves = [
        (
            leaf,
            depth,
            style.wrap(leaf.label, wide - 2 * _PAD - 0.14 * depth - 0.12 - style.width_of(leaf.count), style.SMALL),
        )
        for leaf, depth in _flat(theme.parts, 0)
    ]
    head_height = style.height_of(head) + 0.13
    body = sum(_leaf_height(lines) for _, _, lines in leaves)
    return _Card(theme, head, leaves, head_height, head_height + body + (0.1 if leaves else 0.0))


def _flat(parts: Sequence[Branch], depth: int) -> list[tuple[Branch, int]]:
    out = []
    for part in parts:
        out.append((part, depth))
        out.extend(_flat(part.parts, depth + 1))
    return out


def _leaf_height(lines: Sequence[str]) -> float:
    return style.height_of(lines, style.SMALL) + 2 * _LEAF_PAD


def _branches(
    sheet: style.Sheet,
    cards: Sequence[_Card],
    places: Sequence[tuple[int, float]],
    wide: float,
    middle: float,
    top: float,
) -> None:
    """Lines from the root along the gutters to the head of every card."""
    bus = top + 0.12
    trunks = {column: _left(column, wide) - _GUTTER / 2 for column, _ in places}
    sheet.line([middle, middle], [top - 0.02, bus], color=style.MUTED)
    sheet.line([min([*trunks.values(), middle]), max([*trunks.values(), middle])], [bus, bus], color=style.MUTED)
    for column, x in trunks.items():
        heads = [y + card.head_height / 2 for card, (where, y) in zip(cards, places, strict=True) if where == column]
        sheet.line([x, x], [bus, max(heads)], color=style.MUTED)
        for y in heads:
            sheet.line([x, x + _GUTTER / 2], [y, y], color=style.MUTED)


def _draw_card(sheet: style.Sheet, card: _Card, x: float, y: float, wide: float, total: int) -> None:
    dark = style.AGREE[0]
    sheet.box(x, y, wide, card.height, fill="white", edge=style.RULE)
    sheet.box(x, y, wide, card.head_height, fill=dark, edge=dark)
    sheet.text(x + _PAD, y + card.head_height / 2, card.head, bold=True, color="white")
    right = x + wide - _PAD
    sheet.text(right, y + card.head_height / 2, card.theme.count, ha="right", bold=True, color="white")
    y += card.head_height + 0.05
    for leaf, depth, lines in card.leaves:
        left, high = x + _PAD + 0.14 * depth, _leaf_height(lines)
        if leaf.n and total:
            long = (wide - 0.14 * depth - 0.08) * min(leaf.n / total, 1)
            sheet.box(left - _PAD + 0.04, y + 0.012, long, high - 0.024, fill=_SHARE)
        sheet.text(left, y + high / 2, lines, size=style.SMALL)
        sheet.text(right, y + high / 2, leaf.count, ha="right", size=style.SMALL)
        y += _leaf_height(lines)


@style.drawn
def theme_groups(
    themes: Sequence[str],
    groups: Sequence[str],
    k: Sequence[Sequence[int | None]],
    n: Sequence[int],
    *,
    headings: Mapping[int, str] | None = None,
    hidden: str = "–",
    caption: Cell | None = None,
) -> Figure:
    """How many of each group spoke of each theme: a grid of "k of n", darker where the share is larger.

    k: for each theme, the number of each group; None where it must not be shown, which is written as `hidden`.
    n: the size of each group. headings: a heading above the theme at that place.
    Raises ValueError where lengths differ or a k exceeds its n.
    """
    if not themes or not groups or len(k) != len(themes) or len(n) != len(groups):
        raise ValueError("there is one row of k per theme and one n per group")
    if any(len(row) != len(n) for row in k):
        raise ValueError("each theme has one k per group")
    if any(count is not None and not 0 <= count <= size for row in k for count, size in zip(row, n, strict=True)):
        raise ValueError("no k lies below zero or above the size of its group")
    heads = headings or {}
    room = style.label_width(themes, 2.2 if len(groups) <= 6 else 1.8)
    cell = min((style.WIDTH - room - 0.12) / len(groups), 1.15)
    left = room + 0.12
    sizes = [f"(n = {size})" for size in n]
    words = [*sizes, *(word for group in groups for word in plain(group).split())]
    upright = max(style.width_of(word, style.SMALL, True) for word in words) + 0.06 > cell
    titles = [
        [*style.wrap(group, 1.5 if upright else cell - 0.06, style.SMALL, True), size]
        for group, size in zip(groups, sizes, strict=True)
    ]
    if upright:
        top = max(style.width_of(line, style.SMALL, True) for title in titles for line in title) + 0.1
    else:
        top = max(style.height_of(title, style.SMALL) for title in titles) + 0.1
    wrapped = [style.wrap(theme, room) for theme in themes]
    heights = [max(style.height_of(lines) + 0.08, 0.26) for lines in wrapped]
    sheet = style.Sheet(top + sum(heights) + 0.27 * len(heads) + 0.03)
    for g, title in enumerate(titles):
        x = left + cell * (g + 0.5)
        if upright:
            sheet.page.text(
                x, top - 0.06, "\n".join(title), rotation=90, ha="center", va="bottom", fontsize=style.SMALL,
                fontweight="bold", linespacing=style.LINE,
            )  # fmt: skip
        else:
            sheet.text(x, top - 0.06, title, ha="center", va="bottom", size=style.SMALL, bold=True)
    short = cell < max(style.width_of(_of(size, size), style.SMALL) for size in n) + 0.06
    y = top
    for t, row in enumerate(k):
        if t in heads:
            sheet.text(0, y + 0.15, plain(heads[t]), bold=True)
            y += 0.27
        sheet.text(room, y + heights[t] / 2, wrapped[t], ha="right")
        for g, (count, size) in enumerate(zip(row, n, strict=True)):
            share = count / size if count is not None and size else 0.0
            fill = style.between("#FFFFFF", style.AGREE[0], share * 0.95) if count else "white"
            x = left + cell * g
            sheet.box(x + 0.015, y + 0.015, cell - 0.03, heights[t] - 0.03, fill=fill, edge=style.RULE)
            text = hidden if count is None else str(count) if short else _of(count, size)
            sheet.text(x + cell / 2, y + heights[t] / 2, text, ha="center", size=style.SMALL, color=style.on(fill))
        y += heights[t]
    said = []
    for theme, row in zip(themes, k, strict=True):
        counts = ", ".join(
            tr("{group} {n}", group=plain(group), n=hidden if count is None else _of(count, size))
            for group, count, size in zip(groups, row, n, strict=True)
        )
        said.append(tr("{theme}: {counts}", theme=plain(theme), counts=counts))
    lead = tr("Grid of {n} themes by {groups} groups of participants.", n=len(themes), groups=len(groups))
    return Figure(sheet.svg(), f"{lead} {'; '.join(said)}.", caption)


def _of(count: int, size: int) -> str:
    return tr("{k} of {n}", k=count, n=size)
