"""The themes of two cohorts side by side: which are new, gone, or voiced by a larger or smaller share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from braid.language import N_
from braid.qualitative.prevalence import ThemePrevalence
from braid.statistics.proportion import difference_of_proportions

Status = Literal[
    "new", "gone", "more", "less", "no clear difference", "in neither", "not shown", "added code", "dropped code"
]
FEW = 30
CAUTION = N_(
    "The participants of the two cohorts were not sampled to be compared, and silence is not disagreement: a "
    "difference says who was heard, not what became of a theme."
)
SMALL = N_(
    "With so few participants an interval is wide: a theme can be new or gone by chance, and a real difference can go "
    "unseen."
)


@dataclass(frozen=True)
class ThemeBetween:
    """One theme in two cohorts.

    first, second: participants who voiced it, and of how many; k is None where it may not be shown, and the pair is
    None where the theme is not in that cohort's codebook.
    difference: share in the second minus share in the first, with Newcombe's interval; None where either is not known.
    status: `new` and `gone` are voiced by nobody in the first or the second cohort, whose codebook holds the theme;
    `more` and `less` have an interval that excludes zero; `added code` and `dropped code` stand in one codebook only.
    """

    theme: str
    label: str
    depth: int
    first: tuple[int | None, int] | None
    second: tuple[int | None, int] | None
    difference: float | None
    low: float | None
    high: float | None
    status: Status


@dataclass(frozen=True)
class BetweenCohorts:
    """Themes in the order of the second cohort's codebook, then those that only the first one's holds.

    names: of the two cohorts. n: their participants. cautions: sentences that go with every use, in English.
    """

    names: tuple[str, str]
    n: tuple[int, int]
    themes: tuple[ThemeBetween, ...]
    cautions: tuple[str, ...]

    def having(self, status: Status) -> list[ThemeBetween]:
        """The sub-themes (and themes without any) that have a status."""
        stems = {theme.theme.rpartition(".")[0] for theme in self.themes}
        return [theme for theme in self.themes if theme.status == status and theme.theme not in stems]


def between_cohorts(
    first: Sequence[ThemePrevalence],
    second: Sequence[ThemePrevalence],
    names: tuple[str, str],
    *,
    confidence: float = 0.95,
) -> BetweenCohorts:
    """Compare two cohorts, theme by theme; themes are the same where their paths are.

    first, second: each cohort's themes as they may be shown (see disclosure). Difference of two proportions with
    Newcombe's (1998) hybrid score interval, method 10; not adjusted for the number of themes.
    Raises ValueError where a cohort has no themes.
    """
    if not first or not second:
        raise ValueError("both cohorts need themes")
    earlier = {theme.theme: theme for theme in first}
    later = {theme.theme: theme for theme in second}
    order = [*later, *(path for path in earlier if path not in later)]
    n = (first[0].n, second[0].n)
    themes = tuple(_between(earlier.get(path), later.get(path), confidence) for path in order)
    return BetweenCohorts(names, n, themes, (CAUTION, SMALL) if min(n) < FEW else (CAUTION,))


def _between(first: ThemePrevalence | None, second: ThemePrevalence | None, confidence: float) -> ThemeBetween:
    known = second or first
    assert known is not None
    counts = [None if theme is None else (theme.k, theme.n) for theme in (first, second)]
    difference = low = high = None
    if first is None or second is None:
        status: Status = "added code" if first is None else "dropped code"
    elif first.k is None or second.k is None:
        status = "not shown"
    else:
        found = difference_of_proportions(second.k, second.n, first.k, first.n, confidence)
        difference, low, high = found.estimate, found.low, found.high
        status = _status(first.k, second.k, low, high)
    return ThemeBetween(known.theme, known.label, known.depth, counts[0], counts[1], difference, low, high, status)


def _status(first: int, second: int, low: float | None, high: float | None) -> Status:
    if not first and not second:
        return "in neither"
    if not first or not second:
        return "new" if second else "gone"
    if low is None or high is None or low <= 0 <= high:
        return "no clear difference"
    return "more" if low > 0 else "less"
