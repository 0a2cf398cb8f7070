"""How many participants voiced a theme, overall and by group; never how often it was said.

Silence in a focus group is not disagreement: who does not voice a theme has not denied it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from braid.errors import UserError
from braid.qualitative.codes import (
    check_segments,
    count_passages,
    name_of,
    named,
    natural,
    parent,
    participants_by_group,
    settle,
    within,
)
from braid.statistics.proportion import difference_of_proportions, proportion
from braid.study import Coding, did_you_mean

CAUTION = (
    "Counts are of participants who voiced a theme. Silence in a focus group is not disagreement, "
    "and the intervals describe this sample; they do not estimate a population."
)


@dataclass(frozen=True)
class GroupCount:
    """Participants of one group who voiced a theme: k of n. k is None where it may not be shown."""

    group: str
    label: str
    k: int | None
    n: int


@dataclass(frozen=True)
class ThemePrevalence:
    """One theme of the codebook among the participants.

    theme: dotted path; depth: 0 for a theme at the top; kind: as the codebook declares it.
    k of n participants voiced it or anything below it, each counted once; share = k/n.
    low, high: Clopper-Pearson interval of the share, descriptive; None where n is 0.
    mentions: distinct passages, however many coders marked them; says nothing about participants.
    by_site, by_occasion: the same by site and by occasion of data collection; empty where nobody has them.
    k, share, low, high and mentions are None where they may not be shown (see disclosure).
    """

    theme: str
    label: str
    kind: str
    depth: int
    k: int | None
    n: int
    share: float | None
    low: float | None
    high: float | None
    mentions: int | None
    by_group: tuple[GroupCount, ...]
    by_site: tuple[GroupCount, ...] = ()
    by_occasion: tuple[GroupCount, ...] = ()

    @property
    def parent(self) -> str:
        """Path of the theme above; empty at the top."""
        return parent(self.theme)

    @property
    def unused(self) -> bool:
        """Whether the codebook holds the theme but no segment does."""
        return self.mentions == 0


@dataclass(frozen=True)
class GroupDifference:
    """A theme in two groups, exploratory: difference of shares (first minus second), Newcombe interval, Fisher's p."""

    theme: str
    first: str
    second: str
    difference: float | None
    low: float | None
    high: float | None
    p: float


def prevalence(
    segments: pd.DataFrame,
    interviewees: pd.DataFrame | None,
    coding: Coding,
    *,
    consensus: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> list[ThemePrevalence]:
    """Every theme of the codebook, parents before children: participants k of n, by group, site and occasion; mentions.

    segments: coded segments (see codes); where several coders worked, a segment counts where any of them
    applied the code, unless `consensus` decided against it (see codes.settle).
    interviewees: participant, group: everyone who took part, also those without a coded segment. Where it
    is None the participants of the segments stand in, and nobody who was never coded is counted.
    Columns `site` and `occasion`, of the interviewees or of the segments, may be there or not. Where only the segments
    have them, n counts those who were coded there. Who was heard on several occasions counts once in each, for what
    was voiced then.
    Interval: Clopper & Pearson (1934), low = B(a/2; k, n-k+1), high = B(1-a/2; k+1, n-k), B a beta quantile.
    Raises UserError where a segment's theme or participant is not known.
    """
    checked = check_segments(segments, coding)
    settled = settle(checked, consensus)
    members = _members(checked, interviewees)
    groups = _groups(members, coding)
    sites, occasions = (_places(checked, interviewees, column) for column in ("site", "occasion"))
    results = []
    for theme, spec in coding.paths().items():
        rows = within(settled, theme)
        voiced = set(named(rows["participant"]))
        k, n = len(voiced), len(members)
        share = proportion(k, n, method="clopper-pearson", confidence=confidence)
        results.append(
            ThemePrevalence(
                theme=theme,
                label=spec.label,
                kind=spec.kind,
                depth=theme.count("."),
                k=k,
                n=n,
                share=share.share,
                low=share.low,
                high=share.high,
                mentions=count_passages(rows),
                by_group=tuple(
                    GroupCount(group, label, len(voiced & people), len(people))
                    for group, (label, people) in groups.items()
                ),
                by_site=_by_place(rows, sites, "site"),
                by_occasion=_by_place(rows, occasions, "occasion"),
            )
        )
    return results


def unused_codes(themes: list[ThemePrevalence]) -> list[str]:
    """Paths the codebook holds and nobody used."""
    return [theme.theme for theme in themes if theme.unused]


def compare_groups(themes: list[ThemePrevalence], confidence: float = 0.95) -> list[GroupDifference]:
    """Every theme in every pair of groups that has participants; exploratory, not adjusted for their number.

    Difference of two proportions with Newcombe's (1998) hybrid score interval, method 10, and Fisher's exact
    test, two-sided. A pair with a count that may not be shown is left out.
    """
    from scipy.stats import fisher_exact  # loading it takes longer than all else that this room needs

    results = []
    for theme in themes:
        for first, second in combinations(theme.by_group, 2):
            if first.k is None or second.k is None or not (first.n and second.n):
                continue
            difference = difference_of_proportions(first.k, first.n, second.k, second.n, confidence)
            table = np.array([[first.k, first.n - first.k], [second.k, second.n - second.k]])
            results.append(
                GroupDifference(
                    theme=theme.theme,
                    first=first.group,
                    second=second.group,
                    difference=difference.estimate,
                    low=difference.low,
                    high=difference.high,
                    p=float(fisher_exact(table).pvalue),
                )
            )
    return results


def _members(segments: pd.DataFrame, interviewees: pd.DataFrame | None) -> dict[str, str]:
    if interviewees is None:
        groups = segments["group"] if "group" in segments.columns else pd.Series([""] * len(segments))
        pairs = zip(map(name_of, segments["participant"]), map(name_of, groups), strict=True)
        return dict(sorted(pair for pair in pairs if pair[0]))
    members = participants_by_group(interviewees)
    for person in named(segments["participant"]):
        if person not in members:
            raise UserError(
                "a coded participant is not among the participants of the interviews",
                place="coded segments: participant",
                found=person,
                todo=did_you_mean(person, list(members)),
            )
    return members


def _groups(members: dict[str, str], coding: Coding) -> dict[str, tuple[str, set[str]]]:
    """Groups in the order of the study, then any others by name; only those that have participants."""
    present = {group for group in members.values() if group}
    order = [group for group in coding.groups if group in present]
    order += sorted(present.difference(order))
    return {
        group: (
            coding.groups.get(group, group),
            {person for person, where in members.items() if where == group},
        )
        for group in order
    }


def _places(segments: pd.DataFrame, interviewees: pd.DataFrame | None, column: str) -> dict[str, set[str]]:
    """Who was heard at each site, sites by name, or on each occasion, in the order in which the segments come."""
    found: dict[str, set[str]] = {}
    for frame in (segments, interviewees):
        if frame is not None and {column, "participant"} <= set(frame.columns):
            for participant, place in zip(map(name_of, frame["participant"]), map(name_of, frame[column]), strict=True):
                if participant and place:
                    found.setdefault(place, set()).add(participant)
    return {place: found[place] for place in (sorted(found, key=natural) if column == "site" else found)}


def _by_place(rows: pd.DataFrame, places: dict[str, set[str]], column: str) -> tuple[GroupCount, ...]:
    counts = []
    for place, people in places.items():
        there = rows[rows[column].map(name_of) == place] if column in rows.columns else rows
        counts.append(GroupCount(place, place, len(people & set(named(there["participant"]))), len(people)))
    return tuple(counts)
