"""The prevalence of themes without small counts: of those who voiced a theme, and of those who did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from braid.disclosure.suppression import THRESHOLD, Cell, hide
from braid.errors import UserError
from braid.qualitative import GroupCount, ThemePrevalence


def suppress_prevalence(
    themes: Iterable[ThemePrevalence], threshold: int = THRESHOLD, *, override: str = ""
) -> list[ThemePrevalence]:
    """Themes with k None where it, or the number of the others (n - k), is 1 to threshold - 1, or gives one away.

    n of every group, site and occasion is taken as public. With k go its share, interval and mentions, since each
    tells k. Each theme is a table of its own (groups, sites and occasions by voiced or not, all with one total): that
    a theme has no more participants than the one above it is not used against a reader. override: a reason for
    showing everything; the caller records it.
    """
    return [theme if override else _shield(theme, threshold) for theme in themes]


def _shield(theme: ThemePrevalence, threshold: int) -> ThemePrevalence:
    shown = {"by_group": theme.by_group, "by_site": theme.by_site, "by_occasion": theme.by_occasion}
    if theme.k is None or any(group.k is None for groups in shown.values() for group in groups):
        return theme
    values: dict[Cell, int] = {("voiced",): theme.k, ("silent",): theme.n - theme.k, ("n",): theme.n}
    sums: list[tuple[Cell, list[Cell]]] = [(("n",), [("voiced",), ("silent",)])]
    public: set[Cell] = {("n",)}
    for name, groups in shown.items():
        counts = [(group.k or 0, group.n) for group in groups]
        rest = (theme.k - sum(k for k, _ in counts), theme.n - sum(n for _, n in counts))
        apart = 0 <= rest[0] <= rest[1]  # else somebody stands in several, as one who was heard twice
        if apart and counts and rest[1]:
            counts.append(rest)  # people without a group can be worked out as the difference
        there = [i for i, (_, n) in enumerate(counts) if n]
        for i in there:
            k, n = counts[i]
            values |= {("voiced", name, i): k, ("silent", name, i): n - k, ("n", name, i): n}
            sums.append((("n", name, i), [("voiced", name, i), ("silent", name, i)]))
            public.add(("n", name, i))
        if apart and there:
            sums += [((word,), [(word, name, i) for i in there]) for word in ("voiced", "silent")]
    hidden = _hide_parts_first(values, sums, threshold, public)

    def kept(name: str, groups: tuple[GroupCount, ...]) -> tuple[GroupCount, ...]:
        return tuple(replace(g, k=None) if ("voiced", name, i) in hidden else g for i, g in enumerate(groups))

    theme = replace(
        theme,
        by_group=kept("by_group", theme.by_group),
        by_site=kept("by_site", theme.by_site),
        by_occasion=kept("by_occasion", theme.by_occasion),
    )
    if ("voiced",) in hidden:
        return replace(theme, k=None, share=None, low=None, high=None, mentions=None)
    return theme


def _hide_parts_first(
    values: dict[Cell, int], sums: list[tuple[Cell, list[Cell]]], threshold: int, public: set[Cell]
) -> set[Cell]:
    """What to hide, the totals of all participants only where hiding groups cannot protect anybody."""
    totals: set[Cell] = {("voiced",), ("silent",)}
    if not any(0 < values[cell] < threshold for cell in totals):
        try:
            return hide(values, sums, threshold, public | totals)
        except UserError:
            pass
    return hide(values, sums, threshold, public)
