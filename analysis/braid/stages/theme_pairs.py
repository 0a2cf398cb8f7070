"""Piece of stage `qualitative`: themes in pairs of groups, and pairs of themes that meet in one passage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from braid.language import N_, lowered, ntr, tr
from braid.presentation import directions, numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.qualitative import Cooccurrence, GroupCount, GroupDifference, ThemePrevalence, compare_groups
from braid.stages.opening import needs
from braid.stages.theme_table import leaves

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

PAIRS_WIDE = 3
"""More pairs of groups than this do not fit beside each other and stand one below the other."""
NOT_COMPARED = N_(
    "Shares of groups are not compared: there are none, they are too small, or the approach is reflexive."
)
NAMED = 4
PAIRS_SHOWN = 15


def _differences(themes: Sequence[ThemePrevalence]) -> list[GroupDifference]:
    """Every sub-theme in every pair of groups, as far as both counts may be shown."""
    return compare_groups(leaves(themes))


@needs(lambda stage: stage.compares_groups, NOT_COMPARED)
def description(stage: Interviews) -> Prose:
    """How many of the exploratory comparisons of groups exclude zero."""
    return Prose(Markdown(_compared(stage.themes)))


def _compared(themes: Sequence[ThemePrevalence]) -> str:
    found = _differences(themes)
    if not found:
        return tr("No two groups can be compared without showing small numbers.")
    labels = {theme.theme: theme.label for theme in themes}
    names = {group.group: group.label for group in themes[0].by_group}
    clear = [d for d in found if d.low is not None and d.high is not None and not d.low <= 0 <= d.high]
    comparisons = counted(len(found), "exploratory comparison")
    if not clear:
        return tr(
            "Of {comparisons} of two groups on one sub-theme (@tbl-differences), none has an interval that excludes "
            "zero; groups this small can hide large differences.",
            comparisons=comparisons,
        )
    if len(clear) <= NAMED:
        text = ntr(
            "Of {comparisons} of two groups on one sub-theme (@tbl-differences), {n} has an interval that excludes "
            "zero: {differences}.",
            "Of {comparisons} of two groups on one sub-theme (@tbl-differences), {n} have intervals that exclude "
            "zero: {differences}.",
            len(clear),
            comparisons=comparisons,
            n=len(clear),
            differences=enumeration([_difference_sentence(d, labels, names) for d in clear]),
        )
    else:
        text = tr(
            "Of {comparisons} of two groups on one sub-theme (@tbl-differences), {n} have intervals that exclude zero.",
            comparisons=comparisons,
            n=len(clear),
        )
    by_chance = round(0.05 * len(found))
    if not by_chance:
        return text
    chance = ntr(
        "About {n} such interval would be expected by chance.",
        "About {n} such intervals would be expected by chance.",
        by_chance,
        n=by_chance,
    )
    return f"{text} {chance}"


def _difference_sentence(d: GroupDifference, labels: dict[str, str], names: dict[str, str]) -> str:
    assert d.difference is not None and d.low is not None and d.high is not None
    more, less = (d.first, d.second) if d.difference > 0 else (d.second, d.first)
    said = Markdown(
        tr(
            "{theme} was voiced by more of the {more} than of the {less} participants",
            theme=lowered(markdown(labels[d.theme])),
            more=lowered(markdown(names[more])),
            less=lowered(markdown(names[less])),
        )
    )
    return str(directions.guard(said, d.low, d.high))


@needs(lambda stage: stage.compares_groups, NOT_COMPARED)
def differences_table(stage: Interviews) -> Table:
    """Sub-themes in pairs of groups: difference in percentage points with Newcombe's interval, Fisher's p."""
    themes = stage.themes
    found = {(d.theme, d.first, d.second): d for d in _differences(themes)}
    groups = themes[0].by_group
    pairs = list(combinations(groups, 2))
    note = tr(
        "Difference of the shares of participants, in percentage points, with Newcombe's interval; *p* of Fisher's "
        "exact test. Exploratory: not adjusted for the number of comparisons, and the groups were not sampled to be "
        "compared."
    )
    notes: list[Markdown | str] = [Markdown(note)]
    if len(found) < len(pairs) * len(leaves(themes)):
        notes.append(tr("A dash stands where a count may not be shown."))
    heading = tr("Difference [{ci}]", ci=numbers.ci_name())
    if len(pairs) <= PAIRS_WIDE:
        columns = [Column(tr("Sub-theme"))]
        for first, second in pairs:
            under = _minus(first, second)
            columns += [Column(heading, "number", under=under), Column(Markdown("*p*"), "number", under=under)]
        rows = [
            (theme.label, *(cell for a, b in pairs for cell in _cells(found.get((theme.theme, a.group, b.group)))))
            for theme in leaves(themes)
        ]
        return Table(columns, rows, notes=notes)
    columns = [Column(tr("Sub-theme"), merge=True), Column(tr("Groups")), Column(heading, "number")]
    columns.append(Column(Markdown("*p*"), "number"))
    rows = [
        (theme.label, _minus(a, b), *_cells(found.get((theme.theme, a.group, b.group))))
        for theme in leaves(themes)
        for a, b in pairs
    ]
    return Table(columns, rows, notes=notes)


def _minus(first: GroupCount, second: GroupCount) -> str:
    return tr("{first} minus {second}", first=first.label, second=lowered(second.label))


def _cells(d: GroupDifference | None) -> tuple[str, str]:
    if d is None or d.difference is None or d.low is None or d.high is None:
        return numbers.MISSING, numbers.MISSING
    percent = (100 * d.difference, 100 * d.low, 100 * d.high)
    return numbers.estimate_ci(*percent, 1, brackets=True), numbers.p_value(d.p)


def meeting(themes: Sequence[ThemePrevalence], pairs: Sequence[Cooccurrence]) -> list[Cooccurrence]:
    """The pairs of themes whose numbers may both be shown."""
    hidden = {theme.theme for theme in themes if theme.mentions is None}
    return [pair for pair in pairs if not hidden & {pair.first, pair.second}]


@needs(lambda stage: stage.meeting, N_("No two themes share a passage."))
def meeting_table(stage: Interviews) -> Table:
    """Pairs of themes that share passages, the closest first."""
    themes, pairs = stage.themes, stage.meeting
    labels = {theme.theme: theme.label for theme in themes}
    under = tr("Passages")
    columns = [
        Column(tr("Theme")),
        Column(tr("Theme")),
        Column(tr("Both"), "number", under=under),
        Column(tr("First", context="theme"), "number", under=under),
        Column(tr("Second", context="theme"), "number", under=under),
        Column(tr("Jaccard"), "number"),
    ]
    rows = [
        (labels[p.first], labels[p.second], str(p.both), str(p.n_first), str(p.n_second), numbers.fixed(p.jaccard))
        for p in pairs[:PAIRS_SHOWN]
    ]
    notes = [tr("A passage is what overlapping segments of one participant make up. Jaccard: both, divided by either.")]
    if (more := len(pairs) - PAIRS_SHOWN) > 0:
        notes.append(
            ntr(
                "{n} pair with a smaller or equal coefficient is left out.",
                "{n} pairs with a smaller or equal coefficient are left out.",
                more,
                n=more,
            )
        )
    return Table(columns, rows, notes=notes)
