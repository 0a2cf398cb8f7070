"""Piece of stage `qualitative`: themes by participants as a table, a map, and by group, site and occasion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.presentation.themes import Branch, theme_groups, theme_map
from braid.qualitative import GroupCount, ThemePrevalence
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

LEFT_OUT = "No coded interviews came with this cohort, so there is no qualitative strand."
NO_GROUPS = "The participants are not shown in groups."
NO_SITES = "The participants are not shown by site."
NO_OCCASIONS = "The participants are not shown by occasion."
NAMED = 4


def k_of_n(theme: ThemePrevalence) -> str:
    """`12 of 30`, or that the number is not shown."""
    return f"{theme.k} of {theme.n}" if theme.k is not None else "number not shown"


@needs(lambda stage: stage.there, LEFT_OUT)
def map_of_themes(stage: Interviews) -> Figure:
    """The map of themes with the number of participants."""
    branches = [_branch(top, stage.themes) for top in stage.top]
    return theme_map(branches, stage.top[0].n, title=stage.coding.collected)


def _branch(theme: ThemePrevalence, themes: Sequence[ThemePrevalence]) -> Branch:
    below = [one for one in themes if one.parent == theme.theme]
    return Branch(theme.label, theme.k, tuple(_branch(one, themes) for one in below))


@needs(lambda stage: stage.there, LEFT_OUT)
def table(stage: Interviews) -> Table:
    """Each theme: participants k of n (%), interval, groups, and mentions apart."""
    themes = stage.themes
    groups = themes[0].by_group
    counting = stage.coding.approach == "codebook"
    columns = [Column("Theme"), Column("Participants, n (%)", "number")]
    columns += [Column("95% CI, %", "number")] if counting else []
    columns += [
        Column(lines(group.label, f"(n = {group.n})"), "number", under="Participants by group") for group in groups
    ]
    columns.append(Column("Mentions", "number"))
    rows = []
    for theme in themes:
        rows.append(
            Row(
                (
                    theme.label,
                    numbers.count_percent(theme.k, theme.n, 0),
                    *([_interval(theme)] if counting else []),
                    *(numbers.whole(group.k) for group in theme.by_group),
                    numbers.whole(theme.mentions),
                ),
                indent=theme.depth,
                strong=theme.depth == 0,
            )
        )
    note = (
        "A participant counts once for a theme, whatever the number of mentions, and for a main theme whichever "
        "of its sub-themes was voiced. "
    )
    note += "Intervals (Clopper-Pearson) are descriptive: they estimate no population. " if counting else ""
    note += "Mentions are passages of talk."
    return Table(columns, rows, notes=[note, *_small_counts_note(stage)])


def _interval(theme: ThemePrevalence) -> str:
    """The interval in whole per cent: it describes, and no decision hangs on a bound beside zero."""
    if theme.low is None or theme.high is None:
        return numbers.MISSING
    return f"{numbers.fixed(100 * theme.low, 0)} to {numbers.fixed(100 * theme.high, 0)}"


def _small_counts_note(stage: Interviews) -> list[str]:
    """What a reader must know of small counts: that some are hidden, or why they are shown."""
    themes, smallest, shown_because = stage.themes, stage.smallest, stage.cohort.small_counts_shown
    counts = [(theme.k, theme.n) for theme in themes]
    counts += [(g.k, g.n) for theme in themes for g in (*theme.by_group, *theme.by_site, *theme.by_occasion)]
    if any(k is None for k, _ in counts):
        return [
            f"A dash stands where a number would tell of fewer than {smallest} participants who voiced a theme, or who "
            "did not, or would give such a number away."
        ]
    small = any(0 < part < smallest for k, n in counts if k is not None for part in (k, n - k))
    return [f"Counts of fewer than {smallest} people are shown. {shown_because}"] if small and shown_because else []


@needs(lambda stage: stage.has_groups, NO_GROUPS)
def groups_figure(stage: Interviews) -> Figure:
    """Sub-themes by group of participants."""
    return _grid(stage.themes, "by_group")


@needs(lambda stage: stage.has_sites, NO_SITES)
def sites(stage: Interviews) -> Prose:
    """Sub-themes by site, in words."""
    return _spread(stage.themes, "by_site", "site", "fig-sites")


@needs(lambda stage: stage.has_sites, NO_SITES)
def sites_figure(stage: Interviews) -> Figure:
    """Sub-themes by site."""
    return _grid(stage.themes, "by_site")


@needs(lambda stage: stage.has_occasions, NO_OCCASIONS)
def occasions(stage: Interviews) -> Prose:
    """Sub-themes by occasion of data collection, in words."""
    return _spread(stage.themes, "by_occasion", "occasion", "fig-occasions")


@needs(lambda stage: stage.has_occasions, NO_OCCASIONS)
def occasions_figure(stage: Interviews) -> Figure:
    """Sub-themes by occasion of data collection."""
    return _grid(stage.themes, "by_occasion")


def _grid(themes: Sequence[ThemePrevalence], places: str) -> Figure:
    shown = leaves(themes)
    headings: dict[int, str] = {}
    for place, theme in enumerate(shown):
        top = theme.theme.partition(".")[0]
        if place == 0 or shown[place - 1].theme.partition(".")[0] != top:
            headings[place] = next(t.label for t in themes if t.theme == top)
    counts: list[tuple[GroupCount, ...]] = [getattr(theme, places) for theme in shown]
    return theme_groups(
        [theme.label for theme in shown],
        [group.label for group in counts[0]],
        [[group.k for group in row] for row in counts],
        [group.n for group in counts[0]],
        headings=headings,
    )


def leaves(themes: Sequence[ThemePrevalence]) -> list[ThemePrevalence]:
    """Themes without sub-themes, in the codebook's order."""
    stems = {theme.parent for theme in themes}
    return [theme for theme in themes if theme.theme not in stems]


