"""Piece of stage `qualitative`: themes by participants as a table, a map, and by group, site and occasion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from braid.language import N_, lowered, ntr, tr
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

LEFT_OUT = N_("No coded interviews came with this cohort, so there is no qualitative strand.")
NO_GROUPS = N_("The participants are not shown in groups.")
NO_SITES = N_("The participants are not shown by site.")
NO_OCCASIONS = N_("The participants are not shown by occasion.")
NAMED = 4


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
    under = tr("Participants by group")
    columns = [Column(tr("Theme")), Column(tr("Participants, n (%)"), "number")]
    columns += [Column(tr("{ci}, %", ci=numbers.ci_name()), "number")] if counting else []
    columns += [Column(lines(group.label, f"(n = {group.n})"), "number", under=under) for group in groups]
    columns.append(Column(tr("Mentions"), "number"))
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
    said = [
        tr(
            "A participant counts once for a theme, whatever the number of mentions, and for a main theme whichever "
            "of its sub-themes was voiced."
        )
    ]
    said += [tr("Intervals (Clopper-Pearson) are descriptive: they estimate no population.")] if counting else []
    said.append(tr("Mentions are passages of talk."))
    return Table(columns, rows, notes=[" ".join(said), *_small_counts_note(stage)])


def _interval(theme: ThemePrevalence) -> str:
    """The interval in whole per cent: it describes, and no decision hangs on a bound beside zero."""
    if theme.low is None or theme.high is None:
        return numbers.MISSING
    low, high = (numbers.fixed(100 * bound, 0) for bound in (theme.low, theme.high))
    return tr("{low} to {high}", low=low, high=high)


def _small_counts_note(stage: Interviews) -> list[str]:
    """What a reader must know of small counts: that some are hidden, or why they are shown."""
    themes, smallest, shown_because = stage.themes, stage.smallest, stage.cohort.small_counts_shown
    counts = [(theme.k, theme.n) for theme in themes]
    counts += [(g.k, g.n) for theme in themes for g in (*theme.by_group, *theme.by_site, *theme.by_occasion)]
    if any(k is None for k, _ in counts):
        return [
            tr(
                "A dash stands where a number would tell of fewer than {n} participants who voiced a theme, or who did "
                "not, or would give such a number away.",
                n=smallest,
            )
        ]
    small = any(0 < part < smallest for k, n in counts if k is not None for part in (k, n - k))
    if not (small and shown_because):
        return []
    return [tr("Counts of fewer than {n} people are shown. {reason}", n=smallest, reason=shown_because)]


@needs(lambda stage: stage.has_groups, NO_GROUPS)
def groups_figure(stage: Interviews) -> Figure:
    """Sub-themes by group of participants."""
    return _grid(stage.themes, "by_group")


@needs(lambda stage: stage.has_sites, NO_SITES)
def sites(stage: Interviews) -> Prose:
    """Sub-themes by site, in words."""
    return _spread(stage.themes, "by_site")


@needs(lambda stage: stage.has_sites, NO_SITES)
def sites_figure(stage: Interviews) -> Figure:
    """Sub-themes by site."""
    return _grid(stage.themes, "by_site")


@needs(lambda stage: stage.has_occasions, NO_OCCASIONS)
def occasions(stage: Interviews) -> Prose:
    """Sub-themes by occasion of data collection, in words."""
    return _spread(stage.themes, "by_occasion")


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


def _spread(themes: Sequence[ThemePrevalence], places: Literal["by_site", "by_occasion"]) -> Prose:
    """Which sub-themes were voiced at every site or occasion, and which at one alone."""
    site = places == "by_site"
    rows = [(theme.label, getattr(theme, places)) for theme in leaves(themes)]
    places_of = [count.label for count in rows[0][1]]
    n = len(places_of)
    known = [
        (label, [c.label for c in counts if c.k]) for label, counts in rows if all(c.k is not None for c in counts)
    ]
    everywhere = sum(len(where) == n for _, where in known)
    silent = [(label, [p for p in places_of if p not in where]) for label, where in known if 1 < len(where) < n]
    single = [(label, where[0]) for label, where in known if len(where) == 1]
    if site:
        said = [tr("Participants were heard at {n} sites (@fig-sites).", n=n)]
    else:
        said = [tr("Participants were heard on {n} occasions (@fig-occasions).", n=n)]
    if known:
        said.append(_everywhere(everywhere, len(known), site))
    if len(single) > NAMED:
        said.append(
            tr("{n} were voiced at one site alone.", n=len(single))
            if site
            else tr("{n} were voiced on one occasion alone.", n=len(single))
        )
    elif single:
        found = enumeration(_where(label, [where]) for label, where in single)
        said.append(
            tr("Voiced at one site alone: {themes}.", themes=found)
            if site
            else tr("Voiced on one occasion alone: {themes}.", themes=found)
        )
    if 0 < len(silent) <= NAMED:
        found = enumeration(_where(label, where) for label, where in silent)
        said.append(
            tr("Not voiced everywhere, with the sites where it did not come up: {themes}.", themes=found)
            if site
            else tr(
                "Not voiced on every occasion, with the occasions where it did not come up: {themes}.", themes=found
            )
        )
    if unknown := len(rows) - len(known):
        said.append(
            ntr(
                "{n} sub-theme cannot be told apart without showing small numbers.",
                "{n} sub-themes cannot be told apart without showing small numbers.",
                unknown,
                n=unknown,
            )
        )
    said.append(
        tr("That a theme did not come up at one site does not mean that it is absent there.")
        if site
        else tr("That a theme did not come up on one occasion does not mean that it is absent there.")
    )
    return Prose(Markdown(" ".join(said)))


def _where(label: str, places: Sequence[str]) -> str:
    return tr(
        "{theme} ({places})",
        theme=lowered(markdown(label)),
        places=enumeration(map(markdown, places), "or"),
    )


def _everywhere(everywhere: int, known: int, site: bool) -> str:
    """How many of the sub-themes whose numbers are known were voiced at every site or occasion."""
    parts = counted(known, "sub-theme")
    if everywhere == known and site:
        return tr("All {parts} were voiced at every one.", parts=parts)
    if everywhere == known:
        return tr("All {parts} were voiced on every one.", parts=parts)
    if site:
        return ntr(
            "Of {parts}, {n} was voiced at every one.",
            "Of {parts}, {n} were voiced at every one.",
            everywhere,
            parts=parts,
            n=everywhere,
        )
    return ntr(
        "Of {parts}, {n} was voiced on every one.",
        "Of {parts}, {n} were voiced on every one.",
        everywhere,
        parts=parts,
        n=everywhere,
    )
