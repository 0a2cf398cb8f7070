"""The prevalence of themes without small counts: of those who voiced a theme, and of those who did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from braid.disclosure.suppression import THRESHOLD, Cell, hide
from braid.qualitative import ThemePrevalence


def suppress_prevalence(
    themes: Iterable[ThemePrevalence], threshold: int = THRESHOLD, *, override: str = ""
) -> list[ThemePrevalence]:
    """Themes with k None where it, or the number of the others (n - k), is 1 to threshold - 1, or gives one away.

    n of every group is taken as public. With k go its share, interval and mentions, since each tells k. Each
    theme is a table of its own (groups by voiced or not): that a theme has no more participants than the one
    above it is not used against a reader. override: a reason for showing everything; the caller records it.
    """
    return [theme if override else _shield(theme, threshold) for theme in themes]


def _shield(theme: ThemePrevalence, threshold: int) -> ThemePrevalence:
    if theme.k is None or any(group.k is None for group in theme.by_group):
        return theme
    groups = [(group.k or 0, group.n) for group in theme.by_group]
    rest = (theme.k - sum(k for k, _ in groups), theme.n - sum(n for _, n in groups))
    if rest[1] > 0:  # people without a group can be worked out as the difference
        groups.append(rest)
    values: dict[Cell, int] = {}
    sums: list[tuple[Cell, list[Cell]]] = []
    public: set[Cell] = {("n",)}
    for i, (k, n) in enumerate(groups):
        if n == 0:
            continue
        values |= {("voiced", i): k, ("silent", i): n - k, ("n", i): n}
        sums.append((("n", i), [("voiced", i), ("silent", i)]))
        public.add(("n", i))
    values |= {("voiced",): theme.k, ("silent",): theme.n - theme.k, ("n",): theme.n}
    sums.append((("n",), [("voiced",), ("silent",)]))
    for word in ("voiced", "silent"):
        sums.append(((word,), [(word, i) for i, (_, n) in enumerate(groups) if n]))
    hidden = hide(values, sums, threshold, public)
    by_group = tuple(
        replace(group, k=None) if ("voiced", i) in hidden else group for i, group in enumerate(theme.by_group)
    )
    if ("voiced",) in hidden:
        return replace(theme, k=None, share=None, low=None, high=None, mentions=None, by_group=by_group)
    return replace(theme, by_group=by_group)