def _spread(themes: Sequence[ThemePrevalence], places: str, one: str, figure: str) -> Prose:
    """Which sub-themes were voiced at every site or occasion, and which at one alone."""
    rows = [(theme.label, getattr(theme, places)) for theme in leaves(themes)]
    at = "on" if one == "occasion" else "at"
    n = len(rows[0][1])
    known = [
        (label, [c.label for c in counts if c.k]) for label, counts in rows if all(c.k is not None for c in counts)
    ]
    everywhere = [label for label, where in known if len(where) == n]
    places_of = [count.label for count in rows[0][1]]
    silent = [(label, [p for p in places_of if p not in where]) for label, where in known if 1 < len(where) < n]
    single = [(label, where[0]) for label, where in known if len(where) == 1]
    text = f"Participants were heard {at} {counted(n, one)} (@{figure})."
    if known and len(everywhere) == len(known):
        text += f" All {counted(len(known), 'sub-theme')} were voiced {at} every one."
    elif known:
        were = "was" if len(everywhere) == 1 else "were"
        text += f" Of {counted(len(known), 'sub-theme')}, {len(everywhere)} {were} voiced {at} every one."
    if len(single) > NAMED:
        text += f" {len(single)} were voiced {at} one {one} alone."
    elif single:
        said = [f"{markdown(label).lower()} ({markdown(where)})" for label, where in single]
        text += f" Voiced {at} one {one} alone: {enumeration(said)}."
    if 0 < len(silent) <= NAMED:
        said = [f"{markdown(label).lower()} ({enumeration(map(markdown, where), 'or')})" for label, where in silent]
        text += " Not voiced on every occasion" if one == "occasion" else " Not voiced everywhere"
        text += f", with the {one}s where it did not come up: {enumeration(said)}."
    if len(known) < len(rows):
        text += f" {counted(len(rows) - len(known), 'sub-theme')} cannot be told apart without showing small numbers."
    return Prose(Markdown(f"{text} That a theme did not come up {at} one {one} does not mean that it is absent there."))
